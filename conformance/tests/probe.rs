//! The probe suite against small servers: silent about a right one, and each departure told once.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use driftline_conformance::checks::Severity;
use driftline_conformance::report::{Finding, FindingStatus, terminal};
use driftline_conformance::{Report, Verdict};
use serde_json::{Value, json};
use support::{Asked, Notes, Reply, Server, edit, notes, options, report};

/// Probes notes whose right answers are changed.
async fn probed(change: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static) -> Report {
    let server = notes(change).await;
    report(options(server.target())).await
}

/// Returns the only finding.
fn only(report: &Report) -> &Finding {
    assert_eq!(report.apis[0].findings.len(), 1, "{}", terminal(report, false));
    &report.apis[0].findings[0]
}

fn brief(finding: &Finding) -> (&str, &str, &str, &str) {
    (&finding.check, &finding.operation_id, &finding.location, &finding.contract)
}

fn is(asked: &Asked, method: &str, end: &str) -> bool {
    asked.method == method && asked.path.ends_with(end)
}

fn is_one(asked: &Asked, method: &str) -> bool {
    asked.method == method && asked.path.starts_with("/notes/") && !asked.path.ends_with("/finish")
}

#[tokio::test]
async fn a_right_server_gives_no_finding_and_every_operation_succeeds() {
    let report = probed(|_, reply| reply).await;
    assert_eq!(report.verdict(), Verdict::NoDrift, "{}", terminal(&report, false));
    let api = &report.apis[0];
    assert_eq!((api.coverage.operations, api.coverage.succeeded), (5, 5));
    let delete = api.operations.iter().find(|it| it.operation_id == "deleteNote").unwrap();
    // Deleting takes a note that another operation finished; nothing in the contract says so.
    assert!(delete.statuses["204"] > 0 && delete.statuses["409"] > 0, "{delete:?}");
    assert_eq!(delete.statuses["404"], 2, "requests for what does not exist");
}

#[tokio::test]
async fn body_schema_finds_a_wrong_type() {
    let report = probed(|asked, reply| match is_one(asked, "GET") && reply.status == 200 {
        true => edit(reply, |note| note["rank"] = json!("first")),
        false => reply,
    })
    .await;
    let finding = only(&report);
    let place = "#/components/schemas/Note/allOf/1/properties/rank";
    assert_eq!(brief(finding), ("body_schema", "getNote", "/rank", place));
    assert_eq!((finding.severity, finding.status), (Severity::Breaking, FindingStatus::Confirmed));
    assert_eq!(finding.confirmations, "3/3");
    assert_eq!((finding.expected.as_str(), finding.observed.as_str()), ("integer", "string"));
    assert!(finding.position.as_ref().unwrap().starts_with("notes.json:"), "{:?}", finding.position);
    assert!(!finding.message.contains("first"), "values of answers never appear: {}", finding.message);
    assert_eq!(report.exit_status(), 1);
}

#[tokio::test]
async fn status_documented_finds_another_status() {
    let report = probed(|asked, mut reply| {
        if is(asked, "POST", "/notes") && reply.status == 201 {
            reply.status = 200;
        }
        reply
    })
    .await;
    let finding = only(&report);
    assert_eq!(brief(finding), ("status_documented", "createNote", "", "#/paths/~1notes/post/responses"));
}

#[tokio::test]
async fn content_type_documented_finds_another_media_type() {
    let report = probed(|asked, mut reply| {
        if is(asked, "GET", "/notes") && reply.status == 200 {
            reply.headers[0].1 = "text/html".to_owned();
        }
        reply
    })
    .await;
    assert_eq!(only(&report).check, "content_type_documented");
    assert_eq!(only(&report).operation_id, "listNotes");
}

#[tokio::test]
async fn undocumented_property_and_unknown_enum_value_are_additive() {
    let report = probed(|asked, reply| match is(asked, "POST", "/finish") && reply.status == 200 {
        true => edit(reply, |note| note["mood"] = json!("good")),
        false => reply,
    })
    .await;
    assert_eq!(only(&report).check, "undocumented_property");
    assert_eq!((only(&report).location.as_str(), only(&report).severity), ("/mood", Severity::Additive));

    let report = probed(|asked, reply| match is(asked, "POST", "/finish") && reply.status == 200 {
        true => edit(reply, |note| note["state"] = json!("archived")),
        false => reply,
    })
    .await;
    assert_eq!(only(&report).check, "unknown_enum_value");
    assert_eq!(only(&report).observed, "\"archived\"");
}

#[tokio::test]
async fn no_server_error_finds_the_request_that_breaks_and_makes_it_small() {
    // Breaks on heavy notes only, whatever else they hold.
    let report = probed(|asked, reply| {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        match is(asked, "POST", "/notes") && body["weight"].as_f64().is_some_and(|it| it >= 5.0) {
            true => Reply::empty(500),
            false => reply,
        }
    })
    .await;
    let finding = only(&report);
    assert_eq!(brief(finding), ("no_server_error", "createNote", "", "#/paths/~1notes/post"));
    let body = finding.curl.split("--data-raw '").nth(1).unwrap().split('\'').next().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 2, "only what is required and what breaks it: {body}");
    assert!(body["weight"].as_f64().unwrap() >= 5.0);
    assert!(finding.curl.contains("x-api-key: $NOTES_KEY"), "{}", finding.curl);
    assert!(!finding.curl.contains(support::KEY), "the credential never appears");
}

