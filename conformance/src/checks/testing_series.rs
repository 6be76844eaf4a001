//! A small contract with a list, and hand-made series, for the tests of the checks that judge several exchanges.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use driftline_specs::Contract;
use serde_json::{Value, json};

use super::{Judge, Observation};
use crate::exchange::{Ending, Exchange, Intent, Rests, Series, SeriesKind, Trial};
use crate::request::{Body, Request};
use crate::selection::{Relation, Selection};
use crate::sequence::{Asking, Sequence, SequenceStep};
use crate::target::Answer;
use crate::variation::Variation;

const CONTRACT: &str = r##"{
  "openapi": "3.0.0",
  "info": { "title": "Parcels", "version": "1" },
  "paths": {
    "/parcels": {
      "post": {
        "operationId": "createParcel",
        "requestBody": { "content": { "application/json": {
          "schema": { "$ref": "#/components/schemas/NewParcel" } } } },
        "responses": { "201": { "description": "made", "content": { "application/json": {
          "schema": { "$ref": "#/components/schemas/Parcel" } } } } }
      },
      "get": {
        "operationId": "listParcels",
        "x-pagination": { "style": "offset", "offset": "offset", "limit": "limit",
          "items": "/parcels", "total": "/page/total", "next": "/page/next" },
        "parameters": [
          { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 4, "default": 2 } },
          { "name": "offset", "in": "query", "schema": { "type": "integer" } },
          { "name": "state", "in": "query", "schema": { "type": "string" } },
          { "name": "weight", "in": "query", "schema": { "type": "number" } }
        ],
        "responses": { "200": { "description": "all", "content": { "application/json": { "schema": {
          "type": "object", "properties": {
            "parcels": { "type": "array", "items": { "$ref": "#/components/schemas/Parcel" } },
            "page": { "type": "object", "properties": {
              "total": { "type": "integer" }, "next": { "type": "string" } } } } } } } } }
      }
    },
    "/parcels/{id}": {
      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
      "get": {
        "operationId": "getParcel",
        "responses": { "200": { "description": "one", "content": { "application/json": {
          "schema": { "$ref": "#/components/schemas/Parcel" } } } }, "404": { "description": "no such parcel" } }
      },
      "put": {
        "operationId": "replaceParcel",
        "requestBody": { "content": { "application/json": {
          "schema": { "$ref": "#/components/schemas/NewParcel" } } } },
        "responses": { "200": { "description": "replaced", "content": { "application/json": {
          "schema": { "$ref": "#/components/schemas/Parcel" } } } } }
      },
      "delete": {
        "operationId": "deleteParcel",
        "responses": { "204": { "description": "gone" } }
      }
    },
    "/parcels/{id}/send": {
      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
      "post": {
        "operationId": "sendParcel",
        "responses": { "200": { "description": "sent" }, "202": { "description": "soon" },
          "401": { "description": "who are you" }, "404": { "description": "no such parcel" },
          "409": { "description": "not now" } }
      }
    },
    "/parcels/{id}/record": {
      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
      "get": {
        "operationId": "getRecord",
        "responses": { "200": { "description": "what was ordered", "content": { "application/json": { "schema": {
          "type": "object", "properties": {
            "id": { "type": "string" },
            "name": { "type": "string" },
            "ordered": { "$ref": "#/components/schemas/NewParcel" } } } } } } }
      }
    }
  },
  "components": { "schemas": {
    "NewParcel": { "type": "object", "properties": {
      "name": { "type": "string" },
      "weight": { "type": "number" },
      "note": { "type": "string", "nullable": true },
      "account": { "type": "string" },
      "pin": { "type": "string", "writeOnly": true },
      "due": { "type": "string", "format": "date-time" },
      "tags": { "type": "array", "items": { "type": "string" } },
      "address": { "type": "object", "properties": { "city": { "type": "string" } } },
      "size": { "type": "string", "default": "small" },
      "secret": { "type": "string" },
      "code": { "type": "string" },
      "service": { "type": "string", "enum": ["fast", "slow", "default"] }
    } },
    "Parcel": { "type": "object", "properties": {
      "id": { "type": "string" },
      "state": { "type": "string", "enum": ["open", "sent", "lost", "closed", "new"] },
      "name": { "type": "string" },
      "weight": { "type": "number" },
      "note": { "type": "string", "nullable": true },
      "account": { "type": "string" },
      "pin": { "type": "string", "writeOnly": true },
      "due": { "type": "string", "format": "date-time" },
      "seen": { "type": "string", "format": "date-time" },
      "size": { "type": "string" },
      "code": { "type": "string" },
      "service": { "type": "string", "enum": ["fast", "slow"] },
      "created_at": { "type": "string", "format": "date-time" },
      "updated_at": { "type": "string", "format": "date-time" },
      "parts": { "type": "array", "items": { "type": "object", "properties": {
        "id": { "type": "string" }, "name": { "type": "string" } } } },
      "tags": { "type": "array", "items": { "type": "string" } },
      "address": { "type": "object", "properties": { "city": { "type": "string" } } }
    } }
  } }
}"##;

