//! Clasp by its reference pages.

use std::collections::BTreeSet;

use driftline_sandbox::Options;
use serde_json::{Value, json};

use super::support::{Bench, Reply, Send};

async fn list(bench: &Bench, query: &[(&str, &str)]) -> Reply {
    bench.call("listConnections", &[], query, Send::Nothing).await
}

async fn follow(bench: &Bench, url: &str) -> Reply {
    let reply = Reply::of(bench.authenticated(bench.client.get(url)).send().await.unwrap()).await;
    assert_eq!(bench.problems("listConnections", &reply), []);
    reply
}

async fn first(bench: &Bench) -> String {
    list(bench, &[]).await.text_at("/results/0/id").to_owned()
}

async fn review(bench: &Bench, id: &str, body: impl Into<Send>) -> Reply {
    bench.call("submitReview", &[id], &[], body).await
}

#[tokio::test]
async fn next_leads_through_every_connection_once_and_previous_back() {
    let bench = Bench::of("clasp").await;
    for size in ["1", "7", "25", "59", "60", "100"] {
        let mut page = list(&bench, &[("page_size", size)]).await;
        assert_eq!(page.at("/previous"), &Value::Null);
        let mut pages = vec![page.clone()];
        while let Some(next) = page.at("/next").as_str() {
            assert!(next.starts_with(&bench.base_url) && next.contains("cursor="), "{next}");
            page = follow(&bench, next).await;
            pages.push(page.clone());
        }
        let seen: Vec<&str> = pages.iter().flat_map(|page| page.each("/results", "/id")).collect();
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (60, 60));
        let last = pages.len() - 1;
        for at in (1..=last).rev() {
            let back = follow(&bench, pages[at].text_at("/previous")).await;
            assert_eq!(back.at("/results"), pages[at - 1].at("/results"));
        }
    }
}

