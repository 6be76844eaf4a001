//! What became of the values, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Row;
use super::super::page::cell;
use super::Trips;
use super::total::{Name, Total, rate};

/// How many unrecognised values of a contract are shown.
const SHOWN: usize = 3;

/// How much of a value is shown.
const LONGEST: usize = 240;

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
         as none of the alternatives that a union lists. A schema is *ambiguous* when no value could \
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
    misses(text, &tried().collect::<Vec<_>>());
    unrecognised(text, &tried().collect::<Vec<_>>());
    untried(text, &tried().collect::<Vec<_>>());
}

/// Every cause of a miss, with the smallest value that shows it.
fn misses(text: &mut String, tried: &[(&Row, &Trips)]) {
    // By contract, place and reason: the schemas and the smallest values.
    let mut causes: BTreeMap<[&str; 3], Vec<(&str, String)>> = BTreeMap::new();
    for (row, trips) in tried {
        for (schema, miss) in trips.misses().filter(|(_, miss)| !miss.harmless) {
            let cause = [row.subject.name.as_str(), miss.place.as_str(), miss.reason.as_str()];
            causes.entry(cause).or_default().push((schema, miss.value.to_string()));
        }
    }
    if causes.is_empty() {
        text.push_str("\nNo value is missed.\n");
        return;
    }
    text.push_str("\nValues that are missed, by the place in the contract that causes it:\n\n");
    text.push_str("| contract | place | a value there | schemas | smallest value |\n|---|---|---|---|---|\n");
    for ([contract, place, reason], found) in &causes {
        let least = found.iter().map(|(_, value)| value.as_str()).min_by_key(|value| value.len());
        let mut names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        names.dedup();
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        names.truncate(3);
        let _ = writeln!(
            text,
            "| {contract} | `{}` | {} | {}{more} | {} |",
            cell(place),
            cell(reason),
            cell(&names.join(", ")),
            shown(least.unwrap_or_default())
        );
    }
}

/// How many schemas of each contract have values that come back unrecognised, with the smallest ones.
fn unrecognised(text: &mut String, tried: &[(&Row, &Trips)]) {
    let lines: Vec<_> = tried
        .iter()
        .filter_map(|(row, trips)| {
            let found = trips.misses().filter(|(_, miss)| miss.harmless);
            let mut found: Vec<_> = found.map(|(schema, miss)| (miss.value.to_string(), schema)).collect();
            found.sort_by_key(|(value, schema)| (value.len(), *schema));
            let count = found.len();
            let least = found.iter().take(SHOWN).map(|(value, schema)| format!("{schema} {}", shown(value)));
            let least = least.collect::<Vec<_>>().join(", ");
            (count > 0).then(|| format!("| {} | {count} | {} |\n", row.subject.name, least))
        })
        .collect();
    if !lines.is_empty() {
        text.push_str("\nUnrecognised in part, though they come back the same:\n\n");
        text.push_str("| contract | schemas | smallest values |\n|---|--:|---|\n");
        text.push_str(&lines.concat());
    }
}

/// Every schema of which no value was tried.
fn untried(text: &mut String, tried: &[(&Row, &Trips)]) {
    let lines: Vec<_> = tried
        .iter()
        .flat_map(|(row, trips)| trips.schemas.iter().map(move |it| (row, it)))
        .filter_map(|(row, it)| {
            let why = it.untried.as_ref()?;
            Some(format!("| {} | {} | {} |\n", row.subject.name, cell(it.name()), cell(why)))
        })
        .collect();
    if !lines.is_empty() {
        text.push_str("\nSchemas of which no valid value could be made:\n\n");
        text.push_str("| contract | schema | why |\n|---|---|---|\n");
        text.push_str(&lines.concat());
    }
}

/// A value as code in a cell, not too much of it.
fn shown(value: &str) -> String {
    let cut: String = value.chars().take(LONGEST).collect();
    let more = if cut.len() < value.len() { "…" } else { "" };
    format!("`{}{more}`", cell(&cut.replace('`', "'")))
}