/// A success of an operation that was asked with a query, and with a body unless that is null.
fn exchange(operation: &str, query: &str, sent: &Value, answered: &Value) -> Exchange {
    let contract = contract();
    let operation = contract.operation(operation).unwrap();
    let body = (!sent.is_null())
        .then(|| Body { media_type: "application/json".to_owned(), content: sent.to_string() });
    Exchange {
        intent: Intent::SetUp,
        request: Request {
            operation_id: operation.id.clone(),
            method: operation.method,
            template: operation.path.clone(),
            path: operation.path.replace("{id}", "a"),
            query: query.to_owned(),
            headers: Vec::new(),
            body,
        },
        answer: Answer {
            status: if sent.is_null() { 200 } else { 201 },
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Bytes::from(answered.to_string()),
            elapsed: Duration::from_millis(1),
        },
    }
}

fn contract() -> Contract {
    Contract::from_text("parcels.json", CONTRACT).unwrap()
}

/// A page of the list; the total is left out where there is none.
pub(super) fn page(items: &[Value], total: Option<u64>) -> Value {
    match total {
        Some(total) => json!({ "parcels": items, "page": { "total": total } }),
        None => json!({ "parcels": items }),
    }
}

/// Parcels with these identifiers.
pub(super) fn parcels(ids: &[&str]) -> Vec<Value> {
    ids.iter().map(|id| json!({ "id": id })).collect()
}

/// One page of the list, by itself.
pub(super) fn listed(query: &str, answered: &Value) -> Exchange {
    exchange("listParcels", query, &Value::Null, answered)
}

/// A parcel that is read twice.
pub(super) fn again(first: &Value, second: &Value) -> Series {
    let read = |answered| exchange("getParcel", "", &Value::Null, answered);
    series(SeriesKind::Again, vec![read(first), read(second)])
}

/// A parcel that is created, then read by an operation.
pub(super) fn written(reader: &str, sent: &Value, answered: &Value) -> Series {
    let created = exchange("createParcel", "", sent, &json!({ "id": "a" }));
    let kind = SeriesKind::WriteThenRead { reader: reader.to_owned() };
    series(kind, vec![created, exchange(reader, "", &Value::Null, answered)])
}

/// A parcel that is created, then looked for on the pages of the list.
pub(super) fn created(answered: &Value, pages: &[Value]) -> Series {
    let mut exchanges = vec![exchange("createParcel", "", &json!({ "name": "n" }), answered)];
    exchanges.extend(pages.iter().map(|page| listed("", page)));
    series(SeriesKind::CreateThenList { list: "listParcels".to_owned() }, exchanges)
}

/// The list: its largest page, then page by page.
pub(super) fn walk(whole: &Value, pages: &[Value]) -> Series {
    let mut exchanges = vec![listed("limit=4", whole)];
    exchanges.extend(pages.iter().map(|page| listed("limit=2", page)));
    series(SeriesKind::Walk { size: 2 }, exchanges)
}

