//! `cargo xtask record --from` as a person calls it.

#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn record(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("record").args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap()
}

fn entry(method: &str, url: &str) -> Value {
    let mail = ["jan", "mail.pl"].join("@");
    let text = json!({"errors": [{"detail": format!("{mail} is unknown")}]}).to_string();
    json!({
        "startedDateTime": "2025-03-01T10:00:00.123Z", "time": 12.25, "cache": {},
        "request": {"method": method, "url": url, "httpVersion": "http/2.0", "cookies": [], "queryString": [],
            "headers": [{"name": "authorization", "value": "Bearer s3cr3t-t0ken-value"}], "headersSize": -1, "bodySize": 0},
        "response": {"status": 401, "statusText": "", "httpVersion": "http/2.0", "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {"size": text.len(), "mimeType": "application/json", "text": text},
            "redirectURL": "", "headersSize": -1, "bodySize": -1},
        "timings": {"send": 0, "wait": 12, "receive": 0},
    })
}

fn capture(folder: &Path, entries: &[Value]) -> String {
    let file = folder.join("capture.har");
    let log =
        json!({"log": {"version": "1.2", "creator": {"name": "B", "version": "1"}, "entries": entries}});
    std::fs::write(&file, log.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn traffic_becomes_a_masked_recording() {
    let folder = tempfile::tempdir().unwrap();
    let list = "http://localhost:1/api/v1/applications";
    let from = capture(
        folder.path(),
        &[entry("GET", list), entry("GET", list), entry("GET", "http://localhost:1/nowhere")],
    );
    let out = folder.path().join("deep/traffic.har");
    let arguments =
        ["--api", "enrollconnect", "--from", &from, "--host", "localhost:1", "--out", out.to_str().unwrap()];
    let output = record(&arguments);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("listApplications"), "{said}");
    assert!(said.contains("GET /nowhere matches no operation (1 times)"), "{said}");
    assert!(said.contains("1 that show nothing else"), "{said}");
    assert!(said.contains("recorded: 1 exchanges in "), "{said}");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(!text.contains("mail.pl") && !text.contains("s3cr3t"), "{text}");
    assert!(text.contains("\"comment\": \"masked; target traffic; contract "), "{text}");

    // A capture with nothing in it leaves what is there.
    capture(folder.path(), &[]);
    let output = record(&arguments);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    assert!(
        words(&output).contains("nothing recorded: no entry is an operation of enrollconnect; looked for ")
    );
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text);
}

#[test]
fn bad_usage_and_files_that_cannot_be_read_are_told() {
    for arguments in [
        &["--from", "x.har"][..],
        &["--api", "nobody", "--from", "x.har"],
        &["--api", "enrollconnect", "--from", "x.har", "--target", "sandbox"],
        &["--api", "enrollconnect", "--drift", "enrollconnect-create-200"],
        &["--api", "enrollconnect", "--scenario", "nothing"],
        &["--api", "enrollconnect", "--input", "nothing=1"],
        &["--api", "enrollconnect", "--from", "no/such.har"],
        &["--api", "enrollconnect", "--host", "a"],
    ] {
        let output = record(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", words(&output));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.har");
    std::fs::write(&file, "{\"log\": {\"version\": \"1.2\", \"entries\": [").unwrap();
    let output = record(&["--api", "enrollconnect", "--from", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("cut.har"), "{}", words(&output));
}
