//! Which mutants are run when not all of them are.

use std::collections::BTreeMap;

use driftline_sandbox::Mutant;

/// Takes so many mutants: one of each class after the other, and within a class one of each mode and API after the other,
/// so that rare ones are not crowded out by those with a place in every property. The same seed takes the same ones, and a
/// contract that grows leaves most of them.
pub(super) fn spread(mutants: Vec<Mutant>, count: usize, seed: u64) -> Vec<Mutant> {
    let mut classes: BTreeMap<&str, BTreeMap<String, Vec<Mutant>>> = BTreeMap::new();
    for mutant in mutants {
        let group = format!("{}/{}/{}", mutant.mode.kind(), mutant.api, mutant.is_of_a_refusal());
        classes.entry(mutant.class().as_str()).or_default().entry(group).or_default().push(mutant);
    }
    let mut queues: Vec<_> =
        classes.into_iter().map(|(class, groups)| (class, in_turn(class, groups, seed))).collect();
    queues.sort_by_key(|(class, _)| lot(class, seed));
    in_turns(queues.into_iter().map(|(_, queue)| queue).collect()).take(count).collect()
}

/// The mutants of a class, one of each group after the other.
fn in_turn(class: &str, groups: BTreeMap<String, Vec<Mutant>>, seed: u64) -> Vec<Mutant> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(name, _)| lot(&format!("{class}/{name}"), seed));
    for (_, group) in &mut groups {
        group.sort_by_key(|mutant| lot(&mutant.id(), seed));
    }
    in_turns(groups.into_iter().map(|(_, group)| group).collect()).collect()
}

/// The first of each, then the second of each, and so on.
fn in_turns(groups: Vec<Vec<Mutant>>) -> impl Iterator<Item = Mutant> {
    let longest = groups.iter().map(Vec::len).max().unwrap_or_default();
    let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
    (0..longest).flat_map(move |_| groups.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>())
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

    use driftline_sandbox::{Mutant, MutantClass, mutants};
    use driftline_specs::Api;

    use super::spread;

    fn all() -> Vec<Mutant> {
        let specs = crate::workspace::specs();
        let of_api = |name: &str| {
            let api = Api::load(&specs, name).unwrap();
            mutants(name, &api.contract, api.lifecycle.as_ref())
        };
        driftline_sandbox::apis().into_iter().flat_map(of_api).collect()
    }

    fn ids(count: usize, seed: u64) -> Vec<String> {
        spread(all(), count, seed).iter().map(Mutant::id).collect()
    }

    #[test]
    fn a_sample_has_every_class_then_every_mode_of_it_and_depends_on_its_seed_alone() {
        let classes = |mutants: &[Mutant]| mutants.iter().map(Mutant::class).collect::<BTreeSet<_>>();
        let every: BTreeSet<MutantClass> = MutantClass::ALL.into_iter().collect();
        assert_eq!(classes(&all()), every);
        assert_eq!(classes(&spread(all(), every.len(), 1)), every);
        let groups = |mutants: &[Mutant]| {
            let group = |it: &Mutant| (it.class(), it.mode.kind(), it.api.clone());
            mutants.iter().map(group).collect::<BTreeSet<_>>()
        };
        // A class has three modes of three APIs, each of them perhaps of successes and of refusals.
        assert_eq!(groups(&spread(all(), every.len() * 18, 1)), groups(&all()));
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
