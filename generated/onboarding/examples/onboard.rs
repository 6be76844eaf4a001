//! Registers an employer group, waits until the carrier has taken it over, and changes its broker.
//!
//! Against the stand-in:
//!
//! ```text
//! cargo xtask sandbox --api onboarding --port 4010
//! cargo run -p onboarding --example onboard -- http://127.0.0.1:4010 sandbox-credential
//! ```

use std::error::Error;
use std::time::Duration;

use onboarding::models::{Broker, Group, GroupRegistration, GroupUpdate};
use onboarding::operations::RegisterGroupError;
use onboarding::{Client, Error as ApiError, Sensitive, TransportError, WaitError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("give the base URL and the credential".into());
    };
    let client = client(&base_url, &token)?;
    let group = register(&client, "employer-1").await?;
    match onboarded(&client, &group.group_id).await? {
        Some(_) => println!("onboarded"),
        None => println!("not onboarded yet"),
    }
    let group = change_broker(&client, &group.group_id, "Sample Brokers").await?;
    println!("now with {}, {} actions pending", group.broker.name, group.pending_actions.len());
    Ok(())
}

/// A client that sends no body which the contract does not allow.
pub fn client(base_url: &str, token: &str) -> Result<Client, onboarding::BuildError> {
    Client::builder(base_url)
        .bearer_token(token)
        .validate_requests(true)
        .attempt_timeout(Duration::from_secs(10))
        .build()
}

/// Registers a group, with a mistake at first.
pub async fn register(client: &Client, external_id: &str) -> Result<Group, Box<dyn Error>> {
    let broker = Broker::new("Example Brokers").email("broker@example.com");
    let mut registration =
        GroupRegistration::new("Example Foods", broker).external_id(external_id).fein("90-0000001");
    // Nine digits are asked for. The client knows, and does not bother the carrier with it.
    match client.register_group(&registration).send().await {
        Err(ApiError::Transport(TransportError::Invalid(invalid))) => {
            for violation in invalid.violations() {
                println!("not sent: {violation}");
            }
        }
        other => println!("a mistake went unnoticed: {other:?}"),
    }
    registration.fein = Some(Sensitive::from("900000001"));
    // What the contract calls sensitive does not print, so this can go to a log.
    println!("registering {registration:?}");
    match client.register_group(&registration).send().await {
        Ok(answer) => Ok(answer.body),
        // What the contract cannot say, the carrier does: each detail that did not pass, by its place in the body.
        Err(ApiError::Status { error: RegisterGroupError::UnprocessableEntity(problem), .. }) => {
            let details = problem.errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail));
            Err(details.collect::<Vec<_>>().join("; ").into())
        }
        // A registration is not repeated by the client: look for it in the list before it is sent again.
        Err(ApiError::Undocumented { status, body, .. }) => {
            Err(format!("the carrier answered {status} with a {body:?}").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Waits until a group is onboarded, or gives none when it takes too long.
pub async fn onboarded(client: &Client, id: &str) -> Result<Option<Group>, Box<dyn Error>> {
    // The stand-in's clock moves with each look. With a carrier leave `every` and `at_most` as they are: the generated
    // method knows better.
    let pause = Duration::from_millis(20);
    match client.wait_until_onboarded(id).every(pause).at_most(pause).within(Duration::from_secs(30)).await {
        Ok(answer) => Ok(Some(answer.body)),
        Err(WaitError::Deadline { last, .. }) => {
            for action in last.into_iter().flat_map(|answer| answer.body.pending_actions) {
                println!("still pending: {}", action.action);
            }
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Changes the broker of a group, and reads back what the carrier made of it.
pub async fn change_broker(client: &Client, id: &str, name: &str) -> Result<Group, Box<dyn Error>> {
    // What a change does not name stays as it is.
    let change = GroupUpdate::new().broker(Broker::new(name).phone("555-0100"));
    client.update_group(id, &change).send().await?;
    Ok(client.get_group(id).send().await?.body)
}
