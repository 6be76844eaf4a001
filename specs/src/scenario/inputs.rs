//! What a workflow has to be given: JSON Schema 2020-12, with defaults.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::validation::PlainSchema;

/// The schema of a workflow's inputs.
#[derive(Debug, Clone, Default)]
pub struct InputSchema {
    compiled: Option<Arc<PlainSchema>>,
    defaults: Map<String, Value>,
    names: Option<Vec<String>>,
    /// The inputs that are texts, whatever they look like.
    texts: Vec<String>,
}

impl InputSchema {
    /// Compiles the schema of a workflow; `components` are those of its document, which it may refer to.
    pub(super) fn compile(schema: &Value, components: Option<&Value>) -> Result<InputSchema, String> {
        let mut whole = schema.clone();
        if let (Some(members), Some(components)) = (whole.as_object_mut(), components) {
            members.insert("components".to_owned(), components.clone());
        }
        let compiled = PlainSchema::compile(&whole)?;
        let target = |schema: &Value| {
            let name = schema.get("$ref")?.as_str()?.strip_prefix("#/components/inputs/")?.to_owned();
            components?.get("inputs")?.get(name).cloned()
        };
        let schema = target(schema).unwrap_or_else(|| schema.clone());
        let properties = schema.get("properties").and_then(Value::as_object);
        let names = properties.map(|properties| properties.keys().cloned().collect());
        let defaults = properties.into_iter().flatten().filter_map(|(name, property)| {
            let own = property.get("default").cloned();
            Some((name.clone(), own.or_else(|| target(property)?.get("default").cloned())?))
        });
        let mut found: Map<String, Value> =
            schema.get("default").and_then(Value::as_object).cloned().unwrap_or_default();
        found.extend(defaults);
        let is_text = |property: &Value| {
            let types = property.get("type").cloned().or_else(|| target(property)?.get("type").cloned());
            match types {
                Some(Value::String(one)) => one == "string",
                Some(Value::Array(several)) => several.iter().any(|it| it == "string"),
                _ => false,
            }
        };
        let texts = properties.into_iter().flatten().filter(|(_, property)| is_text(property));
        let texts = texts.map(|(name, _)| name.clone()).collect();
        Ok(InputSchema { compiled: Some(Arc::new(compiled)), defaults: found, names, texts })
    }

    /// The names of the inputs, where the schema lists them.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Whether there are any inputs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.compiled.is_none()
    }

    /// Returns the value of an input that was given as a text: JSON, unless the schema wants a text.
    #[must_use]
    pub fn read(&self, name: &str, given: &Value) -> Value {
        match given {
            Value::String(text) if !self.texts.iter().any(|it| it == name) => {
                serde_json::from_str(text).unwrap_or_else(|_| given.clone())
            }
            other => other.clone(),
        }
    }

    /// Returns the inputs with defaults for those that are not given.
    ///
    /// # Errors
    ///
    /// With what is wrong with them, without a value.
    pub fn complete(&self, given: Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
        let Some(compiled) = &self.compiled else { return Ok(given) };
        let mut whole = self.defaults.clone();
        whole.extend(given);
        let whole = Value::Object(whole);
        let problems = compiled.problems(&whole);
        match whole {
            Value::Object(members) if problems.is_empty() => Ok(members),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_filled_in_and_the_schema_is_kept_to() {
        let schema = json!({
            "type": "object",
            "required": ["who", "count"],
            "properties": {
                "who": { "type": "string", "minLength": 2 },
                "count": { "$ref": "#/components/inputs/count" },
                "size": { "type": "integer", "default": 3 },
            },
        });
        let components = json!({ "inputs": { "count": { "type": "integer", "default": 1 } } });
        let inputs = InputSchema::compile(&schema, Some(&components)).unwrap();
        let given = |value: Value| value.as_object().cloned().unwrap();
        let complete = inputs.complete(given(json!({ "who": "Ada" }))).unwrap();
        assert_eq!(Value::Object(complete), json!({ "count": 1, "size": 3, "who": "Ada" }));
        let wrong = inputs.complete(given(json!({ "who": "Zacharias", "size": "large" }))).unwrap_err();
        assert!(wrong.iter().any(|it| it.contains("/size")), "{wrong:?}");
        assert!(wrong.iter().all(|it| !it.contains("large")), "a value is shown: {wrong:?}");
        assert!(inputs.complete(Map::new()).unwrap_err().iter().any(|it| it.contains("who")));
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(InputSchema::compile(&json!({ "type": "text" }), None).is_err());
        assert!(InputSchema::compile(&json!({ "$ref": "#/components/inputs/none" }), None).is_err());
    }
}
