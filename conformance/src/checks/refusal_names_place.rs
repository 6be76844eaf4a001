//! `refusal_names_place`: the refusal of a near miss names the place that is wrong, in the form that the contract says.
//!
//! Which property of an error names a place, and how, is told by its name together with its description, its `format`
//! (`json-pointer`, RFC 6901) or its type: a path joined by dots, a JSON Pointer, or an array of names. Only what lies
//! inside of another object of a body is judged, and no item of an array, since a number is written in many ways. What an
//! endpoint looks at first is its own affair, so that one answer says little: several have to say the same, and nearly
//! all of them where it is not the place that they name.

use std::collections::BTreeMap;

use driftline_specs::pointer;
use serde_json::Value;

use super::{Check, Evidence, Observation, Severity};
use crate::pointer::escape;

/// See the module.
pub(super) struct RefusalNamesPlace;

/// How properties that name a place are called.
const NAMES: [&str; 9] =
    ["pointer", "field_path", "fieldPath", "path", "loc", "location", "field", "property", "parameter"];

/// How many refusals have to say the same before it counts; more where they name something else altogether.
const FEWEST: u64 = 4;
const MORE: u64 = 8;

/// How many items of an array of errors are looked at.
const ITEMS: usize = 20;

/// The refusals of one operation with one status; those of a missing property by themselves.
pub(super) type Group = (String, u16, bool);

/// How often they named the place how.
pub(super) type Votes = BTreeMap<Named, u64>;

/// How a place is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Named {
    /// As the contract says.
    Rightly,
    /// As a JSON Pointer.
    Pointer,
    /// As a path joined by dots.
    Dotted,
    /// As an array of names.
    Listed,
    /// As the path is written in some other way.
    Otherwise,
    /// By its last name only.
    Last,
    /// By what it is in.
    Around,
    /// Something else is named.
    Elsewhere,
    /// Nothing is.
    Not,
}

impl Named {
    /// Whether it is the place, however it is written.
    fn is_the_place(self) -> bool {
        !matches!(self, Named::Around | Named::Elsewhere | Named::Not)
    }

    fn words(self) -> &'static str {
        match self {
            Named::Rightly => "the place",
            Named::Pointer => "the place as a JSON Pointer",
            Named::Dotted => "the place as a path joined by dots",
            Named::Listed => "the place as a list of names",
            Named::Otherwise => "the place, written in another way",
            Named::Last => "only the last name of the place",
            Named::Around => "the path of what the place is in",
            Named::Elsewhere => "another place",
            Named::Not => "absent",
        }
    }
}

impl Check for RefusalNamesPlace {
    fn id(&self) -> &'static str {
        "refusal_names_place"
    }

    fn summary(&self) -> &'static str {
        "the refusal of a near miss names the place that is wrong, in the form that the contract says"
    }

    fn reason(&self) -> &'static str {
        "a client that shows its user which field to mend shows the wrong one, or none"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(flaw) = evidence.exchange.intent.flaw() else { return };
        let Some(place) = place(&flaw.location).filter(|_| matches!(evidence.status(), 400 | 422)) else {
            return;
        };
        let Some(body) = &evidence.json else { return };
        let Some(naming) = naming(evidence, body) else { return };
        let named = naming.of(body, &place);
        let group = (evidence.operation.id.clone(), evidence.status(), flaw.keyword == "required");
        let votes = evidence.vote(group, named);
        let all: u64 = votes.values().sum();
        let own = votes.get(&named).copied().unwrap_or_default();
        let wanted = if named == Named::Elsewhere { MORE } else { FEWEST };
        if named == Named::Rightly || own < wanted || !named.is_the_place() && own * 10 < all * 9 {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: format!("{}/0/{}", naming.errors, escape(naming.name)),
            contract: naming.contract,
            rule: "names the place".to_owned(),
            expected: naming.form.words().to_owned(),
            observed: named.words().to_owned(),
            note: Some(format!("in {own} of {all} such refusals")),
        });
    }
}

/// The names that lead to a place inside of an object of a body; `None` for any other place.
fn place(location: &str) -> Option<Vec<String>> {
    let mut tokens = pointer::tokens(&format!("#{location}"))?;
    if tokens.first().is_none_or(|part| part != "body") {
        return None;
    }
    tokens.remove(0);
    let is_index = |token: &String| token == "*" || token.bytes().all(|byte| byte.is_ascii_digit());
    (tokens.len() >= 2 && !tokens.iter().any(is_index)).then_some(tokens)
}

