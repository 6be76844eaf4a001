//! `prefixItems`: items that each have a schema of their own. OpenAPI 3.0 can only say what any of the items may be;
//! what stands where is kept beside it, for those who know.

use serde_json::{Value, json};

use super::Schema;
use crate::pointer;

/// How many different items become alternatives; longer tuples are lists of anything.
const MAX_BRANCHES: usize = 100;

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    // Before 2020-12 a tuple was a list under `items`.
    if schema.members.get("items").is_some_and(Value::is_array) {
        schema.members.shift_remove("prefixItems");
        schema.keep("items", "prefixItems");
        schema.keep("additionalItems", "items");
    }
    if schema.has("prefixItems") && !schema.has("items") && schema.has("unevaluatedItems") {
        schema.keep("unevaluatedItems", "items");
    }
    let Some(Value::Array(prefix)) = schema.members.get("prefixItems") else {
        closed_list(schema, 0);
        return;
    };
    let prefix = prefix.clone();
    let rest = schema.members.get("items").cloned();
    let most =
        schema.members.get("maxItems").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    schema.keep("prefixItems", "x-prefix-items");
    closed_list(schema, prefix.len());
    let is_closed = rest == Some(json!(false)) || most.is_some_and(|most| most <= prefix.len());
    let rest = match rest {
        Some(Value::Object(rest)) if prefix.len() <= MAX_BRANCHES => {
            let at = schema.at("items");
            let message = "OpenAPI 3.0 cannot say what follows the first items of a list; what follows may be \
                           what any item may be";
            schema.lineage.lose(&at, message);
            Some(Value::Object(rest))
        }
        _ if is_closed && prefix.len() <= MAX_BRANCHES => None,
        _ => {
            // Whatever follows the tuple may be anything.
            schema.set("items", json!({}));
            return;
        }
    };
    let kept = schema.at("x-prefix-items");
    let items = schema.at("items");
    let mut branches: Vec<Value> = Vec::new();
    let any_of = pointer::join(&items, "anyOf");
    let mut origins = Vec::new();
    for (index, branch) in prefix.into_iter().enumerate() {
        if !branches.contains(&branch) {
            origins.push(pointer::join(&kept, &index.to_string()));
            branches.push(branch);
        }
    }
    if let Some(rest) = rest.filter(|rest| !branches.contains(rest)) {
        origins.push(items.clone());
        branches.push(rest);
    }
    if let ([_], [origin]) = (branches.as_slice(), origins.as_slice()) {
        schema.lineage.moved(&items, origin);
        schema.set("items", branches.pop().unwrap_or_default());
        return;
    }
    for (index, origin) in origins.iter().enumerate() {
        schema.lineage.moved(&pointer::join(&any_of, &index.to_string()), origin);
    }
    schema.set("items", json!({"anyOf": branches}));
}

/// `items: false` allows no item beyond those before.
fn closed_list(schema: &mut Schema<'_>, before: usize) {
    if schema.members.get("items") == Some(&json!(false)) {
        schema.members.shift_remove("items");
        let most = schema.members.get("maxItems").and_then(Value::as_u64);
        let before = u64::try_from(before).unwrap_or(u64::MAX);
        schema.set("maxItems", json!(most.map_or(before, |most| most.min(before))));
        schema.set_new("items", json!({}));
    }
}
