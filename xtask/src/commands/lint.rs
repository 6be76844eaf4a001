//! `lint`: what contracts contradict themselves in.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use driftline_specs::lint::{self, Lint, Severity};
use driftline_specs::{Api, Contract};
use owo_colors::OwoColorize;
use serde_json::json;

use super::Outcome;
use crate::excerpt::Texts;
use crate::{diagnostic, workspace};

/// Finds contradictions inside contracts, and what they leave open
///
/// Nothing is sent. Without --spec or --api, all contracts in specs/ are looked at, and their fixtures are held to
/// them; docs/lint.md describes the rules. Exit status: 0 no errors (warnings and hints are allowed), 1 errors, 2 bad
/// usage, a contract that cannot be read, or a fixture that its contract does not allow.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The contract: OpenAPI in JSON or YAML
    #[arg(long, value_name = "FILE", conflicts_with = "apis")]
    spec: Option<PathBuf>,

    /// Overlays to apply to it, in this order
    #[arg(long = "overlay", value_name = "FILE", requires = "spec")]
    overlays: Vec<PathBuf>,

    /// An API in specs/, with its overlay; may be given several times
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,

    /// Applies only this rule; may be given several times
    #[arg(long = "rule", value_name = "RULE")]
    only: Vec<String>,

    /// Shows the lines of the contract around everything that was found, not around errors only
    #[arg(long)]
    verbose: bool,

    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Describes the rules, in Markdown, and looks at nothing
    #[arg(long, exclusive = true)]
    rules: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Text,
    /// For a program
    Json,
    /// A summary for a README
    Markdown,
}

/// What was found in one contract.
struct Examined {
    name: String,
    lints: Vec<Lint>,
}

