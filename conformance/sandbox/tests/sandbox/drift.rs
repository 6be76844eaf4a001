//! The catalogue: each kind alters what it says, where it says, and nothing else.

use std::collections::BTreeSet;

use driftline_sandbox::{Error, Options, Sandbox, apis, catalogue};
use serde_json::json;

use super::meaning::{self, meaning};
use super::support::{Bench, Send, contract};
use super::together::{self, together};
use super::tour::{ready, round};

/// The checks of single answers.
const CHECKS: [&str; 14] = [
    "status_documented",
    "content_type_documented",
    "body_schema",
    "undocumented_property",
    "unknown_enum_value",
    "no_server_error",
    "credential_required",
    "error_body",
    "invalid_request_refused",
    "body_well_formed",
    "header_schema",
    "deprecation_documented",
    "undocumented_method_refused",
    "allow_lists_methods",
];

/// The checks that know what is usual.
const NORMS: [&str; 6] = [
    "norm_property_absent",
    "norm_always_null",
    "norm_one_value",
    "norm_form_changed",
    "norm_status_rare",
    "norm_known_good_refused",
];

/// The check of what requests do to resources that they are not about.
const SEQUENCE: &str = "sequence_keeps_to_model";

/// The checks that the catalogue has a kind of drift for.
fn checks() -> impl Iterator<Item = &'static str> {
    CHECKS.into_iter().chain(together::CHECKS).chain(meaning::CHECKS).chain(NORMS).chain([SEQUENCE])
}

#[test]
fn the_catalogue_speaks_of_operations_and_places_that_exist() {
    let mut ids = BTreeSet::new();
    for kind in catalogue() {
        assert!(ids.insert(kind.id), "{} is there twice", kind.id);
        assert!(checks().any(|check| check == kind.check), "{}: unknown check {}", kind.id, kind.check);
        let contract = contract(kind.api);
        let operation = contract.operation(kind.operation_id);
        assert!(operation.is_some(), "{}: no operation {}", kind.id, kind.operation_id);
        assert!(contract.at(kind.location).is_some(), "{}: nothing at {}", kind.id, kind.location);
        assert!(kind.id.starts_with(&format!("{}-", kind.api)), "{} does not begin with its API", kind.id);
    }
    for api in apis() {
        assert!(catalogue().iter().any(|kind| kind.api == api), "{api} has no kind of drift");
    }
    for check in checks() {
        assert!(catalogue().iter().any(|kind| kind.check == check), "no kind of drift for {check}");
    }
    assert!(catalogue().len() >= 18);
}

#[tokio::test]
async fn without_drift_a_round_shows_nothing() {
    for api in apis() {
        let bench = Bench::of(api).await;
        let reached: BTreeSet<(&str, u16)> = round(api, &bench)
            .await
            .into_iter()
            .map(|stop| {
                assert!(
                    stop.problems.is_empty(),
                    "{}: {:?}\n{}",
                    stop.operation,
                    stop.problems,
                    stop.reply.text
                );
                (stop.operation, stop.reply.status)
            })
            .collect();
        // The round is worth something only if every documented answer but 429 is reached.
        for operation in bench.contract.operations() {
            for response in &operation.responses {
                let driftline_specs::StatusSpec::Code(status) = response.status else { continue };
                let wanted = (operation.id.as_str(), status);
                assert!(status == 429 || reached.contains(&wanted) || wanted_elsewhere(wanted), "{wanted:?}");
            }
        }
    }
}

/// Answers that other tests reach.
fn wanted_elsewhere(answer: (&str, u16)) -> bool {
    matches!(
        answer,
        ("createApplication", 422)
            | ("updateApplication", 400 | 404 | 422)
            | ("uploadSupportingDocumentation" | "submitApplication", 404)
            | ("getPaymentRedirect", 422)
            | ("updateGroup", 400 | 422)
    )
}

#[tokio::test]
async fn without_drift_several_requests_together_show_nothing() {
    for api in apis() {
        let bench = Bench::of(api).await;
        assert_eq!(together(api, &bench).await, [], "{api}");
        assert_eq!(meaning(api, &bench).await, [], "{api}");
    }
}

#[tokio::test]
async fn what_a_sequence_shows_is_left_elsewhere_and_no_answer_is_wrong() {
    for (drifts, spills) in [(vec![], false), (vec!["enrollconnect-update-spills".to_owned()], true)] {
        let bench = Bench::with("enrollconnect", Options { drifts, ..Options::default() }).await;
        let mut ids = Vec::new();
        for _ in 0..2 {
            let created = bench.send("createApplication", &[], &[], ready().into(), true).await;
            ids.push(created.text_at("/application_id").to_owned());
        }
        let mut body = ready();
        body["external_id"] = json!("of the second");
        let updated = bench.send("updateApplication", &[&ids[1]], &[], body.into(), true).await;
        assert_eq!(bench.problems("updateApplication", &updated), []);
        for (id, is_changed) in [(&ids[0], spills), (&ids[1], true)] {
            let read = bench.send("getApplication", &[id], &[], Send::Nothing, true).await;
            assert_eq!(bench.problems("getApplication", &read), []);
            assert_eq!(read.at("/external_id") == "of the second", is_changed, "{spills} {id}");
        }
    }
}

