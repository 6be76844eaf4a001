//! Credentials, limits, unknown paths, other methods, oversized bodies.

use std::time::Duration;

use driftline_sandbox::{Allowance, CREDENTIAL, Limits, Misbehaviour, Options, Trouble, apis};

use super::support::{Bench, Reply, Send};

fn a_read(api: &str) -> &'static str {
    match api {
        "enrollconnect" => "listApplications",
        "clasp" => "listConnections",
        _ => "listGroups",
    }
}

#[tokio::test]
async fn every_operation_wants_the_credential() {
    for api in apis() {
        let bench = Bench::of(api).await;
        for operation in bench.contract.operations() {
            let path: Vec<&str> = operation.path.matches('{').map(|_| "anything").collect();
            let request = || bench.request(&operation.id, &path);
            let wrong = [
                request(),
                request().header("x-api-key", "wrong").bearer_auth("wrong"),
                request().header("authorization", CREDENTIAL),
                request().header("authorization", format!("Basic {CREDENTIAL}")),
            ];
            for request in wrong {
                let reply = Reply::of(request.send().await.unwrap()).await;
                assert_eq!(reply.status, 401, "{}", operation.id);
                assert_eq!(bench.problems(&operation.id, &reply), []);
            }
        }
    }
}

#[tokio::test]
async fn each_api_takes_the_credential_in_its_own_place_only() {
    let bench = Bench::of("enrollconnect").await;
    let reply = bench.request("listApplications", &[]).bearer_auth(CREDENTIAL).send().await.unwrap();
    assert_eq!(reply.status(), 401);
    let bench = Bench::of("clasp").await;
    let reply = bench.request("listConnections", &[]).header("x-api-key", CREDENTIAL).send().await.unwrap();
    assert_eq!(reply.status(), 401);
    let header = format!("bearer {CREDENTIAL}");
    let reply = bench.request("listConnections", &[]).header("authorization", header).send().await.unwrap();
    assert_eq!(reply.status(), 200);
}

#[tokio::test]
async fn past_an_allowance_comes_429_with_the_wait() {
    for api in apis() {
        let allowance = Allowance { requests: 2, per: Duration::from_secs(3600) };
        let options = Options { limits: Limits::Custom(allowance), ..Options::default() };
        let bench = Bench::with(api, options).await;
        for status in [200, 200, 429, 429] {
            let reply = bench.call(a_read(api), &[], &[], Send::Nothing).await;
            assert_eq!(reply.status, status);
            let wait =
                reply.headers.get("retry-after").map(|wait| wait.to_str().unwrap().parse::<u64>().unwrap());
            assert_eq!(wait.is_some(), status == 429);
            assert!(wait.is_none_or(|wait| (3590..=3600).contains(&wait)), "{wait:?}");
        }
    }
}

#[tokio::test]
async fn an_allowance_comes_back() {
    let allowance = Allowance { requests: 1, per: Duration::from_millis(50) };
    let options = Options { limits: Limits::Custom(allowance), ..Options::default() };
    let bench = Bench::with("clasp", options).await;
    for _ in 0..3 {
        assert_eq!(bench.call("listConnections", &[], &[], Send::Nothing).await.status, 200);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

#[tokio::test]
async fn onboarding_calls_must_not_overlap_where_limits_are_as_documented() {
    for (limits, expected) in [(Limits::AsDocumented, 429), (Limits::Unlimited, 200)] {
        let misbehave = vec![Misbehaviour {
            trouble: Trouble::Slow(Duration::from_millis(600)),
            percent: 100,
            operations: vec!["listGroups".to_owned()],
        }];
        let bench = Bench::with("onboarding", Options { limits, misbehave, ..Options::default() }).await;
        let overlapping = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            bench.call("getGroup", &["GRP00000001"], &[], Send::Nothing).await
        };
        let (slow, overlapping) =
            tokio::join!(bench.call("listGroups", &[], &[], Send::Nothing), overlapping);
        assert_eq!((slow.status, overlapping.status), (200, expected));
        assert_eq!(bench.call("getGroup", &["GRP00000001"], &[], Send::Nothing).await.status, 200);
    }
}

#[tokio::test]
async fn unlimited_means_thousands_of_requests() {
    let bench = Bench::of("clasp").await;
    for _ in 0..500 {
        let reply = bench.send("listConnections", &[], &[("page_size", "1")], Send::Nothing, true).await;
        assert_eq!(reply.status, 200);
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_api_s_own_shape() {
    for api in apis() {
        let bench = Bench::of(api).await;
        let path = bench.operation(a_read(api)).path.clone();
        let url = format!("{}{path}", bench.base_url);
        for unknown in [format!("{url}/a/b/c/d"), format!("{}/", bench.base_url), format!("{url}/")] {
            let reply = Reply::of(bench.authenticated(bench.client.get(unknown)).send().await.unwrap()).await;
            assert_eq!(reply.status, 404);
            assert!(reply.json.is_object());
        }
        let reply = Reply::of(bench.authenticated(bench.client.delete(url)).send().await.unwrap()).await;
        assert_eq!(reply.status, 405);
        assert!(reply.headers["allow"].to_str().unwrap().contains("GET"));
        assert!(reply.json.is_object());
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused_as_documented() {
    let cases = [
        ("enrollconnect", "createApplication", "-", 400),
        ("enrollconnect", "uploadSupportingDocumentation", "HSA000000001", 422),
        ("clasp", "submitReview", "conn_0", 400),
        ("onboarding", "registerGroup", "-", 400),
    ];
    for (api, operation, path, status) in cases {
        let bench = Bench::with(api, Options { max_body: 1000, ..Options::default() }).await;
        let body = Send::Raw("application/json", vec![b' '; 2000]);
        assert_eq!(bench.call(operation, &[path], &[], body).await.status, status, "{operation}");
    }
}
