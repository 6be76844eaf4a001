//! What became of the values, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Row;
use super::super::page::cell;
use super::total::{Name, Total, rate};

/// Adds the rates, every miss and every schema without a value.
pub(crate) fn page(text: &mut String, rows: &[Row]) {
    let tried = || rows.iter().filter_map(|row| Some((row, row.trips.as_ref()?)));
    let Some(total) = Total::of(tried().map(|(_, trips)| trips)) else { return };
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "\n## Values through the types and back\n\n\
         For every component schema, values made by the strategies that make requests, valid as the contract's own \
         validator judges, each read by the generated type and written again: the fullest value, the least one, one \
         with an undeclared property, some from all over the enumeration of what the schema allows, and random ones. \
         A schema that operations use in requests gets values as requests have them (without what is read-only), one \
         that they use in responses as responses have them (without what is write-only), one that they use both ways \
         gets both. What comes back must be the same JSON: the order of properties does not count, numbers are \
         compared by value. A value counts as *unrecognised* when it comes back the same but some part of it was kept \
         as none of the alternatives or enum values that the type lists. A schema is *ambiguous* when no value could \
         be found that matches exactly one alternative of its `oneOf`, because they overlap; its values match several, \
         as those of such an API do, and count. *Not valid* counts candidates that were discarded.\n\n{total}.\n"
    );
    text.push_str(
        "| contract | schemas | whole | values | same | unrecognised | not valid | ambiguous | without a value |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (row, trips) in tried() {
        let it = trips.total();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.subject.name,
            it.schemas,
            rate(it.whole, it.schemas),
            it.values,
            rate(it.same, it.values),
            it.unrecognized,
            it.refused,
            it.ambiguous,
            it.untried
        );
    }
    // By contract, place and reason: the schemas and the smallest values.
    let mut causes: BTreeMap<[&str; 3], Vec<(&str, String)>> = BTreeMap::new();
    for (row, trips) in tried() {
        for (schema, miss) in trips.misses() {
            let cause = [row.subject.name.as_str(), miss.place.as_str(), miss.reason.as_str()];
            causes.entry(cause).or_default().push((schema, miss.value.to_string()));
        }
    }
    if !causes.is_empty() {
        text.push_str(
            "\n| contract | place | what happens | schemas | smallest value |\n|---|---|---|---|---|\n",
        );
        for ([contract, place, reason], found) in &causes {
            let least = found.iter().map(|(_, value)| value).min_by_key(|value| value.len());
            let least: String = least.into_iter().flat_map(|value| value.chars()).take(300).collect();
            let mut names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
            names.dedup();
            let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
            names.truncate(3);
            let _ = writeln!(
                text,
                "| {contract} | `{}` | {} | {}{more} | `{}` |",
                cell(place),
                cell(reason),
                cell(&names.join(", ")),
                cell(&least.replace('`', "'"))
            );
        }
    }
    let mut untried =
        tried().flat_map(|(row, trips)| trips.schemas.iter().map(move |it| (row, it))).peekable();
    if untried.peek().is_some() {
        let untried = untried.filter_map(|(row, it)| Some((row, it.name(), it.untried.as_ref()?)));
        let untried: Vec<_> = untried.collect();
        if !untried.is_empty() {
            text.push_str("\n| contract | schema | why no value was tried |\n|---|---|---|\n");
        }
        for (row, schema, why) in untried {
            let _ = writeln!(text, "| {} | {} | {} |", row.subject.name, cell(schema), cell(why));
        }
    }
}
