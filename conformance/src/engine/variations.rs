//! The variations of an operation's accepted requests: what else the contract allows, one thing at a time.
//!
//! What accepted requests make use of needs no trying. Of the rest, what requests had that were refused goes first.

use std::collections::{BTreeMap, HashMap, HashSet};

use driftline_specs::{ParameterLocation, pointer};
use serde_json::Value;

use super::plan::{Case, Origin, Plan, generated, is_header_text, is_path_text, text};
use super::refusals::differences;
use crate::pointer::generalise;
use crate::strategy::{FREEDOMS, Freedom, Node, Reader, UNDECLARED, open, put, taken};
use crate::variation::{Variation, beside};

/// Words that put a value under a condition, that say that something is needed, and that it is not for everybody.
const CONDITIONS: [&str; 9] = ["in", "only", "unless", "when", "if", "for", "except", "where", "not"];
const LIMITS: [&str; 4] = ["only", "unless", "except", "not"];
const NEEDS: [&str; 7] = ["required", "requires", "needed", "needs", "must", "mandatory", "necessary"];

/// What is tried with one value of many: that another one of them is accepted there says that it is this one that matters.
const HAS_NEIGHBOURS: [&str; 13] = [
    "maxLength",
    "minLength",
    "maximum",
    "minimum",
    "pattern",
    Freedom::LETTERS,
    Freedom::ZERO,
    Freedom::FRACTION,
    Freedom::LENGTH,
    Freedom::LEAP_DAY,
    Freedom::LONG_AGO,
    Freedom::LOWER_CASE,
    Freedom::MANY,
];

/// What is mixed.
const MIXED: [&str; 6] = ["enum", "boolean", "nullable", Freedom::ZERO, Freedom::FRACTION, Freedom::LONG_AGO];

/// How many accepted requests are varied.
const BASES: usize = 6;

/// What a freedom is known by: its place, its keyword, and which of the listed values it is.
type Key = (String, &'static str, String);

/// What is asked about the freedoms of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Which ones it makes use of.
    Made,
    /// Which others it could.
    Possible,
}

impl Plan {
    /// Returns at most so many variations of accepted cases, each with the case that it varies, the most telling first.
    pub(crate) fn variations(
        &self,
        accepted: &[Case],
        refused: &[Case],
        most: usize,
    ) -> Vec<(Case, Variation)> {
        let mut reader = Reader::new(self.contract().clone());
        let mut known: HashSet<Key> = HashSet::new();
        for case in accepted {
            known.extend(self.freedoms(&mut reader, case, Use::Made).iter().map(key));
        }
        let mut suspects: HashMap<Key, usize> = HashMap::new();
        for case in refused {
            let own: HashSet<Key> = self.freedoms(&mut reader, case, Use::Made).iter().map(key).collect();
            own.into_iter().for_each(|key| *suspects.entry(key).or_default() += 1);
        }
        let bases = bases(accepted);
        // By freedom, the first base that it can be tried on.
        let mut proposals: BTreeMap<Key, (&Case, Freedom)> = BTreeMap::new();
        for base in bases.iter().copied() {
            for freedom in self.freedoms(&mut reader, base, Use::Possible) {
                let key = key(&freedom);
                if !known.contains(&key) && !self.is_qualified(&freedom) {
                    proposals.entry(key).or_insert((base, freedom));
                }
            }
        }
        let mut ranked: Vec<_> = proposals
            .into_iter()
            .map(|(key, (base, freedom))| {
                let suspicion = suspects.get(&key).copied().unwrap_or_default();
                let keyword = FREEDOMS.iter().position(|it| *it == freedom.keyword);
                let place = self.stream().rank(&format!("{}{}", key.0, key.2));
                (std::cmp::Reverse(suspicion), keyword, place, base, freedom)
            })
            .collect();
        ranked.sort_by_key(|(suspicion, keyword, place, ..)| (*suspicion, *keyword, *place));
        let mut chosen = self.media_types(accepted);
        chosen.extend(self.written_otherwise(&bases));
        chosen.extend(self.additions(&bases, accepted, refused));
        for (.., base, freedom) in ranked {
            if chosen.len() >= most {
                break;
            }
            chosen.extend(self.variation(&bases, base, freedom).map(|variation| (base.clone(), variation)));
        }
        chosen.truncate(most);
        chosen
    }

