//! What a JSONPath query can cost at most, said before it is asked.
//!
//! The library that answers queries has no bound of its own, and a short query can ask for more than fits into the
//! memory: `$..*..*..*` names each value once for every chain of values around it, and `$['a','a']['a','a']` doubles
//! with every step.

use serde_json::Value;

/// How many values one query may look at.
pub(super) const MAX_VISITS: usize = 50_000_000;

/// Whether a query, as it is written, may look at more than [`MAX_VISITS`] values of a document.
pub(super) fn is_excessive(query: &str, document: &Value) -> bool {
    let asks = Asks::of(query);
    if asks.selectors > MAX_VISITS {
        return true;
    }
    if !asks.spreads {
        return false;
    }
    let (values, depth) = extent(document);
    // Every `..` behind the first names a value once for each value around it; a query of the whole document in a
    // filter is asked for each value; what is compared is looked at whole.
    let deep = asks.descendants.saturating_sub(1) + usize::from(asks.comparisons > 0);
    let factors = std::iter::repeat_n(depth, deep).chain(std::iter::repeat_n(values, asks.absolute));
    factors.fold(asks.selectors.saturating_mul(values), usize::saturating_mul) > MAX_VISITS
}

/// What makes a query expensive.
#[derive(Debug)]
struct Asks {
    /// Over all steps, the product of how many selectors each has.
    selectors: usize,
    /// Whether some step can select more values than it names.
    spreads: bool,
    /// How many steps look at all that is inside.
    descendants: usize,
    /// How many queries inside of filters start from the whole document.
    absolute: usize,
    /// How many comparisons filters make.
    comparisons: usize,
}

impl Asks {
    /// Reads a query that is known to be valid.
    fn of(query: &str) -> Self {
        let mut asks = Self { selectors: 1, spreads: false, descendants: 0, absolute: 0, comparisons: 0 };
        // The commas of each bracket and parenthesis that is open.
        let mut open: Vec<(char, usize)> = Vec::new();
        let mut filters = 0_usize;
        let mut quoted: Option<char> = None;
        let mut before = ' ';
        for character in query.chars() {
            if let Some(quote) = quoted {
                if character == quote && before != '\\' {
                    quoted = None;
                }
                before = if before == '\\' { ' ' } else { character };
                continue;
            }
            match character {
                '\'' | '"' => quoted = Some(character),
                '[' | '(' => open.push((character, 0)),
                ',' => open.iter_mut().next_back().into_iter().for_each(|(_, commas)| *commas += 1),
                ']' | ')' => {
                    if let Some(('[', commas)) = open.pop() {
                        asks.selectors = asks.selectors.saturating_mul(commas + 1);
                    }
                }
                '?' => {
                    filters += 1;
                    asks.spreads = true;
                }
                '$' => asks.absolute += usize::from(filters > 0),
                '*' | ':' => asks.spreads = true,
                '.' if before == '.' => {
                    asks.descendants += 1;
                    asks.spreads = true;
                }
                '=' | '<' | '>' => asks.comparisons += 1,
                _ => {}
            }
            before = character;
        }
        asks
    }
}

/// How many values a value has in it, itself included, and how deep it is.
fn extent(value: &Value) -> (usize, usize) {
    let inner = |(values, depth): (usize, usize), value: &Value| {
        let (more, deeper) = extent(value);
        (values + more, depth.max(deeper))
    };
    let (values, depth) = match value {
        Value::Array(items) => items.iter().fold((0, 0), inner),
        Value::Object(members) => members.values().fold((0, 0), inner),
        _ => (0, 0),
    };
    (values + 1, depth + 1)
}
