//! What may differ between two answers although nothing has happened: when and how each of them was given.

use serde_json::Value;

use crate::strategy::words::words;

/// Names of properties that speak of an answer, and not of what it is about.
const OF_THE_ANSWER: [&str; 20] = [
    "token",
    "csrf",
    "signature",
    "sessiontoken",
    "requestid",
    "traceid",
    "correlationid",
    "spanid",
    "nonce",
    "csrftoken",
    "servertime",
    "timestamp",
    "now",
    "generatedat",
    "asof",
    "uptime",
    "duration",
    "elapsed",
    "took",
    "expiresin",
];

/// The least and the greatest number that may be a time, in seconds since 1970: from 2001 to 2096.
const SECONDS: std::ops::Range<u64> = 1_000_000_000..4_000_000_000;

/// The least length of a text that may be made anew for each answer.
const TOKEN: usize = 20;

/// Makes alike what may differ between two answers.
pub(super) fn forget(first: &mut Value, again: &mut Value) {
    match (first, again) {
        (Value::Array(first), Value::Array(again)) => {
            first.iter_mut().zip(again).for_each(|(first, again)| forget(first, again));
        }
        (Value::Object(first), Value::Object(again)) => {
            for (name, first) in first {
                let Some(again) = again.get_mut(name) else { continue };
                let is_of_the_answer = is_of_the_answer(name) && !first.is_object() && !first.is_array();
                if is_of_the_answer || !is_identifier(name) && are_tokens(first, again) {
                    again.clone_from(first);
                } else {
                    forget(first, again);
                }
            }
        }
        (first, again) if are_times(first, again) || are_one_address(first, again) => again.clone_from(first),
        _ => {}
    }
}

fn is_of_the_answer(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    OF_THE_ANSWER.contains(&plain.as_str())
}

/// Whether both are times: texts (RFC 3339), or numbers of seconds or milliseconds, the second not before the first.
fn are_times(first: &Value, again: &Value) -> bool {
    match (first, again) {
        (Value::String(first), Value::String(again)) => is_time(first) && is_time(again),
        (Value::Number(first), Value::Number(again)) => {
            let both = first.as_f64().zip(again.as_f64());
            let unit = [1, 1000].into_iter().find(|unit| {
                let holds = |number: f64| SECONDS.contains(&((number / f64::from(*unit)) as u64));
                both.is_some_and(|(first, again)| holds(first) && holds(again))
            });
            // A few minutes lie between two answers at most.
            both.zip(unit).is_some_and(|((first, again), unit)| {
                (0.0..=600.0 * f64::from(unit)).contains(&(again - first))
            })
        }
        _ => false,
    }
}

/// Whether a text is a time (RFC 3339).
fn is_time(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok()
}

/// Whether a property of this name says which thing it is.
fn is_identifier(name: &str) -> bool {
    const LAST: [&str; 7] = ["id", "ids", "uuid", "number", "code", "reference", "slug"];
    words(name).last().is_none_or(|last| LAST.contains(&last.as_str()))
}

/// Whether both are of the kind that is made anew for each answer: long, of letters and digits in no order, and as long as the
/// other one.
fn are_tokens(first: &Value, again: &Value) -> bool {
    let is_token = |text: &str| {
        let has = |of: fn(&char) -> bool| text.chars().any(|it| of(&it));
        text.len() >= TOKEN
            && has(char::is_ascii_digit)
            && has(char::is_ascii_alphabetic)
            && text
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '=' | '.' | '_' | '-'))
    };
    match (first.as_str(), again.as_str()) {
        (Some(first), Some(again)) => first.len() == again.len() && is_token(first) && is_token(again),
        _ => false,
    }
}

/// Whether both are addresses that differ in their query only, as those that are signed do.
fn are_one_address(first: &Value, again: &Value) -> bool {
    let address = |value: &Value| {
        let url = url::Url::parse(value.as_str()?).ok().filter(url::Url::has_host)?;
        url.query().is_some().then(|| format!("{}{}", url.origin().ascii_serialization(), url.path()))
    };
    address(first).is_some_and(|first| address(again) == Some(first))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_forgotten(first: &Value, again: &Value) -> bool {
        let (mut first, mut again) = (first.clone(), again.clone());
        forget(&mut first, &mut again);
        first == again
    }

    #[test]
    fn times_signed_addresses_and_numbers_of_requests_are_forgotten() {
        for (first, again) in [
            (json!({ "a": "2026-01-01T00:00:00Z" }), json!({ "a": "2026-01-01T00:00:01Z" })),
            (json!({ "a": [1_768_485_600] }), json!({ "a": [1_768_485_601] })),
            (json!({ "a": 1_768_485_600_123_u64 }), json!({ "a": 1_768_485_600_456_u64 })),
            (json!({ "requestId": "x" }), json!({ "requestId": "y" })),
            (json!({ "value": "Zx81kQ-77aPq_0931mTb" }), json!({ "value": "Qq02fT_18zLw-7745nRc" })),
            (json!({ "meta": { "trace_id": 1 } }), json!({ "meta": { "trace_id": 2 } })),
            (json!({ "url": "https://s.example/f?sig=a" }), json!({ "url": "https://s.example/f?sig=b" })),
        ] {
            assert!(is_forgotten(&first, &again), "{first} {again}");
        }
    }

    #[test]
    fn whatever_says_something_is_kept() {
        for (first, again) in [
            (json!({ "a": 7 }), json!({ "a": 8 })),
            (json!({ "a": 1_768_485_600 }), json!({ "a": 1_768_485_000 })),
            (json!({ "a": 1_768_485_600 }), json!({ "a": 1_868_485_600 })),
            (json!({ "request": "x" }), json!({ "request": "y" })),
            (json!({ "a": "2026-01-01T00:00:00Z" }), json!({ "a": "soon" })),
            (json!({ "url": "https://s.example/f?sig=a" }), json!({ "url": "https://s.example/g?sig=a" })),
            (json!({ "a": [1] }), json!({ "a": [1, 2] })),
            (json!({ "timestamp": [] }), json!({ "timestamp": [1] })),
            (json!({ "order_id": "Zx81kQ-77aPq_0931mTb" }), json!({ "order_id": "Qq02fT_18zLw-7745nRc" })),
            (json!({ "value": "Zx81kQ-77aPq_0931mTb" }), json!({ "value": "Zx81kQ" })),
            (json!({ "note": "two words of 20 letters" }), json!({ "note": "two words of 21 letters" })),
        ] {
            assert!(!is_forgotten(&first, &again), "{first} {again}");
        }
    }
}
