//! The lives of an API's resources, as `lifecycle.yaml` tells them: every operation that leads from one state to another is
//! tried in every state that can be reached, where it is allowed and where it is forbidden.
//!
//! States that only time or somebody else brings about are found among what is listed, where that may be changed. A
//! transition that is refused may be refused for another reason than the state, so several resources are tried before
//! that counts. It counts as well when one is refused and another one, made in the same way and no earlier asked, is
//! accepted after it: what makes them differ is in no contract, and what the first one did to the world is not the reason.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use driftline_specs::{Lifecycle, Resource};

use crate::engine::{Case, Engine, Listed, PathSource, Recipe, Resources, Route, SeriesRecipe};
use crate::exchange::{Intent, Series, SeriesKind, Trial};
use crate::request::PathValues;
use crate::target::allows_writes;

/// How many resources are tried in one state before a refusal counts.
const TRIES: usize = 5;

/// After so many resources those that were refused are asked again.
const RESOURCES: usize = 6;

/// How many requests are looked at to find the one with most in it.
const LOOKED_AT: usize = 12;

/// How many listed resources are led to another state by one operation.
const LISTED: usize = 2;

/// What has shown so often needs no more.
const ENOUGH: usize = 2;

/// Tries the transitions of every resource.
pub(crate) async fn lifecycle(engine: &mut Engine, lifecycle: &Lifecycle) {
    if !allows_writes(engine.client.target().kind) {
        return;
    }
    let (mut all, mut seen) = (0, 0);
    for resource in &lifecycle.resources {
        let mut store = match engine.resources {
            Resources::Any => engine.listed(&resource.read).await,
            Resources::Own => Vec::new(),
        };
        let operations: BTreeSet<&String> =
            resource.transitions.iter().filter_map(|transition| transition.operation.as_ref()).collect();
        for operation in operations {
            for state in resource.states() {
                if engine.is_stopped() || engine.client.is_failing() {
                    return;
                }
                if engine.own.contains(operation) {
                    let attempt = Attempt { resource, operation, state };
                    all += 1;
                    seen += usize::from(attempt.make(engine, &mut store).await);
                    // A second pass may end earlier than the first one.
                    engine.book.transitions = engine.book.transitions.max(all);
                    engine.book.transitions_seen = engine.book.transitions_seen.max(seen);
                }
            }
        }
    }
}

/// What leads from the beginning to a state; none where nothing does. What happens by itself is waited for where the
/// endpoint's clock can be moved.
fn way(resource: &Resource, state: &str, waits: bool) -> Option<Way> {
    let mut ways: HashMap<&str, Way> = HashMap::new();
    let mut open: VecDeque<&str> = VecDeque::new();
    for initial in &resource.initial {
        ways.insert(initial, Way::default());
        open.push_back(initial);
    }
    while let Some(at) = open.pop_front() {
        let way = ways.get(at).cloned().unwrap_or_default();
        if at == state {
            return Some(way);
        }
        for transition in resource.transitions.iter().filter(|it| it.from.iter().any(|from| from == at)) {
            let mut longer = way.clone();
            match (&transition.operation, transition.to.as_slice()) {
                (Some(operation), [_]) => longer.operations.push((operation.clone(), None)),
                // Where an operation leads to several states, which one comes is not known beforehand.
                (Some(_), _) => continue,
                (None, to) => {
                    let wait = resource.waits.iter().find(|wait| to.iter().all(|to| wait.is_over(to)));
                    let Some(wait) = wait.filter(|_| waits) else { continue };
                    let pause = longer.operations.last_mut().map_or(&mut longer.rest, |(_, pause)| pause);
                    *pause = Some(pause.unwrap_or_default() + Duration::from_secs(wait.within));
                }
            }
            for to in &transition.to {
                if !ways.contains_key(to.as_str()) {
                    ways.insert(to, longer.clone());
                    open.push_back(to);
                }
            }
        }
    }
    None
}

/// What leads from the beginning to a state.
#[derive(Debug, Clone, Default, PartialEq)]
struct Way {
    /// How long a new resource is left alone.
    rest: Option<Duration>,
    /// The operations, each with how long is waited after it.
    operations: Vec<(String, Option<Duration>)>,
}

/// An operation on a resource in a state.
struct Attempt<'l> {
    resource: &'l Resource,
    operation: &'l str,
    state: &'l str,
}