/// The list: its largest page, then some of it.
pub(super) fn filtered(parameters: &[&str], query: &str, whole: &[Value], kept: &[Value]) -> Series {
    let items = [whole, kept].concat();
    // Where no item has the property, it would be called like the parameter.
    let named = |it: &str| {
        let (parameter, place) = (it.to_owned(), format!("/{it}"));
        Selection::of(it, &items).unwrap_or(Selection { parameter, place, relation: Relation::Is })
    };
    let parameters = parameters.iter().map(|it| named(it)).collect();
    let unfiltered = listed("limit=4", &page(whole, None));
    let exchanges = vec![unfiltered.clone(), listed(query, &page(kept, None)), unfiltered];
    series(SeriesKind::Filter { parameters }, exchanges)
}

/// The list, whose items do not say their state, asked for what is open, with the first two of its items read before and
/// after.
pub(super) fn filtered_and_read(before: [&str; 2], kept: &[&str], after: [&str; 2]) -> Series {
    let names = ["a", "b"];
    let unfiltered = listed("limit=4", &page(&parcels(&["a", "b", "c"]), None));
    let read = |states: [&str; 2]| {
        let said = |at: usize| json!({ "parcel": { "id": names[at], "state": states[at] } });
        [0, 1].map(|at| exchange("getParcel", "", &Value::Null, &said(at)))
    };
    let mut exchanges = vec![unfiltered.clone()];
    exchanges.extend(read(before));
    exchanges.push(listed("state=open&limit=4", &page(&parcels(kept), None)));
    exchanges.extend(read(after));
    exchanges.push(unfiltered);
    let kind = SeriesKind::FilterThenRead {
        selection: Selection {
            parameter: "state".to_owned(),
            place: "/state".to_owned(),
            relation: Relation::Is,
        },
        beside: Vec::new(),
        reader: "getParcel".to_owned(),
        items: names.map(str::to_owned).to_vec(),
    };
    series(kind, exchanges)
}

/// The list, asked for in an order.
pub(super) fn ordered(property: &str, descends: Option<bool>, items: &[Value]) -> Series {
    let kind = SeriesKind::Order { parameter: "sort".to_owned(), property: property.to_owned(), descends };
    series(kind, vec![listed("sort=it", &page(items, None))])
}

/// An open parcel that is asked to be sent, where that leads to these states, and is read again.
pub(super) fn sent(to: &[&str], status: u16, after: &str) -> Series {
    let read = |state: &str| exchange("getParcel", "", &Value::Null, &json!({ "id": "a", "state": state }));
    let mut asked = exchange("sendParcel", "", &Value::Null, &Value::Null);
    asked.answer.status = status;
    let kind = SeriesKind::Transition {
        reader: "getParcel".to_owned(),
        state: "/state".to_owned(),
        from: "open".to_owned(),
        to: to.iter().map(|state| (*state).to_owned()).collect(),
        later: vec!["closed".to_owned()],
        passes: false,
    };
    Series { trial: Trial::First, ..series(kind, vec![read("open"), asked, read(after)]) }
}

/// A replacement that is refused, and the parcel as it is read before and after.
pub(super) fn read_around(sent: &Value, before: &Value, after: &Value) -> Series {
    let read = |answered| exchange("getParcel", "", &Value::Null, answered);
    let mut asked = exchange("replaceParcel", "", sent, &Value::Null);
    asked.answer.status = 422;
    let rests = Rests { state: "/state".to_owned(), states: vec!["open".to_owned()] };
    let kind = SeriesKind::Refused { shows: "getParcel".to_owned(), rests: Some(rests) };
    series(kind, vec![read(before), asked, read(after)])
}

/// A creation that is refused, and how many parcels the list has before and after.
pub(super) fn listed_around(before: u64, after: u64) -> Series {
    let list = |total| listed("", &page(&parcels(&["a"]), Some(total)));
    let mut asked = exchange("createParcel", "", &json!({ "name": "n" }), &Value::Null);
    asked.answer.status = 422;
    let kind = SeriesKind::Refused { shows: "listParcels".to_owned(), rests: None };
    series(kind, vec![list(before), asked, list(after)])
}

