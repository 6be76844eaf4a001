//! By what a single answer shows again that a norm does not hold.

use serde_json::Value;

use super::document::Asked;
use super::form::Form;
use super::walk::hash_of;
use crate::exchange::Exchange;

/// What an answer has to show when its request is sent again. A location has `*` for any item, and any value of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Nothing stands at a place, and what it is in is there.
    Absent {
        /// The status.
        status: u16,
        /// The place.
        location: String,
    },
    /// Null stands at a place, and nothing else.
    Null {
        /// The status.
        status: u16,
        /// The place.
        location: String,
    },
    /// The value that stood there stands there again, and no other.
    Same {
        /// The status.
        status: u16,
        /// The place.
        location: String,
    },
    /// What stands at a place does not have a form.
    NotOf {
        /// The status.
        status: u16,
        /// The place.
        location: String,
        /// The form.
        form: Form,
    },
    /// Something stands at a place.
    Present {
        /// The status.
        status: u16,
        /// The place.
        location: String,
    },
    /// The request is refused.
    Refused {
        /// What norms call the known-good body, and what it is changed to.
        label: String,
    },
    /// The answer has another status.
    Status {
        /// What was asked.
        asked: Asked,
        /// The status that does not come.
        status: u16,
    },
}

impl Sign {
    /// The status that it is about; 0 where that is any refusal.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Sign::Refused { .. } => 0,
            Sign::Absent { status, .. }
            | Sign::Null { status, .. }
            | Sign::Same { status, .. }
            | Sign::NotOf { status, .. }
            | Sign::Present { status, .. }
            | Sign::Status { status, .. } => *status,
        }
    }

    /// The place that it is about; empty for a status.
    #[must_use]
    pub fn location(&self) -> &str {
        match self {
            Sign::Absent { location, .. }
            | Sign::Null { location, .. }
            | Sign::Same { location, .. }
            | Sign::NotOf { location, .. }
            | Sign::Present { location, .. } => location,
            Sign::Status { .. } | Sign::Refused { .. } => "",
        }
    }

    /// Whether an exchange shows it, as the first one did.
    #[must_use]
    pub fn shows(&self, exchange: &Exchange, first: &Exchange) -> bool {
        if let Sign::Status { status, .. } = self {
            return exchange.answer.status != *status;
        }
        if let Sign::Refused { .. } = self {
            return is_refusal(exchange.answer.status);
        }
        let body = |exchange: &Exchange| serde_json::from_slice::<Value>(&exchange.answer.body).ok();
        let Some(answered) = body(exchange).filter(|_| exchange.answer.status == self.status()) else {
            return false;
        };
        let found = at(&answered, self.location());
        match self {
            Sign::Absent { location, .. } => {
                let parent = location.rsplit_once('/').map_or("", |(parent, _)| parent);
                found.is_empty() && at(&answered, parent).iter().any(|it| it.is_object() || it.is_array())
            }
            Sign::Null { .. } => !found.is_empty() && found.iter().all(|value| value.is_null()),
            Sign::Same { location, .. } => {
                let before = body(first);
                let before =
                    before.as_ref().and_then(|body| at(body, location).first().map(|it| hash_of(it)));
                !found.is_empty() && found.iter().all(|value| Some(hash_of(value)) == before)
            }
            Sign::NotOf { form, .. } => {
                let mut forms = found.iter().filter_map(|value| Form::of(value)).peekable();
                forms.peek().is_some() && forms.all(|other| !other.is_near(*form))
            }
            Sign::Present { .. } => !found.is_empty(),
            Sign::Status { .. } | Sign::Refused { .. } => false,
        }
    }
}

/// Whether a status says that what was asked is not done for what it is; not for who asks, how often, or of what.
pub(crate) fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 404 | 407 | 408 | 429)
}

/// What stands at a place, wherever that is.
fn at<'v>(value: &'v Value, location: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for segment in location.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        found = found
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(items) if segment == "*" => items.iter().collect(),
                Value::Object(members) => match members.get(&name) {
                    Some(member) => vec![member],
                    None if segment == "*" => members.values().collect(),
                    None => Vec::new(),
                },
                _ => Vec::new(),
            })
            .collect();
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::at;

    #[test]
    fn a_place_is_wherever_its_stars_lead() {
        let body = json!({ "a": [{ "b": 1 }, { "b/c": 2 }, { "b": 3 }], "map": { "x": 4, "y": 5 } });
        assert_eq!(at(&body, "/a/*/b"), [&json!(1), &json!(3)]);
        assert_eq!(at(&body, "/a/*/b~1c"), [&json!(2)]);
        assert_eq!(at(&body, "/map/*"), [&json!(4), &json!(5)]);
        assert_eq!(at(&body, ""), [&body]);
        assert_eq!(at(&body, "/a/b").len(), 0);
    }
}
