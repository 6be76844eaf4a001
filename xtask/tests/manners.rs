//! `drift` before it sends, and after it was stopped: the dry run, Ctrl-C and `--resume`.
#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

fn drift(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("drift").args(arguments).env("NO_COLOR", "1").env_remove("ENROLLCONNECT_STAGING_API_KEY");
    command
}

fn words(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).unwrap().split_whitespace().filter(|it| *it != "│").collect::<Vec<_>>().join(" ")
}

#[test]
fn a_dry_run_names_the_credential_and_the_limits_and_needs_neither() {
    let output = drift(&["--api", "enrollconnect", "--target", "staging", "--dry-run"]).output().unwrap();
    let shown = words(&output);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    for part in [
        "$ENROLLCONNECT_STAGING_API_KEY",
        "8 requests at a time · 10 a second · 2000 in all",
        "ends what it created",
        "POST /api/v1/applications",
        "/api/v1/applications/{id}/cancel",
        "known-good",
        "nothing was sent",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in {shown}");
    }
    let output = drift(&["--seed", "5", "--dry-run=json"]).output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let apis: Vec<&str> =
        json["apis"].as_array().unwrap().iter().map(|it| it["api"].as_str().unwrap()).collect();
    assert_eq!(apis, ["clasp", "enrollconnect", "onboarding"]);
    assert_eq!(json["apis"][2]["limits"]["concurrency"], 1);
    assert_eq!(json["apis"][0]["seed"], 5);
}

/// Answers every request with 404, and counts them.
async fn counting() -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let router = axum::Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async {
            let body = r#"{"type": "not_found", "message": "no"}"#;
            (axum::http::StatusCode::NOT_FOUND, [("content-type", "application/json")], body)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, count)
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_report_from_which_the_run_goes_on() {
    use nix::sys::signal::{Signal, kill};

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (url, count) = runtime.block_on(counting());
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let named = report.to_str().unwrap();
    let arguments = ["--api", "clasp", "--base-url", &url];
    // Far more than can be sent before it is stopped.
    let long = ["--requests-per-operation", "1000000", "--seed", "8", "--report", named];
    let running = drift(&[&arguments[..], &long[..]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while count.load(Ordering::SeqCst) < 20 {
        std::thread::yield_now();
    }
    kill(nix::unistd::Pid::from_raw(running.id().cast_signed()), Signal::SIGINT).unwrap();
    let output = running.wait_with_output().unwrap();
    let shown = words(&output);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.contains("to go on: the same command with --resume"), "{shown}");
    let read =
        || -> Value { serde_json::from_slice(&std::fs::read(report.join("report.json")).unwrap()).unwrap() };
    let partial = read();
    assert_eq!((partial["partial"].as_bool(), partial["seed"].as_u64()), (Some(true), Some(8)));

    let another = drift(&[&arguments[..], &["--seed", "9", "--resume", named]].concat()).output().unwrap();
    assert_eq!(another.status.code(), Some(2), "{}", words(&another));
    assert!(words(&another).contains("had the seed 8"), "{}", words(&another));
    assert_eq!(read(), partial, "what was there stays");

    let few = ["--requests-per-operation", "10", "--resume", named];
    let resumed = drift(&[&arguments[..], &few[..]].concat()).output().unwrap();
    let whole = read();
    assert_eq!(whole["partial"].as_bool(), Some(false), "{}", words(&resumed));
    assert_eq!(whole["seed"], 8);
    assert!(whole["apis"][0]["requests"].as_u64() > partial["apis"][0]["requests"].as_u64());
    let again = drift(&[&arguments[..], &["--resume", named]].concat()).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(words(&again).contains("nothing to resume"), "{}", words(&again));
}
