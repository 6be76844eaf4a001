//! Bodies that are streams, both ways.

use std::time::Duration;

use axum::body::Body as ServerBody;
use driftline_runtime::{FilePart, Form, Octets, TimeLimit, TransportError};
use futures_util::{StreamExt, stream};

use crate::support::{GET, PUT, Server, client, raw};

fn chunks(
    parts: &'static [&'static str],
) -> impl futures_util::Stream<Item = Result<&'static str, std::io::Error>> + Send {
    stream::iter(parts.iter().map(|part| Ok(*part)))
}

#[tokio::test]
async fn bytes_are_sent_as_they_come_with_a_length_or_in_chunks() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let built = server.client().build().unwrap();
    let send = async |octets: Octets| {
        let mut request = built.request(PUT);
        request.bytes("application/octet-stream", octets);
        let answer = request.send().await;
        answer.map(|_| server.arrived().last().unwrap().clone())
    };
    let arrived = send(Octets::stream(chunks(&["ab", "cde"]))).await.unwrap();
    assert_eq!((arrived.header("transfer-encoding"), arrived.body.as_str()), ("chunked", "abcde"));
    let arrived = send(Octets::stream(chunks(&["ab", "cde"])).length(5)).await.unwrap();
    assert_eq!((arrived.header("content-length"), arrived.body.as_str()), ("5", "abcde"));
    let arrived = send(Octets::reader(&b"from a reader"[..])).await.unwrap();
    assert_eq!(arrived.body, "from a reader");
    let arrived = send(Octets::from(b"in memory".to_vec())).await.unwrap();
    assert_eq!((arrived.header("content-length"), arrived.body.as_str()), ("9", "in memory"));

    // A length that is not the stream's, and a stream that breaks.
    for octets in [
        Octets::stream(chunks(&["ab", "cde"])).length(4),
        Octets::stream(chunks(&["ab", "cde"])).length(6),
        Octets::stream(stream::iter([Ok("ab"), Err(std::io::Error::other("the disk is gone"))])),
    ] {
        let error = send(octets).await.unwrap_err();
        assert!(matches!(error, TransportError::Http(_)), "{error:?}");
    }
    // What was sent is gone.
    let once = Octets::stream(chunks(&["ab"]));
    assert!(send(once.clone()).await.is_ok() && once == once.clone());
    let error = send(once).await.unwrap_err();
    assert!(matches!(&error, TransportError::Request(reason) if reason.contains("sent before")), "{error:?}");
}

#[tokio::test]
async fn files_of_a_form_are_sent_as_they_come_with_their_own_media_types() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let built = server.client().build().unwrap();
    let mut request = built.request(PUT);
    let scan =
        FilePart::stream(chunks(&["pa", "ge"])).length(4).file_name("scan.tiff").content_type("image/tiff");
    let log = FilePart::reader(&b"lines"[..]).content_type("text/plain");
    request.multipart(Form::new().field("kind", &"scan").file("scan", scan.clone()).file("log", log));
    request.send().await.unwrap();
    let arrived = server.arrived()[0].clone();
    let body = arrived.body.replace("\r\n", "\n").to_ascii_lowercase();
    for part in [
        "name=\"kind\"\n\nscan\n",
        "name=\"scan\"; filename=\"scan.tiff\"\ncontent-type: image/tiff\n\npage\n",
        "name=\"log\"\ncontent-type: text/plain\n\nlines\n",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert!(!format!("{scan:?}").contains("page"));

    // All lengths are known: so is that of the form.
    let mut request = built.request(PUT);
    request.multipart(Form::new().file("scan", FilePart::stream(chunks(&["page"])).length(4)));
    request.send().await.unwrap();
    assert!(!server.arrived()[1].header("content-length").is_empty());
    let mut request = built.request(PUT);
    request.urlencoded(Form::new().file("scan", FilePart::stream(chunks(&["page"]))));
    assert!(matches!(request.send().await, Err(TransportError::Request(_))));
}

#[tokio::test]
async fn an_answer_is_read_as_it_comes() {
    let server = Server::start(|_, _| async {
        let parts = stream::iter(["first", "", "second"]).then(|part| async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            Ok::<_, std::io::Error>(part)
        });
        ServerBody::from_stream(parts)
    })
    .await;
    let open = async |limit: usize| {
        let built = server.client().max_response_bytes(limit).build().unwrap();
        let answer = built.request(GET).open(|status| status == 200).await.unwrap();
        answer.stream::<String>().unwrap()
    };
    let answer = open(11).await;
    assert_eq!(answer.status, 200);
    let parts: Vec<_> = answer.body.map(|part| part.unwrap()).collect().await;
    assert_eq!(parts.concat(), b"firstsecond");
    assert!(parts.len() > 1, "{parts:?}");
    assert_eq!(open(11).await.body.bytes().await.unwrap(), "firstsecond");

    let mut cut = open(10).await.body;
    assert_eq!(cut.chunk().await.unwrap().unwrap(), "first");
    let error = cut.chunk().await.unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { limit: 10 }), "{error:?}");
    assert!(cut.chunk().await.unwrap().is_none(), "an error ends it");

    // A status that is not to be streamed is read, and nothing of it is lost.
    let built = server.client().build().unwrap();
    let answer = built.request(GET).open(|status| status == 206).await.unwrap();
    assert_eq!(answer.stream::<String>().unwrap().body.bytes().await.unwrap(), "firstsecond");
}

#[tokio::test]
async fn a_stream_that_is_cut_off_or_hangs_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome";
    let (url, _) = raw(vec![Some(head)]).await;
    let built = client(&url).build().unwrap();
    let mut body = built.request(GET).open(|_| true).await.unwrap().stream::<String>().unwrap().body;
    assert_eq!(body.chunk().await.unwrap().unwrap(), "some");
    assert!(matches!(body.chunk().await, Err(TransportError::Http(_))));

    let server = Server::start(|_, _| async {
        ServerBody::from_stream(stream::iter([Ok::<_, std::io::Error>("some")]).chain(stream::pending()))
    })
    .await;
    let built = server.client().attempt_timeout(Duration::from_millis(100)).build().unwrap();
    let mut body = built.request(GET).open(|_| true).await.unwrap().stream::<String>().unwrap().body;
    assert_eq!(body.chunk().await.unwrap().unwrap(), "some");
    let error = body.chunk().await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout(TimeLimit::Attempt)), "{error:?}");

    // An answer that says that it is too large is not begun.
    let server = Server::answering(vec![(200, vec![], "0123456789")]).await;
    let built = server.client().max_response_bytes(9).build().unwrap();
    let error = built.request(GET).open(|_| true).await.unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { limit: 9 }), "{error:?}");
}
