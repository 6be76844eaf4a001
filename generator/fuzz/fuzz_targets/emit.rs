//! Writes crates.
#![cfg_attr(feature = "libfuzzer", no_main)]

driftline_fuzz::target!(emit);
