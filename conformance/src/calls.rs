//! Requests through the generated clients, without Rust: an operation's id and what stands on the wire.
//!
//! [`Models`](crate::Models) asks the generated types what they make of a body; a [`Caller`] asks the generated client to
//! send something. Neither needs a word of Rust syntax.

pub use driftline_apis::{Caller, Content, FormField, Outcome, Parts, Unmade};

/// Returns a client of an API, when it is one of the generated ones, for a base URL: without a credential, a limit of its
/// pace or a second attempt.
///
/// # Errors
///
/// Fails when the base URL is none.
pub fn caller(api: &str, base_url: &str) -> Option<Result<Box<dyn Caller>, String>> {
    let calls = driftline_apis::calls(api)?;
    Some((calls.connect)(base_url).map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_names_what_it_cannot_send() {
        let caller = caller("clasp", "http://127.0.0.1:1").unwrap().unwrap();
        let unmade = caller.call("retrieveConnection", Parts::default()).err().unwrap();
        assert_eq!(unmade.to_string(), "path parameter `public_id`: it has to be there");
        let unmade = caller.call("dropConnection", Parts::default()).err().unwrap();
        assert_eq!(unmade.to_string(), "operation `dropConnection`: the generated client does not have it");
    }

    #[test]
    fn there_is_no_client_without_a_crate_or_a_base_url() {
        assert!(caller("nobody", "http://127.0.0.1:1").is_none());
        assert!(caller("clasp", "nowhere").unwrap().is_err());
    }
}
