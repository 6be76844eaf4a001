//! Brings contracts into the one form.
#![cfg_attr(feature = "libfuzzer", no_main)]

driftline_fuzz::target!(normalise);
