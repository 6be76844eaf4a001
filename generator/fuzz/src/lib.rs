//! What is fuzzed: everything between a text that somebody sent and the files of a crate.
//!
//! Each target takes bytes and panics when something does not hold that should hold of every input. Inputs are texts
//! of contracts; [`mutate`] makes other contracts of them, part by part, so that most of what is tried is read to the
//! end. `README.md` says how to run them.

mod mutate;
pub mod random;
mod targets;

#[cfg(feature = "libfuzzer")]
#[doc(hidden)]
pub use libfuzzer_sys;
pub use mutate::mutate;
pub use targets::{emit, load, lower, normalise, overlay};

// The same checks as those of the property test.
#[path = "../../tests/hostile_text/checks.rs"]
mod checks;

/// What the checks share with the property test.
mod strings {
    /// A word that no contract here has as it stands: names are checked by the property test.
    pub(crate) const MARK: &str = "zQxMark_Q";
}

/// The program of a target: driven by libFuzzer with that feature, by [`random::run`] without.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(feature = "libfuzzer")]
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::$name(data));

        #[cfg(feature = "libfuzzer")]
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            match $crate::mutate(data.get(..size).unwrap_or_default(), max_size, seed.into()) {
                Some(mutated) => {
                    data[..mutated.len()].copy_from_slice(&mutated);
                    mutated.len()
                }
                None => $crate::libfuzzer_sys::fuzzer_mutate(data, size, max_size),
            }
        });

        #[cfg(not(feature = "libfuzzer"))]
        fn main() -> ::std::process::ExitCode {
            $crate::random::run($crate::$name)
        }
    };
}
