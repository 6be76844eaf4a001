//! Mutants: a sandbox shows those that it is given, and says how often it did.

use std::path::Path;

use driftline_sandbox::{Condition, Mode, Mutant, Options, Sandbox, mutants};
use driftline_specs::Lifecycle;
use serde_json::{Value, json};

use super::enrollconnect::{act, create, status};
use super::support::{Bench, Reply, Send, contract};
use super::tour::{ready, round};

fn mutant(id: &str) -> Mutant {
    let api = id.split('/').next().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs").join(api);
    let contract = contract(api);
    let lifecycle = Lifecycle::load(&folder.join("lifecycle.yaml"), &contract).ok();
    let found = mutants(api, &contract, lifecycle.as_ref()).into_iter().find(|mutant| mutant.id() == id);
    found.unwrap_or_else(|| panic!("no mutant {id}"))
}

async fn bench(id: &str) -> Bench {
    let mutant = mutant(id);
    Bench::with(&mutant.api.clone(), Options { mutants: vec![mutant], ..Options::default() }).await
}

#[tokio::test]
async fn a_mutant_shows_at_its_operation_alone_and_is_counted() {
    for (id, check) in [
        ("enrollconnect/getApplication/200/policies/*/gross_premium/retyped", "body_schema"),
        ("enrollconnect/listApplications/200/status", "status_documented"),
        ("clasp/retrieveConnection/200/content-type", "content_type_documented"),
        ("onboarding/getGroup/authorisation", "credential_required"),
    ] {
        let mutant = mutant(id);
        let bench = bench(id).await;
        assert_eq!(bench.sandbox.mutated(), 0);
        let stops = round(&mutant.api, &bench).await;
        assert!(bench.sandbox.mutated() > 0, "{id} was never shown");
        let shown: Vec<_> =
            stops.iter().flat_map(|stop| stop.problems.iter().map(|it| (stop.operation, it.0))).collect();
        assert!(!shown.is_empty(), "{id} is not seen");
        for seen in shown {
            assert_eq!(seen, (mutant.operation_id.as_str(), check), "{id}");
        }
    }
}

