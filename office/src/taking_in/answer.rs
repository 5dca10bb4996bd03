//! What a forwarder is answered.

use crate::database::Error;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sequra_frames::refusal::{Code, Refusal};
use sequra_frames::standing::Standing;

/// A standing, or why not.
pub type Answer = Result<Said, No>;

/// A yes.
pub struct Said(pub Standing);

/// A no.
#[derive(Debug)]
pub struct No {
    code: Code,
    message: String,
    standing: Option<Box<Standing>>,
    status: Option<StatusCode>,
}

impl No {
    pub fn new(code: Code, message: impl Into<String>) -> No {
        No {
            code,
            message: message.into(),
            standing: None,
            status: None,
        }
    }

    /// The frame does not begin where the office stands.
    pub fn elsewhere(standing: Standing) -> No {
        No {
            standing: Some(Box::new(standing)),
            ..No::new(Code::Elsewhere, "the office stands elsewhere")
        }
    }

    pub fn too_large(most: usize) -> No {
        No {
            status: Some(StatusCode::PAYLOAD_TOO_LARGE),
            ..No::new(Code::Unreadable, format!("more than {most} bytes"))
        }
    }

    /// Not now, whatever the cause.
    pub fn later(message: impl Into<String>) -> No {
        No::new(Code::Later, message)
    }

    /// Not so often.
    pub fn too_often(message: impl Into<String>) -> No {
        No {
            status: Some(StatusCode::TOO_MANY_REQUESTS),
            ..No::later(message)
        }
    }

    /// It is about who asks.
    pub fn is_of_the_token(&self) -> bool {
        self.code == Code::NotEnrolled
    }

    fn status(&self) -> StatusCode {
        self.status.unwrap_or(match self.code {
            Code::NotEnrolled => StatusCode::UNAUTHORIZED,
            Code::CodeRefused | Code::NotYours => StatusCode::FORBIDDEN,
            Code::UnknownIncarnation => StatusCode::NOT_FOUND,
            Code::Elsewhere => StatusCode::CONFLICT,
            Code::Unreadable => StatusCode::BAD_REQUEST,
            Code::Upgrade => StatusCode::UPGRADE_REQUIRED,
            Code::Later => StatusCode::SERVICE_UNAVAILABLE,
        })
    }
}

impl From<Error> for No {
    /// Whatever it is, what is not known to be kept is not acknowledged: the till says it again.
    fn from(error: Error) -> No {
        No::later(error.to_string())
    }
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let status = self.status();
        let refusal = Refusal {
            code: self.code,
            message: self.message,
            standing: self.standing.map(|standing| *standing),
        };
        let mut response = json(status, &refusal);
        if self.code == Code::Later {
            // Jittered, so that ten thousand tills do not come back at once.
            let seconds = 1 + crate::random::below(4);
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("an answer is JSON");
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}
