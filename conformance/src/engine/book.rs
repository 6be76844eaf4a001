//! What a run has seen so far: counts by operation, outages, accepted cases and sightings of deviations.

use std::collections::{BTreeMap, HashMap};

use driftline_specs::Method;

use super::plan::{Case, Origin, Plan};
use super::routes::Route;
use super::workflows::WorkflowRecipe;
use crate::checks::{Observation, is_enough, is_told_before, is_told_by, is_told_for_all};
use crate::exchange::{Exchange, Intent, SeriesKind, Trial};
use crate::finding::Fingerprint;
use crate::norms::{Sample, Sign};
use crate::report::{Bodies, Probed};
use crate::request::{Body, PathValues, Request};
use crate::scenario::WorkflowReport;
use crate::sequence::Sequence;
use crate::target::{Outage, OutageKind, Stop};

/// How many accepted cases serve for each operation.
const ACCEPTED: usize = 3;

/// How many cases are kept for each operation as what was accepted, and how many as what was refused.
const KEPT: usize = 48;

/// How many deviations are kept that others explain.
const HIDDEN: usize = 64;

/// How many requests of what was not found are kept for each operation.
const MISSED: usize = 2;

/// Where the path values of a request came from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PathSource {
    /// The case holds all there are.
    Case,
    /// Values that name nothing.
    Stray(PathValues),
    /// A resource that was created or listed.
    Resource(Route, PathValues),
}

impl PathSource {
    /// How the resource was come by, where there is one.
    pub(crate) fn route(&self) -> Option<&Route> {
        match self {
            PathSource::Case | PathSource::Stray(_) => None,
            PathSource::Resource(route, _) => Some(route),
        }
    }

    /// Returns the path values that were used.
    pub(crate) fn values(&self) -> PathValues {
        match self {
            PathSource::Case => PathValues::new(),
            PathSource::Stray(values) | PathSource::Resource(_, values) => values.clone(),
        }
    }
}

/// How to send a request again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipe {
    /// The operation.
    pub(crate) operation_id: String,
    /// The generated part.
    pub(crate) case: Case,
    /// The rest of the path.
    pub(crate) path: PathSource,
    /// Why it is sent.
    pub(crate) intent: Intent,
}

impl Recipe {
    /// Returns the request.
    pub(crate) fn request(&self, plan: &Plan) -> Request {
        let mut request = plan.request(&self.case, &self.path.values());
        if let Some(flaw) = self.intent.flaw() {
            flaw.spoil(&mut request);
        }
        if let Some(method) = self.intent.other_method() {
            request.method = method;
            request.query.clear();
            // A patch without a change in it (RFC 7396); the other methods that are tried take no body.
            let patch =
                || Body { media_type: "application/merge-patch+json".to_owned(), content: "{}".to_owned() };
            request.body = (method == Method::Patch).then(patch);
        }
        request
    }
}

/// How to send several requests again that say something together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeriesRecipe {
    /// What they are.
    pub(crate) kind: SeriesKind,
    /// The first request, which decides the others.
    pub(crate) first: Recipe,
    /// Which operation it is about.
    pub(crate) trial: Trial,
}

impl SeriesRecipe {
    /// The operation that is judged.
    pub(crate) fn subject(&self) -> &str {
        match (self.trial, &self.kind) {
            (
                Trial::Last,
                SeriesKind::WriteThenRead { reader }
                | SeriesKind::ListThenRead { reader, .. }
                | SeriesKind::Rewrite { reader, .. },
            ) => reader,
            (Trial::Last, SeriesKind::CreateThenList { list }) => list,
            (_, SeriesKind::Sequence(sequence)) => {
                sequence.steps.last().map_or(&self.first.operation_id, |step| &step.operation_id)
            }
            _ => &self.first.operation_id,
        }
    }
}

/// How a deviation came about.
#[derive(Debug, Clone)]
pub(crate) enum How {
    /// One request shows it.
    One(Recipe),
    /// Several requests show it.
    Series(SeriesRecipe),
    /// All answers of a run show it; this request was one of them.
    Norm(NormRecipe),
    /// A step of a workflow shows it.
    Workflow(WorkflowRecipe),
}

/// How to send a request again whose answer is unusual, and what is unusual about it.
#[derive(Debug, Clone)]
pub(crate) struct NormRecipe {
    /// The request, and how it was answered.
    pub(crate) sample: Sample,
    /// What its answer shows.
    pub(crate) sign: Sign,
}

