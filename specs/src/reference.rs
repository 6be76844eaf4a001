//! References (`$ref`): following them, finding those that lead nowhere, and bringing neighbouring files in.
//!
//! After [`bundle`] every reference that can be is into the document itself; [`broken`] finds those that lead to
//! nothing. Cycles through properties or items are as good as any other reference. A cycle of references alone has
//! no value at all.

mod bundle;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

pub(crate) use bundle::bundle;

use crate::error::{Fault, Place};
use crate::grammar::{self, Kind, Site};
use crate::pointer;

/// The longest chain of references that is followed.
pub(crate) const MAX_CHAIN: usize = 100;

/// How many references to references are followed in all.
const MAX_HOPS: usize = 1_000_000;

/// For how many references that lead nowhere what was meant is looked for.
const MAX_GUESSES: usize = 100;

/// Follows `$ref`s from a pointer to the value that is none: its canonical pointer and itself.
///
/// `None` when a reference leads nowhere or in a circle.
pub(crate) fn resolve<'v>(document: &'v Value, pointer: &str) -> Option<(String, &'v Value)> {
    let mut tokens = pointer::tokens(pointer)?;
    for _ in 0..MAX_CHAIN {
        let value = pointer::lookup(document, &tokens)?;
        match target_of(value) {
            Some(target) => tokens = pointer::tokens(target)?,
            None => return Some((pointer::from_tokens(&tokens), value)),
        }
    }
    None
}

/// The target of a Reference Object.
fn target_of(value: &Value) -> Option<&str> {
    value.as_object()?.get("$ref")?.as_str()
}

/// A reference that leads to nothing.
pub(crate) struct BrokenReference {
    /// The pointer of the object that refers.
    pub(crate) pointer: String,
    /// What should be there.
    pub(crate) kind: Kind,
    /// What is wrong, without a place.
    pub(crate) fault: Fault,
}

/// Finds the references that lead nowhere or in a circle. `unread` says why what is outside the document could not
/// be brought in.
pub(crate) fn broken(document: &Value, unread: &HashMap<String, Fault>) -> Vec<BrokenReference> {
    let mut sound = HashSet::new();
    let mut found: Vec<BrokenReference> = Vec::new();
    let mut hops = MAX_HOPS;
    grammar::walk(document, &mut |pointer, site| {
        if let Some(target) = site.reference()
            && !sound.contains(target)
        {
            let fault = match unread.get(target) {
                Some(fault) => Fault { place: Place::default(), ..fault.clone() },
                None => match follow(document, pointer, target, site.kind, &mut hops) {
                    Ok(()) => {
                        sound.insert(target);
                        return;
                    }
                    // Looking for what was meant takes time that grows with the document.
                    Err(broken) => broken.fault(document, site, target, found.len() < MAX_GUESSES),
                },
            };
            found.push(BrokenReference { pointer: pointer.to_owned(), kind: site.kind, fault });
        }
    });
    found
}

/// What is wrong with a reference.
enum Broken {
    Dangling(String),
    /// The target cannot be what refers to it needs.
    Other(String),
    Cycle(Vec<String>),
    /// The chain is longer than any that is followed.
    Long,
}

fn follow(document: &Value, start: &str, target: &str, kind: Kind, hops: &mut usize) -> Result<(), Broken> {
    let mut chain = vec![start.to_owned()];
    let mut target = target;
    loop {
        let Some(tokens) = pointer::tokens(target) else {
            return Err(Broken::Dangling(target.to_owned()));
        };
        let here = pointer::from_tokens(&tokens);
        if chain.contains(&here) {
            chain.push(here);
            return Err(Broken::Cycle(chain));
        }
        let value = pointer::lookup(document, &tokens).ok_or_else(|| Broken::Dangling(target.to_owned()))?;
        chain.push(here);
        match target_of(value) {
            // A chain this long is as bad as a circle.
            Some(_) if chain.len() > MAX_CHAIN || *hops == 0 => return Err(Broken::Long),
            Some(next) => {
                *hops -= 1;
                target = next;
            }
            None if kind.admits(value) => return Ok(()),
            None => return Err(Broken::Other(target.to_owned())),
        }
    }
}

impl Broken {
    fn fault(self, document: &Value, site: Site<'_>, written: &str, guess: bool) -> Fault {
        match self {
            Self::Cycle(chain) => Fault::new(format!("references lead in a circle: {}", chain.join(" -> ")))
                .advise("define the value at one of these places"),
            Self::Long => Fault::new("references lead from one to the next for too long")
                .expecting(format!("at most {MAX_CHAIN} in a row"))
                .advise("refer to the value itself"),
            Self::Other(target) => Fault::new(format!("the reference {target:?} leads to something else"))
                .expecting(format!("a {} there", site.kind.name()))
                .advise("correct the reference"),
            Self::Dangling(target) => {
                let through =
                    if target == written { String::new() } else { format!(" (through {written:?})") };
                let meant = if guess { elsewhere(document, &target, site.kind) } else { None };
                let advice = match meant {
                    Some(found) => format!("did you mean {found:?}?"),
                    None => "define it, or correct the reference".to_owned(),
                };
                Fault::new(format!("the reference {target:?}{through} leads nowhere"))
                    .expecting(format!("a {} there", site.kind.name()))
                    .advise(advice)
            }
        }
    }
}

/// Looks for a component that the reference may have meant: the same name in other letters or another section.
fn elsewhere(document: &Value, target: &str, kind: Kind) -> Option<String> {
    let name = pointer::last_token(target)?;
    let components = document.get("components")?.as_object()?;
    let wanted = kind.component();
    let mut sections: Vec<_> = components.iter().collect();
    sections.sort_by_key(|(section, _)| Some(section.as_str()) != wanted);
    sections.into_iter().find_map(|(section, members)| {
        let found = members.as_object()?.keys().find(|key| key.eq_ignore_ascii_case(&name))?;
        Some(pointer::from_tokens(["components", section, found]))
    })
}
