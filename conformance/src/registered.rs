//! The generated crates' registries as [`Models`].

use std::sync::Arc;

use driftline_apis::Registry;

use crate::models::{DecodeFailure, Models};

/// Returns what the generated crate of an API knows, when the API is one of the generated ones.
#[must_use]
pub fn registered(api: &str) -> Option<Arc<dyn Models>> {
    driftline_apis::registry(api).map(|registry| Arc::new(Registered(registry)) as Arc<dyn Models>)
}

#[derive(Debug)]
struct Registered(&'static Registry);

impl Models for Registered {
    fn round_trip(
        &self,
        operation_id: &str,
        status: Option<u16>,
        media_type: &str,
        body: &[u8],
    ) -> Option<Result<Vec<u8>, DecodeFailure>> {
        let entry = self.0.body(operation_id, status, media_type)?;
        Some((entry.round_trip)(body).map_err(|error| DecodeFailure {
            path: error.path().to_owned(),
            message: error.message().to_owned(),
        }))
    }

    fn symbol(&self, pointer: &str) -> Option<&str> {
        self.0.symbol(pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_type_takes_its_body_and_names_the_place_that_it_refuses() {
        let models = registered("enrollconnect").unwrap();
        let round_trip = |body: &[u8]| {
            models
                .round_trip("getApplication", Some(200), "application/json", body)
                .expect("it is documented")
        };
        assert_eq!(
            round_trip(br#"{"application_id":"A1","new":[1]}"#).unwrap(),
            br#"{"application_id":"A1","new":[1]}"#
        );
        let failure = round_trip(br#"{"policies":[{"gross_premium":"12"}]}"#).unwrap_err();
        assert_eq!(failure.path, "/policies/0/gross_premium");
        assert!(!failure.message.contains("12"), "{}", failure.message);
        let symbol = models.symbol("#/components/schemas/PolicyDetail/properties/gross_premium");
        assert_eq!(symbol, Some("enrollconnect::models::PolicyDetail::gross_premium"));
    }

    #[test]
    fn an_api_without_a_crate_has_no_models() {
        assert!(registered("nobody").is_none());
    }
}