impl How {
    /// The request that shows it, or the first of those that do.
    pub(crate) fn recipe(&self) -> &Recipe {
        match self {
            How::One(recipe) => recipe,
            How::Series(series) => &series.first,
            How::Norm(norm) => &norm.sample.recipe,
            How::Workflow(workflow) => &workflow.recipe,
        }
    }

    /// The operation that answers for it.
    pub(crate) fn subject(&self) -> &str {
        match self {
            How::One(recipe) => &recipe.operation_id,
            How::Series(series) => series.subject(),
            How::Norm(norm) => &norm.sample.recipe.operation_id,
            How::Workflow(workflow) => &workflow.recipe.operation_id,
        }
    }

    /// The exchange that shows it best: what was asked of a resource, what was refused, the list
    /// that was filtered, else the last.
    pub(crate) fn shown<'e>(&self, exchanges: &'e [Exchange]) -> Option<&'e Exchange> {
        match self {
            How::Series(SeriesRecipe {
                kind:
                    SeriesKind::Transition { .. }
                    | SeriesKind::Refused { .. }
                    | SeriesKind::Missed { .. }
                    | SeriesKind::Admitted { .. }
                    | SeriesKind::Again,
                ..
            }) => exchanges.get(1),
            How::Series(SeriesRecipe { kind: SeriesKind::Variation(_) | SeriesKind::Retry, .. }) => {
                exchanges.first()
            }
            How::Series(SeriesRecipe { kind, .. }) if kind.filtered().is_some() => {
                exchanges.get(kind.filtered()?)
            }
            How::Series(SeriesRecipe { kind: SeriesKind::Sequence(sequence), .. }) => {
                exchanges.get(sequence.steps.len().checked_sub(1).map_or(0, Sequence::acted))
            }
            _ => exchanges.last(),
        }
    }

    /// The requests of a sequence or of a workflow, none of which shows anything by itself.
    pub(crate) fn script(&self, exchanges: &[Exchange]) -> Vec<Request> {
        match self {
            How::Workflow(_) | How::Series(SeriesRecipe { kind: SeriesKind::Sequence(_), .. }) => {
                exchanges.iter().map(|it| it.request.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The same with another request.
    pub(crate) fn with(&self, recipe: Recipe) -> How {
        match self {
            How::One(_) => How::One(recipe),
            How::Series(series) => How::Series(SeriesRecipe { first: recipe, ..series.clone() }),
            How::Norm(norm) => {
                let sample = Sample { recipe, exchange: norm.sample.exchange.clone() };
                How::Norm(NormRecipe { sample, sign: norm.sign.clone() })
            }
            How::Workflow(workflow) => How::Workflow(WorkflowRecipe { recipe, ..workflow.clone() }),
        }
    }
}

/// A deviation, first seen in this exchange and counted since.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Its identity.
    pub(crate) fingerprint: Fingerprint,
    /// The operation.
    pub(crate) operation_id: String,
    /// What was observed first, with the worst severity seen.
    pub(crate) observation: Observation,
    /// Everything that was observed, where it differs; a few at most.
    pub(crate) observed: Vec<String>,
    /// How it came about.
    pub(crate) how: How,
    /// The exchange; of several the one that shows it best.
    pub(crate) exchange: Exchange,
    /// How many requests were sent to show it.
    pub(crate) steps: usize,
    /// All of them, where they are a sequence.
    pub(crate) script: Vec<Request>,
    /// How many exchanges show it.
    pub(crate) count: u64,
}

/// The counts of one operation.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Requests that were sent, whatever came of them.
    pub(crate) requests: u64,
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Answers that were judged.
    pub(crate) judged: u64,
    /// Those of them that were sent as the contract allows.
    pub(crate) judged_valid: u64,
    /// What was made of their bodies.
    pub(crate) bodies: Option<Bodies>,
    /// Successes of requests with our own credential.
    pub(crate) succeeded: u64,
    /// 401 and 403 to our own credential.
    pub(crate) refused: u64,
    /// Failures that say nothing about the contract.
    pub(crate) outages: BTreeMap<OutageKind, (String, u64)>,
    /// Requests that the contract allows, other than variations.
    pub(crate) valid: u64,
    /// Requests with a known-good body in which one property was changed.
    pub(crate) variations: u64,
    /// Requests that broke one constraint on purpose.
    pub(crate) near_misses: u64,
    /// Generated cases that the contract does not allow.
    pub(crate) dropped: u64,
    /// Why no resource could be had, when none could.
    pub(crate) without_resource: Option<String>,
    /// The operation's own schemas cannot be compiled.
    pub(crate) unplanned: Option<String>,
    /// The kind of target does not allow the operation.
    pub(crate) skipped: Option<String>,
}

impl Tally {
    /// Returns how many requests ended without an answer that could be judged.
    pub(crate) fn lost(&self) -> u64 {
        self.outages.values().map(|(_, count)| count).sum()
    }

    /// Counts a request that was sent.
    pub(crate) fn sent(&mut self, recipe: &Recipe) {
        self.requests += 1;
        match &recipe.intent {
            Intent::NearMiss(_) => self.near_misses += 1,
            Intent::Valid | Intent::SetUp if recipe.case.origin == Origin::Variation => self.variations += 1,
            Intent::Valid | Intent::SetUp => self.valid += 1,
            // What a workflow prescribes, neither what strangers ask nor a method that nobody documents is about the operation's own requests.
            Intent::Scripted
            | Intent::WithoutCredential
            | Intent::WrongCredential
            | Intent::EmptyCredential
            | Intent::OtherCase
            | Intent::OtherScheme
            | Intent::OtherPlace
            | Intent::OtherMethod(_) => {}
        }
    }

    /// Counts an outage.
    pub(crate) fn outage(&mut self, outage: Outage) {
        self.outages.entry(outage.kind).or_insert((outage.reason, 0)).1 += 1;
    }
}

/// What a run has seen so far.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Counts by operation.
    pub(crate) tallies: BTreeMap<String, Tally>,
    /// Deviations in the order of first sight.
    pub(crate) sightings: Vec<Sighting>,
    /// Deviations that another one explains: they count where that one turns out to be none.
    pub(crate) hidden: Vec<Sighting>,
    places: HashMap<Fingerprint, usize>,
    accepted: BTreeMap<String, Vec<Case>>,
    refused: BTreeMap<String, Vec<Case>>,
    missed: BTreeMap<String, Vec<Recipe>>,
    /// What was made of mixtures, and accepted.
    pub(crate) mixtures: BTreeMap<String, Vec<Case>>,
    /// How many operations in how many states the lifecycle speaks of.
    pub(crate) transitions: usize,
    /// How many of them were tried.
    pub(crate) transitions_seen: usize,
    /// How far operations were probed.
    pub(crate) probed: BTreeMap<String, Probed>,
    /// What came of workflows.
    pub(crate) workflows: Vec<WorkflowReport>,
    /// What workflows did not prove.
    pub(crate) unproven: Vec<String>,
    /// Why the run ended early.
    pub(crate) stop: Option<Stop>,
}

