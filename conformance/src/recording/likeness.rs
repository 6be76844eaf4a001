//! What bodies look like, place by place and without their values, and where two of them differ in that.
//!
//! Items of an array stand for one another: `/items/*/id` is one place, however many items there are. So two lists are
//! alike whose items are, and identifiers, times and cursors, which are others each time, need no list of names: only the
//! form of a value counts. A value counts where the contract lists what it may be, since that is a state or a kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::checks::{Declared, Property};
use crate::norms::Form;
use crate::pointer::escape;
use crate::strategy::Node;

/// How many places are looked at.
const PLACES: usize = 2000;

/// How deep places lie.
const DEPTH: usize = 24;

/// So many values of a place are many.
const MANY: usize = 5;

/// What a body looks like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Likeness {
    places: BTreeMap<String, Place>,
}

/// What is at one place.
#[derive(Debug, Clone, Default)]
struct Place {
    /// How many objects there are that could have it.
    of: usize,
    /// How many of them have it.
    there: usize,
    /// How many of those are null.
    nulls: usize,
    /// How many of those are arrays without items.
    empty: usize,
    /// What the others look like.
    forms: BTreeSet<Form>,
    /// Those of the values that the contract lists.
    listed: BTreeSet<String>,
}

/// Where two bodies differ in what they look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The place, as a JSON Pointer with `*` for any item.
    pub(crate) location: String,
    /// The rule that is broken, in a word.
    pub(crate) rule: &'static str,
    /// Whether so many values speak that it does not matter whose they are.
    pub(crate) is_of_many: bool,
    /// What was recorded.
    pub(crate) recorded: String,
    /// What is there now.
    pub(crate) now: String,
}

impl Likeness {
    /// Returns what a body looks like; `declared` is what its schema says, and `read` reads what that leads to.
    pub(crate) fn of(
        body: &Value,
        declared: Option<&Declared>,
        read: &dyn Fn(&[Node]) -> Declared,
    ) -> Likeness {
        let mut likeness = Likeness::default();
        likeness.places.insert(String::new(), Place { of: 1, ..Place::default() });
        likeness.add(body, declared, read, "", 0);
        likeness
    }

