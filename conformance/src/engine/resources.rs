//! Coming by resources: creating them step by step, and finding them in lists.

use std::borrow::Cow;
use std::collections::HashSet;
use std::pin::Pin;
use std::time::Duration;

use driftline_specs::{Method, ParameterLocation};
use serde_json::Value;

use super::{
    Case, Engine, Feed, Outcome, PathSource, Plan, Prepared, Recipe, Resources, Route, Routes, Seen, Step,
};
use crate::engine::path_parameters;
use crate::exchange::Intent;
use crate::request::PathValues;
use crate::strategy::Node;
use crate::target::allows_writes;

/// How many operations in a row create one resource.
const STEPS: usize = 3;

/// How many chains of operations are considered for one operation.
const CHAINS: usize = 8;

/// How many different bodies start a chain.
const BODIES: usize = 3;

/// How many values of a filter are listed.
const FILTERS: usize = 16;

/// How many groups of listed items count as different.
const GROUPS: usize = 12;

/// How many items of a list are looked at.
const ITEMS: usize = 200;

/// How many listed resources are looked below for a list, and how deep such lists may lie.
const PARENTS: usize = 3;
const DEPTH: usize = 2;

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed {
    /// Where it was listed.
    pub(crate) feed: Feed,
    /// The values of its states.
    pub(crate) group: String,
    /// Its path values.
    pub(crate) values: PathValues,
}

impl Listed {
    /// Whether one of its states is this one.
    pub(crate) fn is_in_state(&self, state: &str) -> bool {
        self.group.split(' ').any(|part| part.split_once('=').is_some_and(|(_, value)| value == state))
    }
}

impl Engine {
    /// Returns the routes to the resources of an operation; listed resources are looked up now.
    pub(crate) async fn routes(&mut self, operation_id: &str) -> Routes {
        let mut routes = Routes::default();
        let Some(plan) = self.plan(operation_id) else { return routes };
        let writes = !plan.operation.method.is_safe();
        let mut chains = self.chains(operation_id, STEPS, &mut Vec::new());
        chains.sort_by_key(Vec::len);
        chains.truncate(CHAINS);
        for (rank, steps) in chains.into_iter().enumerate() {
            let Some(root) = steps.first() else { continue };
            // Different bodies matter most on the shortest way.
            let bodies = if rank == 0 { self.bodies(&root.operation_id).len().clamp(1, BODIES) } else { 1 };
            for body in 0..bodies {
                routes.add(Route::Created { steps: steps.clone(), body }, Vec::new());
            }
        }
        if !writes || self.resources == Resources::Any {
            let mut groups: Vec<(Route, Vec<PathValues>)> = Vec::new();
            for item in self.listed(operation_id).await {
                let route = Route::Listed { feed: item.feed, group: item.group };
                match groups.iter().position(|(known, _)| *known == route) {
                    Some(at) => groups.get_mut(at).into_iter().for_each(|it| it.1.push(item.values.clone())),
                    None if groups.len() < GROUPS => groups.push((route, vec![item.values])),
                    None => {}
                }
            }
            for (route, mut store) in groups {
                if writes {
                    // Some are left for repeating what is found.
                    let kept = store.len().saturating_sub(3).max(1);
                    store.truncate(kept);
                }
                routes.add(route, store);
            }
        }
        routes
    }

    /// Returns routes to fresh resources on which these operations were called, one after another, each followed by a wait
    /// where there is one; `rest` is how long a new resource is left alone before.
    pub(crate) fn routes_through(
        &self,
        reader: &str,
        rest: Option<Duration>,
        operations: &[(String, Option<Duration>)],
    ) -> Vec<Route> {
        let mut chains = self.chains(reader, STEPS, &mut Vec::new());
        chains.sort_by_key(Vec::len);
        let Some(mut steps) = chains.into_iter().next() else { return Vec::new() };
        let Some(root) = steps.first() else { return Vec::new() };
        let bodies = self.bodies(&root.operation_id).len().clamp(1, BODIES);
        steps.last_mut().into_iter().for_each(|created| created.wait = rest);
        let called = operations.iter().cloned();
        steps.extend(called.map(|(operation_id, wait)| Step { operation_id, feed: None, wait }));
        (0..bodies).map(|body| Route::Created { steps: steps.clone(), body }).collect()
    }

    /// Returns the same route to things of the n-th mixture.
    pub(crate) fn mixed(route: &Route, mixture: usize) -> Option<Route> {
        match route {
            Route::Created { steps, .. } => {
                Some(Route::Created { steps: steps.clone(), body: BODIES + mixture })
            }
            Route::Listed { .. } => None,
        }
    }

