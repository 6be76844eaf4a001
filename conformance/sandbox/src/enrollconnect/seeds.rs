//! The world before the first request: two dozen applications in every state, so that lists, reads and every
//! action have something to work on. The pending ones wait for a document and stay pending until it comes,
//! however far the clock moves.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::lifecycle::State;
use super::record::{Application, id_of};
use super::store::Store;
use crate::clock::{after, date_of, days_before};
use crate::random::Random;
use crate::service::World;

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a seed is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Ready,
    /// A minor without a guardian and without an SSN.
    Lacking,
    /// Pending until its document is verified.
    Held,
    Effectuated,
    /// Effectuated by a carrier without payment redirect.
    EffectuatedByPhone,
    Failed,
    Cancelled,
    Terminated,
}

/// The first one has a policy, so that whoever looks at one application only sees all there is to see.
const FATES: [Fate; 24] = [
    Fate::Effectuated,
    Fate::Ready,
    Fate::Held,
    Fate::Lacking,
    Fate::Terminated,
    Fate::Failed,
    Fate::Cancelled,
    Fate::EffectuatedByPhone,
    Fate::Ready,
    Fate::Held,
    Fate::Effectuated,
    Fate::Ready,
    Fate::Held,
    Fate::Lacking,
    Fate::Effectuated,
    Fate::Ready,
    Fate::Held,
    Fate::Failed,
    Fate::Effectuated,
    Fate::Ready,
    Fate::Held,
    Fate::Terminated,
    Fate::Ready,
    Fate::Held,
];

/// A store with the seeds in it.
pub(super) fn seeded(world: &World) -> Store {
    let mut random = Random::new(world.seed);
    let mut store = Store::new(world.capacity, A_DAY);
    let start = world.clock.start();
    for (at, fate) in FATES.into_iter().enumerate() {
        let created = days_before(start, 60 - i64::try_from(at).unwrap_or(0));
        let body = body(&mut random, at, fate, created);
        let number = store.add(|number| Application::draft(number, &body, created));
        if !matches!(fate, Fate::Ready | Fate::Lacking) {
            store.submit(&id_of(number), after(created, A_DAY));
        }
        if matches!(fate, Fate::Cancelled) {
            let on = after(created, A_DAY + A_DAY / 2);
            store.change(&id_of(number), |application| end(application, State::Cancelled, on));
        }
    }
    store.settle(start);
    for (number, fate) in (1..).zip(FATES) {
        if fate == Fate::Terminated {
            store.change(&id_of(number), |application| {
                end(application, State::Terminated, days_before(start, 7));
            });
        }
    }
    store.seal();
    store.settling_after(world.settle_after);
    store
}

fn end(application: &mut Application, state: State, at: Timestamp) {
    application.ended_on = Some(match state {
        State::Terminated => date_of(at).last_of_month(),
        _ => application.effective_date(),
    });
    application.state = state;
    application.updated_at = at;
}

fn body(random: &mut Random, at: usize, fate: Fate, created: Timestamp) -> Value {
    let issuer = match fate {
        Fate::EffectuatedByPhone => "00020",
        Fate::Held | Fate::Ready | Fate::Cancelled => "00010",
        _ => "12345",
    };
    let event = if fate == Fate::Held { "loss_of_mec" } else { "offered_ichra" };
    let (first, last) = (random.first_name(), random.last_name());
    let signed = date_of(created).to_string();
    let year = i64::from(date_of(created).year());
    let employer = at % 4;
    let mut body = json!({
        "plan_hios_id": format!("{issuer}TX{:07}", 1_000_000 + random.below(9_000_000)),
        "plan_year": year,
        "applicants": {
            "primary": {
                "first_name": first,
                "last_name": last,
                "ssn": random.ssn(),
                "date_of_birth": format!("{}-{:02}-{:02}", 1960 + random.below(40), 1 + random.below(12), 1 + random.below(28)),
                "gender": random.pick(&["male", "female"]),
                "email": format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase()),
                "phone": random.phone(),
                "phone_type": "cell",
                "signature": format!("{first} {last}"),
                "external_id": format!("member-{at}"),
            },
        },
        "residential_address": {
            "street_address_1": format!("{} Example Street", 100 + random.below(900)),
            "city": "Sampleville",
            "state": "TX",
            "zip_code": "00000",
        },
        "hra": {
            "offered_hra": true,
            "type": "ichra",
            "amount": 250.5,
            "employer": {
                "name": random.company(),
                "external_id": format!("employer-{employer}"),
                "fein": random.fein(),
            },
        },
        "special_enrollment_period": {"event_type": event, "event_date": signed},
        "signatures": {"signature_date": signed},
        "agent_of_record": {
            "first_name": random.first_name(),
            "last_name": random.last_name(),
            "national_producer_number": format!("{}", 1_000_000 + random.below(9_000_000)),
            "email": "agent@example.com",
        },
    });
    match fate {
        // Who applies again is the same one to the caller.
        _ if at + 1 == FATES.len() => set(&mut body, "", "external_id", json!(format!("seed-{}", at - 2))),
        Fate::Failed => set(&mut body, "", "external_id", json!(format!("fail-submission-{at}"))),
        // Every third application has no identifier of its caller's.
        _ if at % 3 != 1 => set(&mut body, "", "external_id", json!(format!("seed-{at}"))),
        _ => {}
    }
    if fate == Fate::Lacking {
        let primary = "/applicants/primary";
        set(&mut body, primary, "date_of_birth", json!("2014-05-05"));
        if let Some(primary) = body.pointer_mut(primary).and_then(Value::as_object_mut) {
            primary.shift_remove("ssn");
        }
    }
    if at.is_multiple_of(2) {
        let dependent = json!({
            "first_name": random.first_name(),
            "last_name": last,
            "date_of_birth": "2016-08-09",
            "gender": "female",
            "relationship": "child",
        });
        set(&mut body, "/applicants", "dependents", json!([dependent]));
    }
    body
}

fn set(body: &mut Value, pointer: &str, name: &str, value: Value) {
    if let Some(object) = body.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(name.to_owned(), value);
    }
}
