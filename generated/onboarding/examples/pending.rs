//! Looks across all groups for what is still to be done, and tells apart what takes its time from what needs somebody.
//!
//! Against the stand-in:
//!
//! ```text
//! cargo xtask sandbox --api onboarding --port 4010 --limits
//! cargo run -p onboarding --example pending -- http://127.0.0.1:4010 sandbox-credential
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use onboarding::models::RegistrationState;
use onboarding::{Client, Error as ApiError, Retry};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("give the base URL and the credential".into());
    };
    // Every call here only reads, so the client may try each again.
    let client = Client::builder(base_url).bearer_token(token).retry(Retry::new(4)).build()?;
    for (action, groups) in by_action(&client).await? {
        println!("{action}: {} groups", groups.len());
        for id in groups {
            if let Some(healthy) = is_healthy(&client, &id).await? {
                println!("  {id} {}", if healthy { "is on its way" } else { "is stuck" });
            }
        }
    }
    Ok(())
}

/// The groups that wait for each action. Actions are codes that the carrier may add to, so they are texts.
pub async fn by_action(client: &Client) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut groups =
        client.list_groups().registration_status(RegistrationState::AwaitingFinalSteps).limit(10).items();
    while let Some(group) = groups.next().await {
        let group = group?;
        for action in group.pending_actions {
            found.entry(action.action).or_default().push(group.group_id.clone());
        }
    }
    Ok(found)
}

/// Whether a group's onboarding goes as it should, or none if there is no such group.
///
/// The carrier takes one call at a time. That is no concern of this function: a client and its clones let one call
/// leave after another, however many a program makes at once.
pub async fn is_healthy(client: &Client, id: &str) -> Result<Option<bool>, Box<dyn Error>> {
    let (integration, summary) =
        tokio::join!(client.get_integration_status(id).send(), client.get_group_summary(id).send());
    match integration {
        Ok(answer) => {
            let known = summary?.body.categories.len();
            println!("{id}: {known} categories, {:?}", answer.body.flags.unwrap_or_default());
            Ok(Some(answer.body.healthy))
        }
        // The documented errors are typed; a 404 without the documented body would be `ApiError::Decode`.
        Err(ApiError::Status { status, .. }) if status == 404 => Ok(None),
        Err(error) => Err(error.into()),
    }
}
