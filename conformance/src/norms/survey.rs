//! What the answers of a run hold, counted while it goes on.
//!
//! A *unit* is what is counted once: an item of a list, else the resource that an answer is about, else the request. Things
//! inside of it have its unit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::document::{
    Answers, Asked, Counted, Latency, Norms, OperationNorms, Parent, Place, StatusCount, StatusNorms, VERSION,
};
use super::form::Form;
use super::units::Units;
use super::{SHARED, sign::Sign, walk};
use crate::checks::Evidence;
use crate::engine::Recipe;
use crate::exchange::{Exchange, Series, SeriesKind};

/// How many header fields are counted.
const HEADERS: usize = 64;

/// An exchange that shows something, and how to send its request again.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// How it came about.
    pub(crate) recipe: Recipe,
    /// What was sent, and what came.
    pub(crate) exchange: Exchange,
}

/// Under which conditions a run goes.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    /// The API.
    pub(crate) api: String,
    /// The target.
    pub(crate) target: String,
    /// The suites, sorted.
    pub(crate) suites: Vec<String>,
    /// Which resources are changed.
    pub(crate) resources: String,
}

/// What the answers of a run hold.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    operations: BTreeMap<String, OperationSurvey>,
    /// How fast answers are says something: they come from somebody else's machine.
    keeps_time: bool,
    /// Nothing is counted now.
    is_paused: bool,
}

#[derive(Debug, Default)]
struct OperationSurvey {
    asked: BTreeMap<Asked, BTreeMap<u16, (u64, Sample)>>,
    answers: BTreeMap<u16, Population>,
    filters: BTreeMap<String, Counted>,
    transitions: BTreeMap<String, Counted>,
    known_good: BTreeMap<String, KnownGood>,
}

/// A known-good body, as it is or changed.
#[derive(Debug, Default)]
struct KnownGood {
    count: Counted,
    /// How it was refused.
    refused: Option<Sample>,
}

/// The answers of one operation with one status.
#[derive(Debug, Default)]
pub(super) struct Population {
    pub(super) answers: u64,
    pub(super) units: HashMap<u64, usize>,
    pub(super) latency: BTreeMap<Latency, u64>,
    pub(super) headers: BTreeMap<String, u64>,
    pub(super) parents: HashMap<String, Tally>,
    pub(super) places: HashMap<String, Spot>,
    pub(super) samples: Vec<Sample>,
    /// By which answers that are there again are known.
    pub(super) known: HashSet<u64>,
}

/// Resources, and an exchange that shows one.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) units: Units,
    pub(super) sample: usize,
}

/// What stands at a place.
#[derive(Debug, Default)]
pub(super) struct Spot {
    pub(super) undocumented: bool,
    pub(super) present: Tally,
    pub(super) filled: Units,
    pub(super) forms: BTreeMap<Form, Units>,
    pub(super) listed: BTreeMap<String, Units>,
    pub(super) compared: Units,
    pub(super) values: HashMap<u64, u64>,
}

impl Survey {
    /// Returns a survey that has seen nothing; it counts how fast answers are where it `keeps_time`.
    pub(crate) fn new(keeps_time: bool) -> Survey {
        Survey { keeps_time, ..Survey::default() }
    }

    /// Counts nothing until it goes on.
    pub(crate) fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Counts again.
    pub(crate) fn go_on(&mut self) {
        self.is_paused = false;
    }

    /// Counts an answer; `asked` is what was asked, where that was the point of it.
    pub(crate) fn take(&mut self, evidence: &Evidence<'_>, recipe: &Recipe, asked: Option<Asked>) {
        if self.is_paused {
            return;
        }
        let exchange = evidence.exchange;
        let (status, intent) = (exchange.answer.status, &exchange.intent);
        let sample = || Sample { recipe: recipe.clone(), exchange: exchange.clone() };
        let operation = self.operations.entry(evidence.operation.id.clone()).or_default();
        if let Some(asked) = asked {
            let statuses = operation.asked.entry(asked).or_default();
            statuses.entry(status).or_insert_with(|| (0, sample())).0 += 1;
        }
        // What was accepted and should not have been is told by that.
        if status < 400 && !intent.is_valid() {
            return;
        }
        let population = operation.answers.entry(status).or_default();
        population.answers += 1;
        if self.keeps_time {
            *population.latency.entry(class(exchange.answer.elapsed)).or_default() += 1;
        }
        population.count_headers(&exchange.answer.headers);
        let (Some(value), Some(declared)) = (&evidence.json, evidence.declared()) else { return };
        let pagination = evidence.operation.pagination.as_ref().filter(|_| status < 400);
        let list = pagination.map(|pagination| pagination.items.as_str());
        if walk::through(evidence, value, &declared, list, population) {
            population.samples.push(sample());
        }
    }

