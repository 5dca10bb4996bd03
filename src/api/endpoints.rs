//! Addresses and bodies of seQura's API. Numbers in brackets are those of the table of endpoints in
//! docs/sequra-api.md, letters say how a fact is known, as it does at its top.

use crate::address::{Address, is_uuid, leads_elsewhere};
use crate::config::Environment;
use crate::order::Written;
use serde_json::json;

/// The API that one client talks to.
#[derive(Clone, Debug)]
pub struct Endpoint {
    base: Address,
    text: String,
    environment: Option<Environment>,
}

/// One request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// Always on the configured endpoint.
    pub url: Address,
    /// Sent as `Sequra-Merchant-Id` [D].
    pub merchant_id: Option<String>,
    /// JSON in UTF-8; none for GET.
    pub body: Option<String>,
}

/// Why a text is not the URL of an order of this endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnOrderUrl {
    /// Neither a URL nor a bare uuid.
    NotAUrl,
    /// A URL of another scheme, host or port, or not of the shape `…/orders/{uuid}`.
    Foreign,
}

impl Endpoint {
    /// `base` ends with a slash.
    pub fn new(base: Address, environment: Option<Environment>) -> Endpoint {
        Endpoint {
            text: base.to_string(),
            base,
            environment,
        }
    }

    /// The base URL; orders in the journal belong to it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn base(&self) -> &Address {
        &self.base
    }

    /// Reads what a till calls an order: its URL as `sq_start_solicitation` gave it, or the bare
    /// uuid. Answers the uuid.
    pub fn order_uuid(&self, order: &str) -> Result<String, NotAnOrderUrl> {
        let order = order.trim();
        // A till's own reference must not be taken for seQura's.
        if is_uuid(order) {
            return Ok(canonical(order));
        }
        if !order.contains("://") {
            return Err(NotAnOrderUrl::NotAUrl);
        }
        let address = Address::parse(order).ok_or(NotAnOrderUrl::Foreign)?;
        self.uuid_of(&address).ok_or(NotAnOrderUrl::Foreign)
    }

    pub(super) fn uuid_of(&self, address: &Address) -> Option<String> {
        let uuid = address
            .path()
            .strip_prefix(self.base.path())?
            .strip_prefix("orders/")?;
        (address.has_origin_of(&self.base) && is_uuid_like(uuid)).then(|| canonical(uuid))
    }

    /// The URL of an order: where its form, its confirmation and its reference go.
    pub fn order_url(&self, uuid: &str) -> Address {
        self.base.join(&["orders", uuid])
    }

    /// The order in the merchant portal [C]; unknown for an endpoint that is neither of seQura's.
    pub fn portal_url(&self, uuid: &str) -> Option<String> {
        let host = match self.environment? {
            Environment::Sandbox => "portal-sandbox.sequra.com",
            Environment::Live => "portal.sequra.com",
        };
        Some(format!("https://{host}/orders/{uuid}"))
    }

    /// Starts a solicitation [1].
    pub fn start(&self, order: &Written) -> Request {
        Request {
            method: "POST",
            url: self.base.join(&["orders"]),
            merchant_id: order.facts().merchant_id.clone(),
            body: Some(order.body("")),
        }
    }

    /// Holds or confirms an order, or registers its reference [5]: always the complete order, with
    /// `state` saying which. An empty state changes nothing but the references [D].
    pub fn put_order(&self, uuid: &str, order: &Written, state: &str) -> Request {
        Request {
            method: "PUT",
            url: self.order_url(uuid),
            merchant_id: order.facts().merchant_id.clone(),
            body: Some(order.body(state)),
        }
    }

    /// Tells the complete present state of a settled order [6].
    pub fn update_order(&self, order: &Written) -> Request {
        let merchant_id = order.facts().merchant_id.clone().unwrap_or_default();
        let order_ref_1 = order.facts().order_ref_1.clone().unwrap_or_default();
        Request {
            method: "PUT",
            url: self
                .base
                .join(&["merchants", &merchant_id, "orders", &order_ref_1]),
            merchant_id: Some(merchant_id),
            body: Some(order.body_as_it_is()),
        }
    }

    /// Sends the form's link by `channel` [4]; seQura takes number and address from the order.
    pub fn form_delivery(
        &self,
        uuid: &str,
        merchant_id: &str,
        channel: &str,
        product_code: &str,
        campaign: Option<&str>,
    ) -> Request {
        let mut body = json!({"channel": channel, "product_code": product_code});
        if let Some(campaign) = campaign {
            body["campaign"] = campaign.into();
        }
        Request {
            method: "POST",
            url: self.base.join(&["orders", uuid, "form_deliveries"]),
            merchant_id: Some(merchant_id.to_owned()),
            body: Some(body.to_string()),
        }
    }

    /// Tells what was shipped [7]. The documentation has one path [D], as core has [C]; an older client another [C].
    pub fn delivery_report(&self, merchant_id: &str, report: &str, documented: bool) -> Request {
        let path: &[&str] = match documented {
            true => &["orders", "delivery_reports"],
            false => &["delivery_reports"],
        };
        Request {
            method: "POST",
            url: self.base.join(path),
            merchant_id: Some(merchant_id.to_owned()),
            body: Some(format!("{{\"delivery_report\":{report}}}")),
        }
    }

    /// Which merchants the account has [9].
    pub fn credentials(&self) -> Request {
        self.get(&["merchants", "credentials"], None)
    }

    /// The payment methods a merchant has [8].
    pub fn merchant_payment_methods(&self, merchant_id: &str) -> Request {
        self.get(
            &["merchants", merchant_id, "payment_methods"],
            Some(merchant_id),
        )
    }

    /// The payment methods one order may be paid with [2].
    pub fn order_payment_methods(&self, uuid: &str, merchant_id: Option<&str>) -> Request {
        self.get(&["orders", uuid, "payment_methods"], merchant_id)
    }

    /// What an amount costs in instalments, before there is an order [12].
    pub fn credit_agreements(
        &self,
        merchant_id: &str,
        total_cents: i64,
        currency: &str,
        (locale, country): (&str, &str),
    ) -> Request {
        let total = total_cents.to_string();
        let path = ["merchants", merchant_id, "credit_agreements"];
        let mut request = self.get(&path, Some(merchant_id));
        request.url = request.url.with_query(&[
            ("total_with_tax", &total),
            ("currency", currency),
            ("locale", locale),
            ("country", country),
        ]);
        request
    }

    /// What a merchant was paid [11].
    pub fn disbursements(&self, merchant_id: &str) -> Request {
        self.get(
            &["merchants", merchant_id, "disbursements"],
            Some(merchant_id),
        )
    }

    /// One of them with its lines [11]. `path`: as the list gives it, or a URL with it.
    pub fn disbursement(&self, path: &str) -> Result<Request, NotAnOrderUrl> {
        let url = match path.starts_with('/') && !path.starts_with("//") {
            true => self.base.with_path(path.to_owned()),
            false if path.contains("://") => Address::parse(path).ok_or(NotAnOrderUrl::Foreign)?,
            false => return Err(NotAnOrderUrl::NotAUrl),
        };
        if !url.has_origin_of(&self.base) {
            return Err(NotAnOrderUrl::Foreign);
        }
        // merchants/{merchant}/disbursements/{one}, and nothing that leads elsewhere.
        let segments: Option<Vec<&str>> = url
            .path()
            .strip_prefix(self.base.path())
            .map(|path| path.split('/').collect());
        let plain = |text: &str| {
            !text.is_empty()
                && !leads_elsewhere(text)
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"?#\\\"".contains(&byte))
        };
        match segments.as_deref() {
            Some(["merchants", merchant, "disbursements", one])
                if plain(merchant) && plain(one) =>
            {
                let merchant_id = (!merchant.contains('%')).then(|| (*merchant).to_owned());
                Ok(Request {
                    method: "GET",
                    merchant_id,
                    url,
                    body: None,
                })
            }
            _ => Err(NotAnOrderUrl::NotAUrl),
        }
    }

    fn get(&self, segments: &[&str], merchant_id: Option<&str>) -> Request {
        Request {
            method: "GET",
            url: self.base.join(segments),
            merchant_id: merchant_id.map(str::to_owned),
            body: None,
        }
    }
}

