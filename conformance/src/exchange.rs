//! One request with its answer, and why it was sent; and several that say something together.

use std::sync::Arc;

use driftline_specs::Method;
use serde_json::Value;

use crate::flaw::Flaw;
use crate::request::Request;
use crate::selection::Selection;
use crate::sequence::Sequence;
use crate::target::Answer;
use crate::variation::Variation;

/// Why a request was sent; it decides which checks may speak.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// A request that the contract allows.
    Valid,
    /// A request that creates what another one needs; as valid as any.
    SetUp,
    /// A request that a workflow prescribes although the contract does not allow it, or whose refusal it asks for.
    Scripted,
    /// A valid request but for its credential, which is missing.
    WithoutCredential,
    /// A valid request but for its credential, which is wrong.
    WrongCredential,
    /// A valid request but for its credential, which is there and has no content.
    EmptyCredential,
    /// A valid request whose credential has small letters for capital ones, and the other way around.
    OtherCase,
    /// A valid request whose credential, though the right one, goes by another scheme.
    OtherScheme,
    /// A valid request whose credential, though the right one, is in another place.
    OtherPlace,
    /// A request with a method that the contract does not document for the path.
    OtherMethod(Method),
    /// A valid request but for one constraint, which it breaks at one place.
    NearMiss(Arc<Flaw>),
}

impl Intent {
    /// Whether the request carries our own credential.
    #[must_use]
    pub fn is_authorised(&self) -> bool {
        matches!(
            self,
            Intent::Valid | Intent::SetUp | Intent::Scripted | Intent::NearMiss(_) | Intent::OtherMethod(_)
        )
    }

    /// Returns the method that the contract does not document, where that is what it is about.
    #[must_use]
    pub fn other_method(&self) -> Option<Method> {
        match self {
            Intent::OtherMethod(method) => Some(*method),
            _ => None,
        }
    }

    /// Whether the contract allows the request, so that a success is what it is sent for.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self, Intent::Valid | Intent::SetUp)
    }

    /// Returns what is wrong with the request, where it is a near miss.
    #[must_use]
    pub fn flaw(&self) -> Option<&Flaw> {
        match self {
            Intent::NearMiss(flaw) => Some(flaw),
            _ => None,
        }
    }
}

/// One request with its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Why it was sent.
    pub intent: Intent,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub answer: Answer,
}

/// Several exchanges that say something together, in the order in which they were sent.
#[derive(Debug, Clone)]
pub struct Series {
    /// What they are.
    pub kind: SeriesKind,
    /// The exchanges; each request names its operation. All were answered with a success, but for what a resource may
    /// refuse in its state, for variations and for sequences.
    pub exchanges: Vec<Exchange>,
    /// How it ended.
    pub ending: Ending,
    /// Which operation it is about.
    pub trial: Trial,
}

/// Which operation of a series is judged; the other one testifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// That of the first exchange.
    First,
    /// That of the last one.
    Last,
}

