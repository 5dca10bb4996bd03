//! Who calls, for which path, with what body: what the endpoints have in common.

use crate::accounts::Account;
use crate::answers::Refusal;
use crate::check::reference;
use crate::sequra::Sequra;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// The decoded parts of the path. What cannot be decoded names nothing that exists.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Sequra>> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, sequra: &Arc<Sequra>) -> Result<Self, Refusal> {
        match Path::from_request_parts(parts, sequra).await {
            Ok(Path(named)) => Ok(Named(named)),
            Err(_) => Err(Refusal::NotFound),
        }
    }
}

/// Who calls: HTTP Basic [D], and the merchant of `Sequra-Merchant-Id` if sent [D].
pub struct Caller {
    pub account: Account,
    merchant_header: Option<String>,
}

impl FromRequestParts<Arc<Sequra>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, sequra: &Arc<Sequra>) -> Result<Self, Refusal> {
        let account = basic_credentials(&parts.headers)
            .and_then(|(key, secret)| {
                let mut accounts = sequra.accounts.iter();
                accounts.find(|a| a.key == key && a.secret == secret)
            })
            .cloned();
        let Some(account) = account else {
            // The credentials endpoints alone say it in JSON [C].
            return Err(if parts.uri.path().ends_with("/credentials") {
                Refusal::AccessDeniedJson
            } else {
                Refusal::AccessDenied
            });
        };
        let caller = Caller {
            account,
            merchant_header: parts
                .headers
                .get("sequra-merchant-id")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        };
        Ok(caller)
    }
}

impl Caller {
    /// The header need not be there, but must not name another merchant [I].
    pub fn check_header(&self, merchant: &str, sequra: &Sequra) -> Result<(), Refusal> {
        match &self.merchant_header {
            Some(sent) if sent != merchant && sequra.world().rules.merchant_header_must_match => {
                Err(self.bad_merchant(sent))
            }
            _ => Ok(()),
        }
    }

    /// The header, against the merchant that the body names.
    pub fn check_header_of(&self, payload: &Value, sequra: &Sequra) -> Result<(), Refusal> {
        match reference(&payload["merchant"]["id"]) {
            Some(merchant) => self.check_header(&merchant, sequra),
            None => Ok(()),
        }
    }

    /// A path under `/merchants/` is for the accounts that own the merchant [C].
    pub fn check_access(&self, merchant: &str, sequra: &Sequra) -> Result<(), Refusal> {
        if self.account.merchant(merchant).is_none() {
            return Err(Refusal::NoAccess);
        }
        self.check_header(merchant, sequra)
    }

    pub fn bad_merchant(&self, id: &str) -> Refusal {
        Refusal::BadMerchantId {
            id: id.to_owned(),
            account: self.account.key.clone(),
        }
    }
}

/// Key and secret of an `Authorization: Basic …` header.
pub fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// The body as JSON. UTF-8 is demanded [D]; how its absence is answered is not said [I].
pub fn body_as_json(headers: &HeaderMap, body: &[u8], sequra: &Sequra) -> Result<Value, Refusal> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let unreadable = |text: &str| Refusal::Other(400, format!("Invalid data: {text}"));
    if declared != "application/json" && sequra.world().rules.json_content_type_required {
        return Err(unreadable("Content-Type must be application/json"));
    }
    let text = std::str::from_utf8(body).map_err(|_| unreadable("the body is not UTF-8"))?;
    serde_json::from_str(text).map_err(|_| unreadable("the body is not JSON"))
}

/// `{"order": {…}}`, say, without its wrapping: all bodies have one, named after what they
/// are [D].
pub fn unwrapped(
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
    sequra: &Sequra,
) -> Result<Value, Refusal> {
    let mut body = body_as_json(headers, body, sequra)?;
    body.get_mut(name)
        .map(Value::take)
        .filter(Value::is_object)
        .ok_or_else(|| Refusal::conflict(format!("Invalid data: {name} is required")))
}
