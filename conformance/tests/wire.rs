//! What strangers, other methods and slow answers show, against a small server: each cause is told once, and nothing is
//! sent that a target should not get.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use driftline_conformance::Report;
use driftline_conformance::checks::Severity;
use driftline_conformance::report::terminal;
use driftline_conformance::target::TargetKind;
use serde_json::json;
use support::{Asked, KEY, Notes, Reply, Server, notes, options, report};

/// Serves notes to whom a function lets in, whatever they show.
async fn admitting(admits: impl Fn(&Asked) -> bool + Send + Sync + 'static) -> Server {
    let notes = std::sync::Mutex::new(Notes::default());
    Server::start(move |mut asked| {
        if admits(&asked) {
            asked.key = Some(KEY.to_owned());
        }
        let reply = notes.lock().unwrap().answer(&asked);
        async move { reply }
    })
    .await
}

async fn probed(server: &Server) -> Report {
    report(options(server.target())).await
}

/// Returns the check, the operation and the severity of each finding.
fn brief(report: &Report) -> Vec<(&str, &str, Severity)> {
    let findings = report.apis[0].findings.iter();
    findings.map(|it| (it.check.as_str(), it.operation_id.as_str(), it.severity)).collect()
}

fn is_list(asked: &Asked) -> bool {
    asked.method == "GET" && asked.path == "/notes"
}

#[tokio::test]
async fn each_kind_of_stranger_that_gets_in_is_one_finding() {
    type Admits = fn(&Asked) -> bool;
    let kinds: [(&str, Admits, Severity); 4] = [
        ("no credential", |asked| is_list(asked), Severity::Behavioural),
        ("a wrong credential", |asked| is_list(asked) && asked.key.is_some(), Severity::Behavioural),
        (
            "an empty credential",
            |asked| is_list(asked) && asked.key.as_deref() == Some(""),
            Severity::Behavioural,
        ),
        (
            "its credential in another place",
            |asked| is_list(asked) && asked.query.contains(&format!("x-api-key={}", KEY.replace('-', "%2D"))),
            Severity::Notice,
        ),
    ];
    for (words, admits, severity) in kinds {
        let server = admitting(admits).await;
        let report = probed(&server).await;
        assert_eq!(
            brief(&report),
            [("credential_required", "listNotes", severity)],
            "{}",
            terminal(&report, false)
        );
        let finding = &report.apis[0].findings[0];
        assert!(finding.message.contains(&format!("with {words}")), "{}", finding.message);
        assert!(!report.to_json().contains(KEY));
    }
}

#[tokio::test]
async fn our_secret_goes_into_no_url_where_somebody_else_keeps_the_logs() {
    for kind in [TargetKind::Staging, TargetKind::Production] {
        let server = notes(|_, reply| reply).await;
        let mut target = server.target();
        target.kind = kind;
        let report = report(options(target)).await;
        assert_eq!(report.apis[0].findings, [], "{}", terminal(&report, false));
        assert!(server.asked().iter().all(|asked| !asked.query.contains("secret")));
    }
}

#[tokio::test]
async fn a_method_that_works_and_is_not_documented_is_one_finding() {
    let patched = notes(|asked, reply| match asked.method == "PATCH" && asked.path.starts_with("/notes/") {
        true => Reply::json(200, &json!({ "anything": 1 })).with("allow", "GET, DELETE, PATCH"),
        false => reply,
    })
    .await;
    let report = probed(&patched).await;
    let findings: BTreeSet<_> = brief(&report).into_iter().collect();
    let wanted = ["getNote", "finishNote"].map(|it| ("undocumented_method_refused", it, Severity::Additive));
    assert_eq!(findings, BTreeSet::from(wanted), "one a path: {}", terminal(&report, false));
}

#[tokio::test]
async fn an_endpoint_that_never_says_what_is_allowed_is_one_finding() {
    let silent = notes(|asked, reply| match asked.method.as_str() {
        "PATCH" | "OPTIONS" => Reply::empty(405),
        _ => reply,
    })
    .await;
    let report = probed(&silent).await;
    assert_eq!(brief(&report), [("allow_lists_methods", "createNote", Severity::Notice)]);
    let right = notes(|asked, reply| match (asked.method.as_str(), asked.path.as_str()) {
        ("PATCH" | "OPTIONS", "/notes") => Reply::empty(405).with("allow", "GET, HEAD, POST"),
        ("PATCH" | "OPTIONS", path) if path.ends_with("/finish") => Reply::empty(405).with("allow", "post"),
        ("PATCH" | "OPTIONS", _) => Reply::empty(405).with("allow", "DELETE").with("allow", "GET"),
        _ => reply,
    })
    .await;
    assert_eq!(brief(&probed(&right).await), []);
}

#[tokio::test]
async fn methods_that_may_change_something_go_to_endpoints_for_trying_out_only() {
    for (kind, methods) in [
        (TargetKind::Sandbox, &["DELETE", "GET", "OPTIONS", "PATCH", "POST"][..]),
        (TargetKind::Staging, &["DELETE", "GET", "OPTIONS", "POST"]),
        (TargetKind::Production, &["GET", "OPTIONS"]),
    ] {
        let server = notes(|_, reply| reply).await;
        let mut target = server.target();
        target.kind = kind;
        report(options(target)).await;
        let asked = server.asked();
        let seen: BTreeSet<&str> = asked.iter().map(|it| it.method.as_str()).collect();
        assert_eq!(seen, methods.iter().copied().collect(), "{kind:?}");
        let undocumented =
            asked.iter().filter(|it| it.method == "PATCH" || it.method == "DELETE" && it.path == "/notes");
        assert!(undocumented.clone().all(|it| it.method == "PATCH" && it.body == "{}"), "{kind:?}");
    }
}

#[tokio::test]
async fn answers_are_judged_by_time_only_where_there_is_a_budget_and_most_are_beyond_it() {
    // No answer takes no time at all, and none here takes an hour.
    let hour = Duration::from_secs(3600);
    for (budget, slow) in [(None, false), (Some(hour), false), (Some(Duration::ZERO), true)] {
        let server = notes(|_, reply| reply).await;
        let mut target = server.target();
        target.most_latency = budget;
        let report = report(options(target)).await;
        let findings = &report.apis[0].findings;
        assert_eq!(findings.len(), if slow { 5 } else { 0 }, "{}", terminal(&report, false));
        assert!(findings.iter().all(|it| it.check == "latency_within_budget" && it.confirmations == "3/3"));
        assert!(findings.iter().all(|it| it.message.contains(" answers of this operation")));
    }
}
