//! Other generators, on the same contracts, measured in the same way.
//!
//! Each is run as its own documentation tells a user to run it who wants types and a client, with the settings that
//! it has by itself. What it makes becomes a crate of a workspace of its own, compiled with the dependencies that the
//! generator asks for, in a target folder that all peers share.

mod install;
mod known;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

pub(super) use self::known::{PEERS, Peer};
use super::cargo::{Compiled, Workspace};
use super::measure::{self, Record};
use super::source;
use super::subject::Subject;

/// A generator gets this much time for one contract.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// What became of one contract.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// How it ended.
    pub(super) end: End,
    /// What generating cost.
    pub(super) cost: Record,
    /// Lines of Rust.
    pub(super) lines: usize,
    /// Operations that the client has, by the peer's rule.
    pub(super) operations: usize,
    /// What the compiler says of it.
    pub(super) compiled: Option<Compiled>,
    /// What the optimised build costs, if it was asked for.
    pub(super) built: Option<Compiled>,
}

/// How generating ended.
#[derive(Debug, Default)]
pub(super) enum End {
    /// There is a crate.
    Generated,
    /// It says why not.
    Refused(String),
    /// It panicked.
    Panicked(String),
    /// It took too long, or was ended by a signal.
    #[default]
    Stopped,
}

/// What one peer made of all contracts.
#[derive(Debug)]
pub(super) struct Results {
    /// The peer.
    pub(super) peer: &'static Peer,
    /// The contracts by slug.
    pub(super) outcomes: BTreeMap<String, Outcome>,
}

/// Runs every peer, or those that are named, on every contract, three times on the `large` ones; `check` compiles what
/// they make, `release` builds it optimised as well.
pub(super) fn run(
    names: &[String],
    subjects: &[Subject],
    large: &[String],
    out: &Path,
    check: bool,
    release: bool,
) -> std::io::Result<Vec<Results>> {
    let mut results = Vec::new();
    let asked = |peer: &&Peer| names.is_empty() || names.iter().any(|name| name == peer.name);
    for peer in PEERS.iter().filter(asked) {
        let program = install::program(peer, &out.join("peers"))?;
        let root = out.join("peers").join(peer.name);
        std::fs::create_dir_all(&root)?;
        let mut outcomes = BTreeMap::new();
        for subject in subjects {
            let mut outcome = generate(peer, &program, subject, &root);
            if large.contains(&subject.slug) && matches!(outcome.end, End::Generated) {
                for _ in 0..2 {
                    let again = generate(peer, &program, subject, &root);
                    outcome.cost = outcome.cost.least(again.cost);
                }
            }
            super::report::peer(peer, subject, &outcome);
            outcomes.insert(subject.slug.clone(), outcome);
        }
        if check {
            let target = out.join("peers/target");
            let limit = super::COMPILER_PATIENCE;
            let workspace = Workspace { root, target, limit, online: true, jobs: Some(1) };
            compile(&workspace, &mut outcomes, release)?;
            for subject in subjects {
                if let Some(outcome) = outcomes.get(&subject.slug) {
                    super::report::peer_compiled(peer, subject, outcome);
                }
            }
        }
        results.push(Results { peer, outcomes });
    }
    Ok(results)
}

fn generate(peer: &Peer, program: &Path, subject: &Subject, root: &Path) -> Outcome {
    let folder = root.join(&subject.slug);
    let log = root.join(format!("{}.log", subject.slug));
    let mut outcome = Outcome::default();
    match start(peer, program, subject, &folder, &log) {
        Ok(cost) => {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            outcome.end = match (cost.stopped, cost.status) {
                _ if said.contains("panicked at") => End::Panicked(panic_of(&said)),
                (true, _) | (_, None) => End::Stopped,
                (_, Some(0)) => End::Generated,
                (_, Some(_)) => End::Refused(reason_of(&said)),
            };
            outcome.cost = cost;
        }
        Err(error) => outcome.end = End::Refused(error.to_string()),
    }
    if matches!(outcome.end, End::Generated) {
        if let Err(error) = (peer.complete)(&folder, &subject.slug) {
            outcome.end = End::Refused(format!("what it made is no crate: {error}"));
        }
        outcome.lines = source::lines(&folder.join("src"));
        outcome.operations = source::operations(&folder.join("src"), peer.doubles);
    }
    outcome
}

fn start(
    peer: &Peer,
    program: &Path,
    subject: &Subject,
    folder: &Path,
    log: &Path,
) -> std::io::Result<Record> {
    // What an earlier run left would be counted as this one's.
    let _ = std::fs::remove_dir_all(folder);
    let mut command = measure::command(program, PATIENCE)?;
    command.args((peer.arguments)(&subject.path, folder, &subject.slug));
    command.env("NO_COLOR", "1").env("RUST_BACKTRACE", "0");
    let file = std::fs::File::create(log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    measure::run(command, &log.with_extension("cost"))
}

/// Compiles every crate that there is.
fn compile(
    workspace: &Workspace,
    outcomes: &mut BTreeMap<String, Outcome>,
    release: bool,
) -> std::io::Result<()> {
    let generated = outcomes.iter().filter(|(_, outcome)| matches!(outcome.end, End::Generated));
    let slugs: Vec<String> = generated.map(|(slug, _)| slug.clone()).collect();
    let mut compiled = workspace.run(super::CHECK, &slugs, &slugs, &workspace.root.join("check.log"))?;
    let mut built = BTreeMap::new();
    if release {
        built = workspace.run(super::BUILD, &slugs, &slugs, &workspace.root.join("build.log"))?;
    }
    for (slug, outcome) in outcomes {
        if matches!(outcome.end, End::Generated) {
            outcome.compiled = Some(compiled.remove(slug).unwrap_or_default());
            outcome.built = built.remove(slug);
        }
    }
    Ok(())
}

/// The line after the place of a panic, or that place.
fn panic_of(said: &str) -> String {
    let mut lines = said.lines().skip_while(|line| !line.contains("panicked at"));
    let place = lines.next().unwrap_or_default();
    lines.next().filter(|line| !line.trim().is_empty()).unwrap_or(place).trim().to_owned()
}

/// The first line that reads like a reason, else the last one.
fn reason_of(said: &str) -> String {
    let lines: Vec<_> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let telling = lines.iter().find(|line| {
        let line = line.to_lowercase();
        ["error", "fail", "unsupported", "invalid"].iter().any(|word| line.contains(word))
    });
    telling.or(lines.last()).map_or_else(|| "it says nothing".to_owned(), |line| (*line).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_generator_says_last_is_told() {
        let panic = "thread 'main' panicked at src/a.rs:1:2:\ncalled `unwrap`\nnote: run with";
        assert_eq!(panic_of(panic), "called `unwrap`");
        assert_eq!(reason_of("reading\ngen fail: no 3.1\nbye\n"), "gen fail: no 3.1");
        assert_eq!(reason_of(""), "it says nothing");
    }
}
