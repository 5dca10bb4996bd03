//! The way out of the shop's network: through which proxy, if through any.
//!
//! Which variables of the environment are read, and what `NO_PROXY` may say, is as curl has it: whoever
//! looks after the shop's network has tried it with that.

use crate::address::Address;
use crate::config::{Proxy, usable_proxy};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use secrecy::ExposeSecret;
use std::ffi::OsString;
use std::net::IpAddr;

/// Where a proxy for https is named, the first that says anything. Not `HTTP_PROXY`: what goes by plain
/// http goes to this machine, and so by no proxy.
const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/// Where is named what no proxy is for.
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxy on the way to this address. A loopback address is reached by none, whatever is said: what is sent there
/// stays on this machine.
pub(super) fn of(base_url: &Address, said: &Proxy) -> Result<Option<ureq::Proxy>, Vec<Problem>> {
    if base_url.is_loopback() {
        return Ok(None);
    }
    let wrong = |message: String| vec![Problem::at(ErrorCode::InvalidUrl, "/proxy", message)];
    match said {
        Proxy::None => Ok(None),
        Proxy::Url(url) => usable_proxy(url.expose_secret())
            .map(Some)
            .ok_or_else(|| wrong("proxy is not an address that can be used.".to_owned())),
        Proxy::Environment => {
            let Some((name, value)) = first_set(&PROXY) else {
                return Ok(None);
            };
            let except = first_set(&NO_PROXY).map(|(_, list)| list);
            if except.is_some_and(|list| names(&list.to_string_lossy(), base_url)) {
                return Ok(None);
            }
            // Passed over, it would be gone around.
            let proxy = value.to_str().and_then(usable_proxy);
            proxy.map(Some).ok_or_else(|| {
                wrong(format!(
                    "The environment's {name} is no http or https proxy. Correct it, or say what to use in `proxy`."
                ))
            })
        }
    }
}

fn first_set(variables: &[&'static str]) -> Option<(&'static str, OsString)> {
    let value = |name: &&'static str| Some((*name, std::env::var_os(name)?));
    let mut set = variables.iter().filter_map(value);
    set.find(|(_, value)| !value.is_empty())
}

/// Whether `NO_PROXY` names this address: entries with commas or blanks between them, each a name (with
/// all below it), an IP address, or a network such as `10.0.0.0/8`; with a port, for that port only;
/// `*` is everything.
fn names(list: &str, address: &Address) -> bool {
    let host = address.host().trim_end_matches('.');
    let entries = list.split(|c: char| c == ',' || c.is_whitespace());
    entries.filter(|entry| !entry.is_empty()).any(|entry| {
        let (name, port) = name_and_port(entry);
        if port.is_some_and(|port| port.parse() != Ok(address.port())) {
            return false;
        }
        match host.parse::<IpAddr>() {
            _ if name == "*" => true,
            Ok(ip) => is_in_network(ip, name),
            Err(_) => is_below(host, name),
        }
    })
}

/// `shop.es:8080`, `[::1]:80`, and the same without a port.
fn name_and_port(entry: &str) -> (&str, Option<&str>) {
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if name.ends_with(']') || !name.contains(':') => (name, Some(port)),
        _ => (entry, None),
    };
    (name.trim_start_matches('[').trim_end_matches(']'), port)
}

fn is_below(host: &str, name: &str) -> bool {
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.trim_matches('.').to_ascii_lowercase();
    let above = host.strip_suffix(name.as_str());
    !name.is_empty() && above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn is_in_network(ip: IpAddr, network: &str) -> bool {
    let (first, length) = match network.split_once('/') {
        Some((first, length)) => (first, length.parse().ok()),
        None => (network, Some(128)),
    };
    let (Ok(first), Some(length)) = (first.parse::<IpAddr>(), length) else {
        return false;
    };
    let (one, other, bits) = match (ip, first) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits().into(), other.to_bits().into(), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let differing: u128 = one ^ other;
    let rest = bits - u32::min(length, bits);
    differing.checked_shr(rest).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn what_no_proxy_may_say() {
        for (list, url, named) in [
            ("live.sequrapi.com", "https://live.sequrapi.com/", true),
            (
                " x.es ,  Sequrapi.COM ,y.es",
                "https://live.sequrapi.com/",
                true,
            ),
            ("x.es sequrapi.com", "https://live.sequrapi.com/", true),
            (".sequrapi.com", "https://live.sequrapi.com/", true),
            (".sequrapi.com", "https://sequrapi.com/", true),
            ("*.sequrapi.com", "https://live.sequrapi.com/", true),
            ("sequrapi.com.", "https://live.sequrapi.com/", true),
            ("*", "https://live.sequrapi.com/", true),
            ("rapi.com", "https://live.sequrapi.com/", false),
            (
                "live.sequrapi.com.evil",
                "https://live.sequrapi.com/",
                false,
            ),
            ("sequrapi.com:443", "https://live.sequrapi.com/", true),
            ("sequrapi.com:444", "https://live.sequrapi.com/", false),
            ("sequrapi.com:", "https://live.sequrapi.com/", false),
            (", ,", "https://live.sequrapi.com/", false),
            (".", "https://live.sequrapi.com/", false),
            ("10.1.2.3", "https://10.1.2.3/", true),
            ("10.1.2.3:8443", "https://10.1.2.3:8443/", true),
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/16", "https://10.1.2.3/", false),
            ("0.0.0.0/0", "https://10.1.2.3/", true),
            ("10.0.0.0/x", "https://10.1.2.3/", false),
            ("1.2.3", "https://10.1.2.3/", false),
            ("fd00::/8", "https://[fd12::1]/", true),
            ("[fd12::1]:443", "https://[fd12::1]/", true),
            ("fd12::1", "https://[fd12::1]/", true),
            ("fd00::/8", "https://10.1.2.3/", false),
            ("::/0", "https://[fd12::1]/", true),
        ] {
            assert_eq!(names(list, &address(url)), named, "{list} {url}");
        }
    }

    #[test]
    fn what_is_a_proxy() {
        for text in [
            "proxy.shop",
            "proxy.shop:3128",
            "http://proxy.shop:3128/",
            "HTTPS://proxy.shop",
            "http://me:p%40ss@proxy.shop:3128",
            "http://[::1]:3128",
        ] {
            assert!(usable_proxy(text).is_some(), "{text}");
        }
        for text in [
            "",
            "::::",
            "socks5://proxy.shop:1080",
            "http://",
            "http://proxy.shop:",
            "http://proxy.shop:+3128",
            "http://proxy.shop:99999",
            "http://proxy.shop:0",
            "http://proxy.shop/path",
            "http://proxy.shop?x",
            "http://proxy.shop#x",
            "http://pro xy",
            "http://me@",
        ] {
            assert!(usable_proxy(text).is_none(), "{text}");
        }
    }
}
