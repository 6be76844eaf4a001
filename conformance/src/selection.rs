//! What a query parameter of a list selects by: the place in its items that a filter is about, found by names.
//!
//! A parameter that is called like a property selects by it; one that is called like an item of an array property
//! (`pending_action` for `pending_actions`) by what the array has; one that is called like a time with a preposition
//! (`updated_since` for `updated_at`) by what was later or earlier.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::strategy::words::words;

/// Ends of names of parameters that select what is later than a moment.
const LATER: [&str; 5] = ["_since", "_after", "_from", "_gte", "_gt"];

/// Ends of names of parameters that select what is earlier than a moment.
const EARLIER: [&str; 5] = ["_before", "_until", "_to", "_lte", "_lt"];

/// What properties that say when are called, behind the beginning of the parameter's name.
const TIMES: [&str; 4] = ["_at", "", "_on", "_date"];

/// So much of an identifier has to be left for its beginning to be asked for.
const PART: usize = 3;

/// A query parameter of a list, and what it selects by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selection {
    /// The parameter's name.
    pub parameter: String,
    /// The place in an item, as a JSON Pointer in which `*` stands for every item of an array.
    pub place: String,
    /// How the value there relates to that of the parameter.
    pub relation: Relation,
}

/// How what is selected relates to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is that value, or one of several is.
    Is,
    /// It is a later moment. Whether the moment itself counts differs from API to API.
    Later,
    /// It is an earlier moment.
    Earlier,
}

impl Selection {
    /// Finds what a parameter selects by among the items of a list; nothing where no name tells.
    pub(crate) fn of(parameter: &str, items: &[Value]) -> Option<Selection> {
        let has = |place: &str| items.iter().any(|item| !at(item, place).is_empty());
        let found = |place: String, relation| Selection { parameter: parameter.to_owned(), place, relation };
        let same = format!("/{}", crate::pointer::escape(parameter));
        if has(&same) {
            return Some(found(same, Relation::Is));
        }
        let inner = parameter.rsplit('_').next().unwrap_or(parameter);
        for many in [format!("{parameter}s"), format!("{parameter}es")] {
            let many = crate::pointer::escape(&many);
            let places = [format!("/{many}/*"), format!("/{many}/*/{}", crate::pointer::escape(inner))];
            if let Some(place) = places.into_iter().find(|place| has(place)) {
                return Some(found(place, Relation::Is));
            }
        }
        for (ends, relation) in [(LATER, Relation::Later), (EARLIER, Relation::Earlier)] {
            let Some(stem) = ends.iter().find_map(|end| parameter.strip_suffix(end)) else { continue };
            let places = TIMES.iter().map(|end| format!("/{}{end}", crate::pointer::escape(stem)));
            let is_time = |place: &String| {
                items.iter().any(|item| at(item, place).iter().any(|value| moment(value).is_some()))
            };
            if let Some(place) = places.into_iter().find(is_time) {
                return Some(found(place, relation));
            }
        }
        None
    }

    /// The values that are worth asking for, each once, in the order of the items.
    ///
    /// Of moments it is the one in the middle: there are items on both sides of it.
    pub(crate) fn values<'v>(&self, items: &'v [Value]) -> Vec<&'v Value> {
        let mut values: Vec<&Value> = Vec::new();
        for value in items.iter().flat_map(|item| at(item, &self.place)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if self.relation == Relation::Is {
            return values;
        }
        values.retain(|value| moment(value).is_some());
        values.sort_by_key(|value| moment(value));
        values.get(values.len() / 2).copied().into_iter().collect()
    }

    /// The same value in a form that an endpoint may take for another one: a moment with another offset, which is no other
    /// moment, and the beginning of an identifier, which is no identifier.
    pub(crate) fn otherwise(&self, value: &Value) -> Option<Value> {
        let text = value.as_str()?;
        if self.relation == Relation::Is {
            let (end, _) = text.char_indices().next_back().filter(|(end, _)| *end >= PART)?;
            return is_identifier(&self.parameter).then(|| text.get(..end).map(Value::from))?;
        }
        // Who does not see the offset takes it for a moment at which there is nothing more, or was nothing yet.
        let hours = if self.relation == Relation::Later { 11 } else { -11 };
        let moment = moment(value).filter(|it| !it.is_day)?;
        let there = moment.at.to_zoned(jiff::tz::Offset::from_hours(hours).ok()?.to_time_zone());
        Some(Value::from(there.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()))
    }

    /// Whether an item says anything at the place; a flag does not, which may be asked for to have more.
    pub(crate) fn speaks(&self, item: &Value) -> bool {
        let values = at(item, &self.place);
        !values.is_empty() && !values.into_iter().any(Value::is_boolean)
    }

    /// Whether an item has to be on a list that was asked for this value.
    pub(crate) fn demands(&self, item: &Value, wanted: &str) -> bool {
        let values = at(item, &self.place);
        match self.relation {
            Relation::Is => values.iter().any(|value| is(value, wanted)),
            Relation::Later => compared(&values, wanted).is_some_and(std::cmp::Ordering::is_gt),
            Relation::Earlier => compared(&values, wanted).is_some_and(std::cmp::Ordering::is_lt),
        }
    }

    /// Whether an item may be on a list that was asked for this value. A filter may search in texts, and ignore their case; what
    /// is asked for by its identifier is that one.
    pub(crate) fn allows(&self, item: &Value, wanted: &str) -> bool {
        let values = at(item, &self.place);
        match self.relation {
            Relation::Is => {
                let searches = !is_identifier(&self.parameter);
                values.iter().any(|value| {
                    is(value, wanted) || is_alike(value, wanted) || searches && has(value, wanted)
                })
            }
            // What says no moment may be there for another reason.
            Relation::Later => compared(&values, wanted).is_none_or(std::cmp::Ordering::is_ge),
            Relation::Earlier => compared(&values, wanted).is_none_or(std::cmp::Ordering::is_le),
        }
    }
}

