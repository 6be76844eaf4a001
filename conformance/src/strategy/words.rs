//! Splits property names into words, so that a name can tell what a value means.

/// Returns the lower-case words of a name in any of the usual spellings: `dateOfBirth`, `date_of_birth`,
/// `Date-Of-Birth`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            previous_lower = false;
            continue;
        }
        if character.is_uppercase() && previous_lower {
            words.push(std::mem::take(&mut word));
        }
        previous_lower = character.is_lowercase() || character.is_ascii_digit();
        word.extend(character.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_spelling_gives_the_same_words() {
        for name in ["dateOfBirth", "date_of_birth", "Date-Of-Birth", "date of birth"] {
            assert_eq!(words(name), ["date", "of", "birth"], "{name}");
        }
        assert_eq!(words("street_address_1"), ["street", "address", "1"]);
        assert_eq!(words("SSN"), ["ssn"]);
    }
}
