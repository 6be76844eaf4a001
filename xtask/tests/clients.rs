//! Generated clients against the sandbox: what takes a whole API to show.
#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::collections::BTreeSet;

use driftline_sandbox::{CREDENTIAL, Options, Sandbox};

async fn sandbox(api: &str) -> (Sandbox, String) {
    let options = Options { apis: vec![api.to_owned()], ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let url = sandbox.base_url(api).unwrap().to_owned();
    (sandbox, url)
}

/// Pages of two hold the same items as one large page, each of them once.
macro_rules! walk {
    ($client:ident . $list:ident(), $limit:ident, $id:expr) => {{
        let mut all = $client.$list().$limit(100).items();
        let mut expected = BTreeSet::new();
        while let Some(item) = all.next().await {
            assert!(expected.insert($id(item.unwrap())));
        }
        assert!(expected.len() > 2, "a list of {} items has no pages", expected.len());
        let mut pages = $client.$list().$limit(2).pages();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            page.unwrap();
            count += 1;
        }
        assert!(count >= expected.len().div_ceil(2), "{count} pages for {} items", expected.len());
        let mut items = $client.$list().$limit(2).items();
        let mut found = BTreeSet::new();
        while let Some(item) = items.next().await {
            assert!(found.insert($id(item.unwrap())), "an item came twice");
        }
        assert_eq!(found, expected);
    }};
}

#[tokio::test]
async fn applications_are_walked_through_by_offset() {
    let (sandbox, url) = sandbox("enrollconnect").await;
    let client = enrollconnect::Client::builder(url).api_key(CREDENTIAL).build().unwrap();
    walk!(
        client.list_applications(),
        limit,
        |it: enrollconnect::models::ApplicationListResponseApplication| it.application_id.unwrap()
    );
    sandbox.shutdown().await;
}

#[tokio::test]
async fn connections_are_walked_through_by_cursor() {
    let (sandbox, url) = sandbox("clasp").await;
    let client = clasp::Client::builder(url).bearer_token(CREDENTIAL).build().unwrap();
    walk!(client.list_connections(), page_size, |it: clasp::models::Connection| it.id);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn groups_are_walked_through_by_offset() {
    let (sandbox, url) = sandbox("onboarding").await;
    let client = onboarding::Client::builder(url).bearer_token(CREDENTIAL).build().unwrap();
    walk!(client.list_groups(), limit, |it: onboarding::models::Group| it.group_id);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_application_is_waited_for() {
    use enrollconnect::WaitError;
    use std::time::Duration;
    let (sandbox, url) = sandbox("enrollconnect").await;
    let client = enrollconnect::Client::builder(url).api_key(CREDENTIAL).build().unwrap();
    let mut applications = client.list_applications().limit(100).items();
    let mut seen = BTreeSet::new();
    while let Some(application) = applications.next().await {
        let application = application.unwrap();
        let (Some(id), Some(status)) = (application.application_id, application.policy_status) else {
            continue;
        };
        if !seen.insert(status.as_str().to_owned()) {
            continue;
        }
        let wait = client.wait_until_effectuated(&id).every(Duration::from_millis(100));
        let end = wait.within(Duration::from_secs(2)).await;
        match (status.as_str(), end) {
            ("effectuated", Ok(response)) => assert_eq!(response.body.application_id, Some(id)),
            ("draft", Err(WaitError::Deadline { last: Some(last), .. })) => {
                assert_eq!(last.body.application_id, Some(id));
            }
            ("cancelled" | "terminated" | "submission_failed", Err(WaitError::Failed { state, .. })) => {
                assert_eq!(state, status.as_str());
            }
            // The carrier may decide in between.
            ("pending_effectuation", _) => {}
            (status, end) => panic!("{status}: {end:?}"),
        }
    }
    assert!(seen.contains("draft") && seen.contains("effectuated"), "{seen:?}");
    sandbox.shutdown().await;
}
