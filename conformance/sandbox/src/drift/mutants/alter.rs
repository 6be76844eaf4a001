//! What a mutant does to an answer. Every function says whether it changed anything: a mutant that never does is one
//! that nobody can find.

use driftline_specs::pointer;
use serde_json::{Map, Value};

use super::super::edit::to_object;
use super::{Mutant, Mutation};
use crate::answer::Answer;

/// A value that no enum of a contract lists.
const UNHEARD_OF: &str = "unheard_of";

impl Mutant {
    /// Changes an answer; returns whether it is another one now.
    pub(super) fn alter(&self, answer: &mut Answer) -> bool {
        if self.status != Some(answer.status) {
            return false;
        }
        match &self.mutation {
            Mutation::Status(status) => {
                answer.status = *status;
                true
            }
            // What has no body calls itself nothing.
            Mutation::ContentType => {
                let is_json = answer.json_mut().is_some();
                if is_json {
                    answer.content_type = "text/plain; charset=utf-8".into();
                }
                is_json
            }
            mutation => {
                let place = pointer::tokens(&self.place).unwrap_or_default();
                answer.json_mut().is_some_and(|body| alter_at(body, &place, mutation))
            }
        }
    }
}

/// Changes every value that a place stands for. It goes as deep as the place has tokens.
fn alter_at(value: &mut Value, place: &[String], mutation: &Mutation) -> bool {
    match (place, value) {
        ([], value) => alter_value(value, mutation),
        ([step, rest @ ..], Value::Array(items)) if step == "*" => {
            let mut changed = false;
            for item in items {
                changed |= alter_at(item, rest, mutation);
            }
            changed
        }
        ([name], Value::Object(members)) => alter_member(members, name, mutation),
        ([name, rest @ ..], Value::Object(members)) => {
            members.get_mut(name).is_some_and(|member| alter_at(member, rest, mutation))
        }
        _ => false,
    }
}

fn alter_member(members: &mut Map<String, Value>, name: &str, mutation: &Mutation) -> bool {
    match mutation {
        Mutation::Dropped { .. } => members.shift_remove(name).is_some(),
        Mutation::Renamed { .. } => {
            let Some(value) = members.shift_remove(name) else { return false };
            members.insert(format!("{name}_renamed"), value);
            true
        }
        _ => members.get_mut(name).is_some_and(|value| alter_value(value, mutation)),
    }
}

fn alter_value(value: &mut Value, mutation: &Mutation) -> bool {
    match mutation {
        Mutation::Retyped => retype(value),
        Mutation::Arrayed if !value.is_null() => {
            *value = Value::Array(vec![value.take()]);
            true
        }
        Mutation::Nulled if !value.is_null() => {
            *value = Value::Null;
            true
        }
        Mutation::EnumExtended if value.is_string() => {
            *value = Value::from(UNHEARD_OF);
            true
        }
        _ => false,
    }
}

fn retype(value: &mut Value) -> bool {
    match value {
        Value::Null => return false,
        Value::String(_) => *value = Value::from(7),
        Value::Number(_) | Value::Bool(_) => *value = Value::String(value.to_string()),
        Value::Array(_) => to_object(value),
        Value::Object(_) => *value = Value::Bool(true),
    }
    true
}
