//! Workflows: steps that are sent one after another, each with what those before it gave.

mod judge;
mod play;
mod stage;
mod under_way;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use driftline_specs::scenario::{Call, Detour, Invocation, Step, Then, Workflow};
use serde_json::{Map, Value};

pub(crate) use self::play::{End, Performance, Play, Taken, WorkflowRecipe};
use self::play::{failed, skipped};
use self::stage::Stage;
use self::under_way::{Attempt, Next, Run};
use super::{Case, Counted, Engine, Origin, PathSource, Posted, Prepared, Recipe};
use crate::exchange::Intent;
use crate::scenario::{Called, DEPTH, STEPS, Script, Sent, add_undocumented, fill};
use crate::target::{Failure, retry_after};

/// A workflow that is under way; it gives its outputs. Workflows call workflows, so that it has no size.
type Playing<'e> = Pin<Box<dyn Future<Output = Result<Map<String, Value>, End>> + Send + 'e>>;

impl Engine {
    /// Plays a workflow; what is found is returned, and noted unless findings are examined.
    pub(crate) async fn play_workflow(&mut self, play: &Arc<Play>) -> Performance {
        let mut stage = Stage::new(play);
        let script = Arc::clone(&play.script);
        let Some(workflow) = script.scenarios.workflow(&play.workflow) else { return stage.performance };
        let ended = match script.inputs_of(workflow) {
            Ok(inputs) => self.workflow(&mut stage, &script, workflow, inputs, "", 0).await.err(),
            Err(problems) => {
                Some(skipped("", format!("its inputs are not as they have to be: {}", problems.join("; "))))
            }
        };
        stage.performance.end = ended;
        stage.performance.calls = stage.calls;
        stage.performance
    }

