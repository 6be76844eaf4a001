//! How many at a time and how many a second, and what one who gives up leaves behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use driftline_runtime::{TimeLimit, TransportError};
use futures_util::future::join_all;

use crate::support::{GET, Server, raw};

/// A server that takes its time, and the greatest number of requests that it had at one time.
async fn slow(time: Duration) -> (Server, Arc<AtomicUsize>) {
    let (open, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let seen = Arc::clone(&most);
    let server = Server::start(move |_, _| {
        let (open, most) = (Arc::clone(&open), Arc::clone(&most));
        most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(time).await;
            open.fetch_sub(1, Ordering::SeqCst);
            "{}"
        }
    });
    (server.await, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_through_one_client_and_its_clones_never_overlap_where_one_at_a_time_is_allowed() {
    for (concurrency, expected) in [(Some(1), 1), (Some(3), 3), (None, 8)] {
        let (server, most) = slow(Duration::from_millis(30)).await;
        let mut builder = server.client();
        if let Some(concurrency) = concurrency {
            builder = builder.concurrency(concurrency);
        }
        let client = builder.build().unwrap();
        let calls = (0..8).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.request(GET).send().await.unwrap().status() })
        });
        assert!(join_all(calls).await.into_iter().all(|status| status.unwrap() == 200));
        let most = most.load(Ordering::SeqCst);
        assert!(if concurrency.is_some() { most == expected } else { most > 1 }, "{concurrency:?}: {most}");
    }
}

#[tokio::test]
async fn a_limit_is_only_made_narrower() {
    let (server, most) = slow(Duration::from_millis(20)).await;
    let client = server.client().concurrency(1).concurrency(50).build().unwrap();
    join_all((0..4).map(|_| client.request(GET).send())).await;
    assert_eq!(most.load(Ordering::SeqCst), 1);
    let (server, most) = slow(Duration::from_millis(20)).await;
    let client = server.client().concurrency(50).concurrency(0).build().unwrap();
    join_all((0..4).map(|_| client.request(GET).send())).await;
    assert_eq!(most.load(Ordering::SeqCst), 1, "at least one call goes at a time");
}

#[tokio::test]
async fn requests_leave_evenly() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let client = server.client().requests_per_second(20.0).requests_per_second(1000.0).build().unwrap();
    let started = Instant::now();
    join_all((0..5).map(|_| client.request(GET).send())).await;
    assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    // Those who give up while they wait take no time from those behind.
    let started = Instant::now();
    let wait = Duration::from_millis(1);
    join_all((0..100).map(|_| tokio::time::timeout(wait, client.request(GET).send()))).await;
    client.request(GET).send().await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_call_that_is_dropped_frees_its_turn_and_the_client_stays_usable() {
    let (url, _) = raw(vec![None, Some("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")]).await;
    let client = crate::support::client(&url).concurrency(1).build().unwrap();
    let hung = tokio::time::timeout(Duration::from_millis(100), client.request(GET).send());
    assert!(hung.await.is_err(), "nothing answers");
    let next = tokio::time::timeout(Duration::from_secs(10), client.request(GET).send());
    assert_eq!(next.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_stream_is_under_way_until_it_is_read_or_dropped() {
    let server = Server::answering(vec![(200, vec![], "0123456789")]).await;
    let client = server.client().concurrency(1).timeout(Duration::from_millis(150)).build().unwrap();
    let open = async || {
        let answer = client.request(GET).open(|status| status == 200).await.unwrap();
        answer.stream::<String>().unwrap().body
    };
    let stream = open().await;
    let error = client.request(GET).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout(TimeLimit::Call)), "{error:?}");
    drop(stream);
    assert!(client.request(GET).send().await.is_ok());
    let mut stream = open().await;
    while stream.chunk().await.unwrap().is_some() {}
    assert!(client.request(GET).send().await.is_ok(), "a stream that has ended is not under way");
    drop(stream);
}