/// What an answer says of one resource: an object in which there is nothing but another one is its envelope.
pub(crate) fn resource(body: &Value) -> &Value {
    let members = body.as_object().filter(|members| members.len() == 1);
    members.and_then(|members| members.values().next()).filter(|it| it.is_object()).unwrap_or(body)
}

/// The scalars at a place of an item.
fn at<'v>(item: &'v Value, place: &str) -> Vec<&'v Value> {
    let mut found = vec![item];
    for token in place.split('/').skip(1) {
        found = match token {
            "*" => found.into_iter().filter_map(Value::as_array).flatten().collect(),
            name => {
                let name = name.replace("~1", "/").replace("~0", "~");
                found.into_iter().filter_map(|value| value.get(&name)).collect()
            }
        };
    }
    found.retain(|value| value.is_string() || value.is_number() || value.is_boolean());
    found
}

/// Whether a value is what a query asks for; numbers are compared by value (`42.0` is `42`).
fn is(value: &Value, wanted: &str) -> bool {
    let is_written = match value {
        Value::String(text) => text == wanted,
        Value::Bool(flag) => wanted.parse() == Ok(*flag),
        // A number that no float holds is known by its digits.
        Value::Number(number) => wanted == number.to_string().as_str(),
        _ => false,
    };
    let by_value = || Some(value.as_f64()? == wanted.parse::<f64>().ok()?);
    is_written || by_value() == Some(true)
}

/// Whether a parameter of this name asks for what something is known by.
fn is_identifier(parameter: &str) -> bool {
    words(parameter)
        .last()
        .is_some_and(|last| matches!(last.as_str(), "id" | "uuid" | "number" | "key" | "reference"))
}

/// Whether a text is what is asked for, in whatever case.
fn is_alike(value: &Value, wanted: &str) -> bool {
    value.as_str().is_some_and(|text| text.to_lowercase() == wanted.to_lowercase())
}

/// Whether a text has in it what is asked for, in whatever case.
fn has(value: &Value, wanted: &str) -> bool {
    let text = value.as_str().map(str::to_lowercase);
    !wanted.is_empty() && text.is_some_and(|text| text.contains(&wanted.to_lowercase()))
}

/// Compares the one moment at a place with the one that was asked for.
fn compared(values: &[&Value], wanted: &str) -> Option<std::cmp::Ordering> {
    let [value] = values else { return None };
    let wanted = moment(&Value::from(wanted))?;
    let value = moment(value)?;
    // A day and a moment of it cannot be compared.
    (value.is_day == wanted.is_day).then(|| value.at.cmp(&wanted.at))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: Timestamp,
    is_day: bool,
}

