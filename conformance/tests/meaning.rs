//! What requests mean beside their schemas: defaults, replacements, identifiers, times and orders, against a small server.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::sync::{Arc, Mutex};

use driftline_conformance::report::{Finding, FindingStatus, terminal};
use driftline_conformance::target::TargetKind;
use driftline_conformance::{Report, RunOptions, Verdict};
use driftline_specs::Contract;
use serde_json::{Value, json};
use support::{Asked, Reply, Server, edit, report, target};

/// Hats, which are made, listed, read and replaced.
fn contract() -> Contract {
    let time = json!({ "type": "string", "format": "date-time" });
    let hat = json!({ "$ref": "#/components/schemas/Hat" });
    let body = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let answer = |schema: &Value| json!({ "description": "ok", "content": body(schema) });
    let given =
        json!({ "required": true, "content": body(&json!({ "$ref": "#/components/schemas/NewHat" })) });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let id = json!([{ "name": "hat_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let list = json!({ "type": "object", "required": ["hats"], "properties": {
        "hats": { "type": "array", "items": hat }, "total": { "type": "integer" } } });
    let own = json!({
        "size": { "type": "integer", "minimum": 40, "maximum": 70 },
        "band": { "type": "string", "pattern": "^[a-z]{3,9}$" },
        "style": { "type": "string", "enum": ["flat", "tall"], "default": "flat" },
    });
    let mut shown = own.clone();
    shown["hat_id"] = json!({ "type": "string" });
    shown["created_at"] = time.clone();
    shown["updated_at"] = time;
    let text = json!({
        "openapi": "3.0.3",
        "info": { "title": "Hats", "version": "1" },
        "paths": {
            "/hats": {
                "post": { "operationId": "makeHat", "requestBody": given, "responses": { "201": answer(&hat) } },
                "get": { "operationId": "listHats",
                    "x-pagination": { "style": "offset", "offset": "offset", "limit": "limit", "items": "/hats" },
                    "parameters": [
                        query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 20, "default": 3 })),
                        query("offset", json!({ "type": "integer", "minimum": 0, "maximum": 25, "default": 0 })),
                        query("sort", json!({ "type": "string", "enum": ["size", "-size"] })),
                    ],
                    "responses": { "200": answer(&list) } },
            },
            "/hats/{hat_id}": {
                "parameters": id,
                "get": { "operationId": "getHat",
                    "responses": { "200": answer(&hat), "404": { "description": "none" } } },
                "put": { "operationId": "replaceHat", "requestBody": given,
                    "responses": { "200": answer(&hat), "404": { "description": "none" } } },
            },
        },
        "components": { "schemas": {
            "NewHat": { "type": "object", "required": ["size"], "properties": own },
            "Hat": { "type": "object", "required": ["hat_id", "size"], "properties": shown },
        } },
    });
    Contract::from_text("hats.json", &text.to_string()).unwrap()
}

/// How many hats there are from the start: more than can be walked to.
const SEEDS: u64 = 40;

/// What is wrong with the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Merges,
    OtherDefault,
    OtherStyle,
    SameIdentifier,
    Unsorted,
    Stuck,
    Moving,
}

struct Shelf {
    hats: Vec<Value>,
    ticks: u64,
    fault: Fault,
}

impl Shelf {
    fn new(fault: Fault) -> Shelf {
        let mut shelf = Shelf { hats: Vec::new(), ticks: 0, fault };
        for number in 0..SEEDS {
            shelf.add(&json!({ "size": 40 + number * 7 % 31, "band": "red" }));
        }
        shelf
    }

    /// The time of this request: each is a second after the one before.
    fn now(&mut self) -> String {
        self.ticks += 1;
        format!("2026-01-01T{:02}:{:02}:{:02}Z", self.ticks / 3600, self.ticks / 60 % 60, self.ticks % 60)
    }

    fn with_defaults(&self, body: &Value) -> Value {
        let style = if self.fault == Fault::OtherStyle { "tall" } else { "flat" };
        let mut hat = json!({ "style": style });
        hat.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        hat
    }

    fn add(&mut self, body: &Value) -> Value {
        let mut hat = self.with_defaults(body);
        hat["hat_id"] = json!(format!("hat-{}", self.hats.len()));
        hat["created_at"] = json!(self.now());
        hat["updated_at"] = hat["created_at"].clone();
        self.hats.push(hat.clone());
        hat
    }

    fn replace(&mut self, id: &str, body: &Value) -> Option<Value> {
        let (now, mut hat) = (self.now(), self.with_defaults(body));
        let fault = self.fault;
        let stored = self.hats.iter_mut().find(|hat| hat["hat_id"] == *id)?;
        let kept: &[&str] = match fault {
            Fault::Merges => &["hat_id", "created_at", "band"],
            Fault::Stuck => &["hat_id", "created_at", "updated_at"],
            Fault::Moving => &["hat_id"],
            _ => &["hat_id", "created_at"],
        };
        for name in ["created_at", "updated_at"] {
            hat[name] = json!(now);
        }
        for name in kept {
            if let Some(value) = stored.get(*name).cloned().filter(|_| body.get(*name).is_none()) {
                hat[*name] = value;
            }
        }
        stored.clone_from(&hat);
        Some(hat)
    }

