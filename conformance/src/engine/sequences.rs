//! Sequences: two things are created, and operations on them follow one another as a model of them suggests.
//!
//! What is chosen depends on the seed, on what was accepted so far and on the lifecycle, never on an answer in the sequence.
//! So a sequence can be sent again, whole or without some of its steps.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeSet;
use std::sync::Arc;

use driftline_specs::{Method, Resource};
use serde_json::Value;

use super::series::aside;
use super::{Case, Engine, Origin, Plan, Prepared, Recipe, path_parameters};
use crate::exchange::{Exchange, Intent};
use crate::sequence::{Asking, Sequence, SequenceStep};
use crate::strategy::Stream;

/// How often an operation is chosen beside the others: one that writes the whole thing, one that leads it to another
/// state, and one that ends it or only looks.
const WRITES: u64 = 8;
const ACTS: u64 = 2;
const OTHERS: u64 = 1;

/// What is forbidden in a state is chosen so many times less often.
const FORBIDDEN: u64 = 2;

/// One of so many writes is one that was refused before.
const REFUSED: u64 = 4;

/// Of so many the one is taken that tells most.
const DRAWN: usize = 6;

/// An operation that a step may be.
struct Choice<'e> {
    plan: &'e Plan,
    weight: u64,
    accepted: Cow<'e, [Case]>,
    refused: &'e [Case],
}

/// Draws that depend on the seed and on what they are for.
struct Draws {
    stream: Stream,
    count: u64,
}

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.count += 1;
        self.stream.nth(self.count).rank("draw") % end.max(1)
    }

    /// One of a few that says most otherwise than what was said before: only what differs tells things apart.
    fn unlike<'c, C: Borrow<Case>>(&mut self, cases: &'c [C], said: &[Value]) -> Option<&'c Case> {
        let drawn: Vec<&Case> = (0..DRAWN).filter_map(|_| Some(self.one(cases)?.borrow())).collect();
        drawn
            .into_iter()
            .max_by_key(|case| said.iter().map(|said| differing(said, &case.value)).sum::<usize>())
    }

    fn one<'c, T>(&mut self, of: &'c [T]) -> Option<&'c T> {
        of.get(usize::try_from(self.below(of.len() as u64)).unwrap_or_default())
    }
}

impl Engine {
    /// Returns the n-th sequence of things of a kind, with the case that creates the first one; `None` where nothing can be
    /// done to them.
    pub(crate) fn sequence(
        &self,
        creator: &Plan,
        reader: &Plan,
        life: Option<&Arc<Resource>>,
        index: u64,
        steps: usize,
    ) -> Option<(Case, Sequence)> {
        let choices = self.choices(creator, reader);
        if !choices.iter().any(|choice| !choice.plan.operation.method.is_safe()) {
            return None;
        }
        let stream = Stream::new(creator.stream().rank("sequences"), &[&reader.operation.id]).nth(index);
        let mut draws = Draws { stream, count: 0 };
        let mut full: Vec<&Case> = self.book.all_accepted(&creator.operation.id).iter().collect();
        full.sort_by_cached_key(|case| std::cmp::Reverse(case.size()));
        full.truncate(full.len().div_ceil(2));
        let first = (*draws.one(&full)?).clone();
        let second = draws.unlike(&full, std::slice::from_ref(&first.value))?;
        let mut said = [first.value.clone(), second.value.clone()];
        let second = asking(second);
        let initial = life.and_then(|life| match life.initial.as_slice() {
            [initial] => Some(initial.as_str()),
            _ => None,
        });
        let mut states = [initial; Sequence::THINGS];
        let mut ended = [false; Sequence::THINGS];
        let mut chosen: Vec<SequenceStep> = Vec::new();
        while chosen.len() < steps {
            let open: Vec<usize> =
                (0..Sequence::THINGS).filter(|it| ended.get(*it) == Some(&false)).collect();
            let Some(thing) = draws.one(&open).copied() else { break };
            let state = states.get(thing).copied().flatten();
            let is_late = chosen.len() * 2 >= steps;
            let weights = choices.iter().map(|choice| choice.weight_in(life, state, is_late));
            let weights: Vec<u64> = weights.collect();
            let mut at = draws.below(weights.iter().sum());
            let choice = choices.iter().zip(&weights).find(|(_, weight)| {
                let is_it = at < **weight;
                at = at.saturating_sub(**weight);
                is_it
            });
            let Some((choice, _)) = choice else { break };
            let is_refused = !choice.refused.is_empty() && draws.below(REFUSED) == 0;
            let cases = if is_refused { choice.refused } else { &choice.accepted };
            let Some(case) = draws.unlike(cases, &said) else { break };
            let id = &choice.plan.operation.id;
            if !is_refused {
                if let Some(said) = said.get_mut(thing).filter(|_| choice.weight == WRITES) {
                    said.clone_from(&case.value);
                }
                if let Some(state) = states.get_mut(thing) {
                    *state = life.zip(*state).and_then(|(life, from)| after(life, id, from));
                }
                if let Some(ended) = ended.get_mut(thing) {
                    *ended = choice.plan.operation.method == Method::Delete;
                }
            }
            chosen.push(SequenceStep { operation_id: id.clone(), thing, asking: asking(case) });
        }
        let sequence =
            Sequence { reader: reader.operation.id.clone(), second, steps: chosen, life: life.cloned() };
        Some((first, sequence))
    }

