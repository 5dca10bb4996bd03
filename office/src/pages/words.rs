//! The closed lists of words that tills and the office write down, as a person reads them. A word that is not in a list is
//! of a later version, and is shown as it is.

use super::language::Language;

type Table = &'static [(&'static str, &'static str, &'static str)];

const STATES: Table = &[
    ("soliciting", "being started", "iniciándose"),
    ("solicited", "started", "iniciado"),
    ("form_sent", "form sent", "formulario enviado"),
    ("held", "on hold", "en espera"),
    ("confirming", "perhaps confirmed", "quizá confirmado"),
    (
        "confirmed",
        "confirmed, no reference",
        "confirmado, sin referencia",
    ),
    ("referencing", "reference under way", "referencia en camino"),
    ("settled", "settled", "registrado"),
    (
        "conflicted",
        "refused at the confirmation",
        "rechazado al confirmar",
    ),
    ("ref_conflicted", "reference taken", "referencia ocupada"),
    ("cancelled", "cancelled", "anulado"),
    ("abandoned", "given up", "abandonado"),
    ("taken_over", "taken over", "traspasado"),
];

const STEPS: Table = &[
    ("start_solicitation", "start", "inicio"),
    ("send_form", "form", "formulario"),
    ("hold", "hold", "espera"),
    ("confirm", "confirmation", "confirmación"),
    ("set_order_ref", "reference", "referencia"),
    ("update_order", "change", "cambio"),
    ("ship", "shipment", "envío"),
    ("refund", "refund", "devolución"),
    ("cancel", "cancellation", "anulación"),
    ("delivery_report", "delivery report", "informe de entrega"),
    ("hand_over", "handed over", "traspaso"),
    ("resolve", "said by a person", "dicho por una persona"),
    ("abandon", "given up", "abandono"),
];

const STATUSES: &[(i64, &str, &str)] = &[
    (0, "done", "hecho"),
    (1011, "taken over by the office", "a cargo de la oficina"),
    (2001, "reference taken", "referencia ocupada"),
    (2400, "refused", "rechazado"),
    (2401, "not authorised", "sin autorización"),
    (2403, "forbidden", "prohibido"),
    (2404, "not known to seQura", "desconocido en seQura"),
    (2409, "conflict", "conflicto"),
    (2410, "gone", "ya no existe"),
    (2429, "too many requests", "demasiadas peticiones"),
    (3001, "never reached seQura", "no llegó a seQura"),
    (3002, "outcome not known", "resultado desconocido"),
    (3003, "TLS failed", "falló TLS"),
    (3004, "answer not readable", "respuesta ilegible"),
    (
        3500,
        "seQura's server failed",
        "falló el servidor de seQura",
    ),
    (4001, "the journal failed", "falló el diario"),
    (4002, "busy", "ocupado"),
    (9001, "a bug was caught", "se detectó un error interno"),
];

const ACTS: Table = &[
    ("login", "logged in", "entró"),
    ("login_failed", "login failed", "acceso fallido"),
    ("login_throttled", "too many logins", "demasiados accesos"),
    ("logout", "logged out", "salió"),
    (
        "password_changed",
        "changed the password",
        "cambió la contraseña",
    ),
    (
        "code_made",
        "made an enrolment code",
        "creó un código de alta",
    ),
    ("till_revoked", "revoked a till's token", "revocó una caja"),
    ("till_retired", "retired a till", "retiró una caja"),
    ("till_returned", "took a till back", "recuperó una caja"),
    ("journal_fetched", "fetched a journal", "descargó un diario"),
];

const WHYS: Table = &[
    (
        "elsewhere",
        "the disk was put back or copied",
        "el disco se restauró o se copió",
    ),
    (
        "too_old",
        "nobody came for too long",
        "nadie vino durante demasiado tiempo",
    ),
    (
        "unknown",
        "the office was restored from a backup",
        "la oficina se restauró de una copia",
    ),
    (
        "enrolled",
        "enrolled by a code",
        "dada de alta con un código",
    ),
];

fn found(language: Language, table: Table, word: &str) -> String {
    let entry = table.iter().find(|(one, ..)| *one == word);
    entry.map_or_else(
        || word.to_owned(),
        |(_, english, spanish)| language.of(*english, *spanish).to_owned(),
    )
}

pub fn state(language: Language, word: &str) -> String {
    found(language, STATES, word)
}

pub fn step(language: Language, word: &str) -> String {
    found(language, STEPS, word)
}

pub fn act(language: Language, word: &str) -> String {
    found(language, ACTS, word)
}

pub fn why(language: Language, word: &str) -> String {
    found(language, WHYS, word)
}

/// What a step came to.
pub fn status(language: Language, code: i64) -> String {
    let entry = STATUSES.iter().find(|(one, ..)| *one == code);
    entry.map_or_else(
        || code.to_string(),
        |(_, english, spanish)| language.of(*english, *spanish).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_once_and_in_both_languages() {
        for table in [STATES, STEPS, ACTS, WHYS] {
            for (i, (word, english, spanish)) in table.iter().enumerate() {
                assert!(!english.is_empty() && !spanish.is_empty(), "{word}");
                assert!(table[..i].iter().all(|(other, ..)| other != word), "{word}");
            }
        }
        assert_eq!(state(Language::Spanish, "of_later"), "of_later");
        assert_eq!(status(Language::English, 7), "7");
    }
}
