//! A description lists other values than `enum`.

use super::prose::{listing, plain_text, same_word};
use super::survey::{Finding, Survey, quoted};
use super::{Rule, Severity};
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "enum_contradicts_prose",
    severity: Severity::Warning,
    what: "a description lists values that `enum` lacks, or introduces a complete list that lacks some of `enum`",
    why: "a client that knows the values of one list meets, or sends, one that only the other has",
    find,
};

/// How many values an `enum` may have to be compared: nobody lists more in a sentence.
const MAX_VALUES: usize = 500;

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let (Some(description), Some(values)) = (field.description, survey.enum_of(field.schema)) else {
            continue;
        };
        if values.len() > MAX_VALUES {
            continue;
        }
        let text = plain_text(description);
        let Some(listing) = listing(&text) else { continue };
        let known = |word: &String| values.iter().any(|value| same_word(value, word));
        let shared = listing.values.iter().filter(|word| known(word)).count();
        // The list has to be one of these values in the first place.
        if shared == 0 || shared * 2 < listing.values.len() {
            continue;
        }
        let ignored = ["null", "none", "nil", "empty", "other"];
        let beyond: Vec<&String> = listing
            .values
            .iter()
            .filter(|word| !known(word) && !ignored.contains(&word.to_ascii_lowercase().as_str()))
            .collect();
        if !beyond.is_empty() {
            let message = format!("the description lists {}, which `enum` lacks", quoted(&beyond));
            findings.push(Finding::new(pointer::join(&field.pointer, "description"), message));
        }
        let mentioned = |value: &String| {
            listing.values.iter().any(|word| same_word(value, word)) || text.contains(value.as_str())
        };
        let unlisted: Vec<&String> =
            values.iter().filter(|value| !value.is_empty() && !mentioned(value)).collect();
        if listing.introduced && listing.complete && !unlisted.is_empty() {
            let message = format!("the description's list lacks {}, which `enum` has", quoted(&unlisted));
            findings.push(Finding::new(pointer::join(&field.pointer, "description"), message));
        }
    }
    findings
}
