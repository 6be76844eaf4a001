//! What every rule looks at: the objects of a contract in the order of the document, and its fields.
//!
//! A field is whatever has a name, a schema and perhaps a description: a property, a parameter, a header. The survey
//! answers questions about schemas that need references and compositions to be followed; it judges nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::reach::Reach;
use crate::error::Position;
use crate::grammar::{self, Kind, Site};
use crate::{Contract, pointer};

/// How many schemas one schema is seen together with: what it is composed of, and what it is a part of.
const MAX_PARTS: usize = 200;

/// How many branches of compositions are looked at for one schema.
const MAX_STEPS: usize = 1_000;

/// What a rule says about a place.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) pointer: String,
    pub(super) message: String,
    /// Where it is written, when the pointer does not tell.
    pub(super) position: Option<Position>,
}

impl Finding {
    pub(super) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into(), position: None }
    }
}

/// An object of the contract and where it is.
#[derive(Debug)]
pub(super) struct Located<'c> {
    pub(super) pointer: String,
    pub(super) kind: Kind,
    pub(super) value: &'c Value,
}

impl<'c> Located<'c> {
    pub(super) fn member(&self, name: &str) -> Option<&'c Value> {
        self.value.get(name)
    }

    pub(super) fn under(&self, name: &str) -> String {
        pointer::join(&self.pointer, name)
    }

    /// Whether a Reference Object stands here instead of what it refers to.
    pub(super) fn is_reference(&self) -> bool {
        Site { kind: self.kind, value: self.value }.reference().is_some()
    }
}

/// What has a schema and, unless it is a component, a name.
#[derive(Debug)]
pub(super) struct Field<'c> {
    /// The property's schema, the Parameter Object, the Header Object, or the component schema.
    pub(super) pointer: String,
    /// `None` for a component schema.
    pub(super) name: Option<&'c str>,
    pub(super) description: Option<&'c str>,
    pub(super) schema: &'c Value,
    /// Whether the contract demands it; `None` where that is no question.
    pub(super) required: Option<bool>,
}

impl Field<'_> {
    /// Where its description stands.
    pub(super) fn described_at(&self) -> String {
        pointer::join(&self.pointer, "description")
    }
}

/// A contract, looked over once.
pub(super) struct Survey<'c> {
    pub(super) contract: &'c Contract,
    pub(super) objects: Vec<Located<'c>>,
    pub(super) fields: Vec<Field<'c>>,
    pub(super) reach: Reach,
    /// By the pointer of a schema, the schemas that have it in their `allOf` by reference.
    composed_in: HashMap<String, Vec<String>>,
}

impl<'c> Survey<'c> {
    pub(super) fn new(contract: &'c Contract) -> Self {
        let mut objects = Vec::new();
        grammar::walk(contract.document(), &mut |pointer, site| {
            objects.push(Located { pointer: pointer.to_owned(), kind: site.kind, value: site.value });
        });
        let mut composed_in: HashMap<String, Vec<String>> = HashMap::new();
        for object in objects.iter().filter(|object| object.kind == Kind::Schema) {
            for part in object.member("allOf").and_then(Value::as_array).into_iter().flatten() {
                if let Some(target) = reference(part).and_then(pointer::canonical) {
                    composed_in.entry(target).or_default().push(object.pointer.clone());
                }
            }
        }
        let reach = Reach::of(contract.document());
        let mut survey = Self { contract, objects, fields: Vec::new(), reach, composed_in };
        survey.fields = survey.objects.iter().flat_map(|object| survey.fields_of(object)).collect();
        survey
    }