    /// The operations on a thing and below it, and those that list such things.
    fn choices(&self, creator: &Plan, reader: &Plan) -> Vec<Choice<'_>> {
        let wanted = path_parameters(&reader.operation);
        let own = self.plans.values().filter(|plan| self.own.contains(&plan.operation.id));
        let choices = own.filter_map(|plan| {
            let operation = &plan.operation;
            let below = operation.path.strip_prefix(&reader.operation.path);
            let is_on_thing = path_parameters(operation) == wanted
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let is_list = operation.path == creator.operation.path && operation.method == Method::Get;
            if operation.id == reader.operation.id || !is_on_thing && !is_list {
                return None;
            }
            let writes = matches!(operation.method, Method::Put | Method::Patch);
            let weight = match operation.method {
                _ if writes && operation.path == reader.operation.path => WRITES,
                method if method.is_safe() || method == Method::Delete => OTHERS,
                _ => ACTS,
            };
            let accepted = match self.book.all_accepted(&operation.id) {
                [] => plan.least().into_iter().collect(),
                accepted => Cow::Borrowed(accepted),
            };
            let refused = if writes { self.book.refused(&operation.id) } else { &[] };
            let choice = Choice { plan, weight, accepted, refused };
            (!choice.accepted.is_empty()).then_some(choice)
        });
        choices.collect()
    }

    /// Creates both things, does what the sequence says, and reads both after each step.
    pub(super) async fn play(
        &mut self,
        creator: &Plan,
        first: &Recipe,
        sequence: &Sequence,
        into: &mut Vec<Exchange>,
    ) -> Option<()> {
        let reader = self.plan(&sequence.reader)?;
        let second = Recipe { case: case(&sequence.second), ..first.clone() };
        let mut reads = Vec::new();
        for recipe in [first, &second] {
            let created = self.step(creator, recipe).await?;
            let path = self.path_to(&sequence.reader, creator, recipe, &created)?;
            reads.push(aside(&reader, reader.least()?, path));
            into.push(created);
        }
        let places: BTreeSet<_> = reads.iter().map(|read| read.path.values()).collect();
        if places.len() < Sequence::THINGS {
            return None;
        }
        self.settle().await;
        for read in &reads {
            into.push(self.step(&reader, read).await?);
        }
        for step in &sequence.steps {
            let plan = self.plan(&step.operation_id)?;
            let path = match reads.get(step.thing) {
                Some(read) if !plan.linked.is_empty() => read.path.clone(),
                _ => first.path.clone(),
            };
            let acted = self.ask(&plan, &aside(&plan, case(&step.asking), path)).await?;
            let status = acted.answer.status;
            // Whoever may not, or not now, or got no answer of its own, shows nothing of the things.
            if matches!(status, 401 | 403 | 408 | 425 | 429 | 500..) {
                return None;
            }
            into.push(acted);
            if !plan.operation.method.is_safe() {
                self.settle().await;
            }
            for read in &reads {
                let seen = self.ask(&reader, read).await?;
                if !matches!(seen.answer.status, 200..=299 | 404 | 410) {
                    return None;
                }
                into.push(seen);
            }
        }
        Some(())
    }

    /// Sends a request of a sequence, whatever becomes of it.
    async fn ask(&mut self, plan: &Plan, recipe: &Recipe) -> Option<Exchange> {
        if self.is_stopped() || self.client.is_failing() {
            return None;
        }
        let request = plan.request(&recipe.case, &recipe.path.values());
        let recipe = Recipe { intent: Intent::SetUp, ..recipe.clone() };
        Some(self.exchange(Prepared { recipe, request }).await?.0)
    }
}

impl Choice<'_> {
    /// How often it is chosen in a state.
    fn weight_in(&self, life: Option<&Arc<Resource>>, state: Option<&str>, is_late: bool) -> u64 {
        let operation = &self.plan.operation;
        // What is ended at once shows little.
        if operation.method == Method::Delete && !is_late {
            return 0;
        }
        let is_forbidden = life.zip(state).is_some_and(|(life, state)| {
            let mut moves = life.transitions.iter().filter(|it| it.operation.as_ref() == Some(&operation.id));
            let is_known = moves.clone().next().is_some();
            is_known && !moves.any(|it| it.from.iter().any(|from| from == state))
        });
        if is_forbidden { (self.weight / FORBIDDEN).max(1) } else { self.weight }
    }
}

/// The state after an operation that is accepted, where that is known.
fn after<'l>(life: &'l Resource, operation_id: &str, from: &'l str) -> Option<&'l str> {
    let mut moves = life.transitions.iter().filter(|it| {
        it.operation.as_deref() == Some(operation_id) && it.from.iter().any(|state| state == from)
    });
    match moves.next().map(|it| it.to.as_slice()) {
        None => Some(from),
        Some([to]) => Some(to),
        Some(_) => None,
    }
}

/// How many values two requests have in the same place that are not the same.
fn differing(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let both = one.iter().filter_map(|(name, value)| Some((value, other.get(name)?)));
            both.map(|(one, other)| differing(one, other)).sum()
        }
        _ => usize::from(one != other),
    }
}

fn asking(case: &Case) -> Asking {
    Asking { variant: case.variant, value: case.value.clone() }
}

fn case(asking: &Asking) -> Case {
    Case { origin: Origin::Coverage, variant: asking.variant, value: asking.value.clone() }
}