impl Book {
    /// Returns the counts of an operation.
    pub(crate) fn tally(&mut self, operation_id: &str) -> &mut Tally {
        self.tallies.entry(operation_id.to_owned()).or_default()
    }

    /// Returns how many answers of the whole run were judged, and how many refused our credential.
    pub(crate) fn judged_and_refused(&self) -> (u64, u64) {
        let tallies = self.tallies.values();
        tallies.fold((0, 0), |(judged, refused), it| (judged + it.judged, refused + it.refused))
    }

    /// Keeps a case that the endpoint accepted.
    pub(crate) fn accept(&mut self, operation_id: &str, case: &Case) {
        keep(self.accepted.entry(operation_id.to_owned()).or_default(), case);
    }

    /// Keeps a case that the contract allows and the endpoint refused as a bad request.
    pub(crate) fn refuse(&mut self, operation_id: &str, case: &Case) {
        keep(self.refused.entry(operation_id.to_owned()).or_default(), case);
    }

    /// Keeps a request of something that exists to which the endpoint said that it does not.
    pub(crate) fn miss(&mut self, recipe: &Recipe) {
        let missed = self.missed.entry(recipe.operation_id.clone()).or_default();
        if missed.len() < MISSED {
            missed.push(recipe.clone());
        }
    }

