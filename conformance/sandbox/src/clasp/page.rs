//! Pages by cursor. A cursor is opaque to callers; inside it is the position of the page's first connection,
//! which is enough because connections neither come nor go.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::connections::Connection;
use super::refusals::{InputError, invalid};
use crate::answer::Answer;
use crate::call::Call;

const DEFAULT_SIZE: usize = 25;

/// `GET /connections`.
pub(super) fn list(connections: &[Connection], call: &Call<'_>) -> Result<Answer, Answer> {
    let mut wrong: Vec<InputError> = call
        .parameter_violations
        .iter()
        .map(|violation| InputError::new(&[&violation.name], format!("expected {}", violation.expected)))
        .collect();
    let first = match call.query_value("cursor") {
        None => 0,
        Some(cursor) => {
            read_cursor(cursor).filter(|first| *first <= connections.len()).unwrap_or_else(|| {
                wrong.push(InputError::new(&["cursor"], "this cursor is not one of ours"));
                0
            })
        }
    };
    if !wrong.is_empty() {
        return Err(invalid(&wrong));
    }
    let size = call.query_value("page_size").and_then(|size| size.parse().ok()).unwrap_or(DEFAULT_SIZE);
    let after = first.saturating_add(size);
    let link = |position: usize| {
        let cursor = URL_SAFE_NO_PAD.encode(format!("from:{position}"));
        format!("{}/connections?cursor={cursor}&page_size={size}", call.origin)
    };
    let next = (after < connections.len()).then(|| link(after));
    let previous = (first > 0).then(|| link(first.saturating_sub(size)));
    let results: Vec<Value> = connections.iter().skip(first).take(size).map(Connection::to_json).collect();
    Ok(Answer::json(200, json!({"next": next, "previous": previous, "results": results})))
}

fn read_cursor(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("from:")?.parse().ok()
}
