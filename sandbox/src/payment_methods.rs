//! The payment methods on offer.
//!
//! The shape of the answer is documented [D/C]; which methods there are, their limits
//! and costs differ from shop to shop, and are the simulator's own [I].

use crate::accounts::Merchant;
use crate::answers::json;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

struct Method {
    product: &'static str,
    campaign: Option<&'static str>,
    category: &'static str,
    min_amount: Option<i64>,
    max_amount: Option<i64>,
    instalment_fee: i64,
    instalments: i64,
    /// In Spanish, French, Italian, Portuguese, English.
    titles: [&'static str; 5],
}

const METHODS: &[Method] = &[
    Method {
        product: "fp1",
        campaign: None,
        category: "pay_now",
        min_amount: None,
        max_amount: None,
        instalment_fee: 0,
        instalments: 1,
        titles: [
            "Paga ahora con tarjeta",
            "Payer maintenant par carte",
            "Paga ora con carta",
            "Pagar agora com cartão",
            "Pay now by card",
        ],
    },
    Method {
        product: "i1",
        campaign: None,
        category: "pay_later",
        min_amount: None,
        max_amount: Some(150_000),
        instalment_fee: 0,
        instalments: 1,
        titles: [
            "Recibe tu compra antes de pagar: 7 días",
            "Payer après réception",
            "Paga dopo la consegna",
            "Pague após a receção",
            "Pay later",
        ],
    },
    Method {
        product: "sp1",
        campaign: Some("permanente"),
        category: "part_payment",
        min_amount: None,
        max_amount: Some(200_000),
        instalment_fee: 0,
        instalments: 3,
        titles: [
            "Divide tu pago en 3",
            "Payer en 3 fois",
            "Dividi in 3 rate",
            "Divida o pagamento em 3",
            "Split in 3",
        ],
    },
    Method {
        product: "pp3",
        campaign: None,
        category: "part_payment",
        min_amount: Some(5_000),
        max_amount: None,
        instalment_fee: 300,
        instalments: 12,
        titles: [
            "Fracciona tu pago según tu elección",
            "Paiement échelonné",
            "Pagamento a rate: più scelta",
            "Pagamento em prestações",
            "Part payment",
        ],
    },
];

/// With their titles, in the same languages.
const CATEGORIES: &[(&str, [&str; 5])] = &[
    (
        "pay_now",
        [
            "Paga ahora",
            "Payer maintenant",
            "Paga ora",
            "Pagar agora",
            "Pay now",
        ],
    ),
    (
        "pay_later",
        [
            "Paga después",
            "Payer plus tard",
            "Paga dopo",
            "Pagar depois",
            "Pay later",
        ],
    ),
    (
        "part_payment",
        [
            "Paga fraccionado",
            "Payer en plusieurs fois",
            "Paga a rate",
            "Pagar em prestações",
            "Part payment",
        ],
    ),
];

/// What a product is called, in Spanish or in English.
pub fn title(product: &str, spanish: bool) -> Option<&'static str> {
    let mut methods = METHODS.iter();
    let method = methods.find(|method| method.product == product)?;
    Some(method.titles[if spanish { 0 } else { 4 }])
}

#[derive(Serialize)]
struct Answer {
    payment_options: Vec<PaymentOption>,
}

#[derive(Serialize)]
struct PaymentOption {
    title: &'static str,
    description: &'static str,
    icon: Option<&'static str>,
    category: &'static str,
    methods: Vec<MethodShown>,
}

#[derive(Serialize)]
struct MethodShown {
    product: &'static str,
    campaign: Option<&'static str>,
    title: &'static str,
    long_title: &'static str,
    claim: &'static str,
    description: &'static str,
    icon: &'static str,
    cost: Cost,
    cost_description: Option<&'static str>,
    starts_at: &'static str,
    ends_at: &'static str,
    #[serde(flatten)]
    limits: Option<Limits>,
    widget: Option<&'static str>,
    info_widget: Option<&'static str>,
}

/// Only in the merchant's answer [C].
#[derive(Serialize)]
struct Limits {
    min_amount: Option<i64>,
    max_amount: Option<i64>,
}

/// Only meaningful in an order's answer, zeros otherwise [C].
#[derive(Default, Serialize)]
struct Cost {
    setup_fee: i64,
    instalment_fee: i64,
    down_payment_fees: i64,
    instalment_total: i64,
}

impl Method {
    fn fits(&self, amount: i64) -> bool {
        self.min_amount.is_none_or(|min| amount >= min)
            && self.max_amount.is_none_or(|max| amount <= max)
    }

    fn cost_of(&self, amount: i64) -> Cost {
        Cost {
            setup_fee: 0,
            instalment_fee: self.instalment_fee,
            down_payment_fees: self.instalment_fee,
            instalment_total: amount.div_euclid(self.instalments)
                + i64::from(amount % self.instalments != 0)
                + self.instalment_fee,
        }
    }

    fn shown(&self, country: &str, cost: Cost, limits: Option<Limits>) -> MethodShown {
        let title = self.titles[language_of(country)];
        MethodShown {
            product: self.product,
            campaign: self.campaign,
            title,
            long_title: title,
            claim: "",
            description: title,
            icon: "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            cost,
            cost_description: None,
            starts_at: "2000-02-22T21:22:00Z",
            ends_at: "2222-02-22T21:22:00Z",
            limits,
            widget: None,
            info_widget: None,
        }
    }
}

fn language_of(country: &str) -> usize {
    let languages = ["ES", "FR", "IT", "PT"];
    languages.iter().position(|c| *c == country).unwrap_or(4)
}

/// Everything that is enabled, with its limits.
pub fn for_merchant(merchant: &Merchant) -> Response {
    answer(merchant, |method| {
        let limits = Limits {
            min_amount: method.min_amount,
            max_amount: method.max_amount,
        };
        Some(method.shown(&merchant.country, Cost::default(), Some(limits)))
    })
}

/// What an order of this amount may be paid with, and what it costs the shopper. A
/// category may be left without methods [C].
pub fn for_order(merchant: &Merchant, amount: i64) -> Response {
    answer(merchant, |method| {
        method
            .fits(amount)
            .then(|| method.shown(&merchant.country, method.cost_of(amount), None))
    })
}

fn answer(merchant: &Merchant, show: impl Fn(&Method) -> Option<MethodShown>) -> Response {
    let payment_options = CATEGORIES
        .iter()
        .map(|&(category, titles)| PaymentOption {
            title: titles[language_of(&merchant.country)],
            description: titles[language_of(&merchant.country)],
            icon: None,
            category,
            methods: METHODS
                .iter()
                .filter(|method| method.category == category)
                .filter_map(&show)
                .collect(),
        })
        .collect();
    json(StatusCode::OK, &Answer { payment_options })
}
