//! Every message there can be is made once and looked at; some are written out, for people to read.

use super::field::{self, Field, Place};
use super::happened::uncapitalised;
use super::phrases::{Done, Function, Goods, Help};
use super::template::{self, Texts, Values};
use super::values::field_in_words;
use super::*;
use crate::lifecycle::State;
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use serde_json::json;
use std::collections::HashSet;

/// What would let a customer walk out with the goods, in any wording near it.
const MAY_HAND_OVER: [&str; 5] = [
    "puede entregar",
    "may hand over",
    "pouvez remettre",
    "può consegnare",
    "pode entregar",
];

fn may_hand_over(message: &str) -> bool {
    let message = message.to_lowercase();
    MAY_HAND_OVER.iter().any(|phrase| message.contains(phrase))
}

fn problem(code: ErrorCode, pointer: Option<&str>, numbers: Option<(i64, i64)>) -> Problem {
    Problem {
        code,
        message: "what seQura said".to_owned(),
        pointer: pointer.map(str::to_owned),
        expected: numbers.map(|(expected, _)| json!(expected)),
        actual: numbers.map(|(_, actual)| json!(actual)),
        operator_message: None,
    }
}

const PLAIN: Situation = Situation {
    operation: "confirm",
    status: Status::Ok,
    state: None,
    next: Next::None,
    error: None,
    error_count: 0,
    warnings: &[],
    amount: Some(5097),
    currency: Some("EUR"),
    order_ref_1: Some("T-1042"),
    is_by_email: false,
    offers: None,
    given_back: None,
    is_test: false,
    is_preview: false,
};

fn states() -> impl Iterator<Item = Option<State>> {
    std::iter::once(None).chain(State::ALL.iter().copied().map(Some))
}

/// Every sentence ends with a full stop, so counting them is counting ". ".
fn sentences(message: &str) -> usize {
    message.matches(". ").count() + 1
}

#[track_caller]
fn check(language: Language, situation: &Situation) -> String {
    let message = operator_message(language, situation);
    let report = || format!("{}: {situation:?}\n  {message}", language.tag());
    assert!(
        message.starts_with(char::is_uppercase),
        "no capital: {}",
        report()
    );
    assert!(
        message.ends_with('.') && !message.ends_with(".."),
        "no full stop: {}",
        report()
    );
    assert!(
        !message.contains(['{', '}']),
        "a place is left: {}",
        report()
    );
    assert!(
        !message.contains("  ") && !message.contains("()") && !message.contains(" ."),
        "a gap: {}",
        report()
    );
    assert!(
        (1..=3).contains(&sentences(&message)),
        "too many sentences: {}",
        report()
    );
    assert!(
        message.chars().count() <= 320,
        "{} characters: {}",
        message.chars().count(),
        report()
    );
    for word in ["HTTP", "JSON", "NULL", "status", "journal", "handle"] {
        assert!(
            !message.contains(word),
            "technical word {word:?}: {}",
            report()
        );
    }
    let settled = situation.status == Status::Ok && situation.state == Some(State::Settled);
    assert!(
        settled || !may_hand_over(&message),
        "gives the goods away: {}",
        report()
    );
    message
}

#[test]
fn what_is_only_tried_is_said_before_anything_else() {
    for &language in Language::ALL {
        for operation in Function::WORDS {
            let said = |is_test| {
                let situation = Situation {
                    operation,
                    is_test,
                    ..PLAIN
                };
                operator_message(language, &situation)
            };
            let mark = language.phrases().test();
            assert!(mark.bytes().all(|byte| byte.is_ascii_uppercase()), "{mark}");
            assert_eq!(said(true), format!("{mark}: {}", said(false)));
            assert!(!said(false).contains(mark), "{}", said(false));
        }
    }
}

/// Operations × statuses × states × next steps × error codes, with all the numbers and with none.
#[test]
fn every_situation_has_a_message_fit_for_a_till() {
    // Debug builds take a second or two per language.
    std::thread::scope(|scope| {
        for &language in Language::ALL {
            scope.spawn(move || {
                every_status_of(language);
                every_code_of(language);
            });
        }
    });
}