    /// Counts what a series says of filters and transitions.
    pub(crate) fn take_series(&mut self, series: &Series, items: &dyn Fn(usize) -> usize) {
        let Some(first) = series.exchanges.first().filter(|_| !self.is_paused) else { return };
        match &series.kind {
            SeriesKind::Filter { parameters } => {
                let [selection] = parameters.as_slice() else { return };
                let operation = self.operations.entry(first.request.operation_id.clone()).or_default();
                let count = operation.filters.entry(selection.parameter.clone()).or_default();
                count.asked += 1;
                count.worked += u64::from(items(1) > 0);
            }
            SeriesKind::Transition { from, .. } => {
                let Some(asked) = series.exchanges.get(1) else { return };
                let operation = self.operations.entry(asked.request.operation_id.clone()).or_default();
                let count = operation.transitions.entry(from.clone()).or_default();
                count.asked += 1;
                count.worked += u64::from(asked.answer.status < 400);
            }
            _ => {}
        }
    }

    /// Counts a known-good body, as it is or changed, that was accepted or refused.
    pub(crate) fn take_known_good(&mut self, label: &str, sample: Sample, accepted: bool) {
        let operation = self.operations.entry(sample.recipe.operation_id.clone()).or_default();
        let known = operation.known_good.entry(label.to_owned()).or_default();
        known.count.asked += 1;
        if accepted {
            known.count.worked += 1;
        } else {
            known.refused.get_or_insert(sample);
        }
    }

    /// Returns what was counted, as norms of one run.
    pub(crate) fn norms(&self, conditions: Conditions) -> Norms {
        let operations = self.operations.iter().map(|(id, operation)| (id.clone(), operation.norms()));
        Norms {
            norms: VERSION,
            api: conditions.api,
            target: conditions.target,
            runs: 1,
            suites: conditions.suites,
            resources: conditions.resources,
            operations: operations.collect(),
        }
    }

    /// An exchange that shows what a sign says.
    pub(crate) fn sample(&self, operation_id: &str, sign: &Sign) -> Option<&Sample> {
        let operation = self.operations.get(operation_id)?;
        if let Sign::Status { asked, status } = sign {
            let mut statuses = operation.asked.get(asked)?.iter();
            return statuses.find(|(other, _)| *other != status).map(|(_, (_, sample))| sample);
        }
        if let Sign::Refused { label } = sign {
            return operation.known_good.get(label)?.refused.as_ref();
        }
        let population = operation.answers.get(&sign.status())?;
        let location = sign.location();
        let index = match sign {
            Sign::Absent { .. } => {
                let parent = location.rsplit_once('/').map_or("", |(parent, _)| parent);
                population.parents.get(parent)?.sample
            }
            _ => population.places.get(location)?.present.sample,
        };
        population.samples.get(index)
    }
}

impl OperationSurvey {
    fn norms(&self) -> OperationNorms {
        let statuses = self.asked.iter().map(|(asked, statuses)| {
            let answers: u64 = statuses.values().map(|(count, _)| count).sum();
            let of = statuses.iter().map(|(status, (count, _))| {
                let least_percent = count.saturating_mul(100) / answers.max(1);
                (*status, StatusCount { answers: *count, runs: 1, least_percent })
            });
            (*asked, StatusNorms { answers, runs: 1, of: of.collect() })
        });
        OperationNorms {
            filters: self.filters.clone(),
            transitions: self.transitions.clone(),
            known_good: self.known_good.iter().map(|(label, it)| (label.clone(), it.count)).collect(),
            statuses: statuses.collect(),
            answers: self.answers.iter().map(|(status, it)| (*status, it.norms())).collect(),
        }
    }
}

impl Population {
    fn count_headers(&mut self, headers: &[(String, String)]) {
        let mut names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let room = self.headers.len() < HEADERS && name.len() <= 64;
            if let Some(count) = self.headers.get_mut(name) {
                *count += 1;
            } else if room {
                self.headers.insert(name.to_owned(), 1);
            }
        }
    }

    fn norms(&self) -> Answers {
        let parent = |tally: &Tally| Parent { resources: tally.units.count(), runs: 1 };
        let shared = |spot: &&Spot| !spot.undocumented || spot.present.units.count() >= SHARED;
        let places = self.places.iter().filter(|(_, spot)| shared(spot));
        Answers {
            answers: self.answers,
            resources: self.units.len() as u64,
            latency: self.latency.clone(),
            headers: self.headers.clone(),
            parents: self.parents.iter().map(|(location, it)| (location.clone(), parent(it))).collect(),
            places: places.map(|(location, spot)| (location.clone(), spot.norms())).collect(),
        }
    }
}

impl Spot {
    fn norms(&self) -> Place {
        let (filled, compared) = (self.filled.count(), self.compared.count());
        Place {
            undocumented: self.undocumented,
            present: self.present.units.count(),
            present_runs: 1,
            filled,
            filled_runs: u64::from(filled > 0),
            forms: self.forms.iter().map(|(form, units)| (*form, units.count())).collect(),
            values: self.listed.iter().map(|(value, units)| (value.clone(), units.count())).collect(),
            compared,
            commonest: self.values.values().copied().max().unwrap_or_default(),
            compared_runs: u64::from(compared > 1),
            varied_runs: u64::from(compared > 1 && self.values.len() > 1),
        }
    }
}

fn class(elapsed: Duration) -> Latency {
    match elapsed.as_millis() {
        0..=100 => Latency::Tenth,
        101..=300 => Latency::Third,
        301..=1_000 => Latency::Second,
        1_001..=3_000 => Latency::Three,
        3_001..=10_000 => Latency::Ten,
        _ => Latency::Slower,
    }
}
