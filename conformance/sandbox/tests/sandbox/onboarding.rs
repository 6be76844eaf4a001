//! Onboarding by its overview and the contract that was inferred from it.

use serde_json::{Value, json};

use super::support::{Bench, Reply, Send};
use super::tour::group;

/// How long one step takes.
const STEP: u64 = 120;

async fn read(bench: &Bench, operation: &str, id: &str) -> Reply {
    let reply = bench.call(operation, &[id], &[], Send::Nothing).await;
    assert_eq!(reply.status, 200);
    reply
}

async fn register(bench: &Bench, body: Value) -> String {
    let reply = bench.call("registerGroup", &[], &[], body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.text_at("/group_id").to_owned()
}

async fn pending(bench: &Bench, id: &str) -> Vec<String> {
    let status = read(bench, "getIntegrationStatus", id).await;
    let group = read(bench, "getGroup", id).await;
    assert_eq!(status.at("/pending_actions"), group.at("/pending_actions"));
    status.each("/pending_actions", "/action").into_iter().map(str::to_owned).collect()
}

async fn listed(bench: &Bench, query: &[(&str, &str)]) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let offset = all.len().to_string();
        let query: Vec<(&str, &str)> = query.iter().copied().chain([("offset", offset.as_str())]).collect();
        let page = bench.call("listGroups", &[], &query, Send::Nothing).await;
        assert_eq!(page.status, 200);
        all.extend(page.each("/groups", "/group_id").into_iter().map(str::to_owned));
        if all.len() as u64 == page.at("/pagination/total").as_u64().unwrap() {
            return all;
        }
        assert!(!page.at("/groups").as_array().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_registration_completes_step_by_step() {
    let bench = Bench::of("onboarding").await;
    let id = register(&bench, group()).await;
    assert_eq!(pending(&bench, &id).await, ["verify_group_data", "confirm_broker", "transfer_group_data"]);
    let status = read(&bench, "getIntegrationStatus", &id).await;
    assert_eq!((status.at("/validated"), status.at("/validated_at")), (&json!(false), &Value::Null));
    assert_eq!(status.at("/healthy"), &json!(true));

    bench.advance(STEP);
    assert_eq!(pending(&bench, &id).await, ["confirm_broker", "transfer_group_data"]);
    let status = read(&bench, "getIntegrationStatus", &id).await;
    assert_eq!((status.at("/validated"), status.at("/transitioned")), (&json!(true), &json!(false)));
    assert!(status.at("/validated_at").is_string());

    bench.advance(STEP);
    assert_eq!(pending(&bench, &id).await, ["transfer_group_data"]);
    let registration = read(&bench, "getRegistrationStatus", &id).await;
    assert_eq!(registration.text_at("/status"), "awaiting_final_steps");

    bench.advance(STEP);
    assert_eq!(pending(&bench, &id).await, [""; 0]);
    let status = read(&bench, "getIntegrationStatus", &id).await;
    assert_eq!((status.at("/complete"), status.at("/transitioned")), (&json!(true), &json!(true)));
    let registration = read(&bench, "getRegistrationStatus", &id).await;
    assert_eq!(registration.text_at("/status"), "onboarded");
    assert_eq!(registration.at("/updated_at"), status.at("/completed_at"));
    assert_eq!(read(&bench, "getGroup", &id).await.text_at("/registration_status"), "onboarded");
}

#[tokio::test]
async fn another_broker_shows_at_once_and_has_to_confirm() {
    let bench = Bench::of("onboarding").await;
    let id = register(&bench, group()).await;
    bench.advance(STEP * 3);
    let change = json!({"broker": {"name": "Harbor Freight (example)", "email": "new@example.com"}});
    let changed = bench.call("updateGroup", &[&id], &[], change.clone()).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.at("/broker"), &change["broker"]);
    assert_eq!(changed.at("/name"), &group()["name"]);
    assert_eq!(changed.each("/pending_actions", "/action"), ["confirm_broker"]);
    assert_eq!(changed.text_at("/registration_status"), "awaiting_final_steps");
    assert_eq!(read(&bench, "getGroup", &id).await.json, changed.json);
    bench.advance(STEP);
    assert_eq!(read(&bench, "getRegistrationStatus", &id).await.text_at("/status"), "onboarded");
    // The same broker again is no change.
    let again = bench.call("updateGroup", &[&id], &[], change).await;
    assert_eq!(again.at("/pending_actions"), &json!([]));
}

#[tokio::test]
async fn an_update_leaves_the_rest_as_it_is() {
    let bench = Bench::of("onboarding").await;
    let id = register(&bench, group()).await;
    let before = read(&bench, "getGroup", &id).await;
    let changed = bench.call("updateGroup", &[&id], &[], json!({"external_id": "mine"})).await;
    assert_eq!(changed.text_at("/external_id"), "mine");
    for name in ["/name", "/fein", "/broker", "/created_at", "/pending_actions"] {
        assert_eq!(changed.at(name), before.at(name), "{name}");
    }
    assert_ne!(changed.at("/updated_at"), before.at("/updated_at"));
}

#[tokio::test]
async fn details_that_are_wrong_are_a_422_that_points_at_them() {
    let bench = Bench::of("onboarding").await;
    let id = register(&bench, group()).await;
    let before = read(&bench, "getGroup", &id).await;
    let cases = [
        (json!({"name": ""}), "/name"),
        (json!({"fein": "12"}), "/fein"),
        (json!({"broker": {}}), "/broker/name"),
        (json!({"broker": {"name": "a", "email": "b"}}), "/broker/email"),
        (json!([]), ""),
    ];
    for (body, pointer) in cases {
        let reply = bench.call("updateGroup", &[&id], &[], body.clone()).await;
        assert_eq!((reply.status, reply.at("/status")), (422, &json!(422)));
        assert_eq!(reply.text_at("/errors/0/pointer"), pointer);
        assert_eq!(bench.call("registerGroup", &[], &[], body).await.status, 422);
    }
    for body in
        [Send::Nothing, Send::Raw("application/json", b"{".to_vec()), Send::Raw("text/plain", b"a".to_vec())]
    {
        assert_eq!(bench.call("updateGroup", &[&id], &[], body.clone()).await.status, 400);
        assert_eq!(bench.call("registerGroup", &[], &[], body).await.status, 400);
    }
    assert_eq!(read(&bench, "getGroup", &id).await.json, before.json);
}

#[tokio::test]
async fn lists_by_status_and_by_pending_action_follow_the_clock() {
    let bench = Bench::of("onboarding").await;
    assert_eq!(listed(&bench, &[]).await.len(), 30);
    let onboarded = listed(&bench, &[("registration_status", "onboarded")]).await;
    let awaiting = listed(&bench, &[("registration_status", "awaiting_final_steps")]).await;
    assert_eq!(onboarded.len() + awaiting.len(), 30);
    assert!(onboarded.len() > 20 && awaiting.len() == 6);
    assert_eq!(listed(&bench, &[("pending_action", "resolve_data_mismatch")]).await.len(), 3);
    assert_eq!(listed(&bench, &[("pending_action", "transfer_group_data")]).await.len(), 6);
    assert_eq!(listed(&bench, &[("pending_action", "unheard_of")]).await.len(), 0);
    bench.advance(STEP * 4);
    assert_eq!(listed(&bench, &[("registration_status", "awaiting_final_steps")]).await.len(), 3);
    let both = [("registration_status", "onboarded"), ("pending_action", "confirm_broker")];
    assert_eq!(listed(&bench, &both).await.len(), 0);
}

#[tokio::test]
async fn an_onboarding_that_halts_is_not_healthy() {
    let bench = Bench::of("onboarding").await;
    let mut body = group();
    body["external_id"] = json!("stall-1");
    let id = register(&bench, body).await;
    bench.advance(STEP * 100);
    assert_eq!(read(&bench, "getIntegrationStatus", &id).await.at("/healthy"), &json!(false));
    assert!(pending(&bench, &id).await.contains(&"resolve_data_mismatch".to_owned()));
    let change = json!({"broker": {"name": "Harbor Freight (example)"}});
    bench.call("updateGroup", &[&id], &[], change).await;
    bench.advance(STEP * 100);
    assert_eq!(read(&bench, "getRegistrationStatus", &id).await.text_at("/status"), "awaiting_final_steps");
}

#[tokio::test]
async fn pages_are_as_asked_and_nonsense_is_a_400() {
    let bench = Bench::of("onboarding").await;
    let page = bench.call("listGroups", &[], &[("limit", "4"), ("offset", "28")], Send::Nothing).await;
    assert_eq!(page.at("/pagination"), &json!({"limit": 4, "offset": 28, "total": 30}));
    assert_eq!(page.each("/groups", "/group_id"), ["GRP00000029", "GRP00000030"]);
    for query in
        [("limit", "0"), ("limit", "101"), ("limit", "x"), ("offset", "-1"), ("registration_status", "lost")]
    {
        let reply = bench.call("listGroups", &[], &[query], Send::Nothing).await;
        assert_eq!(reply.status, 400, "{query:?}");
        assert!(reply.text_at("/detail").starts_with(query.0));
    }
}

#[tokio::test]
async fn a_summary_has_the_three_known_categories() {
    let bench = Bench::of("onboarding").await;
    let summary = read(&bench, "getGroupSummary", "GRP00000001").await;
    let known = ["coverage", "eligibility", "group_characteristics"];
    assert_eq!(summary.each("/categories", "/category"), known);
    assert!(summary.at("/categories/0/indicators").is_object());
}

#[tokio::test]
async fn an_unknown_group_is_a_404() {
    let bench = Bench::of("onboarding").await;
    for id in ["GRP99999999", "GRP1", "nothing"] {
        for operation in ["getGroup", "getRegistrationStatus", "getGroupSummary", "getIntegrationStatus"] {
            let reply = bench.call(operation, &[id], &[], Send::Nothing).await;
            assert_eq!((reply.status, reply.at("/status")), (404, &json!(404)));
        }
        assert_eq!(bench.call("updateGroup", &[id], &[], json!({})).await.status, 404);
    }
}
