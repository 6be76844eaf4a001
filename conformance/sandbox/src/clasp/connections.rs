//! A connection, what it is made of, and how it is shown.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The most events that a connection remembers; the oldest goes first.
const MOST_EVENTS: usize = 100;

/// An employer's connection.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) id: String,
    pub(super) broker_url: Option<String>,
    pub(super) employer: String,
    pub(super) group_connections: Vec<GroupConnection>,
    pub(super) events: Vec<Event>,
    pub(super) status: String,
    /// The number of events ever, from which their identifiers come.
    pub(super) recorded: u64,
}

/// A connection to one carrier.
#[derive(Clone, Debug)]
pub(super) struct GroupConnection {
    pub(super) id: String,
    pub(super) carrier: String,
    pub(super) status: &'static str,
    pub(super) broker_federal_ein: Option<String>,
    pub(super) group_id: Option<String>,
    pub(super) initiated_at: Option<Timestamp>,
    pub(super) completed_at: Option<Timestamp>,
}

/// Something that happened to a connection.
#[derive(Clone, Debug)]
pub(super) struct Event {
    id: String,
    category: String,
    status: String,
    created_at: Timestamp,
}

impl Connection {
    /// Adds an event.
    pub(super) fn record(&mut self, category: &str, status: &str, now: Timestamp) {
        self.recorded += 1;
        if self.events.len() >= MOST_EVENTS {
            self.events.remove(0);
        }
        self.events.push(Event {
            id: format!("evt_{}_{}", self.id.trim_start_matches("conn_"), self.recorded),
            category: category.to_owned(),
            status: status.to_owned(),
            created_at: now,
        });
    }

    /// The connection as the API shows it.
    pub(super) fn to_json(&self) -> Value {
        let group_connections: Vec<Value> =
            self.group_connections.iter().map(|group| group.to_json(&self.id)).collect();
        let events: Vec<Value> = self.events.iter().map(Event::to_json).collect();
        json!({
            "id": self.id,
            "broker_url": self.broker_url,
            "employer": self.employer,
            "group_connections": group_connections,
            "events": events,
            "status": self.status,
        })
    }
}

impl GroupConnection {
    fn to_json(&self, connection: &str) -> Value {
        let mut view = Map::new();
        let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
        put("id", json!(self.id));
        put("carrier", json!(self.carrier));
        put("status", json!(self.status));
        // These two may be absent, not null.
        for (name, value) in [("broker_federal_ein", &self.broker_federal_ein), ("group_id", &self.group_id)]
        {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        put("connection", json!(connection));
        put("initiated_at", json!(self.initiated_at.map(|at| at.to_string())));
        put("completed_at", json!(self.completed_at.map(|at| at.to_string())));
        Value::Object(view)
    }
}

impl Event {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "category": self.category,
            "status": self.status,
            "created_at": self.created_at.to_string(),
        })
    }
}
