//! Trouble that is not drift.

use std::time::{Duration, Instant};

use driftline_sandbox::{Misbehaviour, Options, Trouble};

use super::support::{Bench, Send};

async fn misbehaving(misbehave: Vec<Misbehaviour>) -> Bench {
    Bench::with("clasp", Options { misbehave, ..Options::default() }).await
}

fn list(bench: &Bench) -> reqwest::RequestBuilder {
    bench.authenticated(bench.request("listConnections", &[]))
}

#[tokio::test]
async fn slow_answers_are_right_but_late() {
    let delay = Duration::from_millis(150);
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Slow(delay))]).await;
    let before = Instant::now();
    assert_eq!(bench.call("listConnections", &[], &[], Send::Nothing).await.status, 200);
    assert!(before.elapsed() >= delay);
}

#[tokio::test]
async fn cut_off_answers_announce_more_than_they_bring() {
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::CutOff)]).await;
    let response = list(&bench).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 1000);
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn unavailable_answers_are_a_gateway_s() {
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Unavailable)]).await;
    let response = list(&bench).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
}

#[tokio::test]
async fn what_comes_instead_of_an_answer_is_a_gateway_s_or_a_cache_s() {
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Busy)]).await;
    let response = list(&bench).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["date"], "Thu, 15 Jan 2026 14:00:00 GMT");
    assert_eq!(response.headers()["retry-after"], "Thu, 15 Jan 2026 14:00:01 GMT");
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::WebPage)]).await;
    let response = list(&bench).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Redirect)]).await;
    let response = list(&bench).send().await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()["location"], "https://elsewhere.invalid/");
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Stale)]).await;
    let first = list(&bench).send().await.unwrap().text().await.unwrap();
    let narrower = list(&bench).query(&[("page_size", "1")]).send().await.unwrap();
    assert_eq!(narrower.text().await.unwrap(), first);
}

#[tokio::test]
async fn hung_requests_get_nothing_and_do_not_keep_a_sandbox_from_stopping() {
    let bench = misbehaving(vec![Misbehaviour::always(Trouble::Hang)]).await;
    let error = list(&bench).timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(error.is_timeout());
    let hung = tokio::spawn(list(&bench).send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = Instant::now();
    bench.sandbox.shutdown().await;
    assert!(before.elapsed() < Duration::from_secs(5));
    let _ = hung.await;
}

#[tokio::test]
async fn a_percentage_strikes_the_same_requests_every_time() {
    let misbehaviour = Misbehaviour {
        trouble: Trouble::Unavailable,
        percent: 30,
        operations: vec!["listConnections".into()],
    };
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = misbehaving(vec![misbehaviour.clone()]).await;
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push(list(&bench).send().await.unwrap().status().as_u16());
        }
        let spared = bench.call("retrieveConnection", &["conn_0"], &[], Send::Nothing).await;
        assert_eq!(spared.status, 404);
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    let struck = runs[0].iter().filter(|status| **status == 503).count();
    assert!((15..=45).contains(&struck), "{struck} of 100");
}

#[test]
fn a_misbehaviour_is_read_from_text() {
    let read = |text: &str| text.parse::<Misbehaviour>();
    assert_eq!(read("cut-off").unwrap(), Misbehaviour::always(Trouble::CutOff));
    let slow = read("slow=250@10/getGroup").unwrap();
    assert_eq!(slow.trouble, Trouble::Slow(Duration::from_millis(250)));
    assert_eq!((slow.percent, slow.operations), (10, vec!["getGroup".to_owned()]));
    assert_eq!(read("hang@0").unwrap().percent, 0);
    for (text, trouble) in [
        ("busy", Trouble::Busy),
        ("web-page", Trouble::WebPage),
        ("redirect", Trouble::Redirect),
        ("stale", Trouble::Stale),
    ] {
        assert_eq!(read(text).unwrap(), Misbehaviour::always(trouble));
    }
    assert!(read("busy=5").unwrap_err().to_string().contains("only `slow`"));
    for wrong in ["", "late", "slow=x", "hang@101", "unavailable@-1", "cut-off=5"] {
        let error = read(wrong).unwrap_err().to_string();
        assert!(error.contains("KIND[=MILLISECONDS]"), "{error}");
    }
}
