//! The list: order, filters, pages.

use std::collections::BTreeSet;

use serde_json::json;

use super::{changed, create, get, with};
use crate::support::{Bench, Send};
use crate::tour::ready;

async fn ids(bench: &Bench, query: &[(&str, &str)]) -> (Vec<String>, u64) {
    let reply = bench.call("listApplications", &[], query, Send::Nothing).await;
    assert_eq!(reply.status, 200);
    let ids = reply.each("/applications", "/application_id").into_iter().map(str::to_owned).collect();
    (ids, reply.at("/pagination/total").as_u64().unwrap())
}

#[tokio::test]
async fn the_seeded_world_has_every_state_on_its_first_page() {
    let bench = Bench::of("enrollconnect").await;
    let reply = bench.call("listApplications", &[], &[], Send::Nothing).await;
    let states: BTreeSet<&str> = reply.each("/applications", "/policy_status").into_iter().collect();
    let all =
        ["cancelled", "draft", "effectuated", "pending_effectuation", "submission_failed", "terminated"];
    assert_eq!(states.into_iter().collect::<Vec<_>>(), all);
    // The first one has a policy.
    let first = get(&bench, reply.text_at("/applications/0/application_id")).await;
    assert_eq!(first.at("/policies").as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn seeds_are_valid_requests_and_synthetic() {
    let bench = Bench::of("enrollconnect").await;
    let schema = "#/components/schemas/ApplicationCreateRequest";
    let validator = bench.contract.validator(schema, driftline_specs::Direction::Request).unwrap();
    for id in ids(&bench, &[]).await.0 {
        let read = bench.call("getApplication", &[&id], &[], Send::Nothing).await;
        assert_eq!(validator.violations(read.at("/application")), []);
        let primary = read.at("/application/applicants/primary");
        assert!(primary["ssn"].as_str().is_none_or(|ssn| ssn.starts_with('9')));
        assert!(primary["email"].as_str().unwrap().ends_with("@example.com"));
        assert!(primary["phone"].as_str().unwrap().starts_with("20255501"));
    }
}

#[tokio::test]
async fn pages_cover_everything_once_and_do_not_shift() {
    let bench = Bench::of("enrollconnect").await;
    let (all, total) = ids(&bench, &[("limit", "100")]).await;
    assert_eq!(all.len() as u64, total);
    for limit in ["1", "7", "24"] {
        let mut seen = Vec::new();
        while seen.len() < all.len() {
            let offset = seen.len().to_string();
            let (page, of) = ids(&bench, &[("limit", limit), ("offset", &offset)]).await;
            assert!(!page.is_empty() && page.len() <= limit.parse().unwrap());
            assert_eq!(of, total);
            seen.extend(page);
        }
        assert_eq!(seen, all);
    }
    create(&bench, ready()).await;
    let (now, total_now) = ids(&bench, &[("limit", "100")]).await;
    assert_eq!(now[..all.len()], all[..]);
    assert_eq!(total_now, total + 1);
}

#[tokio::test]
async fn limits_and_offsets_that_make_no_sense_are_taken_to_the_nearest_that_do() {
    let bench = Bench::of("enrollconnect").await;
    let cases = [
        (("limit", "0"), (1, 0)),
        (("limit", "-5"), (1, 0)),
        (("limit", "1000"), (100, 0)),
        (("limit", "x"), (25, 0)),
        (("limit", "99999999999999999999"), (25, 0)),
        (("offset", "-1"), (25, 0)),
        (("offset", "9223372036854775807"), (25, 2_147_483_647)),
        (("offset", ""), (25, 0)),
    ];
    for (query, (limit, offset)) in cases {
        let reply = bench.call("listApplications", &[], &[query], Send::Nothing).await;
        let pagination = json!({"limit": limit, "offset": offset, "total": 24});
        assert_eq!(reply.at("/pagination"), &pagination, "{query:?}");
    }
}

#[tokio::test]
async fn each_filter_lets_through_what_it_names() {
    let bench = Bench::of("enrollconnect").await;
    let body = changed(ready(), "/hra", json!({"employer": {"external_id": "employer-x"}}));
    let body = changed(body, "/plan_hios_id", json!("54321TX0010001"));
    let body = changed(body, "/plan_year", json!(2031));
    let mine = create(&bench, changed(body, "/external_id", json!("mine"))).await;
    for query in [
        ("external_id", "mine"),
        ("plan_year", "2031"),
        ("issuer_hios_id", "54321"),
        ("plan_hios_id", "54321TX0010001"),
        ("employer_external_id", "employer-x"),
        ("updated_since", "2026-01-15T14:00:00Z"),
    ] {
        assert_eq!(ids(&bench, &[query]).await, (vec![mine.clone()], 1), "{query:?}");
    }
    let (drafts, _) = ids(&bench, &[("policy_status", "draft")]).await;
    assert!(drafts.contains(&mine) && drafts.len() < 24);
    let both = [("policy_status", "draft"), ("external_id", "mine")];
    assert_eq!(ids(&bench, &both).await.0, std::slice::from_ref(&mine));
    let neither = [("policy_status", "effectuated"), ("external_id", "mine")];
    assert_eq!(ids(&bench, &neither).await, (vec![], 0));
}

#[tokio::test]
async fn a_filter_that_nothing_can_match_matches_nothing() {
    let bench = Bench::of("enrollconnect").await;
    for query in [
        ("policy_status", "lost"),
        ("plan_year", "soon"),
        ("updated_since", "yesterday"),
        ("external_id", ""),
        ("plan_hios_id", "\u{1F600}"),
    ] {
        assert_eq!(ids(&bench, &[query]).await, (vec![], 0), "{query:?}");
    }
}

#[tokio::test]
async fn updated_since_means_after_and_sees_every_change() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, ready()).await;
    let created = bench.call("getApplication", &[&id], &[], Send::Nothing).await;
    let at = created.text_at("/updated_at");
    assert_eq!(ids(&bench, &[("updated_since", at)]).await.0, Vec::<String>::new());
    bench.call("updateApplication", &[&id], &[], with("/external_id", json!("later"))).await;
    assert_eq!(ids(&bench, &[("updated_since", at)]).await.0, std::slice::from_ref(&id));
    let offset = at.replace('Z', "+00:00");
    assert_eq!(ids(&bench, &[("updated_since", &offset)]).await.0, [id]);
}

#[tokio::test]
async fn entries_agree_with_the_applications() {
    let bench = Bench::of("enrollconnect").await;
    let list = bench.call("listApplications", &[], &[], Send::Nothing).await;
    for entry in list.at("/applications").as_array().unwrap() {
        let id = entry["application_id"].as_str().unwrap();
        let read = bench.call("getApplication", &[id], &[], Send::Nothing).await;
        for name in ["external_id", "policy_status", "plan_hios_id", "created_at", "updated_at"] {
            assert_eq!(entry.get(name), read.json.get(name), "{name} of {id}");
        }
        assert_eq!(entry["plan_year"], json!(read.at("/plan_year").to_string()));
        let employer = read.at("/application/hra/employer/external_id");
        assert_eq!(&entry["employer_external_id"], employer);
    }
}
