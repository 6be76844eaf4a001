//! Requests that break exactly one constraint of the contract, for each operation that documents how it refuses them.
//!
//! They are sent after the turns of all operations: one that is accepted leaves something behind that the contract
//! does not allow, and an endpoint is not to blame for showing it. An operation that documents no refusal gets none,
//! since no answer to them would be right.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use driftline_specs::{Method, Resource, pointer};
use serde_json::Value;

use super::series::{lists, readers};
use crate::checks::changed;
use crate::engine::{Case, Engine, PathSource, Plan, Prepared, Recipe, SeriesRecipe};
use crate::exchange::{Intent, Rests, SeriesKind, Trial};
use crate::flaw::{Flaw, refusals};
use crate::request::PathValues;
use crate::target::allows_writes;

/// The most near misses of one operation, where somebody else pays for it.
const MOST: usize = 64;

/// How many near misses there may be for each valid request, there and where nobody pays: where few of those are wanted, few
/// of these are.
const PER_REQUEST: usize = 2;
const MORE_PER_REQUEST: usize = 8;

/// How many refused requests are looked into, where somebody else pays for it.
const SUSPECTS: usize = 16;

/// How many accepted requests are spoiled.
const BASES: usize = 6;

/// How many near misses one operation gets at most, where it gets so many valid requests.
pub(crate) fn most(unmetered: bool, limit: usize) -> usize {
    match unmetered {
        true => limit.saturating_mul(MORE_PER_REQUEST),
        false => limit.saturating_mul(PER_REQUEST).min(MOST),
    }
}

/// Sends near misses of what succeeded, while the count of all requests is below `last`.
///
/// `limit` is how many valid requests an operation gets at most.
pub(super) async fn near_misses(
    engine: &mut Engine,
    plan: &Arc<Plan>,
    good: &Recipe,
    limit: usize,
    last: u64,
) {
    if !allows_writes(engine.client.target().kind) || refusals(&plan.operation).is_empty() {
        return;
    }
    let bases = bases(engine, plan);
    let most = most(engine.client.target().unmetered, limit);
    let mut misses = plan.near_misses(&bases.iter().collect::<Vec<_>>(), most);
    let bound = good.path.values();
    misses.retain(|miss| arrives(&miss.flaw, &bound));
    // One that is refused leaves the resource as it was, so the same serves until one is accepted.
    let route = match &good.path {
        PathSource::Resource(route, _) if !plan.operation.method.is_safe() => Some(route),
        _ => None,
    };
    let mut path = good.path.clone();
    let mut is_used = true;
    let mut watch = Watch::of(engine, plan);
    let width = if route.is_some() { 1 } else { engine.client.target().concurrency.max(1) * 4 };
    for batch in misses.chunks(width) {
        if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
            return;
        }
        if let Some(route) = route.filter(|_| is_used) {
            let Some(values) = engine.acquire(&plan.operation.id, route).await else { return };
            path = PathSource::Resource(route.clone(), values);
        }
        if is_used {
            watch.begin(engine, &path).await;
        }
        let prepared = batch.iter().map(|miss| {
            let recipe = Recipe {
                operation_id: plan.operation.id.clone(),
                case: miss.case.clone(),
                path: path.clone(),
                intent: Intent::NearMiss(Arc::clone(&miss.flaw)),
            };
            let request = recipe.request(plan);
            Prepared { recipe, request }
        });
        let prepared: Vec<Prepared> = prepared.collect();
        watch.refused.extend(prepared.iter().map(|it| it.recipe.clone()));
        let outcomes = engine.send_all(prepared).await;
        is_used = outcomes.iter().any(|outcome| outcome.is_success());
    }
    // What was accepted last is told by that, and has changed what is there.
    if !is_used {
        watch.end(engine, &path).await;
    }
}

/// What there is before requests are refused, and whether it is the same after them.
struct Watch {
    /// The operation that shows it; none where nothing does.
    shows: Option<Arc<Plan>>,
    rests: Option<Rests>,
    before: Option<Value>,
    /// What was sent since then.
    refused: Vec<Recipe>,
}

impl Watch {
    fn of(engine: &Engine, plan: &Plan) -> Watch {
        let resource = resource(engine, plan);
        let shows = match plan.operation.method {
            Method::Put | Method::Patch => readers(engine, plan).into_iter().next(),
            Method::Post if plan.linked.is_empty() => lists(engine, plan).into_iter().next(),
            Method::Post => resource.map(|it| it.read.clone()),
            _ => None,
        };
        let resource = resource.filter(|it| shows.as_ref() == Some(&it.read));
        let rests = resource.map(|it| {
            let rest = it.states().into_iter().filter(|state| !it.passes(state));
            Rests { state: it.state.clone(), states: rest.map(str::to_owned).collect() }
        });
        Watch { shows: shows.and_then(|id| engine.plan(&id)), rests, before: None, refused: Vec::new() }
    }

    async fn begin(&mut self, engine: &mut Engine, path: &PathSource) {
        self.refused.clear();
        self.before = self.look(engine, path).await;
    }

