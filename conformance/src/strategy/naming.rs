//! What the name of a property says of its values, beside what it says of people.

use super::personal::{Personal, personal};
use super::words::words;

/// Last words of names of codes, numbers, choices and addresses, which have a form of their own.
const CODES: &str = "id ids uuid code codes number numbers no type kind status state country county zip postcode phone email \
                     url uri link href date time at on currency language locale gender sex suffix prefix initial slug key token \
                     secret version format unit hash reference ref role year month day amount base64 fips";

/// Last words of names by which something is known.
const KNOWN_BY: &str = "id ids uuid slug key number code reference token";

/// Words in names of days at which something is to begin, to happen or to end.
const TO_COME: &str = "desired effective requested start begin end due valid expires expiry expiration event scheduled planned \
                       from until";

/// Whether a property of this name holds what people write in as many letters as they like, and not a code of any kind.
pub(super) fn is_prose(name: &str) -> bool {
    use Personal::{City, FirstName, FullName, LastName, Street};
    match personal(name) {
        Some(known) => matches!(known, FirstName | LastName | FullName | Street | City),
        None => words(name).last().is_some_and(|last| !is_among(CODES, last)),
    }
}

/// Whether something is known by a property of this name, and nothing by an empty one.
pub(super) fn is_known_by(name: &str) -> bool {
    words(name).last().is_some_and(|last| is_among(KNOWN_BY, last))
}

/// Whether a day of this name is not one at which something is to begin, to happen or to end.
pub(super) fn is_of_the_past(name: &str) -> bool {
    !words(name).iter().any(|word| is_among(TO_COME, word))
}

fn is_among(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|it| it == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_prose_from_codes() {
        for name in ["description", "utm_campaign", "filename", "first_name", "insurer", "city"] {
            assert!(is_prose(name), "{name}");
        }
        for name in ["plan_hios_id", "ssn", "phone_type", "zip_code", "state", "callbackUrl", "email", ""] {
            assert!(!is_prose(name), "{name}");
        }
    }

    #[test]
    fn names_tell_what_identifies_and_what_is_to_come() {
        assert!(is_known_by("externalId") && is_known_by("tpa_slug") && !is_known_by("state"));
        assert!(is_of_the_past("graduation_date") && is_of_the_past("signed_on"));
        assert!(!is_of_the_past("desired_effective_date") && !is_of_the_past("event_date"));
    }
}
