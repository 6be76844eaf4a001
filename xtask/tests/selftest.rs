//! `cargo xtask selftest` as a person calls it.

#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "the functions that tests share fail as tests do")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

fn selftest(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("selftest").args(arguments).env("NO_COLOR", "1").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// The classes of which a mutant that always shows can be asked to be found. The others are what the contract allows
/// (`dropped-optional`), and what too few checks look for.
const CERTAIN: [&str; 24] = [
    "dropped",
    "retyped",
    "arrayed",
    "nulled",
    "renamed",
    "enum-extended",
    "status",
    "content-type",
    "authorisation",
    "loosened",
    "transition-allowed",
    "transition-refused",
    "transition-lost",
    "transition-astray",
    "refusal-acts",
    "filter-loses",
    "filter-inverted",
    "limit-ignored",
    "pages-overlap",
    "pages-gap",
    "pages-endless",
    "last-page-cut",
    "total-of-page",
    "total-off",
];

#[test]
fn a_small_sample_of_mutants_is_found_and_there_is_no_false_alarm() {
    let mut arguments = vec!["--sample", "24", "--seed", "2", "--mode", "always", "--seconds", "60"];
    // Less is asked than usual: what always shows needs few requests.
    arguments.extend(["--requests-per-operation", "8", "--until-found"]);
    for class in CERTAIN {
        arguments.extend(["--class", class]);
    }
    let (status, text) = selftest(&arguments);
    assert_eq!(status, Some(0), "{text}");
    let all = text.lines().find(|line| line.starts_with("all ")).unwrap();
    let counts: Vec<usize> = all.split_whitespace().skip(1).take(4).map(|it| it.parse().unwrap()).collect();
    let [found, _, shown, run] = counts[..] else { panic!("{text}") };
    assert_eq!((found, run), (shown, CERTAIN.len()), "{text}");
    assert!(shown > run / 2, "{text}");
    for class in CERTAIN {
        assert!(text.lines().any(|line| line.starts_with(&format!("{class} "))), "{class}: {text}");
    }
    assert_eq!(text.matches("without a mutant: 0 false alarms, no drift").count(), 3, "{text}");
}

#[test]
fn pages_are_found_wrong_beside_a_filter_whose_first_list_never_holds_still() {
    let mutant = "onboarding/listGroups/pages-endless~conditional";
    let (status, text) = selftest(&["--mutant", mutant, "--seed", "5", "--seconds", "60", "--until-found"]);
    assert_eq!(status, Some(0), "{text}");
    let all = text.lines().find(|line| line.starts_with("all ")).unwrap();
    let counts: Vec<&str> = all.split_whitespace().skip(1).take(4).collect();
    assert_eq!(counts, ["1"; 4], "found, at its place, shown, run: {text}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_became_of_the_mutants_so_far() {
    use nix::sys::signal::{Signal, kill};

    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("mutants.json");
    let mut running = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["selftest", "--api", "clasp", "--class", "dropped", "--mode", "always", "--all"])
        .args(["--requests-per-operation", "4", "--until-found", "--seconds", "60", "--json"])
        .arg(&json)
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(running.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("running ") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it ran a mutant");
    }
    kill(nix::unistd::Pid::from_raw(running.id().cast_signed()), Signal::SIGINT).unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{rest}");
    assert!(rest.contains("mutants were not run"), "{rest}");
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("clasp without a mutant: 0 false alarms"), "{page}");
    let left = std::fs::read_to_string(json).unwrap();
    assert!(left.contains(r#""stopped": true"#), "{left}");
}

#[test]
fn the_list_has_what_the_filters_leave() {
    let (_, list) = selftest(&["--list", "--api", "clasp", "--class", "dropped-optional"]);
    assert!(list.lines().count() > 1, "{list}");
    assert!(list.lines().all(|id| id.starts_with("clasp/") && id.contains("/dropped-optional")), "{list}");
    let (_, rare) =
        selftest(&["--list", "--api", "clasp", "--class", "dropped-optional", "--mode", "intermittent"]);
    assert!(rare.lines().all(|id| id.ends_with("/dropped-optional~intermittent")), "{rare}");
    assert_eq!(rare.lines().count() * 3, list.lines().count());
}

#[test]
fn what_does_not_exist_is_bad_usage() {
    for (arguments, said) in [
        (["--api", "nobody"], "choose among clasp, enrollconnect, onboarding"),
        (["--class", "eaten"], "the classes are dropped,"),
        (["--mode", "never"], "the modes are always, intermittent, conditional"),
        (["--sample", "0"], "invalid value '0'"),
        (["--mutant", "clasp/nothing"], "selftest --list"),
    ] {
        let (status, text) = selftest(&arguments);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{text}");
    }
}
