//! The till of bindings/c, compiled with the cross compiler as it is.

use crate::machine::{BITS_32, BITS_64};
use crate::on_both;
use crate::support::tills::*;

on_both! {
    a_till_sells,
    a_conflict_is_no_sale,
    a_lost_answer_is_found_out,
    a_till_killed_in_the_confirmation_finishes_the_sale_when_it_is_started_again,
    two_tills_share_a_journal,
    a_till_waits_for_one_that_lives_and_takes_over_from_one_that_died,
}