/// One order has one name: a uuid comes back in capitals from programs that store it as a GUID.
pub(super) fn canonical(text: &str) -> String {
    match is_uuid(text) {
        true => text.to_ascii_lowercase(),
        false => text.to_owned(),
    }
}

/// seQura's order reference, as a till names it: one path segment. Uuids so far; of that nothing is
/// needed but a digit, which none of the words has that stand at its place in other addresses
/// (`delivery_reports`).
fn is_uuid_like(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str) -> Endpoint {
        Endpoint::new(Address::parse(base).unwrap(), Some(Environment::Sandbox))
    }

    #[test]
    fn an_order_is_named_by_its_url_or_its_uuid() {
        let api = endpoint("https://sandbox.sequrapi.com/");
        for order in [
            "https://sandbox.sequrapi.com/orders/1234-ab",
            "https://SANDBOX.sequrapi.com:443/orders/1234-ab",
        ] {
            assert_eq!(api.order_uuid(order).as_deref(), Ok("1234-ab"), "{order}");
        }
        let uuid = "0EBEEDA9-b7ec-4f06-87e8-0cb4bcc051a2";
        let lower = uuid.to_lowercase();
        assert_eq!(api.order_uuid(uuid), Ok(lower.clone()));
        let url = format!("https://sandbox.sequrapi.com/orders/{uuid}");
        assert_eq!(api.order_uuid(&url), Ok(lower));
        for reference in [
            "R-100",
            "not an order",
            "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051g2",
            "0ebeeda9",
        ] {
            assert_eq!(api.order_uuid(reference), Err(NotAnOrderUrl::NotAUrl));
        }
        assert_eq!(api.order_uuid(""), Err(NotAnOrderUrl::NotAUrl));
    }

    #[test]
    fn nothing_leaves_for_another_place() {
        let api = endpoint("https://sandbox.sequrapi.com/");
        for order in [
            "http://sandbox.sequrapi.com/orders/1",
            "https://sandbox.sequrapi.com:444/orders/1",
            "https://sandbox.sequrapi.com.evil.example/orders/1",
            "https://sandbox.sequrapi.com@evil.example/orders/1",
            "https://user:pw@sandbox.sequrapi.com/orders/1",
            "https://sandbox.sequrapi.com/orders/1/form_deliveries",
            "https://sandbox.sequrapi.com/orders/../merchants",
            "https://sandbox.sequrapi.com/orders/",
            "https://sandbox.sequrapi.com/orders/delivery_reports",
            "https://sandbox.sequrapi.com/orders/payment-methods",
            "https://sandbox.sequrapi.com/orders/%2e%2e",
            "https://sandbox.sequrapi.com:+443/orders/1",
            "https://sandbox.sequrapi.com/orders/1?state=confirmed",
            "ftp://sandbox.sequrapi.com/orders/1",
        ] {
            assert_eq!(
                api.order_uuid(order),
                Err(NotAnOrderUrl::Foreign),
                "{order}"
            );
        }
    }

    #[test]
    fn a_base_path_is_kept_and_segments_are_escaped() {
        let api = endpoint("http://127.0.0.1:8080/mirror/");
        assert_eq!(
            api.order_url("1").to_string(),
            "http://127.0.0.1:8080/mirror/orders/1"
        );
        assert_eq!(
            api.order_uuid("http://127.0.0.1:8080/mirror/orders/1")
                .as_deref(),
            Ok("1")
        );
        assert_eq!(
            api.order_uuid("http://127.0.0.1:8080/orders/1"),
            Err(NotAnOrderUrl::Foreign)
        );
        let uuid = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2";
        let other = api.order_uuid(&format!("http://127.0.0.1:8080/orders/{uuid}"));
        assert_eq!(other, Err(NotAnOrderUrl::Foreign));
        assert_eq!(
            api.merchant_payment_methods("a/b").url.path(),
            "/mirror/merchants/a%2Fb/payment_methods"
        );
    }
}
