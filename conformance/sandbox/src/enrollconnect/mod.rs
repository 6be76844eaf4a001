//! EnrollConnect: applications for off-exchange coverage, from draft to the end of the policy.
//!
//! A second reading of the vendor's page. Where the page leaves a choice, the choice is named where it is
//! made: what each state allows in `lifecycle`, what makes an application ready in `readiness`, what the
//! carriers differ in in `carrier`.

mod actions;
mod applications;
mod carrier;
mod documents;
mod lifecycle;
mod list;
mod readiness;
mod record;
mod refusals;
mod seeds;
mod store;
mod view;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::answer::Answer;
use crate::call::{Call, PathValues};
use crate::limits::StatedLimits;
use crate::options::Allowance;
use crate::service::{Authentication, Refusal, Route, Service, World};

use store::Store;

static ROUTES: [Route; 9] = [
    Route::new("createApplication", Method::POST, "/api/v1/applications"),
    Route::new("listApplications", Method::GET, "/api/v1/applications"),
    Route::new("updateApplication", Method::PUT, "/api/v1/applications/{id}"),
    Route::new("getApplication", Method::GET, "/api/v1/applications/{id}"),
    Route::new(
        "uploadSupportingDocumentation",
        Method::POST,
        "/api/v1/applications/{id}/supporting_documentation",
    ),
    Route::new("submitApplication", Method::POST, "/api/v1/applications/{id}/submit"),
    Route::new("getPaymentRedirect", Method::GET, "/api/v1/applications/{id}/payment_redirect"),
    Route::new("cancelApplication", Method::POST, "/api/v1/applications/{id}/cancel"),
    Route::new("terminateApplication", Method::POST, "/api/v1/applications/{id}/terminate"),
];

/// The service in its seeded world.
pub(crate) fn service(world: World) -> Box<dyn Service> {
    let store = seeds::seeded(&world);
    Box::new(EnrollConnect { world, store: Mutex::new(store) })
}

struct EnrollConnect {
    world: World,
    store: Mutex<Store>,
}

impl EnrollConnect {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for EnrollConnect {
    fn routes(&self) -> &[Route] {
        &ROUTES
    }

    fn authentication(&self) -> Authentication {
        Authentication::ApiKey("x-api-key")
    }

    fn stated_limits(&self) -> StatedLimits {
        let a_minute = |requests| Some(Allowance { requests, per: Duration::from_secs(60) });
        StatedLimits { reads: a_minute(1_000), mutations: a_minute(600), ..StatedLimits::default() }
    }

    fn answer(&self, call: &Call<'_>) -> Answer {
        let mut store = self.store();
        store.settle(call.now);
        let id = call.path_value("id");
        let answer = match call.operation {
            "createApplication" => applications::create(&mut store, call),
            "listApplications" => Ok(list::list(&store, call)),
            "updateApplication" => applications::update(&mut store, call, id),
            "getApplication" => applications::get(&store, id),
            "uploadSupportingDocumentation" => documents::upload(&mut store, call, id),
            "submitApplication" => actions::submit(&mut store, call, id),
            "getPaymentRedirect" => actions::payment_redirect(&store, id),
            "cancelApplication" => actions::cancel(&mut store, call, id),
            "terminateApplication" => actions::terminate(&mut store, call, id),
            _ => Err(refusals::no_such_path()),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    fn refuse(&self, refusal: Refusal<'_>) -> Answer {
        refusals::before_the_call(refusal)
    }

    fn reset(&self) {
        *self.store() = seeds::seeded(&self.world);
    }

    fn place(&self, path: &PathValues, state: &str) -> bool {
        let Some(state) = lifecycle::State::ALL.into_iter().find(|known| known.as_str() == state) else {
            return false;
        };
        let Some((_, id)) = path.iter().find(|(name, _)| *name == "id") else { return false };
        self.store().change(id, |application| application.state = state).is_some()
    }

    fn write(&self, path: &PathValues, name: &str, value: &Value) -> bool {
        let Some((_, id)) = path.iter().find(|(name, _)| *name == "id") else { return false };
        let written = self.store().change(id, |application| {
            let mut body = application.body();
            if let Some(body) = body.as_object_mut() {
                body.insert(name.to_owned(), value.clone());
            }
            application.replace(&body, application.updated_at);
        });
        written.is_some()
    }
}
