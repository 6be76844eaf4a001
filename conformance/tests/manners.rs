//! What a run tells beforehand, how it marks and ends what it created, and how it goes on after it was stopped.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use driftline_conformance::report::{ApiReport, CleanUp, Probed, terminal};
use driftline_conformance::target::{Credential, Target, TargetKind};
use driftline_conformance::{Cancel, Report, RunOptions, RunTag, Verdict, outline, run};
use driftline_sandbox::{CREDENTIAL, Sandbox};
use driftline_specs::{Api, Contract};
use serde_json::{Value, json};
use support::{Asked, KEY, Reply, Server, edit, notes, options, report};

/// Holds a report to its schema.
fn satisfies_its_schema(report: &Report) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let json: Value = serde_json::from_str(&report.to_json()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn a_dry_run_tells_what_it_would_send_and_opens_no_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut target = support::target(&format!("http://{}", listener.local_addr().unwrap()));
    target.requests_per_second = Some(2.5);
    let mut options = options(target);
    options.max_requests = Some(300);
    options.fixtures.insert("createNote".to_owned(), vec![json!({ "text": "known", "kind": "task" })]);
    let outline = outline(&options).unwrap();
    assert!(listener.accept().is_err(), "nobody called");

    assert_eq!(outline.credentials, ["$NOTES_KEY"]);
    assert_eq!((outline.limits.requests_per_second, outline.limits.max_requests), (Some(2.5), Some(300)));
    let of = |id: &str| outline.operations.iter().find(|it| it.operation_id == id).unwrap();
    let create = of("createNote");
    assert_eq!(
        (create.valid, create.known_good, create.bodies.as_slice()),
        (40, 1, &["application/json".to_owned()][..])
    );
    assert!(create.variations > 3 && create.near_misses > 10, "{create:?}");
    assert_eq!((create.first[0].origin, create.first[0].target.as_str()), ("known_good", "/notes"));
    let finish = of("finishNote");
    assert_eq!(finish.first[0].target, "/notes/{note_id}/finish");
    assert!(finish.resources_from.contains(&"createNote".to_owned()), "{finish:?}");
    let json = serde_json::to_string(&outline).unwrap();
    assert!(!json.contains(KEY), "{json}");

    options.target.kind = TargetKind::Production;
    let outline = driftline_conformance::outline(&options).unwrap();
    let skipped: Vec<&str> = outline
        .operations
        .iter()
        .filter(|it| it.skipped.is_some())
        .map(|it| it.operation_id.as_str())
        .collect();
    assert_eq!(BTreeSet::from_iter(skipped), BTreeSet::from(["createNote", "finishNote", "deleteNote"]));
}

/// The notes with texts that the caller chooses.
fn with_references() -> Contract {
    let text = include_str!("support/notes.json").replace(
        r#""text": { "type": "string", "minLength": 1, "maxLength": 80 },"#,
        r#""text": { "type": "string", "minLength": 1, "maxLength": 80 },
           "external_id": { "type": "string" },
           "reference": { "type": "string", "maxLength": 20 },
           "partner_id": { "type": "string", "pattern": "^[0-9]{4}$" },
           "comment": { "type": "string", "maxLength": 8 },"#,
    );
    Contract::from_text("notes.json", &text).unwrap()
}

async fn tagged(change: impl FnOnce(&mut RunOptions)) -> (Report, Vec<Asked>) {
    let server = notes(|_, reply| reply).await;
    let mut options = options(server.target());
    options.contract = with_references();
    options.fixtures.insert("createNote".to_owned(), vec![json!({ "text": "known", "external_id": "N-1" })]);
    change(&mut options);
    let report = report(options).await;
    (report, server.asked())
}

