//! What an operation takes and refuses: constraints that are not enforced any more, and constraints that nobody stated.

use driftline_specs::{Contract, Direction, Operation, ParameterLocation, StatusSpec, Violation, pointer};
use serde_json::Value;

use super::enumerate::Finding;
use super::shape::{Shape, walk};
use super::{Mutant, Mutation};
use crate::call::{Call, ParameterViolation, Payload};

/// What the places in a body begin with.
const BODY: &str = "/body";

/// What the places of parameters begin with.
const QUERY: &str = "/query/";

/// Every constraint that can be loosened or tightened, of an operation that documents how it refuses.
pub(super) fn constraints(contract: &Contract, operation: &Operation) -> Vec<Finding> {
    let refuses = |response: &driftline_specs::Response| {
        matches!(response.status, StatusSpec::Code(400 | 422) | StatusSpec::Range(4))
    };
    if !operation.responses.iter().any(refuses) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for parameter in operation.parameters.iter().filter(|it| it.location == ParameterLocation::Query) {
        let Some(schema) = &parameter.schema else { continue };
        let place = format!("{QUERY}{}", parameter.name);
        let shape = Shape::read(contract, std::slice::from_ref(&schema.pointer), Direction::Request);
        let mut add = |mutation| found.push((place.clone(), parameter.pointer.clone(), mutation));
        // As text everything is a text, so that nobody can send another type.
        let is_text = shape.asks("type").is_none_or(|it| it == "string");
        let breakable = |it: &Mutation| !is_text || *it != Mutation::Loosened { keyword: "type" };
        loosened(&shape).into_iter().filter(breakable).for_each(&mut add);
        narrower(&shape).into_iter().for_each(&mut add);
        add(presence(parameter.required));
    }
    let Some(body) = json_body(operation) else { return found };
    walk(contract, body, Direction::Request, |place, shape| {
        let at = format!("{BODY}{}", place.at);
        let mut add = |mutation| found.push((at.clone(), place.stated().to_owned(), mutation));
        loosened(shape).into_iter().for_each(&mut add);
        if shape.closed {
            add(Mutation::Loosened { keyword: "additionalProperties" });
        }
        narrower(shape).into_iter().for_each(&mut add);
        if let Some(required) = place.required {
            add(presence(required));
        }
    });
    found
}

/// The properties of a JSON body that are not required.
pub(super) fn optional(contract: &Contract, operation: &Operation) -> Vec<String> {
    let Some(body) = json_body(operation) else { return Vec::new() };
    let shape = Shape::read(contract, &[body.to_owned()], Direction::Request);
    let names = shape.properties.into_iter().map(|(name, _)| name);
    names.filter(|name| !shape.required.contains(name)).collect()
}

fn json_body(operation: &Operation) -> Option<&str> {
    let media_type = operation.request_body.as_ref()?.content.iter().find(|it| it.is_json())?;
    media_type.schema.as_ref().map(|schema| schema.pointer.as_str())
}

fn loosened(shape: &Shape) -> Vec<Mutation> {
    shape.constraints.iter().map(|(keyword, _)| Mutation::Loosened { keyword }).collect()
}

/// What is required need not be there any more; what is not required has to be.
fn presence(required: bool) -> Mutation {
    let keyword = "required";
    if required { Mutation::Loosened { keyword } } else { Mutation::Tightened { keyword, to: Value::Null } }
}

/// Constraints that leave some of what a shape allows.
fn narrower(shape: &Shape) -> Vec<Mutation> {
    let mut found = Vec::new();
    let mut add = |keyword, to: Value| found.push(Mutation::Tightened { keyword, to });
    let whole = |keyword: &str| shape.asks(keyword).and_then(Value::as_i64);
    if let Some(listed) = shape.asks("enum").and_then(Value::as_array) {
        let last = listed.iter().rev().find(|value| value.is_string());
        if let Some(last) = last.filter(|_| listed.len() > 1) {
            add("enum", last.clone());
        }
        return found;
    }
    let (shortest, longest) = (whole("minLength").unwrap_or_default(), whole("maxLength"));
    if let Some(longest) = longest.map(|it| (it / 2).max(shortest)).filter(|it| Some(*it) < longest) {
        add("maxLength", longest.into());
    }
    let (least, greatest) = (whole("minimum"), whole("maximum"));
    if let Some(least) = least.filter(|least| greatest.is_none_or(|most| *least < most)) {
        add("minimum", (least + 1).into());
    }
    if let Some(greatest) = greatest.filter(|most| least.is_none_or(|least| least < *most)) {
        add("maximum", (greatest - 1).into());
    }
    found
}

