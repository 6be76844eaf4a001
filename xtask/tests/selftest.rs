//! `cargo xtask selftest` as a person calls it.

#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::process::Command;

fn selftest(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("selftest").args(arguments).env("NO_COLOR", "1").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn a_small_sample_of_mutants_is_found_and_there_is_no_false_alarm() {
    let mut arguments = vec!["--sample", "12", "--seed", "1"];
    // What the contract allows need not be found.
    for class in [
        "dropped",
        "retyped",
        "nulled",
        "renamed",
        "enum-extended",
        "status",
        "authorisation",
        "content-type",
    ] {
        arguments.extend(["--class", class]);
    }
    let (status, text) = selftest(&arguments);
    assert_eq!(status, Some(0), "{text}");
    let all = text.lines().find(|line| line.starts_with("all ")).unwrap();
    let counts: Vec<&str> = all.split_whitespace().skip(1).take(3).collect();
    assert_eq!(counts[0], counts[1], "{text}");
    assert_eq!(counts[2], "12", "{text}");
    assert_eq!(text.matches("without a mutant: 0 false alarms, no drift").count(), 3, "{text}");
}

#[test]
fn the_list_has_what_the_filters_leave() {
    let (_, list) = selftest(&["--list", "--api", "clasp", "--class", "dropped-optional"]);
    assert!(list.lines().count() > 1, "{list}");
    assert!(list.lines().all(|id| id.starts_with("clasp/") && id.ends_with("/dropped-optional")), "{list}");
}

#[test]
fn what_does_not_exist_is_bad_usage() {
    for (arguments, said) in [
        (["--api", "nobody"], "choose among clasp, enrollconnect, onboarding"),
        (["--class", "eaten"], "the classes are dropped,"),
        (["--sample", "0"], "invalid value '0'"),
        (["--mutant", "clasp/nothing"], "selftest --list"),
    ] {
        let (status, text) = selftest(&arguments);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{text}");
    }
}
