//! The reserved paths by which a caller in another process drives a sandbox: its clock and its reset. They
//! are no part of any API, take the same credential, and move no clock by themselves.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::host::Host;

/// What every reserved path begins with.
pub(crate) const PREFIX: &str = "/__sandbox__";

/// The path that moves the clock of a sandbox in another process: `POST` with `{"seconds": N}`.
pub const CLOCK: &str = "/__sandbox__/clock/advance";

/// The furthest that one request may move the clock, in seconds: ten years.
const FURTHEST: u64 = 10 * 366 * 24 * 60 * 60;

/// Answers a request to a reserved path, given without the prefix.
pub(crate) fn answer(host: &Host, method: &Method, path: &str, body: &[u8], admitted: bool) -> Answer {
    if !admitted {
        return Answer::text(401, "send the sandbox's credential as the API itself takes it\n");
    }
    match (method.as_str(), path) {
        ("GET", "/clock") => now(host),
        ("POST", "/clock/advance") => match seconds(body) {
            Some(seconds) => {
                host.clock.advance(Duration::from_secs(seconds));
                now(host)
            }
            None => Answer::text(
                400,
                format!("send {{\"seconds\": N}} with a whole number from 0 to {FURTHEST}\n"),
            ),
        },
        ("POST", "/reset") => {
            host.reset();
            now(host)
        }
        _ => Answer::text(404, "there are GET /clock, POST /clock/advance and POST /reset\n"),
    }
}

fn now(host: &Host) -> Answer {
    Answer::json(200, json!({"now": host.clock.now().to_string()}))
}

fn seconds(body: &[u8]) -> Option<u64> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("seconds")?.as_u64().filter(|seconds| *seconds <= FURTHEST)
}
