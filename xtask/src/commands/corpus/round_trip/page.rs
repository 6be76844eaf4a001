//! What became of the values, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Row;
use super::super::page::{add_notes, cell, compiler, machine};
use super::total::{Name, Total, rate};
use super::{Trips, drift};

/// How many unrecognised values of a contract are shown.
const SHOWN: usize = 3;

/// How much of a value is shown.
const LONGEST: usize = 240;

/// The page that `--values-table` writes: the rates, every miss and every schema without a value.
pub(crate) fn page(rows: &[Row], notes: Option<&str>) -> String {
    let tried = || rows.iter().filter_map(|row| Some((row, row.trips.as_ref()?)));
    let mut text = String::from("# Values through the generated types and back\n\n");
    let Some(total) = Total::of(tried().map(|(_, trips)| trips)) else { return text };
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "Written by `cargo xtask corpus` (`--round-trip`, `--drifted`, `--values-table FILE`), not by hand, but for the \
         notes. The contracts are documents that vendors and test suites have published; they are not in this \
         repository. Machine: {}. Compiler: {}.\n\n\
         ## Valid values\n\n\
         For every component schema, values made by the strategies that make requests, valid as the contract's own \
         validator judges, each read by the generated type and written again: the fullest value, the least one, one \
         with an undeclared property, some from all over the enumeration of what the schema allows, and random ones. \
         A schema that operations use in requests gets values as requests have them (without what is read-only), one \
         that they use in responses as responses have them (without what is write-only), one that they use both ways \
         gets both. What comes back must be the same JSON: the order of properties does not count, numbers are \
         compared by value; and the type's own `validate()` must find nothing wrong with it.\n\n{total}.",
        machine(),
        compiler(),
    );
    drifts(&mut text, &tried().collect::<Vec<_>>());
    add_notes(&mut text, notes);
    contracts(&mut text, &tried().collect::<Vec<_>>());
    misses(&mut text, &tried().collect::<Vec<_>>());
    unrecognised(&mut text, &tried().collect::<Vec<_>>());
    untried(&mut text, &tried().collect::<Vec<_>>());
    text
}

/// What became of values that depart from their contract, by the way in which they do.
fn drifts(text: &mut String, tried: &[(&Row, &Trips)]) {
    let total = drift::total(tried.iter().map(|(_, trips)| *trips));
    if total.is_empty() {
        return;
    }
    text.push_str(
        "\n## Drifted values\n\n\
         The fullest value of each schema, changed in one place as a partner's next version might change it: at most 48 \
         of each. *Survives* is read and written back as it came; *refused* is an error that names the place and the \
         null that stands there ([why](decisions/0012-what-is-not-as-promised-is-read-where-nothing-has-to-be-invented.md)).\n\n\
         | departs by | values | survive | | refused | other |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for (drift, it) in &total {
        let other = it.values.saturating_sub(it.same + it.refused);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {other} |",
            drift::name(*drift),
            it.values,
            it.same,
            rate(it.same, it.values),
            it.refused
        );
    }
    let mut causes: BTreeMap<[&str; 2], Vec<String>> = BTreeMap::new();
    for (row, trips) in tried {
        for schema in &trips.schemas {
            for miss in schema.drift_misses.iter().filter(|miss| !miss.named) {
                let place = format!("{} {}{}", row.subject.name, schema.name(), miss.location);
                causes.entry([drift::name(miss.drift), miss.reason.as_str()]).or_default().push(place);
            }
        }
    }
    if causes.is_empty() {
        text.push_str("\nNo other value is changed or refused.\n");
        return;
    }
    text.push_str(
        "\nThe others, by what becomes of them:\n\n| departs by | a value there | where |\n|---|---|---|\n",
    );
    for ([drift, reason], mut places) in causes {
        let more =
            if places.len() > SHOWN { format!(" and {} more", places.len() - SHOWN) } else { String::new() };
        places.truncate(SHOWN);
        let places: Vec<_> = places.iter().map(|place| shown(place)).collect();
        let _ = writeln!(text, "| {drift} | {} | {}{more} |", cell(reason), places.join(", "));
    }
}

/// The counts of each contract.
fn contracts(text: &mut String, tried: &[(&Row, &Trips)]) {
    text.push_str(
        "\n## Each contract\n\n\
         *Unrecognised* counts values that come back the same although some part of them was kept as none of the \
         alternatives that a union lists. A schema is *ambiguous* when no value could be found that matches exactly one \
         alternative of its `oneOf`, because they overlap; its values match several, as those of such an API do, and \
         count. *Not valid* counts candidates that were discarded.\n\n",
    );
    text.push_str(
        "| contract | schemas | whole | values | same | unrecognised | not valid | ambiguous | without a value |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (row, trips) in tried {
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
