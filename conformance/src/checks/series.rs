//! What the contract says about a series of exchanges.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use driftline_specs::{Contract, Direction, Operation, Pagination, pointer};
use serde_json::Value;

use super::evidence::Known;
use crate::exchange::{Exchange, Series};
use crate::strategy::{Additional, Node, Reader};

/// A series of exchanges with what checks need to judge it.
#[derive(Debug)]
pub struct SeriesEvidence<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The operation that answers for what is found.
    pub operation: &'a Operation,
    /// The exchanges.
    pub series: &'a Series,
    bodies: Vec<Option<Arc<Value>>>,
    known: &'a Mutex<Known>,
}

impl<'a> SeriesEvidence<'a> {
    pub(super) fn new(
        contract: &'a Contract,
        operation: &'a Operation,
        series: &'a Series,
        bodies: Vec<Option<Arc<Value>>>,
        known: &'a Mutex<Known>,
    ) -> Self {
        Self { contract, operation, series, bodies, known }
    }

    /// The exchange at an index.
    #[must_use]
    pub fn exchange(&self, index: usize) -> Option<&'a Exchange> {
        self.series.exchanges.get(index)
    }

    /// The JSON body of the answer at an index.
    #[must_use]
    pub fn body(&self, index: usize) -> Option<&Value> {
        self.bodies.get(index)?.as_deref()
    }

    /// The operation of the exchange at an index.
    #[must_use]
    pub fn operation_of(&self, index: usize) -> Option<&'a Operation> {
        self.contract.operation(&self.exchange(index)?.request.operation_id)
    }

    /// How the answers of the exchange at an index are split into pages.
    #[must_use]
    pub fn pagination(&self, index: usize) -> Option<&'a Pagination> {
        self.operation_of(index)?.pagination.as_ref()
    }

    /// The items of the page that the exchange at an index was answered with.
    #[must_use]
    pub fn items(&self, index: usize) -> &[Value] {
        let items = self.pagination(index).and_then(|it| self.body(index)?.pointer(&it.items));
        items.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The documented schema of the JSON body that the exchange at an index was answered with.
    #[must_use]
    pub fn schema(&self, index: usize) -> Option<&'a str> {
        let response = self.operation_of(index)?.response_for(self.exchange(index)?.answer.status)?;
        let media_type = response.content.iter().find(|it| it.is_json())?;
        Some(media_type.schema.as_ref()?.pointer.as_str())
    }

    /// Whether the JSON body of the answer at an index is what its schema says.
    #[must_use]
    pub fn is_valid(&self, index: usize) -> bool {
        let (Some(schema), Some(body)) = (self.schema(index), self.body(index)) else { return true };
        let validator = self.contract.validator(schema, Direction::Response);
        validator.is_ok_and(|validator| validator.is_valid(body))
    }

    /// Whether the schema of the answer at an index declares what stands at a location.
    #[must_use]
    pub fn declares(&self, index: usize, location: &str) -> bool {
        let tokens = pointer::tokens(&format!("#{location}")).unwrap_or_default();
        self.schema(index).is_some_and(|schema| self.declared(schema, &tokens).is_some())
    }

    /// Whether the answer at an index should hold what stands at a location: it is declared, and not for requests only.
    #[must_use]
    pub fn is_answered(&self, index: usize, location: &str) -> bool {
        let tokens = pointer::tokens(&format!("#{location}")).unwrap_or_default();
        let Some(schema) = self.schema(index) else { return false };
        let mut known = self.known();
        let node = node(&mut known.reader, schema, &tokens);
        node.is_some_and(|node| !known.reader.shape(&node).stays_out(Direction::Response))
    }

    /// Where a property of the answer at an index is declared that may be any object.
    pub(super) fn free(&self, index: usize, name: &str) -> Option<String> {
        let schema = self.schema(index)?;
        self.known().free(schema, name)
    }

    /// What was read of the contract, and seen, so far.
    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text at a location of the answer at an index in words; only one that the contract lists is shown, since any
    /// other may be a person's data.
    #[must_use]
    pub fn listed(&self, index: usize, location: &str, text: &str) -> String {
        let place = self.place(index, location);
        let listed = self.contract.resolve(&place).and_then(|(_, schema)| schema.get("enum")?.as_array());
        let is_listed = listed.is_some_and(|values| values.iter().any(|value| value.as_str() == Some(text)));
        if is_listed { format!("`{text}`") } else { "a state that is not listed".to_owned() }
    }

    /// The place in the contract that declares what stands at a location of the answer at an index; the operation where
    /// nothing does.
    #[must_use]
    pub fn place(&self, index: usize, location: &str) -> String {
        let otherwise = || self.operation_of(index).unwrap_or(self.operation).pointer.clone();
        let Some(schema) = self.schema(index) else { return otherwise() };
        let tokens = pointer::tokens(&format!("#{location}")).unwrap_or_default();
        self.declared(schema, &tokens).unwrap_or_else(otherwise)
    }

    /// The properties that a schema declares below it for requests, each with its place.
    pub(super) fn properties(&self, schema: &str, tokens: &[String]) -> Vec<(String, String)> {
        let mut known = self.known();
        let Some(node) = node(&mut known.reader, schema, tokens) else { return Vec::new() };
        let declared = known.reader.shape(&node).object.properties.clone();
        let sent = declared.into_iter().filter_map(|(name, node)| match &node {
            Node::Places(places) if !known.reader.shape(&node).stays_out(Direction::Request) => {
                Some((name, places.first()?.clone()))
            }
            _ => None,
        });
        sent.collect()
    }

    /// The place of what a schema declares below it, by names of properties and indices of items.
    pub(super) fn declared(&self, schema: &str, tokens: &[String]) -> Option<String> {
        self.known().below(schema, tokens)
    }
}

/// What a schema declares below it; the tokens are names, indices, and `*` for any item and any value of a map.
pub(super) fn node(reader: &mut Reader, schema: &str, tokens: &[String]) -> Option<Node> {
    tokens.iter().try_fold(Node::at(schema), |node, token| below(reader, &node, token))
}

/// What a node declares under a token.
fn below(reader: &mut Reader, node: &Node, token: &str) -> Option<Node> {
    let shape = reader.shape(node);
    if let Some(property) = shape.property(token) {
        return Some(property.clone());
    }
    if token == "*"
        && let Additional::Schema(value) = &shape.object.additional
    {
        return Some(value.clone());
    }
    if token == "*" || token.bytes().all(|byte| byte.is_ascii_digit()) {
        return shape.array.items.clone();
    }
    let branches: Vec<_> = shape.branches.to_vec();
    branches.iter().find_map(|branch| {
        let shape = reader.branch(&shape, branch);
        shape.property(token).cloned()
    })
}