    /// Returns requests that make use of much that the contract allows at once, each of something else at the same places: what
    /// depends on what a thing holds shows only where it holds it. Each comes with the halves that it is put together from.
    pub(crate) fn mixtures(&self, base: &Case, count: usize) -> Vec<[Case; 3]> {
        let mut reader = Reader::new(self.contract().clone());
        let Some(allowed) = self.allowed(base) else { return Vec::new() };
        let mut places: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for freedom in self.freedoms(&mut reader, base, Use::Possible) {
            if MIXED.contains(&freedom.keyword) && !self.is_qualified(&freedom) {
                places.entry(freedom.location).or_default().extend(freedom.value);
            }
        }
        // One thing alone that is not allowed beside the rest spoils the whole.
        places.retain(|location, values| {
            values.retain(|value| with(&base.value, location, value).is_some_and(|it| allowed(&it)));
            !values.is_empty()
        });
        let put_together = |round: usize, half: Option<usize>, fits: &dyn Fn(&Value) -> bool| {
            let mut value = base.value.clone();
            for (index, (location, values)) in places.iter().enumerate() {
                // The places do not turn in step, so that each value meets many of the others.
                let pick = (round + index * index) % (values.len() + 1);
                let is_in = half.is_none_or(|half| index % 2 == half);
                let next = values.get(pick).filter(|_| is_in).and_then(|it| with(&value, location, it));
                value = next.filter(|it| fits(it)).unwrap_or(value);
            }
            value
        };
        let mixed = |round: usize, half: Option<usize>| {
            // What goes alone goes together, most often.
            let whole = put_together(round, half, &|_| true);
            let value = if allowed(&whole) { whole } else { put_together(round, half, &|it| allowed(it)) };
            Case { value, ..base.clone() }
        };
        (0..count).map(|round| [mixed(round, None), mixed(round, Some(0)), mixed(round, Some(1))]).collect()
    }

    /// Whether the contract says in prose that what its schema allows is not always so: a value that is taken under some
    /// condition, a property that is needed although nothing requires it.
    fn is_qualified(&self, freedom: &Freedom) -> bool {
        let schema = || {
            let (place, schema) = self.contract().resolve(&freedom.contract)?;
            if schema.is_object() {
                return Some(schema);
            }
            // A keyword stands in the schema that it belongs to.
            self.contract().resolve(place.rsplit_once('/')?.0).map(|(_, schema)| schema)
        };
        let description = schema().and_then(|it| it.get("description")?.as_str()).unwrap_or_default();
        is_qualified(description, freedom.keyword, freedom.value.as_ref())
    }

    /// Returns the variation of a case, where the contract allows it.
    fn variation(&self, bases: &[&Case], base: &Case, freedom: Freedom) -> Option<Variation> {
        let arrives = match freedom.location.split('/').nth(1) {
            Some("path") => freedom.value.as_ref().is_some_and(|value| is_path_text(&text(value))),
            Some("header") => freedom.value.as_ref().is_none_or(|value| is_header_text(&text(value))),
            _ => true,
        };
        let mut variation = Variation {
            expected: expected(&freedom),
            keyword: freedom.keyword.to_owned(),
            contract: freedom.contract,
            location: freedom.location,
            value: freedom.value,
            variant: base.variant,
            elsewhere: None,
            control: None,
        };
        let allowed = self.allowed(base)?;
        let is_allowed = |case: &Case| variation.of(&case.value).is_some_and(|varied| allowed(&varied));
        if !arrives || !is_allowed(base) {
            return None;
        }
        // The one that has least in common with the base.
        let others = bases.iter().rev().filter(|it| it.variant == base.variant && it.value != base.value);
        let elsewhere = others.clone().find(|it| is_allowed(it)).map(|it| it.value.clone());
        variation.elsewhere = elsewhere;
        if HAS_NEIGHBOURS.contains(&variation.keyword.as_str())
            && let (Some(value), Some(limit)) = (base.value.pointer(&variation.location), &variation.value)
        {
            variation.control = beside(value, limit);
            if !allowed(&variation.control(&base.value)) {
                variation.control = None;
            }
        }
        Some(variation)
    }

    /// Returns what a known-good body has that was refused as it is, and no accepted request has, one property at a time.
    fn additions(&self, bases: &[&Case], accepted: &[Case], refused: &[Case]) -> Vec<(Case, Variation)> {
        let known = |location: &str| accepted.iter().any(|case| case.value.pointer(location).is_some());
        let mut proposed: HashSet<String> = HashSet::new();
        let mut found = Vec::new();
        for good in refused.iter().filter(|case| case.origin == Origin::Fixture) {
            let alike = bases.iter().filter(|base| base.variant == good.variant);
            for base in alike {
                let mut lacks = Vec::new();
                differences(&base.value, &good.value, String::new(), &mut lacks);
                for it in lacks.into_iter().filter(|it| base.value.pointer(&it.location).is_none()) {
                    let Some(value) = it.value.filter(|_| !known(&it.location)) else { continue };
                    let freedom = Freedom {
                        keyword: Variation::PRESENT,
                        contract: self.declared(base, good, &it.location),
                        location: it.location,
                        value: Some(value),
                    };
                    if !self.is_qualified(&freedom) && proposed.insert(freedom.location.clone()) {
                        let variation = self.variation(bases, base, freedom);
                        found.extend(variation.map(|variation| ((*base).clone(), variation)));
                    }
                }
            }
        }
        found
    }

