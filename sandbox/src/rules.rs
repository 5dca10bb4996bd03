//! What seQura does where its documentation is silent.
//!
//! The public pages leave gaps: what happens to a confirm that comes too early,
//! whether a smaller cart is acceptable, and so on. Wherever this simulator has to
//! guess, the guess is a rule with a name, so that a till can be tested against the
//! other guess too. Nothing documented is switchable.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a PUT gets that repeats an accepted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    /// 200 once more [C].
    Accepted,
    /// 409: it has been confirmed.
    AlreadyConfirmed,
    /// 409: its reference is in use, by itself; without a reference, [`Repeated::AlreadyConfirmed`].
    ReferenceNotUnique,
    /// 409 for a reason that nobody can read out of it.
    Unrecognised,
}

macro_rules! rules {
    ($( $name:ident : $kind:ty = $default:expr, $meaning:literal, $spanish:literal; )*) => {
        /// The rules in force. Each field's text is also what `--help` and the README say.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rules { $( #[doc = $meaning] pub $name: $kind, )* }

        impl Default for Rules {
            fn default() -> Self {
                Rules { $( $name: $default, )* }
            }
        }

        /// Name and meaning, in English and in Spanish.
        const MEANINGS: &[(&str, &str, &str)] = &[ $( (stringify!($name), $meaning, $spanish), )* ];
    };
}

