//! Which workflows are played, and what they are given: options that several commands share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use driftline_conformance::Script;
use driftline_conformance::recording::Memory;
use driftline_specs::{Api, Scenarios};
use serde_json::{Map, Value};

use super::endpoint::Subject;
use crate::diagnostic;

/// Which workflows are played
#[derive(Debug, clap::Args)]
pub(crate) struct ScriptArguments {
    /// Plays only this workflow, and those that it depends on; may be given several times
    #[arg(long = "scenario", value_name = "WORKFLOW")]
    only: Vec<String>,

    /// An input of workflows; may be given several times. Others come from the environment variables that api.toml names
    /// and from the defaults of the workflows
    #[arg(long = "input", value_name = "K=V")]
    inputs: Vec<String>,

    /// The folder of workflows, `*.arazzo.yaml`; for an API in specs/ its `scenarios` folder unless given
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

impl ScriptArguments {
    /// Reads the workflows of an API, and what they are given.
    ///
    /// They are compared with what was recorded of the target, where there is something.
    pub(super) fn script(
        &self,
        subject: &Subject,
        target: Option<&str>,
    ) -> Result<Arc<Script>, miette::Report> {
        let scenarios = match (&self.scenarios, &subject.api) {
            (Some(folder), _) if !folder.is_dir() => {
                return Err(diagnostic::message(
                    format!("{} is no folder", folder.display()),
                    "name the folder that holds the workflows: --scenarios DIR",
                ));
            }
            (Some(folder), _) => Scenarios::load(folder, &subject.contract),
            (None, Some(api)) => api.scenarios(),
            (None, None) => Ok(Scenarios::default()),
        };
        let scenarios = scenarios.map_err(|error| diagnostic::contract(&error))?;
        let is_known = |id: &&String| scenarios.workflow(id).is_some();
        // Another of several APIs may have it.
        let only: Vec<String> = self.only.iter().filter(is_known).cloned().collect();
        if !self.only.is_empty() && only.is_empty() {
            let known: Vec<&str> = scenarios.workflows.iter().map(|it| it.id.as_str()).collect();
            let known = if known.is_empty() { "it has none".to_owned() } else { known.join(", ") };
            return Err(diagnostic::message(
                format!("{} has no workflow `{}`", subject.name, self.only.join("` or `")),
                format!("its workflows: {known}; --api chooses APIs"),
            ));
        }
        let mut inputs = Map::new();
        for (name, variable) in subject.api.iter().flat_map(|api| &api.config.inputs) {
            if let Ok(value) = std::env::var(variable) {
                inputs.insert(name.clone(), Value::String(value));
            }
        }
        for input in &self.inputs {
            let Some((name, value)) = input.split_once('=').filter(|(name, _)| !name.trim().is_empty())
            else {
                // The text may be a secret, so it is not shown.
                return Err(diagnostic::message(
                    "an --input is not a name and a value",
                    "write it as --input name=value",
                ));
            };
            inputs.insert(name.trim().to_owned(), Value::String(value.to_owned()));
        }
        for name in inputs.keys() {
            let mut known = scenarios.workflows.iter().filter_map(|it| it.inputs.names()).flatten();
            if !scenarios.workflows.is_empty() && !known.any(|it| it == name) {
                return Err(diagnostic::message(
                    format!("no workflow of {} has an input `{name}`", subject.name),
                    "check its name; the workflows stand in the folder `scenarios`",
                ));
            }
        }
        let memories = match (target, &subject.api) {
            (Some(target), Some(api)) => memories(api, target)?,
            _ => BTreeMap::new(),
        };
        Ok(Arc::new(Script { scenarios: Arc::new(scenarios), inputs, only, memories }))
    }
}

/// What was recorded of an API's workflows at a target.
pub(super) fn memories(api: &Api, target: &str) -> Result<BTreeMap<String, Memory>, miette::Report> {
    let mut memories = BTreeMap::new();
    let recordings = api.recordings().map_err(|error| diagnostic::contract(&error))?;
    for (_, recording) in
        recordings.iter().filter(|(_, it)| it.origin().is_some_and(|it| it.target == target))
    {
        for (id, _) in recording.workflows() {
            memories.extend(Memory::of(recording, id).map(|memory| (id.to_owned(), memory)));
        }
    }
    Ok(memories)
}
