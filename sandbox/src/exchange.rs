//! One request and its answer: logged, perhaps harmed, and always finished.
//!
//! Everything that is true of every request, whatever it asks for, is here: its id, its
//! place in the request log, the fault that waits for it, the headers that all answers
//! have. The endpoints know nothing of it.

use crate::answers;
use crate::connection::{Plan, Wire};
use crate::harm::Harm;
use crate::ledger::now;
use crate::requests::{Outcome, RequestEntry, body_as_base64, without_secret};
use crate::sequra::Sequra;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Body as HttpBody;
use std::sync::Arc;
use std::time::Instant;

/// More than any order; less than memory.
const MAX_BODY: usize = 32 << 20;

/// The connection a request came on.
#[derive(Clone)]
pub struct Line {
    pub number: u64,
    pub scheme: &'static str,
    pub wire: Wire,
    /// Where it was accepted, for clients that send no `Host`.
    pub local: String,
}

impl Line {
    /// Scheme, host and port as the client wrote them.
    pub fn base_url(&self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
        format!("{}://{}", self.scheme, host.unwrap_or(&self.local))
    }
}

/// What the endpoints are told about the request beside the request.
#[derive(Clone)]
pub struct Exchange {
    pub request_id: String,
    pub base_url: String,
}

pub async fn exchange(
    State(sequra): State<Arc<Sequra>>,
    axum::Extension(line): axum::Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        // Too long, or the client is gone: what arrived was not a request.
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(parts, Body::from(body.clone()));
    // The server drops what it is doing when the client hangs up. The real one does not:
    // a request that arrived is processed, whether or not anyone waits for the answer.
    let finished = tokio::spawn(finish(sequra, line, request, body.to_vec(), next));
    finished
        .await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn finish(
    sequra: Arc<Sequra>,
    line: Line,
    mut request: Request,
    body: Vec<u8>,
    next: Next,
) -> Response {
    let started = Instant::now();
    let request_id = uuid::Uuid::new_v4().to_string();
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let harm = {
        let mut world = sequra.world();
        let harm = world.faults.strike(&method, &path, &body);
        world.requests.push(RequestEntry {
            seq: 0,
            at: now(),
            answered_at: None,
            connection: line.number,
            scheme: line.scheme.to_owned(),
            method: method.clone(),
            path: path.clone(),
            query: request.uri().query().map(str::to_owned),
            headers: without_secret(request.headers()),
            body: std::str::from_utf8(&body).ok().map(str::to_owned),
            body_base64: body_as_base64(&body),
            request_id: request_id.clone(),
            processed: false,
            status: None,
            fault: harm.as_ref().map(Harm::kind),
            location: None,
            answer: None,
        });
        harm
    };
    let context = Exchange {
        request_id: request_id.clone(),
        base_url: line.base_url(request.headers()),
    };
    request.extensions_mut().insert(context);

    line.wire.plan(Plan::Pass);
    if let Some(wait) = harm.as_ref().and_then(Harm::wait_before) {
        tokio::time::sleep(wait).await;
    }
    let processed = harm.as_ref().is_none_or(Harm::lets_through);
    let mut response = if processed {
        next.run(request).await
    } else {
        Response::default()
    };
    answers::dress(&mut response, &request_id, started.elapsed());
    let ahead_s = sequra.world().rules.clock_ahead_s;
    if ahead_s != 0 {
        answers::date(&mut response, ahead_s);
    }
    if let Some(harm) = &harm {
        response = harm.spoil(response, &line.wire).await;
    }

    let answered = harm.as_ref().is_none_or(Harm::answers);
    let status = answered.then(|| response.status().as_u16());
    let location = response.headers().get(header::LOCATION).cloned();
    let (response, answer) = read(response).await;
    sequra.world().requests.answered(
        &request_id,
        Outcome {
            processed,
            status,
            location: location
                .filter(|_| answered)
                .map(|place| String::from_utf8_lossy(place.as_bytes()).into_owned()),
            answer: answer.filter(|_| answered),
        },
    );
    if sequra.log_requests {
        let status = status.map_or_else(|| "---".to_owned(), |s| s.to_string());
        let fault = harm.map_or_else(String::new, |h| format!("  [{}]", h.kind()));
        eprintln!("{}  {status}  {method} {path}{fault}", now());
    }
    response
}

/// As much of an answer is kept.
const MAX_ANSWER: u64 = 1 << 16;

/// The answer once more, and its body if it is a text that is not too long.
async fn read(response: Response) -> (Response, Option<String>) {
    let size = HttpBody::size_hint(response.body());
    if size.upper().is_none_or(|length| length > MAX_ANSWER) {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ANSWER as usize)
        .await
        .unwrap_or_default();
    let text = std::str::from_utf8(&body).ok().map(str::to_owned);
    (Response::from_parts(parts, Body::from(body)), text)
}