    /// Plays a workflow that may be called by another one; returns its outputs.
    fn workflow<'e>(
        &'e mut self,
        stage: &'e mut Stage,
        script: &'e Arc<Script>,
        workflow: &'e Workflow,
        inputs: Map<String, Value>,
        above: &'e str,
        depth: usize,
    ) -> Playing<'e> {
        Box::pin(async move {
            if depth > DEPTH {
                return Err(failed(above, format!("workflows call one another deeper than {DEPTH} levels")));
            }
            let mut run =
                Run { workflow, inputs, steps: BTreeMap::new(), retries: BTreeMap::new(), above, depth };
            stage
                .calls
                .of
                .insert(workflow.id.clone(), Called { inputs: run.inputs.clone(), outputs: Map::new() });
            let mut at = 0;
            while let Some(step) = workflow.steps.get(at) {
                match self.one(stage, script, &mut run, step).await? {
                    Next::Step(next) => at = next.unwrap_or(at + 1),
                    Next::End => break,
                    Next::Workflow(invocation) => {
                        let place = run.place(step);
                        return self.invoke(stage, script, &run, invocation, &place, None).await;
                    }
                }
            }
            let outputs = run.outputs(stage, &workflow.outputs, None, None);
            stage
                .calls
                .of
                .insert(workflow.id.clone(), Called { inputs: run.inputs, outputs: outputs.clone() });
            Ok(outputs)
        })
    }

    /// Calls a workflow from another one.
    async fn invoke(
        &mut self,
        stage: &mut Stage,
        script: &Arc<Script>,
        run: &Run<'_>,
        invocation: &Invocation,
        place: &str,
        sent: Option<Sent<'_>>,
    ) -> Result<Map<String, Value>, End> {
        let Some(workflow) = script.scenarios.workflow(&invocation.workflow) else {
            return Err(skipped(place, format!("there is no workflow {:?}", invocation.workflow)));
        };
        let mut inputs = Map::new();
        {
            let moment = run.moment(&stage.calls, None, sent);
            for (name, value) in &invocation.inputs {
                let value = value.fill(&moment);
                let value = value.map_err(|what| failed(place, format!("{what} has no value")))?;
                inputs.insert(name.clone(), value);
            }
        }
        let inputs = workflow.inputs.complete(inputs).map_err(|problems| {
            failed(
                place,
                format!("what {} is given is not as it has to be: {}", workflow.id, problems.join("; ")),
            )
        })?;
        self.workflow(stage, script, workflow, inputs, place, run.depth + 1).await
    }

    /// Takes one step, and says how it goes on.
    async fn one<'w>(
        &mut self,
        stage: &mut Stage,
        script: &Arc<Script>,
        run: &mut Run<'w>,
        step: &'w Step,
    ) -> Result<Next<'w>, End> {
        let place = run.place(step);
        loop {
            stage.steps += 1;
            self.progress.step_started(&stage.play.workflow, &place);
            if stage.steps > STEPS {
                return Err(failed(&place, format!("it is not over after {STEPS} steps")));
            }
            if let Some(missing) = step.depends_on.iter().find(|id| !run.steps.contains_key(*id)) {
                return Err(failed(&place, format!("the step {missing:?} has not succeeded before it")));
            }
            let attempt = self.attempt(stage, script, run, step, &place).await?;
            let actions = if attempt.unmet.is_empty() { &step.on_success } else { &step.on_failure };
            let told = attempt.at.and_then(|at| stage.performance.taken.get(at)).and_then(|taken| {
                let answer = &taken.exchange.answer;
                retry_after(answer.header("retry-after")?, answer.header("date"))
            });
            let told = told.unwrap_or_default();
            let mut too_long = None;
            let action = {
                let sent = attempt.sent(stage, self.client.target().base_url.as_str());
                let moment = run.moment(&stage.calls, attempt.outputs.as_ref(), sent);
                actions.iter().find(|action| {
                    let applies = action.criteria.iter().all(|it| it.holds(&moment)) && run.may(step, action);
                    let Then::Retry { after, .. } = &action.then else { return applies };
                    let is_too_long = applies && self.client.wait_for(*after, told).is_none();
                    if is_too_long {
                        too_long = Some(told.max(*after));
                    }
                    applies && !is_too_long
                })
            };
            if attempt.unmet.is_empty() {
                self.settled(stage, step, &attempt);
                let outputs = {
                    let base_url = self.client.target().base_url.to_string();
                    let sent = attempt.sent(stage, &base_url);
                    run.outputs(stage, &step.outputs, attempt.outputs.as_ref(), sent)
                };
                run.steps.insert(step.id.clone(), outputs);
            }
            match (action.map(|action| &action.then), attempt.unmet.is_empty()) {
                (None, true) => return Ok(Next::Step(None)),
                (Some(Then::End), true) => return Ok(Next::End),
                (Some(Then::Step(id)), succeeded) => {
                    if !succeeded {
                        self.excused(stage, &attempt);
                    }
                    return Ok(Next::Step(run.workflow.step(id).map(|(at, _)| at)));
                }
                (Some(Then::Workflow(invocation)), succeeded) => {
                    if !succeeded {
                        self.excused(stage, &attempt);
                    }
                    return Ok(Next::Workflow(invocation));
                }
                (Some(Then::Retry { after, first, .. }), _) => {
                    self.excused(stage, &attempt);
                    let wait = self.client.wait_for(*after, told).unwrap_or_default();
                    // Who has looked again too soon has that try left.
                    if let Some(action) = action.filter(|_| wait >= *after) {
                        *run.retries.entry((step.id.clone(), action.name.clone())).or_default() += 1;
                    }
                    self.client.wait(wait).await.map_err(|stop| {
                        self.book.stop.get_or_insert(stop);
                        skipped(&place, "the run was stopped".to_owned())
                    })?;
                    match first {
                        None => {}
                        Some(Detour::Step(id)) => {
                            if let Some((_, other)) = run.workflow.step(id) {
                                let place = run.place(other);
                                let detour = self.attempt(stage, script, run, other, &place).await?;
                                self.excused(stage, &detour);
                            }
                        }
                        Some(Detour::Workflow(invocation)) => {
                            self.invoke(stage, script, run, invocation, &place, None).await?;
                        }
                    }
                }
                (None, false) if let Some(wait) = too_long => {
                    self.excused(stage, &attempt);
                    let seconds = wait.as_secs_f64();
                    return Err(skipped(
                        &place,
                        format!("it would wait {seconds} s, and this run waits no longer"),
                    ));
                }
                (None | Some(Then::End), false) => {
                    self.settled(stage, step, &attempt);
                    let criteria: Vec<&str> = attempt.unmet.iter().map(|it| it.text.as_str()).collect();
                    return Err(failed(&place, format!("`{}` does not hold", criteria.join("` and `"))));
                }
            }
        }
    }

    /// Does what a step does, once.
    async fn attempt<'w>(
        &mut self,
        stage: &mut Stage,
        script: &Arc<Script>,
        run: &Run<'w>,
        step: &'w Step,
        place: &str,
    ) -> Result<Attempt<'w>, End> {
        let (operation_id, parameters, body) = match &step.call {
            Call::Operation { operation_id, parameters, body } => (operation_id, parameters, body),
            Call::Workflow(invocation) => {
                let outputs = self.invoke(stage, script, run, invocation, place, None).await?;
                // Of a workflow that was called, its last answer is the step's.
                let last = stage.performance.taken.len().checked_sub(1);
                let attempt = Attempt { at: last, outputs: None, unmet: Vec::new() };
                let base_url = self.client.target().base_url.to_string();
                let moment = run.moment(&stage.calls, Some(&outputs), attempt.sent(stage, &base_url));
                let unmet = step.criteria.iter().filter(|it| !it.holds(&moment)).collect();
                return Ok(Attempt { at: None, outputs: Some(outputs), unmet });
            }
        };
        let Some(plan) = self.plan(operation_id) else {
            return Err(skipped(place, format!("no request to {operation_id} can be made")));
        };
        let filled = {
            let moment = run.moment(&stage.calls, None, None);
            fill(&plan.operation, parameters, body.as_ref(), &moment)
        };
        let filled = filled.map_err(|what| failed(place, format!("{what} has no value")))?;
        let case = Case {
            origin: Origin::Fixture,
            variant: filled.media_type.unwrap_or_default(),
            value: filled.value,
        };
        let allowed = plan.allowed(&case).is_some_and(|allowed| allowed(&case.value));
        let intent = if allowed { Intent::Valid } else { Intent::Scripted };
        let mut recipe = Recipe {
            operation_id: operation_id.clone(),
            case,
            path: PathSource::Case,
            intent: intent.clone(),
        };
        let mut request = recipe.request(&plan);
        add_undocumented(&mut request, parameters, &recipe.case.value);
        let prepared = Prepared { recipe: recipe.clone(), request: request.clone() };
        let started = jiff::Timestamp::now();
        let posted = match step.timeout {
            None => self.post(&prepared).await,
            Some(most) => match tokio::time::timeout(most, self.post(&prepared)).await {
                Ok(posted) => posted,
                Err(_) => {
                    return Err(skipped(place, format!("{operation_id} gave no answer within {most:?}")));
                }
            },
        };
        let answer = match posted.answer {
            Ok(answer) => answer,
            Err(failure) => {
                let reason = match &failure {
                    Failure::Outage(outage) => outage.reason.clone(),
                    Failure::Stopped(_) => "the run was stopped".to_owned(),
                    Failure::Unsendable => "HTTP has no way to write its request".to_owned(),
                };
                self.count(prepared, Posted { throttled: posted.throttled, answer: Err(failure) });
                return Err(skipped(place, reason));
            }
        };
        let sent = Sent {
            base_url: self.client.target().base_url.as_str(),
            values: &recipe.case.value,
            request: &request,
            answer: &answer,
        };
        let unmet = {
            let moment = run.moment(&stage.calls, None, Some(sent));
            step.criteria.iter().filter(|it| !it.holds(&moment)).collect::<Vec<_>>()
        };
        // Whoever wants to be refused is not refused by mistake.
        if matches!(answer.status, 401 | 403) && unmet.is_empty() {
            recipe.intent = Intent::Scripted;
        }
        let prepared = Prepared { recipe: recipe.clone(), request: request.clone() };
        let posted = Posted { throttled: posted.throttled, answer: Ok(answer) };
        let Counted::Answered { exchange, .. } = self.count(prepared, posted) else {
            return Err(skipped(place, format!("{operation_id} does not accept the credential")));
        };
        let exchange = *exchange;
        if !plan.operation.method.is_safe() && (200..300).contains(&exchange.answer.status) {
            stage.note_own(&recipe, &exchange.answer.body);
        }
        let at = stage.performance.taken.len();
        stage.performance.taken.push(Taken { step: place.to_owned(), started, exchange, recipe });
        Ok(Attempt { at: Some(at), outputs: None, unmet })
    }
}