    /// Returns the first requests of something that exists, to which the endpoint said that it does not.
    pub(crate) fn missed(&self, operation_id: &str) -> &[Recipe] {
        self.missed.get(operation_id).map_or(&[], Vec::as_slice)
    }

    /// Returns the first cases that the endpoint accepted.
    pub(crate) fn accepted(&self, operation_id: &str) -> &[Case] {
        let all = self.all_accepted(operation_id);
        all.get(..ACCEPTED).unwrap_or(all)
    }

    /// Returns the cases that the endpoint accepted, as many as were kept.
    pub(crate) fn all_accepted(&self, operation_id: &str) -> &[Case] {
        self.accepted.get(operation_id).map_or(&[], Vec::as_slice)
    }

    /// Returns the operations that show each deviation: the one that is judged, and the one that is asked first.
    pub(crate) fn involved(&self) -> BTreeMap<Fingerprint, [String; 2]> {
        let sightings = self.sightings.iter();
        sightings
            .map(|it| {
                let asked = it.how.recipe().operation_id.clone();
                (it.fingerprint.clone(), [it.operation_id.clone(), asked])
            })
            .collect()
    }

    /// Returns the cases that the endpoint refused as bad requests, as many as were kept.
    pub(crate) fn refused(&self, operation_id: &str) -> &[Case] {
        self.refused.get(operation_id).map_or(&[], Vec::as_slice)
    }

    /// Whether a check has found something in an operation.
    pub(crate) fn has_sighted(&self, operation_id: &str, check: &str) -> bool {
        self.sightings.iter().any(|it| it.operation_id == operation_id && it.observation.check == check)
    }

    /// How many deviations were seen beyond doubt: in one exchange, or in several more than once.
    pub(crate) fn proved(&self) -> usize {
        let is_proved = |it: &&Sighting| {
            let is_of_one = match &it.how {
                How::One(_) | How::Workflow(_) => true,
                // The request before it was accepted.
                How::Series(recipe) => matches!(recipe.kind, SeriesKind::Variation(_)),
                How::Norm(_) => false,
            };
            // What has to show often is known at the end.
            (is_of_one || it.count > 1) && is_enough(it.observation.check, 0, 0)
        };
        self.sightings.iter().filter(is_proved).count()
    }

    /// Notes a deviation; returns whether it is new.
    pub(crate) fn sight(
        &mut self,
        fingerprint: Fingerprint,
        observation: &Observation,
        how: &How,
        exchanges: &[Exchange],
    ) -> bool {
        if let Some(sighting) = self.places.get(&fingerprint).and_then(|at| self.sightings.get_mut(*at)) {
            sighting.count += 1;
            sighting.observation.severity = sighting.observation.severity.max(observation.severity);
            if sighting.observed.len() < 4 && !sighting.observed.contains(&observation.observed) {
                sighting.observed.push(observation.observed.clone());
            }
            return false;
        }
        if let Some(hidden) = self.hidden.iter_mut().find(|it| it.fingerprint == fingerprint) {
            hidden.count += 1;
            return false;
        }
        let Some(exchange) = how.shown(exchanges) else { return false };
        let is_told = self
            .sightings
            .iter()
            .any(|known| tells(&known.operation_id, &known.observation, how.subject(), observation));
        if is_told && self.hidden.len() >= HIDDEN {
            return false;
        }
        let sighting = Sighting {
            operation_id: how.subject().to_owned(),
            observation: observation.clone(),
            observed: vec![observation.observed.clone()],
            how: how.clone(),
            exchange: exchange.clone(),
            steps: exchanges.len(),
            script: how.script(exchanges),
            count: 1,
            fingerprint,
        };
        if is_told {
            self.hidden.push(sighting);
            return false;
        }
        self.places.insert(sighting.fingerprint.clone(), self.sightings.len());
        self.sightings.push(sighting);
        true
    }
}

/// Whether what is known of an operation explains what is observed of one.
pub(crate) fn tells(known_of: &str, known: &Observation, of: &str, observation: &Observation) -> bool {
    known_of == of && is_told_by(observation, known)
        || is_told_for_all(observation, known)
        || is_told_before(observation, known, known_of == of)
}

fn keep(cases: &mut Vec<Case>, case: &Case) {
    if cases.len() < KEPT && !cases.iter().any(|it| it.variant == case.variant && it.value == case.value) {
        cases.push(case.clone());
    }
}