#[tokio::test]
async fn a_page_holds_25_unless_told() {
    let bench = Bench::of("clasp").await;
    assert_eq!(list(&bench, &[]).await.at("/results").as_array().unwrap().len(), 25);
    assert_eq!(list(&bench, &[("page_size", "3")]).await.at("/results").as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn links_stay_on_the_host_that_was_asked() {
    let bench = Bench::of("clasp").await;
    let port = bench.base_url.rsplit(':').next().unwrap().to_owned();
    let request = bench.request("listConnections", &[]).header("host", format!("localhost:{port}"));
    let reply = Reply::of(bench.authenticated(request).send().await.unwrap()).await;
    assert!(reply.text_at("/next").starts_with(&format!("http://localhost:{port}/connections?")));
}

#[tokio::test]
async fn a_page_size_or_cursor_that_makes_no_sense_is_a_validation_error() {
    let bench = Bench::of("clasp").await;
    let cases = [
        ("page_size", "0"),
        ("page_size", "101"),
        ("page_size", "-1"),
        ("page_size", "many"),
        ("cursor", "x"),
        ("cursor", "ZnJvbTo5OTk"),
        ("cursor", ""),
    ];
    for (name, value) in cases {
        let reply = list(&bench, &[(name, value)]).await;
        assert_eq!((reply.status, reply.text_at("/type")), (400, "validation_error"), "{name}={value}");
        assert_eq!(reply.text_at("/input_errors/0/field"), name);
        assert_eq!(reply.at("/input_errors/0/field_path"), &json!([name]));
    }
}

#[tokio::test]
async fn the_seeded_world_shows_every_status() {
    let bench = Bench::of("clasp").await;
    let page = list(&bench, &[("page_size", "100")]).await;
    let connections = page.at("/results").as_array().unwrap();
    let statuses: BTreeSet<&str> = connections
        .iter()
        .flat_map(|connection| connection["group_connections"].as_array().unwrap())
        .map(|group| group["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses.into_iter().collect::<Vec<_>>(),
        ["completed", "needs_attention", "pending", "processing"]
    );
    assert!(connections.iter().any(|connection| connection["broker_url"].is_null()));
    for connection in connections {
        let read =
            bench.call("retrieveConnection", &[connection["id"].as_str().unwrap()], &[], Send::Nothing).await;
        assert_eq!(&read.json, connection);
    }
}

#[tokio::test]
async fn a_review_is_kept_with_an_event_that_says_so() {
    let bench = Bench::of("clasp").await;
    let id = first(&bench).await;
    let before = bench.call("retrieveConnection", &[&id], &[], Send::Nothing).await;
    let carrier = before.text_at("/group_connections/0/carrier");
    let body = json!({
        "broker_url": "https://broker.example.com/new",
        "group_connections": [
            {"carrier": carrier, "broker_federal_ein": "000000009", "group_id": "G-9"},
            {"carrier": "Gum Tree Life", "group_id": "G-10"},
        ],
        "events": [{"category": "carrier_sync_completed", "status": "completed"}],
    });
    let after = review(&bench, &id, body).await;
    assert_eq!(after.status, 200);
    assert_eq!(after.text_at("/broker_url"), "https://broker.example.com/new");
    assert_eq!(after.text_at("/group_connections/0/group_id"), "G-9");
    assert_eq!(after.text_at("/group_connections/0/broker_federal_ein"), "000000009");
    assert_eq!(after.at("/group_connections/0/status"), before.at("/group_connections/0/status"));
    let groups = after.each("/group_connections", "/carrier");
    assert_eq!(groups.last(), Some(&"Gum Tree Life"));
    let events = after.each("/events", "/category");
    assert_eq!(events[events.len() - 2..], ["carrier_sync_completed", "review_submitted"]);
    assert_eq!(bench.call("retrieveConnection", &[&id], &[], Send::Nothing).await.json, after.json);
}

#[tokio::test]
async fn a_review_may_say_nothing_or_unset_the_broker_url() {
    let bench = Bench::of("clasp").await;
    let id = list(&bench, &[]).await.text_at("/results/1/id").to_owned();
    assert_eq!(review(&bench, &id, Send::Nothing).await.status, 200);
    let kept = review(&bench, &id, json!({})).await;
    assert!(kept.at("/broker_url").is_string());
    assert_eq!(review(&bench, &id, json!({"broker_url": null})).await.at("/broker_url"), &Value::Null);
}

#[tokio::test]
async fn a_review_that_is_wrong_is_a_validation_error_and_changes_nothing() {
    let bench = Bench::of("clasp").await;
    let id = first(&bench).await;
    let before = bench.call("retrieveConnection", &[&id], &[], Send::Nothing).await;
    let long = "x".repeat(256);
    let cases = [
        (json!({"broker_url": 1}), json!(["broker_url"])),
        (json!({"broker_url": long}), json!(["broker_url"])),
        (json!({"group_connections": {}}), json!(["group_connections"])),
        (
            json!({"group_connections": [{"carrier": "a", "broker_federal_ein": "12345678901"}]}),
            json!(["group_connections", "0", "broker_federal_ein"]),
        ),
        (json!({"events": [{"category": "party"}]}), json!(["events", "0", "category"])),
        (
            json!({"group_connections": [{"carrier": "y".repeat(2000)}]}),
            json!(["group_connections", "0", "carrier"]),
        ),
    ];
    for (body, path) in cases {
        let reply = review(&bench, &id, body).await;
        assert_eq!((reply.status, reply.text_at("/type")), (400, "validation_error"));
        assert_eq!(reply.at("/input_errors/0/field_path"), &path);
    }
    for body in [Send::Raw("application/json", b"[".to_vec()), Send::Raw("text/plain", b"hello".to_vec())] {
        assert_eq!(review(&bench, &id, body).await.status, 400);
    }
    assert_eq!(bench.call("retrieveConnection", &[&id], &[], Send::Nothing).await.json, before.json);
}

#[tokio::test]
async fn an_unknown_connection_is_a_404() {
    let bench = Bench::of("clasp").await;
    for operation in ["retrieveConnection", "submitReview"] {
        let reply = bench.call(operation, &["conn_nothing"], &[], Send::Nothing).await;
        assert_eq!((reply.status, reply.text_at("/type")), (404, "not_found"));
    }
}

#[tokio::test]
async fn reviews_without_end_do_not_grow_a_connection_without_end() {
    let bench = Bench::with("clasp", Options::default()).await;
    let id = first(&bench).await;
    for at in 0..130 {
        let body = json!({"group_connections": [{"carrier": format!("Carrier {at}")}]});
        review(&bench, &id, body).await;
    }
    let read = bench.call("retrieveConnection", &[&id], &[], Send::Nothing).await;
    assert_eq!(read.at("/events").as_array().unwrap().len(), 100);
    assert_eq!(read.at("/group_connections").as_array().unwrap().len(), 50);
}
