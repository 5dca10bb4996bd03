"""Draws docs/flow.en.svg and docs/flow.es.svg, the pictures of the integration guides: python3 docs/flow.py"""

from pathlib import Path
from xml.sax.saxutils import escape

LANES = {"shopper": 110, "till": 370, "library": 630, "sequra": 890}
STEP = 46

TEXTS = {
    "en": {
        "lanes": ["Shopper's phone", "The till", "sequra-pos and its journal", "seQura"],
        "steps": [
            ("till", "library", "1  sq_start_solicitation"),
            ("library", "sequra", "the order; recorded before it is sent"),
            ("library", "till", "/order/url", "write it down with the sale"),
            ("till", "library", "2  sq_send_form"),
            ("sequra", "shopper", "SMS with the form"),
            ("shopper", "till", "3  \u201capproved\u201d: the shopper says so"),
            ("till", "library", "4  sq_confirm, the basket as it is now"),
            ("library", "sequra", "the whole order, confirmed"),
            ("library", "till", "SQ_OK", "complete the sale in the till's own books"),
            ("till", "library", "5  sq_set_order_ref, the ticket number"),
            ("library", "sequra", "order_ref_1: without it the shop is never paid"),
            ("library", "till", "SQ_OK, settled", "print the receipt, hand over the goods"),
        ],
        "note": "Power cut, no line, no answer, at any point: sq_recover takes it up from the journal.",
    },
    "es": {
        "lanes": ["Móvil del cliente", "La caja", "sequra-pos y su diario", "seQura"],
        "steps": [
            ("till", "library", "1  sq_start_solicitation"),
            ("library", "sequra", "el pedido; apuntado antes de enviarlo"),
            ("library", "till", "/order/url", "apuntarla con la venta"),
            ("till", "library", "2  sq_send_form"),
            ("sequra", "shopper", "SMS con el formulario"),
            ("shopper", "till", "3  «aprobado»: lo dice el cliente"),
            ("till", "library", "4  sq_confirm, la cesta como está ahora"),
            ("library", "sequra", "el pedido entero, confirmado"),
            ("library", "till", "SQ_OK", "completar la venta en la caja"),
            ("till", "library", "5  sq_set_order_ref, el número de ticket"),
            ("library", "sequra", "order_ref_1: sin ella no se paga nunca"),
            ("library", "till", "SQ_OK, settled", "imprimir el ticket, entregar la mercancía"),
        ],
        "note": "Corte de luz, sin línea, sin respuesta, en cualquier punto: sq_recover lo retoma desde el diario.",
    },
}


def picture(texts):
    height = 110 + STEP * len(texts["steps"]) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 {height}" font-family="sans-serif" font-size="13">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#1a5"/></marker></defs>',
        f'<rect width="1000" height="{height}" fill="#fff"/>',
    ]
    for (lane, x), name in zip(LANES.items(), texts["lanes"]):
        parts.append(f'<rect x="{x - 105}" y="16" width="210" height="34" rx="6" fill="#eef6f1" stroke="#1a5"/>')
        parts.append(f'<text x="{x}" y="38" text-anchor="middle" font-weight="bold">{escape(name)}</text>')
        parts.append(f'<line x1="{x}" y1="50" x2="{x}" y2="{height - 60}" stroke="#bbb" stroke-dasharray="4 4"/>')
    y = 92
    for step in texts["steps"]:
        start, end, text = step[:3]
        a, b = LANES[start], LANES[end]
        parts.append(f'<line x1="{a}" y1="{y}" x2="{b}" y2="{y}" stroke="#1a5" stroke-width="1.5" marker-end="url(#tip)"/>')
        # A line over several lanes is described where it begins, so that no other text is near.
        middle = (a + b) / 2 if abs(a - b) < 300 else (a - 130 if a > b else a + 130)
        parts.append(f'<text x="{middle}" y="{y - 6}" text-anchor="middle">{escape(text)}</text>')
        if len(step) > 3:
            parts.append(f'<text x="{b - 8}" y="{y + 16}" text-anchor="end" font-size="13" fill="#a40">{escape(step[3])}</text>')
        y += STEP
    parts.append(f'<text x="500" y="{height - 22}" text-anchor="middle" font-weight="bold">{escape(texts["note"])}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


if __name__ == "__main__":
    for language, texts in TEXTS.items():
        Path(__file__).with_name(f"flow.{language}.svg").write_text(picture(texts), encoding="utf-8")
