//! Generated clients against a double: what a program's own tests do.

#![cfg(feature = "endpoints")]

use std::path::Path;

use driftline_sandbox::Double;

async fn double() -> Result<Double, driftline_sandbox::Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/sandbox/tests/specimens");
    Double::from_recording(folder.join("clasp.har")).await
}

#[tokio::test]
async fn what_was_recorded_is_answered() -> Result<(), Box<dyn std::error::Error>> {
    let double = double().await?;
    let client = clasp::Client::builder(double.url()).bearer_token("any").build()?;
    let page = client.list_connections().page_size(2).send().await?.body;
    assert_eq!(page.results.len(), 2);
    assert_eq!(double.unknown(), []);
    let unasked: Vec<_> = double.unasked().iter().map(|entry| entry.index).collect();
    assert_eq!(unasked, [1, 2, 3, 4, 5, 6]);
    Ok(())
}

#[tokio::test]
async fn pages_are_walked_through_at_the_double() -> Result<(), Box<dyn std::error::Error>> {
    let double = double().await?;
    let client = clasp::Client::builder(double.url()).bearer_token("any").build()?;
    let mut pages = client.list_connections().page_size(2).pages().max_pages(2);
    let mut walked = 0;
    while let Some(page) = pages.next().await {
        walked += page?.response.body.results.len();
    }
    assert_eq!(walked, 4);
    assert_eq!(double.unknown(), []);
    Ok(())
}

#[tokio::test]
async fn what_was_not_recorded_is_told() -> Result<(), Box<dyn std::error::Error>> {
    let double = double().await?;
    let client = clasp::Client::builder(double.url()).bearer_token("any").build()?;
    let error = client.list_connections().page_size(3).send().await.err();
    assert_eq!(error.and_then(|error| error.status()).map(|status| status.as_u16()), Some(501));
    let told = double.verify().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(
        told.contains("entry 0 (`list`), GET /connections: query parameter `page_size` is another one\n"),
        "{told}"
    );
    Ok(())
}
