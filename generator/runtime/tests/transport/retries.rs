//! What is tried again, when, and how long for.

use std::time::{Duration, Instant};

use driftline_runtime::{FilePart, Form, Octets, Retry, TimeLimit, TransportError};
use futures_util::stream;

use crate::support::{GET, POST, PUT, Server, client, raw};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const CUT: &str = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"a\"";

#[tokio::test]
async fn what_will_pass_is_tried_again_and_what_will_not_is_an_answer() {
    for status in [429, 502, 503, 504] {
        let server = Server::answering(vec![(status, vec![], ""), (200, vec![], "{}")]).await;
        let answer = server.client().build().unwrap().request(GET).send().await.unwrap();
        assert_eq!((answer.status(), server.arrived().len()), (200, 2), "{status}");
    }
    for status in [302, 400, 401, 404, 500, 501] {
        let server = Server::answering(vec![(status, vec![], ""), (200, vec![], "{}")]).await;
        let answer = server.client().build().unwrap().request(GET).send().await.unwrap();
        assert_eq!((answer.status(), server.arrived().len()), (status, 1), "{status}");
    }
    let server = Server::answering(vec![(503, vec![], "")]).await;
    let answer = server.client().build().unwrap().request(GET).send().await.unwrap();
    assert_eq!((answer.status(), server.arrived().len()), (503, 3), "the last answer is given back");
    let client = server.client().retry(Retry::never()).build().unwrap();
    assert_eq!(client.request(GET).send().await.unwrap().status(), 503);
    assert_eq!(server.arrived().len(), 4);
}

#[tokio::test]
async fn an_operation_that_may_not_be_repeated_is_sent_once() {
    let server = Server::answering(vec![(503, vec![], ""), (200, vec![], "{}")]).await;
    let built = server.client().build().unwrap();
    let mut request = built.request(POST);
    request.json("application/json", &1);
    assert_eq!(request.send().await.unwrap().status(), 503);
    assert_eq!(server.arrived().len(), 1);
    for answers in [vec![Some(CUT), Some(OK)], vec![None, Some(OK)]] {
        let (url, connections) = raw(answers).await;
        let client = client(&url).attempt_timeout(Duration::from_millis(200)).build().unwrap();
        assert!(client.request(POST).send().await.is_err());
        assert_eq!(*connections.lock().unwrap(), 1);
    }
}

#[tokio::test]
async fn a_body_is_sent_again_unless_it_was_a_stream() {
    let server = Server::answering(vec![(503, vec![], ""), (200, vec![], "{}")]).await;
    let built = server.client().build().unwrap();
    let mut request = built.request(PUT);
    request.json("application/json", &["same"]);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let bodies: Vec<_> = server.arrived().iter().map(|arrived| arrived.body.clone()).collect();
    assert_eq!(bodies, [r#"["same"]"#, r#"["same"]"#]);

    let form = |file: FilePart| Form::new().field("kind", &"a").file("file", file);
    let server = Server::answering(vec![(503, vec![], ""), (200, vec![], "{}")]).await;
    let built = server.client().build().unwrap();
    let mut request = built.request(PUT);
    request.multipart(form(FilePart::new("in memory")));
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert!(server.arrived().iter().all(|arrived| arrived.body.contains("in memory")));

    let chunks = || stream::iter([Ok::<_, std::io::Error>("stre"), Ok("amed")]);
    for as_form in [true, false] {
        let server = Server::answering(vec![(503, vec![], ""), (200, vec![], "{}")]).await;
        let built = server.client().build().unwrap();
        let mut request = built.request(PUT);
        if as_form {
            request.multipart(form(FilePart::stream(chunks())));
        } else {
            request.bytes("application/octet-stream", Octets::stream(chunks()));
        }
        assert_eq!(request.send().await.unwrap().status(), 503);
        let arrived = server.arrived();
        assert_eq!(arrived.len(), 1);
        assert!(arrived[0].method == "PUT" && arrived[0].body.contains("streamed"));
    }
}

#[tokio::test]
async fn a_broken_or_hung_connection_is_tried_again() {
    for answers in [
        vec![Some(""), Some(OK)],
        vec![Some("nonsense\r\n\r\n"), Some(OK)],
        vec![Some(CUT), Some(OK)],
        vec![None, Some(OK)],
    ] {
        let (url, connections) = raw(answers.clone()).await;
        let client = client(&url).attempt_timeout(Duration::from_millis(300)).build().unwrap();
        let answer = client.request(GET).send().await.unwrap();
        assert_eq!((answer.status(), *connections.lock().unwrap()), (200, 2), "{answers:?}");
    }
    let (url, connections) = raw(vec![Some(CUT)]).await;
    let error = client(&url).build().unwrap().request(GET).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Http(_)), "{error:?}");
    assert_eq!(*connections.lock().unwrap(), 3);
}

