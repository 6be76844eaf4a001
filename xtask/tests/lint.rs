//! `cargo xtask lint` as a person or a script calls it.

#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::path::Path;
use std::process::{Command, Output};

fn lint(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("lint").args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap()
}

const CONTRACT: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog], description: 'One of `cat`, `dog` or `cow`.'}
";

/// A contract in a folder of its own, and what lint says of it.
fn of(text: &str, arguments: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("api.yaml");
    std::fs::write(&file, text).unwrap();
    let output = lint(&[&["--spec", file.to_str().unwrap()], arguments].concat());
    let said = words(&output).replace(&format!("{}/", folder.path().display()), "");
    (output.status.code().unwrap(), said)
}

#[test]
fn a_warning_is_shown_with_its_place_and_is_no_failure() {
    let (code, said) = of(CONTRACT, &["--rule", "enum_contradicts_prose"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("warning enum_contradicts_prose"), "{said}");
    assert!(said.contains("api.yaml:6:44: the description lists `cow`, which `enum` lacks"), "{said}");
    assert!(said.contains("#/components/schemas/Kind/description"), "{said}");
    assert!(said.contains("api.yaml: 0 errors, 1 warning, 0 hints"), "{said}");
}

#[test]
fn an_error_fails_and_every_format_shows_it() {
    let text = format!("{CONTRACT}    Bad: {{type: string, enum: [1]}}\n");
    let (code, said) = of(&text, &[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("api.yaml: 1 error, 1 warning, 2 hints"), "{said}");

    let (code, said) = of(&text, &["--format", "json"]);
    assert_eq!(code, 1, "{said}");
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report.pointer("/contracts/0/errors"), Some(&1.into()));
    assert_eq!(report.pointer("/contracts/0/lints/0/rule"), Some(&"enum_value_violates_schema".into()));
    assert_eq!(report.pointer("/contracts/0/lints/0/line"), Some(&7.into()));

    let (code, said) = of(&text, &["--format", "markdown"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("| api.yaml | 1 | 1 | 2 |"), "{said}");
    assert!(said.contains("- error `enum_value_violates_schema`, api.yaml:7:25: "), "{said}");
    assert!(said.contains("- 2 hints `unreachable_component`"), "{said}");
}

#[test]
fn usage_and_contracts_that_are_wrong_are_told_from_lints() {
    for arguments in [
        &["--rule", "no_such_rule"][..],
        &["--api", "no_such_api"],
        &["--spec", "no such file"],
        &["--nonsense"],
    ] {
        let output = lint(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
    }
    assert_eq!(of("openapi: [", &[]).0, 2);
}

#[test]
fn the_apis_of_this_project_have_no_errors() {
    let output = lint(&[]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for api in ["clasp", "enrollconnect", "onboarding"] {
        assert!(said.contains(&format!("{api}: 0 errors")), "{said}");
    }
}

#[test]
fn the_page_about_the_rules_is_current() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lint.md");
    let printed = words(&lint(&["--rules"]));
    let written = std::fs::read_to_string(page).unwrap_or_default();
    assert!(written == printed, "docs/lint.md is out of date; run `cargo xtask lint --rules > docs/lint.md`");
}
