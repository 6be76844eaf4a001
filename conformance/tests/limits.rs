//! Manners and bounds: what a run does not do to an endpoint, and what an endpoint cannot do to a run.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use driftline_conformance::report::terminal;
use driftline_conformance::target::{Bounds, Client, Clock, TargetKind};
use driftline_conformance::{Cancel, Verdict};
use serde_json::json;
use support::{Asked, Reply, Server, edit, notes, options, report, target};
use tokio::time::Instant;

/// Returns why a run is inconclusive, joined.
fn reasons(report: &driftline_conformance::Report) -> String {
    let reasons = report.apis[0].inconclusive.iter();
    reasons.map(|it| format!("{:?}: {}", it.operation_id, it.reason)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn nobody_there_is_inconclusive_and_soon_known() {
    let started = Instant::now();
    let report = report(options(target("http://127.0.0.1:1"))).await;
    assert_eq!((report.verdict(), report.exit_status()), (Verdict::Inconclusive, 3));
    assert!(reasons(&report).contains("cannot be reached"), "{}", reasons(&report));
    assert!(reasons(&report).contains("createNote"), "operations are named: {}", reasons(&report));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_refused_credential_is_inconclusive_and_nothing_is_judged() {
    for status in [401, 403] {
        // Neither the body nor the status is as documented, and that says nothing.
        let server = Server::start(move |_| async move { Reply::empty(status) }).await;
        let report = report(options(server.target())).await;
        assert_eq!(report.exit_status(), 3, "{}", terminal(&report, false));
        assert_eq!(report.apis[0].findings, []);
        assert!(reasons(&report).contains("credential"), "{}", reasons(&report));
        assert!(server.asked().len() < 40, "it stops asking: {}", server.asked().len());
    }
}

#[tokio::test]
async fn an_outage_is_not_drift() {
    for status in [502, 503, 504] {
        let server = Server::start(move |_| async move { Reply::empty(status) }).await;
        let report = report(options(server.target())).await;
        assert_eq!(report.exit_status(), 3, "{}", terminal(&report, false));
        assert_eq!(report.apis[0].findings, []);
    }
}

#[tokio::test]
async fn one_operation_out_of_order_is_named_and_the_others_are_judged() {
    let server = notes(|asked, reply| match asked.path.ends_with("/finish") {
        true => Reply::empty(503),
        false => reply,
    })
    .await;
    let report = report(options(server.target())).await;
    assert_eq!(report.exit_status(), 3, "{}", terminal(&report, false));
    assert!(reasons(&report).contains("finishNote"), "{}", reasons(&report));
    assert!(!reasons(&report).contains("getNote"), "{}", reasons(&report));
}

#[tokio::test]
async fn a_hung_server_times_out() {
    let server = Server::start(|_| async {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Reply::empty(200)
    })
    .await;
    let mut target = server.target();
    target.timeout = Duration::from_millis(200);
    let started = Instant::now();
    let report = report(options(target)).await;
    assert_eq!(report.exit_status(), 3);
    assert!(reasons(&report).contains("no answer"), "{}", reasons(&report));
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn a_huge_body_is_not_read() {
    let server = notes(|asked, mut reply| {
        if asked.method == "GET" && asked.path == "/notes" && reply.status == 200 {
            reply.body = "x".repeat(200_000);
        }
        reply
    })
    .await;
    let mut target = server.target();
    target.largest_body = 100_000;
    let report = report(options(target)).await;
    assert_eq!(report.exit_status(), 3, "{}", terminal(&report, false));
    assert!(reasons(&report).contains("more than 100000 bytes"), "{}", reasons(&report));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::start(|_| async { Reply::empty(200) }).await;
    let url = elsewhere.url.clone();
    let server = notes(move |asked, reply| match asked.method == "GET" && asked.path == "/notes" {
        true => Reply::empty(302).with("location", &url),
        false => reply,
    })
    .await;
    let report = report(options(server.target())).await;
    assert_eq!(elsewhere.asked(), [], "nothing leaves the host");
    let finding = &report.apis[0].findings[0];
    assert_eq!((finding.check.as_str(), finding.observed.as_str()), ("status_documented", "status 302"));
}

#[tokio::test]
async fn a_sequential_target_is_asked_one_request_at_a_time() {
    for (concurrency, overlaps) in [(1, false), (6, true)] {
        let server = Server::start(|_| async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            Reply::json(404, &json!({ "reason": "x" }))
        })
        .await;
        let mut target = server.target();
        target.concurrency = concurrency;
        report(options(target)).await;
        let widest = server.widest.load(Ordering::SeqCst);
        assert_eq!(widest > 1, overlaps, "{widest} at a time with a concurrency of {concurrency}");
        assert!(widest <= concurrency);
    }
}

#[tokio::test]
async fn the_rate_is_kept() {
    let server = notes(|_, reply| reply).await;
    let mut target = server.target();
    target.requests_per_second = Some(100.0);
    let mut options = options(target);
    options.max_requests = Some(50);
    let started = Instant::now();
    report(options).await;
    assert!(started.elapsed() >= Duration::from_millis(480), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_budget_is_kept_and_what_it_leaves_out_is_named() {
    for budget in [1, 7, 60] {
        let server = notes(|_, reply| reply).await;
        let mut options = options(server.target());
        options.max_requests = Some(budget);
        let report = report(options).await;
        // What ends what was created comes on top, and is never more than that.
        let cleaned = report.apis[0].clean_up.map_or(0, |it| it.requests);
        assert!(report.apis[0].requests <= budget && cleaned <= budget);
        assert_eq!(report.apis[0].requests + cleaned, server.asked().len() as u64);
        if budget < 5 {
            assert_eq!(report.exit_status(), 3);
            assert!(reasons(&report).contains("budget"), "{}", reasons(&report));
        }
    }
}

#[tokio::test]
async fn a_run_that_wants_one_deviation_confirms_it_and_asks_for_nothing_more() {
    let asked = |most: Option<usize>| async move {
        let server = notes(|asked, reply| match (asked.method.as_str(), reply.status) {
            ("POST", 201) => edit(reply, |note| note["rank"] = json!("first")),
            ("GET", 200) => edit(reply, |note| note["text"] = json!(1)),
            _ => reply,
        })
        .await;
        let mut options = options(server.target());
        options.max_findings = most.and_then(NonZeroUsize::new);
        (report(options).await, server.asked().len())
    };
    let (whole, usual) = asked(None).await;
    let (first, few) = asked(Some(1)).await;
    assert!(whole.apis[0].findings.len() > 1 && !whole.partial, "{}", terminal(&whole, false));
    let [finding] = first.apis[0].findings.as_slice() else { panic!("{}", terminal(&first, false)) };
    assert_eq!((finding.operation_id.as_str(), finding.confirmations.as_str()), ("createNote", "3/3"));
    assert!(first.partial && few * 3 < usual, "{few} of {usual}");
    assert_eq!(first.exit_status(), 1);
    assert!(reasons(&first).contains("as many deviations"), "{}", reasons(&first));
}

#[tokio::test]
async fn the_time_is_kept() {
    let server = Server::start(|_| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Reply::json(404, &json!({ "reason": "x" }))
    })
    .await;
    let mut options = options(server.target());
    options.max_time = Some(Duration::from_millis(300));
    let started = Instant::now();
    let report = report(options).await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(report.partial);
    assert!(reasons(&report).contains("time was up"), "{}", reasons(&report));
}

#[tokio::test]
async fn a_stopped_run_leaves_a_partial_report() {
    let server = notes(|asked, reply| match asked.path == "/notes" && reply.status == 201 {
        true => edit(reply, |note| note["rank"] = json!("first")),
        false => reply,
    })
    .await;
    let cancel = Cancel::new();
    let mut options = options(server.target());
    options.cancel = cancel.clone();
    options.target.requests_per_second = Some(50.0);
    let stop = async {
        while server.asked().len() < 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cancel.trigger();
    };
    let (report, ()) = tokio::join!(report(options), stop);
    assert!(report.partial);
    assert_eq!(report.apis[0].findings[0].confirmations, "0/0", "seen, and not repeated any more");
    assert!(server.asked().len() < 30);
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let refusals = AtomicU32::new(2);
    let server = notes(move |_, reply| {
        let left = refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match left {
            Ok(_) => Reply::empty(429).with("retry-after", "1"),
            Err(_) => reply,
        }
    })
    .await;
    let mut options = options(server.target());
    options.target.concurrency = 1;
    let started = Instant::now();
    let report = report(options).await;
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(report.exit_status(), 0, "{}", terminal(&report, false));
}

#[tokio::test]
async fn past_our_patience_throttling_is_inconclusive() {
    let server = Server::start(|_| async { Reply::empty(429).with("retry-after", "7200") }).await;
    let started = Instant::now();
    let report = report(options(server.target())).await;
    assert_eq!(report.exit_status(), 3);
    assert!(reasons(&report).contains("429"), "{}", reasons(&report));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn production_gets_safe_methods_only() {
    let server = notes(|_, reply| reply).await;
    let mut target = server.target();
    target.kind = TargetKind::Production;
    let report = report(options(target)).await;
    assert!(server.asked().iter().all(|asked| matches!(asked.method.as_str(), "GET" | "OPTIONS")));
    let skipped: Vec<_> = report.apis[0].operations.iter().filter(|it| it.skipped.is_some()).collect();
    assert_eq!(skipped.len(), 3);
}

#[tokio::test]
async fn without_leave_only_what_the_run_created_is_changed() {
    // The list shows a note that somebody else made.
    let theirs = "11111111-0000-4000-8000-000000000000";
    let server = notes(move |asked, reply| match asked.method == "GET" && asked.path == "/notes" {
        true if reply.status == 200 => edit(reply, |page| {
            let notes = page["notes"].as_array_mut().unwrap();
            notes.insert(0, json!({ "text": "theirs", "note_id": theirs, "state": "done" }));
        }),
        _ => reply,
    })
    .await;
    report(options(server.target())).await;
    let touched: Vec<Asked> =
        server.asked().into_iter().filter(|asked| asked.path.contains(theirs)).collect();
    assert!(!touched.is_empty() && touched.iter().all(|asked| asked.method == "GET"), "{touched:?}");
}

/// What was asked, without the order in which concurrent requests arrived.
fn sorted(server: &Server) -> Vec<Asked> {
    let mut asked = server.asked();
    asked.sort();
    asked
}

#[tokio::test]
async fn the_same_seed_sends_the_same_requests_and_another_seed_others() {
    let mut logs = Vec::new();
    for seed in [5, 5, 6] {
        let server = notes(|_, reply| reply).await;
        let mut options = options(server.target());
        options.seed = seed;
        report(options).await;
        logs.push(sorted(&server));
    }
    assert_eq!(logs[0], logs[1]);
    assert_ne!(logs[0], logs[2]);
}

#[tokio::test]
async fn parts_of_a_partition_share_the_operations() {
    let mut probed: BTreeMap<String, usize> = BTreeMap::new();
    for part in ["1/2", "2/2"] {
        let server = notes(|_, reply| reply).await;
        let mut options = options(server.target());
        options.partition = Some(part.parse().unwrap());
        let report = report(options).await;
        assert_eq!(report.exit_status(), 0, "{}", terminal(&report, false));
        for operation in &report.apis[0].operations {
            *probed.entry(operation.operation_id.clone()).or_default() += 1;
        }
    }
    assert_eq!(probed.len(), 5);
    assert!(probed.values().all(|count| *count == 1), "{probed:?}");
}

#[tokio::test]
async fn synthetic_people_only() {
    let server = notes(|_, reply| reply).await;
    report(options(server.target())).await;
    let (mut numbers, mut phones) = (0, 0);
    for asked in server.asked().iter().filter(|asked| asked.method == "POST" && asked.path == "/notes") {
        // A near miss may be no JSON at all.
        let note: serde_json::Value = serde_json::from_str(&asked.body).unwrap_or_default();
        if let Some(ssn) = note["ssn"].as_str() {
            // One that breaks its pattern in the first place is no number.
            assert!(ssn.starts_with(['9', '~', 'x']), "a number that was never issued: {ssn}");
            numbers += 1;
        }
        if let Some(phone) = note["author"]["phone_number"].as_str().filter(|it| it.len() > 6) {
            assert!(phone.contains("55501") || phone.contains("555-01"), "{phone}");
            phones += 1;
        }
        if let Some(email) = note["author"]["email"].as_str() {
            assert!(email.ends_with("example.com"), "{email}");
        }
    }
    assert!(numbers > 5 && phones > 5, "{numbers} {phones}");
}

#[tokio::test]
async fn where_the_target_has_a_clock_of_its_own_waiting_moves_it_and_takes_no_time() {
    let server = Server::start(|_| async { Reply::empty(200) }).await;
    let moved = Arc::new(Mutex::new(Duration::ZERO));
    let mut target = server.target();
    target.clock = Some(Clock::new({
        let moved = Arc::clone(&moved);
        move |by| *moved.lock().unwrap() += by
    }));
    let client = Client::new(target, Bounds::default()).unwrap();
    let year = Duration::from_secs(365 * 24 * 60 * 60);
    client.wait(year).await.unwrap();
    client.wait(year).await.unwrap();
    assert_eq!(*moved.lock().unwrap(), 2 * year);
}