#[tokio::test]
async fn nothing_goes_on_beyond_the_time_of_the_whole_call() {
    let (url, connections) = raw(vec![None]).await;
    let started = Instant::now();
    let built = client(&url)
        .retry(Retry::new(1000).least_delay(Duration::from_millis(1)))
        .attempt_timeout(Duration::from_millis(100))
        .timeout(Duration::from_millis(350))
        .build()
        .unwrap();
    let error = built.request(GET).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout(_)), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(*connections.lock().unwrap() > 1);

    let built =
        client(&url).attempt_timeout(Duration::MAX).timeout(Duration::from_millis(50)).build().unwrap();
    let error = built.request(GET).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout(TimeLimit::Call)), "{error:?}");

    // A wait that would end too late is not begun.
    let server = Server::answering(vec![(503, vec![("retry-after", "20")], "")]).await;
    let built = server.client().timeout(Duration::from_secs(5)).build().unwrap();
    let started = Instant::now();
    assert_eq!(built.request(GET).send().await.unwrap().status(), 503);
    assert!(started.elapsed() < Duration::from_secs(4) && server.arrived().len() == 1);
}

#[tokio::test]
async fn retry_after_is_waited_for_in_seconds_and_as_each_form_of_a_date() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let asked = [
        vec![("retry-after", "1")],
        vec![("retry-after", "Sun, 06 Nov 1994 08:49:38 GMT"), date],
        vec![("retry-after", "Sunday, 06-Nov-94 08:49:38 GMT"), date],
        vec![("retry-after", "Sun Nov  6 08:49:38 1994"), date],
    ];
    let calls = asked.map(|headers| async move {
        let server = Server::answering(vec![(429, headers.clone(), ""), (200, vec![], "{}")]).await;
        let started = Instant::now();
        let answer = server.client().build().unwrap().request(GET).send().await.unwrap();
        assert_eq!((answer.status(), server.arrived().len()), (200, 2), "{headers:?}");
        assert!(started.elapsed() >= Duration::from_secs(1), "{headers:?}: {:?}", started.elapsed());
    });
    futures_util::future::join_all(calls).await;
}

#[tokio::test]
async fn a_retry_after_that_has_passed_or_says_nothing_does_not_delay() {
    for value in ["0", "Sun, 06 Nov 1994 08:49:38 GMT", "soon", "-5", ""] {
        let server =
            Server::answering(vec![(503, vec![("retry-after", value)], ""), (200, vec![], "{}")]).await;
        let started = Instant::now();
        assert_eq!(server.client().build().unwrap().request(GET).send().await.unwrap().status(), 200);
        assert!(started.elapsed() < Duration::from_secs(5), "{value}");
    }
}

#[tokio::test]
async fn a_retry_after_beyond_patience_is_given_back() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    for headers in [
        vec![("retry-after", "31")],
        vec![("retry-after", "99999999999999999999999999")],
        vec![("retry-after", "Sun, 06 Nov 1994 09:49:37 GMT"), date],
    ] {
        let server = Server::answering(vec![(429, headers.clone(), ""), (200, vec![], "{}")]).await;
        let started = Instant::now();
        let answer = server.client().build().unwrap().request(GET).send().await.unwrap();
        assert_eq!((answer.status(), server.arrived().len()), (429, 1), "{headers:?}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    let server = Server::answering(vec![(429, vec![("retry-after", "1")], "")]).await;
    let impatient = Retry::new(2).most_retry_after(Duration::from_millis(999));
    let built = server.client().retry(impatient).build().unwrap();
    assert_eq!(built.request(GET).send().await.unwrap().status(), 429);
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn the_waits_grow_and_stay_below_the_most() {
    let server = Server::answering(vec![(503, vec![], "")]).await;
    let retry = Retry::new(4).least_delay(Duration::from_millis(40)).most_delay(Duration::from_millis(80));
    let started = Instant::now();
    server.client().retry(retry).build().unwrap().request(GET).send().await.unwrap();
    // At least half of 40, 80, 80 and 80.
    assert!(started.elapsed() >= Duration::from_millis(140), "{:?}", started.elapsed());
    assert_eq!(server.arrived().len(), 5);
}
