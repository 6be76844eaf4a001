//! Reads any text as a contract.
#![cfg_attr(feature = "libfuzzer", no_main)]

driftline_fuzz::target!(load);
