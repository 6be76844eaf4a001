//! `drift --resume`: reads the report of a run that was stopped.

use std::path::Path;

use driftline_conformance::Report;

use crate::diagnostic;

/// Reads the report in a folder; the seed is checked against the one that was given.
pub(crate) fn read(folder: &Path, seed: Option<u64>) -> Result<Report, miette::Report> {
    let path = folder.join("report.json");
    let advice = "name the folder that --report of the stopped run named";
    let text = std::fs::read_to_string(&path)
        .map_err(|error| diagnostic::message(format!("cannot read {}: {error}", path.display()), advice))?;
    let report: Report = serde_json::from_str(&text).map_err(|error| {
        diagnostic::message(format!("{} is no report of this version: {error}", path.display()), advice)
    })?;
    if !report.partial {
        return Err(diagnostic::message(
            format!("the run of {} was not stopped: there is nothing to resume", path.display()),
            "leave --resume out to start anew",
        ));
    }
    if let Some(given) = seed.filter(|given| *given != report.seed) {
        return Err(diagnostic::message(
            format!("the stopped run had the seed {}, not {given}", report.seed),
            "leave --seed out: a resumed run goes on with the same seed",
        ));
    }
    Ok(report)
}
