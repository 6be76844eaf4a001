//! `optional_property_seen`: a documented property is there at least once, where all others are.
//!
//! Nothing requires an optional property, and some are there under a condition that no schema states. But an endpoint that gives
//! everything that its contract documents but for one thing, in dozens of answers, has forgotten that; and so has an operation
//! that never gives what another one, by the same schema, always does. What a client sends may be there because it was sent, and
//! testifies to nothing. A run that is judged by norms knows more.

use super::whole::{OptionalProperty, WholeEvidence};
use super::{Check, Observation, Severity};
use crate::norms::Sign;

/// In how many resources it has to be missed.
const LEAST: u64 = 30;

/// In how many it has to be always there, to testify to where it is missed.
const FEW: u64 = 10;

/// How many others have to be there.
const OTHERS: usize = 20;

/// See the module.
pub(super) struct OptionalPropertySeen;

impl Check for OptionalPropertySeen {
    fn id(&self) -> &'static str {
        "optional_property_seen"
    }

    fn summary(&self) -> &'static str {
        "a documented property is there at least once, where all others are"
    }

    fn reason(&self) -> &'static str {
        "a client that was written by the contract waits for what never comes, and no schema is broken"
    }

    fn severity(&self) -> Severity {
        Severity::Notice
    }

    fn judge_whole(&self, evidence: &WholeEvidence, found: &mut Vec<(String, Observation, Sign)>) {
        let all = evidence.optional.values().filter(|places| {
            places.iter().map(|it| it.of).sum::<u64>() >= LEAST
                && !places.iter().any(OptionalProperty::is_deep)
        });
        let (seen, never): (Vec<_>, Vec<_>) = all.partition(|it| it.iter().any(|it| it.with > 0));
        if seen.len() < OTHERS {
            return;
        }
        let others = format!("it may be there, and {} other optional properties are", seen.len());
        // One thing may be declared several times.
        let mut names = never.iter().filter_map(|places| places.first().map(OptionalProperty::name));
        let name = names.next();
        if names.all(|other| Some(other) == name) {
            for places in never {
                let most = places.iter().max_by_key(|it| it.of);
                found.extend(most.map(|it| self.told(it, "never", others.clone())));
            }
        }
        for places in seen {
            let known =
                || places.iter().filter(|it| it.of >= FEW && !it.is_sent && !it.is_list && it.is_outermost());
            let Some(always) = known().find(|it| it.with == it.of) else { continue };
            // Where one that has something sometimes testifies to a condition.
            if known().all(|it| it.with == it.of || it.with == 0) {
                let expected =
                    format!("it may be there, and always is in answers of {}", always.operation_id);
                found.extend(
                    known()
                        .filter(|it| it.with == 0 && it.of >= LEAST)
                        .map(|it| self.told(it, "not here", expected.clone())),
                );
            }
        }
    }
}

impl OptionalPropertySeen {
    fn told(&self, place: &OptionalProperty, how: &str, expected: String) -> (String, Observation, Sign) {
        let OptionalProperty { status, location, of, .. } = place;
        let observation = Observation {
            check: self.id(),
            severity: self.severity(),
            location: location.clone(),
            contract: place.contract.clone(),
            rule: format!("{how} {location}"),
            expected,
            observed: format!("absent in {of} of {of}"),
            note: Some(
                "nothing requires it, so it may be there under a condition that is not documented".to_owned(),
            ),
        };
        let sign = Sign::Absent { status: *status, location: location.clone() };
        (place.operation_id.clone(), observation, sign)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Operations, with how many resources they answered with, and how many of those had something.
    type Places<'p> = &'p [(&'p str, u64, u64)];

    /// What is told of so many properties that are sometimes there, and of these: operation, rule, and how many had it.
    fn told(others: u64, name: &str, places: Places<'_>) -> Vec<String> {
        told_of(others, &[(name, places)], false)
    }

    fn told_of(others: u64, own: &[(&str, Places<'_>)], is_sent: bool) -> Vec<String> {
        let property = |contract: &str, (operation_id, of, with): (&str, u64, u64)| OptionalProperty {
            operation_id: operation_id.to_owned(),
            status: 200,
            location: format!("/{}", contract.trim_start_matches("#/")),
            contract: contract.to_owned(),
            of,
            with,
            is_sent,
            is_list: operation_id == "list",
        };
        let mut optional: BTreeMap<String, Vec<OptionalProperty>> = BTreeMap::new();
        for other in 0..others {
            let contract = format!("p{other}");
            optional.insert(contract.clone(), vec![property(&contract, ("read", 40, 20))]);
        }
        for (name, places) in own {
            optional.insert((*name).to_owned(), places.iter().map(|it| property(name, *it)).collect());
        }
        let mut found = Vec::new();
        OptionalPropertySeen.judge_whole(&WholeEvidence { optional }, &mut found);
        found
            .into_iter()
            .map(|(operation, it, _)| format!("{operation} {}: {}", it.rule, it.observed))
            .collect()
    }

    #[test]
    fn accepts_what_is_there_sometimes_and_a_handful_without_it() {
        assert_eq!(told(22, "x", &[("read", 40, 1)]), [""; 0]);
        assert_eq!(told(22, "x", &[("read", 29, 0)]), [""; 0]);
        assert_eq!(told(19, "x", &[("read", 40, 0)]), [""; 0], "too little is known of the endpoint");
    }

    #[test]
    fn rejects_what_is_never_there_and_counts_all_answers() {
        assert_eq!(told(22, "x", &[("read", 40, 0)]), ["read never /x: absent in 40 of 40"]);
        assert_eq!(
            told(22, "x", &[("read", 20, 0), ("list", 25, 0)]),
            ["list never /x: absent in 25 of 25"],
            "once for all that share it"
        );
    }

    #[test]
    fn several_things_that_are_never_there_are_how_the_endpoint_is() {
        let never: Places<'_> = &[("read", 40, 0)];
        assert_eq!(told_of(30, &[("x", never), ("y", never)], false), [""; 0]);
        assert_eq!(told_of(30, &[("x", never), ("#/a/x", never)], false).len(), 2, "it is declared twice");
    }

    #[test]
    fn rejects_what_one_operation_lacks_and_another_one_always_has() {
        assert_eq!(
            told(22, "x", &[("cancel", 40, 0), ("end", 40, 40)]),
            ["cancel not here /x: absent in 40 of 40"]
        );
        assert_eq!(told(22, "x", &[("cancel", 40, 0), ("end", 40, 39)]), [""; 0], "it depends");
        assert_eq!(told(22, "x", &[("cancel", 40, 0), ("end", 9, 9)]), [""; 0]);
        assert_eq!(
            told_of(22, &[("x", &[("read", 40, 0), ("create", 40, 40)])], true),
            [""; 0],
            "it is echoed"
        );
        assert_eq!(told(22, "x", &[("list", 40, 0), ("end", 40, 40)]), [""; 0], "it is about the list");
        assert_eq!(
            told(22, "in/x", &[("cancel", 40, 0), ("end", 40, 40)]),
            [""; 0],
            "it is about another thing"
        );
    }
}
