//! Walks through a long list: every item, page by page, and on from where another walk was left.
//!
//! Against the stand-in:
//!
//! ```text
//! cargo xtask sandbox --api clasp --port 4010
//! cargo run -p clasp --example walk -- http://127.0.0.1:4010 sandbox-credential
//! ```

use std::error::Error;

use clasp::models::GroupConnectionStatus;
use clasp::{Client, PageToken};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("give the base URL and the API key".into());
    };
    let client = Client::builder(base_url).bearer_token(token).build()?;
    for line in needs_attention(&client).await? {
        println!("{line}");
    }
    // Somewhere a program would keep this text between two runs.
    let mut bookmark = None;
    loop {
        let (employers, next) = two_pages(&client, bookmark.as_deref()).await?;
        println!("{} employers, then {next:?}", employers.len());
        if next.is_none() {
            return Ok(());
        }
        bookmark = next;
    }
}

/// Lists the connections to carriers that somebody has to look at. The items come one after another; pages of 20 are
/// fetched as they are needed.
pub async fn needs_attention(client: &Client) -> Result<Vec<String>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut connections = client.list_connections().page_size(20).items();
    while let Some(connection) = connections.next().await {
        let connection = connection?;
        for group in &connection.group_connections {
            if group.status == Some(GroupConnectionStatus::NeedsAttention) {
                // The whole of it can go to a log: what the contract calls sensitive, as the broker's EIN, shows as
                // `[sensitive]`. `expose()` gives the value where a program needs it.
                found.push(format!("{}: {group:?}", connection.employer));
            }
        }
    }
    Ok(found)
}

/// Reads two pages of employers, beginning at a bookmark if there is one, and says where to go on.
pub async fn two_pages(
    client: &Client,
    bookmark: Option<&str>,
) -> Result<(Vec<String>, Option<String>), Box<dyn Error>> {
    // A bookmark holds the place, not the question: ask for the same pages again.
    let mut pages = client.list_connections().page_size(20).pages().max_pages(2);
    if let Some(bookmark) = bookmark {
        pages = pages.resume(bookmark.parse::<PageToken>()?);
    }
    let (mut employers, mut next) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        let page = page?;
        employers.extend(page.response.body.results.into_iter().map(|connection| connection.employer));
        next = page.next.map(|token| token.to_string());
    }
    Ok((employers, next))
}
