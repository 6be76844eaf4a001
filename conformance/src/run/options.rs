//! What a run is to do.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use driftline_specs::{Contract, Fixtures, Lifecycle, TargetKind};

use crate::cancel::Cancel;
use crate::engine::Resources;
use crate::models::Models;
use crate::norms::{Conditions, Norms, Survey};
use crate::partition::Partition;
use crate::progress::{Progress, Silent};
use crate::report::ApiReport;
use crate::run_tag::RunTag;
use crate::scenario::Script;
use crate::suite::Suite;
use crate::target::Target;

/// What a run is to do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunOptions {
    /// The API's name, as in reports and fingerprints.
    pub api: String,
    /// The contract.
    pub contract: Contract,
    /// Where it answers.
    pub target: Target,
    /// Decides every random choice.
    pub seed: u64,
    /// Tells what the run sends from anything else; that of the seed when absent.
    pub run_tag: Option<RunTag>,
    /// What produces the exchanges.
    pub suites: Vec<Suite>,
    /// The most valid requests to one operation in the first pass; near misses come on top: twice as many and 64 at
    /// most, eight times as many where the target is unmetered.
    pub requests_per_operation: usize,
    /// The most requests of the run.
    pub max_requests: Option<u64>,
    /// The longest time of the run.
    pub max_time: Option<Duration>,
    /// After how many deviations the run asks for nothing more than what examines them.
    pub max_findings: Option<NonZeroUsize>,
    /// Which operations are this run's.
    pub partition: Option<Partition>,
    /// Whether resources that the run did not create may be changed; by default in the embedded sandbox only.
    pub resources: Resources,
    /// The lives of the API's resources, where they are known.
    pub lifecycle: Option<Lifecycle>,
    /// Known-good request bodies by operation.
    pub fixtures: Fixtures,
    /// Workflows, with what they are given.
    pub script: Arc<Script>,
    /// Whether what the run created is ended after it; not in the embedded sandbox unless asked for.
    pub clean_up: bool,
    /// What the target usually answers, where that was learned; a run of other suites, or with other resources, is not
    /// judged by it.
    pub norms: Option<Norms>,
    /// The generated client's view, where there is one.
    pub models: Option<Arc<dyn Models>>,
    /// What was found before the run was stopped: it goes on there.
    pub resume: Option<Box<ApiReport>>,
    /// Who hears of progress.
    pub progress: Arc<dyn Progress>,
    /// Stops the run.
    pub cancel: Cancel,
}

impl RunOptions {
    /// Returns the options of a usual run.
    #[must_use]
    pub fn new(api: &str, contract: Contract, target: Target) -> RunOptions {
        let any = target.kind == TargetKind::Embedded;
        RunOptions {
            api: api.to_owned(),
            contract,
            target,
            seed: 0,
            run_tag: None,
            suites: Suite::ALL.to_vec(),
            requests_per_operation: 100,
            max_requests: None,
            max_time: None,
            max_findings: None,
            partition: None,
            resources: if any { Resources::Any } else { Resources::Own },
            lifecycle: None,
            fixtures: Fixtures::new(),
            script: Arc::default(),
            clean_up: !any,
            norms: None,
            models: None,
            resume: None,
            progress: Arc::new(Silent),
            cancel: Cancel::new(),
        }
    }

    /// Returns the run tag.
    #[must_use]
    pub fn tag(&self) -> RunTag {
        self.run_tag.clone().unwrap_or_else(|| RunTag::of_seed(self.seed))
    }

    /// Whether norms are of such runs as this one; otherwise why not.
    ///
    /// # Errors
    ///
    /// When they are of another API, another target, other suites or other resources.
    pub fn fits(&self, norms: &Norms) -> Result<(), String> {
        norms.fits(&Survey::default().norms(self.conditions()))
    }

    pub(super) fn conditions(&self) -> Conditions {
        // What workflows send is not counted.
        let counted = self.suites.iter().filter(|suite| **suite != Suite::Scenario);
        let mut suites: Vec<String> = counted.map(ToString::to_string).collect();
        suites.sort_unstable();
        suites.dedup();
        Conditions {
            api: self.api.clone(),
            target: self.target.name.clone(),
            suites,
            resources: self.resources.to_string(),
        }
    }
}