#[tokio::test]
async fn strangers_ask_for_what_exists_also_where_no_request_succeeds() {
    let kept = Arc::new(Mutex::new(Notes::default()));
    let server = Server::start(move |asked| {
        let exists = asked.path.contains("00000000-0000-4000-8000-");
        let reply = match is_one(&asked, "DELETE") {
            true => Reply::json(if exists { 409 } else { 404 }, &json!({ "reason": "not now" })),
            false => kept.lock().unwrap().answer(&asked),
        };
        async move { reply }
    })
    .await;
    let report = report(options(server.target())).await;
    let finding = only(&report);
    assert_eq!(
        (finding.check.as_str(), finding.operation_id.as_str()),
        ("credential_required", "deleteNote")
    );
    assert_eq!(finding.observed, "status 409");
}

#[tokio::test]
async fn credential_required_finds_an_operation_that_answers_anybody() {
    let report = probed(|asked, reply| match is(asked, "GET", "/notes") && reply.status == 401 {
        true => Reply::json(200, &json!({ "notes": [] })),
        false => reply,
    })
    .await;
    let finding = only(&report);
    assert_eq!(brief(finding), ("credential_required", "listNotes", "", "#/paths/~1notes/get"));
    assert!(!finding.curl.contains("x-api-key"), "{}", finding.curl);
}

#[tokio::test]
async fn error_body_finds_an_empty_and_another_envelope() {
    let report = probed(|asked, reply| match is_one(asked, "GET") && reply.status == 404 {
        true => Reply::empty(404),
        false => reply,
    })
    .await;
    assert_eq!(
        (only(&report).check.as_str(), only(&report).operation_id.as_str()),
        ("error_body", "getNote")
    );

    let report = probed(|asked, reply| match is_one(asked, "GET") && reply.status == 404 {
        true => Reply::json(404, &json!({ "error": { "code": 4 } })),
        false => reply,
    })
    .await;
    assert_eq!(only(&report).location, "/reason");
    assert!(only(&report).observed.contains("error"), "the new envelope is told in the same breath");
}

#[tokio::test]
async fn two_causes_are_two_findings_and_many_exchanges_of_one_are_one() {
    let report = probed(|asked, reply| match is(asked, "GET", "/notes") && reply.status == 200 {
        true => edit(reply, |page| {
            for note in page["notes"].as_array_mut().unwrap() {
                note["rank"] = json!("first");
                note.as_object_mut().unwrap().shift_remove("state");
            }
        }),
        false => reply,
    })
    .await;
    let findings = &report.apis[0].findings;
    let mut places: Vec<&str> = findings.iter().map(|it| it.location.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/notes/0/rank", "/notes/0/state"], "{}", terminal(&report, false));
    assert!(findings.iter().all(|it| it.exchanges > 5));
}

#[tokio::test]
async fn a_deviation_that_comes_and_goes_is_intermittent_and_says_how_often() {
    let turns = AtomicU64::new(0);
    let report = probed(move |asked, reply| match is(asked, "GET", "/notes") && reply.status == 200 {
        true if turns.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) => {
            edit(reply, |page| page["total"] = json!(1))
        }
        _ => reply,
    })
    .await;
    let finding = only(&report);
    assert_eq!(finding.status, FindingStatus::Intermittent);
    assert_ne!(finding.confirmations, "3/3");
    assert_eq!(report.exit_status(), 1, "it counts");
    assert!(finding.answers > finding.exchanges && finding.exchanges > 0);
    let often = format!("intermittent {}/{}", finding.exchanges, finding.answers);
    assert!(terminal(&report, false).contains(&often), "{}", terminal(&report, false));
}

#[tokio::test]
async fn a_deviation_that_was_seen_once_and_never_again_is_kept_and_counts() {
    let turns = AtomicU64::new(0);
    let report = probed(move |asked, reply| match is(asked, "GET", "/notes") && reply.status == 200 {
        true if turns.fetch_add(1, Ordering::SeqCst) == 3 => edit(reply, |page| page["total"] = json!(1)),
        _ => reply,
    })
    .await;
    let finding = only(&report);
    assert_eq!(finding.status, FindingStatus::Intermittent);
    assert_eq!((finding.exchanges, finding.confirmations.as_str()), (1, "0/6"));
    assert_eq!(report.exit_status(), 1, "it counts");
}

#[tokio::test]
async fn fingerprints_are_the_same_from_run_to_run_and_name_no_value() {
    let change = |asked: &Asked, reply: Reply| match is_one(asked, "GET") && reply.status == 200 {
        true => edit(reply, |note| note["rank"] = json!("first")),
        false => reply,
    };
    let first = probed(change).await;
    let server = notes(change).await;
    let mut other = options(server.target());
    other.seed = 99;
    let second = report(other).await;
    assert_eq!(only(&first).fingerprint, only(&second).fingerprint);
}
