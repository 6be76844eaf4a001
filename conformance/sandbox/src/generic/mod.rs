//! An API that is mocked from its contract alone. Nothing is known of what the API is for: operations answer with what
//! their schemas and examples say, requests are refused when the contract has something against them, and what is
//! created at `/things` is listed there and found at `/things/{id}`.
//!
//! `layout` reads the contract for what operations are to each other, `demands` reads requests, `values` makes values,
//! `store` remembers, and `reply` and `refusals` say it.
//!
//! An operation that documents no way to say that a thing is missing has one under every identifier. Where no value can
//! be made that a schema allows, the least wrong one is answered with, and [`Remark`] says so when the sandbox starts.

mod admission;
mod demands;
mod layout;
mod pages;
mod reading;
mod refusals;
mod remarks;
mod reply;
mod resources;
mod seeds;
mod store;
mod values;

use std::sync::{Mutex, MutexGuard, PoisonError};

use driftline_specs::{Contract, Operation};
use http::Method;
use http::header::RETRY_AFTER;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::call::Call;
use crate::limits::StatedLimits;
use crate::random::{mix, mix_text};
use crate::service::{Authentication, Refusal, Route, Service, World};

use admission::Admission;
use demands::{Objection, Said};
use layout::{Layout, Role};
use store::Store;
use values::Reader;

pub use admission::credentials;
pub use remarks::{Remark, remarks};

/// The service for a contract, before anything was asked of it.
pub(crate) fn service(contract: Contract, world: World) -> Box<dyn Service> {
    let mut routes: Vec<Route> = contract.operations().iter().map(route).collect();
    // What is written out comes before what a parameter stands for (OpenAPI 3.0, Paths Object).
    routes.sort_by_cached_key(|route| route.path.split('/').map(|it| it.contains('{')).collect::<Vec<_>>());
    let contract = Reader::new(contract);
    let store = Mutex::new(Store::new(world.capacity));
    Box::new(Generic {
        layout: Layout::of(&contract),
        admission: Admission::of(&contract),
        contract,
        routes,
        world,
        store,
    })
}

fn route(operation: &Operation) -> Route {
    // A query or a fragment in a path tells operations apart that HTTP does not.
    let path = operation.path.split(['?', '#']).next().unwrap_or_default();
    Route {
        operation: operation.id.clone().into(),
        method: Method::from_bytes(operation.method.as_str().as_bytes()).unwrap_or_default(),
        path: path.to_owned().into(),
    }
}

struct Generic {
    contract: Reader,
    routes: Vec<Route>,
    layout: Layout,
    admission: Admission,
    world: World,
    store: Mutex<Store>,
}

/// A request that the contract has nothing against.
struct Asked<'a> {
    operation: &'a Operation,
    call: &'a Call<'a>,
    said: Said,
    /// The values of the path parameters, in the order of the path.
    path: Vec<String>,
    /// Scatters what is made up: the same path gives the same.
    seed: u64,
}

impl Generic {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, asked: &Asked<'_>) -> Answer {
        let own = layout::place(&asked.operation.path);
        let mut store = self.store();
        for (collection, depth) in self.layout.above(&own) {
            let above = asked.path.get(..depth).unwrap_or_default();
            if let Some(missing) = self.missing(&mut store, asked, collection, above) {
                return missing;
            }
        }
        match self.layout.roles.get(&asked.operation.id) {
            Some(Role::List { collection, items, item }) => {
                self.list(&mut store, asked, *collection, items, item)
            }
            Some(Role::Create { collection }) => self.create(&mut store, asked, *collection),
            Some(Role::Item { collection }) => self.item(&mut store, asked, *collection),
            Some(Role::Document) => self.document(&mut store, asked, &own),
            Some(Role::Other) | None => self.made_up(asked, None),
        }
    }
}

impl Service for Generic {
    fn routes(&self) -> &[Route] {
        &self.routes
    }

    fn authentication(&self) -> Authentication {
        Authentication::Bearer
    }

    fn admits(&self, operation: Option<&str>, parts: &Parts) -> bool {
        match operation.and_then(|id| self.contract.operation(id)) {
            Some(operation) => self.admission.admits(&operation.security, parts),
            None => self.admission.knows(parts),
        }
    }

    fn reads_requests(&self) -> bool {
        true
    }

    fn stated_limits(&self) -> StatedLimits {
        StatedLimits::default()
    }

    fn answer(&self, call: &Call<'_>) -> Answer {
        let Some(operation) = self.contract.operation(call.operation) else {
            return refusals::problem(404, "nothing answers at this path");
        };
        let said = match demands::check(&self.contract, operation, call) {
            Ok(said) => said,
            Err(Objection::MediaType) => {
                let detail = "the body is of a media type that the contract does not list";
                return refusals::refuse(&self.contract, operation, &refusals::MEDIA_TYPE, detail);
            }
            Err(Objection::Invalid(problems)) => {
                return refusals::refuse(&self.contract, operation, &refusals::INVALID, &problems.join("; "));
            }
        };
        let path: Vec<String> = call.path.iter().map(|(_, value)| value.clone()).collect();
        let seed = path.iter().fold(mix(self.world.seed), |seed, value| mix(seed ^ mix_text(value)));
        self.respond(&Asked { operation, call, said, path, seed })
    }

    fn refuse(&self, refusal: Refusal<'_>) -> Answer {
        let (operation, statuses, detail): (_, &[u16], String) = match refusal {
            Refusal::Unauthorized { operation } => (
                Some(operation),
                &refusals::UNAUTHORIZED,
                "send the credential that the contract asks for".to_owned(),
            ),
            Refusal::Throttled { seconds } => {
                let answer = refusals::problem(429, &format!("too many requests; wait {seconds} seconds"));
                return answer.with_header(RETRY_AFTER, seconds.to_string());
            }
            Refusal::NoSuchPath => (None, &[404], "nothing answers at this path".to_owned()),
            Refusal::MethodNotAllowed { allow } => {
                (None, &[405], format!("this path answers to {allow} only"))
            }
            Refusal::Unreadable { operation } => {
                (Some(operation), &[413, 400, 422], "the body is too large or did not arrive".to_owned())
            }
        };
        match operation.and_then(|id| self.contract.operation(id)) {
            Some(operation) => refusals::refuse(&self.contract, operation, statuses, &detail),
            None => refusals::problem(statuses.first().copied().unwrap_or(400), &detail),
        }
    }

    fn reset(&self) {
        *self.store() = Store::new(self.world.capacity);
    }
}

/// The members of a value; none where it is no object.
fn members(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}
