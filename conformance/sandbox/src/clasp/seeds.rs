//! Sixty connections in every stage: more than two pages of the default size, fewer than one of the largest.

use super::connections::{Connection, GroupConnection};
use crate::clock::days_before;
use crate::random::Random;
use crate::service::World;

const NUMBER: u64 = 60;

const CARRIERS: [&str; 6] =
    ["Alder Mutual", "Birch Health", "Cedar Plans", "Dogwood Care", "Elm Family", "Fir Dental"];

/// How a connection usually goes, and where its events stand.
const STAGES: [(&str, &str); 7] = [
    ("initial_connection", "completed"),
    ("payroll_accessed", "completed"),
    ("payroll_connected", "completed"),
    ("broker_link_generated", "processing"),
    ("carrier_details_submitted", "pending"),
    ("carrier_sync_updated", "needs_attention"),
    ("carrier_sync_completed", "review"),
];

const STATUSES: [&str; 4] = ["pending", "processing", "needs_attention", "completed"];

/// The seeded connections.
pub(super) fn connections(world: &World) -> Vec<Connection> {
    let mut random = Random::new(world.seed);
    (0..NUMBER).map(|at| connection(world, &mut random, at)).collect()
}

fn connection(world: &World, random: &mut Random, at: u64) -> Connection {
    let start = world.clock.start();
    let key = format!("{:012x}", random.next() >> 16);
    let created = i64::try_from(90 - at).unwrap_or(1);
    let carriers = 1 + random.below(3);
    let group_connections = (0..carriers)
        .map(|number| {
            let stage = (at + number) % STATUSES.len() as u64;
            let begun = stage > 0;
            let done = stage + 1 == STATUSES.len() as u64;
            let carrier = usize::try_from((at + number) % CARRIERS.len() as u64).unwrap_or(0);
            let status = usize::try_from(stage).unwrap_or(0);
            GroupConnection {
                id: format!("grp_{key}_{}", number + 1),
                carrier: CARRIERS.get(carrier).copied().unwrap_or("").to_owned(),
                status: STATUSES.get(status).copied().unwrap_or("pending"),
                broker_federal_ein: begun.then(|| random.fein()),
                group_id: begun.then(|| format!("G{:06}", random.below(1_000_000))),
                initiated_at: begun.then(|| days_before(start, created)),
                completed_at: done.then(|| days_before(start, created - 5)),
            }
        })
        .collect();
    let mut connection = Connection {
        id: format!("conn_{key}"),
        broker_url: (!at.is_multiple_of(3)).then(|| format!("https://broker.example.com/links/{key}")),
        employer: random.company(),
        group_connections,
        events: Vec::new(),
        status: String::new(),
        recorded: 0,
    };
    let stages = usize::try_from(at).unwrap_or(0) % STAGES.len() + 1;
    for (category, status) in STAGES.iter().take(stages) {
        connection.record(category, status, days_before(start, created));
        connection.status = (*status).to_owned();
    }
    connection
}
