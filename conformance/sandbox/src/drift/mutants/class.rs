//! The classes in which mutants are counted: each is one thing that can be done to an API.

use std::fmt;
use std::str::FromStr;

/// Mutants that do the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantClass {
    /// A required property is left out.
    Dropped,
    /// A property that the contract does not require is left out, which the contract allows.
    DroppedOptional,
    /// A value has another JSON type.
    Retyped,
    /// A value is put into an array.
    Arrayed,
    /// A value that may not be `null` is `null`.
    Nulled,
    /// A property has another name.
    Renamed,
    /// An enum has a value that the contract does not list.
    EnumExtended,
    /// An answer has a status that the contract does not document.
    Status,
    /// JSON calls itself `text/plain`.
    ContentType,
    /// The credential is not asked for.
    Authorisation,
    /// A constraint of requests is not enforced any more.
    Loosened,
    /// A request that the contract allows is refused, as breaking a constraint that the contract does not state.
    Tightened,
    /// A transition happens in a state that forbids it.
    TransitionAllowed,
    /// A transition is refused in a state that allows it.
    TransitionRefused,
    /// A transition succeeds and leaves the state as it was.
    TransitionLost,
    /// A transition succeeds and leads to another state.
    TransitionAstray,
    /// A transition is refused and changes the state.
    RefusalActs,
    /// A filter is ignored.
    FilterIgnored,
    /// A filter loses an item that has what is asked for.
    FilterLoses,
    /// A filter gives what it should leave out, and nothing else.
    FilterInverted,
    /// The size of a page that is asked for is ignored.
    LimitIgnored,
    /// Each page begins with the last item of the page before.
    PagesOverlap,
    /// Each page but the first lacks its first item.
    PagesGap,
    /// Every page is the first one.
    PagesEndless,
    /// The last page lacks its last item.
    LastPageCut,
    /// The total is the number of items on the page.
    TotalOfPage,
    /// The total is one more than there are.
    TotalOff,
}

impl MutantClass {
    /// Every class, in the order of reports.
    pub const ALL: [MutantClass; 27] = [
        MutantClass::Dropped,
        MutantClass::DroppedOptional,
        MutantClass::Retyped,
        MutantClass::Arrayed,
        MutantClass::Nulled,
        MutantClass::Renamed,
        MutantClass::EnumExtended,
        MutantClass::Status,
        MutantClass::ContentType,
        MutantClass::Authorisation,
        MutantClass::Loosened,
        MutantClass::Tightened,
        MutantClass::TransitionAllowed,
        MutantClass::TransitionRefused,
        MutantClass::TransitionLost,
        MutantClass::TransitionAstray,
        MutantClass::RefusalActs,
        MutantClass::FilterIgnored,
        MutantClass::FilterLoses,
        MutantClass::FilterInverted,
        MutantClass::LimitIgnored,
        MutantClass::PagesOverlap,
        MutantClass::PagesGap,
        MutantClass::PagesEndless,
        MutantClass::LastPageCut,
        MutantClass::TotalOfPage,
        MutantClass::TotalOff,
    ];

    /// The class as IDs and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            MutantClass::Dropped => "dropped",
            MutantClass::DroppedOptional => "dropped-optional",
            MutantClass::Retyped => "retyped",
            MutantClass::Arrayed => "arrayed",
            MutantClass::Nulled => "nulled",
            MutantClass::Renamed => "renamed",
            MutantClass::EnumExtended => "enum-extended",
            MutantClass::Status => "status",
            MutantClass::ContentType => "content-type",
            MutantClass::Authorisation => "authorisation",
            MutantClass::Loosened => "loosened",
            MutantClass::Tightened => "tightened",
            MutantClass::TransitionAllowed => "transition-allowed",
            MutantClass::TransitionRefused => "transition-refused",
            MutantClass::TransitionLost => "transition-lost",
            MutantClass::TransitionAstray => "transition-astray",
            MutantClass::RefusalActs => "refusal-acts",
            MutantClass::FilterIgnored => "filter-ignored",
            MutantClass::FilterLoses => "filter-loses",
            MutantClass::FilterInverted => "filter-inverted",
            MutantClass::LimitIgnored => "limit-ignored",
            MutantClass::PagesOverlap => "pages-overlap",
            MutantClass::PagesGap => "pages-gap",
            MutantClass::PagesEndless => "pages-endless",
            MutantClass::LastPageCut => "last-page-cut",
            MutantClass::TotalOfPage => "total-of-page",
            MutantClass::TotalOff => "total-off",
        }
    }

    /// Whether the contract rules out what these mutants do.
    ///
    /// Leaving out what is not required is allowed in each answer, so only several answers together can tell that it
    /// happens always.
    pub fn breaks_contract(self) -> bool {
        self != MutantClass::DroppedOptional
    }
}

impl fmt::Display for MutantClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for MutantClass {
    type Err = String;

    fn from_str(text: &str) -> Result<MutantClass, String> {
        MutantClass::ALL.into_iter().find(|class| class.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = MutantClass::ALL.into_iter().map(MutantClass::as_str).collect();
            format!("the classes are {}", known.join(", "))
        })
    }
}
