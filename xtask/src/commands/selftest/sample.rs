//! Which mutants are run when not all of them are.

use std::collections::BTreeMap;

use driftline_sandbox::Mutant;

/// Takes so many mutants: one of each API and class after the other, so that rare classes are not crowded out by those
/// with a place in every property. The same seed takes the same ones, and a contract that grows leaves most of them.
pub(super) fn spread(mutants: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    let mut groups: BTreeMap<(String, &str), Vec<(u64, Mutant)>> = BTreeMap::new();
    for mutant in mutants {
        let key = (mutant.api.clone(), mutant.class().as_str());
        groups.entry(key).or_default().push((lot(&mutant.id(), seed), mutant));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((api, class), _)| lot(&format!("{api}/{class}"), seed));
    for (_, group) in &mut groups {
        // The last one is taken first.
        group.sort_by_key(|(lot, _)| std::cmp::Reverse(*lot));
    }
    let mut taken = Vec::new();
    while taken.len() < count && groups.iter().any(|(_, group)| !group.is_empty()) {
        let round = groups.iter_mut().filter_map(|(_, group)| group.pop()).map(|(_, mutant)| mutant);
        taken.extend(round.take(count - taken.len()));
    }
    taken
}

/// A number that a name draws under a seed: FNV-1a, which stays the same from release to release.
fn lot(name: &str, seed: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The last bytes of similar names reach the upper bits only here.
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use driftline_sandbox::{Mutant, mutants};
    use driftline_specs::Api;

    use super::spread;

    fn all() -> Vec<Mutant> {
        let specs = crate::workspace::specs();
        let apis = driftline_sandbox::apis().into_iter();
        apis.flat_map(|name| mutants(name, &Api::load(&specs, name).unwrap().contract)).collect()
    }

    fn ids(count: usize, seed: u64) -> Vec<String> {
        spread(all(), count, seed).iter().map(Mutant::id).collect()
    }

    #[test]
    fn a_sample_has_every_class_of_every_api_and_depends_on_its_seed_alone() {
        let groups = |mutants: &[Mutant]| {
            mutants.iter().map(|it| (it.api.clone(), it.class())).collect::<BTreeSet<_>>()
        };
        let everything = groups(&all());
        assert_eq!(groups(&spread(all(), everything.len(), 1)), everything);
        assert_eq!(ids(40, 1), ids(40, 1));
        assert_ne!(ids(40, 1), ids(40, 2));
        assert_eq!(ids(40, 1)[..12], ids(12, 1));
    }

    #[test]
    fn a_sample_of_more_than_there_are_is_all_of_them_once() {
        let taken: BTreeSet<String> = ids(usize::MAX, 3).into_iter().collect();
        assert_eq!(taken, all().iter().map(Mutant::id).collect());
    }
}
