//! EnrollConnect by the vendor's page.

mod creating;
mod documents;
mod lifecycle;
mod listing;
mod readiness;

use serde_json::Value;

use super::support::{Bench, Reply, Send};
use super::tour::ready;

pub(crate) async fn get(bench: &Bench, id: &str) -> Reply {
    bench.call("getApplication", &[id], &[], Send::Nothing).await
}

/// Calls an action that takes no body.
pub(crate) async fn act(bench: &Bench, operation: &str, id: &str) -> Reply {
    bench.call(operation, &[id], &[], Send::Nothing).await
}

pub(crate) async fn status(bench: &Bench, id: &str) -> String {
    get(bench, id).await.text_at("/policy_status").to_owned()
}

/// Creates an application and returns its identifier.
pub(crate) async fn create(bench: &Bench, body: Value) -> String {
    let created = bench.call("createApplication", &[], &[], body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    created.text_at("/application_id").to_owned()
}

/// Creates an application, submits it, and returns its identifier.
pub(crate) async fn submitted(bench: &Bench, body: Value) -> String {
    let id = create(bench, body).await;
    assert_eq!(act(bench, "submitApplication", &id).await.status, 200);
    id
}

/// A ready application with another value at a place.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    changed(ready(), pointer, value)
}

/// A body with another value at a place, whose parent exists.
pub(crate) fn changed(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    parent.as_object_mut().unwrap().insert(name.to_owned(), value);
    body
}

/// A ready application without a property.
pub(crate) fn without(pointer: &str) -> Value {
    let mut body = ready();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    body
}
