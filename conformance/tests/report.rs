//! The report in its two forms, the ledger over it, and the schema that describes it.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::path::Path;

use driftline_conformance::ledger::Ledger;
use driftline_conformance::report::terminal;
use driftline_conformance::{Report, Verdict};
use serde_json::{Value, json};
use support::{Reply, edit, notes, options, report, target};

async fn drifted() -> Report {
    let server = notes(|asked, reply| match (asked.method.as_str(), asked.path.as_str()) {
        ("POST", "/notes") if reply.status == 201 => edit(reply, |note| note["mood"] = json!("good")),
        ("GET", "/notes") => Reply::empty(500),
        _ => reply,
    })
    .await;
    report(options(server.target())).await
}

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn reports_satisfy_their_schema_and_come_back_the_same() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for report in [drifted().await, report(options(target("http://127.0.0.1:1"))).await] {
        let json: Value = serde_json::from_str(&report.to_json()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        let again: Report = serde_json::from_value(json).unwrap();
        assert_eq!(again, report);
    }
}

#[tokio::test]
async fn the_schema_refuses_what_is_no_report() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let good: Value = serde_json::from_str(&drifted().await.to_json()).unwrap();
    for (pointer, value) in [
        ("/format", json!(2)),
        ("/verdict", json!("fine")),
        ("/apis/0/findings/0/severity", json!("awful")),
        ("/apis/0/findings/0/fingerprint", json!("XYZ")),
        ("/apis/0/operations/0/statuses", json!({ "abc": 1 })),
        ("/apis/0/requests", json!("many")),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
}

#[tokio::test]
async fn the_ledger_accepts_what_it_names_until_it_expires() {
    let mut report = drifted().await;
    assert_eq!(report.verdict(), Verdict::Drift);
    let findings = report.apis[0].findings.clone();
    assert_eq!(findings.len(), 2);
    let text: String = findings
        .iter()
        .map(|finding| {
            format!(
                "[[deviation]]\nfingerprint = \"{}\"\nreason = \"known\"\nowner = \"us\"\n\
                 since = \"2026-01-01\"\nexpires = \"2026-06-30\"\n",
                finding.fingerprint
            )
        })
        .collect();
    let ledger = Ledger::from_text(Path::new("ledger.toml"), &format!("version = 1\n{text}")).unwrap();

    report.acknowledge("notes", &ledger, "2026-06-30".parse().unwrap());
    assert!(report.apis[0].findings.iter().all(|finding| finding.acknowledged));
    // The list crashes, so it never succeeded: that is not the ledger's to excuse.
    assert_eq!(report.exit_status(), 3);
    assert!(terminal(&report, false).contains("accepted until 2026-06-30 by us"));

    report.acknowledge("notes", &ledger, "2026-07-01".parse().unwrap());
    assert_eq!(report.exit_status(), 1);
    assert!(terminal(&report, false).contains("was accepted until 2026-06-30 by us"));
}

#[tokio::test]
async fn the_terminal_report_tells_everything_within_a_hundred_columns() {
    let report = drifted().await;
    let text = terminal(&report, false);
    for part in [
        "notes  test at http://127.0.0.1:",
        "✗ createNote",
        "✓ getNote",
        "additive  createNote  undocumented_property  /mood",
        "behavioural  listNotes  no_server_error",
        "notes.json:",
        "confirmed 3/3",
        "listNotes: never succeeded",
        "drift  2 new findings",
        "seed 0",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    let wide = text.lines().filter(|line| !line.trim_start().starts_with("again"));
    for line in wide {
        assert!(line.chars().count() <= 100, "{} columns: {line}", line.chars().count());
        assert_eq!(line, line.trim_end());
    }
    assert!(!text.contains('\x1b'));
    let coloured = terminal(&report, true);
    assert!(coloured.contains("\x1b["));
    assert_eq!(strip(&coloured), text, "colours change nothing else");
}

/// Takes the escape sequences out.
fn strip(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain + rest
}
