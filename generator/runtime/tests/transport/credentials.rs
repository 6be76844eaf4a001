//! Secrets that are sent as they are, and what replaces them while a client lives.

use driftline_runtime::{Credential, Placement, TransportError};

use crate::support::{GET, Server};

#[tokio::test]
async fn a_secret_is_rotated_while_the_client_lives() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let key = Credential::from("old");
    let client =
        server.client().credential("key", Placement::Header("x-api-key"), key.clone()).build().unwrap();
    let clone = client.clone();
    client.request(GET).send().await.unwrap();
    key.rotate("new");
    client.request(GET).send().await.unwrap();
    clone.request(GET).send().await.unwrap();
    key.rotate(&*"x".repeat(3));
    clone.request(GET).send().await.unwrap();
    let sent: Vec<_> =
        server.arrived().iter().map(|arrived| arrived.header("x-api-key").to_owned()).collect();
    assert_eq!(sent, ["old", "new", "new", "xxx"]);

    key.rotate("line\r\nbreak");
    let error = client.request(GET).send().await.unwrap_err();
    assert!(matches!(&error, TransportError::Request(_)), "{error:?}");
    assert!(error.to_string().contains("`key`") && !error.to_string().contains("break"), "{error}");
    assert_eq!(server.arrived().len(), 4);
    key.rotate(key.clone());
    assert_eq!(format!("{key:?}"), "Credential([secret])");
}

#[tokio::test]
async fn user_and_password_are_sent_together_and_the_password_is_rotated_alone() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let password = Credential::from("pa:ss");
    let client = server.client().basic("key", "us\u{e9}r".into(), password.clone()).build().unwrap();
    client.request(GET).send().await.unwrap();
    password.rotate("");
    client.request(GET).send().await.unwrap();
    let sent: Vec<_> =
        server.arrived().iter().map(|arrived| arrived.header("authorization").to_owned()).collect();
    assert_eq!(sent, ["Basic dXPDqXI6cGE6c3M=", "Basic dXPDqXI6"]);
    let error = server.client().basic("key", "a:b".into(), "c".into()).build().unwrap_err().to_string();
    assert!(error.contains("colon") && !error.contains("a:b"), "{error}");
}
