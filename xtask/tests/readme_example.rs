//! The README's examples, compiled. A test holds the two together.
#![cfg(feature = "endpoints")]
#![expect(dead_code, reason = "the examples are compiled, not run")]
#![allow(clippy::print_stdout)]

use std::time::Duration;

use enrollconnect::WaitError;
use enrollconnect::models::PolicyStatus;
use enrollconnect::operations::SubmitApplicationError;
use enrollconnect::{Client, Error, servers};

async fn submit_drafts(key: String) -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(servers::STAGING).api_key(key).build()?;
    let page = client.list_applications().policy_status(PolicyStatus::Draft).limit(50).send().await?.body;
    for application in page.applications.unwrap_or_default() {
        let Some(id) = application.application_id else { continue };
        match client.submit_application(&id).send().await {
            Ok(answer) => println!("{id}: {:?}", answer.body.policy_status),
            Err(Error::Status { error: SubmitApplicationError::UnprocessableEntity(refusal), .. }) => {
                println!("{id}: {} things are missing", refusal.errors.len());
            }
            Err(Error::Undocumented { status, body, .. }) => println!("{id}: {status}, {body:?}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn wait(client: Client, id: String) -> Result<(), Box<dyn std::error::Error>> {
    match client.wait_until_effectuated(&id).within(Duration::from_secs(3600)).await {
        Ok(application) => println!("{:?}", application.body.policies),
        Err(WaitError::Failed { state, .. }) => println!("{id} became {state}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn list_drafts(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    let mut drafts = client.list_applications().policy_status(PolicyStatus::Draft).items();
    while let Some(application) = drafts.next().await {
        println!("{:?}", application?.application_id);
    }
    Ok(())
}

async fn go_on(client: Client, bookmark: String) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let mut next = None;
    let mut pages = client.list_applications().pages().resume(bookmark.parse()?).max_pages(10);
    while let Some(page) = pages.next().await {
        next = page?.next.map(|token| token.to_string());
    }
    Ok(next)
}

mod bodies {
    use enrollconnect::models::{ApplicationCreateRequest, UploadSupportingDocumentationForm};
    use enrollconnect::{Client, FilePart, Validate};

    async fn upload(
        client: Client,
        id: String,
        file: tokio::io::Empty,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let offer = FilePart::reader(file).file_name("offer.pdf").content_type("application/pdf");
        let form = UploadSupportingDocumentationForm::new(offer);
        client.upload_supporting_documentation(&id, form).send().await?; // takes a `SupportingDocumentRequest` as well
        Ok(())
    }

    fn check(application: &ApplicationCreateRequest) {
        if let Err(invalid) = application.validate() {
            invalid.violations().iter().for_each(|violation| println!("{violation}"));
        }
    }
}

mod settings {
    use std::time::Duration;

    use enrollconnect::{Client, servers};

    use enrollconnect::http::HeaderValue;
    use enrollconnect::{Credential, Retry, reqwest};
    use tower::util::MapRequestLayer;

    fn client(key: &Credential) -> Result<Client, enrollconnect::BuildError> {
        let named = MapRequestLayer::new(|mut request: reqwest::Request| {
            request.headers_mut().insert("x-caller", HeaderValue::from_static("billing"));
            request
        });
        Client::builder(servers::STAGING)
            .api_key(key.clone()) // `key.rotate(…)` reaches clients that live
            .retry(Retry::new(4).most_retry_after(Duration::from_secs(120)))
            .attempt_timeout(Duration::from_secs(20))
            .timeout(Duration::from_secs(180))
            .concurrency(4)
            .requests_per_second(5.0)
            .validate_requests(true)
            .layer(named) // middleware for `tower`
            .build()
    }
}

mod webhooks {
    #[rustfmt::skip]
    use enrollconnect::{Webhooks, http::{HeaderMap, StatusCode}};

    fn policy_status(webhooks: &Webhooks, headers: &HeaderMap, body: &[u8]) -> StatusCode {
        match webhooks.policy_status(headers, body) {
            Ok(event) => {
                println!("{:?}", event.expose().get("application_id"));
                StatusCode::NO_CONTENT
            }
            Err(error) => error.status(), // 401 for a wrong signature, 400 for another body
        }
    }
}

#[tokio::test]
async fn connections_are_listed() -> Result<(), Box<dyn std::error::Error>> {
    let double = driftline_sandbox::Double::from_recording("tests/recordings/clasp.har").await?;
    let client = clasp::Client::builder(double.url()).bearer_token("any").build()?;
    let page = client.list_connections().page_size(2).send().await?.body;
    assert_eq!(page.results.len(), 2);
    double.verify()?; // every request was recorded, and every recorded one was sent
    Ok(())
}

#[test]
fn the_readme_shows_these_examples() {
    let unindented = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let own = unindented(include_str!("readme_example.rs"));
    let readme = include_str!("../../README.md");
    let shown: Vec<_> =
        readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!shown.is_empty());
    for example in shown {
        assert!(own.contains(&unindented(example)), "this is not what is compiled here: {example}");
    }
}
