//! Seeded choices and the synthetic people, employers and addresses made from them. The generator is
//! SplitMix64: a few lines whose sequence never changes with a dependency's version, which is what makes a
//! seed mean the same world for ever. No value here can belong to a person: names are invented, numbers
//! come from ranges that are never issued.

/// A reproducible sequence of choices.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number from 0 to `bound - 1`, or 0 when there is no such number.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// One of `choices`, or the empty string when there is none.
    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices.get(at).copied().unwrap_or("")
    }

    pub(crate) fn first_name(&mut self) -> &'static str {
        self.pick(&[
            "Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper", "Indigo", "Jules",
        ])
    }

    pub(crate) fn last_name(&mut self) -> &'static str {
        self.pick(&[
            "Testwell",
            "Sampleton",
            "Mockford",
            "Exampler",
            "Placehold",
            "Fictus",
            "Specimen",
            "Dummont",
        ])
    }

    pub(crate) fn company(&mut self) -> String {
        let first =
            self.pick(&["Quarry", "Lantern", "Meadow", "Harbor", "Copper", "Juniper", "Granite", "Willow"]);
        let second =
            self.pick(&["Works", "Supply", "Bakery", "Studio", "Freight", "Robotics", "Press", "Orchards"]);
        format!("{first} {second} (example)")
    }

    /// A Social Security number from the 9xx area, which is never issued as one.
    pub(crate) fn ssn(&mut self) -> String {
        // Group numbers of 70 and above are used for ITINs; 00 to 49 are used for neither.
        format!("9{:02}{:02}{:04}", self.below(100), self.below(50), 1 + self.below(9998))
    }

    /// A telephone number from the block kept for fiction, 555-0100 to 555-0199.
    pub(crate) fn phone(&mut self) -> String {
        format!("20255501{:02}", self.below(100))
    }

    /// Nine digits in the form of an employer number with a prefix that is not assigned.
    pub(crate) fn fein(&mut self) -> String {
        format!("00{:07}", self.below(10_000_000))
    }
}

/// Scatters the bits of a number; the same number gives the same bits.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Scatters the bytes of a text into a number; the same text gives the same number.
pub(crate) fn mix_text(text: &str) -> u64 {
    text.bytes().fold(0, |mixed, byte| mix(mixed ^ u64::from(byte)))
}
