//! Known-good bodies: sent first, varied one property at a time, and what a run says where there is none.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use driftline_conformance::report::{OperationReport, terminal};
use driftline_conformance::{Report, RunOptions, Verdict};
use serde_json::{Value, json};
use support::{Asked, Reply, Server, notes, options, report};

/// Notes that take only texts of a form that no schema states.
async fn picky() -> Server {
    notes(|asked, reply| {
        let note: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let fits = note["text"].as_str().is_some_and(|text| text.starts_with("N-"));
        match asked.method == "POST" && asked.path == "/notes" && reply.status == 201 && !fits {
            true => Reply::json(422, &json!({ "reason": "a note begins with N-" })),
            false => reply,
        }
    })
    .await
}

fn known_good() -> Value {
    json!({ "text": "N-1", "kind": "task", "author": { "email": "alex@example.com" } })
}

async fn judged(server: &Server, change: impl FnOnce(&mut RunOptions)) -> Report {
    let mut options = options(server.target());
    change(&mut options);
    report(options).await
}

fn operation<'r>(report: &'r Report, id: &str) -> &'r OperationReport {
    report.apis[0].operations.iter().find(|it| it.operation_id == id).unwrap()
}

fn posts(server: &Server) -> Vec<Asked> {
    let asked = server.asked().into_iter();
    asked.filter(|it| it.method == "POST" && it.path == "/notes" && it.key.is_some()).collect()
}

#[tokio::test]
async fn without_a_known_good_body_little_is_proved_and_the_report_says_why() {
    let server = picky().await;
    let report = judged(&server, |_| {}).await;
    assert_eq!(report.verdict(), Verdict::Inconclusive, "{}", terminal(&report, false));
    let reasons = &report.apis[0].inconclusive;
    let reason = &reasons.iter().find(|it| it.operation_id.as_deref() == Some("createNote")).unwrap().reason;
    assert!(reason.contains("× 422") && reason.contains("little is proved"), "{reason}");
    assert!(reason.contains("fixtures/createNote.json"), "{reason}");
    assert_eq!(
        (operation(&report, "createNote").succeeded, operation(&report, "createNote").variations),
        (0, 0)
    );
}

#[tokio::test]
async fn a_known_good_body_opens_the_way_and_is_varied_one_property_at_a_time() {
    let server = picky().await;
    let report = judged(&server, |options| {
        options.fixtures.insert("createNote".to_owned(), vec![known_good()]);
    })
    .await;
    assert_eq!(report.verdict(), Verdict::NoDrift, "{}", terminal(&report, false));
    let created = operation(&report, "createNote");
    assert!(created.variations > 3 && created.succeeded > created.variations / 2, "{created:?}");
    let unauthorised = created.requests - created.valid - created.variations - created.near_misses;
    assert!(created.near_misses > 10 && (1..=12).contains(&unauthorised), "{created:?}");
    let posts = posts(&server);
    let bodies: Vec<Value> = posts.iter().filter_map(|it| serde_json::from_str(&it.body).ok()).collect();
    assert!(bodies.iter().take(8).any(|body| *body == known_good()), "it goes first: {:?}", bodies.first());
    let alone = |name: &str| {
        bodies.iter().any(|body| {
            let mut without = known_good();
            without.as_object_mut().unwrap().shift_remove(name);
            *body == without
        })
    };
    assert!(alone("kind") && alone("author"), "optional properties are left out one at a time");
    let idea = json!({ "text": "N-1", "kind": "idea", "author": { "email": "alex@example.com" } });
    assert!(bodies.contains(&idea), "the values of an enum take turns");
    // A near miss differs from what was accepted in one place, so its text is the known-good one unless it is broken.
    let broken = bodies.iter().filter(|body| body["kind"] == "unlisted");
    assert!(broken.clone().count() > 0 && broken.clone().all(|it| it["text"] == "N-1"));
}

#[tokio::test]
async fn a_known_good_body_that_is_refused_as_well_is_said_to_be() {
    let server = picky().await;
    let report = judged(&server, |options| {
        let refused = json!({ "text": "no such form" });
        options.fixtures.insert("createNote".to_owned(), vec![refused]);
    })
    .await;
    let reasons = &report.apis[0].inconclusive;
    let reason = &reasons.iter().find(|it| it.operation_id.as_deref() == Some("createNote")).unwrap().reason;
    assert!(reason.contains("the known-good body was refused as well"), "{reason}");
}