impl Attempt<'_> {
    /// Where the operation leads; nowhere where it is forbidden.
    fn leads_to(&self) -> Vec<String> {
        let transitions = self.resource.transitions.iter().filter(|transition| {
            transition.operation.as_deref() == Some(self.operation)
                && transition.from.iter().any(|from| from == self.state)
        });
        transitions.flat_map(|transition| transition.to.iter().cloned()).collect()
    }

    /// Where those states lead by themselves.
    fn leads_on(&self, states: &[String]) -> Vec<String> {
        let own = self
            .resource
            .transitions
            .iter()
            .filter(|it| it.operation.is_none() && it.from.iter().any(|from| states.contains(from)));
        own.flat_map(|it| it.to.iter().cloned()).collect()
    }

    /// Whether a resource that was read offers the operation.
    fn is_offered(&self, engine: &Engine, series: &Series) -> bool {
        let read = series.exchanges.first().and_then(|it| engine.judge.json(&it.answer.body));
        let mut transitions = self.resource.transitions.iter().filter(|it| {
            it.operation.as_deref() == Some(self.operation) && it.from.iter().any(|from| from == self.state)
        });
        read.is_none_or(|read| transitions.all(|it| it.is_offered(&read)))
    }

    /// Tries it; returns whether there was a resource to try it on.
    async fn make(&self, engine: &mut Engine, store: &mut Vec<Listed>) -> bool {
        let cases = cases(engine, self.operation);
        let reader = &self.resource.read;
        let way = way(self.resource, self.state, engine.client.target().clock.is_some());
        let created = way.map(|way| engine.routes_through(reader, way.rest, &way.operations));
        let mut created = created.unwrap_or_default();
        let to = self.leads_to();
        // What has been in such a state for a while may leave it between two requests.
        let passes = self.resource.passes(self.state);
        let kind = SeriesKind::Transition {
            reader: reader.clone(),
            state: self.resource.state.clone(),
            from: self.state.to_owned(),
            to: to.clone(),
            passes,
            // Where the clock is ours, nothing happens by itself between two requests.
            later: if engine.client.target().clock.is_some() { Vec::new() } else { self.leads_on(&to) },
        };
        let mut refused: Vec<(SeriesRecipe, Series)> = Vec::new();
        let mut seen = Seen::default();
        let mut at_hand: VecDeque<(Route, PathValues)> = VecDeque::new();
        for turn in 0..TRIES.max(engine.occasions) {
            if engine.is_stopped() || engine.client.is_failing() {
                break;
            }
            // What was refused is as it was, and is asked again once there are enough of them.
            let serves_again = to.is_empty() && turn >= RESOURCES && !passes;
            let again = at_hand.pop_front_if(|_| serves_again);
            let (route, values, listed) = match (again, created.as_slice()) {
                (Some((route, values)), _) => (route, values, None),
                (None, []) => {
                    let Some(at) = store.iter().position(|item| item.is_in_state(self.state)) else { break };
                    let item = store.remove(at);
                    let route = Route::Listed { feed: item.feed.clone(), group: item.group.clone() };
                    (route, item.values.clone(), Some(item))
                }
                (None, routes) => {
                    let Some(route) = routes.get(turn % routes.len()).cloned() else { break };
                    let Some(values) = engine.acquire(self.operation, &route).await else {
                        created.retain(|known| *known != route);
                        continue;
                    };
                    (route, values, None)
                }
            };
            // What is asked first is asked every other time, so that there are enough that are alike.
            let at = if turn % 2 == 0 { 0 } else { 1 + turn / 2 % cases.len().saturating_sub(1).max(1) };
            let Some(case) = cases.get(at).or_else(|| cases.first()).cloned() else { return false };
            let first = Recipe {
                operation_id: self.operation.to_owned(),
                case: case.clone(),
                path: PathSource::Resource(route.clone(), values.clone()),
                intent: Intent::SetUp,
            };
            let recipe = SeriesRecipe { kind: kind.clone(), first, trial: Trial::First };
            let Some(series) = engine.perform(&recipe).await else {
                // It does not lead to the state.
                created.retain(|known| *known != route);
                continue;
            };
            let succeeded = series.exchanges.get(1).is_some_and(|asked| asked.answer.status < 400);
            // What was refused serves again; another one is tried first.
            let is_listed = listed.is_some();
            store.extend(listed.filter(|_| !succeeded));
            if !succeeded && !is_listed {
                at_hand.push_back((route.clone(), values));
            }
            if !succeeded && !to.is_empty() {
                if self.is_offered(engine, &series) {
                    refused.push((recipe, series));
                }
                continue;
            }
            seen.tried += 1;
            if succeeded && seen.tried == 1 {
                read_again(engine, reader, &recipe.first.path).await;
            }
            seen.shown += usize::from(engine.note(recipe, &series));
            let alike = refused
                .iter()
                .position(|(it, _)| it.first.path.route() == Some(&route) && it.first.case == case);
            if let Some(at) = alike.filter(|_| !seen.is_told && !is_listed) {
                let (recipe, series) = refused.swap_remove(at);
                engine.note(recipe, &series);
                seen.is_told = true;
            }
            // What is listed is not made anew, and others need some of it.
            seen.taken += usize::from(is_listed && succeeded);
            let is_used_up = seen.taken >= LISTED || is_listed && engine.occasions == 1;
            if seen.tried >= engine.occasions || seen.shown >= ENOUGH || is_used_up {
                break;
            }
        }
        if seen.tried > 0 {
            return true;
        }
        let Some((recipe, series)) = refused.into_iter().next() else { return false };
        engine.note(recipe, &series);
        true
    }
}

