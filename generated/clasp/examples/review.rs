//! Submits a review, and says for each answer that may come what a program can do about it.
//!
//! Against the stand-in, which can make trouble as well:
//!
//! ```text
//! cargo xtask sandbox --api clasp --port 4010 --misbehave unavailable@50/submitReview
//! cargo run -p clasp --example review -- http://127.0.0.1:4010 sandbox-credential
//! ```

use std::error::Error;
use std::time::Duration;

use clasp::models::{
    Connection, ConnectionEventReview, EventCategory, EventStatus, GroupConnectionReview, SubmitReviewRequest,
};
use clasp::operations::SubmitReviewError;
use clasp::{Client, Error as ApiError, Retry, Validate, http};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("give the base URL and the API key".into());
    };
    let client = client(&base_url, &token)?;
    let connection = to_review(&client).await?.ok_or("no connection waits for a review")?;
    println!(
        "{}: {:?}",
        connection.employer,
        submit(&client, &connection.id, &review_of(&connection)).await?
    );
    Ok(())
}

/// A client that is patient, but not for ever: five attempts of ten seconds each at most, a minute in all.
pub fn client(base_url: &str, token: &str) -> Result<Client, clasp::BuildError> {
    Client::builder(base_url)
        .bearer_token(token)
        .retry(Retry::new(4).most_retry_after(Duration::from_secs(20)))
        .attempt_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(60))
        .build()
}

/// Finds a connection with an event that waits for a review.
pub async fn to_review(client: &Client) -> Result<Option<Connection>, Box<dyn Error>> {
    let mut connections = client.list_connections().items();
    while let Some(connection) = connections.next().await {
        let connection = connection?;
        if connection.events.iter().any(|event| event.status == Some(EventStatus::Review)) {
            return Ok(Some(connection));
        }
    }
    Ok(None)
}

/// What the employer confirms: the carriers with their groups as they are.
pub fn review_of(connection: &Connection) -> SubmitReviewRequest {
    let groups = connection.group_connections.iter().map(|group| {
        let mut review = GroupConnectionReview::new();
        review.carrier.clone_from(&group.carrier);
        review.group_id.clone_from(&group.group_id);
        review
    });
    let event = ConnectionEventReview::new()
        .category(EventCategory::CarrierSyncCompleted)
        .status(EventStatus::Completed);
    SubmitReviewRequest::new().group_connections(groups.collect()).events(vec![event])
}

/// What became of a review.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// It was taken, and the connection has now so many events.
    Taken(usize),
    /// These places of the request are not what the contract asks for. Nothing was sent.
    Invalid(Vec<String>),
    /// The API does not accept these inputs.
    Refused(Vec<String>),
    /// There is no such connection.
    NoConnection,
    /// It came too soon: try again after so many seconds.
    TooSoon(u64),
    /// An answer that nobody documented: whether the review was taken has to be looked up.
    Unclear(http::StatusCode),
}

/// Submits a review.
pub async fn submit(
    client: &Client,
    id: &str,
    review: &SubmitReviewRequest,
) -> Result<Outcome, Box<dyn Error>> {
    // The constraints of the contract can be checked before anything is sent. A violation shows the place and what was
    // expected there, never the value.
    if let Err(invalid) = review.validate() {
        return Ok(Outcome::Invalid(invalid.violations().iter().map(ToString::to_string).collect()));
    }
    // A review cannot be sent twice without harm, so the client does not try again by itself.
    let error = match client.submit_review(id).body(review).send().await {
        Ok(answer) => return Ok(Outcome::Taken(answer.body.events.len())),
        Err(error) => error,
    };
    Ok(match error {
        // The documented errors are typed, an enum for each operation.
        ApiError::Status { error: SubmitReviewError::BadRequest(refusal), .. } => {
            let inputs = refusal.input_errors.unwrap_or_default();
            Outcome::Refused(inputs.into_iter().map(|input| input.field_path.join(".")).collect())
        }
        ApiError::Status { error: SubmitReviewError::NotFound(_), .. } => Outcome::NoConnection,
        ApiError::Status { error: SubmitReviewError::TooManyRequests(_), headers, .. } => {
            let seconds = headers.get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            Outcome::TooSoon(seconds.and_then(|seconds| seconds.parse().ok()).unwrap_or(1))
        }
        // What nobody documented comes with status, headers and body. A body prints its size only; `to_text()` has the
        // rest.
        ApiError::Undocumented { status, body, .. } => {
            println!("{status} with a {body:?}");
            Outcome::Unclear(status)
        }
        // No answer, one that cannot be read, or a status of which there is nothing more to say.
        other => return Err(other.into()),
    })
}
