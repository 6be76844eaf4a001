//! Before the first request: the plans of an API, and the order of its operations.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use driftline_specs::{Method, Operation, TargetKind};

use super::RunOptions;
use crate::checks::Judge;
use crate::engine::{Book, Created, Engine, Feed, Plan, feeds, occasions};
use crate::error::Error;
use crate::norms::Survey;
use crate::strategy::{Generator, Reader};
use crate::target::Client;

/// Compiles the plans of an API and puts its operations into order.
pub(crate) fn prepare(options: &RunOptions, client: Client) -> Result<(Engine, Vec<String>), Error> {
    let contract = &options.contract;
    let mut reader = Reader::new(contract.clone());
    let mut generator = Generator::new(contract.clone()).tagged(options.tag());
    let mut book = Book::default();
    let (mut plans, mut all_feeds) = (BTreeMap::new(), BTreeMap::new());
    for operation in contract.operations() {
        let feeds = feeds(contract, &mut reader, operation);
        let linked: BTreeSet<String> =
            feeds.iter().flat_map(|feed| feed.parameters.iter().map(|(name, _)| name.clone())).collect();
        let fixtures = options.fixtures.get(&operation.id).map_or(&[][..], Vec::as_slice);
        match Plan::new(&mut generator, operation, linked, fixtures, options.seed) {
            Ok(plan) => {
                plans.insert(operation.id.clone(), Arc::new(plan));
            }
            Err(error) => book.tally(&operation.id).unplanned = Some(error.to_string()),
        }
        all_feeds.insert(operation.id.clone(), feeds);
    }
    let own: Vec<&Operation> = contract
        .operations()
        .iter()
        .enumerate()
        .filter(|(index, _)| options.partition.is_none_or(|partition| partition.holds(*index)))
        .map(|(_, operation)| operation)
        .collect();
    if own.is_empty() {
        return Err(Error::NothingToDo { api: options.api.clone() });
    }
    let order = order(&own, &plans, &all_feeds);
    let engine = Engine {
        api: options.api.clone(),
        contract: contract.clone(),
        client,
        judge: Judge::new(contract.clone(), options.models.clone())
            .at(&options.target.base_url, options.target.most_latency),
        progress: Arc::clone(&options.progress),
        created: Created::new(contract, &all_feeds, options.lifecycle.as_ref()),
        lifecycle: options.lifecycle.clone(),
        plans,
        feeds: all_feeds,
        own: order.iter().cloned().collect(),
        resources: options.resources,
        occasions: occasions(options.target.kind, options.requests_per_operation),
        resumed: options.resume.as_ref().map(|before| before.probed.clone()).unwrap_or_default(),
        last_call: None,
        max_findings: options.max_findings.map(NonZeroUsize::get),
        book,
        survey: Survey::new(options.target.kind != TargetKind::Embedded),
        examining: false,
        unsettled: false,
        spent: BTreeSet::new(),
    };
    Ok((engine, order))
}

/// Puts operations into the order in which they are probed: what creates before what uses, reading before
/// changing, changing before ending; else the contract's order.
fn order(
    own: &[&Operation],
    plans: &BTreeMap<String, Arc<Plan>>,
    feeds: &BTreeMap<String, Vec<Feed>>,
) -> Vec<String> {
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, plan) in plans {
        if plan.linked.is_empty() {
            depths.insert(id, 0);
        }
    }
    // Every round settles at least one operation or is the last.
    for depth in 1..=plans.len() {
        let settled: Vec<&str> = plans
            .keys()
            .map(String::as_str)
            .filter(|id| !depths.contains_key(id))
            .filter(|id| {
                let feeds = feeds.get(*id).map_or(&[][..], Vec::as_slice);
                feeds.iter().any(|feed| depths.get(feed.producer.as_str()).is_some_and(|it| *it < depth))
            })
            .collect();
        if settled.is_empty() {
            break;
        }
        depths.extend(settled.into_iter().map(|id| (id, depth)));
    }
    let mut ordered: Vec<&&Operation> = own.iter().collect();
    ordered.sort_by_key(|operation| {
        let depth = depths.get(operation.id.as_str()).copied().unwrap_or(usize::MAX);
        let rank = match operation.method {
            Method::Post if depth == 0 => 0,
            method if method.is_safe() => 1,
            Method::Put | Method::Patch => 2,
            Method::Delete => 4,
            _ => 3,
        };
        (depth, rank)
    });
    ordered.into_iter().map(|operation| operation.id.clone()).collect()
}
