//! What the steps of a workflow have shown is judged, and looked for again.

use std::sync::Arc;

use driftline_specs::scenario::{Criterion, Step, Then};

use super::WorkflowRecipe;
use super::stage::Stage;
use super::under_way::Attempt;
use crate::checks::StepEvidence;
use crate::engine::{Engine, How};
use crate::exchange::Exchange;
use crate::finding::Fingerprint;
use crate::recording::pin;

impl Engine {
    /// Judges a step that is over: it succeeded, or nothing is to be done about it.
    pub(super) fn settled(&mut self, stage: &mut Stage, step: &Step, attempt: &Attempt<'_>) {
        self.judge_taken(stage, attempt.at, Some((step, &attempt.unmet)));
    }

    /// Judges an exchange whose failure the workflow knows how to deal with.
    pub(super) fn excused(&mut self, stage: &mut Stage, attempt: &Attempt<'_>) {
        self.judge_taken(stage, attempt.at, None);
    }

    fn judge_taken(&mut self, stage: &mut Stage, at: Option<usize>, step: Option<(&Step, &[&Criterion])>) {
        let Some((at, taken)) = at.and_then(|at| Some((at, stage.performance.taken.get(at)?))) else {
            return;
        };
        let id = &taken.recipe.operation_id;
        let Some(plan) = self.plan(id).filter(|_| self.own.contains(id)) else { return };
        let script = Arc::clone(&stage.play.script);
        let evidence = self.judge.evidence(&plan.operation, &taken.exchange);
        let (mut found, reading) = self.judge.judge_evidence(&evidence);
        if let Some((step, unmet)) = step
            && let Some(workflow) = script.scenarios.workflow(&stage.play.workflow)
        {
            let place = taken.step.as_str();
            let memory = script.memories.get(&workflow.id);
            let visit = stage.visits.entry(place.to_owned()).or_default();
            let retried = step.on_failure.iter().any(|it| matches!(it.then, Then::Retry { .. }));
            let recorded = memory.and_then(|memory| memory.step(place, *visit, retried));
            *visit += 1;
            if memory.is_some() && recorded.is_none() && !self.examining {
                let lacking =
                    format!("the recording of {} has no step {place}; record it again", workflow.id);
                if !self.book.unproven.contains(&lacking) {
                    self.book.unproven.push(lacking);
                }
            }
            if let Some(asked) = recorded.and_then(|it| it.asked.as_ref())
                && let Some(sent) = taken.recipe.case.value.get("body")
            {
                pin(&mut stage.pins, asked, sent);
            }
            let is_own = stage.own_by(taken.recipe.case.value.get("path"));
            let pins = stage.pins.as_slice();
            found.extend(self.judge.judge_step(&StepEvidence {
                evidence: &evidence,
                workflow,
                place,
                step,
                unmet,
                recorded,
                is_own,
                pins,
            }));
        }
        if !self.examining {
            if let Some(reading) = reading {
                self.book.tally(id).bodies.get_or_insert_default().count(reading);
            }
            let recipe = WorkflowRecipe {
                play: Arc::clone(&stage.play),
                step: taken.step.clone(),
                recipe: taken.recipe.clone(),
            };
            let exchanges: Vec<Exchange> =
                stage.performance.taken.iter().take(at + 1).map(|it| it.exchange.clone()).collect();
            self.sight(found.clone(), &How::Workflow(recipe), &exchanges);
        }
        stage.performance.found.push((at, found));
    }

    /// Plays a workflow again; `None` where that was not possible, else the exchanges up to the one that shows a deviation.
    pub(crate) async fn replay(
        &mut self,
        recipe: &WorkflowRecipe,
        fingerprint: &Fingerprint,
    ) -> Option<Option<Vec<Exchange>>> {
        let performance = self.play_workflow(&recipe.play).await;
        let shows = performance.found.iter().find(|(at, found)| {
            let id = performance.taken.get(*at).map_or("", |it| &it.recipe.operation_id);
            found.iter().any(|it| Fingerprint::of(&self.api, id, it) == *fingerprint)
        });
        if shows.is_none() && performance.end.as_ref().is_some_and(|end| !end.failed) {
            return None;
        }
        let shown = shows.map(|(at, _)| performance.taken.iter().take(at + 1).map(|it| it.exchange.clone()));
        Some(shown.map(Iterator::collect))
    }
}
