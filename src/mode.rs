//! Whether what a client does is real: what is only tried is never taken for a sale.

use crate::address::Address;
use crate::vocabulary::words;
use std::net::IpAddr;

words! {
    /// What a client sells in: `mode`.
    Mode {
        /// Real sales: money moves.
        Live = "live",
        /// seQura's world for trying out.
        Sandbox = "sandbox",
        /// A simulated seQura on this very machine.
        Simulator = "simulator",
    }
}

/// docs/sequra-api.md, Addresses; of svea's sandboxes both that clients have.
const HOSTS: [(&str, Mode); 5] = [
    ("live.sequrapi.com", Mode::Live),
    ("live.sequra.svea.com", Mode::Live),
    ("sandbox.sequrapi.com", Mode::Sandbox),
    ("next-sandbox.sequra.svea.com", Mode::Sandbox),
    ("sandbox.sequra.svea.com", Mode::Sandbox),
];

impl Mode {
    /// What the configuration says; where it says nothing, what the address is known for. A proxy or a gateway of the
    /// shop's own may lead anywhere: null.
    pub fn of(said: Option<Mode>, address: &Address) -> Option<Mode> {
        said.or_else(|| Mode::known_of(address))
    }

    fn known_of(address: &Address) -> Option<Mode> {
        // A name may be written with the dot of the root.
        let host = address.host().trim_end_matches('.');
        if address.is_loopback() || leads_here(host) {
            return Some(Mode::Simulator);
        }
        let known = HOSTS.iter().find(|(known, _)| *known == host);
        known.map(|(_, mode)| *mode)
    }

    /// What the address is known for, where that makes what is said of it unlikely. Trying out goes to this machine too.
    pub fn contradicted(self, address: &Address) -> Option<Mode> {
        let known = Mode::known_of(address)?;
        (known.is_test() != self.is_test()).then_some(known)
    }

    /// Whether no money moves.
    pub fn is_test(self) -> bool {
        self != Mode::Live
    }
}

/// What is no loopback address, and most systems lead to this machine all the same.
fn leads_here(host: &str) -> bool {
    let is_nowhere = |address: IpAddr| address.to_canonical().is_unspecified();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(is_nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(said: Option<Mode>, address: &str) -> Option<Mode> {
        Mode::of(said, &Address::parse(address).expect(address))
    }

    #[test]
    fn what_is_said_counts_and_else_what_the_host_is_known_for() {
        for (address, mode) in [
            ("https://live.sequrapi.com/", Some(Mode::Live)),
            ("https://LIVE.sequrapi.com:443/x/", Some(Mode::Live)),
            ("https://live.sequrapi.com./", Some(Mode::Live)),
            ("https://live.sequra.svea.com/", Some(Mode::Live)),
            ("https://sandbox.sequrapi.com/", Some(Mode::Sandbox)),
            ("https://next-sandbox.sequra.svea.com/", Some(Mode::Sandbox)),
            ("https://sandbox.sequra.svea.com/", Some(Mode::Sandbox)),
            ("http://localhost:8080/", Some(Mode::Simulator)),
            ("https://127.0.0.2/", Some(Mode::Simulator)),
            ("http://[::1]:1/", Some(Mode::Simulator)),
            ("http://[::ffff:127.0.0.1]:1/", Some(Mode::Simulator)),
            ("https://localhost./", Some(Mode::Simulator)),
            ("https://till.localhost:8443/", Some(Mode::Simulator)),
            ("https://0.0.0.0/", Some(Mode::Simulator)),
            ("https://[::]/", Some(Mode::Simulator)),
            ("https://xlocalhost/", None),
            ("https://sequrapi.com/", None),
            ("https://sandbox.sequrapi.com.example/", None),
            ("https://x.sandbox.sequrapi.com/", None),
            ("https://gateway.shop.example/", None),
            ("https://10.0.0.1/", None),
        ] {
            assert_eq!(of(None, address), mode, "{address}");
            for said in Mode::ALL {
                assert_eq!(of(Some(*said), address), Some(*said), "{address}");
            }
        }
    }

    #[test]
    fn what_is_known_of_an_address_contradicts_what_is_said_of_it() {
        for (said, address, known) in [
            (Mode::Live, "http://127.0.0.1:8080/", Some(Mode::Simulator)),
            (
                Mode::Live,
                "https://sandbox.sequrapi.com/",
                Some(Mode::Sandbox),
            ),
            (
                Mode::Sandbox,
                "https://live.sequrapi.com/",
                Some(Mode::Live),
            ),
            (Mode::Live, "https://live.sequrapi.com/", None),
            (Mode::Live, "https://gateway.shop.example/", None),
            (Mode::Sandbox, "https://gateway.shop.example/", None),
            (Mode::Sandbox, "http://127.0.0.1:8080/", None),
            (Mode::Sandbox, "https://sandbox.sequrapi.com/", None),
        ] {
            let address = Address::parse(address).expect(address);
            assert_eq!(said.contradicted(&address), known, "{said} {address}");
        }
    }
}
