//! The lives of an API's resources, as `lifecycle.yaml` tells them: every operation that leads from one state to another is
//! tried in every state that can be reached, where it is allowed and where it is forbidden.
//!
//! States that only time or somebody else brings about are found among what is listed, where that may be changed. A
//! transition that is refused may be refused for another reason than the state, so several resources are tried before
//! that counts.

use std::collections::{BTreeSet, HashMap, VecDeque};

use driftline_specs::{Lifecycle, Resource};

use crate::engine::{Engine, PathSource, Recipe, Route, SeriesRecipe};
use crate::exchange::{Intent, Series, SeriesKind};
use crate::target::allows_writes;

/// How many resources are tried in one state.
const TRIES: usize = 6;

/// Tries the transitions of every resource.
pub(crate) async fn lifecycle(engine: &mut Engine, lifecycle: &Lifecycle) {
    if !allows_writes(engine.client.target().kind) {
        return;
    }
    for resource in &lifecycle.resources {
        let operations: BTreeSet<&String> =
            resource.transitions.iter().filter_map(|transition| transition.operation.as_ref()).collect();
        for operation in operations {
            for state in states(resource) {
                if engine.is_stopped() || engine.client.is_failing() {
                    return;
                }
                if engine.own.contains(operation) {
                    let attempt = Attempt { resource, operation, state };
                    engine.book.transitions += 1;
                    let tried = attempt.make(engine).await;
                    engine.book.transitions_seen += usize::from(tried);
                }
            }
        }
    }
}

/// The states that the lifecycle knows.
fn states(resource: &Resource) -> BTreeSet<&str> {
    let listed =
        resource.transitions.iter().flat_map(|transition| transition.from.iter().chain(&transition.to));
    resource.initial.iter().chain(listed).map(String::as_str).collect()
}

/// The operations that lead from the beginning to a state; none where it is reached by itself only.
fn way(resource: &Resource, state: &str) -> Option<Vec<String>> {
    let mut ways: HashMap<&str, Vec<String>> = HashMap::new();
    let mut open: VecDeque<&str> = VecDeque::new();
    for initial in &resource.initial {
        ways.insert(initial, Vec::new());
        open.push_back(initial);
    }
    while let Some(at) = open.pop_front() {
        let way = ways.get(at).cloned().unwrap_or_default();
        if at == state {
            return Some(way);
        }
        for transition in resource.transitions.iter().filter(|it| it.from.iter().any(|from| from == at)) {
            // Where an operation leads to several states, which one comes is not known beforehand.
            let (Some(operation), [to]) = (&transition.operation, transition.to.as_slice()) else { continue };
            if !ways.contains_key(to.as_str()) {
                let mut longer = way.clone();
                longer.push(operation.clone());
                ways.insert(to, longer);
                open.push_back(to);
            }
        }
    }
    None
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

    /// Tries it; returns whether there was a resource to try it on.
    async fn make(&self, engine: &mut Engine) -> bool {
        let Some(case) = engine.bodies(self.operation).into_iter().next() else { return false };
        let way = way(self.resource, self.state);
        let reader = &self.resource.read;
        let routes = engine.routes_to_state(reader, self.operation, way.as_deref(), self.state).await;
        let to = self.leads_to();
        let kind = SeriesKind::Transition {
            reader: reader.clone(),
            state: self.resource.state.clone(),
            from: self.state.to_owned(),
            to: to.clone(),
        };
        let mut refused: Option<(SeriesRecipe, Series)> = None;
        for route in routes.into_iter().take(TRIES) {
            if engine.is_stopped() {
                break;
            }
            let Some(first) = self.on(engine, &case, route).await else { continue };
            let recipe = SeriesRecipe { kind: kind.clone(), first };
            let Some(series) = engine.perform(&recipe).await else { continue };
            let succeeded = series.exchanges.get(1).is_some_and(|asked| asked.answer.status < 400);
            if succeeded || to.is_empty() {
                engine.note(recipe, &series);
                return true;
            }
            refused.get_or_insert((recipe, series));
        }
        let Some((recipe, series)) = refused else { return false };
        engine.note(recipe, &series);
        true
    }

    /// The request, on a resource that a route leads to.
    async fn on(&self, engine: &mut Engine, case: &crate::engine::Case, route: Route) -> Option<Recipe> {
        let values = engine.acquire(self.operation, &route).await?;
        Some(Recipe {
            operation_id: self.operation.to_owned(),
            case: case.clone(),
            path: PathSource::Resource(route, values),
            intent: Intent::SetUp,
        })
    }
}
