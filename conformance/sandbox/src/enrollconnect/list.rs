//! The list of applications: filters, and pages by offset. Applications come in the order of their creation, oldest
//! first, so that pages do not shift while others are created.
//!
//! The contract states no status for a query that makes no sense. Such a filter therefore matches nothing,
//! and `limit` and `offset` are taken to the nearest value that makes sense.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::record::Application;
use super::store::Store;
use crate::answer::Answer;
use crate::call::Call;

const DEFAULT_LIMIT: u64 = 25;
const MOST: u64 = 100;

/// How many properties an application in a list has at most.
const PROPERTIES: usize = 9;

/// `GET /api/v1/applications`.
pub(super) fn list(store: &Store, call: &Call<'_>) -> Answer {
    let limit = whole_number(call.query_value("limit"), DEFAULT_LIMIT).clamp(1, MOST);
    let offset = whole_number(call.query_value("offset"), 0);
    let filter = Filter::of(call);
    let mut total: u64 = 0;
    let mut page = Vec::new();
    for application in store.iter().filter(|application| filter.matches(application)) {
        if total >= offset && total - offset < limit {
            page.push(entry(application));
        }
        total += 1;
    }
    let pagination = json!({"limit": limit, "offset": offset, "total": total});
    Answer::json(200, json!({"applications": page, "pagination": pagination}))
}

struct Filter<'a> {
    policy_status: Option<&'a str>,
    external_id: Option<&'a str>,
    plan_year: Option<&'a str>,
    issuer_hios_id: Option<&'a str>,
    plan_hios_id: Option<&'a str>,
    employer_external_id: Option<&'a str>,
    updated_since: Option<Option<Timestamp>>,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call<'_>) -> Filter<'a> {
        Filter {
            policy_status: call.query_value("policy_status"),
            external_id: call.query_value("external_id"),
            plan_year: call.query_value("plan_year"),
            issuer_hios_id: call.query_value("issuer_hios_id"),
            plan_hios_id: call.query_value("plan_hios_id"),
            employer_external_id: call.query_value("employer_external_id"),
            updated_since: call.query_value("updated_since").map(|text| text.parse().ok()),
        }
    }

    fn matches(&self, application: &Application) -> bool {
        let facts = &application.facts;
        let year = self.plan_year.is_none_or(|year| year.parse() == Ok(facts.plan_year));
        let since =
            self.updated_since.is_none_or(|since| since.is_some_and(|since| application.updated_at > since));
        let texts = [
            (self.policy_status, Some(application.state.as_str())),
            (self.external_id, facts.external_id.as_deref()),
            (self.issuer_hios_id, Some(facts.issuer())),
            (self.plan_hios_id, Some(facts.plan_hios_id.as_str())),
            (self.employer_external_id, facts.employer_external_id.as_deref()),
        ];
        year && since && texts.into_iter().all(|(wanted, found)| wanted.is_none() || wanted == found)
    }
}

/// An application in a list. Here, unlike elsewhere, the contract writes the plan year as a string.
fn entry(application: &Application) -> Value {
    let facts = &application.facts;
    let mut entry = Map::with_capacity(PROPERTIES);
    entry.insert("application_id".to_owned(), application.id().into());
    let optional =
        [("external_id", &facts.external_id), ("employer_external_id", &facts.employer_external_id)];
    for (name, value) in optional {
        if let Some(value) = value {
            entry.insert(name.to_owned(), value.as_str().into());
        }
    }
    entry.insert("plan_year".to_owned(), facts.plan_year.to_string().into());
    entry.insert("plan_hios_id".to_owned(), facts.plan_hios_id.as_str().into());
    entry.insert("exchange_type".to_owned(), "off_exchange".into());
    entry.insert("policy_status".to_owned(), application.state.as_str().into());
    entry.insert("created_at".to_owned(), application.created_at.to_string().into());
    entry.insert("updated_at".to_owned(), application.updated_at.to_string().into());
    Value::Object(entry)
}

/// A number of items, with `default` for what is no number. A negative one is 0, one that is too large the
/// largest that is still a 32-bit integer, so that every client can read it back.
fn whole_number(text: Option<&str>, default: u64) -> u64 {
    let largest = i64::from(i32::MAX);
    let number = text.and_then(|text| text.parse::<i64>().ok());
    number.map_or(default, |number| u64::try_from(number.clamp(0, largest)).unwrap_or(default))
}