    fn list(&self, asked: &Asked) -> Value {
        let pairs = asked.query.split('&').filter_map(|pair| pair.split_once('='));
        let of = |name: &str| pairs.clone().find(|(key, _)| *key == name).map(|(_, value)| value);
        let number = |name: &str, default: usize| of(name).map_or(default, |value| value.parse().unwrap());
        let limit = number("limit", if self.fault == Fault::OtherDefault { 5 } else { 3 });
        let mut hats: Vec<&Value> = self.hats.iter().collect();
        let sizes = |hat: &&Value| hat["size"].as_u64().unwrap();
        match of("sort").filter(|_| self.fault != Fault::Unsorted) {
            Some("-size") => hats.sort_by_key(|hat| std::cmp::Reverse(sizes(hat))),
            Some(_) => hats.sort_by_key(sizes),
            None => {}
        }
        json!({ "hats": hats.into_iter().skip(number("offset", 0)).take(limit).collect::<Vec<_>>() })
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let id = asked.path.strip_prefix("/hats/").unwrap_or_default();
        match (asked.method.as_str(), id) {
            ("POST", "") => {
                let made = Reply::json(201, &self.add(&body));
                match self.fault {
                    Fault::SameIdentifier => edit(made, |hat| hat["hat_id"] = json!("hat-0")),
                    _ => made,
                }
            }
            ("GET", "") => Reply::json(200, &self.list(asked)),
            ("GET", id) => match self.hats.iter().find(|hat| hat["hat_id"] == id) {
                Some(hat) => Reply::json(200, hat),
                None => Reply::empty(404),
            },
            ("PUT", id) => {
                self.replace(id, &body).map_or_else(|| Reply::empty(404), |hat| Reply::json(200, &hat))
            }
            _ => Reply::empty(405).with("allow", if id.is_empty() { "GET, POST" } else { "GET, PUT" }),
        }
    }
}

async fn probed(fault: Fault) -> (Report, Server) {
    let shelf = Arc::new(Mutex::new(Shelf::new(fault)));
    let server = Server::start(move |asked| {
        let reply = shelf.lock().unwrap().answer(&asked);
        async move { reply }
    })
    .await;
    let mut target = target(&server.url);
    target.credentials.clear();
    // Its clock moves with each request, and what is written is seen at once.
    target.kind = TargetKind::Embedded;
    let mut options = RunOptions::new("hats", contract(), target);
    options.requests_per_operation = 12;
    (report(options).await, server)
}

fn told<'r>(report: &'r Report, check: &str) -> Vec<&'r Finding> {
    report.apis[0].findings.iter().filter(|it| it.check == check).collect()
}

#[tokio::test]
async fn a_right_server_gives_no_finding() {
    let (report, server) = probed(Fault::None).await;
    assert_eq!(report.verdict(), Verdict::NoDrift, "{}", terminal(&report, false));
    let asked = server.asked();
    // The contract allows no offset beyond 25, although there is more to see there.
    let offsets = asked
        .iter()
        .filter_map(|it| it.query.split("offset=").nth(1)?.split('&').next()?.parse::<u64>().ok());
    assert!(offsets.max().is_some_and(|most| most <= 25));
    assert!(asked.iter().any(|it| it.query.contains("sort=-size")));
}

#[tokio::test]
async fn each_fault_is_told_by_its_check_where_it_is() {
    for (fault, check, operation, location) in [
        (Fault::Merges, "replacement_is_whole", "replaceHat", "/band"),
        (Fault::OtherDefault, "defaults_applied", "listHats", ""),
        (Fault::OtherStyle, "defaults_applied", "getHat", "/style"),
        (Fault::Unsorted, "order_holds", "listHats", "/hats/*/size"),
        (Fault::Stuck, "change_time_moves", "getHat", "/updated_at"),
        (Fault::Moving, "creation_time_kept", "getHat", "/created_at"),
        (Fault::SameIdentifier, "identifiers_are_new", "makeHat", "/hat_id"),
    ] {
        let (report, _) = probed(fault).await;
        let found = told(&report, check);
        assert!(!found.is_empty(), "{fault:?}: {}", terminal(&report, false));
        // Whoever gives all things one identifier is told of by what became of them as well.
        if fault != Fault::SameIdentifier {
            let checks: Vec<&str> = report.apis[0].findings.iter().map(|it| it.check.as_str()).collect();
            assert!(checks.iter().all(|it| *it == check), "{fault:?}: {}", terminal(&report, false));
        }
        let finding = found[0];
        assert_eq!(
            (finding.operation_id.as_str(), finding.location.as_str()),
            (operation, location),
            "{fault:?}"
        );
        assert_eq!(finding.status, FindingStatus::Confirmed, "{fault:?}");
    }
}
