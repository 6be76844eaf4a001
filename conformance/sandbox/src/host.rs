//! The way of a request through a sandbox: route, trouble, body, credential, limits, contract, the API
//! itself, drift, and out. Each API has one host; none of these steps knows which API it is serving.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONNECTION, HOST};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Method};
use tokio::sync::watch;

use crate::answer::Answer;
use crate::call::{Call, PathValues, Payload, decode_segment, parse_payload, parse_query};
use crate::clock::Clock;
use crate::control;
use crate::drift::{self, Asked, Asking, Drift, Exhibit, Shown};
use crate::limits::{Limiter, Permit};
use crate::misbehaviour::{Misbehaviour, Trouble, busy, cut_off, redirect, unavailable, web_page};
use crate::rules::Rules;
use crate::service::{Refusal, Route, Service};

/// How long a request's body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// How long a hung request is held at most.
const HANG_AT_MOST: Duration = Duration::from_secs(600);

/// An API behind its listener.
pub(crate) struct Host {
    pub(crate) service: Box<dyn Service>,
    pub(crate) rules: HashMap<String, Rules>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) limiter: Limiter,
    pub(crate) drifts: Vec<&'static Drift>,
    pub(crate) exhibits: Vec<Exhibit>,
    pub(crate) misbehave: Vec<Misbehaviour>,
    pub(crate) seed: u64,
    pub(crate) max_body: usize,
    /// Scheme and authority, for requests that do not name the host that they were sent to.
    pub(crate) base_url: String,
    /// Turns true when the sandbox stops.
    pub(crate) closing: watch::Receiver<bool>,
    pub(crate) requests: AtomicU64,
}

/// What a request says besides its query.
struct Told<'a> {
    parts: &'a Parts,
    path: PathValues,
    payload: Payload,
    bytes: Bytes,
}

/// Answers one request.
pub(crate) async fn respond(State(host): State<Arc<Host>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(path) = parts.uri.path().strip_prefix(control::PREFIX) {
        let body = axum::body::to_bytes(body, host.max_body).await.unwrap_or_default();
        let admitted = host.service.admits(None, &parts);
        return control::answer(&host, &parts.method, path, &body, admitted).into_response();
    }
    let (route, path) = match host.route(&parts.method, parts.uri.path()) {
        Ok(found) => found,
        Err(refusal) => return refusal.into_response(),
    };
    let permit = host.limiter.enter();
    let number = host.requests.fetch_add(1, Ordering::Relaxed);
    let troubles = host.troubles(number, &route.operation);
    let given = parse_query(parts.uri.query().filter(|_| !troubles.contains(&Trouble::Stale)));
    let mut query = given.clone();
    drift::misread(&host.drifts, &route.operation, &mut query);
    let asked = Asked { operation: &route.operation, given: &given, query: &query, number };
    for trouble in &troubles {
        match trouble {
            Trouble::Slow(delay) => tokio::time::sleep(*delay).await,
            Trouble::Hang => host.hang().await,
            Trouble::Unavailable => return unavailable().into_response(),
            Trouble::Busy => return busy(host.clock.now()).into_response(),
            Trouble::WebPage => return web_page().into_response(),
            Trouble::Redirect => return redirect().into_response(),
            Trouble::CutOff | Trouble::Stale => {}
        }
    }
    let answer = match tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, host.max_body)).await {
        Ok(Ok(bytes)) => {
            let payload = parse_payload(&parts, bytes.clone()).await;
            let (operation, query) = (asked.operation, asked.given);
            let asking = Asking { operation, query, path: &path, payload: &payload };
            let shown: Vec<&Exhibit> = host.exhibits.iter().filter(|it| it.concerns(&asking)).collect();
            let told = Told { parts: &parts, path, payload, bytes };
            let answer = host.answer(&asked, &permit, told, &shown);
            let mut answer = drift::apply(&host.drifts, &asked, answer);
            shown.into_iter().for_each(|exhibit| exhibit.alter(&mut answer));
            answer
        }
        _ => {
            let refused = host.service.refuse(Refusal::Unreadable { operation: &route.operation });
            drift::apply(&host.drifts, &asked, refused.with_header(CONNECTION, "close"))
        }
    };
    if troubles.contains(&Trouble::CutOff) { cut_off(answer) } else { answer.into_response() }
}