fn every_status_of(language: Language) {
    // Those of which the advice depends on the operation, and one for the rest.
    let operations = [
        "confirm",
        "set_order_ref",
        "ship",
        "pending",
        "never_heard_of",
    ];
    for &status in Status::ALL {
        for state in states() {
            for &operation in Function::WORDS {
                let situation = Situation {
                    operation,
                    status,
                    state,
                    ..PLAIN
                };
                check(language, &situation);
                check(
                    language,
                    &Situation {
                        amount: None,
                        currency: None,
                        order_ref_1: None,
                        ..situation
                    },
                );
            }
            for operation in operations {
                for &next in Next::ALL {
                    check(
                        language,
                        &Situation {
                            operation,
                            status,
                            state,
                            next,
                            ..PLAIN
                        },
                    );
                }
            }
        }
    }
}

/// Each code with the longest values, and with none.
fn every_code_of(language: Language) {
    let places = [
        ("start_solicitation", None),
        ("confirm", Some(State::FormSent)),
        ("set_order_ref", Some(State::RefConflicted)),
        ("refund", Some(State::Settled)),
    ];
    let (low, high) = (-123_456_789, 123_456_789);
    for &code in ErrorCode::ALL {
        let full = problem(
            code,
            Some("/cart/items/1041/total_with_tax"),
            Some((low, high)),
        );
        let bare = problem(code, None, None);
        for (operation, state) in places {
            for &status in Status::ALL {
                let plain = Situation {
                    operation,
                    status,
                    state,
                    ..PLAIN
                };
                for &next in Next::ALL {
                    let long = Situation {
                        next,
                        amount: Some(low),
                        error_count: 12,
                        ..plain
                    };
                    check(
                        language,
                        &Situation {
                            error: Some(&full),
                            ..long
                        },
                    );
                }
                // The only steps of which the advice depends on the error.
                for next in [Next::None, Next::FixOrder] {
                    let unknown = Situation {
                        next,
                        amount: None,
                        currency: None,
                        ..plain
                    };
                    let unknown = Situation {
                        order_ref_1: None,
                        error_count: 1,
                        ..unknown
                    };
                    check(
                        language,
                        &Situation {
                            error: Some(&bare),
                            ..unknown
                        },
                    );
                }
            }
        }
    }
}

/// The goods are the shop's money, so here the rule is written the other way round as well.
#[test]
fn goods_are_given_exactly_when_an_order_has_just_been_settled() {
    for &language in Language::ALL {
        let phrase = language.phrases().goods(Goods::HandOver);
        assert!(
            may_hand_over(phrase),
            "the test would not notice {phrase:?}"
        );
        for goods in [Goods::NotYet, Goods::No] {
            assert!(!may_hand_over(language.phrases().goods(goods)));
        }
        for &operation in Function::WORDS {
            for &status in Status::ALL {
                for state in states() {
                    let situation = Situation {
                        operation,
                        status,
                        state,
                        ..PLAIN
                    };
                    let expected = status == Status::Ok
                        && state == Some(State::Settled)
                        && ["confirm", "set_order_ref", "recover"].contains(&operation);
                    let message = operator_message(language, &situation);
                    assert_eq!(
                        message.contains(phrase),
                        expected,
                        "{situation:?}\n  {message}"
                    );
                }
            }
        }
    }
}

/// After a refused confirmation, and in every state between the form and the registered reference,
/// the message says in so many words that the goods stay.
/// Whoever asks later hears what the call said, and not only that it was refused.
#[test]
fn why_a_sale_was_refused_is_said_later_too() {
    for language in Language::ALL.iter().copied() {
        let only_refused = language.phrases().standing(State::Conflicted);
        let only_refused = only_refused.lines().next().expect("a text");
        for (code, next) in [
            (ErrorCode::NotApproved, Next::Confirm),
            (ErrorCode::CartChanged, Next::RestartCheckout),
            (ErrorCode::AddressChanged, Next::FixOrder),
            (ErrorCode::CustomerChanged, Next::FixOrder),
            (ErrorCode::AmountAboveApproved, Next::RestartCheckout),
            (ErrorCode::CartTotalMismatch, Next::FixOrder),
            (ErrorCode::DuplicateOrderRef, Next::ChooseAnotherRef),
        ] {
            let said = problem(code, Some("/cart/order_total_with_tax"), Some((5055, 5097)));
            let situation = |operation, status| Situation {
                operation,
                status,
                state: Some(State::Conflicted),
                next,
                error: Some(&said),
                error_count: usize::from(status == Status::Conflict),
                ..PLAIN
            };
            let told = check(language, &situation("confirm", Status::Conflict));
            assert_eq!(check(language, &situation("order_info", Status::Ok)), told);
            assert_eq!(check(language, &situation("recover", Status::Ok)), told);
            let in_the_way = check(language, &situation("ship", Status::WrongState));
            assert!(
                !in_the_way.contains(&uncapitalised(only_refused)),
                "{in_the_way}"
            );
        }
    }
}

