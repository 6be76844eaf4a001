//! Places inside a JSON value, as lists of property names and array indices.

use serde_json::Value;

/// Returns the value at a path of property names and array indices.
pub(super) fn find<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn find_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(object) => object.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Removes the property or item at a path.
pub(super) fn remove(value: &mut Value, path: &[String]) {
    let Some((last, parents)) = path.split_last() else { return };
    match find_mut(value, parents) {
        Some(Value::Object(object)) => {
            object.shift_remove(last);
        }
        Some(Value::Array(items)) => {
            if let Ok(index) = last.parse::<usize>()
                && index < items.len()
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// Sets the value at a path whose parent exists.
pub(super) fn set(value: &mut Value, path: &[String], leaf: Value) {
    let Some((last, parents)) = path.split_last() else {
        *value = leaf;
        return;
    };
    match find_mut(value, parents) {
        Some(Value::Object(object)) => {
            object.insert(last.clone(), leaf);
        }
        Some(Value::Array(items)) => {
            if let Some(slot) = last.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                *slot = leaf;
            }
        }
        _ => {}
    }
}

/// Sets the value at a JSON Pointer whose parent is an object that exists, or that is in an array.
pub(crate) fn put(value: &mut Value, at: &str, leaf: Value) -> Option<()> {
    if let Some(slot) = value.pointer_mut(at) {
        *slot = leaf;
        return Some(());
    }
    let (parent, last) = at.rsplit_once('/')?;
    value.pointer_mut(parent)?.as_object_mut()?.insert(unescaped(last), leaf);
    Some(())
}

/// Removes the property at a JSON Pointer; `None` where there is none.
pub(crate) fn take(value: &mut Value, at: &str) -> Option<()> {
    let (parent, last) = at.rsplit_once('/')?;
    value.pointer_mut(parent)?.as_object_mut()?.shift_remove(&unescaped(last)).map(|_| ())
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
