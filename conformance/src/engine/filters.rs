//! Lists that are asked for some of their items, and what their items are known to be meanwhile: by what they say, or by
//! what the operation that reads one of them says of it.

use serde_json::Value;

use super::series::{aside, largest, remove_query};
use super::{Engine, Plan, Recipe};
use crate::checks::Identity;
use crate::exchange::Exchange;
use crate::selection::{Selection, resource};

/// What a list is asked for, and who says what its items are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'s> {
    /// What is read of the items.
    pub(super) selection: &'s Selection,
    /// What they say themselves.
    pub(super) beside: &'s [Selection],
    /// The operation that reads them.
    pub(super) reader: &'s str,
    /// The items that are read.
    pub(super) items: &'s [String],
}

/// An item of a list, and what is read of it.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    /// What it is known by in its list.
    pub(crate) name: String,
    /// What the list says of it.
    pub(crate) item: Value,
    /// What the operation that reads it says.
    pub(crate) said: Value,
}

impl Engine {
    /// Asks for a list, for some of it, and for the list again.
    pub(super) async fn filter(
        &mut self,
        plan: &Plan,
        first: &Recipe,
        parameters: &[Selection],
        into: &mut Vec<Exchange>,
    ) -> Option<()> {
        let whole = unfiltered(plan, first, parameters);
        let filtered = Recipe { case: largest(plan, &first.case), ..first.clone() };
        for recipe in [&whole, &filtered, &whole] {
            into.push(self.step(plan, recipe).await?);
        }
        Some(())
    }

    /// The same, with some items read before and after.
    pub(super) async fn filter_then_read(
        &mut self,
        plan: &Plan,
        first: &Recipe,
        wanted: Wanted<'_>,
        into: &mut Vec<Exchange>,
    ) -> Option<()> {
        let parameters = [std::slice::from_ref(wanted.selection), wanted.beside].concat();
        let whole = unfiltered(plan, first, &parameters);
        let before = self.step(plan, &whole).await?;
        let reader = self.plan(wanted.reader)?;
        let mut reads = Vec::new();
        for wanted in wanted.items {
            let pick = |items: &[Value]| {
                let identity = Identity::of(items);
                items.iter().position(|item| identity.name(item) == *wanted)
            };
            let path = self.path_to_item(&reader.operation.id, plan, &whole, &before, pick)?;
            reads.push(aside(&reader, reader.least()?, path));
        }
        into.push(before.clone());
        for read in &reads {
            into.push(self.step(&reader, read).await?);
        }
        let filtered = Recipe { case: largest(plan, &first.case), ..first.clone() };
        into.push(self.step(plan, &filtered).await?);
        for read in &reads {
            into.push(self.step(&reader, read).await?);
        }
        into.push(self.step(plan, &whole).await?);
        Some(())
    }

    /// The items of a list, on its largest page.
    pub(crate) async fn items(&mut self, plan: &Plan, first: &Recipe) -> Option<Vec<Value>> {
        let whole = Recipe { case: largest(plan, &first.case), ..first.clone() };
        let listed = self.step(plan, &whole).await?;
        let body = self.judge.json(&listed.answer.body)?;
        body.pointer(&plan.operation.pagination.as_ref()?.items)?.as_array().cloned()
    }

    /// Reads items of a list, from both of its ends: so many, while the count of all requests is below `last`.
    pub(crate) async fn read_items(
        &mut self,
        plan: &Plan,
        first: &Recipe,
        reader: &str,
        most: usize,
        last: u64,
    ) -> Option<Vec<Read>> {
        let whole = Recipe { case: largest(plan, &first.case), ..first.clone() };
        let listed = self.step(plan, &whole).await?;
        let body = self.judge.json(&listed.answer.body)?;
        let items = body.pointer(&plan.operation.pagination.as_ref()?.items)?.as_array()?;
        let identity = Identity::of(items);
        if !identity.tells_apart() {
            return None;
        }
        let reader = self.plan(reader)?;
        let mut read = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let is_at_an_end = at < most.div_ceil(2) || at + most / 2 >= items.len();
            if !is_at_an_end || self.client.sent() >= last {
                continue;
            }
            let pick = |_: &[Value]| Some(at);
            let path = self.path_to_item(&reader.operation.id, plan, &whole, &listed, pick);
            let Some(recipe) = path.and_then(|path| Some(aside(&reader, reader.least()?, path))) else {
                continue;
            };
            let Some(exchange) = self.step(&reader, &recipe).await else { continue };
            let Some(body) = self.judge.json(&exchange.answer.body) else { continue };
            read.push(Read { name: identity.name(item), item: item.clone(), said: resource(&body).clone() });
        }
        Some(read)
    }
}

/// The largest page of a list without filters.
fn unfiltered(plan: &Plan, first: &Recipe, parameters: &[Selection]) -> Recipe {
    let mut case = first.case.clone();
    parameters.iter().for_each(|it| remove_query(&mut case, &it.parameter));
    Recipe { case: largest(plan, &case), ..first.clone() }
}