    /// Returns what the accepted bodies are in media types that no accepted request had.
    fn media_types(&self, accepted: &[Case]) -> Vec<(Case, Variation)> {
        let Some(body) = &self.operation.request_body else { return Vec::new() };
        let Some(base) = bases(accepted).into_iter().next() else { return Vec::new() };
        let known: HashSet<usize> = accepted.iter().map(|case| case.variant).collect();
        let unknown = self.written().filter(|(variant, _)| !known.contains(variant));
        unknown
            .filter_map(|(variant, index)| {
                let media_type = body.content.get(index)?;
                let value = self.least_of(variant)?.get("body")?.clone();
                let variation = Variation {
                    keyword: Variation::MEDIA_TYPE.to_owned(),
                    contract: media_type.pointer.clone(),
                    location: "/body".to_owned(),
                    value: Some(value),
                    expected: format!("a body may be {}", media_type.name),
                    variant,
                    elsewhere: None,
                    control: None,
                };
                Some((base.clone(), variation))
            })
            .collect()
    }

    /// Returns what may be different about the whole of a JSON body: its media type says which characters it is of, and it has a
    /// property that nothing declares or forbids.
    fn written_otherwise(&self, bases: &[&Case]) -> Vec<(Case, Variation)> {
        let is_json = |case: &&&Case| self.media_type(case).is_some_and(|it| it.is_json());
        let Some(base) = bases.iter().find(is_json) else { return Vec::new() };
        let (Some(media_type), Some(body)) = (self.media_type(base), base.value.get("body")) else {
            return Vec::new();
        };
        let charset = Freedom {
            keyword: Variation::CHARSET,
            contract: media_type.pointer.clone(),
            location: "/body".to_owned(),
            value: Some(body.clone()),
        };
        let undeclared = body.as_object().map(|_| Freedom {
            keyword: Variation::UNDECLARED,
            contract: media_type.schema.as_ref().map_or(media_type.pointer.clone(), |it| it.pointer.clone()),
            location: pointer::join("/body", UNDECLARED),
            value: Some(Value::from("text")),
        });
        let all = [Some(charset), undeclared].into_iter().flatten();
        all.filter_map(|it| Some(((*base).clone(), self.variation(bases, base, it)?))).collect()
    }

    /// Returns what each part of a case makes use of, or could.
    pub(super) fn freedoms(&self, reader: &mut Reader, case: &Case, use_of: Use) -> Vec<Freedom> {
        let mut found = Vec::new();
        let look = match use_of {
            Use::Made => taken,
            Use::Possible => open,
        };
        for parameter in generated(&self.operation, &self.linked) {
            let group = pointer::join("", parameter.location.as_str());
            let location = pointer::join(&group, &parameter.name);
            let value = case.value.pointer(&location);
            if !parameter.required && parameter.location != ParameterLocation::Path {
                // A request without it makes use of that it may be left out, and one with it could.
                if value.is_none() == (use_of == Use::Made) {
                    let (keyword, contract) = ("optional", parameter.pointer.clone());
                    found.push(Freedom { keyword, location: location.clone(), contract, value: None });
                }
            }
            let schema = parameter.schema.as_ref().filter(|_| parameter.content_type.is_none());
            if let (Some(schema), Some(value)) = (schema, value) {
                // A text cannot say that it is null.
                let own = look(reader, &Node::at(&schema.pointer), value).into_iter();
                found.extend(own.filter(|it| it.keyword != "nullable").map(|it| within(&location, it)));
            }
        }
        let schema = self.media_type(case).and_then(|it| Some((it.schema.as_ref()?, it.is_json())));
        if let (Some((schema, is_json)), Some(value)) = (schema, case.value.get("body")) {
            let own = look(reader, &Node::at(&schema.pointer), value).into_iter();
            found.extend(own.filter(|it| is_json || it.keyword != "nullable").map(|it| within("/body", it)));
        }
        found
    }
}

