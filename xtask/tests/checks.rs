//! `cargo xtask checks` as a person calls it, and the page that is printed from it.

#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::path::Path;
use std::process::Command;

use driftline_conformance::checks;

fn printed(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("checks").args(arguments).env("NO_COLOR", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_check_is_listed_with_what_it_looks_for_and_why() {
    let (text, page) = (printed(&[]), printed(&["--markdown"]));
    for check in checks::all() {
        let (id, severity) = (check.id(), check.severity());
        let block = format!("{id} {severity}\n    {}\n    {}\n", check.summary(), check.reason());
        assert!(text.contains(&block), "{text}");
        let row =
            format!("(../conformance/src/checks/{id}.rs) | {} | {} |\n", check.summary(), check.reason());
        assert!(page.contains(&row), "{page}");
    }
}

#[test]
fn the_page_about_the_checks_is_current() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/checks.md");
    let written = std::fs::read_to_string(page).unwrap_or_default();
    assert!(
        written == printed(&["--markdown"]),
        "docs/checks.md is out of date; run `cargo xtask checks --markdown > docs/checks.md`"
    );
}
