//! `regenerate`: contracts to crates, or with `--check` the difference between the two.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use driftline_generator::ir::{Limits, Source};
use driftline_generator::tree::{self, Change};
use driftline_generator::{Generated, Runtime, Settings, Tree, generate, generate_apis};
use driftline_specs::{Api, Undeclared};
use miette::IntoDiagnostic;
use owo_colors::OwoColorize;

use super::Outcome;
use crate::{diagnostic, workspace};

/// Writes the crates in generated/ from the contracts in specs/
///
/// The whole folder is replaced in one step, and only when something differs. Files without the generator's
/// header (examples, tests) stay. Exit status: 0 done, 1 out of date (with --check), 2 a contract is wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Regenerates only this API; may be given several times
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,

    /// Writes nothing; shows the difference and exits with 1 if there is one
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let start = Instant::now();
    let (tree, apis) = tree(&arguments.apis)?;
    let folder = workspace::generated();
    if arguments.check {
        let changes = tree.diff(&folder).into_diagnostic()?;
        if changes.is_empty() {
            anstream::println!(
                "{} {} files of {} APIs are what the contracts say ({:.0?})",
                "up to date:".green().bold(),
                tree.len(),
                apis,
                start.elapsed()
            );
            return Ok(ExitCode::SUCCESS);
        }
        for change in &changes {
            show(change);
        }
        anstream::eprintln!(
            "\n{} {}; run `cargo xtask regenerate`",
            "out of date:".red().bold(),
            counted(&changes)
        );
        return Ok(ExitCode::from(1));
    }
    let changes = tree::replace(&folder, &tree).into_diagnostic()?;
    for change in &changes {
        let (sign, verb) = match (&change.before, &change.after) {
            (None, _) => ("+".green().to_string(), "new"),
            (_, None) => ("-".red().to_string(), "removed"),
            _ => ("~".yellow().to_string(), "changed"),
        };
        anstream::println!("{sign} generated/{} {}", change.path, format!("({verb})").dimmed());
    }
    let what = if changes.is_empty() { "nothing to change".to_owned() } else { counted(&changes) };
    anstream::println!(
        "{} {} APIs, {} files, {what} ({:.0?})",
        "regenerated:".green().bold(),
        apis,
        tree.len(),
        start.elapsed()
    );
    Ok(ExitCode::SUCCESS)
}

/// Generates everything that `generated/` should hold. When only some APIs are asked for, the others are taken
/// as they stand, so that the folder stays whole.
pub(crate) fn tree(only: &[String]) -> Result<(Tree, usize), miette::Report> {
    let specs = workspace::specs();
    let names = Api::list(&specs).map_err(|error| diagnostic::contract(&error))?;
    for name in only {
        // Fails with the names that are known.
        Api::load(&specs, name).map_err(|error| diagnostic::contract(&error))?;
    }
    let crates = std::thread::scope(|scope| {
        let threads: Vec<_> = names.iter().map(|name| scope.spawn(|| one(name))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let mut tree = Tree::default();
    for (name, generated) in &crates {
        let wanted = only.is_empty() || only.contains(name);
        tree.nest(name, if wanted { generated.tree.clone() } else { standing(name, &generated.tree)? });
    }
    let members: Vec<_> = crates.iter().map(|(name, generated)| (&generated.krate, name.clone())).collect();
    for (path, text) in generate_apis(&members, "../generator/runtime").iter() {
        tree.insert(path, text);
    }
    Ok((tree, if only.is_empty() { names.len() } else { only.len() }))
}

fn one(name: &str) -> Result<(String, Generated), miette::Report> {
    let api = Api::load(&workspace::specs(), name).map_err(|error| diagnostic::contract(&error))?;
    let crate_name = api.config.generator.crate_name.clone().unwrap_or_else(|| name.to_owned());
    let keep_undeclared = api.config.generator.undeclared == Undeclared::Keep;
    let settings = Settings::new(name, crate_name, format!("specs/{name}/openapi.yaml"))
        .limits(Limits {
            concurrency: api.config.client.concurrency.map(NonZeroUsize::get),
            requests_per_second: api.config.client.requests_per_second,
        })
        .sources(api.config.sources.iter().map(source).collect())
        .keep_undeclared(keep_undeclared)
        .runtime(Runtime::Path("../../generator/runtime".to_owned()))
        .lifecycle(api.lifecycle.clone())
        .strict(true);
    let generated =
        generate(&api.contract, &settings).map_err(|error| diagnostic::generator(&error, &api.contract))?;
    Ok((name.to_owned(), generated))
}

fn source(source: &driftline_specs::Source) -> Source {
    Source { title: source.title.clone(), retrieved: source.retrieved.clone() }
}

/// The files of an API as they stand now.
fn standing(name: &str, generated: &Tree) -> Result<Tree, miette::Report> {
    let folder = workspace::generated().join(name);
    let changes = generated.diff(&folder).into_diagnostic()?;
    let mut standing = generated.clone();
    for change in changes {
        match change.before {
            Some(before) => standing.insert(change.path, before),
            None => standing.remove(&change.path),
        }
    }
    Ok(standing)
}

fn show(change: &Change) {
    for line in change.unified().lines() {
        if line.starts_with("+++") || line.starts_with("---") {
            anstream::println!("{}", line.bold());
        } else if line.starts_with('+') {
            anstream::println!("{}", line.green());
        } else if line.starts_with('-') {
            anstream::println!("{}", line.red());
        } else if line.starts_with("@@") {
            anstream::println!("{}", line.cyan());
        } else {
            anstream::println!("{line}");
        }
    }
}

fn counted(changes: &[Change]) -> String {
    match changes.len() {
        1 => "1 file differs".to_owned(),
        count => format!("{count} files differ"),
    }
}