#[tokio::test]
async fn each_kind_shows_where_it_says_and_nowhere_else() {
    for kind in catalogue().iter().filter(|kind| !NORMS.contains(&kind.check) && kind.check != SEQUENCE) {
        let options = Options { drifts: vec![kind.id.to_owned()], ..Options::default() };
        let bench = Bench::with(kind.api, options).await;
        let in_several = together::CHECKS.contains(&kind.check) || meaning::CHECKS.contains(&kind.check);
        let is_narrower = kind.check == meaning::NARROWER;
        let single = if is_narrower { Vec::new() } else { round(kind.api, &bench).await }.into_iter();
        let mut shown: Vec<_> =
            single.flat_map(|stop| stop.problems.into_iter().map(move |it| (stop.operation, it))).collect();
        if in_several {
            // No answer by itself is wrong: what is wrong shows between them.
            assert_eq!(shown, [], "{} shows in single answers", kind.id);
            bench.sandbox.reset();
            shown = meaning(kind.api, &bench).await;
            if !is_narrower {
                bench.sandbox.reset();
                shown.extend(together(kind.api, &bench).await);
            }
        }
        for (operation, (check, location)) in &shown {
            assert_eq!(*operation, kind.operation_id, "{} also shows {check} at {location}", kind.id);
            let as_said = (*check, location.as_str()) == (kind.check, kind.location);
            // What is lost between a write and a read is lost to other witnesses as well.
            let at_its_place = location == kind.location;
            assert!(as_said || at_its_place || !in_several, "{} also shows {check} at {location}", kind.id);
        }
        let found = shown.iter().any(|(_, (check, at))| (*check, at.as_str()) == (kind.check, kind.location));
        assert!(found, "{} does not show as {} at {}", kind.id, kind.check, kind.location);
    }
}

#[tokio::test]
async fn what_is_only_unusual_is_right_in_itself_and_not_as_it_was() {
    for kind in catalogue().iter().filter(|kind| NORMS.contains(&kind.check)) {
        let options = Options { drifts: vec![kind.id.to_owned()], ..Options::default() };
        let (drifted, right) = (Bench::with(kind.api, options).await, Bench::of(kind.api).await);
        let mut changed = 0;
        for (now, before) in round(kind.api, &drifted).await.into_iter().zip(round(kind.api, &right).await) {
            assert_eq!(now.problems, [], "{} shows in single answers", kind.id);
            assert_eq!(now.operation, before.operation);
            let text = |bench: &Bench, text: &str| text.replace(&bench.base_url, "");
            let is_same = text(&drifted, &now.reply.text) == text(&right, &before.reply.text);
            if now.reply.status != before.reply.status || !is_same {
                assert_eq!(now.operation, kind.operation_id, "{} changes another operation", kind.id);
                changed += 1;
            }
        }
        if kind.check == "norm_status_rare" {
            // The round has nothing that is wrong in its meaning.
            let mut body = ready();
            body["desired_effective_date"] = json!("soon");
            for (bench, status) in [(&drifted, 400), (&right, 422)] {
                assert_eq!(bench.call(kind.operation_id, &[], &[], body.clone()).await.status, status);
            }
            changed += 1;
        }
        if kind.check == "norm_known_good_refused" {
            // Nor has it anything that another part of a body rules out.
            let body = json!({ "name": "n", "broker": { "name": "b", "email": "b@example.com" } });
            for (bench, status) in [(&drifted, 422), (&right, 201)] {
                assert_eq!(bench.call(kind.operation_id, &[], &[], body.clone()).await.status, status);
            }
            changed += 1;
        }
        if kind.operation_id == "submitReview" {
            // The round reviews one connection, and not every one has what is changed.
            let page = right.call("listConnections", &[], &[], Send::Nothing).await;
            for connection in page.at("/results").as_array().unwrap() {
                let path = [connection["id"].as_str().unwrap()];
                let now = drifted.call(kind.operation_id, &path, &[], json!({})).await;
                let before = right.call(kind.operation_id, &path, &[], json!({})).await;
                assert_eq!((now.status, before.status), (200, 200));
                changed += usize::from(now.json != before.json);
            }
        }
        drifted.sandbox.reset();
        assert_eq!(together(kind.api, &drifted).await, [], "{} shows in several answers", kind.id);
        assert!(changed > 0, "{} changes nothing", kind.id);
    }
}

#[tokio::test]
async fn an_unknown_drift_is_refused_with_those_that_exist() {
    let options = Options { drifts: vec!["no-such-drift".to_owned()], ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(matches!(error, Error::UnknownDrift { .. }));
    assert!(error.to_string().contains("clasp-employer-missing"), "{error}");
}

#[tokio::test]
async fn a_drift_of_an_api_that_is_not_served_is_refused() {
    let drifts = vec!["clasp-employer-missing".to_owned()];
    let options = Options { apis: vec!["onboarding".to_owned()], drifts, ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(error.to_string().contains("add `clasp`"), "{error}");
}
