//! What the kinds have in common: finding a place in a correct answer. A place that an answer does not have
//! is left alone, and so is the answer.

use serde_json::{Map, Value};

use crate::answer::Answer;

/// The value at a JSON Pointer in the body of a success.
pub(super) fn at<'a>(answer: &'a mut Answer, pointer: &str) -> Option<&'a mut Value> {
    if !answer.is_success() {
        return None;
    }
    answer.json_mut()?.pointer_mut(pointer)
}

/// The object at a JSON Pointer in the body of a success.
pub(super) fn object_at<'a>(answer: &'a mut Answer, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    at(answer, pointer)?.as_object_mut()
}

/// The objects in the array at a JSON Pointer in the body of a success.
pub(super) fn objects_in<'a>(
    answer: &'a mut Answer,
    pointer: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> + use<'a> {
    let items = at(answer, pointer).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Changes a member that an object has.
pub(super) fn edit(object: &mut Map<String, Value>, name: &str, change: impl FnOnce(&mut Value)) {
    if let Some(value) = object.get_mut(name) {
        change(value);
    }
}

/// Writes a number as text.
pub(super) fn to_text(value: &mut Value) {
    if value.is_number() {
        *value = Value::String(value.to_string());
    }
}

/// Turns an array into an object whose members are named by position.
pub(super) fn to_object(value: &mut Value) {
    if let Value::Array(items) = value {
        let members = std::mem::take(items).into_iter().enumerate();
        *value = Value::Object(members.map(|(at, item)| (at.to_string(), item)).collect());
    }
}
