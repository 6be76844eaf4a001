//! References that lead nowhere, in a circle, or to what cannot be read: what refers so is mended where there is a
//! neutral reading, and left to the operations where there is none.
//!
//! A schema that nobody defines may be anything; a response that nobody defines has no documented body; a header, an
//! example or a link can be missing. A parameter, a request body or a path cannot: the operations that need it are
//! refused when the table is built.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::error::Fault;
use crate::grammar::Kind;
use crate::lineage::Lineage;
use crate::{pointer, reference};

/// Mends the references that lead to nothing.
pub(super) fn mend(document: &mut Value, unread: &HashMap<String, Fault>, lineage: &mut Lineage) {
    let mut missing = Vec::new();
    for broken in reference::broken(document, unread) {
        let message = sentence(&broken.fault);
        let at = pointer::join(&broken.pointer, "$ref");
        match broken.kind {
            Kind::Schema => {
                lineage.mend(&at, format!("{message}; anything is allowed there"));
                set_aside(document, &broken.pointer, json!({}));
            }
            Kind::Response => {
                lineage.mend(&at, format!("{message}; the response has no documented body"));
                set_aside(document, &broken.pointer, json!({"description": ""}));
            }
            Kind::Header | Kind::Example | Kind::Link | Kind::Callback | Kind::SecurityScheme => {
                lineage.mend(&at, format!("{message}; it is left out"));
                missing.push(broken.pointer);
            }
            // The table refuses the operations.
            _ => {}
        }
    }
    pointer::remove_members(document, &missing);
}

/// What a fault says, without its place.
pub(crate) fn sentence(fault: &Fault) -> String {
    let mut text = fault.problem.clone();
    if let Some(expected) = &fault.expected {
        text.push_str(&format!(" (expected {expected})"));
    }
    if let Some(advice) = &fault.advice {
        text.push_str(&format!("; {advice}"));
    }
    text
}

fn set_aside(document: &mut Value, at: &str, replacement: Value) {
    let place = pointer::tokens(at).and_then(|tokens| pointer::lookup_mut(document, &tokens));
    if let Some(Value::Object(members)) = place
        && let Value::Object(replacement) = replacement
    {
        if let Some(reference) = members.shift_remove("$ref") {
            members.insert("x-original-$ref".to_owned(), reference);
        }
        for (key, value) in replacement {
            members.entry(key).or_insert(value);
        }
    }
}
