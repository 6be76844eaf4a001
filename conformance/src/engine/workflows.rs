//! Workflows: steps that are sent one after another, each with what those before it gave.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use driftline_specs::scenario::{
    Action, Call, Criterion, Detour, Invocation, Step, Template, Then, Workflow,
};
use serde_json::{Map, Value};

use super::{Case, Counted, Engine, How, Origin, PathSource, Prepared, Recipe};
use crate::checks::{Observation, StepEvidence};
use crate::exchange::{Exchange, Intent};
use crate::finding::Fingerprint;
use crate::recording::{Pinned, pin};
use crate::scenario::{Called, Calls, DEPTH, Moment, STEPS, Script, Sent, add_undocumented, fill};
use crate::target::{Failure, retry_after};

/// One workflow with what it is given.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    /// The workflow and its neighbours.
    pub(crate) script: Arc<Script>,
    /// The workflow's id.
    pub(crate) workflow: String,
    /// What those gave that it depends on.
    pub(crate) before: Calls,
}

/// How to see again what a step of a workflow has shown: the workflow is played anew.
#[derive(Debug, Clone)]
pub(crate) struct WorkflowRecipe {
    /// The workflow.
    pub(crate) play: Arc<Play>,
    /// The step; one of a workflow that another step calls stands behind it: `enroll/create`.
    pub(crate) step: String,
    /// What the step sent.
    pub(crate) recipe: Recipe,
}

/// A step that was taken.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The step, as in [`WorkflowRecipe::step`].
    pub(crate) step: String,
    /// When it was sent.
    pub(crate) started: jiff::Timestamp,
    /// What was sent and answered.
    pub(crate) exchange: Exchange,
    /// How to send it.
    pub(crate) recipe: Recipe,
}

/// What came of a play.
#[derive(Debug, Default)]
pub(crate) struct Performance {
    /// The steps in the order in which they were taken.
    pub(crate) taken: Vec<Taken>,
    /// What was found, each with the place of its step in `taken`.
    pub(crate) found: Vec<(usize, Vec<Observation>)>,
    /// What the workflow, and those that it called, were given and gave.
    pub(crate) calls: Calls,
    /// Where and why it ended before its end.
    pub(crate) end: Option<End>,
}

/// Why a play ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// The step.
    pub(crate) step: String,
    /// Whether a step did not do what it had to; otherwise the reason says nothing about the endpoint.
    pub(crate) failed: bool,
    /// Why, as a lower-case fragment.
    pub(crate) reason: String,
}

/// A workflow that is under way; it gives its outputs. Workflows call workflows, so that it has no size.
type Playing<'e> = Pin<Box<dyn Future<Output = Result<Map<String, Value>, End>> + Send + 'e>>;

/// What a workflow has at hand while it is played.
struct Stage {
    play: Arc<Play>,
    performance: Performance,
    calls: Calls,
    /// How many steps were taken, tries of the same one included.
    steps: usize,
    /// How often each step was over.
    visits: BTreeMap<String, usize>,
    /// What was sent, beside what was sent when the workflow was recorded.
    pins: Vec<Pinned>,
    /// Texts of answers about what the workflow has created, its identifiers among them.
    own: BTreeSet<String>,
}

