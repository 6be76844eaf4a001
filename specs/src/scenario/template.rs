//! Values with runtime expressions in them: what a step sends, and what it passes on.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use super::expression::{Expression, Scope};
use crate::pointer;

/// A value with runtime expressions in it.
///
/// A text that is an expression as a whole stands for the expression's value, of whatever type; expressions in braces
/// inside a text (`"id: {$inputs.id}"`) are put into it as text.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// Nothing in it is an expression.
    Literal(Value),
    /// It is an expression.
    Expression(Expression),
    /// A text with expressions in it.
    Text(Vec<Piece>),
    /// A list.
    List(Vec<Template>),
    /// An object.
    Object(Vec<(String, Template)>),
    /// A part of what an expression stands for (Arazzo 1.1, "Selector Object").
    Selected(Expression, Selector),
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// As it stands.
    Plain(String),
    /// What an expression stands for.
    Expression(Expression),
}

/// What selects a part of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    /// A JSON Pointer (RFC 6901), as its tokens.
    Pointer(Vec<String>),
    /// A JSONPath (RFC 9535); one node stands for itself, several for a list of them.
    Path(JsonPath),
}

impl Template {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// With the place in the value, as a JSON Pointer without `#`, and what is wrong there.
    pub fn parse(value: &Value) -> Result<Template, (String, String)> {
        let within = |token: &str| {
            let token = token.to_owned();
            move |(at, problem): (String, String)| (format!("{}{at}", pointer::join("", &token)), problem)
        };
        let template = match value {
            Value::String(text) => text_template(text).map_err(|problem| (String::new(), problem))?,
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let parsed = items.map(|(index, it)| Template::parse(it).map_err(within(&index.to_string())));
                Template::List(parsed.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let parsed = members
                    .iter()
                    .map(|(name, it)| Ok((name.clone(), Template::parse(it).map_err(within(name))?)));
                Template::Object(parsed.collect::<Result<_, (String, String)>>()?)
            }
            other => Template::Literal(other.clone()),
        };
        let plain = match &template {
            Template::List(items) => items.iter().all(Template::is_literal),
            Template::Object(members) => members.iter().all(|(_, it)| it.is_literal()),
            _ => false,
        };
        Ok(if plain { Template::Literal(value.clone()) } else { template })
    }

    fn is_literal(&self) -> bool {
        matches!(self, Template::Literal(_))
    }

    /// The expressions in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Template::Literal(_) => Vec::new(),
            Template::Expression(expression) | Template::Selected(expression, _) => vec![expression],
            Template::Text(pieces) => {
                let expressions = pieces.iter().filter_map(|piece| match piece {
                    Piece::Plain(_) => None,
                    Piece::Expression(expression) => Some(expression),
                });
                expressions.collect()
            }
            Template::List(items) => items.iter().flat_map(Template::expressions).collect(),
            Template::Object(members) => members.iter().flat_map(|(_, it)| it.expressions()).collect(),
        }
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// With the expression that has no value.
    pub fn fill(&self, scope: &dyn Scope) -> Result<Value, String> {
        let value_of = |it: &Expression| it.value(scope).ok_or_else(|| it.to_string());
        match self {
            Template::Literal(value) => Ok(value.clone()),
            Template::Expression(expression) => value_of(expression),
            Template::Selected(expression, selector) => {
                selector.select(&value_of(expression)?).ok_or_else(|| expression.to_string())
            }
            Template::Text(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Plain(plain) => text.push_str(plain),
                        Piece::Expression(expression) => match value_of(expression)? {
                            Value::String(value) => text.push_str(&value),
                            other => text.push_str(&other.to_string()),
                        },
                    }
                }
                Ok(Value::String(text))
            }
            Template::List(items) => items.iter().map(|it| it.fill(scope)).collect(),
            Template::Object(members) => {
                members.iter().map(|(name, it)| Ok((name.clone(), it.fill(scope)?))).collect()
            }
        }
    }
}

impl Selector {
    /// Returns the part that it selects; `None` where there is none.
    #[must_use]
    pub fn select(&self, value: &Value) -> Option<Value> {
        match self {
            Selector::Pointer(tokens) => pointer::lookup(value, tokens).cloned(),
            Selector::Path(path) => {
                let mut found = path.query(value).all();
                match found.len() {
                    0 => None,
                    1 => found.pop().cloned(),
                    _ => Some(found.into_iter().cloned().collect()),
                }
            }
        }
    }
}

