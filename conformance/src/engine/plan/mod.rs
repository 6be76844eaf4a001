//! What can be asked of one operation: its compiled strategies, and the cases in the order of sending.
//!
//! A case is the generated part of a request (see [`crate::request::assemble`]). Cases come known-good bodies first,
//! then the enumeration of [`Coverage`] and, taking turns with it, the known-good bodies with one property changed, then
//! random ones; each is checked with the contract's own validators before it is offered, and those that do not pass are
//! counted and dropped.

mod allowed;
mod case;
mod cases;
mod node;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use driftline_specs::{Contract, Direction, MediaType, Operation, ParameterLocation};
use proptest::strategy::SBoxedStrategy;
use serde_json::Value;

use self::allowed::allowed;
pub(super) use self::allowed::{is_header_text, is_path_text, text};
pub(crate) use self::case::{Case, Origin};
use self::cases::Cases;
pub(super) use self::node::generated;
use self::node::node;
use super::fixture::Fixture;
use crate::request::{PathValues, Request, assemble};
use crate::strategy::{Allowed, Coverage, Generator, Node, Stream, draw};

/// After so many random draws in a row that are not allowed or not new, an operation has no more cases.
const FRUITLESS: u32 = 24;

/// Identifiers that nothing has, of the forms that identifiers have: of digits, a UUID (version 4, of no one), a long one, and
/// one with other characters.
const STRAYS: [&str; 4] = [
    "904217730561",
    "9d3f1c60-5b7e-4a2c-8f10-6e2b7c4d9a31",
    "driftline-asks-for-what-does-not-exist-and-for-what-nobody-would-have-called-like-this-0",
    "no~such-thing_7",
];

/// One way of writing a request: with this media type, or without a body.
struct Variant {
    media_type: Option<usize>,
    strategy: Option<SBoxedStrategy<Value>>,
    coverage: Option<Coverage>,
    allowed: Allowed,
    fixtures: Vec<Fixture>,
}

/// What can be asked of one operation.
pub(crate) struct Plan {
    /// The operation.
    pub(crate) operation: Operation,
    /// The path parameters whose values other operations give.
    pub(crate) linked: BTreeSet<String>,
    contract: Contract,
    variants: Vec<Variant>,
    strays: BTreeMap<String, SBoxedStrategy<Value>>,
    stream: Stream,
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Plan").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

impl Plan {
    /// Compiles the strategies of an operation.
    ///
    /// # Errors
    ///
    /// When a schema of the operation cannot be compiled.
    pub(crate) fn new(
        generator: &mut Generator,
        operation: &Operation,
        linked: BTreeSet<String>,
        fixtures: &[Value],
        seed: u64,
    ) -> Result<Plan, driftline_specs::Error> {
        let contract = generator.reader().contract().clone();
        let stream = Stream::new(seed, &[contract.title(), &operation.id]);
        let media_types = operation.request_body.as_ref().map_or(0, |body| body.content.len());
        let choices: Vec<Option<usize>> =
            if media_types == 0 { vec![None] } else { (0..media_types).map(Some).collect() };
        let mut variants = Vec::new();
        for (index, media_type) in choices.into_iter().enumerate() {
            let allowed = allowed(&contract, operation, media_type, &linked)?;
            let node = node(operation, media_type, &linked);
            let mut runner = stream.nth(index as u64).runner();
            let coverage = Coverage::of(generator, &node, &mut runner);
            let strategy = generator.strategy("", &node, 0);
            let content = media_type.and_then(|index| operation.request_body.as_ref()?.content.get(index));
            let content = content.filter(|it| it.is_json());
            let schema = content.and_then(|it| it.schema.as_ref()).map(|it| Node::at(&it.pointer));
            let mut known_good = Vec::new();
            for body in fixtures.iter().filter(|_| content.is_some()) {
                let tagged = content.and_then(|it| it.schema.as_ref()).and_then(|schema| {
                    let validator = contract.validator(&schema.pointer, Direction::Request).ok()?;
                    let tagged = generator.tag(&Node::at(&schema.pointer), body)?;
                    validator.is_valid(&tagged).then_some(tagged)
                });
                let body = tagged.unwrap_or_else(|| body.clone());
                let stream = Stream::new(0, &[contract.title(), &operation.id]);
                known_good.push(Fixture::new(generator, schema.as_ref(), body, &stream));
            }
            let fixtures = known_good;
            variants.push(Variant { media_type, strategy, coverage, allowed, fixtures });
        }
        let mut strays = BTreeMap::new();
        for parameter in operation.parameters.iter().filter(|it| linked.contains(&it.name)) {
            let node = parameter.schema.as_ref().map(|schema| Node::at(&schema.pointer));
            if let Some(strategy) = node.and_then(|node| generator.strategy(&parameter.name, &node, 0)) {
                strays.insert(parameter.name.clone(), strategy);
            }
        }
        Ok(Plan { operation: operation.clone(), linked, contract, variants, strays, stream })
    }

