//! The money at risk of the last days, as a picture; and as a table for whoever does not see it.

use super::language::Language;
use super::visitor::Visitor;
use crate::looking::risk::Day;
use maud::{Markup, html};

const DAY: i64 = 86_400_000;
pub const DAYS: i64 = 14;
const WIDTH: i64 = 30;
const HEIGHT: i64 = 90;

/// A picture for each currency.
pub fn charts(visitor: &Visitor, days: &[Day]) -> Markup {
    let today = visitor.now / DAY;
    let mut currencies: Vec<&str> = days.iter().map(|day| &*day.currency).collect();
    currencies.dedup();
    html! {
        @if currencies.is_empty() {
            p.empty { (visitor.says(
                "Nothing was at risk yet. It is noted once in an hour.",
                "Todavía no ha habido nada en riesgo. Se anota una vez por hora.",
            )) }
        }
        @for currency in currencies {
            @let of_day = |day: i64| days.iter().find(|one| one.day == day && one.currency == currency).map(|one| one.cents);
            @let values: Vec<(i64, Option<i64>)> = (today - DAYS + 1..=today).map(|day| (day, of_day(day))).collect();
            (chart(visitor.language, currency, &values))
            (table(visitor, currency, &values))
        }
    }
}

fn chart(language: Language, currency: &str, values: &[(i64, Option<i64>)]) -> Markup {
    let most = values
        .iter()
        .filter_map(|(_, cents)| *cents)
        .max()
        .unwrap_or_default()
        .max(1);
    let height = |cents: i64| {
        let part = i128::from(cents.max(0)) * i128::from(HEIGHT) / i128::from(most);
        // What is not nothing shows.
        (part as i64).max(i64::from(cents > 0) * 2)
    };
    let count = values.len() as i64;
    html! {
        svg.chart viewBox=(format!("0 0 {} {}", count * WIDTH, HEIGHT + 36)) aria-hidden="true" focusable="false" {
            text.most x="0" y="12" { (language.money(most, currency)) }
            line.ground x1="0" x2=(count * WIDTH) y1=(HEIGHT + 18) y2=(HEIGHT + 18) {}
            @for (i, (day, cents)) in (0..).zip(values) {
                @if let Some(cents) = cents {
                    @let high = height(*cents);
                    rect.bar x=(i * WIDTH + 4) y=(HEIGHT + 18 - high) width=(WIDTH - 8) height=(high) rx="2" {
                        title { (language.date(day * DAY)) ": " (language.money(*cents, currency)) }
                    }
                }
                @if i == 0 || i == count - 1 || i == count / 2 {
                    @let anchor = if i == 0 { "start" } else if i == count - 1 { "end" } else { "middle" };
                    @let x = if i == 0 { 0 } else if i == count - 1 { count * WIDTH } else { i * WIDTH + WIDTH / 2 };
                    text x=(x) y=(HEIGHT + 33) text-anchor=(anchor) { (short(&language.date(day * DAY))) }
                }
            }
        }
    }
}

/// Without the year.
fn short(date: &str) -> &str {
    date.rsplit_once(' ').map_or(date, |(day, _)| day)
}

fn table(visitor: &Visitor, currency: &str, values: &[(i64, Option<i64>)]) -> Markup {
    let language = visitor.language;
    html! {
        div.unseen { table {
            caption { (visitor.says("The most at risk on each day, in ", "Lo máximo en riesgo cada día, en ")) (currency) }
            thead { tr {
                th scope="col" { (visitor.says("Day", "Día")) }
                th scope="col" { (visitor.says("At risk", "En riesgo")) }
            } }
            tbody {
                @for (day, cents) in values {
                    tr {
                        th scope="row" { (language.date(day * DAY)) }
                        td { @if let Some(cents) = cents { (language.money(*cents, currency)) } @else { (visitor.says("not noted", "sin anotar")) } }
                    }
                }
            }
        } }
    }
}
