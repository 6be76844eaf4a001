//! What a double says to a request that it has no answer for, as a problem (RFC 9457).

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::ledger::Unknown;
use crate::answer::Answer;

/// The request was not recorded.
pub(super) fn unknown(unknown: &Unknown) -> Response {
    let mut problem = json!({
        "type": "about:blank",
        "title": "Not recorded",
        "status": 501,
        "detail": unknown.to_string(),
        "method": unknown.method,
        "path": unknown.path,
    });
    if let Some(nearest) = &unknown.nearest {
        let differences: Vec<Value> =
            nearest.differences.iter().map(|difference| difference.to_string().into()).collect();
        problem["nearest"] = json!({
            "entry": nearest.entry.index,
            "step": nearest.entry.step,
            "method": nearest.entry.method,
            "path": nearest.entry.path,
            "differences": differences,
        });
    }
    Answer::problem(501, problem).into_response()
}

/// The request's body was too large, or did not come.
pub(super) fn unreadable(most: usize) -> Response {
    let problem = json!({
        "type": "about:blank",
        "title": "Not read",
        "status": 413,
        "detail": format!("the body did not come to its end, or has more than {most} bytes"),
    });
    Answer::problem(413, problem).into_response()
}
