//! docs/order.md, and in Spanish.

use super::super::model::GENERATED;
use super::schema::RULES;
use super::words::BLOCKS;
use super::{Block, Field, words};
use serde_json::Value;

/// What only a language knows.
pub struct Words {
    title: &'static str,
    introduction: &'static str,
    head: &'static str,
    spanish: bool,
    like_cart: &'static str,
    examples: [&'static str; 3],
    rules: &'static str,
}

pub const ENGLISH: Words = Words {
    title: "An order, field by field",
    introduction: "Every call that sells takes the whole order, as JSON in the client's encoding. This page is made from the \
        tables by which the library checks an order before anything is sent; [its JSON Schema](order.schema.json) is made \
        from the same, and editors complete orders by it. [En español](order.es.md).\n\n\
        - **Amounts** are whole cents with tax included (`1250` is 12.50), dates `2026-12-01`, moments \
        `2026-12-01T12:25:20+01:00`; a reference is a text or an integer.\n\
        - **Left out** is what is not there, is `null`, or is a text with nothing but blanks in it. What the configuration's \
        `order_defaults` hold need not be written at all, nor `merchant.id` where the configuration has it.\n\
        - **Written once**: an `invoice_address` that is the `delivery_address` may be left out (or the other way round), names \
        where another block has them, and `company` and `address_line_2` where they are empty: seQura gets them all the \
        same. With `addresses_may_be_missing` addresses stay as they are.\n\
        - **Countries** are two capital letters (`ES`). Small ones, three letters and names in the five languages are \
        understood, with a warning, and sent as two.\n\
        - **Needed**: *yes*: without it the order is refused before it is sent. *expected*: documented as required, and \
        seQura's own clients leave it out; a warning, and seQura's form may ask the customer. \
        An empty cell: leave it out where you have nothing to say.\n\
        - The last column says who says so: seQura's [D]ocumentation, the [C]ode of its public clients, or [I], inferred.\n\
        - A field that stands nowhere here is sent as it is, with a warning.\n\
        - **With types**: Python, C# and Java have classes made from the same tables, and their checkers refuse a misspelt \
        field: [orders](../bindings/python/README.md#the-first-sale), [SequraOrderContent](../bindings/csharp/README.md#the-first-sale), \
        [Orders](../bindings/java/README.md#the-first-sale).\n\
        - **To begin with**, beside the two below: a discount, a part paid in cash, and an address in \
        [Spain](orders/spain.json), [France](orders/france.json) and [Portugal](orders/portugal.json).\n",
    head: "| field | | needed | what it is | such as | |\n|---|---|---|---|---|---|\n",
    spanish: false,
    like_cart: "`unshipped_cart` and `shipped_cart` are like `cart`, but either may be empty and come to 0. Give these two \
        instead of `cart`, with `merchant.options.uses_shipped_cart`. A till whose goods leave at once writes `cart`, and says so \
        with [`goods_leave`](configuration.md#when-the-goods-leave) in its configuration.\n",
    examples: [
        "A small order",
        "An order with everything that a counter knows",
        "Everything that seQura wants, and no more, written out: two shirts, for a customer in Spain. \
        The configuration has the merchant.",
    ],
    rules: "What no single field shows",
};

pub const SPANISH: Words = Words {
    title: "Un pedido, campo a campo",
    introduction: "Cada llamada que vende lleva el pedido entero, como JSON en la codificación del cliente. Esta página sale de \
        las tablas con las que la biblioteca comprueba un pedido antes de enviar nada; de ellas sale también \
        [su JSON Schema](order.schema.json), con el que los editores completan pedidos. [In English](order.md).\n\n\
        - Los **importes** son céntimos enteros con impuestos (`1250` son 12,50), las fechas `2026-12-01`, los momentos \
        `2026-12-01T12:25:20+01:00`; una referencia es un texto o un entero.\n\
        - **Falta** lo que no está, es `null` o es un texto en blanco. Lo que tienen los `order_defaults` de la \
        configuración no hace falta escribirlo, ni `merchant.id` si lo tiene la configuración.\n\
        - **Se escribe una vez**: puede faltar una `invoice_address` que sea la `delivery_address` (o al revés), los nombres \
        que tenga otro bloque, y `company` y `address_line_2` si van vacíos: seQura los recibe igual. Con \
        `addresses_may_be_missing` las direcciones se quedan como están.\n\
        - Los **países** son dos mayúsculas (`ES`). Minúsculas, tres letras y nombres en los cinco idiomas se entienden, con \
        un aviso, y se envían como dos.\n\
        - **Hace falta**: *sí*: sin él, el pedido se rechaza antes de enviarlo. *se espera*: la documentación lo exige y \
        los propios clientes de seQura lo omiten; es un aviso, y el formulario de seQura puede preguntarlo. Una casilla \
        vacía: no se escribe si no hay nada que decir.\n\
        - La última columna dice quién lo dice: la [D]ocumentación de seQura, el [C]ódigo de sus clientes públicos, o [I], \
        inferido.\n\
        - Un campo que no está aquí se envía como está, con un aviso.\n\
        - **Con tipos**: Python, C# y Java tienen clases hechas de las mismas tablas, y su comprobador rechaza un campo mal \
        escrito: [orders](../bindings/python/README.md#the-first-sale), [SequraOrderContent](../bindings/csharp/README.md#the-first-sale), \
        [Orders](../bindings/java/README.md#the-first-sale).\n\
        - **Para empezar**, además de los dos de abajo: un descuento, una parte en efectivo y una dirección en \
        [España](orders/spain.json), [Francia](orders/france.json) y [Portugal](orders/portugal.json).\n",
    head: "| campo | | hace falta | qué es | por ejemplo | |\n|---|---|---|---|---|---|\n",
    spanish: true,
    like_cart: "`unshipped_cart` y `shipped_cart` son como `cart`, pero uno de los dos puede estar vacío y sumar 0. Se dan los \
        dos en lugar de `cart`, con `merchant.options.uses_shipped_cart`. Una caja cuya mercancía sale enseguida escribe `cart`, y lo \
        dice con [`goods_leave`](configuration.md#when-the-goods-leave) en su configuración.\n",
    examples: [
        "Un pedido pequeño",
        "Un pedido con todo lo que sabe un mostrador",
        "Todo lo que quiere seQura y nada más, escrito entero: dos camisas, para un cliente en España. \
        La configuración tiene el comercio.",
    ],
    rules: "Lo que no muestra un solo campo",
};

pub fn page(order: &[Block], language: &Words) -> String {
    let mut text = format!(
        "# {}\n\n<!-- {GENERATED} -->\n\n{}",
        language.title, language.introduction
    );
    let names = ["small", "large"];
    for (name, title) in names.iter().zip(language.examples) {
        let path = format!("docs/orders/{name}.json");
        let example = std::fs::read_to_string(super::super::root().join(&path))
            .expect("the example is there");
        text += &format!("\n## {title}\n\n");
        if *name == "small" {
            text += &format!("{}\n\n", language.examples[2]);
        }
        text += &format!(
            "[{name}.json](orders/{name}.json)\n\n```json\n{}```\n",
            example
        );
    }
    for (key, english, spanish) in BLOCKS {
        let mut blocks = order.iter().filter(|block| block.key == *key);
        let block = blocks.next().expect("a block of this key");
        let title = if language.spanish { spanish } else { english };
        text += &format!("\n## {}\n\n", code_in(title));
        if *key == "cart" {
            text += &format!("{}\n", language.like_cart);
        }
        text += language.head;
        for field in &block.fields {
            text += &row(block, blocks.clone().next(), field, language);
        }
    }
    text += &format!("\n## {}\n\n", language.rules);
    for rule in RULES {
        let said = if language.spanish {
            rule.spanish
        } else {
            rule.english
        };
        text += &format!("- {said}\n");
    }
    text
}

/// `merchant: who sells` as a title, the name as code.
fn code_in(title: &str) -> String {
    match title.split_once(':') {
        Some((name, rest)) if !name.contains(' ') => format!("`{name}`:{rest}"),
        _ if title.starts_with(|c: char| c.is_ascii_lowercase()) && !title.contains(' ') => {
            format!("`{title}`")
        }
        _ => title.to_owned(),
    }
}

fn row(block: &Block, other: Option<&Block>, field: &Field, language: &Words) -> String {
    let (_, example, english, spanish) = words(block, field);
    let need = |block: &Block| {
        let same = block.fields.iter().find(|same| same.name == field.name);
        let same = same.unwrap_or(field);
        match (block.implies(same), language.spanish) {
            (true, false) => "sent empty where it is left out",
            (true, true) => "si falta, se envía vacío",
            (false, spanish) => needed(same, spanish),
        }
    };
    let mut needed = need(block).to_owned();
    // An item that does not say is a product.
    let is_type = field.name == "type" && field.need == "may";
    if is_type && block.key != "product" {
        needed = if language.spanish { "sí" } else { "yes" }.to_owned();
    }
    // The two addresses differ in what they need.
    if let Some(other) = other.map(need).filter(|other| *other != needed)
        && block.key == "address"
    {
        let of = if language.spanish { "en" } else { "in" };
        needed += &format!("; {of} `invoice_address`: {other}");
    }
    let example = match *example {
        "" if is_type => format!("`\"{}\"`", block.key),
        "" | "{…}" | "[…]" => String::new(),
        example => format!("`{example}`"),
    };
    format!(
        "| `{}` | {} | {} | {} | {} | [{}] |\n",
        field.name,
        type_words(field, language.spanish),
        needed,
        if language.spanish { spanish } else { english },
        example,
        field.source,
    )
}

pub(super) fn needed(field: &Field, spanish: bool) -> &'static str {
    let (english, in_spanish) = match field.need.as_str() {
        "must" => ("yes", "sí"),
        "must, may be empty" => ("yes, may be empty", "sí, puede estar vacío"),
        "must, may be null" => ("yes, may be null", "sí, puede ser null"),
        "must, may be empty with a warning" => ("yes; empty is a warning", "sí; vacío es un aviso"),
        "should" => ("expected", "se espera"),
        "may" if field.is("callback") => ("must not be given", "no debe darse"),
        "may" => ("", ""),
        "one cart" => (
            "yes, without `uses_shipped_cart`",
            "sí, sin `uses_shipped_cart`",
        ),
        "two carts" => (
            "yes, with `uses_shipped_cart`",
            "sí, con `uses_shipped_cart`",
        ),
        "address" => (
            "one of the two, without `addresses_may_be_missing`",
            "una de las dos, sin `addresses_may_be_missing`",
        ),
        "delivery method" => ("yes", "sí"),
        other => panic!("what does {other} mean?"),
    };
    if spanish { in_spanish } else { english }
}