/// How errors name places.
struct Naming {
    /// Where the errors are.
    errors: String,
    /// What the property of an error is called.
    name: &'static str,
    form: Named,
    /// The place in the contract that says so.
    contract: String,
}

impl Naming {
    /// How a refusal names a place, the best that it says.
    fn of(&self, body: &Value, place: &[String]) -> Named {
        let errors = body.pointer(&self.errors).and_then(Value::as_array).into_iter().flatten().take(ITEMS);
        let named = errors.filter_map(|error| error.get(self.name)).map(|value| {
            let form = form(value, place);
            if form == self.form { Named::Rightly } else { form }
        });
        named.min().unwrap_or(Named::Not)
    }
}

/// How the errors of an answer name places, as the contract says it.
fn naming(evidence: &Evidence<'_>, body: &Value) -> Option<Naming> {
    let members = body.as_object()?.iter();
    let arrays =
        members.filter(|(_, value)| value.as_array().is_some_and(|items| items.iter().all(Value::is_object)));
    arrays.map(|(name, _)| format!("/{}", escape(name))).find_map(|errors| {
        NAMES.into_iter().find_map(|name| {
            let contract = evidence.place(&format!("{errors}/0/{name}"));
            let (_, schema) =
                evidence.contract.resolve(&contract).filter(|_| contract != evidence.operation.pointer)?;
            let form = declared(name, schema)?;
            Some(Naming { errors: errors.clone(), name, form, contract })
        })
    })
}

/// In which form a schema says that a place is named.
fn declared(name: &str, schema: &Value) -> Option<Named> {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    if text("type") == "array" {
        return (schema.pointer("/items/type")?.as_str()? == "string").then_some(Named::Listed);
    }
    let description = text("description");
    let says = |words: &[&str]| words.iter().any(|it| description.contains(it));
    if name == "pointer" || text("format").contains("json-pointer") || says(&["json pointer", "json-pointer"])
    {
        return Some(Named::Pointer);
    }
    says(&["by dots", "by a dot", "with dots", "dotted", "dot-separated", "dot notation"])
        .then_some(Named::Dotted)
}