    /// Looks again, and, where something is different, for what has made it so.
    async fn end(self, engine: &mut Engine, path: &PathSource) {
        let (Some(shows), Some(before)) = (&self.shows, &self.before) else { return };
        let after = self.look(engine, path).await;
        if after.is_none_or(|after| changed(before, &after).is_none()) {
            return;
        }
        let kind = SeriesKind::Refused { shows: shows.operation.id.clone(), rests: self.rests };
        let most = if engine.client.target().unmetered { usize::MAX } else { SUSPECTS };
        for mut first in self.refused.iter().take(most).cloned() {
            if engine.is_stopped() || engine.client.is_failing() {
                return;
            }
            if let PathSource::Resource(route, _) = &first.path
                && !shows.linked.is_empty()
            {
                let Some(values) = engine.acquire(&first.operation_id, route).await else { return };
                first.path = PathSource::Resource(route.clone(), values);
            }
            let recipe = SeriesRecipe { kind: kind.clone(), first, trial: Trial::First };
            let Some(series) = engine.perform(&recipe).await else { continue };
            if engine.note(recipe, &series) {
                return;
            }
        }
    }

    /// What is shown: the resource, or how many there are.
    async fn look(&self, engine: &mut Engine, path: &PathSource) -> Option<Value> {
        let shows = self.shows.as_ref()?;
        let recipe = engine.look_at(shows, path)?;
        let shown = engine.step(shows, &recipe).await?;
        let body = engine.judge.json(&shown.answer.body)?;
        match &shows.operation.pagination {
            Some(pagination) => body.pointer(pagination.total.as_ref()?).cloned(),
            None => Some(Value::clone(&body)),
        }
    }
}

/// What the lifecycle knows at an operation's path, or above it.
fn resource<'e>(engine: &'e Engine, plan: &Plan) -> Option<&'e Resource> {
    let resources = engine.lifecycle.iter().flat_map(|it| &it.resources);
    let mut leads_through = resources.filter(|it| {
        let reader = engine.plan(&it.read);
        reader.is_some_and(|reader| {
            let rest = plan.operation.path.strip_prefix(&reader.operation.path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && !rest.contains('{'))
        })
    });
    leads_through.next()
}

/// Whether what is wrong reaches the endpoint: what it gave itself takes the place of what was generated in the path.
fn arrives(flaw: &Flaw, bound: &PathValues) -> bool {
    let tokens = pointer::tokens(&format!("#{}", flaw.location)).unwrap_or_default();
    match tokens.as_slice() {
        [part, name, ..] if part == "path" => !bound.contains_key(name),
        _ => true,
    }
}

/// Returns what was accepted for each way of writing the request: the fullest case, and some that have what it lacks; else
/// a known-good body or the least one.
fn bases(engine: &Engine, plan: &Plan) -> Vec<Case> {
    let mut accepted: Vec<&Case> = engine.book.all_accepted(&plan.operation.id).iter().collect();
    accepted.sort_by_key(|case| Reverse(case.size()));
    let mut known: HashSet<(usize, String)> = HashSet::new();
    let mut bases: Vec<Case> = Vec::new();
    for case in accepted {
        let places = places(&case.value).into_iter().map(|place| (case.variant, place));
        let had = known.len();
        known.extend(places);
        if known.len() > had && bases.len() < BASES {
            bases.push(case.clone());
        }
    }
    if bases.is_empty() {
        bases.extend(plan.known_good().or_else(|| plan.least()));
    }
    bases
}

/// Where something stands in a value; an item of an array is like any other.
fn places(value: &Value) -> Vec<String> {
    let mut places = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| (pointer::join(&at, name), value)));
            }
            Value::Array(items) => open.extend(items.iter().map(|item| (format!("{at}/*"), item))),
            _ => {}
        }
        places.push(at);
    }
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flaw(location: &str) -> Flaw {
        Flaw {
            keyword: "maxLength".to_owned(),
            contract: "#/x/maxLength".to_owned(),
            location: location.to_owned(),
            expected: "at most 3".to_owned(),
        }
    }

    #[test]
    fn somebody_elses_endpoint_gets_few_and_places_are_those_of_any_item() {
        assert_eq!((most(true, 100), most(true, 10)), (800, 80));
        assert_eq!((most(false, 100), most(false, 10)), (64, 20));
        let mut places = places(&json!({ "body": { "a": [{ "b": 1 }, { "b": 2, "c": null }] } }));
        places.sort_unstable();
        places.dedup();
        assert_eq!(places, ["", "/body", "/body/a", "/body/a/*", "/body/a/*/b", "/body/a/*/c"]);
    }

    #[test]
    fn what_an_answer_gives_for_the_path_takes_the_place_of_a_near_miss_there() {
        let bound = PathValues::from([("id".to_owned(), "7".to_owned()), ("a/b".to_owned(), "8".to_owned())]);
        for lost in ["/path/id", "/path/a~1b"] {
            assert!(!arrives(&flaw(lost), &bound), "{lost}");
        }
        for sent in ["/path/kind", "/query/id", "/body/path/id", "/body"] {
            assert!(arrives(&flaw(sent), &bound), "{sent}");
        }
        assert!(arrives(&flaw("/path/id"), &PathValues::new()), "and nothing else does");
    }
}
