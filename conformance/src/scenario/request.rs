//! From a step to the values of its request.

use driftline_specs::scenario::{Argument, Payload, Scope, Selector};
use driftline_specs::{Operation, ParameterLocation};
use serde_json::{Map, Value};

use crate::request::Request;
use url::Url;

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
        let mut given = argument.value.fill(scope)?;
        // A parameter that an expression makes null is left out.
        if given.is_null() {
            continue;
        }
        let cursor = operation.pagination.as_ref().and_then(|it| it.cursor.as_deref());
        if argument.location == ParameterLocation::Query
            && cursor == Some(argument.name.as_str())
            && let Some(inside) = given.as_str().and_then(|it| cursor_of(it, &argument.name))
        {
            given = inside.into();
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

/// The cursor in the query of a URL, as a page may name the next one; no expression takes a URL apart.
pub(crate) fn cursor_of(url: &str, parameter: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.query_pairs().find(|(name, _)| name == parameter).map(|(_, value)| value.into_owned())
}

/// Adds the header fields and cookies that a step sends and the contract does not know.
pub(crate) fn add_undocumented(request: &mut Request, parameters: &[Argument], values: &Value) {
    for argument in parameters.iter().filter(|it| !it.documented) {
        let value = values.get(argument.location.as_str()).and_then(|group| group.get(&argument.name));
        let Some(value) = value else { continue };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if argument.location != ParameterLocation::Cookie {
            request.headers.push((argument.name.clone(), text));
            continue;
        }
        let pair = format!("{}={text}", argument.name);
        match request.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
            Some((_, cookies)) => cookies.push_str(&format!("; {pair}")),
            None => request.headers.push(("Cookie".to_owned(), pair)),
        }
    }
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
    fn a_cursor_is_taken_out_of_the_url_of_the_next_page() {
        let cursor = |url| cursor_of(url, "cursor");
        assert_eq!(cursor("https://example.com/a?size=2&cursor=a%2Bb&x=1").as_deref(), Some("a+b"));
        for other in ["https://example.com/a?size=2", "ZnJvbToy", "/a?cursor=b", ""] {
            assert_eq!(cursor(other), None, "{other}");
        }
    }

    #[test]
    fn only_the_parameter_that_is_the_cursor_is_taken_out_of_a_url() {
        let text = "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/a: {get: {operationId: list, \
                    x-pagination: {style: cursor, cursor: cursor, items: /items, next: /next}, parameters: [\
                    {name: cursor, in: query, schema: {type: string}}, \
                    {name: from, in: query, schema: {type: string}}], \
                    responses: {'200': {description: a}}}}}}";
        let contract = driftline_specs::Contract::from_text("openapi.yaml", text).unwrap();
        let url = "https://example.com/a?cursor=b&from=c";
        let argument = |name: &str| Argument {
            documented: true,
            location: ParameterLocation::Query,
            name: name.to_owned(),
            value: driftline_specs::scenario::Template::Literal(url.into()),
        };
        let operation = contract.operation("list").unwrap();
        let filled = fill(operation, &[argument("cursor"), argument("from")], None, &Nothing).unwrap();
        assert_eq!(filled.value, json!({ "query": { "cursor": "b", "from": url } }));
    }

    struct Nothing;

    impl Scope for Nothing {
        fn value(&self, _: &driftline_specs::scenario::Root) -> Option<Value> {
            None
        }
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