#[tokio::test]
async fn the_run_tag_marks_what_the_caller_chooses_and_who_asks() {
    let (report, asked) = tagged(|options| options.seed = 7).await;
    let tag = RunTag::of_seed(7);
    assert_eq!(report.apis[0].run_tag, tag.as_str());
    assert!(tag.as_str().starts_with("driftline-") && tag.as_str().len() == 18, "{tag}");
    satisfies_its_schema(&report);
    let agent = format!("driftline/{} ({tag})", env!("CARGO_PKG_VERSION"));
    assert!(asked.iter().all(|it| it.agent.as_deref() == Some(&agent)));

    let bodies: Vec<Value> = asked.iter().filter_map(|it| serde_json::from_str(&it.body).ok()).collect();
    let texts = |name: &str| -> Vec<String> {
        bodies.iter().filter_map(|it| it[name].as_str().map(str::to_owned)).collect()
    };
    let marked = |name: &str| texts(name).iter().filter(|it| it.starts_with(tag.as_str())).count();
    assert!(marked("external_id") > 20 && marked("external_id") * 2 > texts("external_id").len());
    assert!(texts("external_id").contains(&format!("{tag}-N-1")), "known-good bodies are marked as well");
    assert!(marked("reference") > 5, "there is room for the tag alone: {:?}", texts("reference"));
    // A text with a pattern, or without the room, is as the contract wants it.
    assert_eq!((marked("partner_id"), marked("comment"), marked("text")), (0, 0, 0));
    let distinct: BTreeSet<String> = texts("external_id").into_iter().collect();
    assert!(distinct.len() > 10, "identifiers differ: {distinct:?}");
}

#[tokio::test]
async fn a_run_tag_can_be_chosen_and_has_to_fit_everywhere() {
    let (report, asked) = tagged(|options| options.run_tag = Some("nightly.3".parse().unwrap())).await;
    assert_eq!(report.apis[0].run_tag, "nightly.3");
    assert!(asked.iter().any(|it| it.body.contains("nightly.3-")));
    for bad in ["", "two words", "line\nbreak", "é", &"x".repeat(41)] {
        assert!(bad.parse::<RunTag>().is_err(), "{bad:?}");
    }
}

/// Notes that can always be deleted, and among them one that somebody else made.
async fn deletable() -> Server {
    notes(|asked, reply| match (asked.method.as_str(), reply.status) {
        ("DELETE", 409) => Reply::empty(204),
        ("GET", 200) if asked.path == "/notes" => edit(reply, |page| {
            let theirs = json!({ "text": "theirs", "note_id": THEIRS, "state": "done" });
            page["notes"].as_array_mut().unwrap().insert(0, theirs);
        }),
        _ => reply,
    })
    .await
}

const THEIRS: &str = "11111111-0000-4000-8000-000000000000";

fn deleted(server: &Server) -> Vec<String> {
    let asked = server.asked().into_iter();
    asked.filter(|it| it.method == "DELETE" && it.key.as_deref() == Some(KEY)).map(|it| it.path).collect()
}

fn made(report: &Report) -> CleanUp {
    report.apis[0].clean_up.unwrap_or_else(|| panic!("{}", terminal(report, false)))
}

#[tokio::test]
async fn what_a_run_created_is_ended_and_nothing_else() {
    let server = deletable().await;
    let cleaned = report(options(server.target())).await;
    satisfies_its_schema(&cleaned);
    let made_and_ended = made(&cleaned);
    assert!(made_and_ended.created > 20 && made_and_ended.requests > 0, "{made_and_ended:?}");
    assert_eq!((made_and_ended.ended, made_and_ended.left), (made_and_ended.created, 0));
    let sent = server.asked().len() as u64;
    assert_eq!(sent, cleaned.apis[0].requests + made_and_ended.requests);
    let paths: BTreeSet<String> = deleted(&server).into_iter().collect();
    assert!(!paths.iter().any(|path| path.contains(THEIRS)), "{paths:?}");
    for number in 1..=made_and_ended.created {
        assert!(
            paths.contains(&format!("/notes/00000000-0000-4000-8000-{number:012}")),
            "note {number} is left"
        );
    }
    assert!(terminal(&cleaned, false).contains("left 0"));

    let server = deletable().await;
    let mut keeping = options(server.target());
    keeping.clean_up = false;
    let kept = report(keeping).await;
    let made_and_kept = made(&kept);
    assert_eq!(made_and_kept.created, made_and_ended.created);
    assert!(made_and_kept.left > 0 && made_and_kept.requests == 0, "{made_and_kept:?}");
    assert_eq!(server.asked().len() as u64, kept.apis[0].requests);
    assert!(terminal(&kept, false).contains(&kept.apis[0].run_tag), "by the tag the rest can be purged");
}