    /// Returns the cases in the order of sending; at most `enumerated` of them come from the enumeration.
    pub(crate) fn cases(&self, enumerated: usize) -> Cases<'_> {
        Cases::new(self, enumerated)
    }

    /// Returns the greatest value that the contract allows for a parameter, where it says one.
    pub(crate) fn greatest(&self, parameter: &str) -> Option<u64> {
        let parameter = self.operation.parameters.iter().find(|it| it.name == parameter)?;
        let (_, schema) = self.contract.resolve(&parameter.schema.as_ref()?.pointer)?;
        schema.get("maximum")?.as_u64()
    }

    /// Returns the value that an optional query parameter has where it is left out, as the contract says.
    pub(crate) fn default(&self, parameter: &str) -> Option<&Value> {
        let mut parameters = self.operation.parameters.iter();
        let parameter = parameters
            .find(|it| it.name == parameter && it.location == ParameterLocation::Query && !it.required)?;
        let (_, schema) = self.contract.resolve(&parameter.schema.as_ref()?.pointer)?;
        schema.get("default").filter(|default| !default.is_null())
    }

    /// Returns the texts that the contract lists for a query parameter.
    pub(crate) fn listed(&self, parameter: &str) -> Vec<String> {
        let mut parameters = self.operation.parameters.iter();
        let parameter = parameters.find(|it| it.name == parameter && it.location == ParameterLocation::Query);
        let schema = parameter.and_then(|it| self.contract.resolve(&it.schema.as_ref()?.pointer));
        let listed = schema.and_then(|(_, schema)| schema.get("enum")?.as_array());
        listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Whether a parameter is an integer.
    pub(crate) fn takes_integer(&self, parameter: &str) -> bool {
        let parameter = self.operation.parameters.iter().find(|it| it.name == parameter);
        let schema = parameter.and_then(|it| self.contract.resolve(&it.schema.as_ref()?.pointer));
        schema.is_some_and(|(_, schema)| schema.get("type").and_then(Value::as_str) == Some("integer"))
    }

    /// Returns path values that name nothing the endpoint knows.
    ///
    /// Identifiers of several forms are among the first: an endpoint may look at the form before it looks for the thing.
    pub(crate) fn stray(&self, index: u64) -> PathValues {
        let mut runner = self.stream.nth(u64::MAX - index).runner();
        let mut values = PathValues::new();
        for (name, strategy) in &self.strays {
            let form = usize::try_from(index).ok().and_then(|index| STRAYS.get(index.checked_sub(1)?));
            if let Some(form) = form.filter(|form| self.takes(name, form)) {
                values.insert(name.clone(), (*form).to_owned());
                continue;
            }
            let texts = (0..FRUITLESS).filter_map(|_| draw(strategy, &mut runner)).map(|it| text(&it));
            if let Some(text) = texts.into_iter().find(|text| is_path_text(text)) {
                values.insert(name.clone(), text);
            }
        }
        values
    }

    /// Whether the contract allows a text in the path.
    fn takes(&self, parameter: &str, text: &str) -> bool {
        let parameter = self.operation.parameters.iter().find(|it| it.name == parameter);
        let schema = parameter.and_then(|it| it.schema.as_ref());
        let validator = schema.and_then(|it| self.contract.validator(&it.pointer, Direction::Request).ok());
        validator.is_some_and(|it| it.is_valid(&Value::from(text)))
    }

    /// Returns path values together with made-up ones for what they leave out.
    pub(crate) fn completed(&self, mut values: PathValues) -> PathValues {
        if self.linked.iter().any(|name| !values.contains_key(name)) {
            for (name, value) in self.stray(0) {
                values.entry(name).or_insert(value);
            }
        }
        values
    }

    /// Returns the contract.
    pub(super) fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Returns the operation's stream of randomness.
    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Returns the media type of a case's body.
    pub(super) fn media_type(&self, case: &Case) -> Option<&MediaType> {
        let index = self.variants.get(case.variant)?.media_type?;
        self.operation.request_body.as_ref()?.content.get(index)
    }

    /// Returns the request of a case.
    pub(crate) fn request(&self, case: &Case, path: &PathValues) -> Request {
        let media_type = self.variants.get(case.variant).and_then(|it| it.media_type);
        assemble(&self.contract, &self.operation, media_type, &case.value, path)
    }

    /// Returns the judgement of the contract on the values of a case like this one.
    pub(crate) fn allowed(&self, case: &Case) -> Option<Allowed> {
        self.variants.get(case.variant).map(|it| Arc::clone(&it.allowed))
    }

    /// Returns the case with nothing but what is required.
    pub(crate) fn least(&self) -> Option<Case> {
        let (variant, coverage) =
            self.variants.iter().enumerate().find_map(|(at, it)| Some((at, it.coverage.as_ref()?)))?;
        Some(Case { origin: Origin::Coverage, variant, value: coverage.value(1)? })
    }

    /// Returns the case of the first known-good body, where there is one.
    pub(crate) fn known_good(&self) -> Option<Case> {
        self.fixture(0)
    }

    /// Returns the ways of writing the request that have a body, each with the index of its media type.
    pub(super) fn written(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.variants.iter().enumerate().filter_map(|(at, it)| Some((at, it.media_type?)))
    }

    /// Returns the values with nothing but what is required, in one way of writing the request.
    pub(super) fn least_of(&self, variant: usize) -> Option<Value> {
        let variant = self.variants.get(variant)?;
        variant.coverage.as_ref()?.value(1).filter(|value| (variant.allowed)(value))
    }

    /// Returns the known-good bodies, each followed by what it is changed to, with what each is known by from run to run;
    /// those that the contract allows.
    pub(crate) fn known_good_cases(&self) -> impl Iterator<Item = (&str, Case)> {
        let bodies = self.fixtures().filter_map(move |(variant, fixture)| {
            let whole = self.around(variant, fixture.body.clone(), Origin::Fixture)?;
            let changed = fixture.changes.iter().filter_map(move |(label, change)| {
                let case = self.around(variant, change.of(&fixture.body), Origin::Variation)?;
                Some((label.as_str(), case))
            });
            Some(std::iter::once((fixture.label.as_str(), whole)).chain(changed))
        });
        let is_allowed =
            |case: &Case| self.variants.get(case.variant).is_some_and(|it| (it.allowed)(&case.value));
        bodies.flatten().filter(move |(_, case)| is_allowed(case))
    }

    fn fixture(&self, index: usize) -> Option<Case> {
        let (variant, fixture) = self.fixtures().nth(index)?;
        self.around(variant, fixture.body.clone(), Origin::Fixture)
    }

    /// Returns the n-th known-good body with one property changed, the bodies taking turns; `Some(None)` where the turn
    /// is that of a body whose changes are all used.
    fn varied(&self, index: usize) -> Option<Option<Case>> {
        let count = self.fixtures().count().max(1);
        let (turn, fixture) = (index / count, index % count);
        let longest = self.fixtures().map(|(_, it)| it.changes.len()).max()?;
        if turn >= longest {
            return None;
        }
        let (variant, fixture) = self.fixtures().nth(fixture)?;
        let change = fixture.changes.get(turn);
        Some(change.and_then(|(_, change)| self.around(variant, change.of(&fixture.body), Origin::Variation)))
    }

    fn fixtures(&self) -> impl Iterator<Item = (usize, &Fixture)> {
        self.variants.iter().enumerate().flat_map(|(at, it)| it.fixtures.iter().map(move |one| (at, one)))
    }

    /// Returns the case of a known-good body, with the least parameters around it.
    fn around(&self, variant: usize, body: Value, origin: Origin) -> Option<Case> {
        let mut value = self.variants.get(variant)?.coverage.as_ref()?.value(1)?;
        value.as_object_mut()?.insert("body".to_owned(), body);
        Some(Case { origin, variant, value })
    }

    /// Returns the n-th enumerated case, the variants taking turns.
    fn covered(&self, index: usize) -> Option<Option<Case>> {
        let longest = self.variants.iter().filter_map(|it| it.coverage.as_ref()).map(Coverage::len).max()?;
        let count = self.variants.len().max(1);
        let (turn, variant) = (index / count, index % count);
        if turn >= longest {
            return None;
        }
        let coverage = self.variants.get(variant).and_then(|it| it.coverage.as_ref());
        let value = coverage.and_then(|it| it.value(turn));
        Some(value.map(|value| Case { origin: Origin::Coverage, variant, value }))
    }

    fn drawn(&self, index: u64) -> Option<Case> {
        let count = self.variants.len().max(1) as u64;
        let variant = usize::try_from(index % count).ok()?;
        let strategy = self.variants.get(variant)?.strategy.as_ref()?;
        // The first streams belong to the enumerations.
        let mut runner = self.stream.nth(count + index).runner();
        let value = draw(strategy, &mut runner)?;
        Some(Case { origin: Origin::Random, variant, value })
    }
}