    /// Returns further routes to try when none led to a success: another operation on the resource goes first.
    pub(crate) fn detours(&self, operation_id: &str) -> Vec<Route> {
        let Some(plan) = self.plan(operation_id) else { return Vec::new() };
        let mut detours = Vec::new();
        for mut chain in self.chains(operation_id, 1, &mut Vec::new()) {
            for sibling in self.contract.operations() {
                if sibling.id == operation_id
                    || sibling.method.is_safe()
                    || sibling.method == Method::Delete
                    || path_parameters(sibling) != path_parameters(&plan.operation)
                    || chain.iter().any(|step| step.operation_id == sibling.id)
                    || !self.plans.contains_key(&sibling.id)
                {
                    continue;
                }
                chain.push(Step { operation_id: sibling.id.clone(), feed: None, wait: None });
                detours.push(Route::Created { steps: chain.clone(), body: 0 });
                chain.pop();
            }
        }
        detours.truncate(CHAINS);
        detours
    }

    /// Returns the chains of operations that end in an answer which feeds an operation.
    fn chains(&self, operation_id: &str, steps: usize, visited: &mut Vec<String>) -> Vec<Vec<Step>> {
        let mut chains = Vec::new();
        if steps == 0 || !allows_writes(self.client.target().kind) {
            return chains;
        }
        for feed in self.feeds.get(operation_id).into_iter().flatten() {
            let Some(producer) = self.plan(&feed.producer) else { continue };
            if producer.operation.method.is_safe()
                || feed.list().is_some()
                || feed.producer == operation_id
                || visited.contains(&feed.producer)
            {
                continue;
            }
            let step = Step { operation_id: feed.producer.clone(), feed: Some(feed.clone()), wait: None };
            if producer.linked.is_empty() {
                chains.push(vec![step]);
                continue;
            }
            visited.push(operation_id.to_owned());
            for mut chain in self.chains(&feed.producer, steps - 1, visited) {
                chain.push(step.clone());
                chains.push(chain);
            }
            visited.pop();
        }
        chains
    }