/// Reads a date, or a date with a time and an offset (RFC 3339).
fn moment(value: &Value) -> Option<Moment> {
    let text = value.as_str()?;
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Moment { at, is_day: false });
    }
    let date = (text.len() == "2026-01-31".len()).then(|| text.parse::<Date>().ok()).flatten()?;
    let at = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Moment { at, is_day: true })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Relation, Selection, resource};

    fn items() -> Vec<Value> {
        vec![
            json!({ "state": "open", "tags": ["a"], "pending_actions": [], "updated_at": "2026-01-01T00:00:00Z" }),
            json!({
                "state": "done", "tags": ["a", "b"], "due": "2026-05-01",
                "pending_actions": [{ "action": "sign", "by": "x" }, { "action": "pay" }],
                "updated_at": "2026-03-01T00:00:00Z",
            }),
            json!({ "state": 42, "due": "2026-07-01", "updated_at": "2026-02-01T01:00:00+01:00" }),
        ]
    }

    fn of(parameter: &str) -> Selection {
        Selection::of(parameter, &items()).unwrap_or_else(|| panic!("{parameter}"))
    }

    #[test]
    fn names_tell_what_a_parameter_selects_by() {
        for (parameter, place, relation) in [
            ("state", "/state", Relation::Is),
            ("tag", "/tags/*", Relation::Is),
            ("pending_action", "/pending_actions/*/action", Relation::Is),
            ("updated_since", "/updated_at", Relation::Later),
            ("updated_before", "/updated_at", Relation::Earlier),
            ("due_from", "/due", Relation::Later),
        ] {
            let found = of(parameter);
            assert_eq!((found.place.as_str(), found.relation), (place, relation), "{parameter}");
        }
        for other in ["status", "limit", "state_since", "since", "pending_by", "updated"] {
            assert_eq!(Selection::of(other, &items()), None, "{other}");
        }
    }

    #[test]
    fn what_is_demanded_is_allowed_and_not_the_other_way_round() {
        let items = items();
        let which = |parameter: &str, wanted: &str| {
            let selection = of(parameter);
            let of = |judge: &dyn Fn(&Value) -> bool| {
                items.iter().map(|item| if judge(item) { '1' } else { '0' }).collect::<String>()
            };
            (of(&|item| selection.demands(item, wanted)), of(&|item| selection.allows(item, wanted)))
        };
        let same = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(which("state", "open"), same("100"));
        assert_eq!(which("state", "OPE"), ("000".to_owned(), "100".to_owned()), "it may search");
        assert_eq!(which("state", "42.0"), same("001"));
        assert_eq!(which("tag", "b"), same("010"));
        assert_eq!(which("pending_action", "pay"), same("010"));
        assert_eq!(which("updated_since", "2026-02-01T00:00:00Z"), ("010".to_owned(), "011".to_owned()));
        assert_eq!(which("updated_before", "2026-02-01T00:00:00Z"), ("100".to_owned(), "101".to_owned()));
        assert_eq!(which("due_from", "2026-06-01"), ("001".to_owned(), "101".to_owned()));
    }

    #[test]
    fn a_moment_elsewhere_is_the_same_and_the_beginning_of_an_identifier_is_none() {
        let otherwise = |parameter: &str, place: &str, relation, value: Value| {
            let selection = Selection { parameter: parameter.to_owned(), place: place.to_owned(), relation };
            selection.otherwise(&value)
        };
        let moment = || json!("2026-02-01T00:00:00.5Z");
        let later = otherwise("updated_since", "/updated_at", Relation::Later, moment());
        assert_eq!(later, Some(json!("2026-02-01T11:00:00.5+11:00")));
        let earlier = otherwise("updated_before", "/updated_at", Relation::Earlier, moment());
        assert_eq!(earlier, Some(json!("2026-01-31T13:00:00.5-11:00")));
        let selection = of("updated_since");
        assert!(
            selection.demands(&json!({ "updated_at": "2026-02-01T00:00:01Z" }), "2026-02-01T11:00:00+11:00")
        );
        assert_eq!(
            otherwise("due_from", "/due", Relation::Later, json!("2026-05-01")),
            None,
            "a day has none"
        );
        assert_eq!(otherwise("external_id", "/external_id", Relation::Is, json!("ab-7")), Some(json!("ab-")));
        assert_eq!(otherwise("external_id", "/external_id", Relation::Is, json!("ab")), None);
        assert_eq!(otherwise("external_id", "/external_id", Relation::Is, json!("")), None);
        assert_eq!(otherwise("state", "/state", Relation::Is, json!("open")), None);
        let by_id = Selection {
            parameter: "external_id".to_owned(),
            place: "/external_id".to_owned(),
            relation: Relation::Is,
        };
        let item = json!({ "external_id": "AB-7" });
        assert!(by_id.allows(&item, "ab-7") && !by_id.allows(&item, "AB-"));
    }

    #[test]
    fn a_resource_may_be_in_an_envelope() {
        let own = json!({ "id": 1, "owner": { "id": 2 } });
        assert_eq!(resource(&own), &own);
        assert_eq!(resource(&json!({ "data": own })), &own);
        for other in [json!([1]), json!({}), json!({ "id": 1 }), json!({ "data": [1] }), json!(null)] {
            assert_eq!(resource(&other), &other);
        }
    }

    #[test]
    fn of_moments_the_middle_one_is_worth_asking_for() {
        let items = items();
        assert_eq!(of("updated_since").values(&items), ["2026-02-01T01:00:00+01:00"]);
        assert_eq!(of("pending_action").values(&items), ["sign", "pay"]);
        assert_eq!(of("state").values(&items), [&json!("open"), &json!("done"), &json!(42)]);
    }
}