/// A parcel that is read, asked for by another operation, and read again.
pub(super) fn missed(operation: &str, status: u16) -> Series {
    let read = exchange("getParcel", "", &Value::Null, &json!({ "id": "a" }));
    let mut asked = exchange(operation, "", &Value::Null, &Value::Null);
    asked.answer.status = status;
    let kind = SeriesKind::Missed { reader: "getParcel".to_owned() };
    Series { trial: Trial::First, ..series(kind, vec![read.clone(), asked, read]) }
}

/// A list that is given, something else that is asked for, and the list again.
pub(super) fn admitted(status: u16) -> Series {
    let list = listed("", &page(&parcels(&["a"]), Some(1)));
    let mut asked = exchange("sendParcel", "", &Value::Null, &Value::Null);
    asked.answer.status = status;
    series(SeriesKind::Admitted { beside: "listParcels".to_owned() }, vec![list.clone(), asked, list])
}

/// What a creation was answered with, and what is read right after it.
pub(super) fn compared(trial: Trial, answered: &Value, read: &Value) -> Series {
    let created = exchange("createParcel", "", &json!({}), answered);
    let kind = SeriesKind::WriteThenRead { reader: "getParcel".to_owned() };
    Series { trial, ..series(kind, vec![created, exchange("getParcel", "", &Value::Null, read)]) }
}

/// A parcel that is replaced by these bodies, and what is read after each.
pub(super) fn rewritten(trial: Trial, first: &str, second: &str, before: &Value, after: &Value) -> Series {
    let put = |body: &str| exchange("replaceParcel", "", &serde_json::from_str(body).unwrap(), &json!({}));
    let read = |answered: &Value| exchange("getParcel", "", &Value::Null, answered);
    let kind = SeriesKind::Rewrite { reader: "getParcel".to_owned(), then: json!({}) };
    Series { trial, ..series(kind, vec![put(first), read(before), put(second), read(after)]) }
}

/// Two parcels that are created with these names.
pub(super) fn created_twice(names: [&str; 2], answered: [&Value; 2]) -> Series {
    let create = |at: usize| exchange("createParcel", "", &json!({ "name": names[at] }), answered[at]);
    series(SeriesKind::CreateTwice { then: json!({}) }, vec![create(0), create(1)])
}

/// The list without a parameter, with its default, and without it again.
pub(super) fn defaulted(parameter: &str, answered: &[&Value]) -> Series {
    let exchanges = answered.iter().map(|answered| listed("", answered)).collect();
    series(SeriesKind::Default { parameter: parameter.to_owned() }, exchanges)
}

/// A page of the list, and its most telling item as it is read.
pub(super) fn listed_and_read(trial: Trial, items: &[Value], read: &Value) -> Series {
    let kind = SeriesKind::ListThenRead { reader: "getParcel".to_owned(), rank: 0 };
    let exchanges = vec![listed("", &page(items, None)), exchange("getParcel", "", &Value::Null, read)];
    Series { trial, ..series(kind, exchanges) }
}

/// A step of a sequence.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) operation: &'static str,
    pub(super) thing: usize,
    pub(super) sent: Value,
    pub(super) status: u16,
    /// How reading each of both things is answered after it.
    pub(super) reads: [(u16, Value); 2],
}

