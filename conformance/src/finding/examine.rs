//! Repeats what was sighted, makes the request small, and writes the finding.
//!
//! A sighting is first repeated as it was. When it shows again, its request is shrunk as long as it still
//! shows, within a small budget, and the smallest one is repeated until it was sent three times. What does not show again
//! then is repeated more often, until it does, so that it is known how often. Resources that a request uses up are made
//! anew for every try. What only a whole run has shown is repeated with one of its requests.

use super::Fingerprint;
use super::message;
use super::smaller::shrink;
use crate::checks::{Observation, is_enough};
use crate::engine::{Engine, How, PathSource, Prepared, Recipe, Sighting, tells};
use crate::exchange::{Exchange, Intent, SeriesKind};
use crate::report::{Finding, FindingStatus};
use crate::request::Request;

/// How often a finding is repeated.
const REPEATS: u32 = 3;

/// How often is repeated what does not show again at once. What shows once in twenty times shows again by then.
const PATIENCE: u32 = 40;

/// The same, where each repetition may take its time.
const LITTLE_PATIENCE: u32 = 6;

/// How many simpler requests are tried for one finding.
const TRIES: u32 = 24;

/// The same, when there are so many findings that the endpoint is not what the contract describes at all.
const FEW_TRIES: u32 = 6;

/// That many.
const MANY: usize = 16;

/// Examines every sighting and returns the findings in the order of first sight.
pub(crate) async fn examine(engine: &mut Engine) -> Vec<Finding> {
    let mut sightings = std::mem::take(&mut engine.book.sightings);
    let mut hidden = std::mem::take(&mut engine.book.hidden);
    for sightings in [&mut sightings, &mut hidden] {
        sightings.retain(|sighting| {
            let answers = engine.book.tally(&sighting.operation_id).judged_valid;
            is_enough(sighting.observation.check, sighting.count, answers)
        });
    }
    engine.examining = true;
    engine.client.forgive();
    engine.progress.examining(sightings.len());
    let tries = if sightings.len() > MANY { FEW_TRIES } else { TRIES };
    let mut findings = Vec::with_capacity(sightings.len());
    let mut told: Vec<(String, Observation)> = Vec::new();
    // What explained others and could not be shown again explains nothing.
    for sighting in sightings.into_iter().chain(hidden) {
        let (id, observation) = (&sighting.operation_id, &sighting.observation);
        if told.iter().any(|(known_of, known)| tells(known_of, known, id, observation)) {
            continue;
        }
        let known = (id.clone(), observation.clone());
        if let Some(finding) = one(engine, sighting, tries).await {
            told.push(known);
            findings.push(finding);
        }
    }
    engine.examining = false;
    findings
}

async fn one(engine: &mut Engine, mut sighting: Sighting, tries: u32) -> Option<Finding> {
    let (mut shown, mut repeats) = (0, 0);
    engine.unsettled = true;
    if let Some(again) = repeat(engine, &sighting.how, &sighting.fingerprint).await {
        repeats += 1;
        if again.is_some() {
            shown += 1;
            engine.unsettled = false;
            shrink(engine, &mut sighting, tries).await;
        }
        while repeats < REPEATS {
            let Some(again) = repeat(engine, &sighting.how, &sighting.fingerprint).await else { break };
            repeats += 1;
            shown += u32::from(again.is_some());
        }
    }
    // A whole workflow is played three times and no more.
    let is_of_workflow = matches!(&sighting.how, How::Workflow(_));
    if repeats > 0 && shown == 0 && !is_of_many(&sighting) && !is_of_workflow {
        let patience = if engine.client.target().unmetered { PATIENCE } else { LITTLE_PATIENCE };
        while shown == 0 && repeats < patience {
            let Some(again) = repeat(engine, &sighting.how, &sighting.fingerprint).await else { break };
            repeats += 1;
            shown += u32::from(again.is_some());
        }
        // One exchange is proof of what it shows. Several that showed something together, once and never again, are not:
        // somebody may have changed the world between them.
        if shown == 0 && matches!(&sighting.how, How::Series(_)) && sighting.count == 1 {
            return None;
        }
    }
    if repeats > 0 && shown == 0 && is_of_many(&sighting) {
        return None;
    }
    let status = match (shown, repeats) {
        (_, 0) => FindingStatus::Unconfirmed,
        (shown, repeats) if shown == repeats => FindingStatus::Confirmed,
        _ => FindingStatus::Intermittent,
    };
    Some(message::finding(engine, &sighting, status, format!("{shown}/{repeats}")))
}

