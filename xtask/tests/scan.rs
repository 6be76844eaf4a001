//! `cargo xtask scan` as a person or a hook calls it.

#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::path::Path;
use std::process::{Command, Output};

fn scan(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("scan").args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap()
}

/// What is said of a file with this text in the second line.
fn of(text: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, format!("nothing\n{text}\n")).unwrap();
    let output = scan(&[file.to_str().unwrap()]);
    (output.status.code().unwrap(), words(&output).replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn the_repository_holds_nobodys_data() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let paths = ["specs", "docs", "README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|it| root.join(it));
    let output = scan(&paths.each_ref().map(|it| it.to_str().unwrap()));
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert!(words(&output).contains("clean: nothing in "), "{}", words(&output));
}

#[test]
fn every_kind_is_found_with_its_line_and_is_not_shown() {
    // Put together here, so that this file holds none.
    let at = |name: &str, host: &str| [name, host].join("@");
    let joined = |parts: &[&str]| parts.join("-");
    for (value, text, kind) in [
        (joined(&["523", "45", "6789"]), "{}", "social security number"),
        (["523", "456", "789"].concat(), "ssn={}", "social security number"),
        (joined(&["912", "70", "1234"]), "{}", "taxpayer number (ITIN)"),
        (at("jan.kowalski", "mail.pl"), "write to {}", "e-mail address"),
        (["jan.kowalski", "mail.pl"].join("%40"), "?mail={}", "e-mail address"),
        (joined(&["212", "867", "5309"]), "call {}", "telephone number"),
        (["4539 1488", "0343 6467"].join(" "), "{}", "card number"),
        ("Ottokar".to_owned(), "{\"first_name\": \"{}\"}", "first name"),
        ("Kowalski".to_owned(), "\"text\": \"{\\\"last_name\\\":\\\"{}\\\"}\"", "last name"),
        ("17 Poplar Avenue".to_owned(), "{\"street_address_1\": \"{}\"}", "street"),
        (["ab12", "cd34ef56"].concat(), "Authorization: Bearer {}", "credential"),
        (["hunter", "2222"].concat(), "password: {}", "credential"),
        (["sk", "live", "4eC39HqLyjWDarjt"].join("_"), "{}", "credential"),
        (["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2ln"].join("."), "{}", "credential"),
    ] {
        let (code, said) = of(&text.replace("{}", &value));
        assert_eq!(code, 1, "{kind}: {said}");
        assert!(said.starts_with(&format!("notes.txt:2: {kind}\n")), "{kind}: {said}");
        assert!(said.contains("found: 1 in 1 files"), "{said}");
        assert!(!said.contains(&value), "{said}");
    }
}

#[test]
fn placeholders_are_no_hits() {
    let text = r#"{"ssn": "900-10-0001", "itin": "900930001", "email": "alex@example.com", "phone": "512-555-0110",
        "first_name": "Alex", "token": "masked-credential-0001", "fein": "07-0000001"}"#;
    let (code, said) = of(text);
    assert_eq!((code, said.as_str()), (0, "clean: nothing in 1 files\n"));
}

#[test]
fn a_folder_is_looked_through_and_files_that_are_no_text_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let value = ["523", "45", "6789"].join("-");
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    std::fs::write(folder.path().join("deep/a.yaml"), format!("x: {value}")).unwrap();
    std::fs::write(folder.path().join("b.bin"), format!("\0 {value}")).unwrap();
    let output = scan(&[folder.path().to_str().unwrap()]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("deep/a.yaml:1: social security number"), "{said}");
    assert!(said.contains("found: 1 in 1 files"), "{said}");
}

#[test]
fn what_is_not_there_is_bad_usage() {
    let output = scan(&["no/such/file"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("cannot read no/such/file"), "{}", words(&output));
    assert_eq!(scan(&["--no-such-option"]).status.code(), Some(2));
    let help = words(&scan(&["--help"]));
    for taught in ["xargs -0 cargo xtask scan", "Exit status", "900 range"] {
        assert!(help.contains(taught), "{help}");
    }
}