    fn add(
        &mut self,
        value: &Value,
        declared: Option<&Declared>,
        read: &dyn Fn(&[Node]) -> Declared,
        at: &str,
        depth: usize,
    ) {
        let Some(place) = self.places.get_mut(at) else { return };
        place.there += 1;
        match Form::of(value) {
            None => place.nulls += 1,
            Some(form) => {
                place.forms.insert(form);
            }
        }
        if let Some(text) = value.as_str()
            && declared.is_some_and(|declared| declared.lists(text))
        {
            place.listed.insert(text.to_owned());
        }
        if depth >= DEPTH {
            return;
        }
        match value {
            Value::Array(items) => {
                place.empty += usize::from(items.is_empty());
                let below = declared.map(|declared| declared.items(read));
                let at = format!("{at}/*");
                for item in items {
                    if !self.open(&at) {
                        return;
                    }
                    self.add(item, below.as_deref(), read, &at, depth + 1);
                }
            }
            Value::Object(members) => {
                let mut names: BTreeSet<&str> = members.keys().map(String::as_str).collect();
                // What other objects of this place have could be here as well.
                let prefix = format!("{at}/");
                let known: Vec<String> = self
                    .places
                    .range(prefix.clone()..)
                    .take_while(|(place, _)| place.starts_with(&prefix))
                    .filter_map(|(place, _)| place.get(prefix.len()..))
                    .filter(|rest| !rest.contains('/'))
                    .map(str::to_owned)
                    .collect();
                for name in &known {
                    if !members.keys().any(|member| escape(member) == *name)
                        && let Some(place) = self.places.get_mut(&format!("{prefix}{name}"))
                    {
                        place.of += 1;
                    }
                }
                let before = self.places.get(at).map_or(0, |place| place.there - 1);
                for name in std::mem::take(&mut names) {
                    let Some(member) = members.get(name) else { continue };
                    let property = declared.map(|declared| declared.property(name, read));
                    let (segment, below) = match &property {
                        // The names of a map are values.
                        Some(Property::Value(below)) => ("*".to_owned(), Some(below)),
                        Some(Property::Known(below)) => (escape(name), Some(below)),
                        _ => (escape(name), None),
                    };
                    let place = format!("{prefix}{segment}");
                    let is_new = !self.places.contains_key(&place);
                    if !self.open(&place) {
                        return;
                    }
                    // Those objects that were there before it and do not have it.
                    if is_new
                        && segment != "*"
                        && let Some(place) = self.places.get_mut(&place)
                    {
                        place.of += before;
                    }
                    self.add(member, below.map(|it| &**it), read, &place, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Counts one more value that could be at a place; returns whether there is room for the place.
    fn open(&mut self, at: &str) -> bool {
        if !self.places.contains_key(at) && self.places.len() >= PLACES {
            return false;
        }
        self.places.entry(at.to_owned()).or_default().of += 1;
        true
    }

    /// Returns where another body, which came now, differs from this one, which was recorded. What lies below a place
    /// that differs is not looked at.
    pub(crate) fn differences(&self, now: &Likeness) -> Vec<Difference> {
        let mut found: Vec<Difference> = Vec::new();
        let places: BTreeSet<&String> = self.places.keys().chain(now.places.keys()).collect();
        for at in places {
            let is_below = |it: &Difference| {
                at.strip_prefix(it.location.as_str()).is_some_and(|rest| rest.starts_with('/'))
            };
            if found.iter().any(is_below) {
                continue;
            }
            let other = Place::default();
            let recorded_place = self.places.get(at).unwrap_or(&other);
            let seen = now.places.get(at).unwrap_or(&other);
            // What is nowhere could be wherever its object is.
            let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
            let could = now.places.get(parent).map_or(0, |it| it.there);
            if let Some((rule, recorded, now)) = self.difference(now, at, recorded_place, seen) {
                let is_of_many = recorded_place.there >= MANY && could >= MANY;
                found.push(Difference { location: at.clone(), rule, is_of_many, recorded, now });
            }
        }
        found
    }

    fn difference(
        &self,
        now: &Likeness,
        at: &str,
        recorded: &Place,
        seen: &Place,
    ) -> Option<(&'static str, String, String)> {
        let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        // Only an object that is there can lack something.
        let holds_now = now.places.get(parent).is_some_and(|it| it.forms.contains(&Form::Object));
        let held = self.places.get(parent).is_some_and(|it| it.forms.contains(&Form::Object));
        let is_item = at.ends_with("/*");
        if recorded.there > 0 && seen.there == 0 {
            let always = recorded.there == recorded.of;
            return (always && holds_now && !is_item)
                .then(|| ("absent", recorded.words(), "absent".to_owned()));
        }
        if seen.there > 0 && recorded.there == 0 {
            let appears = held && !is_item;
            return appears.then(|| ("appears", "absent".to_owned(), seen.words()));
        }
        if recorded.there == 0 {
            return None;
        }
        if recorded.nulls == recorded.there || seen.nulls == seen.there {
            return match (recorded.nulls == recorded.there, seen.nulls == seen.there) {
                (false, true) if recorded.nulls == 0 => Some(("null", recorded.words(), "null".to_owned())),
                (true, false) if seen.nulls == 0 => Some(("not null", "null".to_owned(), seen.words())),
                _ => None,
            };
        }
        if let Some(form) =
            seen.forms.iter().find(|form| !recorded.forms.iter().any(|it| is_like(*it, **form)))
        {
            let rule =
                if recorded.forms.iter().all(|it| is_text(*it)) && is_text(*form) { "form" } else { "type" };
            return Some((rule, recorded.words(), form.words().to_owned()));
        }
        if recorded.forms.contains(&Form::Array) && recorded.empty == 0 && seen.empty == seen.there {
            return Some(("empty", "an array with items".to_owned(), "an array without items".to_owned()));
        }
        // What one thing is, not what the items of a list are.
        if !at.contains('*')
            && !recorded.listed.is_empty()
            && recorded.listed != seen.listed
            && !seen.listed.is_empty()
        {
            let words = |listed: &BTreeSet<String>| {
                listed.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
            };
            return Some(("value", words(&recorded.listed), words(&seen.listed)));
        }
        None
    }
}

impl Place {
    fn words(&self) -> String {
        let forms: Vec<&str> = self.forms.iter().map(|it| it.words()).collect();
        if forms.is_empty() { "null".to_owned() } else { forms.join(" or ") }
    }
}

/// Whether a value of one form may take the place of one of another: plain texts may look like anything by chance.
fn is_like(recorded: Form, now: Form) -> bool {
    let is_plain = |form| matches!(form, Form::Decimal | Form::Digits | Form::Empty | Form::Text);
    recorded.is_near(now) || is_plain(recorded) && is_text(now)
}

fn is_text(form: Form) -> bool {
    matches!(
        form,
        Form::Date
            | Form::DateTime
            | Form::Decimal
            | Form::Digits
            | Form::Email
            | Form::Empty
            | Form::Text
            | Form::Uri
            | Form::Uuid
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(recorded: &Value, now: &Value) -> Vec<(String, &'static str)> {
        let like = |body| Likeness::of(body, None, &|_| Declared::default());
        let found = like(recorded).differences(&like(now));
        found.into_iter().map(|it| (it.location, it.rule)).collect()
    }

    #[test]
    fn other_values_of_the_same_form_are_alike() {
        for (recorded, now) in [
            (
                json!({ "id": "a1", "n": 1, "at": "2026-01-01" }),
                json!({ "id": "77", "n": 2.5, "at": "2027-01-01" }),
            ),
            (json!({ "items": [{ "id": 1 }] }), json!({ "items": [{ "id": 2 }, { "id": 3 }] })),
            // One of the recorded items lacks it, and so may all.
            (json!([{ "id": 1, "note": "x" }, { "id": 2 }]), json!([{ "id": 3 }])),
            (json!([{ "id": 2 }, { "id": 1, "note": "x" }]), json!([{ "id": 3 }])),
            (json!([{ "a": null }, { "a": 1 }]), json!([{ "a": null }])),
            (json!([{ "a": 1 }]), json!([{ "a": 1 }, { "a": null }])),
            (json!({ "items": [] }), json!({ "items": [1] })),
            (json!("x"), json!("2026-01-01")),
            (json!(null), json!(null)),
        ] {
            assert_eq!(differences(&recorded, &now), [], "{recorded} {now}");
        }
    }

    #[test]
    fn a_property_that_is_gone_from_many_is_told_from_one_that_is_gone_from_few() {
        for (count, is_of_many) in [(MANY, true), (MANY - 1, false)] {
            let like =
                |item: Value| Likeness::of(&Value::Array(vec![item; count]), None, &|_| Declared::default());
            let found = like(json!({ "a": 1, "b": 1 })).differences(&like(json!({ "a": 1 })));
            let found: Vec<_> = found.iter().map(|it| (it.location.as_str(), it.is_of_many)).collect();
            assert_eq!(found, [("/*/b", is_of_many)]);
        }
    }

    #[test]
    fn what_looks_otherwise_is_found_at_its_place() {
        for (recorded, now, location, rule) in [
            (json!({ "a": 1 }), json!({}), "/a", "absent"),
            (json!({}), json!({ "a": 1 }), "/a", "appears"),
            (json!({ "a": 1 }), json!({ "a": null }), "/a", "null"),
            (json!({ "a": null }), json!({ "a": 1 }), "/a", "not null"),
            (json!({ "a": 1 }), json!({ "a": "1" }), "/a", "type"),
            (json!({ "a": "2026-01-01" }), json!({ "a": "soon" }), "/a", "form"),
            (json!({ "a": [1] }), json!({ "a": [] }), "/a", "empty"),
            (json!([{ "a": { "b": 1 } }]), json!([{ "a": {} }, { "a": {} }]), "/*/a/b", "absent"),
            (json!([{ "a": 1 }]), json!([{ "a": null }, { "a": null }]), "/*/a", "null"),
            (json!({ "a/b": { "c": 1 } }), json!({ "a/b": 7 }), "/a~1b", "type"),
            (json!({}), json!([]), "", "type"),
        ] {
            assert_eq!(differences(&recorded, &now), [(location.to_owned(), rule)], "{recorded} {now}");
        }
    }
}
