//! Clasp: an employer's connections to carriers, listed by cursor, read, and confirmed by a review.
//!
//! A second reading of two reference pages. They state no statuses for errors but 429; the others here are those that
//! HTTP has for the case, which is what the contract assumes too.

mod connections;
mod page;
mod refusals;
mod review;
mod seeds;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;

use crate::answer::Answer;
use crate::call::Call;
use crate::limits::StatedLimits;
use crate::options::Allowance;
use crate::service::{Authentication, Refusal, Route, Service, World};

use connections::Connection;

static ROUTES: [Route; 3] = [
    Route::new("listConnections", Method::GET, "/connections"),
    Route::new("retrieveConnection", Method::GET, "/connections/{public_id}"),
    Route::new("submitReview", Method::POST, "/connections/{public_id}/submit_review"),
];

/// The service in its seeded world.
pub(crate) fn service(world: World) -> Box<dyn Service> {
    let connections = seeds::connections(&world);
    Box::new(Clasp { world, connections: Mutex::new(connections) })
}

struct Clasp {
    world: World,
    /// Nothing creates a connection, so their number is fixed.
    connections: Mutex<Vec<Connection>>,
}

impl Clasp {
    fn connections(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Clasp {
    fn routes(&self) -> &[Route] {
        &ROUTES
    }

    fn authentication(&self) -> Authentication {
        Authentication::Bearer
    }

    fn stated_limits(&self) -> StatedLimits {
        let all = Some(Allowance { requests: 25, per: Duration::from_secs(1) });
        StatedLimits { all, at_once: Some(50), ..StatedLimits::default() }
    }

    fn answer(&self, call: &Call<'_>) -> Answer {
        let mut connections = self.connections();
        if call.operation == "listConnections" {
            return page::list(&connections, call).unwrap_or_else(|refusal| refusal);
        }
        let id = call.path_value("public_id");
        let Some(connection) = connections.iter_mut().find(|connection| connection.id == id) else {
            return refusals::no_connection(id);
        };
        match call.operation {
            "retrieveConnection" => Answer::json(200, connection.to_json()),
            "submitReview" => review::submit(connection, call).unwrap_or_else(|refusal| refusal),
            _ => refusals::no_such_path(),
        }
    }

    fn refuse(&self, refusal: Refusal<'_>) -> Answer {
        refusals::before_the_call(refusal)
    }

    fn reset(&self) {
        *self.connections() = seeds::connections(&self.world);
    }
}
