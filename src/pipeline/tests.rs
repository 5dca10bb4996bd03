//! What stands between an intent and its request, for orders and for reports alike.

use super::given::Given;
use super::run::send_and_record;
use super::step::StepOfOrder;
use super::{Begun, Submission, Target};
use crate::config::Config;
use crate::delivery_report::of_a_merchant;
use crate::journal::{Answered, Entry, NewReport, Opened};
use crate::lifecycle::Life;
use crate::operation::Operation;
use crate::order::{Order, Written};
use crate::outcome::{HttpView, Outcome};
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

const LONG: Duration = Duration::from_secs(60);

/// A shop, and who hears it instead of seQura.
fn shop(journal: &Path) -> (Shop, TcpListener) {
    let sequra = TcpListener::bind("127.0.0.1:0").expect("a port");
    sequra.set_nonblocking(true).expect("not to wait");
    let config = json!({
        "base_url": format!("http://{}", sequra.local_addr().expect("an address")),
        "account_key": "key", "account_secret": "secret", "merchant_id": "shop_es",
        "journal": journal.to_string_lossy(), "timeouts": {"connect_ms": 1000, "total_ms": 1000}, "proxy": "none",
    });
    let shop = Shop::open(Config::from_value(config).expect("a configuration"));
    (shop.expect("it opens"), sequra)
}

fn in_memory() -> (Shop, TcpListener) {
    shop(Path::new(":memory:"))
}

/// Steps 1 and 2 with a claim of this length, and then, after `between`, the others.
fn sent<S: Submission>(
    shop: &Shop,
    submission: &mut S,
    claim_for: Duration,
    between: impl FnOnce(),
) -> Outcome {
    let ready = submission.validate().expect("it may be sent");
    match submission.record_intent(&ready, claim_for, shop.deadline()) {
        Ok(Begun::Ours(claim)) => {
            between();
            send_and_record(shop, submission, &ready, &claim, shop.deadline())
        }
        Ok(_) => panic!("somebody is in the way"),
        Err(error) => panic!("{error}"),
    }
}

fn a_report() -> NewReport<'static> {
    NewReport {
        asked: None,
        tells: true,
        content: &|_| "{}".to_owned(),
    }
}

fn sent_report(shop: &Shop, new: Option<&NewReport>, claim_for: Duration) -> Outcome {
    let mut report = of_a_merchant(shop, "shop_es", new);
    sent(shop, &mut report, claim_for, || ())
}

fn sent_order(shop: &Shop, claim_for: Duration) -> Outcome {
    let order = r#"{"merchant": {"id": "shop_es"}, "cart": {"currency": "EUR", "order_total_with_tax": 0, "items": []}}"#;
    let order = Written::new(Order::from_json(order).expect("an order"));
    let (start, new) = (Operation::StartSolicitation, Target::New);
    let mut step = StepOfOrder::with(shop, &start, &new, Given::Prepared(order), None);
    sent(shop, &mut step, claim_for, || ())
}

fn open_reports(shop: &Shop) -> Vec<String> {
    let open = shop.journal().open_reports(shop.endpoint().as_str());
    open.expect("the journal")
}

/// This machine slept between the intent and the request: another till may be sending it by now.
#[test]
fn nothing_is_sent_when_its_claim_is_over() {
    let told = |outcome: Outcome| (outcome.status, outcome.next);
    let (shop, sequra) = in_memory();
    let over = Duration::ZERO;
    assert_eq!(
        told(sent_report(&shop, Some(&a_report()), over)),
        (Status::Busy, Next::CallAgain)
    );
    assert_eq!(
        told(sent_order(&shop, over)),
        (Status::Busy, Next::CallAgain)
    );
    assert!(sequra.accept().is_err(), "nobody was called");
    assert_eq!(open_reports(&shop), ["shop_es"], "it is still to be sent");
    let orders = shop.journal().unfinished(shop.endpoint().as_str());
    assert_eq!(orders.expect("the journal").len(), 1);
}

#[test]
fn it_is_sent_while_its_claim_holds() {
    let (shop, sequra) = in_memory();
    assert_ne!(
        sent_report(&shop, Some(&a_report()), LONG).status,
        Status::Busy
    );
    assert!(sequra.accept().is_ok(), "seQura was called");
    assert_ne!(sent_order(&shop, LONG).status, Status::Busy);
    assert!(sequra.accept().is_ok(), "seQura was called");
}