impl Mutant {
    /// Changes what the contract has against a request; returns whether that decides whether it is taken.
    pub(super) fn misjudge(&self, call: &mut Call<'_>) -> bool {
        let before = call.violations.len() + call.parameter_violations.len();
        match &self.mutation {
            Mutation::Loosened { keyword } => {
                self.loosen(keyword, call);
                before > 0 && call.violations.is_empty() && call.parameter_violations.is_empty()
            }
            Mutation::Tightened { keyword, to } if before == 0 => {
                self.tighten(keyword, to, call);
                !call.violations.is_empty() || !call.parameter_violations.is_empty()
            }
            _ => false,
        }
    }

    fn loosen(&self, keyword: &str, call: &mut Call<'_>) {
        if let Some(name) = self.place.strip_prefix(QUERY) {
            call.parameter_violations.retain(|it| it.name != name || it.keyword != keyword);
        }
        let Some(place) = self.place.strip_prefix(BODY) else { return };
        call.violations.retain(|it| {
            let inside = it.property.as_ref().filter(|_| keyword == "required");
            let at = inside.map_or_else(|| it.instance.clone(), |name| pointer::join(&it.instance, name));
            it.keyword != keyword || !fits(place, &at)
        });
    }

    fn tighten(&self, keyword: &'static str, to: &Value, call: &mut Call<'_>) {
        if let Some(name) = self.place.strip_prefix(QUERY) {
            let given = call.query_value(name).map(|text| match text.parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => Value::from(text),
            });
            if breaks(keyword, to, given.as_ref()) {
                let (name, keyword, expected) = (name.to_owned(), keyword.to_owned(), expected(keyword, to));
                call.parameter_violations.push(ParameterViolation { name, keyword, expected });
            }
        }
        let (Some(place), Payload::Json(body)) = (self.place.strip_prefix(BODY), &call.payload) else {
            return;
        };
        let tokens = pointer::tokens(place).unwrap_or_default();
        let mut broken = Vec::new();
        visit(body, &tokens, String::new(), &mut |at, value| {
            if breaks(keyword, to, value) {
                broken.push(at.to_owned());
            }
        });
        let demanded = tokens.last().filter(|_| keyword == "required");
        let own = broken.into_iter().map(|at| {
            let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
            let instance = if demanded.is_some() { parent } else { at.as_str() };
            Violation::new(
                instance,
                &self.contract,
                keyword,
                demanded.map(String::as_str),
                &expected(keyword, to),
            )
        });
        call.violations.extend(own);
    }
}

/// Whether a pointer is one of those that a place stands for.
fn fits(place: &str, at: &str) -> bool {
    let (mut place, mut at) = (place.split('/'), at.split('/'));
    loop {
        match (place.next(), at.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some("*"), Some(index)) if index.bytes().all(|it| it.is_ascii_digit()) => {}
            _ => return false,
        }
    }
}

/// Visits every value that a place stands for, and what is absent where its object is there.
fn visit(value: &Value, place: &[String], at: String, seen: &mut impl FnMut(&str, Option<&Value>)) {
    match (place, value) {
        ([], value) => seen(&at, Some(value)),
        ([step, rest @ ..], Value::Array(items)) if step == "*" => {
            for (index, item) in items.iter().enumerate() {
                visit(item, rest, format!("{at}/{index}"), seen);
            }
        }
        ([name, rest @ ..], Value::Object(members)) => match members.get(name) {
            Some(member) => visit(member, rest, pointer::join(&at, name), seen),
            None if rest.is_empty() => seen(&pointer::join(&at, name), None),
            None => {}
        },
        _ => {}
    }
}

fn breaks(keyword: &str, to: &Value, given: Option<&Value>) -> bool {
    let Some(given) = given else { return keyword == "required" };
    let bound = to.as_f64().unwrap_or_default();
    match keyword {
        "enum" => given == to,
        "maxLength" => given.as_str().is_some_and(|text| text.chars().count() as f64 > bound),
        "minimum" => given.as_f64().is_some_and(|number| number < bound),
        "maximum" => given.as_f64().is_some_and(|number| number > bound),
        _ => false,
    }
}

fn expected(keyword: &str, to: &Value) -> String {
    match keyword {
        "required" => "a value".to_owned(),
        "enum" => "another value".to_owned(),
        _ => format!("{keyword} {to}"),
    }
}