impl Engine {
    /// Plays a workflow; what is found is returned, and noted unless findings are examined.
    pub(crate) async fn play_workflow(&mut self, play: &Arc<Play>) -> Performance {
        let mut stage = Stage {
            play: Arc::clone(play),
            performance: Performance::default(),
            calls: play.before.clone(),
            steps: 0,
            visits: BTreeMap::new(),
            pins: Vec::new(),
            own: BTreeSet::new(),
        };
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
            let action = {
                let sent = attempt.sent(stage, self.client.target().base_url.as_str());
                let moment = run.moment(&stage.calls, attempt.outputs.as_ref(), sent);
                actions.iter().find(|action| {
                    action.criteria.iter().all(|it| it.holds(&moment)) && run.may(step, action)
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
                    if let Some(action) = action {
                        *run.retries.entry((step.id.clone(), action.name.clone())).or_default() += 1;
                    }
                    let told = attempt.at.and_then(|at| stage.performance.taken.get(at)).and_then(|taken| {
                        let answer = &taken.exchange.answer;
                        retry_after(answer.header("retry-after")?, answer.header("date"))
                    });
                    self.client.wait((*after).max(told.unwrap_or_default())).await.map_err(|stop| {
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
        let answer = match step.timeout {
            None => self.post(&prepared).await,
            Some(most) => match tokio::time::timeout(most, self.post(&prepared)).await {
                Ok(answer) => answer,
                Err(_) => {
                    return Err(skipped(place, format!("{operation_id} gave no answer within {most:?}")));
                }
            },
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                let reason = match &failure {
                    Failure::Outage(outage) => outage.reason.clone(),
                    Failure::Stopped(_) => "the run was stopped".to_owned(),
                    Failure::Unsendable => "HTTP has no way to write its request".to_owned(),
                };
                self.count(prepared, Err(failure));
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
        let Counted::Answered { exchange, .. } = self.count(prepared, Ok(answer)) else {
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

    /// Judges a step that is over: it succeeded, or nothing is to be done about it.
    fn settled(&mut self, stage: &mut Stage, step: &Step, attempt: &Attempt<'_>) {
        self.judge_taken(stage, attempt.at, Some((step, &attempt.unmet)));
    }

    /// Judges an exchange whose failure the workflow knows how to deal with.
    fn excused(&mut self, stage: &mut Stage, attempt: &Attempt<'_>) {
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

/// How many texts of answers are kept.
const TEXTS: usize = 10_000;

impl Stage {
    /// Whether a request is about nothing yet, or about what the workflow has created.
    fn own_by(&self, path: Option<&Value>) -> bool {
        let values = path.and_then(Value::as_object).into_iter().flat_map(Map::values);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        values.into_iter().all(|value| self.own.contains(&text(value)))
    }

    /// Notes what a write has answered: what it created is the workflow's own.
    fn note_own(&mut self, recipe: &Recipe, body: &[u8]) {
        if !self.own_by(recipe.case.value.get("path")) {
            return;
        }
        let mut open: Vec<Value> = serde_json::from_slice(body).into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
                Value::Array(items) => open.extend(items),
                Value::String(text) if self.own.len() < TEXTS => drop(self.own.insert(text)),
                Value::Number(number) if self.own.len() < TEXTS => drop(self.own.insert(number.to_string())),
                _ => {}
            }
        }
    }
}

/// What a workflow has while it is played.
struct Run<'w> {
    workflow: &'w Workflow,
    inputs: Map<String, Value>,
    steps: BTreeMap<String, Map<String, Value>>,
    /// How often each action has let each step be tried again.
    retries: BTreeMap<(String, String), u64>,
    /// The step that called it.
    above: &'w str,
    depth: usize,
}

impl Run<'_> {
    fn place(&self, step: &Step) -> String {
        if self.above.is_empty() { step.id.clone() } else { format!("{}/{}", self.above, step.id) }
    }

    fn moment<'m>(
        &'m self,
        calls: &'m Calls,
        outputs: Option<&'m Map<String, Value>>,
        sent: Option<Sent<'m>>,
    ) -> Moment<'m> {
        Moment { file: &self.workflow.file, inputs: &self.inputs, steps: &self.steps, outputs, calls, sent }
    }

    /// The outputs that have a value.
    fn outputs(
        &self,
        stage: &Stage,
        outputs: &[(String, Template)],
        given: Option<&Map<String, Value>>,
        sent: Option<Sent<'_>>,
    ) -> Map<String, Value> {
        let moment = self.moment(&stage.calls, given, sent);
        let outputs =
            outputs.iter().filter_map(|(name, value)| Some((name.clone(), value.fill(&moment).ok()?)));
        outputs.collect()
    }

    /// Whether an action may be taken: a step is tried again so often and no more.
    fn may(&self, step: &Step, action: &Action) -> bool {
        let Then::Retry { limit, .. } = &action.then else { return true };
        let taken = self.retries.get(&(step.id.clone(), action.name.clone()));
        taken.copied().unwrap_or_default() < *limit
    }
}

/// How a workflow goes on.
enum Next<'w> {
    /// With this step; with the next one when absent.
    Step(Option<usize>),
    /// It is over.
    End,
    /// Another one takes over.
    Workflow(&'w Invocation),
}

/// What came of a step.
struct Attempt<'w> {
    /// The place of its exchange, where an operation was called.
    at: Option<usize>,
    /// What the workflow gave that was called.
    outputs: Option<Map<String, Value>>,
    /// What does not hold.
    unmet: Vec<&'w Criterion>,
}

impl Attempt<'_> {
    fn sent<'m>(&self, stage: &'m Stage, base_url: &'m str) -> Option<Sent<'m>> {
        let taken = stage.performance.taken.get(self.at?)?;
        Some(Sent {
            base_url,
            values: &taken.recipe.case.value,
            request: &taken.exchange.request,
            answer: &taken.exchange.answer,
        })
    }
}

fn failed(step: &str, reason: String) -> End {
    End { step: step.to_owned(), failed: true, reason }
}

fn skipped(step: &str, reason: String) -> End {
    End { step: step.to_owned(), failed: false, reason }
}