#[test]
fn goods_are_kept_whenever_a_sale_hangs() {
    let hanging = [
        State::Confirming,
        State::Confirmed,
        State::Referencing,
        State::RefConflicted,
        State::Conflicted,
        State::Cancelled,
        State::Abandoned,
    ];
    for &language in Language::ALL {
        let keep = [Goods::NotYet, Goods::No].map(|goods| language.phrases().goods(goods));
        for operation in ["confirm", "set_order_ref", "recover", "order_info", "ship"] {
            for &status in Status::ALL {
                if operation == "ship" && status == Status::Ok {
                    continue; // seQura lets nothing be shipped that is not settled
                }
                for state in hanging {
                    let situation = Situation {
                        operation,
                        status,
                        state: Some(state),
                        ..PLAIN
                    };
                    let message = operator_message(language, &situation);
                    assert!(
                        keep.iter().any(|phrase| message.contains(phrase)),
                        "{situation:?}\n  {message}"
                    );
                }
            }
        }
    }
}

/// Every text a language has, before any value is put in.
fn every_text(language: Language) -> Vec<(String, Vec<&'static str>)> {
    let phrases = language.phrases();
    let mut texts: Vec<(String, Vec<&'static str>)> = Vec::new();
    let mut add = |name: String, text: Texts| texts.push((name, text.lines().collect()));
    for &word in Function::WORDS {
        let operation = Function::from_word(word).expect("a word of the list");
        for state in states() {
            add(
                format!("done {word} {state:?}"),
                phrases.done(Done::of(operation, state)),
            );
        }
    }
    for &state in State::ALL {
        add(format!("standing {state:?}"), phrases.standing(state));
    }
    for &status in Status::ALL {
        add(format!("status {status:?}"), phrases.status(status));
    }
    for &code in ErrorCode::ALL {
        for confirmed in [false, true] {
            add(
                format!("error {code:?} {confirmed}"),
                phrases.error(code, confirmed),
            );
        }
    }
    add("form may ask".to_owned(), phrases.form_may_ask());
    for goods in [Goods::HandOver, Goods::NotYet, Goods::No] {
        texts.push((format!("goods {goods:?}"), vec![phrases.goods(goods)]));
    }
    for &next in Next::ALL.iter().filter(|&&next| next != Next::None) {
        texts.push((format!("next {next:?}"), vec![phrases.next(next)]));
    }
    for help in [Help::CallSupport, Help::RestartTill, Help::RecoverPending] {
        texts.push((format!("help {help:?}"), vec![phrases.help(help)]));
    }
    texts
}

#[test]
fn texts_are_single_sentences_and_their_last_alternative_needs_nothing() {
    let known = [
        "amount",
        "order_ref_1",
        "expected",
        "actual",
        "difference",
        "field",
        "pointer",
        "offers",
        "age",
        "given_back",
    ];
    for &language in Language::ALL {
        for (name, alternatives) in every_text(language) {
            let last = alternatives.last().expect("at least one alternative");
            assert!(!last.contains('{'), "{} {name}: {last}", language.tag());
            for text in alternatives {
                assert!(
                    text.starts_with(char::is_uppercase) && text.ends_with('.'),
                    "{name}: {text}"
                );
                assert_eq!(text.matches('.').count(), 1, "{name}: {text}");
                for place in text.split('{').skip(1) {
                    let place = place.split('}').next().unwrap_or_default();
                    assert!(
                        known.contains(&place),
                        "{name}: {{{place}}} is never filled"
                    );
                }
            }
        }
    }
}

/// Windows-1252 and ISO 8859-15 share Latin-1 (but for eight signs) and have the euro sign; a text
/// outside that would come out of an old till as `\uXXXX`.
#[test]
fn every_character_is_one_that_old_tills_have() {
    let shared = |c: char| {
        matches!(c, ' '..='~' | '\u{a0}'..='ÿ' | '€')
            && !matches!(c, '¤' | '¦' | '¨' | '´' | '¸' | '¼' | '½' | '¾')
    };
    for &language in Language::ALL {
        let phrases = language.phrases();
        let fields = Field::ALL.iter().map(|&field| phrases.field(field));
        let places = [
            Place::Item(0),
            Place::Customer,
            Place::DeliveryAddress,
            Place::InvoiceAddress,
        ];
        let places = places.map(|place| phrases.place(place));
        let labels = Label::ALL.iter().map(|&label| phrases.receipt(label));
        let rest = [
            phrases.one_more(),
            phrases.many_more(),
            phrases.impossible(),
        ];
        let texts = every_text(language)
            .into_iter()
            .flat_map(|(_, texts)| texts);
        for text in texts.chain(fields).chain(places).chain(rest).chain(labels) {
            assert!(text.chars().all(shared), "{}: {text}", language.tag());
        }
        let amount =
            amount::format(&phrases.money(), -123_456_789, Some("EUR")).expect("a currency");
        assert!(amount.chars().all(shared), "{amount}");
    }
}

/// What a receipt says is a sentence, or words for an amount that stands beside them.
#[test]
fn a_receipt_is_said_in_every_language() {
    let mut seen = HashSet::new();
    for &language in Language::ALL {
        for &label in Label::ALL {
            let text = language.phrases().receipt(label);
            assert!(
                text.starts_with(char::is_uppercase) || text.starts_with("seQura"),
                "{text}"
            );
            let is_sentence = matches!(
                label,
                Label::Conditions
                    | Label::PayTo
                    | Label::ToRegister
                    | Label::ChangeOpen
                    | Label::ToClear
            );
            assert_eq!(text.ends_with('.'), is_sentence, "{text}");
            let is_word = matches!(label, Label::Total);
            assert!(seen.insert(text) || is_word, "in two languages: {text}");
        }
    }
}

/// A text that is the same in two languages was forgotten in one.
#[test]
fn no_text_was_left_untranslated() {
    let mut seen: HashSet<(&str, Language)> = HashSet::new();
    for &language in Language::ALL {
        for text in every_text(language)
            .into_iter()
            .flat_map(|(_, texts)| texts)
        {
            seen.insert((text, language));
        }
    }
    let mut all: Vec<&str> = seen.iter().map(|(text, _)| *text).collect();
    all.sort_unstable();
    for pair in all.windows(2) {
        assert_ne!(pair[0], pair[1], "in two languages");
    }
    for (text, language) in seen {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let english = ["the", "sale", "till", "receipt", "goods", "answer"]
            .iter()
            .any(|word| words.contains(word));
        assert!(
            language == Language::En || !english,
            "{}: {text}",
            language.tag()
        );
    }
}

#[test]
fn different_causes_read_differently() {
    for &language in Language::ALL {
        for (one, other) in [
            (Status::Unreachable, Status::OutcomeUnknown),
            (Status::Conflict, Status::DuplicateOrderRef),
            (Status::Unauthorized, Status::Forbidden),
            (Status::Journal, Status::Busy),
        ] {
            assert_ne!(
                check(
                    language,
                    &Situation {
                        status: one,
                        ..PLAIN
                    }
                ),
                check(
                    language,
                    &Situation {
                        status: other,
                        ..PLAIN
                    }
                )
            );
        }
    }
}

#[test]
fn amounts_look_as_each_language_writes_them() {
    let cases = [0, 5, 99, 100, 5097, 123_456_789, -5, -5097, -123_456_789];
    for language in Language::ALL {
        let money = language.phrases().money();
        for (minor, expected) in cases.into_iter().zip(amounts(*language)) {
            let amount = amount::format(&money, minor, Some("EUR"));
            assert_eq!(amount.as_deref(), Some(expected), "{}", language.tag());
        }
    }
}

fn amounts(language: Language) -> [&'static str; 9] {
    match language {
        Language::Es => [
            "0,00 €",
            "0,05 €",
            "0,99 €",
            "1,00 €",
            "50,97 €",
            "1.234.567,89 €",
            "-0,05 €",
            "-50,97 €",
            "-1.234.567,89 €",
        ],
        Language::En => [
            "€0.00",
            "€0.05",
            "€0.99",
            "€1.00",
            "€50.97",
            "€1,234,567.89",
            "-€0.05",
            "-€50.97",
            "-€1,234,567.89",
        ],
        Language::Fr => [
            "0,00\u{a0}€",
            "0,05\u{a0}€",
            "0,99\u{a0}€",
            "1,00\u{a0}€",
            "50,97\u{a0}€",
            "1\u{a0}234\u{a0}567,89\u{a0}€",
            "-0,05\u{a0}€",
            "-50,97\u{a0}€",
            "-1\u{a0}234\u{a0}567,89\u{a0}€",
        ],
        Language::It => [
            "0,00 €",
            "0,05 €",
            "0,99 €",
            "1,00 €",
            "50,97 €",
            "1.234.567,89 €",
            "-0,05 €",
            "-50,97 €",
            "-1.234.567,89 €",
        ],
        Language::Pt => [
            "0,00 €",
            "0,05 €",
            "0,99 €",
            "1,00 €",
            "50,97 €",
            "1\u{a0}234\u{a0}567,89 €",
            "-0,05 €",
            "-50,97 €",
            "-1\u{a0}234\u{a0}567,89 €",
        ],
    }
}

#[test]
fn other_currencies_have_their_code_and_their_minor_digits() {
    let write = |language: Language, minor, currency| {
        amount::format(&language.phrases().money(), minor, Some(currency))
    };
    assert_eq!(
        write(Language::Es, 123_456, "COP").as_deref(),
        Some("1.234,56 COP")
    );
    assert_eq!(
        write(Language::Es, 5097, "PEN").as_deref(),
        Some("50,97 PEN")
    );
    assert_eq!(
        write(Language::En, -5097, "USD").as_deref(),
        Some("-USD 50.97")
    );
    assert_eq!(
        write(Language::En, 5097, "JPY").as_deref(),
        Some("JPY 5,097")
    );
    assert_eq!(
        write(Language::Fr, 1_234_567, "KWD").as_deref(),
        Some("1\u{a0}234,567\u{a0}KWD")
    );
    assert_eq!(
        write(Language::It, i64::MIN, "JPY").as_deref(),
        Some("-9.223.372.036.854.775.808 JPY")
    );
    for nonsense in ["eur", "EURO", "€", "{x}"] {
        assert_eq!(write(Language::Es, 5097, nonsense), None);
    }
}

/// A cart refused before its order is known anywhere still gets its numbers.
#[test]
fn a_column_of_figures_has_its_currency_s_digits_and_no_currency() {
    for (currency, cents, figure, total) in [
        (Some("EUR"), -123_456, "-1.234,56", "-1.234,56 €"),
        (Some("JPY"), 1234, "1.234", "1.234 JPY"),
        (Some("KWD"), 1234, "1,234", "1,234 KWD"),
        (None, 5, "0,05", "0,05"),
        (Some("euros"), 5, "0,05", "0,05"),
        (
            Some("EUR"),
            i64::MIN,
            "-92.233.720.368.547.758,08",
            "-92.233.720.368.547.758,08 €",
        ),
    ] {
        assert_eq!(Language::Es.amount(cents, currency, false), figure);
        assert_eq!(Language::Es.amount(cents, currency, true), total);
    }
}

#[test]
fn without_a_currency_the_number_stands_alone() {
    let mismatch = problem(ErrorCode::CartTotalMismatch, None, Some((123_456, 5097)));
    let situation = Situation {
        operation: "start_solicitation",
        status: Status::InvalidOrder,
        next: Next::FixOrder,
        error: Some(&mismatch),
        error_count: 1,
        currency: None,
        ..PLAIN
    };
    let message = check(Language::Es, &situation);
    assert!(
        message.contains("es 50,97 y sus artículos suman 1.234,56: hay 1.183,59 de diferencia"),
        "{message}"
    );
    let message = check(
        Language::En,
        &Situation {
            currency: Some(""),
            ..situation
        },
    );
    assert!(
        message.contains("is 50.97 but its items add up to 1,234.56"),
        "{message}"
    );
}

#[test]
fn pointers_become_things_people_have_words_for() {
    let name = |language: Language, pointer: &str| field_in_words(language.phrases(), pointer);
    let cases = [
        ("/customer/email", "el correo electrónico del cliente"),
        (
            "/delivery_address/mobile_phone",
            "el móvil de la dirección de entrega",
        ),
        (
            "/order/invoice_address/postal_code",
            "el código postal de la dirección de facturación",
        ),
        ("/cart/order_total_with_tax", "el total de la cesta"),
        (
            "/shipped_cart/items/2/quantity",
            "la cantidad del artículo 3",
        ),
        ("/0/quantity", "la cantidad del artículo 1"),
        ("/merchant_reference/order_ref_1", "el número de ticket"),
        ("/platform/uname", "el campo /platform/uname"),
        (
            "/cart/items/0/downloadable",
            "el campo /cart/items/0/downloadable",
        ),
    ];
    for (pointer, expected) in cases {
        assert_eq!(name(Language::Es, pointer).as_deref(), Some(expected));
    }
    assert_eq!(
        name(Language::En, "/cart/items/0/name").as_deref(),
        Some("the description of item 1")
    );
    // What is no field name does not go on a screen: the keys of an order are anybody's.
    for strange in [
        "",
        "/",
        "/María López",
        "/{amount}",
        "/a~1b",
        &"/long".repeat(20),
    ] {
        assert_eq!(name(Language::Es, strange), None, "{strange}");
    }
    assert_eq!(
        field::parse("/cart/items/18446744073709551615/name").1,
        Some(Place::Item(usize::MAX))
    );
    assert!(name(Language::Es, "/cart/items/18446744073709551615/name").is_some());
}

#[test]
fn values_are_shown_as_they_are_or_not_at_all() {
    let situation = Situation {
        state: Some(State::Settled),
        ..PLAIN
    };
    for strange in ["", "  ", "{amount}", "a}b", "two\nlines", &"9".repeat(41)] {
        let message = check(
            Language::Es,
            &Situation {
                order_ref_1: Some(strange),
                ..situation
            },
        );
        assert!(
            message.starts_with("La venta de 50,97 € está confirmada y registrada en seQura."),
            "{message}"
        );
    }
    let unreadable = Problem {
        expected: Some(json!("50.55")),
        actual: Some(json!(5097)),
        ..problem(ErrorCode::CartTotalMismatch, None, None)
    };
    let situation = Situation {
        status: Status::Conflict,
        error: Some(&unreadable),
        error_count: 1,
        ..PLAIN
    };
    assert!(
        check(Language::Es, &situation)
            .starts_with("El total de la cesta no coincide con la suma de sus artículos.")
    );
    let extreme = problem(
        ErrorCode::CartTotalMismatch,
        None,
        Some((i64::MIN, i64::MAX)),
    );
    check(
        Language::Fr,
        &Situation {
            error: Some(&extreme),
            ..situation
        },
    );
    assert_eq!(template::fill_one("{a", &Values::default()), None);
}

#[test]
fn tags_and_default() {
    for &language in Language::ALL {
        assert_eq!(Language::from_tag(language.tag()), Some(language));
    }
    assert_eq!(Language::from_tag("de"), None);
    assert_eq!(Language::from_tag("ES"), None);
    assert_eq!(Language::default(), Language::Es);
}

#[test]
fn some_messages_are_as_they_are_written_out() {
    let mismatch = problem(
        ErrorCode::CartTotalMismatch,
        Some("/cart/order_total_with_tax"),
        Some((5055, 5097)),
    );
    let duplicate = problem(
        ErrorCode::DuplicateOrderRef,
        Some("/merchant_reference/order_ref_1"),
        None,
    );
    let lost = problem(ErrorCode::TimedOut, None, None);
    let offline = problem(ErrorCode::NameNotResolved, None, None);
    let missing = problem(
        ErrorCode::MissingField,
        Some("/delivery_address/postal_code"),
        None,
    );
    let failed = |status, error| Situation {
        status,
        error: Some(error),
        error_count: 1,
        ..PLAIN
    };
    let situations = [
        Situation {
            state: Some(State::Settled),
            ..PLAIN
        },
        Situation {
            state: Some(State::Confirmed),
            next: Next::SetOrderRef,
            order_ref_1: None,
            ..PLAIN
        },
        Situation {
            state: Some(State::Conflicted),
            next: Next::FixOrder,
            ..failed(Status::Conflict, &mismatch)
        },
        Situation {
            state: Some(State::Conflicted),
            next: Next::ChooseAnotherRef,
            ..failed(Status::DuplicateOrderRef, &duplicate)
        },
        Situation {
            operation: "set_order_ref",
            state: Some(State::RefConflicted),
            next: Next::ChooseAnotherRef,
            ..failed(Status::DuplicateOrderRef, &duplicate)
        },
        Situation {
            state: Some(State::Confirming),
            next: Next::Recover,
            ..failed(Status::OutcomeUnknown, &lost)
        },
        Situation {
            operation: "start_solicitation",
            next: Next::CallAgain,
            ..failed(Status::Unreachable, &offline)
        },
        Situation {
            state: Some(State::FormSent),
            next: Next::FixOrder,
            error_count: 3,
            ..failed(Status::InvalidOrder, &missing)
        },
    ];
    for &language in Language::ALL {
        for (situation, expected) in situations.iter().zip(written_out(language)) {
            assert_eq!(check(language, situation), expected);
        }
    }
}

/// Eight sales as a till would show them, in this order: confirmed and settled at once; confirmed,
/// the reference still to come; the cart's total is wrong, refused by seQura; the ticket number is
/// taken, at the confirmation; the same at the registration; the answer to a confirmation was lost;
/// no network when starting; the postcode is missing, and two things more.
fn written_out(language: Language) -> [&'static str; 8] {
    match language {
        Language::Es => [
            "La venta de 50,97 € está confirmada con seQura y el ticket T-1042 ha quedado registrado. Ya puede entregar la mercancía.",
            "La venta de 50,97 € está confirmada con seQura. No entregue todavía la mercancía. Registre ahora en seQura el número de ticket de esta venta.",
            "El total de la cesta es 50,97 € y sus artículos suman 50,55 €: hay 0,42 € de diferencia. No complete la venta ni entregue la mercancía. Corrija la venta y vuelva a intentarlo; si no puede, avise al servicio técnico de la caja.",
            "El número de ticket T-1042 ya se usó en otra venta con seQura. No complete la venta ni entregue la mercancía. Dé otro número de ticket a esta venta y vuelva a intentarlo.",
            "La venta está confirmada, pero seQura no puede pagarla porque el ticket T-1042 ya se usó en otra venta. No entregue todavía la mercancía. Dé otro número de ticket a esta venta y vuelva a intentarlo.",
            "Falta la respuesta de seQura y no se sabe si la venta de 50,97 € ha quedado confirmada. No entregue todavía la mercancía. Compruebe desde la caja cómo ha quedado la venta antes de repetirla.",
            "No se ha podido conectar con seQura; quizá la tienda no tenga internet. Vuelva a intentarlo dentro de un momento.",
            "Falta el código postal de la dirección de entrega (y hay 2 errores más). No entregue todavía la mercancía. Corrija la venta y vuelva a intentarlo; si no puede, avise al servicio técnico de la caja.",
        ],
        Language::En => [
            "The sale of €50.97 is confirmed with seQura and receipt T-1042 is registered. You may hand over the goods.",
            "The sale of €50.97 is confirmed with seQura. Do not hand over the goods yet. Now register this sale's receipt number with seQura.",
            "The basket total is €50.97 but its items add up to €50.55: a difference of €0.42. Do not complete the sale or hand over the goods. Correct the sale and try again; if you cannot, call the till's support.",
            "The receipt number T-1042 was already used for another sale with seQura. Do not complete the sale or hand over the goods. Give this sale another receipt number and try again.",
            "The sale is confirmed, but seQura cannot pay for it because receipt T-1042 was already used for another sale. Do not hand over the goods yet. Give this sale another receipt number and try again.",
            "There is no answer from seQura, so it is not known whether the sale of €50.97 is confirmed. Do not hand over the goods yet. Check at the till what became of the sale before you repeat it.",
            "The till could not reach seQura; perhaps the shop has no internet. Try again in a moment.",
            "The postcode of the delivery address is missing (and there are 2 more errors). Do not hand over the goods yet. Correct the sale and try again; if you cannot, call the till's support.",
        ],
        Language::Fr => [
            "La vente de 50,97\u{a0}€ est confirmée avec seQura et le ticket T-1042 est enregistré. Vous pouvez remettre la marchandise au client.",
            "La vente de 50,97\u{a0}€ est confirmée avec seQura. Ne remettez pas encore la marchandise. Enregistrez maintenant chez seQura le numéro de ticket de cette vente.",
            "Le total du panier est de 50,97\u{a0}€ et la somme des articles de 50,55\u{a0}€\u{a0}: il y a 0,42\u{a0}€ d'écart. Ne terminez pas la vente et ne remettez pas la marchandise. Corrigez la vente et réessayez\u{a0}; si c'est impossible, appelez l'assistance de la caisse.",
            "Le numéro de ticket T-1042 a déjà servi pour une autre vente avec seQura. Ne terminez pas la vente et ne remettez pas la marchandise. Donnez un autre numéro de ticket à cette vente et réessayez.",
            "La vente est confirmée, mais seQura ne peut pas la payer car le ticket T-1042 a déjà servi pour une autre vente. Ne remettez pas encore la marchandise. Donnez un autre numéro de ticket à cette vente et réessayez.",
            "Sans réponse de seQura, on ne sait pas si la vente de 50,97\u{a0}€ est confirmée. Ne remettez pas encore la marchandise. Vérifiez à la caisse ce qu'est devenue la vente avant de la refaire.",
            "La caisse n'a pas pu joindre seQura\u{a0}; le magasin n'a peut-être pas d'internet. Réessayez dans un instant.",
            "Il manque le code postal de l'adresse de livraison (et il y a 2 autres erreurs). Ne remettez pas encore la marchandise. Corrigez la vente et réessayez\u{a0}; si c'est impossible, appelez l'assistance de la caisse.",
        ],
        Language::It => [
            "La vendita di 50,97 € è confermata con seQura e lo scontrino T-1042 è registrato. Ora può consegnare la merce.",
            "La vendita di 50,97 € è confermata con seQura. Non consegni ancora la merce. Registri ora presso seQura il numero di scontrino di questa vendita.",
            "Il totale del carrello è 50,97 € e la somma degli articoli è 50,55 €: la differenza è di 0,42 €. Non concluda la vendita e non consegni la merce. Corregga la vendita e riprovi; se non è possibile, chiami l'assistenza della cassa.",
            "Il numero di scontrino T-1042 è già stato usato per un'altra vendita con seQura. Non concluda la vendita e non consegni la merce. Dia un altro numero di scontrino a questa vendita e riprovi.",
            "La vendita è confermata, ma seQura non può pagarla perché lo scontrino T-1042 è già stato usato per un'altra vendita. Non consegni ancora la merce. Dia un altro numero di scontrino a questa vendita e riprovi.",
            "Manca la risposta di seQura e non si sa se la vendita di 50,97 € è confermata. Non consegni ancora la merce. Controlli alla cassa com'è finita la vendita prima di ripeterla.",
            "La cassa non è riuscita a collegarsi con seQura; forse il negozio è senza internet. Riprovi tra un momento.",
            "Manca il CAP dell'indirizzo di consegna (e ci sono altri 2 errori). Non consegni ancora la merce. Corregga la vendita e riprovi; se non è possibile, chiami l'assistenza della cassa.",
        ],
        Language::Pt => [
            "A venda de 50,97 € está confirmada com a seQura e o talão T-1042 ficou registado. Já pode entregar a mercadoria.",
            "A venda de 50,97 € está confirmada com a seQura. Não entregue ainda a mercadoria. Registe agora na seQura o número do talão desta venda.",
            "O total do cesto é 50,97 € e os artigos somam 50,55 €: há 0,42 € de diferença. Não conclua a venda nem entregue a mercadoria. Corrija a venda e tente novamente; se não conseguir, contacte a assistência da caixa.",
            "O número de talão T-1042 já foi usado noutra venda com a seQura. Não conclua a venda nem entregue a mercadoria. Dê outro número de talão a esta venda e tente novamente.",
            "A venda está confirmada, mas a seQura não a pode pagar porque o talão T-1042 já foi usado noutra venda. Não entregue ainda a mercadoria. Dê outro número de talão a esta venda e tente novamente.",
            "Falta a resposta da seQura e não se sabe se a venda de 50,97 € ficou confirmada. Não entregue ainda a mercadoria. Verifique na caixa como ficou a venda antes de a repetir.",
            "Não foi possível ligar à seQura; talvez a loja esteja sem internet. Tente novamente dentro de momentos.",
            "Falta o código postal da morada de entrega (e há mais 2 erros). Não entregue ainda a mercadoria. Corrija a venda e tente novamente; se não conseguir, contacte a assistência da caixa.",
        ],
    }
}

/// What the shopper has not said is asked for by the form; what only the till's program knows is not.
#[test]
fn a_start_says_what_the_form_may_ask_for() {
    let started = |warnings: &[Problem], language| {
        let situation = Situation {
            operation: "start_solicitation",
            state: Some(State::Solicited),
            next: Next::SendForm,
            warnings,
            ..PLAIN
        };
        check(language, &situation)
    };
    let missing = |code, pointer| [problem(code, Some(pointer), None)];
    let city = missing(ErrorCode::EmptyText, "/invoice_address/city");
    let without = started(&[], Language::En);
    assert_eq!(
        started(&city, Language::En),
        without.replacen(
            ". ",
            ". Some of the customer's details are missing, such as the town of the billing address; the seQura form may ask the customer for them. ",
            1
        )
    );
    for &language in Language::ALL {
        assert_ne!(started(&city, language), started(&[], language));
        for (code, pointer) in [
            (ErrorCode::EmptyText, "/customer/ip_number"),
            (ErrorCode::EmptyText, "/delivery_method/name"),
            (ErrorCode::MissingField, "/delivery_method"),
            (ErrorCode::InvalidLanguage, "/customer/language_code"),
            (ErrorCode::UnknownField, "/customer/city"),
        ] {
            let other = missing(code, pointer);
            assert_eq!(
                started(&other, language),
                started(&[], language),
                "{pointer}"
            );
        }
        let later = |warnings| operator_message(language, &Situation { warnings, ..PLAIN });
        assert_eq!(later(&city), later(&[]), "it has been asked by then");
    }
}
