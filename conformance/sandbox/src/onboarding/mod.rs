//! Onboarding: employer groups that a carrier takes over step by step.
//!
//! The carrier publishes no technical contract, so this is as provisional as the contract under `specs/`: a
//! second reading of the same overview. What it states about behaviour is kept: a change shows at once, a group is either
//! onboarded or awaits final steps, and what is pending can be seen and searched for.

mod group;
mod groups;
mod list;
mod refusals;
mod seeds;
mod status;
mod steps;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;

use crate::answer::Answer;
use crate::call::Call;
use crate::limits::StatedLimits;
use crate::service::{Authentication, Refusal, Route, Service, World};
use crate::shelf::Shelf;

use group::Group;

static ROUTES: [Route; 7] = [
    Route::new("registerGroup", Method::POST, "/groups"),
    Route::new("listGroups", Method::GET, "/groups"),
    Route::new("getGroup", Method::GET, "/groups/{group_id}"),
    Route::new("updateGroup", Method::PATCH, "/groups/{group_id}"),
    Route::new("getRegistrationStatus", Method::GET, "/groups/{group_id}/registration_status"),
    Route::new("getGroupSummary", Method::GET, "/groups/{group_id}/summary"),
    Route::new("getIntegrationStatus", Method::GET, "/groups/{group_id}/integration_status"),
];

/// The service in its seeded world.
pub(crate) fn service(world: World) -> Box<dyn Service> {
    let groups = seeds::groups(&world);
    Box::new(Onboarding { world, groups: Mutex::new(groups) })
}

struct Onboarding {
    world: World,
    groups: Mutex<Shelf<Group>>,
}

impl Onboarding {
    fn groups(&self) -> MutexGuard<'_, Shelf<Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Onboarding {
    fn routes(&self) -> &[Route] {
        &ROUTES
    }

    fn authentication(&self) -> Authentication {
        Authentication::Bearer
    }

    /// Calls must come one after another; one that overlaps another is throttled.
    fn stated_limits(&self) -> StatedLimits {
        StatedLimits { at_once: Some(1), ..StatedLimits::default() }
    }

    fn answer(&self, call: &Call<'_>) -> Answer {
        let mut groups = self.groups();
        let settle_after = self.world.settle_after;
        let id = call.path_value("group_id");
        let shown = |view: fn(&Group, jiff::Timestamp) -> serde_json::Value| {
            let group = group::number_of(id).and_then(|number| groups.get(number));
            let group = group.ok_or_else(|| refusals::no_group(id))?;
            Ok(Answer::json(200, view(group, call.now)))
        };
        let answer = match call.operation {
            "getGroup" => shown(Group::to_json),
            "getRegistrationStatus" => shown(status::registration),
            "getGroupSummary" => shown(status::summary),
            "getIntegrationStatus" => shown(status::integration),
            "registerGroup" => groups::register(&mut groups, call, settle_after),
            "updateGroup" => groups::update(&mut groups, call, id, settle_after),
            "listGroups" => list::list(&groups, call),
            _ => Err(refusals::no_such_path()),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    fn refuse(&self, refusal: Refusal<'_>) -> Answer {
        refusals::before_the_call(refusal)
    }

    fn reset(&self) {
        *self.groups() = seeds::groups(&self.world);
    }
}