/// What exchanges of a series are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesKind {
    /// One request that changes nothing, twice.
    Again,
    /// Something is written, then read by another operation.
    WriteThenRead {
        /// The operation that reads.
        reader: String,
    },
    /// Something is written and read, then written otherwise and read again.
    Rewrite {
        /// The operation that reads.
        reader: String,
        /// The values of the second request.
        then: Value,
    },
    /// Two things are created, which are not the same.
    CreateTwice {
        /// The values of the second request.
        then: Value,
    },
    /// A request without a parameter, with its default, and, where the answers differ, without it again.
    Default {
        /// The query parameter.
        parameter: String,
    },
    /// A list, then one of its items by another operation.
    ListThenRead {
        /// The operation that reads.
        reader: String,
        /// How many items say more than this one.
        rank: usize,
    },
    /// Something is created, then looked for in a list, page by page.
    CreateThenList {
        /// The operation that lists.
        list: String,
    },
    /// A list: first the largest page, then page by page from the start.
    Walk {
        /// The size of a page that is asked for.
        size: u64,
    },
    /// A list: first the largest page, then with filters whose values an item of that page has, then without them again.
    Filter {
        /// Query parameters, each with what it selects by.
        parameters: Vec<Selection>,
    },
    /// A list whose items do not say what a filter is about: first the largest page, then items of it by another operation,
    /// the list with a value that one of them was read with, and the same items and the same page again.
    FilterThenRead {
        /// The query parameter, with what it selects by in what is read.
        selection: Selection,
        /// What else is asked for, by what the items of the list say.
        beside: Vec<Selection>,
        /// The operation that reads.
        reader: String,
        /// What the items that are read are known by.
        items: Vec<String>,
    },
    /// A list that is asked for in an order.
    Order {
        /// The query parameter that names the property.
        parameter: String,
        /// What it names.
        property: String,
        /// Whether the greatest comes first, where that is asked for.
        descends: Option<bool>,
    },
    /// What the contract allows and the endpoint refuses as a bad request, in all its surroundings; then the request that
    /// it differs from in this one thing, which is accepted.
    Variation(Arc<Variation>),
    /// One request, again and again until it is refused as a bad one, and once more then.
    Retry,
    /// A resource is read, asked to go to another state, and read again.
    Transition {
        /// The operation that reads.
        reader: String,
        /// JSON Pointer of the state in what it answers.
        state: String,
        /// The state that the resource is in.
        from: String,
        /// The states that the operation leads to from there; none where it is forbidden.
        to: Vec<String>,
        /// Whether the resource may leave that state by itself.
        passes: bool,
        /// The states that those may have led to by themselves meanwhile.
        later: Vec<String>,
    },
    /// What there is, a request that breaks a constraint and is refused, and what there is then: the resource that was to be
    /// changed, or the list that something was to be added to.
    Refused {
        /// The operation that reads, or lists.
        shows: String,
        /// Where a resource that is read changes by nothing but requests; none where that is not known.
        rests: Option<Rests>,
    },
    /// An operation that a credential is accepted by, one that refuses it, and the first one again.
    Admitted {
        /// The operation that accepts it.
        beside: String,
    },
    /// Something is read, another operation at its path says that it does not exist, and it is read again.
    Missed {
        /// The operation that reads.
        reader: String,
    },
    /// Two things are created and read, then something is done to one of them, step by step, and both are read after
    /// each step. What the last step shows is what it is about.
    Sequence(Arc<Sequence>),
}

impl SeriesKind {
    /// Whether what is asked is the point of it, so that a simpler request would be another series.
    #[must_use]
    pub fn depends_on_its_request(&self) -> bool {
        !matches!(
            self,
            SeriesKind::Again
                | SeriesKind::WriteThenRead { .. }
                | SeriesKind::ListThenRead { .. }
                | SeriesKind::CreateThenList { .. }
                | SeriesKind::Transition { .. }
        )
    }

    /// The index of the exchange in which a list is asked for some of its items.
    #[must_use]
    pub fn filtered(&self) -> Option<usize> {
        match self {
            SeriesKind::Filter { .. } => Some(1),
            SeriesKind::FilterThenRead { items, .. } => Some(1 + items.len()),
            _ => None,
        }
    }

    /// What the items of a list are asked for by, as far as they say it themselves.
    #[must_use]
    pub fn selections(&self) -> &[Selection] {
        match self {
            SeriesKind::Filter { parameters } => parameters,
            SeriesKind::FilterThenRead { beside, .. } => beside,
            _ => &[],
        }
    }
}

/// When a resource changes by nothing but requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rests {
    /// JSON Pointer of the state in what is read.
    pub state: String,
    /// The states that are not left by themselves.
    pub states: Vec<String>,
}

impl Rests {
    /// Whether a resource that was read is in such a state.
    #[must_use]
    pub fn is_so(&self, read: &Value) -> bool {
        let state = read.pointer(&self.state).and_then(Value::as_str);
        state.is_some_and(|state| self.states.iter().any(|it| it == state))
    }
}

/// How a series ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Done,
    /// A list led back to a page that was there before.
    Repeated,
    /// A list has more pages than are looked at, or than can be asked for.
    TooLong,
    /// The next page is on another host, where nothing is asked for.
    Elsewhere,
}

/// The index of the item that says most but for so many others: of those with the most properties that are not null. Where
/// there are not so many, the one that says most.
pub(crate) fn telling(items: &[Value], rank: usize) -> usize {
    let said = |item: &Value| {
        item.as_object().map_or(0, |members| members.values().filter(|value| !value.is_null()).count())
    };
    // The first of equals, so that both who send and who judge take the same.
    let mut ranked: Vec<usize> = (0..items.len()).collect();
    ranked.sort_by_key(|at| std::cmp::Reverse(items.get(*at).map_or(0, said)));
    ranked.get(rank).or_else(|| ranked.first()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::telling;

    #[test]
    fn items_are_ranked_by_how_much_they_say_and_the_first_of_equals_comes_first() {
        let items = [json!({ "a": null }), json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), json!({ "b": 1 })];
        assert_eq!([0, 1, 2, 3, 4].map(|rank| telling(&items, rank)), [2, 1, 3, 0, 2]);
        assert_eq!(telling(&[], 1), 0);
    }
}