/// Two parcels with these names to which something is done; they can be sent while they are open, and get lost by
/// themselves.
pub(super) fn played(names: [&str; 2], steps: &[Step]) -> Series {
    let life = json!({ "name": "parcel", "read": "getParcel", "parameter": "id", "state": "/state",
        "initial": ["open"], "transitions": [
            { "operation": "sendParcel", "from": ["open"], "to": ["sent"] },
            { "from": ["sent"], "to": ["lost"] } ] });
    let asking = |value: &Value| Asking { variant: 0, value: value.clone() };
    let read = |status: u16, body: &Value| {
        let mut read = exchange("getParcel", "", &Value::Null, body);
        read.answer.status = status;
        read
    };
    let create = |name: &str| exchange("createParcel", "", &json!({ "name": name }), &json!({}));
    let fresh = |name: &str| read(200, &json!({ "id": "x", "state": "open", "name": name }));
    let mut exchanges: Vec<Exchange> = names.map(create).into_iter().chain(names.map(fresh)).collect();
    for step in steps {
        let mut acted = exchange(step.operation, "", &step.sent, &json!({}));
        acted.answer.status = step.status;
        exchanges.push(acted);
        exchanges.extend(step.reads.iter().map(|(status, body)| read(*status, body)));
    }
    let steps = steps.iter().map(|step| SequenceStep {
        operation_id: step.operation.to_owned(),
        thing: step.thing,
        asking: asking(&step.sent),
    });
    let sequence = Sequence {
        reader: "getParcel".to_owned(),
        second: asking(&json!({})),
        steps: steps.collect(),
        life: Some(Arc::new(serde_json::from_value(life).unwrap())),
    };
    series(SeriesKind::Sequence(Arc::new(sequence)), exchanges)
}

/// A parcel whose creation is varied in one thing, with the statuses of the answers; the last is that of the original.
pub(super) fn varied(keyword: &str, statuses: &[u16]) -> Series {
    let variation = Variation {
        keyword: keyword.to_owned(),
        contract: "#/components/schemas/NewParcel/properties/name".to_owned(),
        location: "/body/name".to_owned(),
        value: Some(json!("n")),
        expected: "it may be so".to_owned(),
        variant: 0,
        elsewhere: None,
        control: None,
    };
    let answered = statuses.iter().map(|status| {
        let mut one = exchange("createParcel", "", &json!({ "name": "n" }), &json!({}));
        one.answer.status = *status;
        one
    });
    let kind = SeriesKind::Variation(Arc::new(variation));
    Series { trial: Trial::First, ..series(kind, answered.collect()) }
}

/// A request to create something that was sent again and again, with the statuses of the last answers.
pub(super) fn retried(statuses: &[u16]) -> Series {
    Series { kind: SeriesKind::Retry, ..varied("retried", statuses) }
}

pub(super) fn series(kind: SeriesKind, exchanges: Vec<Exchange>) -> Series {
    Series { kind, exchanges, ending: Ending::Done, trial: Trial::Last }
}

/// The same series with another ending.
pub(super) fn ended(series: Series, ending: Ending) -> Series {
    Series { ending, ..series }
}

/// What a check finds in a series.
pub(super) fn judged(check: &str, series: &Series) -> Vec<Observation> {
    let contract = contract();
    let subject = match (&series.kind, series.trial) {
        (
            SeriesKind::Transition { .. }
            | SeriesKind::Missed { .. }
            | SeriesKind::Admitted { .. }
            | SeriesKind::Refused { .. },
            _,
        ) => &series.exchanges[1].request.operation_id,
        (SeriesKind::Variation(_), _) => "createParcel",
        (SeriesKind::Sequence(sequence), _) => {
            sequence.steps.last().map_or("createParcel", |step| &step.operation_id)
        }
        (_, Trial::First) => &series.exchanges[0].request.operation_id,
        (_, Trial::Last) => &series.exchanges.last().unwrap().request.operation_id,
    };
    let operation = contract.operation(subject).unwrap().clone();
    let mut found = Judge::new(contract, None).judge_series(&operation, series);
    found.retain(|it| it.check == check);
    found
}

/// What a check finds in a series, each as its rule, its location and what was observed.
pub(super) fn told(check: &str, series: &Series) -> Vec<String> {
    judged(check, series).iter().map(in_short).collect()
}

/// What a check finds in one exchange, in the same words.
pub(super) fn told_of_one(check: &str, exchange: &Exchange) -> Vec<String> {
    let contract = contract();
    let operation = contract.operation(&exchange.request.operation_id).unwrap().clone();
    let mut found = Judge::new(contract, None).judge(&operation, exchange);
    found.retain(|it| it.check == check);
    found.iter().map(in_short).collect()
}

fn in_short(observation: &Observation) -> String {
    format!("{} | {} | {}", observation.rule, observation.location, observation.observed)
}