pub(super) fn type_words(field: &Field, spanish: bool) -> String {
    let pick =
        |english: &str, in_spanish: &str| (if spanish { in_spanish } else { english }).to_owned();
    match field.kind["is"].as_str().expect("a kind") {
        "anything" | "text" => pick("text", "texto"),
        "reference" | "merchant id" => pick("reference", "referencia"),
        "flag" => pick("`true` or `false`", "`true` o `false`"),
        "flag or unknown" => pick(
            "`true`, `false` or `\"unknown\"`",
            "`true`, `false` o `\"unknown\"`",
        ),
        "cents" => match (field.kind["least"].as_i64(), field.kind["most"].as_i64()) {
            (Some(1), _) => pick("cents, more than 0", "céntimos, más de 0"),
            (Some(0), _) => pick("cents, 0 or more", "céntimos, 0 o más"),
            (_, Some(0)) => pick("cents, 0 or less", "céntimos, 0 o menos"),
            _ => pick("cents", "céntimos"),
        },
        "integer" => {
            let (least, most) = (&field.kind["least"], &field.kind["most"]);
            pick(
                &format!("integer, {least} to {most}"),
                &format!("entero, de {least} a {most}"),
            )
        }
        "date" => pick("date", "fecha"),
        "moment" => pick("moment", "momento"),
        "duration" => pick("duration", "duración"),
        "country" => pick("ISO 3166 country code", "código de país ISO 3166"),
        "currency" => pick("ISO 4217 currency code", "código de moneda ISO 4217"),
        "language" => pick("language code", "código de idioma"),
        "email" => pick("e-mail address", "correo electrónico"),
        "ip address" => pick("IP address", "dirección IP"),
        "url" => pick("web address", "dirección web"),
        "one of" => code_list(&field.kind["words"], pick("or", "o").as_str()),
        "usually" => code_list(&field.kind["words"], pick("or", "o").as_str()),
        "payment method" => pick(
            "`CC`, `PP`, `TR`, `COD`, `SQ`, or `O/` and a name",
            "`CC`, `PP`, `TR`, `COD`, `SQ`, u `O/` y un nombre",
        ),
        "callback" => pick("web address", "dirección web"),
        "parameters" => pick("names and values", "nombres y valores"),
        "object" => pick("object", "objeto"),
        "list" | "list by type" => pick("list", "lista"),
        other => panic!("what is {other}?"),
    }
}

fn code_list(words: &Value, or: &str) -> String {
    let words = words.as_array().expect("words");
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_str().expect("a word")))
        .collect();
    let (last, first) = words.split_last().expect("words");
    format!("{} {or} {last}", first.join(", "))
}
