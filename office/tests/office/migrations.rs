//! The tables, made by whoever comes first.

use crate::support::cluster;
use sequra_office::database::{NEWEST, migrate, migrated};
use sequra_office::random;
use sequra_office::settings::Settings;
use sequra_office::state::State;

#[test]
fn offices_that_start_at_once_are_not_in_each_others_way() {
    let name = format!("office_{}", random::id());
    cluster()
        .sql("postgres", &format!("CREATE DATABASE {name}"))
        .unwrap();
    let settings = || Settings {
        database: cluster().address(&name),
        connections: 1,
        page_connections: 1,
        ..Settings::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let all = runtime.block_on(async {
        let one = || {
            let state = State::new(settings()).unwrap();
            tokio::spawn(async move { migrate(&state.database).await })
        };
        let all: Vec<_> = (0..8).map(|_| one()).collect();
        let mut done = Vec::new();
        for one in all {
            done.push(one.await.unwrap().unwrap());
        }
        done
    });
    assert!(all.iter().all(|(_, to)| *to == NEWEST), "{all:?}");
    assert_eq!(
        cluster()
            .sql(&name, "SELECT count(*), max(migrated) FROM office")
            .unwrap(),
        format!("1|{NEWEST}")
    );

    // A newer office has been here.
    cluster()
        .sql(&name, "UPDATE office SET migrated = 99")
        .unwrap();
    let state = State::new(settings()).unwrap();
    let refused = runtime.block_on(migrate(&state.database)).unwrap_err();
    assert!(
        refused.to_string().contains("a newer one is needed"),
        "{refused}"
    );
    assert_eq!(runtime.block_on(migrated(&state.database)).unwrap(), 99);
}