/// Whether it takes so many requests to show that not showing again speaks against it. What is unusual of a whole run
/// shows in any of its requests; and others may have had a hand in a sequence.
fn is_of_many(sighting: &Sighting) -> bool {
    match &sighting.how {
        How::Norm(_) => true,
        // Each of its answers is proof of what it shows.
        How::Workflow(_) => false,
        How::One(_) | How::Series(_) => !sighting.script.is_empty(),
    }
}

/// What shows a deviation again.
pub(super) struct Shown {
    /// The exchange that shows it best.
    pub(super) exchange: Exchange,
    /// How many requests were sent.
    pub(super) steps: usize,
    /// All of them, where they are a sequence.
    pub(super) script: Vec<Request>,
}

/// Sends a request again: `None` when that was not possible, else the exchange when it shows the deviation.
pub(super) async fn repeat(
    engine: &mut Engine,
    how: &How,
    fingerprint: &Fingerprint,
) -> Option<Option<Box<Shown>>> {
    if engine.is_stopped() || engine.client.is_failing() {
        return None;
    }
    if let How::Workflow(workflow) = how {
        let again = engine.replay(workflow, fingerprint).await?;
        return Some(again.and_then(|exchanges| {
            let script = how.script(&exchanges);
            let exchange = exchanges.last()?.clone();
            Some(Box::new(Shown { exchange, steps: exchanges.len(), script }))
        }));
    }
    let recipe = how.recipe();
    let plan = engine.plan(&recipe.operation_id)?;
    let path = match &recipe.path {
        PathSource::Resource(route, used) if !plan.operation.method.is_safe() => {
            match engine.acquire(&recipe.operation_id, route).await {
                Some(values) => PathSource::Resource(route.clone(), values),
                // A stranger's request changes nothing, so the same resource serves again.
                None if !recipe.intent.is_authorised() => PathSource::Resource(route.clone(), used.clone()),
                None => return None,
            }
        }
        other => other.clone(),
    };
    // A set-up request counts as any other once it stands for itself.
    let intent = if recipe.intent == Intent::SetUp { Intent::Valid } else { recipe.intent.clone() };
    let recipe = Recipe { path, intent, ..recipe.clone() };
    let request = recipe.request(&plan);
    let operation_id = how.subject().to_owned();
    let (shown, found) = match how.with(recipe.clone()) {
        How::One(recipe) => {
            let looked = engine.look(Prepared { recipe, request }).await;
            let shows = |found: &[Observation]| {
                let mut own = found.iter().map(|it| Fingerprint::of(&engine.api, &operation_id, it));
                own.any(|it| it == *fingerprint)
            };
            let at = looked.iter().position(|(_, found)| shows(found));
            let (exchange, found) = looked.into_iter().nth(at.unwrap_or_default())?;
            (Shown { exchange, steps: 1, script: Vec::new() }, found)
        }
        // Played above.
        How::Workflow(_) => return None,
        How::Norm(norm) => {
            let (exchange, _) = engine.look(Prepared { recipe, request }).await.pop()?;
            let shows = norm.sign.shows(&exchange, &norm.sample.exchange);
            return Some(shows.then(|| Box::new(Shown { exchange, steps: 1, script: Vec::new() })));
        }
        How::Series(series) => {
            let subject = engine.plan(series.subject())?;
            let asked = series.first.path.clone();
            let series = engine.perform(&series).await?;
            // What was refused serves again.
            if matches!(series.kind, SeriesKind::Transition { .. })
                && series.exchanges.get(1).is_some_and(|asked| asked.answer.status >= 400)
            {
                engine.spare(&plan.operation.id, &asked);
            }
            let found = engine.judge.judge_series(&subject.operation, &series);
            let exchange = how.shown(&series.exchanges)?.clone();
            let script = how.script(&series.exchanges);
            (Shown { exchange, steps: series.exchanges.len(), script }, found)
        }
    };
    let shows = found
        .iter()
        .any(|observation| Fingerprint::of(&engine.api, &operation_id, observation) == *fingerprint);
    Some(shows.then(|| Box::new(shown)))
}
