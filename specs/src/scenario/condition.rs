//! Simple conditions (Arazzo, "Criterion Object"): comparisons of runtime expressions and literals, with `!`, `&&`, `||`
//! and parentheses.
//!
//! Texts are compared without regard to case, as the specification says. A number in a text counts as that number beside
//! a number: header fields and query parameters are texts.

use std::cmp::Ordering;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::expression::{Expression, Scope};

/// How deep parentheses and negations may nest.
const DEPTH: usize = 32;

/// A simple condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    node: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    Compare(Operand, Operator, Operand),
    Holds(Operand),
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Literal(Value),
    Expression(Expression),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// A comparison of what a JSONPath finds, `$.state == 'open'`: RFC 9535 has none outside of a filter, and documents write
/// them all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    path: JsonPath,
    operator: Operator,
    literal: Value,
}

impl Comparison {
    /// Parses a comparison; `None` where a text is none.
    pub(super) fn parse(text: &str) -> Option<Comparison> {
        OPERATORS.iter().find_map(|(token, operator)| {
            let (path, rest) = text.rsplit_once(token)?;
            let path = JsonPath::parse(path.trim()).ok()?;
            let mut parser = Parser { rest, depth: 0 };
            let literal = match parser.operand().ok()? {
                Operand::Literal(literal) if parser.rest.trim().is_empty() => literal,
                _ => return None,
            };
            Some(Comparison { path, operator: *operator, literal })
        })
    }

    /// Whether it holds of the first value that is found; what is not there is null.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        let found = self.path.query(value).first().cloned().unwrap_or_default();
        compare(&found, self.operator, &self.literal)
    }
}

/// The longer ones first, since they begin like the shorter ones.
const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Condition {
    /// Parses a condition.
    ///
    /// # Errors
    ///
    /// With what is wrong, as a lower-case fragment.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let mut parser = Parser { rest: text, depth: 0 };
        let node = parser.any()?;
        let rest = parser.rest.trim_start();
        if !rest.is_empty() {
            return Err(format!("{rest:?} does not belong to it"));
        }
        Ok(Condition { text: text.to_owned(), node })
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, scope: &dyn Scope) -> bool {
        holds(&self.node, scope)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The expressions in it, from left to right.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found = Vec::new();
        collect(&self.node, &mut found);
        found
    }
}

fn collect<'n>(node: &'n Node, found: &mut Vec<&'n Expression>) {
    let mut operand = |operand: &'n Operand| {
        if let Operand::Expression(expression) = operand {
            found.push(expression);
        }
    };
    match node {
        Node::Any(nodes) | Node::All(nodes) => nodes.iter().for_each(|node| collect(node, found)),
        Node::Not(node) => collect(node, found),
        Node::Compare(left, _, right) => {
            operand(left);
            operand(right);
        }
        Node::Holds(left) => operand(left),
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.all()?];
        while self.eat("||") {
            nodes.push(self.all()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) })
    }

    fn all(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.one()?];
        while self.eat("&&") {
            nodes.push(self.one()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) })
    }

    fn one(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("it nests deeper than {DEPTH} levels"));
        }
        let node = if self.eat("(") {
            let node = self.any()?;
            if !self.eat(")") {
                return Err("a `(` is not closed".to_owned());
            }
            node
        } else if !self.rest.starts_with("!=") && self.eat("!") {
            Node::Not(Box::new(self.one()?))
        } else {
            let left = self.operand()?;
            match OPERATORS.iter().find(|(token, _)| self.eat(token)) {
                Some((_, operator)) => Node::Compare(left, *operator, self.operand()?),
                None => Node::Holds(left),
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('$') {
            let (expression, rest) = Expression::parse_prefix(self.rest, true)?;
            self.rest = rest;
            return Ok(Operand::Expression(expression));
        }
        if let Some(quote) = self.rest.chars().next().filter(|it| matches!(it, '\'' | '"')) {
            return self.text(quote).map(|text| Operand::Literal(Value::String(text)));
        }
        let end = self.rest.find(|it: char| it.is_whitespace() || "()!=<>&|".contains(it));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let literal = match word {
            "" => return Err("a value is missing".to_owned()),
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number => {
                serde_json::from_str::<serde_json::Number>(number).map(Value::Number).map_err(|_| {
                    format!(
                        "{number:?} is no value: a text is written in quotes, an expression begins with `$`"
                    )
                })?
            }
        };
        self.rest = rest;
        Ok(Operand::Literal(literal))
    }

    /// Reads a text in quotes; a quote inside it is doubled.
    fn text(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if character != quote {
                text.push(character);
            } else if characters.peek().is_some_and(|(_, next)| *next == quote) {
                text.push(quote);
                characters.next();
            } else {
                self.rest = self.rest.get(at + quote.len_utf8()..).unwrap_or_default();
                return Ok(text);
            }
        }
        Err("a text is not closed".to_owned())
    }
}

