//! Where norms are kept: read before a run, and written after one that was learned from.

use std::path::{Path, PathBuf};

use driftline_conformance::report::ApiReport;
use driftline_conformance::{Norms, RunOptions, Suite, Verdict};
use driftline_specs::Api;
use miette::{IntoDiagnostic, WrapErr};
use owo_colors::OwoColorize;

use super::write_whole;
use crate::{diagnostic, workspace};

/// Returns the file of an API's target; none where the name cannot be that of a file.
pub(super) fn path(api: &Api, target: &str) -> Option<PathBuf> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let plain = !target.is_empty() && target.bytes().all(is_plain);
    plain.then(|| api.dir.join("norms").join(format!("{target}.json")))
}

/// Reads norms; `None` where there is no such file.
pub(super) fn load(path: &Path) -> Result<Option<Norms>, miette::Report> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(diagnostic::message(
                format!("cannot read {}: {error}", path.display()),
                "it has to be a text in UTF-8; see `norms/<target>.json` in specs/README.md",
            ));
        }
    };
    let norms = Norms::from_text(path, &text).map_err(|error| {
        diagnostic::message(
            error.to_string(),
            "norms are not edited by hand: take the file from version control, or delete it and learn again with --learn",
        )
    })?;
    Ok(Some(norms))
}

/// Writes norms whole or not at all.
fn write(path: &Path, norms: &Norms) -> Result<(), miette::Report> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| write_whole(path, &norms.to_json()));
    written.into_diagnostic().wrap_err_with(|| format!("cannot write {}", path.display()))
}

/// Takes the norms of a target into the options of a run, where there are any; returns where they are kept.
pub(super) fn take(
    file: Option<&Path>,
    learn: bool,
    api: Option<&Api>,
    options: &mut RunOptions,
) -> Result<Option<PathBuf>, miette::Report> {
    let target = &options.target.name;
    let own = api.filter(|api| api.config.targets.contains_key(target));
    let path = file.map(Path::to_owned).or_else(|| path(own?, target));
    let Some(path) = path else {
        return match learn {
            true => Err(diagnostic::message(
                "there is no place for the norms of this endpoint: no api.toml names it",
                "say where to keep them: --norms FILE",
            )),
            false => Ok(None),
        };
    };
    let Some(known) = load(&path)? else {
        return match file {
            Some(_) if !learn => Err(diagnostic::message(
                format!("there are no norms at {}", path.display()),
                "learn them first, with --learn",
            )),
            _ => Ok(Some(path)),
        };
    };
    match options.fits(&known) {
        Ok(()) => {
            anstream::eprintln!("{} {} ({})", "norms:".bold(), workspace::shown(&path), runs(&known));
            options.norms = Some(known);
        }
        Err(reason) if learn || file.is_some() => {
            return Err(diagnostic::message(
                format!("the norms at {} are of other runs: {reason}", path.display()),
                "run under their conditions, or name another file with --norms",
            ));
        }
        // Nothing is counted of workflows.
        Err(_) if options.suites == [Suite::Scenario] => {}
        Err(reason) => {
            anstream::eprintln!(
                "{} {}: {reason}",
                "norms left out:".yellow().bold(),
                workspace::shown(&path)
            );
        }
    }
    Ok(Some(path))
}

/// Adds what a run has shown to what was known, unless it says that something is wrong.
pub(super) fn learn(
    report: &ApiReport,
    path: Option<&Path>,
    known: Option<Norms>,
    seen: &Norms,
) -> Result<(), miette::Report> {
    let Some(path) = path else { return Ok(()) };
    if report.partial || report.verdict == Verdict::Drift {
        let why = if report.partial { "the run was cut off" } else { "the run found new drift" };
        anstream::eprintln!(
            "{} of {}: {why}; what is accepted goes into ledger.toml, and norms that no longer hold are deleted and \
             learned again",
            "nothing learned".yellow().bold(),
            report.api
        );
        return Ok(());
    }
    let norms = known.map_or_else(|| seen.clone(), |known| known.and(seen));
    write(path, &norms)?;
    anstream::eprintln!("{} {} ({})", "learned:".bold(), workspace::shown(path), runs(&norms));
    Ok(())
}

fn runs(norms: &Norms) -> String {
    if norms.runs == 1 { "1 run".to_owned() } else { format!("{} runs", norms.runs) }
}