impl Host {
    /// Goes back to the seeded world at the start of time.
    pub(crate) fn reset(&self) {
        self.clock.reset();
        self.requests.store(0, Ordering::Relaxed);
        self.service.reset();
    }

    fn route(&self, method: &Method, path: &str) -> Result<(&Route, PathValues), Answer> {
        let (mut allow, mut operations) = (Vec::new(), Vec::new());
        for route in self.service.routes() {
            let Some(values) = route.matches(path) else { continue };
            if route.method == method {
                let values = values.into_iter().map(|(name, value)| (name.to_owned(), decode_segment(value)));
                return Ok((route, values.collect()));
            }
            allow.push(route.method.as_str());
            operations.push(route.operation.as_ref());
        }
        if allow.is_empty() {
            return Err(self.service.refuse(Refusal::NoSuchPath));
        }
        let allow = allow.join(", ");
        let refusal = self.service.refuse(Refusal::MethodNotAllowed { allow: &allow });
        let refusal = refusal.with_header(ALLOW, allow.clone());
        Err(drift::refuse(&self.drifts, &operations, method.as_str(), refusal))
    }

    fn troubles(&self, number: u64, operation: &str) -> Vec<Trouble> {
        let struck = self.misbehave.iter().enumerate();
        // Each trouble draws for itself: two of 50 % are not the same half of the requests.
        struck
            .filter(|(at, trouble)| trouble.strikes(self.seed.wrapping_add(*at as u64), number, operation))
            .map(|(_, misbehaviour)| misbehaviour.trouble)
            .collect()
    }

    async fn hang(&self) {
        let mut closing = self.closing.clone();
        // An error means that the sandbox is gone, which ends the wait as well.
        let closed = closing.wait_for(|closing| *closing);
        let _ = tokio::time::timeout(HANG_AT_MOST, closed).await;
    }

    fn answer(&self, asked: &Asked<'_>, permit: &Permit, told: Told<'_>, exhibits: &[&Exhibit]) -> Answer {
        let operation = asked.operation;
        let Told { parts, path, payload, bytes } = told;
        let credential = Shown { headers: &parts.headers, query: asked.given };
        if !self.service.admits(Some(operation), parts)
            && !self.drifts.iter().any(|drift| drift.admits(operation, &credential))
            && !exhibits.iter().any(|exhibit| exhibit.admits())
        {
            return self.service.refuse(Refusal::Unauthorized { operation });
        }
        if let Err(seconds) = self.limiter.admit(permit, &parts.method) {
            return self.service.refuse(Refusal::Throttled { seconds });
        }
        let (mut violations, mut parameter_violations) = match self.rules.get(operation) {
            // A query that is misread is still looked at: to do something else with it is one departure, and to take
            // what the contract forbids is another.
            Some(rules) => (rules.body_violations(&payload), rules.parameter_violations(&path, asked.given)),
            None => (Vec::new(), Vec::new()),
        };
        drift::overlook(&self.drifts, operation, &mut violations, &mut parameter_violations);
        drift::demand(&self.drifts, asked, &payload, &mut violations, &mut parameter_violations);
        let origin = self.origin(&parts.headers);
        let mut call = Call {
            operation,
            now: self.clock.tick(),
            origin: &origin,
            path,
            query: asked.query,
            raw_query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            payload,
            bytes,
            violations,
            parameter_violations,
        };
        drift::keep(&self.drifts, &*self.service, &mut call);
        let misjudged: Vec<&&Exhibit> =
            exhibits.iter().filter(|exhibit| exhibit.misjudge(&mut call)).collect();
        let mutated = exhibits.iter().find_map(|exhibit| exhibit.answer(&*self.service, &call));
        let answer = mutated.unwrap_or_else(|| self.service.answer(&call));
        misjudged.into_iter().for_each(|exhibit| exhibit.note(&answer));
        drift::leave(&self.drifts, &*self.service, &call, &answer);
        answer
    }

    /// How the caller addressed this host, so that absolute links stay on the host that it knows.
    fn origin(&self, headers: &HeaderMap) -> String {
        headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .and_then(|host| host.parse::<Authority>().ok())
            .map_or_else(|| self.base_url.clone(), |authority| format!("http://{authority}"))
    }
}
