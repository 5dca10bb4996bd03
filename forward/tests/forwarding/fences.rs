//! What the office has taken over, and a till that hears of it.

use crate::shop::{Shop, until};
use sequra_frames::standing::Fence;
use sequra_pos::Status;

fn fence(shop: &Shop, uuid: &str) -> Fence {
    Fence {
        endpoint: format!("{}/", shop.sandbox.http_url().trim_end_matches('/')),
        uuid: uuid.to_owned(),
        epoch: 1,
        taken_by: "Central".to_owned(),
        order_ref_1: Some("C-1".to_owned()),
    }
}

#[test]
fn a_till_that_has_heard_of_it_sends_nothing_more_and_the_office_hears_that() {
    let shop = Shop::open("fences");
    let till = shop.till();
    shop.enrol();
    let url = shop.confirmed(&till);
    let uuid = url.rsplit('/').next().expect("a uuid").to_owned();
    shop.once();
    shop.office.state().fences.push(fence(&shop, &uuid));
    shop.once();
    let refused = till
        .set_order_ref(&url, "R-1", None)
        .expect_err("it is taken over");
    assert_eq!(refused.status(), Status::TakenOver);
    let told = refused.outcome().to_json();
    assert!(told.contains("C-1"), "{told}");
    // The till's own state with the fence in it is its acknowledgement, in the same call of the forwarder's.
    let rows = shop.office.rows("taken_over");
    assert_eq!(rows.len(), 1);
    let (_, said) = shop.ends(&["run", "--once"]);
    assert_eq!(said, "", "it is said no more");
    let puts = shop.sandbox.requests();
    assert!(
        puts.iter()
            .all(|entry| !format!("{entry:?}").contains("R-1"))
    );
}

#[test]
fn a_quiet_till_hears_of_it_too_and_one_that_cannot_be_kept_keeps_no_other_out() {
    let shop = Shop::open("quiet");
    let till = shop.till();
    shop.enrol();
    let url = shop.confirmed(&till);
    let uuid = url.rsplit('/').next().expect("a uuid").to_owned();
    shop.ask_every(1);
    let _running = shop.running();
    until("it is there", || shop.is_forwarded());
    {
        let mut state = shop.office.state();
        state.fences.push(fence(&shop, "of no order here"));
        state.fences.push(fence(&shop, &uuid));
    }
    until("it is heard", || {
        matches!(till.set_order_ref(&url, "R-1", None), Err(error) if error.status() == Status::TakenOver)
            || !shop.office.rows("taken_over").is_empty()
    });
    until("both are acknowledged", || {
        shop.office.rows("taken_over").len() == 2
    });
}
