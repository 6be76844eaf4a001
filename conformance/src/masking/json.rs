//! Masks JSON: leaf by leaf, with what the contract, the names and the values themselves say.

use driftline_specs::Direction;
use serde_json::{Map, Number, Value};

use super::kind::Kind;
use super::place::Place;
use super::placeholder::Layout;
use super::{Masker, file};
use crate::strategy::{Generator, Node, Stream, draw};

/// What is drawn until something fits a place that takes nothing usual.
const DRAWS: usize = 32;

impl<'c> Masker<'c> {
    /// Masks a value. `parent` and `name` are the property's, as far as there is one.
    pub(super) fn value(&mut self, place: &Place<'c>, parent: &str, name: &str, value: Value) -> Value {
        match value {
            Value::Object(members) => self.object(place, name, members),
            Value::Array(items) => {
                let item = place.item();
                Value::Array(items.into_iter().map(|it| self.value(&item, parent, name, it)).collect())
            }
            Value::String(text) => Value::String(self.leaf(place, parent, name, text)),
            Value::Number(number) => Value::Number(self.number(place, parent, name, number)),
            other => other,
        }
    }

    fn object(&mut self, place: &Place<'c>, name: &str, members: Map<String, Value>) -> Value {
        // A list of pairs says in one member what the other one is.
        let label = ["name", "key", "field", "id", "type"].into_iter().find_map(|it| {
            let label = members.get(it)?.as_str()?;
            Kind::of_name("", label).map(|_| (it, label.to_owned()))
        });
        let masked = members.into_iter().map(|(key, value)| {
            let below = place.member(&key);
            let value = match &label {
                Some((at, _)) if key == *at => value,
                Some((_, label)) if matches!(key.as_str(), "value" | "values" | "content" | "data") => {
                    self.value(&below, name, label, value)
                }
                _ => self.value(&below, name, &key, value),
            };
            (self.key(&key), value)
        });
        Value::Object(masked.collect())
    }

    /// Masks the key of a map: it may be a value, and is mostly a name that a programmer chose.
    fn key(&mut self, key: &str) -> String {
        let word = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.' | b'$' | b':');
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        if digits < 7 && key.bytes().all(word) { key.to_owned() } else { self.text(key) }
    }

    /// What a value is, by what stands beside it.
    fn kind(&self, place: &Place<'c>, parent: &str, name: &str, text: &str) -> Option<Kind> {
        let by_name = Kind::of_name(parent, name).filter(|it| it.fits(text));
        by_name.or_else(|| {
            let by_format = match place.format() {
                Some("email" | "idn-email") => Some(Kind::Email),
                Some("password") => Some(Kind::Credential),
                Some("phone" | "tel") => Some(Kind::Phone),
                Some("ssn") => Some(Kind::SocialSecurityNumber),
                Some("date" | "date-time") if place.is_sensitive() => Some(Kind::BirthDate),
                _ => None,
            };
            let by_format = by_format.filter(|it| it.fits(text));
            by_format.or_else(|| {
                // In an object that is sensitive as a whole, and of which nothing else is said, what stands unmarked
                // elsewhere is told already.
                let told = place.schemas().is_empty() && self.is_told(text);
                (place.is_sensitive() && !told).then_some(Kind::Sensitive)
            })
        })
    }

    /// Masks a text that stands in a place of its own: a JSON string, a parameter, a field of a form.
    pub(super) fn leaf(&mut self, place: &Place<'c>, parent: &str, name: &str, text: String) -> String {
        let value = Value::String(text.clone());
        if text.trim().is_empty() || place.lists(&value) {
            return text;
        }
        if matches!(place.format(), Some("byte" | "binary")) || file::is_encoded(&text) {
            return self.encoded_file(&text);
        }
        if let Some(embedded) = self.embedded(place, &text) {
            return embedded;
        }
        let Some(kind) = self.kind(place, parent, name, &text) else {
            self.tell(place, &text);
            return self.text(&text);
        };
        // Within what is sensitive as a whole, a form tells more than that.
        let kind = match kind {
            Kind::Sensitive => self.form_of(&text).unwrap_or_else(|| match Layout::of(text.trim()) {
                Some(_) => Kind::BirthDate,
                None => kind,
            }),
            kind => kind,
        };
        if kind.is_placeholder(&text) {
            self.vault.keep(kind, &text);
            return text;
        }
        if self.stays() {
            self.learn(kind, &text);
            return text;
        }
        let accepts = |it: &str| place.accepts(&value, &Value::String(it.to_owned()));
        let masked = self.vault.replace(kind, &text, accepts);
        if accepts(&masked) {
            return masked;
        }
        match self.drawn(place, name, kind, &value) {
            Some(Value::String(drawn)) => {
                self.vault.settle(kind, &text, &drawn);
                drawn
            }
            _ => masked,
        }
    }