/// In which form a value names a place.
fn form(value: &Value, place: &[String]) -> Named {
    let last = place.last().map(String::as_str).unwrap_or_default();
    let around = place.get(..place.len().saturating_sub(1)).unwrap_or_default();
    if let Some(names) = value.as_array() {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        return match names.as_slice() {
            names if names == place => Named::Listed,
            names if names == around => Named::Around,
            [only] if *only == last => Named::Last,
            _ => Named::Elsewhere,
        };
    }
    let Some(text) = value.as_str() else { return Named::Not };
    let slashed =
        |names: &[String]| names.iter().map(|name| format!("/{}", escape(name))).collect::<String>();
    let plain = |text: &str| -> String {
        text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    match text {
        "" => Named::Not,
        _ if text == place.join(".") => Named::Dotted,
        _ if text.trim_start_matches('#') == slashed(place) => Named::Pointer,
        _ if text == last => Named::Last,
        _ if text == around.join(".") || text.trim_start_matches('#') == slashed(around) => Named::Around,
        _ if plain(text).ends_with(&plain(&place.concat())) => Named::Otherwise,
        _ => Named::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use driftline_specs::Contract;
    use serde_json::{Value, json};

    use super::{Named, form, place};
    use crate::checks::Judge;
    use crate::checks::testing::{exchange, json as answered};
    use crate::exchange::Intent;
    use crate::flaw::Flaw;

    /// What is told of so many refusals, one after another, of a contract whose errors have a property like this.
    fn told(name: &str, schema: &Value, bodies: &[Value]) -> Vec<String> {
        let errors = json!({ "type": "object", "properties": { "errors": { "type": "array", "items": {
            "type": "object", "properties": { name: schema } } } } });
        let contract = json!({ "openapi": "3.0.0", "info": { "title": "Things", "version": "1" },
            "paths": { "/things/{id}": { "get": { "operationId": "getThing",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "responses": { "422": { "description": "no", "content": { "application/json": {
                    "schema": errors } } } } } } } });
        let contract = Contract::from_text("things.json", &contract.to_string()).unwrap();
        let operation = contract.operation("getThing").unwrap().clone();
        let judge = Judge::new(contract, None);
        let flaw = Flaw {
            keyword: "maxLength".to_owned(),
            contract: "#/x".to_owned(),
            location: "/body/owner/home/zip".to_owned(),
            expected: "at most 5 characters".to_owned(),
        };
        let intent = Intent::NearMiss(Arc::new(flaw));
        let found = bodies.iter().flat_map(|body| {
            judge.judge(&operation, &exchange(422, &answered(&body.to_string()), intent.clone()))
        });
        let found = found.filter(|it| it.check == "refusal_names_place");
        found.map(|it| format!("{} {} instead of {}", it.location, it.observed, it.expected)).collect()
    }

    fn named(name: &str, value: &Value) -> Value {
        json!({ "errors": [{ name: "other" }, { name: value }] })
    }

    #[test]
    fn accepts_the_place_in_the_form_that_the_contract_says() {
        let dots = json!({ "type": "string", "description": "The path, joined by dots." });
        assert_eq!(told("field", &dots, &vec![named("field", &json!("owner.home.zip")); 9]), [""; 0]);
        let pointer = json!({ "type": "string", "format": "json-pointer" });
        assert_eq!(told("path", &pointer, &vec![named("path", &json!("/owner/home/zip")); 9]), [""; 0]);
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let names = json!(["owner", "home", "zip"]);
        assert_eq!(told("loc", &list, &vec![named("loc", &names); 9]), [""; 0]);
    }

    #[test]
    fn rejects_another_form_a_part_and_nothing() {
        let dots = json!({ "type": "string", "description": "The path, joined by dots." });
        for (value, observed) in [
            (json!("/owner/home/zip"), "the place as a JSON Pointer"),
            (json!("zip"), "only the last name of the place"),
            (json!("owner.home"), "the path of what the place is in"),
            (json!("owner[home][zip]"), "the place, written in another way"),
        ] {
            let told = told("field", &dots, &vec![named("field", &value); 4]);
            let expected = "the place as a path joined by dots";
            assert_eq!(told, [format!("/errors/0/field {observed} instead of {expected}")]);
        }
        let none = vec![json!({ "errors": [{ "message": "no" }] }); 4];
        assert_eq!(told("field", &dots, &none).len(), 1);
    }

    #[test]
    fn what_seldom_shows_and_what_the_contract_does_not_say_is_not_told() {
        let dots = json!({ "type": "string", "description": "The path, joined by dots." });
        let (right, wrong) = (named("field", &json!("owner.home.zip")), named("field", &json!("zip")));
        assert_eq!(told("field", &dots, &vec![wrong.clone(); 3]), [""; 0]);
        let around = named("field", &json!("owner.home"));
        let both: Vec<Value> = [right.clone(), around].into_iter().cycle().take(20).collect();
        assert_eq!(told("field", &dots, &both), [""; 0]);
        let both: Vec<Value> = [right, wrong.clone()].into_iter().cycle().take(8).collect();
        assert_eq!(told("field", &dots, &both).len(), 1, "it is the place");
        assert_eq!(told("field", &json!({ "type": "string" }), &vec![wrong; 9]), [""; 0]);
        let elsewhere = named("field", &json!("tax.id"));
        assert_eq!(told("field", &dots, &vec![elsewhere.clone(); 7]), [""; 0]);
        assert_eq!(told("field", &dots, &vec![elsewhere; 8]).len(), 1);
    }

    #[test]
    fn places_are_those_inside_of_objects_of_a_body() {
        assert_eq!(place("/body/a/b"), Some(vec!["a".to_owned(), "b".to_owned()]));
        for other in ["/body/a", "/body/a/0/b", "/query/a/b", "/body"] {
            assert_eq!(place(other), None, "{other}");
        }
        let place = ["a".to_owned(), "b/c".to_owned()];
        assert_eq!(form(&json!("#/a/b~1c"), &place), Named::Pointer);
        assert_eq!(form(&json!("/body/a/b-C"), &place), Named::Otherwise);
        assert_eq!(form(&json!(7), &place), Named::Not);
    }
}
