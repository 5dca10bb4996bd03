//! Any texts, in any calls, one after another, with a seQura that cannot be reached.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sequra_pos::inside::ffi::checkout::{
    sq_abandon, sq_confirm, sq_hold, sq_resolve, sq_send_form, sq_set_order_ref,
    sq_start_solicitation,
};
use sequra_pos::inside::ffi::client::{sq_client_open, sq_payment_methods};
use sequra_pos::inside::ffi::library::sq_echo;
use sequra_pos::inside::ffi::after_sale::{
    sq_cancel, sq_order_info, sq_refund, sq_send_delivery_report, sq_ship, sq_update_order,
};
use sequra_pos::inside::ffi::records::{sq_disbursements, sq_log, sq_recover};
use sequra_pos_fuzz::{ORDER, One, Three, Till, Two, c_text, called};
use std::ptr;

const ONE: [One; 10] = [
    sq_echo,
    sq_start_solicitation,
    sq_abandon,
    sq_order_info,
    sq_recover,
    sq_log,
    sq_payment_methods,
    sq_disbursements,
    sq_send_delivery_report,
    sq_start_solicitation,
];
const TWO: [Two; 6] = [
    sq_hold,
    sq_confirm,
    sq_update_order,
    sq_ship,
    sq_refund,
    sq_cancel,
];
const THREE: [Three; 3] = [sq_send_form, sq_set_order_ref, sq_resolve];

#[derive(Arbitrary, Debug)]
enum Argument {
    Bytes(Vec<u8>),
    /// The sample's order with a piece of it replaced.
    Order {
        at: u16,
        length: u8,
        by: Vec<u8>,
    },
    Uuid,
    Reference,
}

impl Argument {
    fn text(&self) -> std::ffi::CString {
        match self {
            Argument::Bytes(bytes) => c_text(bytes),
            Argument::Order { at, length, by } => {
                let mut order = ORDER.as_bytes().to_vec();
                let start = usize::from(*at) % order.len();
                let end = (start + usize::from(*length)).min(order.len());
                order.splice(start..end, by.iter().copied());
                c_text(&order)
            }
            Argument::Uuid => c_text(b"11111111-2222-3333-4444-555555555555"),
            Argument::Reference => c_text(b"R-100"),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Call {
    Open(Argument),
    One(u8, Argument),
    Two(u8, Argument, Argument),
    Three(u8, Argument, Argument, Argument),
}

fuzz_target!(|calls: Vec<Call>| {
    // Nobody listens at the first port.
    let till = Till::open("http://127.0.0.1:1", ":memory:", 1)
        .unwrap_or_else(|told| panic!("{:#}", told.result));
    for call in calls.iter().take(20) {
        match call {
            Call::Open(config) => {
                let config = config.text();
                // A journal that the fuzzer names must not come to be (fuzz_targets/configurations.rs has those).
                let text = String::from_utf8_lossy(config.as_bytes());
                if text.contains("journal") || text.contains('\\') {
                    continue;
                }
                let mut client = ptr::null_mut();
                // SAFETY: pointers that live as long as the call.
                let told =
                    called(|out| unsafe { sq_client_open(config.as_ptr(), &raw mut client, out) });
                assert_ne!(told.status, 0);
            }
            Call::One(which, text) => {
                till.one(ONE[usize::from(*which) % ONE.len()], &text.text());
            }
            Call::Two(which, first, second) => {
                till.two(
                    TWO[usize::from(*which) % TWO.len()],
                    &first.text(),
                    &second.text(),
                );
            }
            Call::Three(which, first, second, third) => {
                let function = THREE[usize::from(*which) % THREE.len()];
                till.three(function, &first.text(), &second.text(), &third.text());
            }
        }
    }
});
