//! Applies any text as an overlay.
#![cfg_attr(feature = "libfuzzer", no_main)]

driftline_fuzz::target!(overlay);
