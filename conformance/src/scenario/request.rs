//! From a step to the values of its request.

use driftline_specs::Operation;
use driftline_specs::scenario::{Argument, Payload, Scope, Selector};
use serde_json::{Map, Value};

/// The values of a request: what [`crate::request::assemble`] takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled {
    /// The place of the body's media type, where there is a body.
    pub(crate) media_type: Option<usize>,
    /// The parameters by location and name, and the body.
    pub(crate) value: Value,
}

/// Fills the parameters and the body of a step in.
///
/// # Errors
///
/// With the expression that has no value, or with the place that a replacement does not find.
pub(crate) fn fill(
    operation: &Operation,
    parameters: &[Argument],
    payload: Option<&Payload>,
    scope: &dyn Scope,
) -> Result<Filled, String> {
    let mut value = Map::new();
    for argument in parameters {
        let given = argument.value.fill(scope)?;
        // A parameter that an expression makes null is left out.
        if given.is_null() {
            continue;
        }
        let members = value.entry(argument.location.as_str()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(members) = members {
            members.insert(argument.name.clone(), given);
        }
    }
    let mut media_type = None;
    if let Some(payload) = payload {
        let mut body = payload.value.fill(scope)?;
        let content = operation.request_body.as_ref().and_then(|it| it.content.get(payload.media_type));
        // JSON may be written as a text with expressions in it.
        if content.is_some_and(|it| it.is_json())
            && let Value::String(text) = &body
            && text.trim_start().starts_with(['{', '['])
            && let Ok(parsed) = serde_json::from_str(text)
        {
            body = parsed;
        }
        for replacement in &payload.replacements {
            let new = replacement.value.fill(scope)?;
            if !replace(&mut body, &replacement.target, &new) {
                return Err(replacement.target.text());
            }
        }
        value.insert("body".to_owned(), body);
        media_type = Some(payload.media_type);
    }
    Ok(Filled { media_type, value: Value::Object(value) })
}

/// Puts a value into every place that a selector finds; a pointer may name a member that is not there yet. Returns
/// whether there was one.
fn replace(body: &mut Value, target: &Selector, new: &Value) -> bool {
    let mut found = false;
    for place in target.places(body) {
        found |= set(body, &place, new);
    }
    found
}

fn set(body: &mut Value, tokens: &[String], new: &Value) -> bool {
    let Some((last, before)) = tokens.split_last() else {
        *body = new.clone();
        return true;
    };
    let holder = before.iter().try_fold(body, |value, token| match value {
        Value::Object(members) => members.get_mut(token),
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
        _ => None,
    });
    match holder {
        Some(Value::Object(members)) => {
            members.insert(last.clone(), new.clone());
            true
        }
        Some(Value::Array(items)) if last == "-" => {
            items.push(new.clone());
            true
        }
        Some(Value::Array(items)) => match last.parse::<usize>().ok().and_then(|at| items.get_mut(at)) {
            Some(item) => {
                *item = new.clone();
                true
            }
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use driftline_specs::pointer;
    use serde_json::json;

    use super::*;

    fn replaced(target: &Selector) -> Option<Value> {
        let mut body = json!({ "a": [{ "b": 1 }, { "b": 2 }] });
        replace(&mut body, target, &json!(9)).then_some(body)
    }

    fn at(pointer: &str) -> Selector {
        Selector::Pointer(pointer::tokens(pointer).unwrap())
    }

    #[test]
    fn a_pointer_replaces_or_adds() {
        assert_eq!(replaced(&at("/a/1/b")), Some(json!({ "a": [{ "b": 1 }, { "b": 9 }] })));
        assert_eq!(replaced(&at("/a/0/c")), Some(json!({ "a": [{ "b": 1, "c": 9 }, { "b": 2 }] })));
        assert_eq!(replaced(&at("/a/-")), Some(json!({ "a": [{ "b": 1 }, { "b": 2 }, 9] })));
        assert_eq!(replaced(&at("")), Some(json!(9)));
        for nowhere in ["/x/y", "/a/2", "/a/0/b/c", "/a/x"] {
            assert_eq!(replaced(&at(nowhere)), None, "{nowhere}");
        }
    }
}
