//! What can be asked of one operation: its compiled strategies, and the cases in the order of sending.
//!
//! A case is the generated part of a request (see [`crate::request::assemble`]). Cases come known-good bodies first,
//! then the enumeration of [`Coverage`] and, taking turns with it, the known-good bodies with one property changed, then
//! random ones; each is checked with the contract's own validators before it is offered, and those that do not pass are
//! counted and dropped.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use driftline_specs::{Contract, Direction, MediaType, Operation, Parameter, ParameterLocation, Validator};
use proptest::strategy::SBoxedStrategy;
use serde_json::{Value, json};

use super::fixture::Fixture;
use crate::request::{PathValues, Request, assemble};
use crate::strategy::{Allowed, Coverage, Generator, Node, Shape, Stream, draw};

/// After so many random draws in a row that are not allowed or not new, an operation has no more cases.
const FRUITLESS: u32 = 24;

/// Where a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// A known-good body.
    Fixture,
    /// A known-good body with one property changed.
    Variation,
    /// The enumeration of what the contract allows.
    Coverage,
    /// A random draw.
    Random,
}

/// The generated part of one request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Which way of writing the request, by media type.
    pub(crate) variant: usize,
    /// The parameters by location and name, and the body.
    pub(crate) value: Value,
}

impl Case {
    /// How full it is.
    pub(crate) fn size(&self) -> usize {
        fullness(&self.value)
    }
}

/// How many properties a value has, with those of what it holds; a text counts for as many as it has colons.
fn fullness(value: &Value) -> usize {
    let colons = |text: &str| text.bytes().filter(|byte| *byte == b':').count();
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => colons(text),
        Value::Array(items) => items.iter().map(fullness).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| 1 + colons(name) + fullness(member)).sum()
        }
    }
}

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
        Cases {
            plan: self,
            enumerated,
            fixture: 0,
            variation: 0,
            coverage: 0,
            varied: 0,
            taken: 0,
            random: 0,
            seen: HashSet::new(),
            dropped: 0,
        }
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
    pub(crate) fn stray(&self, index: u64) -> PathValues {
        let mut runner = self.stream.nth(u64::MAX - index).runner();
        let mut values = PathValues::new();
        for (name, strategy) in &self.strays {
            let texts = (0..FRUITLESS).filter_map(|_| draw(strategy, &mut runner)).map(|it| text(&it));
            if let Some(text) = texts.into_iter().find(|text| is_path_text(text)) {
                values.insert(name.clone(), text);
            }
        }
        values
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

/// The cases of a plan, one after another.
pub(crate) struct Cases<'p> {
    plan: &'p Plan,
    enumerated: usize,
    fixture: usize,
    variation: usize,
    coverage: usize,
    varied: usize,
    taken: usize,
    random: u64,
    seen: HashSet<u64>,
    /// How many generated cases the contract does not allow.
    pub(crate) dropped: u64,
}

impl Iterator for Cases<'_> {
    type Item = Case;

    fn next(&mut self) -> Option<Case> {
        while let Some(case) = self.plan.fixture(self.fixture) {
            self.fixture += 1;
            if self.is_new(&case) {
                return Some(case);
            }
        }
        // A known-good body that is changed is at least as likely to be accepted as one that is made up: each has its turn.
        if self.varied * 2 <= self.taken
            && let Some(case) = self.varied()
        {
            return Some(case);
        }
        while self.taken < self.enumerated {
            let Some(case) = self.plan.covered(self.coverage) else { break };
            self.coverage += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                self.taken += 1;
                return Some(case);
            }
        }
        if let Some(case) = self.varied() {
            return Some(case);
        }
        for _ in 0..FRUITLESS {
            let case = self.plan.drawn(self.random);
            self.random += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                return Some(case);
            }
        }
        None
    }
}

impl Cases<'_> {
    /// Returns the next variation; there are half as many of them as of the enumeration.
    fn varied(&mut self) -> Option<Case> {
        while self.varied < self.enumerated.div_ceil(2) {
            let case = self.plan.varied(self.variation)?;
            self.variation += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                self.varied += 1;
                return Some(case);
            }
        }
        None
    }

    /// Whether a case is allowed and was not offered before.
    fn is_new(&mut self, case: &Case) -> bool {
        let allowed = self.plan.variants.get(case.variant).is_some_and(|it| (it.allowed)(&case.value));
        if !allowed {
            self.dropped += 1;
            return false;
        }
        let mut hasher = DefaultHasher::new();
        (case.variant, &case.value).hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }
}

/// Returns the parameters that are generated here.
pub(super) fn generated<'o>(
    operation: &'o Operation,
    linked: &'o BTreeSet<String>,
) -> impl Iterator<Item = &'o Parameter> {
    let cursor = operation.pagination.as_ref().and_then(|it| it.cursor.as_deref());
    operation.parameters.iter().filter(move |parameter| match parameter.location {
        ParameterLocation::Path => !linked.contains(&parameter.name),
        // A cursor means something only when the endpoint gave it.
        ParameterLocation::Query => Some(parameter.name.as_str()) != cursor,
        // OpenAPI 3.0, Parameter Object: these are described elsewhere and ignored here.
        ParameterLocation::Header => {
            !["accept", "content-type", "authorization"].contains(&parameter.name.to_lowercase().as_str())
        }
        ParameterLocation::Cookie => true,
    })
}