impl Examined {
    fn count(&self, severity: Severity) -> usize {
        self.lints.iter().filter(|lint| lint.severity == severity).count()
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.rules {
        anstream::print!("{}", lint::documentation());
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = arguments.only.iter().find(|id| lint::rules().iter().all(|rule| rule.id != **id)) {
        return Err(diagnostic::message(
            format!("there is no rule `{unknown}`"),
            "`cargo xtask lint --rules` lists the rules",
        ));
    }
    let examined: Vec<Examined> = contracts(arguments)?
        .into_iter()
        .map(|(name, contract)| {
            let mut lints = lint::check(&contract);
            lints.retain(|lint| arguments.only.is_empty() || arguments.only.iter().any(|id| id == lint.rule));
            Examined { name, lints }
        })
        .collect();
    match arguments.format {
        Format::Text => examined.iter().for_each(|one| text(one, arguments.verbose)),
        Format::Json => anstream::println!("{:#}", json(&examined)),
        Format::Markdown => anstream::print!("{}", markdown(&examined)),
    }
    let errors = examined.iter().any(|one| one.count(Severity::Error) > 0);
    Ok(ExitCode::from(u8::from(errors)))
}

fn contracts(arguments: &Arguments) -> Result<Vec<(String, Contract)>, miette::Report> {
    let refused = |error: driftline_specs::Error| diagnostic::contract(&error);
    if let Some(spec) = &arguments.spec {
        let contract = Contract::load(spec, &arguments.overlays).map_err(refused)?;
        return Ok(vec![(spec.display().to_string(), contract)]);
    }
    let specs = workspace::specs();
    let names =
        if arguments.apis.is_empty() { Api::list(&specs).map_err(refused)? } else { arguments.apis.clone() };
    names
        .into_iter()
        .map(|name| {
            let api = Api::load(&specs, &name).map_err(refused)?;
            // What is wrong in a fixture is found before a run sends it.
            api.fixtures().map_err(refused)?;
            Ok((name, api.contract))
        })
        .collect()
}

fn text(examined: &Examined, verbose: bool) {
    let texts = Texts::default();
    let mut rule = "";
    for lint in &examined.lints {
        if lint.rule != rule {
            rule = lint.rule;
            let severity = match lint.severity {
                Severity::Error => "error".red().bold().to_string(),
                Severity::Warning => "warning".yellow().bold().to_string(),
                Severity::Hint => "hint".cyan().bold().to_string(),
            };
            let why = lint::rules().iter().find(|rule| rule.id == lint.rule).map_or("", |rule| rule.why);
            anstream::println!("{severity} {} {}", rule.bold(), format!("({why})").dimmed());
        }
        if verbose || lint.severity == Severity::Error {
            let severity = match lint.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Hint => miette::Severity::Advice,
            };
            let message = format!("{} (at {})", lint.message, lint.pointer);
            let remark = diagnostic::remark(&texts, severity, message, lint.position.as_ref());
            anstream::print!("{remark:?}");
            continue;
        }
        anstream::println!("  {}: {}", place(lint).bold(), diagnostic::printable(&lint.message));
        anstream::println!("    {}", diagnostic::printable(&lint.pointer).dimmed());
    }
    if !examined.lints.is_empty() {
        anstream::println!();
    }
    let (errors, warnings) = (examined.count(Severity::Error), examined.count(Severity::Warning));
    let summary = format!(
        "{}, {}, {}",
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(examined.count(Severity::Hint), "hint")
    );
    let name = format!("{}:", examined.name);
    match (errors, warnings) {
        (0, 0) => anstream::println!("{} {summary}", name.green().bold()),
        (0, _) => anstream::println!("{} {summary}", name.yellow().bold()),
        _ => anstream::println!("{} {summary}", name.red().bold()),
    }
}

fn json(examined: &[Examined]) -> serde_json::Value {
    let contracts = examined.iter().map(|one| {
        let lints = one.lints.iter().map(|lint| {
            json!({
                "rule": lint.rule,
                "severity": lint.severity.as_str(),
                "pointer": lint.pointer,
                "message": lint.message,
                "file": lint.position.as_ref().map(|at| workspace::shown(&at.file)),
                "line": lint.position.as_ref().map(|at| at.line),
                "column": lint.position.as_ref().map(|at| at.column),
            })
        });
        json!({
            "contract": one.name,
            "errors": one.count(Severity::Error),
            "warnings": one.count(Severity::Warning),
            "hints": one.count(Severity::Hint),
            "lints": lints.collect::<Vec<_>>(),
        })
    });
    json!({"version": 1, "contracts": contracts.collect::<Vec<_>>()})
}

/// A table of counts, and a list of all that is not a hint.
fn markdown(examined: &[Examined]) -> String {
    let mut lines =
        vec!["| contract | errors | warnings | hints |".to_owned(), "|---|---:|---:|---:|".to_owned()];
    for one in examined {
        let count = |severity| one.count(severity);
        lines.push(format!(
            "| {} | {} | {} | {} |",
            cell(&one.name),
            count(Severity::Error),
            count(Severity::Warning),
            count(Severity::Hint)
        ));
    }
    for one in examined.iter().filter(|one| !one.lints.is_empty()) {
        lines.extend([String::new(), format!("**{}**", cell(&one.name)), String::new()]);
        let mut hints: BTreeMap<&str, usize> = BTreeMap::new();
        for lint in &one.lints {
            if lint.severity == Severity::Hint {
                *hints.entry(lint.rule).or_default() += 1;
            } else {
                lines.push(format!(
                    "- {} `{}`, {}: {}",
                    lint.severity,
                    lint.rule,
                    place(lint),
                    cell(&lint.message)
                ));
            }
        }
        for (rule, count) in hints {
            lines.push(format!("- {} `{rule}`", counted(count, "hint")));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A text that cannot end a cell of a table or a line.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn place(lint: &Lint) -> String {
    lint.position.as_ref().map_or_else(
        || lint.pointer.clone(),
        |at| format!("{}:{}:{}", workspace::shown(&at.file), at.line, at.column),
    )
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