#[tokio::test]
async fn what_cannot_be_ended_is_counted_as_left() {
    // An open note cannot be deleted.
    let server = notes(|_, reply| reply).await;
    let report = report(options(server.target())).await;
    let made = made(&report);
    assert!(made.left > 0 && made.ended > 0, "{made:?}");
    assert_eq!(made.created, made.ended + made.left);
    assert_eq!(report.verdict(), Verdict::NoDrift, "clean-up is not judged: {}", terminal(&report, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifecycle_says_how_what_cannot_be_deleted_is_ended() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let api = Api::load(&specs, "enrollconnect").unwrap();
    let sandbox_options =
        driftline_sandbox::Options { apis: vec![api.name.clone()], ..driftline_sandbox::Options::default() };
    let sandbox = Sandbox::start(sandbox_options).await.unwrap();
    let url = sandbox.base_url(&api.name).unwrap();
    let mut target = Target::new("sandbox", TargetKind::Sandbox, url).unwrap();
    target.requests_per_second = None;
    target.credentials.push(Credential::for_contract(&api.contract, CREDENTIAL, None));
    let mut options = RunOptions::new(&api.name, api.contract.clone(), target);
    options.requests_per_operation = 10;
    options.lifecycle.clone_from(&api.lifecycle);
    options.fixtures = api.fixtures().unwrap();
    let report = report(options).await;
    sandbox.shutdown().await;
    assert_eq!(report.apis[0].findings, [], "{}", terminal(&report, false));
    let made = made(&report);
    // What was submitted is cancelled; a draft is not submitted for that.
    assert!(made.ended > 5 && made.left > 0 && made.requests > made.ended, "{made:?}");
}

/// Runs, and is stopped after so many requests.
async fn stopped(server: &Server, after: usize, change: impl FnOnce(&mut RunOptions)) -> ApiReport {
    let cancel = Cancel::new();
    let mut options = options(server.target());
    options.cancel = cancel.clone();
    options.target.concurrency = 1;
    change(&mut options);
    let stop = async {
        while server.asked().len() < after {
            tokio::task::yield_now().await;
        }
        cancel.trigger();
    };
    let (report, ()) = tokio::join!(run(options), stop);
    report.unwrap()
}

async fn resumed(server: &Server, before: &ApiReport, change: impl FnOnce(&mut RunOptions)) -> Report {
    let mut options = options(server.target());
    options.resume = Some(Box::new(before.clone()));
    change(&mut options);
    report(options).await
}

#[tokio::test]
async fn a_stopped_run_cleans_up_within_bounds() {
    let server = deletable().await;
    let before = stopped(&server, 60, |_| {}).await;
    assert!(before.partial);
    let made = before.clean_up.unwrap();
    assert!(made.created > 10 && made.left == 0, "{made:?}");
}

#[tokio::test]
async fn a_stopped_run_goes_on_with_what_was_not_done() {
    for after in [30, 150, 230] {
        let server = notes(|asked, reply| match asked.path == "/notes" && reply.status == 201 {
            true => edit(reply, |note| note["mood"] = json!("good")),
            false => reply,
        })
        .await;
        let before = stopped(&server, after, |_| {}).await;
        assert!(before.partial && before.inconclusive.iter().any(|it| it.reason.contains("stopped")));
        satisfies_its_schema(&Report::new(0, vec![before.clone()]));
        let whole: Vec<&String> =
            before.probed.iter().filter(|(_, it)| **it == Probed::Whole).map(|(id, _)| id).collect();
        let sent = server.asked().len() as u64;

        let after_all = resumed(&server, &before, |_| {}).await;
        let api = &after_all.apis[0];
        satisfies_its_schema(&after_all);
        assert!(!after_all.partial && api.probed.is_empty());
        assert_eq!(after_all.verdict(), Verdict::Drift, "{}", terminal(&after_all, false));
        assert_eq!(api.inconclusive, [], "{}", terminal(&after_all, false));
        assert_eq!((api.coverage.succeeded, api.coverage.operations), (5, 5));
        let finding = &api.findings[0];
        assert_eq!((api.findings.len(), finding.check.as_str()), (1, "undocumented_property"));
        assert_eq!(finding.confirmations, "3/3", "what could not be repeated was looked for again");
        let cleaned = api.clean_up.unwrap().requests;
        assert_eq!(api.requests + cleaned, server.asked().len() as u64);
        // Where an operation was done, it is not probed again.
        for id in whole {
            let was = before.operations.iter().find(|it| it.operation_id == *id).unwrap();
            let is = api.operations.iter().find(|it| it.operation_id == *id).unwrap();
            assert_eq!(is.near_misses, was.near_misses, "{id}");
        }
        assert!(server.asked().len() as u64 > sent);
    }
}

#[tokio::test]
async fn what_was_done_is_not_done_again() {
    let server = notes(|_, reply| reply).await;
    let once = report(options(server.target())).await;
    // As if the run had been stopped after everything but one operation.
    let mut before = once.apis[0].clone();
    before.partial = true;
    before.probed = before.operations.iter().map(|it| (it.operation_id.clone(), Probed::Whole)).collect();
    before.probed.remove("getNote");
    let earlier = server.asked().len();
    let again = resumed(&server, &before, |_| {}).await;
    let asked = server.asked().split_off(earlier);
    assert!(asked.iter().any(|it| it.method == "GET" && it.path.starts_with("/notes/")));
    assert!(!asked.iter().any(|it| it.path.ends_with("/finish")), "{asked:?}");
    assert_eq!(again.verdict(), Verdict::NoDrift, "{}", terminal(&again, false));
    let complete = run({
        let mut options = options(server.target());
        options.resume = Some(Box::new(again.apis[0].clone()));
        options
    });
    let earlier = server.asked().len();
    assert_eq!(complete.await.unwrap(), again.apis[0], "a part that was not stopped stays as it is");
    assert_eq!(server.asked().len(), earlier);
}

#[tokio::test]
async fn another_run_is_not_resumed() {
    type Edit = Box<dyn FnOnce(&mut RunOptions)>;

    let server = notes(|_, reply| reply).await;
    let before = stopped(&server, 30, |_| {}).await;
    let sent = server.asked().len();
    let other_contract = with_references();
    let changes: [(&str, Edit); 4] = [
        ("seed", Box::new(|options| options.seed = 99)),
        ("contract has changed", Box::new(|options| options.contract = other_contract)),
        ("target", Box::new(|options| options.target.name = "elsewhere".to_owned())),
        (
            "http://127.0.0.1",
            Box::new(|options| options.target.base_url = "http://localhost:1".parse().unwrap()),
        ),
    ];
    for (reason, change) in changes {
        let mut options = options(server.target());
        options.resume = Some(Box::new(before.clone()));
        change(&mut options);
        let error = run(options).await.unwrap_err().to_string();
        assert!(error.contains("cannot be resumed") && error.contains(reason), "{error}");
    }
    assert_eq!(server.asked().len(), sent, "nothing is sent before that is known");
}
