//! A forwarder that is killed at every point goes on where it was.

use crate::office::Fault;
use crate::shop::{Shop, copied};
use sequra_frames::standing::Fence;
use std::fs;

/// Everything that a forwarder ever does, from the enrolment on, in as many calls as it takes.
fn whole_story(shop: &Shop, at: Option<u32>) -> Vec<String> {
    let trace = shop.folder.join("trace");
    let mut killed = 0;
    let mut call = |words: &[&str]| loop {
        let mut command = shop.forward(words);
        command.env("SEQURA_FORWARD_CRASH_TRACE", &trace);
        if let Some(at) = at.filter(|_| killed == 0) {
            let reached = fs::read_to_string(&trace)
                .unwrap_or_default()
                .lines()
                .count() as u32;
            if at > reached {
                command.env("SEQURA_FORWARD_CRASH_AT", (at - reached).to_string());
            }
        }
        let output = command.output().expect("it runs");
        match output.status.code() {
            Some(86) => killed += 1,
            Some(0) => break,
            other => panic!("{other:?}: {}", String::from_utf8_lossy(&output.stderr)),
        }
    };
    let till = shop.till();
    shop.sell(&till);
    let url = shop.confirmed(&till);
    let code = shop.office.code("CODE-1");
    let journal = shop.journal();
    let journal = journal.to_string_lossy();
    call(&shop.enrol_words(&journal, &code));
    call(&["run", "--once"]);
    let before = shop.folder.join("before");
    copied(&shop.journal(), &before);
    shop.sell(&till);
    let uuid = url.rsplit('/').next().expect("a uuid");
    shop.office.state().fences.push(Fence {
        endpoint: format!("{}/", shop.sandbox.http_url().trim_end_matches('/')),
        uuid: uuid.to_owned(),
        epoch: 1,
        taken_by: "Central".to_owned(),
        order_ref_1: None,
    });
    call(&["run", "--once"]);
    shop.office.state().epoch = 2;
    call(&["run", "--once"]);
    shop.assert_forwarded();
    drop(till);
    copied(&before, &shop.journal());
    shop.office.fault(Fault::LostAnswer);
    call(&["run", "--once"]);
    shop.assert_forwarded();
    assert!(!shop.office.rows("taken_over").is_empty());
    let lives = shop.office.streams();
    assert_eq!(lives.len(), 2, "killed at {at:?}");
    assert!(at.is_none() || killed == 1, "there is no point {at:?}");
    let reached = fs::read_to_string(&trace).expect("a trace");
    reached.lines().map(str::to_owned).collect()
}

#[test]
fn killed_at_every_point_it_goes_on() {
    let points = whole_story(&Shop::open("killed"), None);
    let mut names = points.clone();
    names.sort();
    names.dedup();
    assert_eq!(
        names,
        [
            "before_frame",
            "enrolment_answered",
            "enrolment_done",
            "enrolment_kept",
            "fenced",
            "frame_answered",
            "heard",
            "journal_enrolled",
            "life_answered",
            "life_begun",
            "life_kept",
            "shown",
            "tidied",
        ]
    );
    // Each once, where it comes first; every one of them where there is time.
    let is_long = std::env::var_os("SEQURA_FORWARD_LONG").is_some();
    let mut seen = Vec::new();
    for (at, name) in points.iter().enumerate() {
        if is_long || !seen.contains(&name) {
            seen.push(name);
            whole_story(&Shop::open(&format!("killed-{at}")), Some(at as u32 + 1));
        }
    }
}