    /// The objects of one kind that are not references.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Located<'c>> {
        self.objects.iter().filter(move |object| object.kind == kind && !object.is_reference())
    }

    /// The schemas that are not references.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Located<'c>> {
        self.of_kind(Kind::Schema)
    }

    fn fields_of(&self, object: &Located<'c>) -> Vec<Field<'c>> {
        let text = |value: &'c Value| value.get("description").and_then(Value::as_str);
        match object.kind {
            _ if object.is_reference() => Vec::new(),
            Kind::Parameter | Kind::Header => {
                let content = || object.member("content")?.as_object()?.values().next()?.get("schema");
                let Some(schema) = object.member("schema").or_else(content) else { return Vec::new() };
                let required = object.member("required") == Some(&Value::Bool(true));
                let name = match object.kind {
                    Kind::Header => None,
                    _ => object.member("name").and_then(Value::as_str),
                };
                vec![Field {
                    pointer: object.pointer.clone(),
                    name,
                    description: text(object.value),
                    schema,
                    required: name.is_some().then_some(required),
                }]
            }
            Kind::Schema => {
                let mut fields = Vec::new();
                if is_component(&object.pointer) {
                    fields.push(Field {
                        pointer: object.pointer.clone(),
                        name: None,
                        description: text(object.value),
                        schema: object.value,
                        required: None,
                    });
                }
                let properties = object.member("properties").and_then(Value::as_object);
                let required =
                    properties.map(|_| self.required_with_wholes(&object.pointer)).unwrap_or_default();
                for (name, schema) in properties.into_iter().flatten() {
                    let at = pointer::join(&object.under("properties"), name);
                    fields.push(Field {
                        name: Some(name),
                        description: text(schema),
                        schema,
                        required: Some(required.contains(name.as_str())),
                        pointer: at,
                    });
                }
                fields
            }
            _ => Vec::new(),
        }
    }

    /// The properties that the schema at a pointer, or a schema that it is a part of, requires.
    fn required_with_wholes(&self, schema: &str) -> HashSet<&'c str> {
        let wholes = self.with_wholes(schema);
        let values = wholes.iter().filter_map(|pointer| self.contract.at(pointer));
        values
            .flat_map(|value| {
                let parts = value.get("allOf").and_then(Value::as_array).into_iter().flatten();
                std::iter::once(value).chain(parts).flat_map(|part| strings(part.get("required")))
            })
            .collect()
    }

    /// A schema and the schemas that it is a part of.
    pub(super) fn with_wholes(&self, schema: &str) -> Vec<String> {
        let mut found = vec![schema.to_owned()];
        let mut next = 0;
        while let Some(pointer) = found.get(next).cloned() {
            next += 1;
            let referring = self.composed_in.get(&pointer).into_iter().flatten().cloned();
            for whole in enclosing(&pointer).into_iter().chain(referring) {
                if found.len() < MAX_PARTS && !found.contains(&whole) {
                    found.push(whole);
                }
            }
        }
        found
    }

    /// A schema, with references followed, and the schemas that the members named by `keywords` compose it of.
    fn parts(&self, schema: &'c Value, keywords: &[&str]) -> Vec<&'c Value> {
        let mut found: Vec<&'c Value> = Vec::new();
        let mut seen = HashSet::new();
        let mut followed = HashSet::new();
        let mut pending = vec![schema];
        for _ in 0..MAX_STEPS {
            let Some(next) = pending.pop() else { break };
            if found.len() >= MAX_PARTS {
                break;
            }
            // A reference that was followed before leads nowhere new, and following takes the longest.
            if reference(next).is_some_and(|target| !followed.insert(target)) {
                continue;
            }
            let Some(schema) = self.target(next).filter(|schema| seen.insert(std::ptr::from_ref(*schema)))
            else {
                continue;
            };
            found.push(schema);
            // The last one pushed is the next one looked at.
            for keyword in keywords.iter().rev() {
                let parts = schema.get(*keyword).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                pending.extend(parts.iter().take(MAX_PARTS).rev());
            }
        }
        found
    }

    /// Follows a Reference Object; anything else stands for itself.
    fn target(&self, schema: &'c Value) -> Option<&'c Value> {
        match reference(schema) {
            Some(target) => self.contract.resolve(target).map(|(_, value)| value),
            None => Some(schema),
        }
    }

    /// The value of a keyword: the schema's own, or else that of what it refers to or is composed of.
    pub(super) fn keyword(&self, schema: &'c Value, keyword: &str) -> Option<&'c Value> {
        let own = self.target(schema)?;
        if own.get(keyword).is_some() || own.get("allOf").is_none() {
            return own.get(keyword);
        }
        self.parts(own, &["allOf"]).into_iter().find_map(|part| part.get(keyword))
    }

    /// The schema's JSON type, stated or plain from its other keywords.
    pub(super) fn type_of(&self, schema: &'c Value) -> Option<&'c str> {
        let stated = self.keyword(schema, "type").and_then(Value::as_str);
        stated.or_else(|| {
            if self.keyword(schema, "properties").is_some() {
                return Some("object");
            }
            self.keyword(schema, "items").map(|_| "array")
        })
    }

    /// A number that a keyword holds.
    pub(super) fn number(&self, schema: &'c Value, keyword: &str) -> Option<f64> {
        self.keyword(schema, keyword).and_then(Value::as_f64)
    }

    /// Whether null is a value of the schema, as far as that can be told.
    pub(super) fn takes_null(&self, schema: &'c Value) -> bool {
        self.takes_null_within(schema, &mut HashSet::new())
    }

    fn takes_null_within(&self, schema: &'c Value, seen: &mut HashSet<*const Value>) -> bool {
        let Some(schema) = self.target(schema) else { return true };
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            return true;
        }
        if seen.len() >= MAX_PARTS || !seen.insert(std::ptr::from_ref(schema)) {
            return true;
        }
        if schema.get("nullable").is_some() {
            return false;
        }
        let branches = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = branches(keyword) {
                return branches.iter().any(|branch| self.takes_null_within(branch, seen));
            }
        }
        if let Some(parts) = branches("allOf") {
            return parts.iter().all(|part| self.takes_null_within(part, seen));
        }
        if let Some(values) = branches("enum") {
            return values.contains(&Value::Null);
        }
        // Without a type any JSON value is right.
        ["type", "properties", "items"].iter().all(|keyword| schema.get(*keyword).is_none())
    }

    /// The values of `enum`, those of an array's items for an array; null is left out.
    pub(super) fn enum_of(&self, schema: &'c Value) -> Option<Vec<String>> {
        let items = || self.keyword(self.keyword(schema, "items")?, "enum");
        let values = self.keyword(schema, "enum").or_else(items)?.as_array()?;
        Some(values.iter().filter(|value| !value.is_null()).map(plain).collect())
    }

    /// The properties that a schema declares, with those of what it is composed of; the first of a name counts.
    pub(super) fn properties(&self, schema: &'c Value) -> BTreeMap<&'c str, &'c Value> {
        let mut properties = BTreeMap::new();
        for part in self.parts(schema, &["allOf", "oneOf", "anyOf"]) {
            for (name, property) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
                properties.entry(name.as_str()).or_insert(property);
            }
        }
        properties
    }

    /// The properties that a schema requires, with those of what it is composed of.
    pub(super) fn required(&self, schema: &'c Value) -> BTreeSet<&'c str> {
        let parts = self.parts(schema, &["allOf"]);
        parts.into_iter().flat_map(|part| strings(part.get("required"))).collect()
    }

    /// Every object of the contract that has a description, with that description.
    pub(super) fn descriptions(&self) -> impl Iterator<Item = (String, &'c str)> {
        let info = self.contract.document().get("info");
        let info =
            info.and_then(|info| Some(("#/info/description".to_owned(), info.get("description")?.as_str()?)));
        let others = self.objects.iter().filter(|object| !object.is_reference()).filter_map(|object| {
            let text = object.member("description")?.as_str()?;
            Some((object.under("description"), text))
        });
        info.into_iter().chain(others)
    }
}

/// The target of a Reference Object.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// The texts of an array.
pub(super) fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a pointer leads to a component schema itself.
pub(super) fn is_component(pointer: &str) -> bool {
    pointer.strip_prefix("#/components/schemas/").is_some_and(|name| !name.contains('/'))
}

/// The schema around one that is a branch of a composition.
fn enclosing(pointer: &str) -> Option<String> {
    let (rest, _) = pointer.rsplit_once('/')?;
    ["/allOf", "/oneOf", "/anyOf"]
        .iter()
        .find_map(|composition| rest.strip_suffix(composition))
        .map(str::to_owned)
}

/// A value as prose would write it: texts without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A list for a message, in backticks, cut when it is long.
pub(super) fn quoted<S: AsRef<str>>(values: &[S]) -> String {
    const MAX: usize = 6;
    let shown: Vec<String> =
        values.iter().take(MAX).map(|value| format!("`{}`", short(value.as_ref()))).collect();
    match values.len().saturating_sub(MAX) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A text for a message, cut when it is long.
pub(super) fn short(text: &str) -> String {
    const MAX: usize = 60;
    let line: String =
        text.chars().map(|next| if next.is_control() { ' ' } else { next }).take(MAX).collect();
    if text.chars().count() > MAX { format!("{line}…") } else { line }
}