/// Returns the node of all cases of an operation with one media type.
fn node(operation: &Operation, media_type: Option<usize>, linked: &BTreeSet<String>) -> Node {
    let mut groups: BTreeMap<&str, Vec<(String, Node, bool)>> = BTreeMap::new();
    for parameter in generated(operation, linked) {
        let schema = match &parameter.schema {
            Some(schema) => Node::at(&schema.pointer),
            None => Node::Fixed(json!("text")),
        };
        let group = groups.entry(parameter.location.as_str()).or_default();
        group.push((parameter.name.clone(), schema, parameter.required));
    }
    let mut properties: Vec<(String, Node, bool)> = groups
        .into_iter()
        .map(|(name, group)| (name.to_owned(), Node::Shape(Arc::new(Shape::object(group))), true))
        .collect();
    let body = operation.request_body.as_ref();
    if let Some((body, media_type)) = body.and_then(|body| Some((body, body.content.get(media_type?)?))) {
        let schema = match &media_type.schema {
            Some(schema) => Node::at(&schema.pointer),
            None => Node::Fixed(json!({})),
        };
        properties.push(("body".to_owned(), schema, body.required));
    }
    Node::Shape(Arc::new(Shape::object(properties)))
}

/// Returns the contract's judgement on cases of an operation with one media type.
fn allowed(
    contract: &Contract,
    operation: &Operation,
    media_type: Option<usize>,
    linked: &BTreeSet<String>,
) -> Result<Allowed, driftline_specs::Error> {
    struct Rule {
        location: ParameterLocation,
        name: String,
        required: bool,
        validator: Option<Arc<Validator>>,
    }
    let validator =
        |pointer: Option<&str>| pointer.map(|it| contract.validator(it, Direction::Request)).transpose();
    let mut rules = Vec::new();
    for parameter in generated(operation, linked) {
        rules.push(Rule {
            location: parameter.location,
            name: parameter.name.clone(),
            required: parameter.required,
            validator: validator(parameter.schema.as_ref().map(|it| it.pointer.as_str()))?,
        });
    }
    let body = operation.request_body.as_ref();
    let content = body.and_then(|body| body.content.get(media_type?));
    let body_required = content.is_some() && body.is_some_and(|body| body.required);
    let body = validator(content.and_then(|it| it.schema.as_ref()).map(|it| it.pointer.as_str()))?;
    let is_form = content.is_some_and(is_form);
    Ok(Arc::new(move |case: &Value| {
        let parameters = rules.iter().all(|rule| {
            let value = case.get(rule.location.as_str()).and_then(|group| group.get(&rule.name));
            let Some(value) = value else { return !rule.required };
            rule.validator.as_ref().is_none_or(|it| it.is_valid(value))
                && match rule.location {
                    ParameterLocation::Path => is_path_text(&text(value)),
                    ParameterLocation::Header => is_header_text(&text(value)),
                    // An empty list or object cannot be told from an absent parameter.
                    _ => !rule.required || !matches!(text(value).as_str(), "" | "[]" | "{}"),
                }
        });
        let body = match case.get("body") {
            None => !body_required,
            Some(value) => body.as_ref().is_none_or(|it| {
                it.is_valid(value) && (!is_form || arriving(value).is_none_or(|value| it.is_valid(&value)))
            }),
        };
        parameters && body
    }))
}

/// Whether a body is written as pairs of names and values.
fn is_form(media_type: &MediaType) -> bool {
    let essence = media_type.name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data" | "multipart/mixed"
    )
}

/// Returns what arrives of a form, where that is not all of it: a list without items has no pair to be written as.
fn arriving(form: &Value) -> Option<Value> {
    let is_written = |value: &Value| value.as_array().is_none_or(|items| !items.is_empty());
    let members = form.as_object().filter(|members| !members.values().all(is_written))?;
    let written = members.iter().filter(|(_, value)| is_written(value));
    Some(Value::Object(written.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a path segment reaches the endpoint as it is, and not as another path.
pub(super) fn is_path_text(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains(['/', '\\', '%', '?', '#', ';']) && text.trim() == text
}

pub(super) fn is_header_text(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii_graphic() || it == ' ') && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_without_items_do_not_arrive_in_a_form() {
        let form = json!({ "name": "n", "events": [], "tags": ["x"], "filter": {} });
        assert_eq!(arriving(&form), Some(json!({ "name": "n", "tags": ["x"], "filter": {} })));
        assert_eq!(arriving(&json!({ "name": "n", "tags": ["x"] })), None, "all of it arrives");
        assert_eq!(arriving(&json!([])), None, "which is no form");
    }

    #[test]
    fn a_form_with_a_required_list_is_allowed_where_the_list_can_be_written() {
        let schema = json!({ "type": "object", "required": ["events"],
            "properties": { "events": { "type": "array", "items": { "type": "string" } },
                "tags": { "type": "array", "items": { "type": "string" } } } });
        let operation = |path: &str, media_type: &str| {
            json!({ "post": { "operationId": path, "responses": { "200": { "description": "ok" } },
                "requestBody": { "required": true, "content": { media_type: { "schema": schema.clone() } } } } })
        };
        let contract = json!({ "openapi": "3.0.0", "info": { "title": "Hooks", "version": "1" }, "paths": {
            "/form": operation("form", "application/x-www-form-urlencoded"),
            "/parts": operation("parts", "multipart/form-data"),
            "/json": operation("json", "application/json") } });
        let contract = Contract::from_text("hooks.json", &contract.to_string()).unwrap();
        for (id, expected) in [("form", false), ("parts", false), ("json", true)] {
            let allowed =
                allowed(&contract, contract.operation(id).unwrap(), Some(0), &BTreeSet::new()).unwrap();
            assert_eq!(allowed(&json!({ "body": { "events": [] } })), expected, "{id}");
            assert!(allowed(&json!({ "body": { "events": ["made"], "tags": [] } })), "{id}");
        }
    }
}
