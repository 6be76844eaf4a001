//! Runtime expressions (Arazzo 1.0.1 and 1.1.0, "Runtime Expressions"): what a workflow says of values that are known
//! only when it runs.
//!
//! They are parsed when the document is read, so that a misspelled one fails before anything is sent.

use std::fmt;

use serde_json::Value;

use crate::pointer;

/// A runtime expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// As it is written.
    text: String,
    /// What it names.
    root: Root,
    /// What is taken of that, from the outside in: names of properties and indices of items.
    below: Vec<String>,
}

/// What a runtime expression begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Root {
    /// `$url`: the address of the request.
    Url,
    /// `$method`: the method of the request.
    Method,
    /// `$statusCode`: the status of the answer.
    StatusCode,
    /// `$self`: the address of the document.
    Itself,
    /// `$request.…`: a part of what was sent.
    Request(Part),
    /// `$response.…`: a part of what was answered.
    Response(Part),
    /// `$inputs.NAME`: an input of the workflow.
    Input(String),
    /// `$outputs.NAME`: an output of the workflow itself.
    Output(String),
    /// `$steps.STEP.outputs.NAME`: an output of a step of the same workflow.
    StepOutput {
        /// The step.
        step: String,
        /// The output.
        output: String,
    },
    /// `$workflows.WORKFLOW.inputs.NAME`: an input that another workflow was given.
    WorkflowInput {
        /// The workflow.
        workflow: String,
        /// The input.
        input: String,
    },
    /// `$workflows.WORKFLOW.outputs.NAME`: an output of another workflow.
    WorkflowOutput {
        /// The workflow.
        workflow: String,
        /// The output.
        output: String,
    },
    /// `$sourceDescriptions.SOURCE.REFERENCE`: something of a source description: its `url`, an operation, a workflow.
    Source {
        /// The source description.
        source: String,
        /// What of it.
        reference: String,
    },
    /// `$components.KIND.NAME`: something reusable of the document.
    Component {
        /// `parameters`, `inputs`, `successActions` or `failureActions`.
        kind: String,
        /// Its name.
        name: String,
    },
}

/// A part of a request or of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A header field, by its name in any case.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A path parameter.
    Path(String),
    /// The body; what is taken of it stands behind it.
    Body,
}

/// What a workflow knows when it runs.
pub trait Scope {
    /// Returns the value of what an expression begins with; `None` where there is none.
    fn value(&self, root: &Root) -> Option<Value>;
}

impl Expression {
    /// Parses a whole text as a runtime expression.
    ///
    /// # Errors
    ///
    /// With what is wrong, as a lower-case fragment.
    pub fn parse(text: &str) -> Result<Expression, String> {
        let (expression, rest) = Expression::parse_prefix(text, false)?;
        if rest.is_empty() { Ok(expression) } else { Err(format!("{rest:?} does not belong to it")) }
    }