rules! {
    confirm_requires_approval: bool = true,
        "A confirm before the shopper is approved is refused with 409; off: it is accepted.",
        "Una confirmación antes de que se apruebe al cliente se rechaza con 409; no: se acepta.";
    hold_requires_review: bool = true,
        "`on_hold` for an order that is not (or was not) under review is refused with 409; off: it is accepted.",
        "`on_hold` para un pedido que no está (o no estuvo) en revisión se rechaza con 409; no: se acepta.";
    approved_amount_is_ceiling: bool = true,
        "A PUT whose total is above the approved amount is refused with 409, saying so.",
        "Un PUT cuyo total supera el importe aprobado se rechaza con 409, diciéndolo.";
    changed_cart_refused: bool = true,
        "A PUT whose cart differs from the approved one is refused with 409.",
        "Un PUT cuya cesta difiere de la aprobada se rechaza con 409.";
    divided_cart_is_another: bool = true,
        "A PUT that says with two carts what was approved with one, or the other way round, is another cart; off: it is the same while the lines are.",
        "Un PUT que dice con dos cestas lo que se aprobó con una, o al revés, es otra cesta; no: es la misma mientras lo sean las líneas.";
    shipped_cart_allowed: bool = true,
        "`merchant.options.uses_shipped_cart` is taken from every merchant; off: an order with it is refused with 409.",
        "`merchant.options.uses_shipped_cart` se acepta de todos los comercios; no: un pedido que lo trae se rechaza con 409.";
    smaller_total_accepted: bool = false,
        "A changed cart is accepted after all when its total is below the approved amount.",
        "Una cesta cambiada se acepta pese a todo si su total es menor que el importe aprobado.";
    changed_address_refused: bool = true,
        "A PUT whose delivery_address differs from the approved one is refused with 409.",
        "Un PUT cuya delivery_address difiere de la aprobada se rechaza con 409.";
    changed_customer_refused: bool = true,
        "A PUT whose customer has another name, e-mail, nin or date_of_birth is refused with 409.",
        "Un PUT cuyo cliente tiene otro nombre, correo, nin o date_of_birth se rechaza con 409.";
    reference_before_confirmation: bool = true,
        "A reference PUT (state empty) is accepted before the order is on hold or confirmed; off: 409.",
        "Un PUT de referencia (state vacío) se acepta antes de que el pedido esté en espera o confirmado; no: 409.";
    repeated_confirm: Repeated = Repeated::Accepted,
        "A confirm that repeats an accepted one: `accepted`, or 409 as `already_confirmed`, `reference_not_unique` or `unrecognised`.",
        "Una confirmación que repite una aceptada: `accepted`, o 409 como `already_confirmed`, `reference_not_unique` o `unrecognised`.";
    repeated_reference: Repeated = Repeated::Accepted,
        "A reference PUT that repeats an accepted one: the same words.",
        "Un PUT de referencia que repite uno aceptado: las mismas palabras.";
    reference_can_change: bool = true,
        "A confirmed order's order_ref_1 can be replaced by another one; off: 409.",
        "La order_ref_1 de un pedido confirmado puede cambiarse por otra; no: 409.";
    dead_orders_are_gone: bool = true,
        "A PUT or form delivery for a rejected, cancelled or expired order gets 410; off: 409 with the same text.",
        "Un PUT o un envío del formulario para un pedido rechazado, cancelado o caducado recibe 410; no: 409 con el mismo texto.";
    unknown_orders_forbidden: bool = true,
        "A PUT or form delivery for an order that seQura does not have gets 403 as a question does; off: 404.",
        "Un PUT o un envío del formulario para un pedido que seQura no tiene recibe 403, como una consulta; no: 404.";
    merchant_header_must_match: bool = true,
        "`Sequra-Merchant-Id`, when sent, must name the order's merchant, else 403.",
        "`Sequra-Merchant-Id`, si se envía, debe nombrar el comercio del pedido; si no, 403.";
    json_content_type_required: bool = true,
        "A body that is not declared as application/json is refused with 400.",
        "Un cuerpo que no se declara como application/json se rechaza con 400.";
    country_must_be_allowed: bool = true,
        "The delivery country must be one of the merchant's allowed_countries, else 409.",
        "El país de entrega debe ser uno de los allowed_countries del comercio; si no, 409.";
    currency_must_match: bool = true,
        "The cart's currency must be the merchant's, else 409.",
        "La moneda de la cesta debe ser la del comercio; si no, 409.";
    positive_total_required: bool = true,
        "An order whose total is zero or negative is refused with 409.",
        "Un pedido cuyo total es cero o negativo se rechaza con 409.";
    unknown_item_types_refused: bool = true,
        "An item of a type that seQura does not document is refused with 409.",
        "Una línea de un tipo que seQura no documenta se rechaza con 409.";
    line_totals_must_multiply: bool = false,
        "A product or service line must total exactly quantity x price, else 409.",
        "Una línea de producto o servicio debe sumar exactamente cantidad x precio; si no, 409.";
    names_required: bool = false,
        "given_names and surnames are required in addresses and customer; off: their form asks.",
        "given_names y surnames son obligatorios en direcciones y cliente; no: los pide el formulario.";
    invoice_address_must_say_more: bool = false,
        "address_line_1, postal_code and city of an invoice_address must not be empty, else 409.",
        "address_line_1, postal_code y city de una invoice_address no pueden estar vacíos; si no, 409.";
    blank_addresses_count_as_missing: bool = true,
        "With addresses_may_be_missing, an address may be blank; off: then it is left out, or whole, else 409.",
        "Con addresses_may_be_missing, una dirección puede estar en blanco; no: se omite o va entera; si no, 409.";
    adjustment_reference_required: bool = false,
        "The reference of a discount or of handling must not be empty, else 409.",
        "La referencia de un descuento o de unos gastos no puede estar vacía; si no, 409.";
    goods_reference_required: bool = false,
        "The reference of a product or a service must not be empty, else 409.",
        "La referencia de un producto o servicio no puede estar vacía; si no, 409.";
    discount_name_required: bool = false,
        "The name of a discount must not be empty, else 409.",
        "El nombre de un descuento no puede estar vacío; si no, 409.";
    delivery_method_in_cart_accepted: bool = true,
        "An order that has its delivery_method in the cart only is accepted; off: 409.",
        "Un pedido que solo trae su delivery_method en la cesta se acepta; no: 409.";
    delivery_method_name_required: bool = false,
        "delivery_method.name must not be empty, else 409.",
        "delivery_method.name no puede estar vacío; si no, 409.";
    ip_number_required: bool = false,
        "customer.ip_number must not be empty, else 409.",
        "customer.ip_number no puede estar vacío; si no, 409.";
    ip_number_is_one_address: bool = false,
        "A customer.ip_number with a proxy's chain of addresses is refused with 409.",
        "Un customer.ip_number con la cadena de direcciones de un proxy se rechaza con 409.";
    language_must_be_a_code: bool = false,
        "A language_code that is a word (espanol) is refused with 409.",
        "Un language_code que es una palabra (espanol) se rechaza con 409.";
    language_needs_its_hyphen: bool = false,
        "A language_code with an underscore (es_ES) is refused with 409.",
        "Un language_code con guion bajo (es_ES) se rechaza con 409.";
    times_need_their_t: bool = false,
        "A cart's created_at or updated_at, or a report's sent_at or completed_at, with a blank between date and time is refused with 409.",
        "Un created_at o updated_at de una cesta, o un sent_at o completed_at de un informe, con un espacio entre fecha y hora se rechaza con 409.";
    no_date_is_refused: bool = false,
        "A date of 0000-00-00 in a cart, an item or the customer, as first_charge_date or as a report's sent_at is refused with 409.",
        "Una fecha 0000-00-00 en una cesta, una línea o el cliente, como first_charge_date o como sent_at de un informe se rechaza con 409.";
    item_url_needs_its_scheme: bool = false,
        "An item's url without http:// or https:// is refused with 409.",
        "La url de una línea sin http:// o https:// se rechaza con 409.";
    previous_orders_in_sequras_words: bool = false,
        "previous_orders with a status or payment_method of the shop's own are refused with 409.",
        "previous_orders con un status o payment_method propio de la tienda se rechazan con 409.";
    gift_required: bool = true,
        "`gift` is required in carts, except those of an order update.",
        "`gift` es obligatorio en las cestas, salvo en las de un cambio de pedido.";
    nin_control_required: bool = false,
        "customer.nin_control is required (physical stores and multistore merchants).",
        "customer.nin_control es obligatorio (tiendas físicas y comercios multitienda).";
    store_ref_required: bool = false,
        "merchant.store_ref is required (physical stores and multistore merchants).",
        "merchant.store_ref es obligatorio (tiendas físicas y comercios multitienda).";
    sms_spanish_mobile_only: bool = true,
        "A form delivery by SMS needs a Spanish mobile number; off: any number will do.",
        "El envío del formulario por SMS necesita un móvil español; no: vale cualquier número.";
    sms_refusal_status: u16 = 409,
        "The status of a refused form delivery (400 to 499).",
        "El estado de un envío de formulario rechazado (400 a 499).";
    sms_limit: u64 = 0,
        "How many messages one order may send before 429; 0: no limit.",
        "Cuántos mensajes puede enviar un pedido antes del 429; 0: sin límite.";
    form_by_email: bool = true,
        "The form goes by channel 'email' too, to the customer's address; off: that channel is refused.",
        "El formulario sale también por el canal 'email', al correo del cliente; no: ese canal se rechaza.";
    test_shoppers: bool = true,
        "The shoppers 'Review Test Approve' and 'Review Test Cancel' act as in seQura's sandbox.",
        "Los clientes 'Review Test Approve' y 'Review Test Cancel' actúan como en el sandbox de seQura.";
    review_ms: u64 = 2000,
        "How long the review of a test shopper takes, in milliseconds.",
        "Cuánto dura la revisión de un cliente de prueba, en milisegundos.";
    auto_approve_ms: Option<u64> = None,
        "The shopper completes a delivered form by himself after so many milliseconds; null: a test or a person does it.",
        "El cliente completa solo el formulario enviado tras tantos milisegundos; off: lo hace una prueba o una persona.";
    update_status: u16 = 204,
        "The status of an accepted order update: 204, or 200 or 202 with a JSON body that says nothing.",
        "El estado de un cambio de pedido aceptado: 204, o 200 o 202 con un cuerpo JSON que no dice nada.";
    confirmed_amount_is_ceiling: bool = true,
        "An order update whose carts together are above the confirmed amount is refused with 409, saying so.",
        "Un cambio de pedido cuyas cestas juntas superan el importe confirmado se rechaza con 409, diciéndolo.";
    changed_currency_refused: bool = true,
        "An order update in another currency than the order's is refused with 409.",
        "Un cambio de pedido en otra moneda que la del pedido se rechaza con 409.";
    negative_carts_refused: bool = true,
        "An order update with a cart whose total is below zero is refused with 409.",
        "Un cambio de pedido con una cesta de total negativo se rechaza con 409.";
    unshipping_refused: bool = false,
        "An order update that moves goods from shipped_cart back to unshipped_cart is refused with 409.",
        "Un cambio de pedido que devuelve género de shipped_cart a unshipped_cart se rechaza con 409.";
    cancelled_orders_can_be_updated: bool = false,
        "An order cancelled by an order update can be updated again; off: 404.",
        "Un pedido cancelado por un cambio puede cambiarse otra vez; no: 404.";
    refunded_orders_can_be_updated: bool = true,
        "An order of which everything shipped has come back can be updated again; off: 404.",
        "Un pedido del que ha vuelto todo lo enviado puede cambiarse otra vez; no: 404.";
    repeated_cancel_accepted: bool = true,
        "The order update that emptied both carts is accepted again where other updates get 404; off: it gets 404, too.",
        "El cambio que vació ambas cestas se acepta otra vez donde otros reciben 404; no: recibe 404 también.";
    update_details_checked: bool = true,
        "Addresses, customer, delivery_method, trackings and platform of an order update are checked where they are given; off: they are kept as they are.",
        "Direcciones, cliente, delivery_method, trackings y platform de un cambio se comprueban donde se dan; no: se guardan tal cual.";
    short_delivery_report_path: bool = true,
        "Delivery reports are taken at /delivery_reports, where clients send them; off: 404.",
        "Los informes de entrega se aceptan en /delivery_reports, adonde los envían los clientes; no: 404.";
    documented_delivery_report_path: bool = true,
        "Delivery reports are taken at /orders/delivery_reports, where the documentation has them; off: 404.",
        "Los informes de entrega se aceptan en /orders/delivery_reports, donde los tiene la documentación; no: 404.";
    credit_agreements_by_product: bool = false,
        "Credit agreements come as an object of lists by product; off: as one list.",
        "Los planes de pago llegan como objeto de listas por producto; no: como una lista.";
    disburse_shipped_only: bool = false,
        "A disbursement pays what has been shipped of an order; off: all that is owed, shipped or not.",
        "Una liquidación paga lo enviado de un pedido; no: todo lo debido, enviado o no.";
    disbursement_lines_field: String = "lines".into(),
        "The name under which the detail of a disbursement has its lines.",
        "El nombre bajo el que el detalle de una liquidación tiene sus líneas.";
    clock_ahead_s: i64 = 0,
        "The `Date` of every answer is so many seconds ahead of this machine's clock (negative: behind).",
        "La `Date` de cada respuesta va tantos segundos adelantada respecto al reloj de esta máquina (negativo: atrasada).";
}

