//! What is carried, and how an office's word comes to a till.

use crate::shop::{Shop, until};

#[test]
fn what_a_till_has_made_the_office_has() {
    let shop = Shop::open("carrying");
    let till = shop.till();
    shop.sell(&till);
    shop.enrol();
    shop.once();
    shop.assert_forwarded();
    let order_ref = shop.sell(&till);
    shop.confirmed(&till);
    shop.started(&till);
    till.change(&order_ref, &sequra_pos::Asked::Ship(None))
        .expect("it is shipped");
    shop.once();
    shop.assert_forwarded();
    // Nothing of a shopper leaves in clear.
    let sent = format!("{:?}", shop.office.streams());
    assert!(!sent.contains("Muñoz") && !sent.contains("23232323T"));
    let frames = shop.office.state().frames;
    shop.once();
    assert_eq!(shop.office.state().frames, frames, "nothing is said twice");
}

#[test]
fn a_change_is_there_within_a_second() {
    let shop = Shop::open("soon");
    let till = shop.till();
    shop.enrol();
    let _running = shop.running();
    for _ in 0..3 {
        shop.confirmed(&till);
        let began = std::time::Instant::now();
        until("the office has it", || {
            shop.office.rows("orders").len() == shop.here("orders").len()
        });
        let took = began.elapsed();
        println!("{took:?}");
    }
    until("everything is there", || shop.is_forwarded());
}
