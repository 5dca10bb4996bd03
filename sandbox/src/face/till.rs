//! What a till needs to be told to sell here, and how to begin anew.

use super::answer::done;
use super::layout;
use super::visitor::Visitor;
use crate::accounts::Account;
use crate::sequra::Sequra;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A configuration of sequra-pos, in the order in which its documentation has the keys.
#[derive(Serialize)]
struct Configuration<'a> {
    base_url: &'a str,
    account_key: &'a str,
    account_secret: &'a str,
    merchants: BTreeMap<&'a str, &'a str>,
    journal: &'a str,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    roots: Option<serde_json::Value>,
}

fn configuration(
    visitor: &Visitor,
    account: &Account,
    base_url: &str,
    ca_file: Option<&str>,
) -> String {
    let mut merchants = BTreeMap::new();
    for merchant in &account.merchants {
        merchants.entry(&*merchant.country).or_insert(&*merchant.id);
    }
    let configuration = Configuration {
        base_url,
        account_key: &account.key,
        account_secret: &account.secret,
        merchants,
        journal: "till.journal",
        language: visitor.language.code(),
        roots: ca_file.map(|file| json!({ "file": file })),
    };
    serde_json::to_string_pretty(&configuration).unwrap_or_default()
}

pub fn section(visitor: &Visitor, sequra: &Sequra) -> Markup {
    html! {
        @for (i, account) in sequra.accounts.iter().enumerate() {
            details id=(format!("account-{i}")) open[i == 0] {
                summary { (visitor.of("Account", "Cuenta")) " " code { (account.key) } }
                div.copied {
                    (layout::lines(
                        visitor.of("Configuration", "Configuración"),
                        &configuration(visitor, account, &visitor.base_url, None),
                    ))
                    button.copy type="button" hidden data-done=(visitor.of("Copied", "Copiado")) {
                        (visitor.of("Copy", "Copiar"))
                    }
                }
                @if let Some((https, ca_file)) = sequra.https() {
                    details id=(format!("https-{i}")) {
                        summary { (visitor.of("By HTTPS", "Por HTTPS")) }
                        p { (visitor.of(
                            "The authority is made anew at each start, unless --ca-file says where to write it.",
                            "La autoridad se crea en cada arranque, salvo que --ca-file diga dónde escribirla.",
                        )) }
                        (layout::lines(
                            visitor.of("Configuration by HTTPS", "Configuración por HTTPS"),
                            &configuration(visitor, account, https, Some(ca_file)),
                        ))
                    }
                }
            }
        }
        details id="reset" {
            summary { (visitor.of("Begin anew", "Empezar de nuevo")) }
            form method="post" action="/_sandbox/page/reset" {
                p { (visitor.of(
                    "Orders, ledger, requests, messages and faults are forgotten; the rules are again those of the start.",
                    "Se olvidan pedidos, libro, peticiones, mensajes y fallos; las reglas vuelven a ser las del arranque.",
                )) }
                button.reject type="submit" { (visitor.of("Forget everything", "Olvidarlo todo")) }
            }
        }
    }
}

pub async fn reset(State(sequra): State<Arc<Sequra>>) -> Response {
    sequra.reset();
    done("/")
}