/// Whether a description says so of what a schema allows.
fn is_qualified(description: &str, keyword: &str, value: Option<&Value>) -> bool {
    let has_one_of = |sentence: &str, words: &[&str]| {
        let mut own = sentence.split(|it: char| !it.is_alphanumeric()).map(str::to_ascii_lowercase);
        own.any(|own| words.contains(&own.as_str()))
    };
    let mut sentences = description.split(['.', ';']);
    match (keyword, value) {
        ("enum", Some(Value::String(value))) => {
            let quoted = format!("`{value}`");
            sentences.any(|it| it.contains(&quoted) && has_one_of(it, &CONDITIONS))
        }
        ("optional", _) => sentences.any(|it| has_one_of(it, &NEEDS)),
        (Variation::PRESENT, _) => sentences.any(|it| has_one_of(it, &LIMITS)),
        // A number in it may be a limit.
        (
            Freedom::LETTERS
            | Freedom::LENGTH
            | Freedom::FRACTION
            | Freedom::EMPTY
            | Freedom::NONE
            | Freedom::NEGATIVE
            | Freedom::MANY
            | Freedom::BLANK,
            _,
        ) => sentences.any(|it| has_one_of(it, &LIMITS) || it.contains(|it: char| it.is_ascii_digit())),
        _ => false,
    }
}

/// A value with another one at a place.
fn with(value: &Value, location: &str, other: &Value) -> Option<Value> {
    let mut with = value.clone();
    put(&mut with, location, other.clone())?;
    Some(with)
}

fn within(part: &str, freedom: Freedom) -> Freedom {
    Freedom { location: format!("{part}{}", freedom.location), ..freedom }
}

fn key(freedom: &Freedom) -> Key {
    let value = match freedom.keyword {
        "enum" | "boolean" | "pattern" => freedom.value.as_ref().map(Value::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    (generalise(&freedom.location), freedom.keyword, value)
}

/// Returns the accepted cases that are varied, the fullest first and the least last.
fn bases(accepted: &[Case]) -> Vec<&Case> {
    let mut bases: Vec<&Case> = accepted.iter().collect();
    bases.sort_by_cached_key(|case| std::cmp::Reverse(case.size()));
    if bases.len() > BASES {
        let least = bases.split_off(bases.len() - BASES / 2);
        bases.truncate(BASES - least.len());
        bases.extend(least);
    }
    bases
}

/// What the contract says of a freedom, in words.
fn expected(freedom: &Freedom) -> String {
    let value = freedom.value.as_ref();
    match freedom.keyword {
        "optional" => "it may be left out".to_owned(),
        Variation::PRESENT => "it may be there".to_owned(),
        Variation::CHARSET => "a media type may have parameters".to_owned(),
        Variation::UNDECLARED => "nothing forbids other properties".to_owned(),
        "nullable" => "it may be null".to_owned(),
        "enum" | "boolean" => format!("it may be {}", shown(value)),
        "maximum" => format!("it may be as large as {}", shown(value)),
        "minimum" => format!("it may be as small as {}", shown(value)),
        "maxLength" => format!("it may have {} characters", length(value)),
        "minLength" => format!("it may have as few as {} characters", length(value)),
        "pattern" => format!("it may have {} characters", length(value)),
        Freedom::LETTERS => "it may have any letters".to_owned(),
        Freedom::ZERO => "it may begin with zero".to_owned(),
        Freedom::FRACTION => "it need not be whole".to_owned(),
        Freedom::EMPTY => "it may have no items".to_owned(),
        Freedom::LENGTH => "it may have any length".to_owned(),
        Freedom::LEAP_DAY | Freedom::LONG_AGO => "it may be any day".to_owned(),
        Freedom::LOWER_CASE => "it may have small letters".to_owned(),
        Freedom::NONE => "it may be 0".to_owned(),
        Freedom::NEGATIVE => "it may be less than 0".to_owned(),
        Freedom::MANY => format!("it may have {} items", length(value)),
        Freedom::BLANK => "it may be empty".to_owned(),
        _ => format!("it may have as few as {} items", length(value)),
    }
}

fn shown(value: Option<&Value>) -> String {
    format!("`{}`", value.map(text).unwrap_or_default())
}

fn length(value: Option<&Value>) -> usize {
    match value {
        Some(Value::String(text)) => text.chars().count(),
        Some(Value::Array(items)) => items.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_qualified;

    #[test]
    fn what_prose_puts_under_a_condition_is_not_always_allowed() {
        let event = "Mostly it is `birth`; `pregnancy` is taken in two states.";
        assert!(is_qualified(event, "enum", Some(&json!("pregnancy"))));
        assert!(!is_qualified(event, "enum", Some(&json!("birth"))), "another sentence speaks of it");
        assert!(!is_qualified(event, "enum", Some(&json!("marriage"))));
        assert!(is_qualified("Needed below 18.", "optional", None));
        assert!(!is_qualified("The name of the guardian.", "optional", None));
        assert!(is_qualified("Only for carriers that ask.", "present", None));
        assert!(!is_qualified("Only for carriers that ask.", "nullable", None));
    }
}