    /// What a whole text is by its form, or because it is known already.
    fn form_of(&self, text: &str) -> Option<Kind> {
        let whole = || match super::detect::find(text).as_slice() {
            [hit] if hit.range == (0..text.len()) => Some(hit.kind),
            _ => None,
        };
        self.vault.whole(text).or_else(whole)
    }

    fn number(&mut self, place: &Place<'c>, parent: &str, name: &str, number: Number) -> Number {
        let text = number.to_string();
        let value = Value::Number(number.clone());
        let whole = number.is_i64() || number.is_u64();
        let form = |kind: Option<Kind>| match kind {
            None | Some(Kind::Sensitive) if whole => self.form_of(&text).or(kind),
            kind => kind,
        };
        let kind = form(self.kind(place, parent, name, &text))
            // Small numbers of which the contract says nothing count something.
            .filter(|_| text.len() >= 5 || !place.schemas().is_empty());
        let Some(kind) = kind.filter(|_| !place.lists(&value)) else {
            self.tell(place, &text);
            return number;
        };
        if kind.is_placeholder(&text) {
            self.vault.keep(kind, &text);
            return number;
        }
        if self.stays() {
            self.learn(kind, &text);
            return number;
        }
        let read = |it: &str| it.parse::<Number>().ok().filter(|it| it.is_i64() || it.is_u64() || !whole);
        let accepts = |it: &str| read(it).is_some_and(|it| place.accepts(&value, &Value::Number(it)));
        let serial = u64::from(self.vault.number(kind, &text)) + 1;
        if kind.is_digits() {
            let masked = self.vault.replace(kind, &text, accepts);
            if let Some(masked) = read(&masked).filter(|_| accepts(&masked)) {
                return masked;
            }
        }
        // As many digits before the point, counted up from the smallest.
        let width = text.trim_start_matches('-').split('.').next().map_or(1, str::len);
        let smallest = u32::try_from(width - 1).ok().and_then(|it| 10_u64.checked_pow(it)).unwrap_or(1);
        let counted = smallest.saturating_add(if width == 1 { 0 } else { serial }).to_string();
        if accepts(&counted)
            && let Some(masked) = read(&counted)
        {
            self.vault.settle(kind, &text, &counted);
            return masked;
        }
        match self.drawn(place, name, kind, &value) {
            Some(Value::Number(drawn)) => drawn,
            _ => read(&counted).unwrap_or(number),
        }
    }

    /// Draws what the contract allows in a place, until something fits that is not the original.
    fn drawn(&mut self, place: &Place<'c>, name: &str, kind: Kind, original: &Value) -> Option<Value> {
        let text = original.as_str().map_or_else(|| original.to_string(), str::to_owned);
        let number = self.vault.number(kind, &text);
        let contract = self.contract;
        let direction = place.direction();
        let index = usize::from(direction == Direction::Response);
        let generator = self.generators.get_mut(index)?;
        let generator = generator.get_or_insert_with(|| Generator::toward(contract.clone(), direction));
        // One schema that composes others says all of them.
        let node = Node::Places(vec![place.schemas().first()?.clone()]);
        let strategy = generator.strategy(name, &node, 0)?;
        let stream = Stream::new(u64::from(number), &["masking", place.schemas().first()?]);
        let mut runner = stream.runner();
        let mut drawn = (0..DRAWS).filter_map(|_| draw(&strategy, &mut runner));
        drawn.find(|it| it != original && place.accepts(original, it))
    }

    /// Masks a text that is JSON itself.
    fn embedded(&mut self, place: &Place<'c>, text: &str) -> Option<String> {
        let trimmed = text.trim();
        if !matches!(trimmed.as_bytes().first(), Some(b'{' | b'[')) || self.depth >= super::DEPTH {
            return None;
        }
        let value: Value = serde_json::from_str(trimmed).ok()?;
        self.depth += 1;
        let inside = place.within();
        let masked = self.value(&inside, "", "", value.clone());
        self.depth -= 1;
        Some(if masked == value { text.to_owned() } else { masked.to_string() })
    }

    /// Masks a JSON text; nothing where it is none.
    pub(super) fn json(&mut self, place: &Place<'c>, text: &str) -> Option<String> {
        let value: Value = serde_json::from_str(text).ok()?;
        let masked = self.value(place, "", "", value.clone());
        Some(if masked == value { text.to_owned() } else { masked.to_string() })
    }
}