fn holds(node: &Node, scope: &dyn Scope) -> bool {
    match node {
        Node::Any(nodes) => nodes.iter().any(|node| holds(node, scope)),
        Node::All(nodes) => nodes.iter().all(|node| holds(node, scope)),
        Node::Not(node) => !holds(node, scope),
        Node::Compare(left, operator, right) => compare(&value(left, scope), *operator, &value(right, scope)),
        // Nothing, null and false do not hold; whatever else is there does.
        Node::Holds(operand) => !matches!(value(operand, scope), Value::Null | Value::Bool(false)),
    }
}

/// The value of an operand; what is not there is null.
fn value(operand: &Operand, scope: &dyn Scope) -> Value {
    match operand {
        Operand::Literal(value) => value.clone(),
        Operand::Expression(expression) => expression.value(scope).unwrap_or_default(),
    }
}

fn compare(left: &Value, operator: Operator, right: &Value) -> bool {
    let order = order(left, right);
    match operator {
        Operator::Equal => order.map_or(left == right, Ordering::is_eq),
        Operator::Unequal => order.map_or(left != right, Ordering::is_ne),
        Operator::Less => order.is_some_and(Ordering::is_lt),
        Operator::AtMost => order.is_some_and(Ordering::is_le),
        Operator::Greater => order.is_some_and(Ordering::is_gt),
        Operator::AtLeast => order.is_some_and(Ordering::is_ge),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.to_lowercase().cmp(&right.to_lowercase())),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        (Value::String(text), Value::Number(number)) => {
            text.trim().parse::<f64>().ok()?.partial_cmp(&number.as_f64()?)
        }
        (Value::Number(_), Value::String(_)) => order(right, left).map(Ordering::reverse),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::expression::{Part, Root};
    use super::*;

    struct Answer;

    impl Scope for Answer {
        fn value(&self, root: &Root) -> Option<Value> {
            match root {
                Root::StatusCode => Some(json!(201)),
                Root::Response(Part::Body) => {
                    Some(json!({ "state": "Open", "items": [{ "n": 3 }], "done": true, "none": null }))
                }
                Root::Response(Part::Header(name)) => (name == "X-Total").then(|| json!("12")),
                Root::Input(name) => Some(json!(name)),
                _ => None,
            }
        }
    }

    #[test]
    fn conditions_hold_or_not() {
        for (text, holds) in [
            ("$statusCode == 201", true),
            ("$statusCode==201", true),
            ("$statusCode != 201", false),
            ("$statusCode >= 200 && $statusCode < 300", true),
            ("$statusCode < 200 || $statusCode > 299", false),
            ("!($statusCode == 404)", true),
            ("!!$response.body#/done", true),
            ("$response.body#/state == 'open'", true),
            ("$response.body#/state == \"OPEN\"", true),
            ("$response.body#/state != 'closed'", true),
            ("$response.body#/done", true),
            ("$response.body#/done == true", true),
            ("$response.body#/none == null", true),
            ("$response.body#/nothing == null", true),
            ("$response.body#/nothing", false),
            ("$response.body#/nothing > 1", false),
            ("$response.body.items[0].n == 3.0", true),
            ("$response.header.X-Total == 12", true),
            ("$response.header.X-Total > 2", true),
            ("100 < $response.header.X-Total", false),
            ("$inputs.it == 'it'", true),
            ("'it''s' == \"it's\"", true),
            ("true && (false || true)", true),
            ("$response.body#/items == $response.body#/items", true),
            ("-1.5e1 < 0", true),
        ] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(condition.holds(&Answer), holds, "{text}");
        }
    }

    #[test]
    fn what_a_path_finds_may_be_compared() {
        let body = json!({ "token": "x", "n": 3, "list": [] });
        for (text, holds) in [
            ("$.token != null", true),
            ("$.nothing != null", false),
            ("$.nothing == null", true),
            ("$.n >= 3", true),
            ("$.n < 3", false),
            ("$['token'] == 'X'", true),
        ] {
            assert_eq!(Comparison::parse(text).map(|it| it.holds(&body)), Some(holds), "{text}");
        }
        for text in ["$.a", "$.a ==", "$.a == $.b", "a == 1", "$.a == open"] {
            assert_eq!(Comparison::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in [
            "",
            "$statusCode ==",
            "$statusCode = 200",
            "== 200",
            "$statusCode == 200 200",
            "($statusCode == 200",
            "$statusCode == open",
            "$response.body#/a == 'open",
            "$nothing == 1",
            "$statusCode == 200 &&",
            "$statusCode == 0x1",
            "$statusCode == NaN",
        ] {
            assert!(Condition::parse(text).is_err(), "{text}");
        }
        let deep = format!("{}true{}", "(".repeat(1000), ")".repeat(1000));
        assert!(Condition::parse(&deep).is_err());
    }
}
