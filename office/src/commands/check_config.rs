//! `sequra-office check-config`

use super::{Done, told, with_state};
use crate::database::{NEWEST, migrated};
use crate::keys;
use crate::serving::Certificates;
use crate::settings::Settings;
use std::fmt::Write;

/// What decides over what an acknowledgement is worth.
const DURABLE: &str = "SELECT name, setting FROM pg_settings WHERE name IN \
     ('fsync', 'full_page_writes', 'synchronous_standby_names', 'server_version', 'transaction_read_only')";

pub fn run(settings: Settings) -> Done {
    if !settings.plain_http {
        Certificates::of(&settings).map_err(told)?;
    }
    let folder = settings.keys.clone();
    with_state(settings, async move |state| {
        let mut text = String::new();
        let transaction = state.database.read().await.map_err(told)?;
        let rows = transaction.rows(DURABLE, &[]).await.map_err(told)?;
        drop(transaction);
        let setting = |name: &str| -> String {
            let row = rows.iter().find(|row| row.get::<_, &str>(0) == name);
            row.map(|row| row.get(1)).unwrap_or_default()
        };
        let _ = writeln!(text, "PostgreSQL {} answers.", setting("server_version"));
        for name in ["fsync", "full_page_writes"] {
            if setting(name) == "off" {
                return Err(format!(
                    "PostgreSQL's {name} is off: what is acknowledged would not survive a power cut"
                ));
            }
        }
        if setting("synchronous_standby_names").is_empty() {
            text += "It waits for no standby: what is acknowledged is lost with its disk.\n";
        }
        match migrated(&state.database).await.map_err(told)? {
            NEWEST => {}
            other => {
                let _ = writeln!(
                    text,
                    "Its tables are of version {other}; `migrate` makes them {NEWEST}."
                );
                return Ok(text);
            }
        }
        let all = keys::list(&state.database, folder.as_deref())
            .await
            .map_err(told)?;
        let newest = all.iter().rfind(|key| key.closed_at.is_none());
        match newest {
            None => {
                text +=
                    "There is no key yet: `keys new` makes one, and `serve` where `keys` is set.\n"
            }
            Some(key) => _ = writeln!(text, "Tills seal to {}.", key.id),
        }
        Ok(text)
    })
}
