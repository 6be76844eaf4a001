//! One run of the suites against a sandbox of its own, with a mutant or without, and what that says.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use driftline_conformance::report::{ApiReport, Finding, FindingStatus};
use driftline_conformance::target::{Clock, Credential, Target};
use driftline_conformance::{Norms, RunOptions, Script, Verdict, registered};
use driftline_sandbox::{CREDENTIAL, Mutant, Options, Sandbox, Severity};
use driftline_specs::{Api, Fixtures, TargetKind};

use crate::commands::endpoint::SANDBOX;
use crate::commands::norms;
use crate::commands::script::memories;
use crate::diagnostic;

/// How much is asked in each run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    pub(super) seed: u64,
    pub(super) requests_per_operation: usize,
    /// How long a run against a mutant may take.
    pub(super) at_most: Duration,
    /// Whether a run ends with its first finding.
    pub(super) until_found: bool,
}

/// An API, and what runs are given of it, as `drift` does.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) api: Api,
    fixtures: Fixtures,
    script: Arc<Script>,
    norms: Option<Norms>,
}

impl Subject {
    /// Reads them.
    pub(super) fn of(api: Api) -> Result<Subject, miette::Report> {
        let script = Script {
            scenarios: Arc::new(api.scenarios().map_err(|error| diagnostic::contract(&error))?),
            memories: memories(&api, SANDBOX)?,
            ..Script::default()
        };
        let norms = match norms::path(&api, SANDBOX) {
            Some(path) => norms::load(&path)?,
            None => None,
        };
        let fixtures = api.fixtures().map_err(|error| diagnostic::contract(&error))?;
        Ok(Subject { api, fixtures, script: Arc::new(script), norms })
    }
}

/// A run against a mutant.
#[derive(Debug)]
pub(super) struct Trial {
    pub(super) mutant: Mutant,
    /// How many answers it changed.
    pub(super) shown: u64,
    /// How many findings are about it.
    pub(super) told: usize,
    /// Whether one of them names its place in the answer or in the contract.
    pub(super) located: bool,
    /// Whether one of them says that it does not always show.
    pub(super) intermittent: bool,
    /// Findings that are about something else: what the mutant brings about elsewhere.
    pub(super) elsewhere: Vec<String>,
    pub(super) verdict: Verdict,
    /// Whether the time was up before everything was asked.
    pub(super) cut_off: bool,
    pub(super) seconds: f64,
    pub(super) requests: u64,
}

impl Trial {
    pub(super) fn is_shown(&self) -> bool {
        self.shown > 0
    }

    pub(super) fn is_found(&self) -> bool {
        self.told > 0
    }

    pub(super) fn is_breaking(&self) -> bool {
        self.mutant.severity() == Severity::Breaking
    }

    /// Whether nothing was missed that the contract rules out and that there was to see.
    pub(super) fn is_as_it_should_be(&self) -> bool {
        self.is_found() || !self.is_shown() || !self.mutant.class().breaks_contract()
    }
}

/// A run without a mutant.
#[derive(Debug)]
pub(super) struct Quiet {
    pub(super) api: String,
    pub(super) false_alarms: Vec<String>,
    pub(super) verdict: Verdict,
}

impl Quiet {
    pub(super) fn is_silent(&self) -> bool {
        self.verdict == Verdict::NoDrift
    }
}

/// Runs the suites against a mutant.
pub(super) async fn of(subject: &Subject, mutant: Mutant, effort: Effort) -> Result<Trial, miette::Report> {
    let (mut report, mut shown) = judged(subject, Some(&mutant), effort).await?;
    if effort.until_found && report.findings.is_empty() {
        // What ended the run early could not be confirmed.
        (report, shown) = judged(subject, Some(&mutant), Effort { until_found: false, ..effort }).await?;
    }
    let (told, elsewhere): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| is_about(finding, &mutant));
    Ok(Trial {
        shown,
        told: told.len(),
        located: told.iter().any(|finding| is_at(finding, &mutant)),
        intermittent: told.iter().any(|finding| finding.status == FindingStatus::Intermittent),
        elsewhere: elsewhere.into_iter().map(named).collect(),
        verdict: report.verdict,
        cut_off: report.partial && report.seconds >= effort.at_most.as_secs_f64(),
        seconds: report.seconds,
        requests: report.requests,
        mutant,
    })
}

/// Runs the suites against what the contract says.
pub(super) async fn unmutated(subject: &Subject, effort: Effort) -> Result<Quiet, miette::Report> {
    let (report, _) = judged(subject, None, effort).await?;
    let false_alarms = report.findings.iter().map(named).collect();
    Ok(Quiet { api: report.api, false_alarms, verdict: report.verdict })
}

/// Whether a finding is on the operation of a mutant, or says that the contract is not true where it was mutated.
fn is_about(finding: &Finding, mutant: &Mutant) -> bool {
    let below = finding.contract.strip_prefix(&mutant.contract);
    finding.operation_id == mutant.operation_id
        || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a finding about a mutant says where: at its place in the answer, around it or in it, or at its place in the
/// contract. What is not at a place of an answer has no other place than its operation.
fn is_at(finding: &Finding, mutant: &Mutant) -> bool {
    let of_answer = mutant.status.is_some() && !mutant.place.is_empty();
    let place: String = finding.location.split('/').skip(1).fold(String::new(), |place, token| {
        let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        format!("{place}/{}", if is_index { "*" } else { token })
    });
    let around = mutant.place.rsplit_once('/').map_or("", |(around, _)| around);
    !of_answer
        || place == around
        || place == mutant.place
        || place.strip_prefix(around).is_some_and(|rest| rest.ends_with("_renamed"))
        || place.strip_prefix(&mutant.place).is_some_and(|rest| rest.starts_with('/'))
        || finding.contract == mutant.contract
}

fn named(finding: &Finding) -> String {
    format!("{} on {} at {}", finding.check, finding.operation_id, finding.contract)
}

async fn judged(
    subject: &Subject,
    mutant: Option<&Mutant>,
    effort: Effort,
) -> Result<(ApiReport, u64), miette::Report> {
    let failed =
        |error: String| diagnostic::message(error, "`cargo xtask selftest --help` shows the options");
    let api = &subject.api;
    let name = api.name.as_str();
    let options = Options {
        apis: vec![name.to_owned()],
        mutants: mutant.into_iter().cloned().collect(),
        seed: effort.seed,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.map_err(|error| failed(error.to_string()))?;
    let url = sandbox.base_url(name).unwrap_or_default();
    let mut target =
        Target::new(SANDBOX, TargetKind::Embedded, url).map_err(|error| failed(error.to_string()))?;
    target.credentials.push(Credential::for_contract(&api.contract, CREDENTIAL, None));
    target.clock = sandbox.mover(name).map(Clock::new);
    let mut options = RunOptions::new(name, api.contract.clone(), target);
    options.seed = effort.seed;
    options.requests_per_operation = effort.requests_per_operation;
    if mutant.is_some() {
        options.max_time = Some(effort.at_most);
        options.max_findings = effort.until_found.then_some(NonZeroUsize::MIN);
    }
    options.models = registered(name);
    options.lifecycle.clone_from(&api.lifecycle);
    options.fixtures.clone_from(&subject.fixtures);
    options.script = Arc::clone(&subject.script);
    options.norms.clone_from(&subject.norms);
    let report = driftline_conformance::run(options).await.map_err(|error| failed(error.to_string()))?;
    let shown = sandbox.mutated();
    sandbox.shutdown().await;
    Ok((report, shown))
}
