//! The examples of the generated crates against the sandbox.
#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::time::Duration;

use clasp::models::{GroupConnectionReview, SubmitReviewRequest};
use driftline_sandbox::{Allowance, CREDENTIAL, Limits, Misbehaviour, Options, Sandbox, Trouble};

/// Takes an example into the tests, which call what its `main` does.
macro_rules! example {
    ($name:ident, $path:literal) => {
        #[path = $path]
        #[expect(
            clippy::print_stdout,
            dead_code,
            unreachable_pub,
            reason = "an example is a program; the test calls what its `main` does"
        )]
        mod $name;
    };
}

example!(enroll, "../../generated/enrollconnect/examples/enroll.rs");
example!(walk, "../../generated/clasp/examples/walk.rs");
example!(review, "../../generated/clasp/examples/review.rs");
example!(onboard, "../../generated/onboarding/examples/onboard.rs");
example!(pending, "../../generated/onboarding/examples/pending.rs");

async fn sandbox(api: &str, options: Options) -> (Sandbox, String) {
    let sandbox = Sandbox::start(Options { apis: vec![api.to_owned()], ..options }).await.unwrap();
    let url = sandbox.base_url(api).unwrap().to_owned();
    (sandbox, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_enrolled() {
    let (sandbox, url) = sandbox("enrollconnect", Options::default()).await;
    enroll::enroll(&url, CREDENTIAL).await.unwrap();
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_walked_through_and_gone_on_with() {
    let (sandbox, url) = sandbox("clasp", Options::default()).await;
    let client = clasp::Client::builder(url).bearer_token(CREDENTIAL).build().unwrap();
    let lines = walk::needs_attention(&client).await.unwrap();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.contains("Some([sensitive])")), "{lines:?}");
    let (first, bookmark) = walk::two_pages(&client, None).await.unwrap();
    assert_eq!(first.len(), 40);
    let (rest, end) = walk::two_pages(&client, Some(&bookmark.unwrap())).await.unwrap();
    assert_eq!((rest.len(), end), (20, None));
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_has_the_outcomes_that_the_contract_documents() {
    use review::Outcome;
    let (sandbox, url) = sandbox("clasp", Options::default()).await;
    let client = review::client(&url, CREDENTIAL).unwrap();
    let connection = review::to_review(&client).await.unwrap().unwrap();
    let review = review::review_of(&connection);
    let submit =
        async |id: &str, review: &SubmitReviewRequest| review::submit(&client, id, review).await.unwrap();
    // The event that the review reports, and the one that says that there was a review.
    assert_eq!(submit(&connection.id, &review).await, Outcome::Taken(connection.events.len() + 2));
    assert_eq!(submit("conn_none", &review).await, Outcome::NoConnection);
    let too_long = GroupConnectionReview::new().broker_federal_ein("90-0000001-0");
    let Outcome::Invalid(places) =
        submit(&connection.id, &SubmitReviewRequest::new().group_connections(vec![too_long])).await
    else {
        panic!("the EIN is too long");
    };
    let places = places.concat();
    assert!(
        places.contains("/group_connections/0/broker_federal_ein") && !places.contains("90-"),
        "{places}"
    );
    // No constraint says so: the stand-in refuses it on its own.
    let unknown = GroupConnectionReview::new().carrier("c".repeat(2000));
    let refused = submit(&connection.id, &SubmitReviewRequest::new().group_connections(vec![unknown])).await;
    assert_eq!(refused, Outcome::Refused(vec!["group_connections.0.carrier".to_owned()]));
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_has_outcomes_that_nobody_documents() {
    use review::Outcome;
    let once = Limits::Custom(Allowance { requests: 1, per: Duration::from_secs(60) });
    let struck = Misbehaviour {
        operations: vec!["submitReview".to_owned()],
        ..Misbehaviour::always(Trouble::Unavailable)
    };
    let review = SubmitReviewRequest::new();
    let (sandbox, url) = sandbox("clasp", Options { misbehave: vec![struck], ..Options::default() }).await;
    let client = review::client(&url, CREDENTIAL).unwrap();
    let outcome = review::submit(&client, "conn_none", &review).await.unwrap();
    assert_eq!(outcome, Outcome::Unclear(clasp::http::StatusCode::SERVICE_UNAVAILABLE));
    sandbox.shutdown().await;
    let (sandbox, url) = self::sandbox("clasp", Options { limits: once, ..Options::default() }).await;
    let client = review::client(&url, CREDENTIAL).unwrap();
    assert_eq!(review::submit(&client, "conn_none", &review).await.unwrap(), Outcome::NoConnection);
    let outcome = review::submit(&client, "conn_none", &review).await.unwrap();
    assert!(matches!(outcome, Outcome::TooSoon(seconds) if seconds > 20), "{outcome:?}");
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_onboarded_and_gets_another_broker() {
    let settle_after = Duration::from_secs(2);
    let options = Options { settle_after, limits: Limits::AsDocumented, ..Options::default() };
    let (sandbox, url) = sandbox("onboarding", options).await;
    let client = onboard::client(&url, CREDENTIAL).unwrap();
    let group = onboard::register(&client, "employer-1").await.unwrap();
    assert_eq!(group.fein.unwrap().expose(), "900000001");
    let onboarded = onboard::onboarded(&client, &group.group_id).await.unwrap().unwrap();
    assert_eq!(onboarded.pending_actions, []);
    let changed = onboard::change_broker(&client, &group.group_id, "Sample Brokers").await.unwrap();
    assert_eq!((changed.broker.name.as_str(), changed.name.as_str()), ("Sample Brokers", "Example Foods"));
    assert_eq!(changed.pending_actions.len(), 1);
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_actions_are_found_across_groups() {
    let (sandbox, url) =
        sandbox("onboarding", Options { limits: Limits::AsDocumented, ..Options::default() }).await;
    let client = onboarding::Client::builder(url).bearer_token(CREDENTIAL).build().unwrap();
    let found = pending::by_action(&client).await.unwrap();
    let stuck = &found["resolve_data_mismatch"];
    assert_eq!(stuck.len(), 3, "{found:?}");
    assert!(found["confirm_broker"].len() > stuck.len(), "{found:?}");
    assert_eq!(pending::is_healthy(&client, &stuck[0]).await.unwrap(), Some(false));
    let on_its_way = found["confirm_broker"].iter().find(|id| !stuck.contains(id)).unwrap();
    assert_eq!(pending::is_healthy(&client, on_its_way).await.unwrap(), Some(true));
    assert_eq!(pending::is_healthy(&client, "GRP00000000").await.unwrap(), None);
    sandbox.shutdown().await;
}
