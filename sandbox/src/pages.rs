//! The pages: what seQura shows to the shopper, in miniature.

use crate::orders::{OrderView, State};
use crate::world::percent_encode;

/// The snippet of form_v2: an iframe to be put into the shop's page as it is [C].
pub fn identification_form(
    order_url: &str,
    product: &str,
    campaign: Option<&str>,
    ajax: &str,
) -> String {
    let mut source = format!(
        "{order_url}/pumbaa_form?product={}",
        percent_encode(product)
    );
    if let Some(campaign) = campaign {
        source += &format!("&campaign={}", percent_encode(campaign));
    }
    source += &format!("&ajax={}", percent_encode(ajax));
    format!(
        "<iframe id=\"sq-identification-{}\" name=\"sq-identification-{}\" src=\"{}\" \
         frameborder=\"0\" style=\"width:100%;height:640px\"></iframe>\n",
        escape(product),
        escape(product),
        escape(&source),
    )
}

/// Here a person plays the shopper. Plain forms: it works in any browser, and the
/// control interface sends it back here.
pub fn pumbaa_form(order: &OrderView, product: &str) -> String {
    let button = |turn: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/_sandbox/orders/{}/{turn}\">\
             <button type=\"submit\">{label}</button></form>\n",
            order.uuid
        )
    };
    let buttons = match order.state {
        State::Solicited => [
            button("approve", "Approve"),
            button("review", "Send to review"),
            button("reject", "Reject"),
        ]
        .concat(),
        State::NeedsReview | State::OnHold => [
            button("approve", "Approve after review"),
            button("reject", "Reject after review"),
        ]
        .concat(),
        _ => String::new(),
    };
    let amount = order.amount;
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>seQura sandbox</title><style>body{{font:18px sans-serif;margin:2em auto;\
         max-width:24em}}button{{font:inherit;width:100%;padding:.6em;margin:.3em 0}}</style>\
         </head><body>\n<h1>seQura sandbox</h1>\n\
         <p>{}.{:02} {} with {} at {}</p>\n<p>State: <strong>{}</strong></p>\n{buttons}\
         </body></html>\n",
        amount / 100,
        amount % 100,
        escape(&order.currency),
        escape(product),
        escape(&order.merchant_id),
        order.state.name(),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
