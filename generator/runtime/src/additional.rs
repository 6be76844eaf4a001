//! Properties that a contract does not declare.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::ser::SerializeMap;

/// The properties of an object that its schema does not declare, kept so that what was read can be written
/// back. It costs a pointer while there are none.
///
/// It also remembers what was not as the schema has it: declared properties that arrived as `null` although the
/// schema does not allow that, and lists that have to be there and were not. They read as absent, or as empty, and are
/// written back as they came.
#[derive(Clone, PartialEq)]
pub struct AdditionalProperties<T = serde_json::Value>(Option<Box<Kept<T>>>);

#[derive(Clone, PartialEq)]
struct Kept<T> {
    properties: BTreeMap<String, T>,
    surprises: Vec<(&'static str, Surprise)>,
}

/// How a declared property arrived that could not be read as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surprise {
    /// As `null`.
    Null,
    /// Not at all.
    Missing,
}

impl<T> AdditionalProperties<T> {
    /// Returns the value of a property.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.as_ref()?.properties.get(name)
    }

    /// Sets a property. A name that the schema declares is ignored when the object is written.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        self.kept().properties.insert(name.into(), value)
    }

    /// Removes a property.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        self.0.as_mut()?.properties.remove(name)
    }

    /// Returns names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().flat_map(|kept| kept.properties.iter().map(|(name, value)| (name.as_str(), value)))
    }

    /// Returns the number of properties.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.properties.len())
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kept(&mut self) -> &mut Kept<T> {
        self.0.get_or_insert_with(|| Box::new(Kept { properties: BTreeMap::new(), surprises: Vec::new() }))
    }

    /// Tells whether a declared property arrived as `null` although the schema does not allow that.
    pub fn was_null(&self, name: &str) -> bool {
        self.surprise(name) == Some(Surprise::Null)
    }

    pub(crate) fn remember(&mut self, name: &'static str, surprise: Surprise) {
        let surprises = &mut self.kept().surprises;
        if !surprises.iter().any(|(known, _)| *known == name) {
            surprises.push((name, surprise));
        }
    }

    pub(crate) fn surprise(&self, name: &str) -> Option<Surprise> {
        let surprises = &self.0.as_ref()?.surprises;
        surprises.iter().find(|(known, _)| *known == name).map(|(_, surprise)| *surprise)
    }
}

impl<T: Serialize> AdditionalProperties<T> {
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M, declared: &[&str]) -> Result<(), M::Error> {
        self.iter()
            .filter(|(name, _)| !declared.contains(name))
            .try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl<T> Default for AdditionalProperties<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Shows the names only: nobody has said which of these values are sensitive.
impl<T> fmt::Debug for AdditionalProperties<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<T> Extend<(String, T)> for AdditionalProperties<T> {
    fn extend<I: IntoIterator<Item = (String, T)>>(&mut self, properties: I) {
        for (name, value) in properties {
            self.insert(name, value);
        }
    }
}

impl<T> FromIterator<(String, T)> for AdditionalProperties<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(properties: I) -> Self {
        let mut kept = Self::default();
        kept.extend(properties);
        kept
    }
}
