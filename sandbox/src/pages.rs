//! What seQura gives a shop to put into its own page.

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

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
