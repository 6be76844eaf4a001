//! A small API of our own, served over loopback, that can be told to depart from its contract.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use driftline_conformance::target::{Credential, Target, TargetKind};
use driftline_conformance::{Report, RunOptions, run};
use driftline_specs::{Contract, Direction, Validator};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "the-secret-key";

pub(crate) fn contract() -> Contract {
    Contract::from_text("notes.json", include_str!("notes.json")).unwrap()
}

/// What a server was asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) key: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
    pub(crate) agent: Option<String>,
}

/// What a server answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Reply {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Reply { status, headers, body: body.to_string() }
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answering = Arc<dyn Fn(Asked) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync>;

/// A server on loopback that stops when it is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) log: Arc<Mutex<Vec<Asked>>>,
    /// The most requests that were answered at one time.
    pub(crate) widest: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start<F, R>(answer: F) -> Server
    where
        F: Fn(Asked) -> R + Send + Sync + 'static,
        R: Future<Output = Reply> + Send + 'static,
    {
        let answer: Answering = Arc::new(move |asked| Box::pin(answer(asked)));
        let log: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let widest = Arc::new(AtomicUsize::new(0));
        let running = Arc::new(AtomicUsize::new(0));
        let router = Router::new().fallback({
            let (log, widest) = (Arc::clone(&log), Arc::clone(&widest));
            move |request: Request| {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                let (widest, running) = (Arc::clone(&widest), Arc::clone(&running));
                async move {
                    let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                    widest.fetch_max(now, Ordering::SeqCst);
                    let asked = read(request).await;
                    log.lock().unwrap().push(asked.clone());
                    let reply = answer(asked).await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    let mut response = Response::builder().status(reply.status);
                    for (name, value) in &reply.headers {
                        response = response.header(name, value);
                    }
                    response.body(Body::from(reply.body)).unwrap()
                }
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Server { url, log, widest, task }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn target(&self) -> Target {
        target(&self.url)
    }
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let (key, content_type) = (header("x-api-key"), header("content-type"));
    let agent = header("user-agent");
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        key,
        content_type,
        body: String::from_utf8_lossy(&body).into_owned(),
        agent,
    }
}

pub(crate) fn target(url: &str) -> Target {
    let mut target = Target::new("test", TargetKind::Sandbox, url).unwrap();
    target.requests_per_second = None;
    target.credentials.push(Credential::for_contract(&contract(), KEY, Some("NOTES_KEY")));
    target
}

/// The notes as they should be.
pub(crate) struct Notes {
    notes: BTreeMap<String, Value>,
    /// How many there have been: none gets the id of one that is gone.
    made: usize,
    rules: Arc<Validator>,
}

impl Default for Notes {
    fn default() -> Notes {
        let rules = contract().validator("#/components/schemas/NewNote", Direction::Request).unwrap();
        Notes { notes: BTreeMap::new(), made: 0, rules }
    }
}

impl Notes {
    pub(crate) fn answer(&mut self, asked: &Asked) -> Reply {
        let refused = |status, reason: &str| Reply::json(status, &json!({ "reason": reason }));
        if asked.key.as_deref() != Some(KEY) {
            return refused(401, "who are you");
        }
        let segments: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (asked.method.as_str(), segments.as_slice()) {
            ("POST", ["notes"]) => {
                let json = asked
                    .content_type
                    .as_deref()
                    .is_some_and(|it| it.split(';').next() == Some("application/json"));
                let Ok(Value::Object(mut note)) = serde_json::from_str(&asked.body) else {
                    return refused(422, "not a note");
                };
                if !json || !self.rules.is_valid(&Value::Object(note.clone())) {
                    return refused(422, "not a note as it should be");
                }
                self.made += 1;
                let id = format!("00000000-0000-4000-8000-{:012}", self.made);
                note.insert("note_id".to_owned(), json!(id));
                note.insert("state".to_owned(), json!("open"));
                note.insert("rank".to_owned(), json!(self.notes.len()));
                let note = Value::Object(note);
                self.notes.insert(id, note.clone());
                Reply::json(201, &note)
            }
            ("GET", ["notes"]) => {
                let wanted = |note: &&Value| {
                    let state = note["state"].as_str().unwrap();
                    !asked.query.contains("state=") || asked.query.contains(&format!("state={state}"))
                };
                let notes: Vec<&Value> = self.notes.values().filter(wanted).take(50).collect();
                Reply::json(200, &json!({ "notes": notes }))
            }
            (method, ["notes", id, rest @ ..]) => {
                let Some(note) = self.notes.get_mut(*id) else { return refused(404, "no such note") };
                match (method, rest) {
                    ("GET", []) => Reply::json(200, note),
                    ("POST", ["finish"]) if note["state"] == "open" => {
                        note["state"] = json!("done");
                        Reply::json(200, note)
                    }
                    // Only what is finished can be deleted: a state that another operation brings about.
                    ("DELETE", []) if note["state"] == "done" => {
                        self.notes.remove(*id);
                        Reply::empty(204)
                    }
                    _ => refused(409, "not now"),
                }
            }
            _ => refused(404, "nothing here"),
        }
    }
}

/// Serves notes whose right answers may be changed.
pub(crate) async fn notes(change: impl Fn(&Asked, Reply) -> Reply + Send + Sync + 'static) -> Server {
    let notes = Arc::new(Mutex::new(Notes::default()));
    Server::start(move |asked| {
        let reply = notes.lock().unwrap().answer(&asked);
        let reply = change(&asked, reply);
        async move { reply }
    })
    .await
}

pub(crate) fn options(target: Target) -> RunOptions {
    let mut options = RunOptions::new("notes", contract(), target);
    options.requests_per_operation = 40;
    options
}

pub(crate) async fn report(options: RunOptions) -> Report {
    let seed = options.seed;
    Report::new(seed, vec![run(options).await.unwrap()])
}

/// Changes the JSON body of a reply.
pub(crate) fn edit(mut reply: Reply, change: impl FnOnce(&mut Value)) -> Reply {
    let mut body: Value = serde_json::from_str(&reply.body).unwrap();
    change(&mut body);
    reply.body = body.to_string();
    reply
}