    /// Returns the cases that start a chain: accepted ones, else the most promising.
    pub(crate) fn bodies(&self, operation_id: &str) -> Cow<'_, [Case]> {
        match self.book.accepted(operation_id) {
            [] => self.plan(operation_id).iter().flat_map(|plan| plan.cases(BODIES).take(BODIES)).collect(),
            accepted => Cow::Borrowed(accepted),
        }
    }

    /// Goes a route to a fresh resource; `None` when it leads nowhere.
    pub(crate) async fn acquire(&mut self, consumer: &str, route: &Route) -> Option<PathValues> {
        match route {
            Route::Created { steps, body } => {
                let path = self.create(steps, *body).await?;
                Some(self.plan(consumer).map_or(path.clone(), |plan| plan.completed(path)))
            }
            Route::Listed { feed, group } => {
                let items = self.listed(consumer).await;
                let item = items.into_iter().find(|item| {
                    item.feed == *feed
                        && item.group == *group
                        && !self.spent.contains(&format!("{consumer} {:?}", item.values))
                })?;
                self.spent.insert(format!("{consumer} {:?}", item.values));
                Some(item.values)
            }
        }
    }

    /// Notes that a listed resource is as it was, although it was asked for something.
    pub(crate) fn spare(&mut self, consumer: &str, path: &PathSource) {
        if let PathSource::Resource(Route::Listed { .. }, values) = path {
            self.spent.remove(&format!("{consumer} {values:?}"));
        }
    }

    async fn create(&mut self, steps: &[Step], body: usize) -> Option<PathValues> {
        let mut path = PathValues::new();
        for (index, step) in steps.iter().enumerate() {
            let plan = self.plan(&step.operation_id)?;
            let bodies = self.bodies(&step.operation_id);
            let mixed = body.checked_sub(BODIES).filter(|_| index == 0);
            let mixed =
                mixed.and_then(|mixed| self.book.mixtures.get(&step.operation_id)?.get(mixed)).cloned();
            let first = bodies.get(if index == 0 { body } else { 0 }).or_else(|| bodies.first()).cloned();
            let case = mixed.or(first)?;
            let source = match steps.get(..index) {
                Some(done) if !done.is_empty() => {
                    PathSource::Resource(Route::Created { steps: done.to_vec(), body }, path.clone())
                }
                _ => PathSource::Case,
            };
            path = plan.completed(path);
            let source = match source {
                PathSource::Resource(route, _) => PathSource::Resource(route, path.clone()),
                other => other,
            };
            let request = plan.request(&case, &path);
            let recipe = Recipe {
                operation_id: step.operation_id.clone(),
                case: case.clone(),
                path: source,
                intent: Intent::SetUp,
            };
            let Outcome::Success(answer) = self.send(Prepared { recipe, request }).await else {
                return None;
            };
            if let Some(feed) = &step.feed {
                let body = self.judge.json(&answer.body).unwrap_or_default();
                let seen = Seen { case: &case, path: &path, answer: &answer, body: &body };
                path.extend(feed.values(seen, 0)?);
            }
            if let Some(time) = step.wait
                && !self.client.move_clock(time).await
            {
                return None;
            }
        }
        Some(path)
    }

    /// Lists what an operation could work on, with every value of the list's filters.
    pub(crate) async fn listed(&mut self, operation_id: &str) -> Vec<Listed> {
        self.listed_below(operation_id, DEPTH).await
    }

    /// Lists what an operation could work on, where lists may lie below so many listed resources.
    fn listed_below<'e>(
        &'e mut self,
        operation_id: &'e str,
        depth: usize,
    ) -> Pin<Box<dyn Future<Output = Vec<Listed>> + Send + 'e>> {
        Box::pin(async move {
            let mut items: Vec<Listed> = Vec::new();
            let mut known: HashSet<PathValues> = HashSet::new();
            let consumer = self.plan(operation_id);
            let feeds: Vec<Feed> = self.feeds.get(operation_id).cloned().unwrap_or_default();
            for feed in feeds.into_iter().filter(|feed| feed.list().is_some()) {
                let Some(plan) = self.plan(&feed.producer).filter(|_| feed.producer != operation_id) else {
                    continue;
                };
                for (case, path) in self.lists(&plan, depth).await {
                    let values = path.values();
                    let request = plan.request(&case, &values);
                    let recipe = Recipe {
                        operation_id: feed.producer.clone(),
                        case: case.clone(),
                        path,
                        intent: Intent::SetUp,
                    };
                    let Outcome::Success(answer) = self.send(Prepared { recipe, request }).await else {
                        continue;
                    };
                    let body = self.judge.json(&answer.body).unwrap_or_default();
                    let list = feed.list().and_then(|list| body.pointer(&list).and_then(Value::as_array));
                    for (index, item) in list.into_iter().flatten().enumerate().take(ITEMS) {
                        let seen = Seen { case: &case, path: &values, answer: &answer, body: &body };
                        let Some(values) = feed.values(seen, index) else { continue };
                        let values = consumer.as_ref().map_or(values.clone(), |it| it.completed(values));
                        if known.insert(values.clone()) {
                            items.push(Listed { feed: feed.clone(), group: group(item), values });
                        }
                    }
                }
            }
            items
        })
    }

    /// Returns the requests that show what there is to list. A list below another resource is looked at below the first
    /// ones that are listed themselves, and as a whole.
    async fn lists(&mut self, plan: &Plan, depth: usize) -> Vec<(Case, PathSource)> {
        let cases = self.list_cases(&plan.operation.id);
        if plan.linked.is_empty() {
            return cases.into_iter().map(|case| (case, PathSource::Case)).collect();
        }
        let Some(case) = cases.into_iter().next().filter(|_| depth > 0) else { return Vec::new() };
        let mut parents = self.listed_below(&plan.operation.id, depth - 1).await;
        parents.truncate(PARENTS);
        let below = parents.into_iter().map(|parent| {
            let route = Route::Listed { feed: parent.feed, group: parent.group };
            (case.clone(), PathSource::Resource(route, parent.values))
        });
        below.collect()
    }

    /// Returns the requests that show most of a list: the longest page, and one for each value of a filter.
    fn list_cases(&self, operation_id: &str) -> Vec<Case> {
        let Some(plan) = self.plan(operation_id) else { return Vec::new() };
        let Some(least) = plan.least() else { return Vec::new() };
        let mut reader = crate::strategy::Reader::new(self.contract.clone());
        let limit = plan.operation.pagination.as_ref().and_then(|it| it.limit.clone());
        let mut longest = least.clone();
        let mut filters = Vec::new();
        for parameter in &plan.operation.parameters {
            let Some(schema) = parameter.schema.as_ref() else { continue };
            if parameter.location != ParameterLocation::Query {
                continue;
            }
            let shape = reader.shape(&Node::at(&schema.pointer));
            if Some(&parameter.name) == limit.as_ref() {
                if let Some((most, _)) = shape.number.maximum {
                    set_query(&mut longest, &parameter.name, Value::from(most as i64));
                }
            } else {
                let choices = shape.choices.iter().flatten();
                filters.extend(choices.map(|choice| (parameter.name.clone(), choice.clone())));
            }
        }
        let mut cases = vec![longest.clone()];
        cases.extend(filters.into_iter().take(FILTERS).map(|(name, value)| {
            let mut case = longest.clone();
            set_query(&mut case, &name, value);
            case
        }));
        cases.retain(|case| plan.allowed(case).is_some_and(|allowed| allowed(&case.value)));
        if cases.is_empty() { vec![least] } else { cases }
    }
}

pub(crate) fn set_query(case: &mut Case, name: &str, value: Value) {
    if let Some(query) = case.value.get_mut("query").and_then(Value::as_object_mut) {
        query.insert(name.to_owned(), value);
    }
}

/// Returns what tells the states of listed items apart: their own properties that speak of a state.
fn group(item: &Value) -> String {
    let Value::Object(members) = item else { return String::new() };
    let mut states: Vec<String> = Vec::new();
    for (name, value) in members {
        let name = name.to_lowercase();
        let speaks = ["status", "state", "stage", "phase"].iter().any(|word| name.ends_with(word));
        if let (true, Value::String(text)) = (speaks, value) {
            states.push(format!("{name}={text}"));
        }
    }
    states.join(" ")
}