/// Reads what an operation was accepted on: in every state what is read twice is the same.
async fn read_again(engine: &mut Engine, reader: &str, path: &PathSource) {
    let Some(case) = engine.plan(reader).and_then(|plan| plan.least()) else { return };
    if engine.book.has_sighted(reader, "reads_repeat") {
        return;
    }
    let first = Recipe { operation_id: reader.to_owned(), case, path: path.clone(), intent: Intent::SetUp };
    engine.observe(SeriesRecipe { kind: SeriesKind::Again, first, trial: Trial::First }).await;
}

/// The requests that are asked of an operation: first what is accepted anyway, then what has most and what has least in it.
fn cases(engine: &Engine, operation: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = engine.bodies(operation).first().cloned().into_iter().collect();
    let plan = engine.plan(operation);
    let made = plan.iter().flat_map(|plan| plan.cases(LOOKED_AT).take(LOOKED_AT));
    let made: Vec<Case> = made.collect();
    let mut others: Vec<&Case> = engine.book.all_accepted(operation).iter().chain(&made).collect();
    others.sort_by_cached_key(|case| std::cmp::Reverse(case.size()));
    others.dedup_by(|one, other| one.value == other.value);
    cases.extend(others.first().copied().cloned());
    cases.extend(others.get(others.len() / 2).copied().cloned());
    cases.extend(others.last().copied().cloned());
    cases
}

/// What came of asking resources in a state.
#[derive(Debug, Default)]
struct Seen {
    /// How many were answered as the state has it, or not refused.
    tried: usize,
    /// How many of them show a deviation.
    shown: usize,
    /// How many listed ones were led to another state.
    taken: usize,
    /// Whether it was told that one was refused where another one was not.
    is_told: bool,
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use driftline_specs::Api;

    use super::{Way, way};

    #[test]
    fn what_happens_by_itself_is_waited_for_where_that_is_possible() {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
        let lifecycle = Api::load(&specs, "enrollconnect").unwrap().lifecycle.unwrap();
        let of = |state: &str, waits: bool| way(&lifecycle.resources[0], state, waits);
        let called = |calls: &[(&str, Option<u64>)]| {
            let call = |(id, wait): &(&str, Option<u64>)| ((*id).to_owned(), wait.map(Duration::from_secs));
            Some(Way { rest: None, operations: calls.iter().map(call).collect() })
        };
        assert_eq!(of("draft", false), called(&[]));
        assert_eq!(of("pending_effectuation", true), called(&[("submitApplication", None)]));
        assert_eq!(of("effectuated", true), called(&[("submitApplication", Some(86_400))]));
        assert_eq!(
            of("terminated", true),
            called(&[("submitApplication", Some(86_400)), ("terminateApplication", None)])
        );
        assert_eq!((of("effectuated", false), of("terminated", false)), (None, None));
    }
}
