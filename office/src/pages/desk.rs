//! What the pages work with.

use super::answer;
use super::front::Front;
use crate::database::{Database, Error, Transaction};
use crate::looking::Bounds;
use crate::settings::Secret;
use crate::state::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, html};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// So many passwords are looked at side by side, and so many more may wait for it: each takes 19 MiB.
const HASHED: usize = 2;
const WAITING: usize = 24;

pub struct Desk {
    pub database: Database,
    pub front: Front,
    pub silent_after: i64,
    pub lagging_after: i64,
    /// By which a collector of metrics is known; none: it must be on this machine.
    pub metrics_token: Option<Secret>,
    hashers: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Desk {
    pub fn new(state: &State) -> Desk {
        let settings = &state.settings;
        let minutes = |minutes: f64| (minutes * 60_000.0) as i64;
        Desk {
            database: state.pages.clone(),
            front: Front {
                public_url: settings.public_url.clone(),
                trusted_proxies: settings.trusted_proxies.clone(),
                serves_tls: !settings.plain_http,
            },
            silent_after: minutes(settings.silent_after_minutes),
            lagging_after: minutes(settings.lagging_after_minutes),
            metrics_token: settings.metrics_token.clone(),
            hashers: Arc::new(Semaphore::new(HASHED)),
            waiting: AtomicUsize::new(0),
        }
    }

    pub fn bounds(&self, now: i64) -> Bounds {
        Bounds {
            now,
            silent: now.saturating_sub(self.silent_after),
            lagging: now.saturating_sub(self.lagging_after),
        }
    }

    /// For what a page shows: everything as of one moment.
    pub async fn read(&self) -> Result<Transaction, Trouble> {
        Ok(self.database.read().await?)
    }

    /// Computes with a password on a thread that may block; none: too many wait for that already.
    pub async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let _place = Place::take(&self.waiting)?;
        let permit = self.hashers.clone().acquire_owned().await.ok()?;
        // Whoever has gone away meanwhile does not make room for another before it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.ok()
    }
}

/// A place among those that wait.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(waiting: &AtomicUsize) -> Option<Place<'_>> {
        let place = Place(waiting);
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        (before < HASHED + WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The database does not do what a page needs of it.
#[derive(Debug)]
pub struct Trouble(Error);

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble(error)
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Trouble {
        Trouble(error.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        // For whoever runs the office; who looks at the page can do nothing about it.
        eprintln!("sequra-office: a page cannot be shown: {}", self.0);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "seQura office" }
                    link rel="stylesheet" href="/page.css";
                }
                body {
                    main.alone {
                        h1 { "The database does not answer" }
                        p role="alert" { "Try again in a moment. If it stays so, whoever runs the office finds the reason in its log." }
                        div lang="es" {
                            h1 { "La base de datos no contesta" }
                            p { "Vuelva a intentarlo dentro de un momento. Si sigue así, quien administra la oficina tiene el motivo en su registro." }
                        }
                    }
                }
            }
        };
        let kind = "text/html; charset=utf-8";
        let response = answer::text(StatusCode::SERVICE_UNAVAILABLE, kind, page.into_string());
        answer::later(response, 5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_wait_for_their_passwords() {
        let waiting = AtomicUsize::new(0);
        let places: Vec<_> = (0..HASHED + WAITING)
            .filter_map(|_| Place::take(&waiting))
            .collect();
        assert_eq!(places.len(), HASHED + WAITING);
        assert!(Place::take(&waiting).is_none());
        drop(places);
        assert!(Place::take(&waiting).is_some());
    }
}
