//! Generated clients against the sandbox: trouble that any service may have, and limits that it enforces.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use driftline_apis::clasp::{ClientBuilder, Error, PaginationError, Retry};
use driftline_apis::{clasp, onboarding};
use driftline_sandbox::{Allowance, CREDENTIAL, Limits, Misbehaviour, Options, Sandbox, Trouble};
use futures_util::future::join_all;
use tower::util::MapRequestLayer;

async fn sandbox(api: &str, options: Options) -> (Sandbox, String) {
    let sandbox = Sandbox::start(Options { apis: vec![api.to_owned()], ..options }).await.unwrap();
    let url = sandbox.base_url(api).unwrap().to_owned();
    (sandbox, url)
}

/// A builder whose client counts its attempts.
fn counting(url: &str) -> (ClientBuilder, Arc<AtomicUsize>) {
    let attempts: Arc<AtomicUsize> = Arc::default();
    let counted = Arc::clone(&attempts);
    let count = MapRequestLayer::new(move |request| {
        counted.fetch_add(1, Ordering::SeqCst);
        request
    });
    let builder = clasp::Client::builder(url).bearer_token(CREDENTIAL).layer(count);
    let retry = Retry::new(12).least_delay(Duration::from_millis(5)).most_delay(Duration::from_millis(20));
    (builder.retry(retry).attempt_timeout(Duration::from_millis(500)), attempts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_survives_what_passes() {
    for trouble in [Trouble::Unavailable, Trouble::CutOff, Trouble::Hang] {
        // Which requests are struck depends on the seed; over four seeds some are.
        let runs = (0..4).map(|seed| async move {
            let misbehave = vec![Misbehaviour { percent: 50, ..Misbehaviour::always(trouble) }];
            let (sandbox, url) = sandbox("clasp", Options { seed, misbehave, ..Options::default() }).await;
            let (builder, attempts) = counting(&url);
            let answer = builder.build().unwrap().list_connections().send().await.unwrap();
            assert_eq!(answer.status, 200, "{trouble:?}");
            sandbox.shutdown().await;
            attempts.load(Ordering::SeqCst)
        });
        let attempts: usize = join_all(runs).await.into_iter().sum();
        assert!(attempts > 4, "{trouble:?}: no call was struck");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_comes_too_soon_waits_as_long_as_it_is_told() {
    let limits = Limits::Custom(Allowance { requests: 1, per: Duration::from_secs(1) });
    let (sandbox, url) = sandbox("clasp", Options { limits, ..Options::default() }).await;
    let (builder, attempts) = counting(&url);
    let client = builder.build().unwrap();
    for _ in 0..2 {
        assert_eq!(client.list_connections().send().await.unwrap().status, 200);
    }
    assert!(attempts.load(Ordering::SeqCst) > 2, "the second call was refused at first");
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_waits_until_the_date_that_it_is_told() {
    let runs = (0..4).map(|seed| async move {
        let misbehave = vec![Misbehaviour { percent: 50, ..Misbehaviour::always(Trouble::Busy) }];
        let (sandbox, url) = sandbox("clasp", Options { seed, misbehave, ..Options::default() }).await;
        let (builder, attempts) = counting(&url);
        // An attempt that is given up is no answer that tells when to come again.
        let client = builder.attempt_timeout(Duration::from_secs(60)).build().unwrap();
        let started = Instant::now();
        let answer = client.list_connections().send().await.unwrap();
        assert_eq!(answer.status, 200);
        sandbox.shutdown().await;
        let retries = attempts.load(Ordering::SeqCst) - 1;
        assert!(started.elapsed().as_secs_f64() >= retries as f64, "{retries} in {:?}", started.elapsed());
        retries
    });
    let retries: usize = join_all(runs).await.into_iter().sum();
    assert!(retries > 0, "no call was struck");
}

/// A client of a sandbox in which every call is struck.
async fn struck(trouble: Trouble) -> (Sandbox, clasp::Client, Arc<AtomicUsize>) {
    let misbehave = vec![Misbehaviour::always(trouble)];
    let (sandbox, url) = sandbox("clasp", Options { misbehave, ..Options::default() }).await;
    let (builder, attempts) = counting(&url);
    (sandbox, builder.build().unwrap(), attempts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_for_people_is_an_error_that_keeps_the_page_and_does_not_show_it() {
    let (sandbox, client, attempts) = struck(Trouble::WebPage).await;
    let error = client.list_connections().send().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("Sign in"), "{shown}");
    let Error::Decode { status, body, headers, .. } = error else { panic!("{shown}") };
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(body.to_text().contains("Sign in"));
    assert_eq!(attempts.load(Ordering::SeqCst), 1, "another attempt would have no other end");
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_another_host_is_not_followed() {
    let (sandbox, client, attempts) = struck(Trouble::Redirect).await;
    let error = client.list_connections().send().await.unwrap_err();
    // Whoever follows it finds no host of that name.
    let Error::Undocumented { status, headers, .. } = error else { panic!("{error:?}") };
    assert_eq!(
        (status.as_u16(), &headers["location"]),
        (302, &"https://elsewhere.invalid/".parse().unwrap())
    );
    assert_eq!(attempts.load(Ordering::SeqCst), 1);
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_again_ends_a_list() {
    let (sandbox, client, attempts) = struck(Trouble::Stale).await;
    let mut items = client.list_connections().page_size(10).items();
    let mut count = 0;
    let error = loop {
        match items.next().await.unwrap() {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Pagination(PaginationError::Repeated)), "{error:?}");
    // The first page, of the usual size, once.
    assert_eq!((count, attempts.load(Ordering::SeqCst)), (25, 2));
    assert!(items.next().await.is_none());
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_comes_again_ends_a_list() {
    let (sandbox, url) = sandbox("clasp", Options::default()).await;
    let requests: Arc<AtomicUsize> = Arc::default();
    // Leads back from the third page to the first one.
    let lead_back = MapRequestLayer::new(move |mut request: clasp::reqwest::Request| {
        if requests.fetch_add(1, Ordering::SeqCst) == 2 {
            request.url_mut().set_query(Some("page_size=10"));
        }
        request
    });
    let (builder, attempts) = counting(&url);
    let client = builder.layer(lead_back).build().unwrap();
    let mut pages = client.list_connections().page_size(10).pages();
    for _ in 0..2 {
        assert_eq!(pages.next().await.unwrap().unwrap().response.body.results.len(), 10);
    }
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Pagination(PaginationError::Repeated)), "{error:?}");
    assert!(pages.next().await.is_none());
    assert_eq!(attempts.load(Ordering::SeqCst), 3);
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_refuses_overlapping_calls_gets_none() {
    let misbehave = vec![Misbehaviour::always(Trouble::Slow(Duration::from_millis(20)))];
    let options = Options { limits: Limits::AsDocumented, misbehave, ..Options::default() };
    let (sandbox, url) = sandbox("onboarding", options).await;
    let builder = || onboarding::Client::builder(&url).bearer_token(CREDENTIAL).retry(Retry::never());
    let statuses = async |clients: Vec<onboarding::Client>| {
        let calls = clients.into_iter().map(|client| async move {
            client.get_group_summary("none").send().await.unwrap_err().status().unwrap().as_u16()
        });
        join_all(calls).await
    };
    let client = builder().build().unwrap();
    let clones = statuses(vec![client; 8]).await;
    assert!(clones.iter().all(|status| *status == 404), "{clones:?}");
    // The sandbox means it: clients that know nothing of each other are refused.
    let strangers = statuses((0..8).map(|_| builder().build().unwrap()).collect()).await;
    assert!(strangers.contains(&429), "{strangers:?}");
    sandbox.shutdown().await;
}
