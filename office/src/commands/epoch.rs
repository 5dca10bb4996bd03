//! `sequra-office raise-epoch`

use super::{Done, told, with_state};
use crate::settings::Settings;
use crate::{clock, keys};
use tokio_postgres::types::Type;

/// Above every one that was told before, also by a database that has been lost since: the s since 1970 are.
const RAISE: &str = "UPDATE office SET epoch = CASE WHEN epoch < $1 THEN $1 ELSE epoch + 1 END WHERE one RETURNING epoch";

pub fn run(settings: Settings) -> Done {
    let folder = settings.keys.clone();
    with_state(settings, async move |state| {
        if let Some(folder) = &folder {
            keys::remember(&state.database, folder)
                .await
                .map_err(told)?;
        }
        let seconds = clock::now() / 1000;
        let transaction = state.database.begin().await.map_err(told)?;
        let rows = transaction
            .rows(RAISE, &[(&seconds, Type::INT8)])
            .await
            .map_err(told)?;
        let epoch: i64 = rows
            .first()
            .ok_or("the database has no office: `migrate` makes one")?
            .get(0);
        transaction.commit().await.map_err(told)?;
        Ok(format!(
            "The epoch is {epoch} now. Every till says everything anew when it asks next.\n"
        ))
    })
}
