//! Starting, addresses, stopping, and that a seed means a world.

use std::net::SocketAddr;
use std::time::Duration;

use driftline_sandbox::{Capacity, Error, Options, Sandbox, apis};

use super::support::{Bench, Send, client};
use super::tour::{ready, round};

#[tokio::test]
async fn every_api_gets_a_listener_on_loopback() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    assert_eq!(apis(), ["clasp", "enrollconnect", "onboarding"]);
    let urls: Vec<&str> = apis().into_iter().map(|api| sandbox.base_url(api).unwrap()).collect();
    assert!(urls.iter().all(|url| url.starts_with("http://127.0.0.1:")), "{urls:?}");
    assert_ne!(urls[0], urls[1]);
    assert_eq!(sandbox.base_url("another"), None);
    assert_eq!(sandbox.apis().collect::<Vec<_>>(), apis());
}

#[tokio::test]
async fn one_api_is_started_in_a_line() {
    let sandbox = driftline_sandbox::start("clasp").await.unwrap();
    assert_eq!(Some(sandbox.url()), sandbox.base_url("clasp"));
    assert_eq!(sandbox.apis().collect::<Vec<_>>(), ["clasp"]);
    let url = format!("{}/connections", sandbox.url());
    let answer = client().get(url).bearer_auth(driftline_sandbox::CREDENTIAL).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let error = driftline_sandbox::start("acme").await.unwrap_err();
    assert!(matches!(error, Error::UnknownApi { .. }), "{error}");
}

#[tokio::test]
async fn an_unknown_api_is_refused_with_those_that_exist() {
    let error =
        Sandbox::start(Options { apis: vec!["acme".to_owned()], ..Options::default() }).await.unwrap_err();
    assert_eq!(error.to_string(), "unknown API `acme`; the sandbox serves clasp, enrollconnect, onboarding");
}

#[tokio::test]
async fn other_machines_are_let_in_only_on_request() {
    let address: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let options = Options { address, apis: vec!["clasp".to_owned()], ..Options::default() };
    let error = Sandbox::start(options.clone()).await.unwrap_err();
    assert!(matches!(error, Error::NotLoopback { .. }), "{error}");
    assert!(Sandbox::start(Options { allow_remote: true, ..options }).await.is_ok());
}

#[tokio::test]
async fn a_fixed_port_counts_up_and_a_taken_one_is_an_error() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    let options = Options { address, apis: vec!["clasp".to_owned()], ..Options::default() };
    let error = Sandbox::start(options.clone()).await.unwrap_err();
    assert!(matches!(error, Error::Listen { .. }), "{error}");
    drop(free);
    let sandbox = Sandbox::start(options).await.unwrap();
    assert_eq!(sandbox.base_url("clasp"), Some(format!("http://{address}").as_str()));
    let last: SocketAddr = "127.0.0.1:65535".parse().unwrap();
    let error = Sandbox::start(Options { address: last, ..Options::default() }).await.unwrap_err();
    assert!(matches!(error, Error::NoPort { .. } | Error::Listen { .. }), "{error}");
}

#[tokio::test]
async fn nothing_answers_after_shutdown_or_drop() {
    let bench = Bench::of("clasp").await;
    let url = bench.base_url.clone();
    bench.sandbox.shutdown().await;
    assert!(client().get(&url).send().await.unwrap_err().is_connect());

    let bench = Bench::of("clasp").await;
    let url = bench.base_url.clone();
    drop(bench);
    for _ in 0..100 {
        if client().get(&url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a dropped sandbox still answers");
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_answers() {
    for api in apis() {
        let mut rounds = Vec::new();
        for seed in [7, 7, 8] {
            let bench = Bench::with(api, Options { seed, ..Options::default() }).await;
            let texts: Vec<String> = round(api, &bench)
                .await
                .into_iter()
                .map(|stop| stop.reply.text.replace(&bench.base_url, "http://sandbox"))
                .collect();
            rounds.push(texts);
        }
        assert_eq!(rounds[0], rounds[1], "{api}");
        assert_ne!(rounds[0], rounds[2], "{api}: the seed makes no difference");
    }
}

#[tokio::test]
async fn memory_is_bounded_and_seeds_stay() {
    let capacity = Capacity { records: 26, ..Capacity::default() };
    let bench = Bench::with("enrollconnect", Options { capacity, ..Options::default() }).await;
    for _ in 0..10 {
        bench.call("createApplication", &[], &[], ready()).await;
    }
    let list = bench.call("listApplications", &[], &[("limit", "100")], Send::Nothing).await;
    let ids = list.each("/applications", "/application_id");
    assert_eq!(ids.len(), 26);
    assert_eq!(ids[0], "HSA000000001");
    assert_eq!(ids[24..], ["HSA000000033", "HSA000000034"]);
    assert_eq!(bench.call("getApplication", &["HSA000000025"], &[], Send::Nothing).await.status, 404);
}