impl Rules {
    /// Name, default (as JSON text) and meaning of every rule.
    pub fn list() -> Vec<(&'static str, String, &'static str)> {
        let defaults = to_object(&Rules::default());
        MEANINGS
            .iter()
            .map(|&(name, meaning, _)| (name, defaults[name].to_string(), meaning))
            .collect()
    }

    /// Name and meaning of every rule, in English and in Spanish.
    pub fn meanings() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        MEANINGS.iter().copied()
    }

    pub fn values(&self) -> serde_json::Map<String, Value> {
        to_object(self)
    }

    /// The words that a rule can be set to, where there are words for it.
    pub fn words(name: &str) -> &'static [&'static str] {
        match name {
            "repeated_confirm" | "repeated_reference" => &[
                "accepted",
                "already_confirmed",
                "reference_not_unique",
                "unrecognised",
            ],
            _ => &[],
        }
    }

    /// Changes the rules named in a JSON object and leaves the others alone.
    /// Either all of them are changed or none.
    pub fn merge(&mut self, changes: &Value) -> Result<(), String> {
        let changes = changes
            .as_object()
            .ok_or("rules are given as a JSON object")?;
        let mut merged = to_object(self);
        for (name, value) in changes {
            if !merged.contains_key(name) {
                return Err(format!("there is no rule '{name}'"));
            }
            merged.insert(name.clone(), value.clone());
            serde_json::from_value::<Rules>(Value::Object(merged.clone()))
                .map_err(|e| format!("rule '{name}': {e}"))?;
        }
        let rules: Rules =
            serde_json::from_value(Value::Object(merged)).map_err(|e| e.to_string())?;
        if !(400..500).contains(&rules.sms_refusal_status) {
            return Err("rule 'sms_refusal_status': not between 400 and 499".into());
        }
        if ![200, 202, 204].contains(&rules.update_status) {
            return Err("rule 'update_status': not 200, 202 or 204".into());
        }
        let field = &rules.disbursement_lines_field;
        if field.is_empty() || crate::disbursements::is_taken(field) {
            return Err(format!(
                "rule 'disbursement_lines_field': '{field}' is no name for it"
            ));
        }
        *self = rules;
        Ok(())
    }

    /// One rule as written on a command line: `name=value`, where `on` and `off` also serve.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("rule '{text}' is not of the form name=value"))?;
        let value = value_of(name, value);
        self.merge(&Value::Object(
            [(name.to_owned(), value)].into_iter().collect(),
        ))
    }
}

/// What is meant by a rule's value where people write it.
pub fn value_of(name: &str, text: &str) -> Value {
    match text {
        "on" => Value::Bool(true),
        "off" if name == "auto_approve_ms" => Value::Null,
        "off" => Value::Bool(false),
        // Words need no quotes.
        other => serde_json::from_str(other).unwrap_or_else(|_| Value::from(other)),
    }
}

fn to_object(rules: &Rules) -> serde_json::Map<String, Value> {
    match serde_json::to_value(rules) {
        Ok(Value::Object(object)) => object,
        _ => unreachable!("a struct of plain fields is a JSON object"),
    }
}
