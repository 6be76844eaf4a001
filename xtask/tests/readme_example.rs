//! The README's example, compiled. A test holds the two together.
#![expect(dead_code, reason = "the example is compiled, not run")]
#![allow(clippy::print_stdout)]

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

#[test]
fn the_readme_shows_this_example() {
    let own = include_str!("readme_example.rs");
    let readme = include_str!("../../README.md");
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(own.contains(shown), "the README's example is not what is compiled here");
}
