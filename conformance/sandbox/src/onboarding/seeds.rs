//! Thirty groups: most onboarded, some on their way, a few halted. Those on their way move with the clock.

use std::time::Duration;

use serde_json::json;

use super::group::{Group, stalls};
use super::steps::Steps;
use crate::clock::days_before;
use crate::random::Random;
use crate::service::World;
use crate::shelf::Shelf;

const NUMBER: u64 = 30;

/// The seeded groups.
pub(super) fn groups(world: &World) -> Shelf<Group> {
    let mut random = Random::new(world.seed);
    let mut groups = Shelf::new(world.capacity);
    let start = world.clock.start();
    for at in 0..NUMBER {
        let halted = at % 10 == 3;
        let external_id = if halted { format!("stall-{at}") } else { format!("seed-{at}") };
        let broker = random.company();
        let body = json!({
            "external_id": external_id,
            "name": random.company(),
            "fein": random.fein(),
            "broker": {"name": broker, "email": "broker@example.com", "phone": random.phone()},
        });
        let under_way = at % 10 == 6;
        let (registered, each) = if under_way {
            (start, world.settle_after)
        } else {
            let days = i64::try_from(NUMBER - at).unwrap_or(1) + 3;
            (days_before(start, days), Duration::from_secs(24 * 60 * 60))
        };
        let steps = Steps::of_registration(registered, each, stalls(&body));
        groups.add(Group::new(at + 1, &body, steps, registered));
    }
    groups.seal();
    groups
}