/// Says on the next connection that there is nothing at this address, after so long.
fn not_found(sequra: &TcpListener, after: Duration) {
    sequra.set_nonblocking(false).expect("to wait");
    let (mut line, _): (TcpStream, _) = sequra.accept().expect("a call");
    sequra.set_nonblocking(true).expect("not to wait");
    let _ = line.read(&mut [0; 4096]);
    thread::sleep(after);
    let _ = line.write_all(
        b"HTTP/1.1 404 Not Found\r\nX-Request-Id: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
}

/// The same while seQura was asked at the first address.
#[test]
fn a_report_does_not_go_to_the_other_address_when_its_claim_is_over() {
    let (shop, sequra) = in_memory();
    let claim = Duration::from_millis(300);
    let heard = thread::spawn(move || {
        not_found(&sequra, 2 * claim);
        sequra
    });
    let outcome = sent_report(&shop, Some(&a_report()), claim);
    let sequra = heard.join().expect("it was asked");
    assert_eq!(outcome.status, Status::Busy);
    assert!(sequra.accept().is_err(), "it was sent again");
    assert_eq!(open_reports(&shop), ["shop_es"], "it is still to be sent");
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = env::temp_dir().join(format!("sequra-pos-{name}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What may have reached seQura before is not closed because this machine could not send it again; what was never
/// sent is.
#[test]
fn a_report_without_an_answer_stays_when_the_journal_is_lost_before_it_is_sent_again() {
    let folder = Folder::new("report-stays");
    let place = folder.0.join("till.journal");
    let (shop, _sequra) = shop(&place);
    let lost = || fs::remove_file(&place).expect("it is there");
    let mut new = a_report();
    new.asked = Some(b"given");
    let mut report = of_a_merchant(&shop, "shop_es", Some(&new));
    let first = sent(&shop, &mut report, LONG, lost);
    assert_eq!(
        (first.status, first.next),
        (Status::Journal, Next::FixConfiguration)
    );
    assert!(open_reports(&shop).is_empty(), "it was never sent");

    let (shop, sequra) = self::shop(&place);
    drop(sequra);
    let unanswered = sent_report(&shop, Some(&a_report()), LONG);
    assert_eq!(unanswered.status, Status::Unreachable);
    let mut again = of_a_merchant(&shop, "shop_es", None);
    let second = sent(&shop, &mut again, LONG, lost);
    assert_eq!(
        (second.status, second.next),
        (Status::Journal, Next::FixConfiguration)
    );
    assert_eq!(open_reports(&shop), ["shop_es"], "it is still to be sent");
}

/// What is due of a report is what the till that went on with it has left.
#[test]
fn a_report_that_another_till_has_sent_meanwhile_is_not_to_be_recovered() {
    let folder = Folder::new("report-overtaken");
    let place = folder.0.join("till.journal");
    let (shop, sequra) = shop(&place);
    let (other, _) = self::shop(&place);
    let endpoint = shop.endpoint().as_str().to_owned();
    let another = thread::spawn(move || {
        sequra.set_nonblocking(false).expect("to wait");
        let (line, _) = sequra.accept().expect("a call");
        let until = Instant::now() + LONG;
        let taken = loop {
            let opened = other
                .journal()
                .begin_report(&endpoint, "shop_es", None, LONG, until);
            match opened.expect("the journal") {
                Opened::Ours(report) => break report,
                _ => thread::sleep(Duration::from_millis(10)),
            }
        };
        let entry = Entry {
            life: Life::NEW,
            uuid: None,
            status: Status::Ok,
            http: HttpView::default(),
            said: None,
            reason: None,
            step: "send_delivery_report",
            ships: false,
            unshipped: None,
            refusal: None,
        };
        let done = other
            .journal()
            .finish_report(&taken, Answered::Taken, &entry, until);
        assert!(done.expect("the journal"));
        drop(line);
    });
    let outcome = sent_report(&shop, Some(&a_report()), Duration::from_millis(300));
    another.join().expect("it was sent");
    assert_eq!(
        (outcome.status, outcome.next),
        (Status::OutcomeUnknown, Next::None)
    );
    assert_eq!(outcome.warnings[0].code, ErrorCode::OutcomeNotRecorded);
}

/// What a damaged journal says is sent to nobody.
#[test]
fn a_report_that_cannot_be_read_is_not_sent() {
    let folder = Folder::new("report-unreadable");
    let place = folder.0.join("till.journal");
    let (shop, sequra) = shop(&place);
    let new = NewReport {
        content: &|_| "{\"orders\": [".to_owned(),
        ..a_report()
    };
    let report = of_a_merchant(&shop, "shop_es", Some(&new));
    let begun = report.record_intent(&(), Duration::ZERO, shop.deadline());
    assert!(matches!(begun, Ok(Begun::Ours(_))));
    let again = of_a_merchant(&shop, "shop_es", None).record_intent(&(), LONG, shop.deadline());
    let error = again.err().expect("it cannot be read");
    assert_eq!(error.code, ErrorCode::JournalCorrupt);
    assert!(sequra.accept().is_err(), "nobody was called");
}