#[tokio::test]
async fn a_mutant_of_an_api_that_is_not_served_is_refused() {
    let mutants = vec![mutant("clasp/retrieveConnection/200/content-type")];
    let options = Options { apis: vec!["onboarding".to_owned()], mutants, ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(error.to_string().contains("add `clasp`"), "{error}");
}

/// What a list of groups answers to a query.
async fn groups(bench: &Bench, query: &[(&str, &str)]) -> Reply {
    bench.send("listGroups", &[], query, Send::Nothing, true).await
}

/// The groups in an answer.
fn ids(reply: &Reply) -> Vec<&str> {
    reply.each("/groups", "/group_id")
}

#[tokio::test]
async fn a_constraint_is_overlooked_where_it_is_loosened_and_nowhere_else() {
    let bench = bench("onboarding/registerGroup/body/fein/pattern/loosened").await;
    let register = async |body: Value| bench.send("registerGroup", &[], &[], body.into(), true).await.status;
    let broker = json!({"name": "n", "email": "a@example.com"});
    let whole = json!({"name": "Quarry Works", "fein": "000000001", "broker": broker});
    assert_eq!(register(whole.clone()).await, 201);
    let with = |name: &str, value: Value| {
        let mut body = whole.clone();
        body[name] = value;
        body
    };
    assert_eq!(bench.sandbox.mutated(), 0, "what is allowed is no occasion");
    assert_eq!(register(with("fein", json!("00000000x"))).await, 201);
    assert_eq!(bench.sandbox.mutated(), 1);
    assert_eq!(register(with("fein", json!(7))).await, 422);
    assert_eq!(register(with("name", json!(7))).await, 422);
    assert_eq!(bench.sandbox.mutated(), 1);
}

#[tokio::test]
async fn what_the_contract_allows_is_refused_where_a_constraint_is_tightened() {
    let bench = bench("clasp/listConnections/query/page_size/maximum/tightened").await;
    let size = contract("clasp").operation("listConnections").unwrap().parameters[1].schema.clone().unwrap();
    let most = contract("clasp").at(&size.pointer).unwrap()["maximum"].as_i64().unwrap();
    let list = async |size: i64| {
        let size = size.to_string();
        bench.call("listConnections", &[], &[("page_size", size.as_str())], Send::Nothing).await.status
    };
    assert_eq!(list(most - 1).await, 200);
    assert_eq!(bench.sandbox.mutated(), 0);
    assert_eq!(list(most).await, 400);
    assert_eq!(bench.sandbox.mutated(), 1);
    assert_eq!(list(most + 1).await, 400);
    assert_eq!(bench.sandbox.mutated(), 1, "this one is refused as it should be");
}

#[tokio::test]
async fn filters_are_ignored_inverted_or_lose_something() {
    let whole = [("limit", "100")];
    let query = [("limit", "100"), ("registration_status", "onboarded")];
    let honest = Bench::of("onboarding").await;
    let (all, some) = (groups(&honest, &whole).await, groups(&honest, &query).await);
    let (all, some) = (ids(&all), ids(&some));
    assert!(!some.is_empty() && some.len() < all.len(), "the seeded groups have both states");
    let others: Vec<&str> = all.iter().copied().filter(|id| !some.contains(id)).collect();
    for (class, expected) in
        [("filter-ignored", &all[..]), ("filter-loses", &some[1..]), ("filter-inverted", &others[..])]
    {
        let bench = bench(&format!("onboarding/listGroups/query/registration_status/{class}")).await;
        assert_eq!(ids(&groups(&bench, &whole).await), all, "{class}");
        assert_eq!(bench.sandbox.mutated(), 0, "{class}");
        assert_eq!(ids(&groups(&bench, &query).await), expected, "{class}");
        assert_eq!(bench.sandbox.mutated(), 1, "{class}");
    }
}

#[tokio::test]
async fn pages_overlap_lose_items_or_never_end() {
    let all = groups(&Bench::of("onboarding").await, &[("limit", "100")]).await;
    let all = ids(&all);
    assert!(all.len() > 4);
    let last = (all.len() - 2).to_string();
    for (class, second, end) in [
        ("pages-overlap", &all[1..3], &all[all.len() - 3..all.len() - 1]),
        ("pages-gap", &all[3..4], &all[all.len() - 1..]),
        ("pages-endless", &all[..2], &all[..2]),
        ("last-page-cut", &all[2..4], &all[all.len() - 2..all.len() - 1]),
    ] {
        let bench = bench(&format!("onboarding/listGroups/{class}")).await;
        let page = async |offset: &str| groups(&bench, &[("limit", "2"), ("offset", offset)]).await;
        assert_eq!(ids(&page("0").await), &all[..2], "{class}");
        assert_eq!(bench.sandbox.mutated(), 0, "{class}");
        assert_eq!(ids(&page("2").await), second, "{class}");
        assert_eq!(ids(&page(&last).await), end, "{class}");
    }
}

#[tokio::test]
async fn pages_by_cursor_overlap() {
    let bench = bench("clasp/listConnections/pages-overlap").await;
    let list = async |query: &[(&str, &str)]| bench.call("listConnections", &[], query, Send::Nothing).await;
    let first = list(&[("page_size", "2")]).await;
    let next = reqwest::Url::parse(first.text_at("/next")).unwrap();
    let query: Vec<(String, String)> = next.query_pairs().into_owned().collect();
    let query: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let second = list(&query).await;
    assert_eq!(second.text_at("/results/0/id"), first.text_at("/results/1/id"));
    assert_eq!((second.each("/results", "/id").len(), bench.sandbox.mutated()), (2, 1));
}

#[tokio::test]
async fn transitions_are_refused_lost_or_lead_astray() {
    for (class, told, state) in [
        ("transition-refused", 422, "draft"),
        ("transition-lost", 200, "draft"),
        ("transition-astray", 200, "effectuated"),
    ] {
        let bench = bench(&format!("enrollconnect/submitApplication/draft/{class}")).await;
        let id = create(&bench, ready()).await;
        assert_eq!(act(&bench, "submitApplication", &id).await.status, told, "{class}");
        assert_eq!((status(&bench, &id).await.as_str(), bench.sandbox.mutated()), (state, 1), "{class}");
    }
}

#[tokio::test]
async fn what_a_state_forbids_is_done_or_changes_the_state_by_being_refused() {
    for (class, told, state) in
        [("transition-allowed", 202, "cancelled"), ("refusal-acts", 400, "pending_effectuation")]
    {
        let bench = bench(&format!("enrollconnect/cancelApplication/draft/{class}")).await;
        let id = create(&bench, ready()).await;
        assert_eq!(act(&bench, "cancelApplication", &id).await.status, told, "{class}");
        assert_eq!((status(&bench, &id).await.as_str(), bench.sandbox.mutated()), (state, 1), "{class}");
    }
}

#[tokio::test]
async fn modes_decide_when_a_mutant_shows() {
    let path = "onboarding/listGroups/200/groups/dropped";
    let query: &[(&str, &str)] = &[];
    let shown = async |id: &str, queries: &[&[(&str, &str)]]| {
        let bench = bench(id).await;
        for query in queries {
            groups(&bench, query).await;
        }
        bench.sandbox.mutated()
    };
    assert_eq!(shown(path, &[query; 40]).await, 40);
    assert_eq!(shown(&format!("{path}~intermittent"), &[query; 40]).await, 2);
    let conditional = format!("{path}~conditional");
    let Mode::Conditional(Condition::Query(name)) = mutant(&conditional).mode else {
        panic!("a list has parameters that may be left out")
    };
    let value = if name == "registration_status" { "onboarded" } else { "1" };
    assert_eq!(shown(&conditional, &[query, &[(&name, value)], query]).await, 1);
}
