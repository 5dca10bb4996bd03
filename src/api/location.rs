//! The `Location` of an order that was started.

use super::endpoints::{Endpoint, canonical};
use crate::address::{Address, is_uuid};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// What a `Location` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The order's, in small letters.
    pub uuid: String,
    /// The host that it shows, where that is not where orders of this endpoint are.
    pub elsewhere: Option<String>,
}

/// As much of a stranger's host is repeated, in characters.
const LONGEST_HOST: usize = 100;

impl Located {
    /// What deserves a look where it shows another host: the order is where the configuration says all the same.
    pub fn warning(&self) -> Option<Problem> {
        let host = self.elsewhere.as_deref()?;
        let message = format!(
            "seQura gave the order's URL under another address than base_url ({host}), as a gateway on the way may. Only its uuid was taken; nothing is sent there."
        );
        Some(Problem {
            actual: Some(host.into()),
            ..Problem::new(ErrorCode::ForeignLocation, message)
        })
    }
}

impl Endpoint {
    /// Reads a `Location`: its last segment is the order's uuid [D]. The rest is as the way to seQura has it, where
    /// a gateway may show its own address; clients stay on the configured one [C], and so nothing is sent there.
    /// `None`: it names no order.
    pub fn located(&self, location: &str) -> Option<Located> {
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let plain = location[..end].trim_end_matches('/');
        let uuid = plain.rsplit('/').next().filter(|last| is_orders(last))?;
        if !is_of_the_web(plain) {
            return None;
        }
        let own = match plain {
            path if path.starts_with('/') && !path.starts_with("//") => {
                Some(self.base().with_path(path.to_owned()))
            }
            absolute if absolute.contains("//") => Address::parse(absolute),
            relative => Some(
                self.base()
                    .with_path(format!("{}{relative}", self.base().path())),
            ),
        };
        let is_own = own.is_some_and(|address| self.uuid_of(&address).is_some());
        Some(Located {
            uuid: canonical(uuid),
            elsewhere: (!is_own).then(|| self.host_of(plain)),
        })
    }

    /// The host that a `Location` shows; nothing else of it is repeated.
    fn host_of(&self, location: &str) -> String {
        let shown = match location.split_once("//") {
            Some((_, rest)) => rest.split('/').next().unwrap_or_default(),
            None => self.base().host(),
        };
        let host = shown.rsplit('@').next().unwrap_or_default();
        host.chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(*c))
            .take(LONGEST_HOST)
            .collect()
    }
}

/// A uuid that an order may have; of nothing but zeros it stands for none.
fn is_orders(text: &str) -> bool {
    is_uuid(text) && text.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
}

/// A path, or a URL of http or https that names a host.
fn is_of_the_web(location: &str) -> bool {
    let rest = match location.split_once(':') {
        Some((scheme, rest)) if !scheme.contains('/') => {
            let is_web = ["http", "https"]
                .iter()
                .any(|web| scheme.eq_ignore_ascii_case(web));
            if !is_web || !rest.starts_with("//") {
                return false;
            }
            rest
        }
        _ => location,
    };
    let host = rest
        .strip_prefix("//")
        .map(|rest| rest.split('/').next().unwrap_or_default());
    host != Some("") && !location.contains(|c: char| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_location_the_uuid_counts_and_another_host_is_named() {
        let base = Address::parse("http://127.0.0.1:8080/mirror/").unwrap();
        let api = Endpoint::new(base, None);
        let uuid = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2";
        for (location, elsewhere) in [
            ("http://127.0.0.1:8080/mirror/orders/{uuid}", None),
            ("/mirror/orders/{uuid}", None),
            ("orders/{uuid}", None),
            ("/mirror/orders/{uuid}/", None),
            ("/mirror/orders/{uuid}?locale=es#top", None),
            ("/mirror/orders/{uuid}/#", None),
            (
                "https://elsewhere.example/orders/{uuid}",
                Some("elsewhere.example"),
            ),
            ("https://a:b@x.example:81/{uuid}?y", Some("x.example:81")),
            ("//x.example/mirror/orders/{uuid}", Some("x.example")),
            (
                "https://127.0.0.1:8080/mirror/orders/{uuid}",
                Some("127.0.0.1:8080"),
            ),
            ("/orders/{uuid}", Some("127.0.0.1")),
            ("/mirror/carts/{uuid}", Some("127.0.0.1")),
        ] {
            let located = api.located(&location.replace("{uuid}", &uuid.to_uppercase()));
            let expected = Located {
                uuid: uuid.to_owned(),
                elsewhere: elsewhere.map(str::to_owned),
            };
            assert_eq!(located, Some(expected), "{location}");
        }
        for none in [
            "",
            "/",
            "/mirror/orders/9",
            "/mirror/orders/sign_in",
            "/mirror/orders/{uuid}/form_v2",
            "https://x.example/login?next=/orders/{uuid}",
            "https://x.example/#/orders/{uuid}",
            "https://x.example/orders/x{uuid}",
            "https://x.example\\orders\\{uuid}",
            "https://x.example/orders/0ebeeda9b7ec4f0687e80cb4bcc051a2",
        ] {
            assert_eq!(api.located(&none.replace("{uuid}", uuid)), None, "{none}");
        }
    }
}