    /// Parses the expression that a text begins with, and returns what is left of the text.
    ///
    /// In a condition an expression ends before an operator.
    pub(super) fn parse_prefix(text: &str, in_condition: bool) -> Result<(Expression, &str), String> {
        let Some(inside) = text.strip_prefix('$') else {
            return Err("a runtime expression begins with `$`".to_owned());
        };
        let ends = |it: char| it.is_whitespace() || "()!=<>&|,".contains(it);
        let end = if in_condition { inside.find(ends).unwrap_or(inside.len()) } else { inside.len() };
        let (token, rest) = inside.split_at(end);
        let (path, fragment) = match token.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (token, None),
        };
        let (path, mut below) = indices(path)?;
        let root = root(&path, &mut below)?;
        if let Some(fragment) = fragment {
            let tokens = pointer::tokens(fragment)
                .ok_or_else(|| format!("{fragment:?} is no JSON Pointer (RFC 6901)"))?;
            below.extend(tokens);
        }
        let text = format!("${token}");
        Ok((Expression { text, root, below }, rest))
    }

    /// What it begins with.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What it takes of that, as a JSON Pointer without `#`.
    #[must_use]
    pub fn below_pointer(&self) -> String {
        pointer::from_tokens(&self.below).trim_start_matches('#').to_owned()
    }

    /// Returns its value; `None` where there is none.
    #[must_use]
    pub fn value(&self, scope: &dyn Scope) -> Option<Value> {
        let found = scope.value(&self.root)?;
        let found = self.below.iter().try_fold(&found, |value, token| pointer::child(value, token));
        found.cloned()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

/// Takes indices (`[0]`) and what stands behind them off a path.
fn indices(path: &str) -> Result<(String, Vec<String>), String> {
    let Some((path, rest)) = path.split_once('[') else { return Ok((path.to_owned(), Vec::new())) };
    let mut below = Vec::new();
    for part in rest.split('[') {
        let (index, after) = part.split_once(']').ok_or("a `[` is not closed")?;
        let name = index.trim_matches(['\'', '"']);
        if name.is_empty() || (name == index && !index.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(format!("{index:?} is no index of an item"));
        }
        below.push(name.to_owned());
        let names = after.split('.').filter(|name| !name.is_empty());
        below.extend(names.map(str::to_owned));
    }
    Ok((path.to_owned(), below))
}

/// Reads what an expression begins with; names of properties behind a body go to `below`.
fn root(path: &str, below: &mut Vec<String>) -> Result<Root, String> {
    let unknown = || format!("nothing is called `${path}`");
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let named = |rest: &str| if rest.is_empty() { Err(unknown()) } else { Ok(rest.to_owned()) };
    match first {
        "url" if rest.is_empty() => Ok(Root::Url),
        "method" if rest.is_empty() => Ok(Root::Method),
        "statusCode" if rest.is_empty() => Ok(Root::StatusCode),
        "self" if rest.is_empty() => Ok(Root::Itself),
        "request" => Ok(Root::Request(part(rest, below).ok_or_else(unknown)?)),
        "response" => match part(rest, below).ok_or_else(unknown)? {
            Part::Query(_) | Part::Path(_) => Err(format!("an answer has no `{rest}`")),
            part => Ok(Root::Response(part)),
        },
        "inputs" => Ok(Root::Input(named(rest)?)),
        "outputs" => Ok(Root::Output(named(rest)?)),
        "steps" => {
            let (step, output) = rest.split_once(".outputs.").ok_or_else(unknown)?;
            Ok(Root::StepOutput { step: named(step)?, output: named(output)? })
        }
        "workflows" => {
            if let Some((workflow, output)) = rest.split_once(".outputs.") {
                return Ok(Root::WorkflowOutput { workflow: named(workflow)?, output: named(output)? });
            }
            let (workflow, input) = rest.split_once(".inputs.").ok_or_else(unknown)?;
            Ok(Root::WorkflowInput { workflow: named(workflow)?, input: named(input)? })
        }
        "sourceDescriptions" => {
            let (source, reference) = rest.split_once('.').ok_or_else(unknown)?;
            Ok(Root::Source { source: named(source)?, reference: named(reference)? })
        }
        "components" => {
            let (kind, name) = rest.split_once('.').ok_or_else(unknown)?;
            let kinds = ["parameters", "inputs", "successActions", "failureActions"];
            if !kinds.contains(&kind) {
                return Err(format!("a document has no components called `{kind}`"));
            }
            Ok(Root::Component { kind: kind.to_owned(), name: named(name)? })
        }
        _ => Err(unknown()),
    }
}

fn part(rest: &str, below: &mut Vec<String>) -> Option<Part> {
    let (kind, name) = rest.split_once('.').unwrap_or((rest, ""));
    match kind {
        "header" if !name.is_empty() => Some(Part::Header(name.to_owned())),
        "query" if !name.is_empty() => Some(Part::Query(name.to_owned())),
        "path" if !name.is_empty() => Some(Part::Path(name.to_owned())),
        "body" => {
            let names = name.split('.').filter(|name| !name.is_empty());
            // What stands in brackets is behind these.
            below.splice(0..0, names.map(str::to_owned));
            Some(Part::Body)
        }
        _ => None,
    }
}

/// Returns the value of a name that may itself have dots, or lead into an object by them.
#[must_use]
pub fn named<'v>(members: &'v serde_json::Map<String, Value>, name: &str) -> Option<&'v Value> {
    if let Some(value) = members.get(name) {
        return Some(value);
    }
    name.match_indices('.').find_map(|(at, _)| {
        let inside = members.get(name.get(..at)?)?.as_object()?;
        named(inside, name.get(at + 1..)?)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Known(Value);

    impl Scope for Known {
        fn value(&self, _: &Root) -> Option<Value> {
            Some(self.0.clone())
        }
    }

    #[test]
    fn every_kind_of_expression_is_read() {
        let output = |step: &str, output: &str| Root::StepOutput { step: step.into(), output: output.into() };
        for (text, root) in [
            ("$url", Root::Url),
            ("$method", Root::Method),
            ("$statusCode", Root::StatusCode),
            ("$self", Root::Itself),
            ("$request.header.Accept", Root::Request(Part::Header("Accept".into()))),
            ("$request.query.limit", Root::Request(Part::Query("limit".into()))),
            ("$request.path.id", Root::Request(Part::Path("id".into()))),
            ("$request.body", Root::Request(Part::Body)),
            ("$response.header.Location", Root::Response(Part::Header("Location".into()))),
            ("$response.body#/a/0/b~1c", Root::Response(Part::Body)),
            ("$inputs.user.name", Root::Input("user.name".into())),
            ("$outputs.id", Root::Output("id".into())),
            ("$steps.create.outputs.id", output("create", "id")),
            ("$workflows.w.inputs.a", Root::WorkflowInput { workflow: "w".into(), input: "a".into() }),
            ("$workflows.w.outputs.a", Root::WorkflowOutput { workflow: "w".into(), output: "a".into() }),
            ("$sourceDescriptions.s.url", Root::Source { source: "s".into(), reference: "url".into() }),
            ("$components.parameters.p", Root::Component { kind: "parameters".into(), name: "p".into() }),
        ] {
            let parsed = Expression::parse(text);
            assert_eq!(parsed.as_ref().map(Expression::root), Ok(&root), "{text}");
            assert_eq!(parsed.map(|it| it.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "url",
            "$",
            "$nothing",
            "$statusCode.x",
            "$request",
            "$request.header",
            "$response.query.a",
            "$response.path.a",
            "$response.body#a",
            "$inputs",
            "$steps.create",
            "$steps.create.outputs.",
            "$workflows.w",
            "$sourceDescriptions.s",
            "$components.schemas.a",
        ] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pointer_and_names_lead_into_a_body() {
        let body = Known(json!({ "items": [{ "id": 7 }, { "id": 8 }], "a/b": true }));
        for (text, value) in [
            ("$response.body", Some(body.0.clone())),
            ("$response.body#/items/1/id", Some(json!(8))),
            ("$response.body#/a~1b", Some(json!(true))),
            ("$response.body#/items/2/id", None),
            ("$response.body#/nothing", None),
        ] {
            assert_eq!(Expression::parse(text).unwrap().value(&body), value, "{text}");
        }
        let (expression, rest) = Expression::parse_prefix("$response.body.items[1].id == 8", true).unwrap();
        assert_eq!((expression.value(&body), rest), (Some(json!(8)), " == 8"));
        assert!(Expression::parse_prefix("$response.body.items[x]", true).is_err());
    }

    #[test]
    fn a_name_may_have_dots_or_lead_into_an_object() {
        let members = json!({ "a.b": 1, "a": { "c": { "d": 2 } } });
        let members = members.as_object().unwrap();
        assert_eq!(named(members, "a.b"), Some(&json!(1)));
        assert_eq!(named(members, "a.c.d"), Some(&json!(2)));
        assert_eq!(named(members, "a.x"), None);
    }
}