impl Selector {
    /// Returns the places that it selects, as tokens; a pointer's place need not be there.
    #[must_use]
    pub fn places(&self, value: &Value) -> Vec<Vec<String>> {
        match self {
            Selector::Pointer(tokens) => vec![tokens.clone()],
            Selector::Path(path) => {
                let found = path.query_located(value);
                let places = found.locations().map(|location| {
                    let tokens = location.iter().map(|element| match element {
                        PathElement::Name(name) => (*name).to_owned(),
                        PathElement::Index(index) => index.to_string(),
                    });
                    tokens.collect()
                });
                places.collect()
            }
        }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Selector::Pointer(tokens) => pointer::from_tokens(tokens),
            Selector::Path(path) => path.to_string(),
        }
    }
}

fn text_template(text: &str) -> Result<Template, String> {
    if is_expression(text) {
        let parsed = Expression::parse(text);
        return parsed.map(Template::Expression).map_err(|problem| format!("{text:?}: {problem}"));
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        let Some((inside, behind)) = after.split_once('}') else {
            return Err(format!("{text:?}: a `{{$` is not closed"));
        };
        let expression =
            Expression::parse(&format!("${inside}")).map_err(|problem| format!("{text:?}: {problem}"))?;
        if !before.is_empty() {
            pieces.push(Piece::Plain(before.to_owned()));
        }
        pieces.push(Piece::Expression(expression));
        rest = behind;
    }
    if pieces.is_empty() {
        return Ok(Template::Literal(Value::String(text.to_owned())));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest.to_owned()));
    }
    Ok(Template::Text(pieces))
}

/// Whether a text means to be an expression as a whole: an amount like `$5` does not.
fn is_expression(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(|it: char| it.is_ascii_alphabetic()) && !rest.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::expression::Root;
    use super::*;

    struct Inputs;

    impl Scope for Inputs {
        fn value(&self, root: &Root) -> Option<Value> {
            match root {
                Root::Input(name) if name == "n" => Some(json!(7)),
                Root::Input(name) if name == "name" => Some(json!("Ada")),
                Root::Input(name) if name == "list" => Some(json!([{ "a": 1 }, { "a": 2 }])),
                _ => None,
            }
        }
    }

    #[test]
    fn expressions_keep_their_type_and_texts_take_them_in() {
        for (template, value) in [
            (json!("$inputs.n"), json!(7)),
            (json!("no {$inputs.n} of {$inputs.name}."), json!("no 7 of Ada.")),
            (json!("{$inputs.n}"), json!("7")),
            (json!("$5 and {braces}"), json!("$5 and {braces}")),
            (json!({ "a": ["$inputs.name", 1, null] }), json!({ "a": ["Ada", 1, null] })),
            (json!({ "a": [1, { "b": true }] }), json!({ "a": [1, { "b": true }] })),
        ] {
            let parsed = Template::parse(&template).unwrap();
            assert_eq!(parsed.fill(&Inputs), Ok(value), "{template}");
        }
    }

    #[test]
    fn what_has_no_value_is_named() {
        let template = Template::parse(&json!({ "a": "x{$inputs.nothing}" })).unwrap();
        assert_eq!(template.fill(&Inputs), Err("$inputs.nothing".to_owned()));
        assert_eq!(template.expressions().len(), 1);
    }

    #[test]
    fn a_bad_expression_is_refused_with_its_place() {
        for template in [json!({ "a": [0, "$nothing.x"] }), json!({ "a": [0, "x {$inputs} y"] })] {
            assert_eq!(Template::parse(&template).map_err(|(at, _)| at), Err("/a/1".to_owned()));
        }
        assert!(Template::parse(&json!("{$inputs.a")).is_err());
    }

    #[test]
    fn selectors_take_a_part() {
        let list = Expression::parse("$inputs.list").unwrap();
        let pointer = Selector::Pointer(vec!["1".into(), "a".into()]);
        assert_eq!(Template::Selected(list.clone(), pointer).fill(&Inputs), Ok(json!(2)));
        let path = Selector::Path(JsonPath::parse("$[*].a").unwrap());
        assert_eq!(Template::Selected(list.clone(), path).fill(&Inputs), Ok(json!([1, 2])));
        let nothing = Selector::Path(JsonPath::parse("$[*].b").unwrap());
        assert!(Template::Selected(list, nothing).fill(&Inputs).is_err());
    }
}
