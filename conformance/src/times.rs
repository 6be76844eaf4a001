//! Which properties of an answer tell when a resource was made and when it was last changed.
//!
//! OpenAPI has no word for that, so that it is told by the name; the value has to be a time (RFC 3339).

use jiff::Timestamp;
use serde_json::Value;

use crate::pointer::escape;

/// What a time tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// When the resource was made.
    Creation,
    /// When it was last changed.
    Change,
}

/// A time of a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Time {
    /// JSON Pointer.
    pub(crate) location: String,
    pub(crate) role: Role,
    pub(crate) instant: Timestamp,
    /// It is told more precisely than in seconds.
    pub(crate) is_precise: bool,
}

/// Returns the times of the resource that an answer shows: those at its root, or else one level below.
pub(crate) fn times(body: &Value) -> Vec<Time> {
    let own = times_in(body, "");
    if !own.is_empty() {
        return own;
    }
    let members = body.as_object().into_iter().flatten();
    members.flat_map(|(name, value)| times_in(value, &format!("/{}", escape(name)))).collect()
}

fn times_in(object: &Value, at: &str) -> Vec<Time> {
    let members = object.as_object().into_iter().flatten();
    let times = members.filter_map(|(name, value)| {
        let (role, text) = (role(name)?, value.as_str()?);
        let instant: Timestamp = text.parse().ok()?;
        let is_precise = text.contains('.');
        Some(Time { location: format!("{at}/{}", escape(name)), role, instant, is_precise })
    });
    times.collect()
}

fn role(name: &str) -> Option<Role> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        "created" | "createdat" | "createdon" | "createddate" | "createdtime" | "createtime"
        | "creationtime" | "creationdate" | "datecreated" | "timecreated" | "insertedat" => {
            Some(Role::Creation)
        }
        "updated" | "updatedat" | "updatedon" | "updateddate" | "updatedtime" | "updatetime"
        | "dateupdated" | "timeupdated" | "lastupdated" | "lastupdatedat" | "modified" | "modifiedat"
        | "modifiedon" | "modifiedtime" | "lastmodified" | "lastmodifiedat" | "datemodified"
        | "changedat" | "lastchanged" | "lastchangedat" => Some(Role::Change),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_known_by_name_and_value() {
        let body = json!({ "createdAt": "2026-01-01T00:00:00Z", "last_modified": "2026-01-01T00:00:00.5Z",
            "updated_at": "yesterday", "seen_at": "2026-01-01T00:00:00Z", "created": 7 });
        let found: Vec<_> =
            times(&body).into_iter().map(|it| (it.location, it.role, it.is_precise)).collect();
        let expected = [
            ("/createdAt".to_owned(), Role::Creation, false),
            ("/last_modified".to_owned(), Role::Change, true),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn those_of_the_resource_go_before_those_of_its_parts() {
        let part = json!({ "created_at": "2026-01-01T00:00:00Z" });
        assert_eq!(times(&json!({ "data": part })).len(), 1);
        let whole = json!({ "owner": part, "created_at": "2026-02-01T00:00:00Z" });
        assert_eq!(times(&whole).iter().map(|it| it.location.as_str()).collect::<Vec<_>>(), ["/created_at"]);
        assert_eq!(times(&json!([part])), []);
    }
}
