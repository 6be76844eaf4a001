//! Starting a sandbox, sending it requests by operation, and judging its answers by the contract. The judge
//! is a small one of its own, so that the sandbox is not only as good as the conformance suites.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use driftline_sandbox::{CREDENTIAL, Options, Sandbox};
use driftline_specs::{Contract, Direction, Operation, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

/// A sandbox with one API, and a client for it.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) contract: Contract,
    pub(crate) client: reqwest::Client,
    pub(crate) base_url: String,
    api: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

/// A departure from the contract: the check that would report it, and where in the contract it is.
pub(crate) type Problem = (&'static str, String);

/// What is sent as the body.
#[derive(Clone, Debug)]
pub(crate) enum Send {
    Nothing,
    Json(Value),
    Raw(&'static str, Vec<u8>),
}

impl From<Value> for Send {
    fn from(value: Value) -> Send {
        Send::Json(value)
    }
}

impl Bench {
    pub(crate) async fn of(api: &str) -> Bench {
        Bench::with(api, Options::default()).await
    }

    pub(crate) async fn with(api: &str, options: Options) -> Bench {
        let sandbox = Sandbox::start(Options { apis: vec![api.to_owned()], ..options }).await.unwrap();
        let base_url = sandbox.base_url(api).unwrap().to_owned();
        Bench { sandbox, contract: contract(api), client: client(), base_url, api: api.to_owned() }
    }

    /// Sends a request to an operation and holds the answer against the contract.
    pub(crate) async fn call(
        &self,
        operation: &str,
        path: &[&str],
        query: &[(&str, &str)],
        body: impl Into<Send>,
    ) -> Reply {
        let reply = self.send(operation, path, query, body.into(), true).await;
        let problems = self.problems(operation, &reply);
        assert!(
            problems.is_empty(),
            "{operation} answered {} with {problems:#?}\n{}",
            reply.status,
            reply.text
        );
        reply
    }

    /// Sends a request to an operation and takes whatever comes.
    pub(crate) async fn send(
        &self,
        operation: &str,
        path: &[&str],
        query: &[(&str, &str)],
        body: Send,
        credential: bool,
    ) -> Reply {
        let mut request = self.request(operation, path).query(query);
        if credential {
            request = self.authenticated(request);
        }
        let request = match body {
            Send::Nothing => request,
            Send::Json(value) => request.header(CONTENT_TYPE, "application/json").body(value.to_string()),
            Send::Raw(content_type, bytes) => request.header(CONTENT_TYPE, content_type).body(bytes),
        };
        Reply::of(request.send().await.unwrap()).await
    }

    pub(crate) fn request(&self, operation: &str, path: &[&str]) -> reqwest::RequestBuilder {
        let operation = self.operation(operation);
        let mut values = path.iter();
        let url: Vec<&str> = operation
            .path
            .split('/')
            .map(|segment| if segment.starts_with('{') { *values.next().unwrap() } else { segment })
            .collect();
        let method = reqwest::Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
        self.client.request(method, format!("{}{}", self.base_url, url.join("/")))
    }

    /// Whether an operation reads what is at its path, or nothing does and it comes first there.
    pub(crate) fn is_first_at_its_path(&self, operation: &str) -> bool {
        let operation = self.operation(operation);
        let there = || self.contract.operations().iter().filter(|it| it.path == operation.path);
        let first = there().find(|it| it.method.is_safe()).or_else(|| there().next());
        first.is_some_and(|it| it.id == operation.id)
    }

    pub(crate) fn authenticated(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self.api.as_str() {
            "enrollconnect" => request.header("x-api-key", CREDENTIAL),
            _ => request.bearer_auth(CREDENTIAL),
        }
    }

    pub(crate) fn operation(&self, id: &str) -> &Operation {
        self.contract.operation(id).unwrap_or_else(|| panic!("no operation {id}"))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// Everything about an answer that the contract does not allow.
    pub(crate) fn problems(&self, operation: &str, reply: &Reply) -> Vec<Problem> {
        let operation = self.operation(operation);
        if reply.status >= 500 {
            return vec![("no_server_error", operation.pointer.clone())];
        }
        let Some(response) = operation.response_for(reply.status) else {
            return vec![("status_documented", format!("{}/responses", operation.pointer))];
        };
        let mut problems = self.problems_of_headers(operation, response, reply);
        let content_type = reply.content_type();
        if response.content.is_empty() {
            let sent = !reply.text.is_empty() || !content_type.is_empty();
            problems.extend(sent.then(|| ("content_type_documented", response.pointer.clone())));
            return problems;
        }
        let Some(media) = response.content.iter().find(|media| media.name == content_type) else {
            return vec![("content_type_documented", response.pointer.clone())];
        };
        let Some(schema) = &media.schema else { return problems };
        let Ok(read) = serde_json::from_str::<Value>(&reply.text) else {
            return vec![("body_well_formed", media.pointer.clone())];
        };
        // The sandbox writes JSON as this does, so that what differs was there twice.
        let written = read.to_string();
        if written != reply.text {
            problems.push(("body_well_formed", schema.pointer.clone()));
        }
        let validator = self.contract.validator(&schema.pointer, Direction::Response).unwrap();
        let violations = validator.violations(&reply.json);
        let known_shape = violations.is_empty();
        problems.extend(violations.into_iter().map(|violation| match violation.keyword.as_str() {
            "enum" => ("unknown_enum_value", violation.schema),
            _ if reply.status >= 400 => ("error_body", violation.schema),
            _ => ("body_schema", violation.schema),
        }));
        let mut unknown = Vec::new();
        self.undocumented(std::slice::from_ref(&schema.pointer), &reply.json, &mut unknown);
        if known_shape {
            problems.extend(unknown.into_iter().map(|pointer| ("undocumented_property", pointer)));
        }
        problems
    }

    /// What is wrong with the headers of an answer: documented ones that are missing, and those that announce an end.
    fn problems_of_headers(&self, operation: &Operation, response: &Response, reply: &Reply) -> Vec<Problem> {
        let missing =
            response.headers.iter().filter(|it| it.required && !reply.headers.contains_key(&it.name));
        let mut problems: Vec<Problem> = missing.map(|it| ("header_schema", it.pointer.clone())).collect();
        if reply.headers.contains_key("deprecation") || reply.headers.contains_key("sunset") {
            problems.push(("deprecation_documented", operation.pointer.clone()));
        }
        problems
    }

    /// What is wrong with how the path of an operation answers to methods that it does not have.
    pub(crate) async fn problems_of_methods(&self, operation: &str, path: &[&str]) -> Vec<Problem> {
        let at = &self.operation(operation).path;
        let there = self.contract.operations().iter().filter(|it| it.path == *at);
        let mut documented: Vec<&str> = there.map(|it| it.method.as_str()).collect();
        documented.sort_unstable();
        let place = self.operation(operation).pointer.rsplit_once('/').unwrap().0.to_owned();
        let mut problems = Vec::new();
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE"] {
            if documented.contains(&method) {
                continue;
            }
            let (client, request) = self.request(operation, path).build_split();
            let mut request = request.unwrap();
            *request.method_mut() = method.parse().unwrap();
            let response = client.execute(request).await.unwrap();
            let allow = response.headers().get("allow").map_or("", |it| it.to_str().unwrap());
            let mut allowed: Vec<&str> = allow.split(", ").collect();
            allowed.sort_unstable();
            if response.status().is_success() {
                problems.push(("undocumented_method_refused", place.clone()));
            } else if response.status() != 405 || allowed != documented {
                problems.push(("allow_lists_methods", place.clone()));
            }
        }
        problems
    }

    /// Collects the schemas whose objects have properties that they do not declare. `schemas` all hold for the
    /// value.
    fn undocumented(&self, schemas: &[String], value: &Value, found: &mut Vec<String>) {
        let mut parts: Vec<(String, &Value)> = Vec::new();
        let mut open: Vec<String> = schemas.to_vec();
        while let Some(pointer) = open.pop() {
            let Some((pointer, schema)) = self.contract.resolve(&pointer) else { continue };
            let all = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            open.extend((0..all).map(|at| format!("{pointer}/allOf/{at}")));
            parts.push((pointer, schema));
        }
        match value {
            Value::Object(members) => {
                let declared = |name: &str| -> Vec<String> {
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    let holders =
                        parts.iter().filter(|(_, s)| s.pointer(&format!("/properties/{escaped}")).is_some());
                    holders.map(|(pointer, _)| format!("{pointer}/properties/{escaped}")).collect()
                };
                let closed = parts.iter().any(|(_, schema)| schema.get("properties").is_some());
                for (name, member) in members {
                    let schemas = declared(name);
                    if schemas.is_empty() && closed {
                        found.push(parts[0].0.clone());
                    } else if !schemas.is_empty() {
                        self.undocumented(&schemas, member, found);
                    }
                }
            }
            Value::Array(items) => {
                let holders = parts.iter().filter(|(_, schema)| schema.get("items").is_some());
                let schemas: Vec<String> = holders.map(|(pointer, _)| format!("{pointer}/items")).collect();
                for item in items.iter().filter(|_| !schemas.is_empty()) {
                    self.undocumented(&schemas, item, found);
                }
            }
            _ => {}
        }
    }
}

impl Reply {
    pub(crate) async fn of(response: reqwest::Response) -> Reply {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Reply { status, headers, text, json }
    }

    pub(crate) fn content_type(&self) -> &str {
        let value = self.headers.get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap());
        value.split(';').next().unwrap().trim()
    }

    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(crate) fn text_at(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer} in {}", self.text))
    }

    /// The texts at one place of each item of an array.
    pub(crate) fn each<'r>(&'r self, array: &str, pointer: &str) -> Vec<&'r str> {
        let items =
            self.at(array).as_array().unwrap_or_else(|| panic!("no array at {array} in {}", self.text));
        items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or("-")).collect()
    }
}

pub(crate) fn contract(api: &str) -> Contract {
    static LOADED: Mutex<BTreeMap<String, Contract>> = Mutex::new(BTreeMap::new());
    LOADED.lock().unwrap().entry(api.to_owned()).or_insert_with(|| load(api)).clone()
}

fn load(api: &str) -> Contract {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs").join(api);
    Contract::load(&folder.join("openapi.yaml"), &[folder.join("overlay.yaml")]).unwrap()
}

pub(crate) fn client() -> reqwest::Client {
    static PROVIDER: OnceLock<()> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}
