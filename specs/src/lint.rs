//! Lints: contradictions inside a contract that bite its clients.
//!
//! A rule is a file here, named for its id, with what it looks for and why that matters. [`rules`] is the registry,
//! and the table of rules is printed from it. `survey` looks over the contract once for all rules, `reach` follows
//! what travels which way, `prose` reads what descriptions say. Rules see nothing but the contract: they compare
//! what it says in one place with what it says in another, send nothing, and always give the same answer.
//!
//! Reading prose is guessing. A rule that does so speaks only when the words leave little room, and stays silent
//! otherwise.

mod ambiguous_union;
mod constraint_only_in_prose;
mod default_contradicts_prose;
mod default_violates_schema;
mod duplicate_operation_id;
mod duplicate_parameter;
mod enum_contradicts_prose;
mod enum_value_violates_schema;
mod error_body_differs;
mod error_without_body;
mod example_violates_schema;
mod format_contradicts_prose;
mod format_on_wrong_type;
mod invalid_pattern;
mod length_contradicts_prose;
mod mended_fault;
mod no_client_error;
mod no_unauthorized;
mod null_default;
mod nullable_contradicts_prose;
mod nullable_enum_without_null;
mod operation_without_id;
mod page_size_without_limit;
mod property_type_differs;
mod prose;
mod range_contradicts_prose;
mod reach;
mod read_only_in_request;
mod refused_operation;
mod required_contradicts_prose;
mod required_not_declared;
mod survey;
mod undeclared_tag;
mod undefined_security;
mod unknown_name_in_prose;
mod unreachable_component;
mod unsatisfiable_schema;
mod unused_security_scheme;

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use crate::Contract;
use crate::error::Position;
use survey::{Finding, Survey};

/// How many lints one rule gives; a contract that breaks a rule more often than that needs no longer list.
const MAX_LINTS: usize = 10_000;

/// How much a lint matters to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The contract leaves something open that a client has to guess.
    Hint,
    /// Two statements differ, so that one of them is wrong; a client that believes the wrong one fails.
    Warning,
    /// No client can keep to the contract here, whatever the endpoint does.
    Error,
}

impl Severity {
    /// The word for it: `error`, `warning` or `hint`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// One place in a contract that a rule objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lint {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's severity.
    pub severity: Severity,
    /// The place in the contract.
    pub pointer: String,
    /// What is wrong there: a lower-case fragment.
    pub message: String,
    /// Where that is written, when it is known.
    pub position: Option<Position>,
}

/// Something that a sound contract does not have.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The rule's name, which does not change.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What the rule objects to.
    pub what: &'static str,
    /// What it does to a client.
    pub why: &'static str,
    find: fn(&Survey<'_>) -> Vec<Finding>,
}

impl Rule {
    /// Returns what the rule finds in a contract, in the order of the contract's text.
    pub fn check(&self, contract: &Contract) -> Vec<Lint> {
        self.lints(&Survey::new(contract))
    }

    fn lints(&self, survey: &Survey<'_>) -> Vec<Lint> {
        let mut seen = HashSet::new();
        let mut lints: Vec<Lint> = (self.find)(survey)
            .into_iter()
            // Two operations may share the part that is at fault.
            .filter(|finding| seen.insert((finding.pointer.clone(), finding.message.clone())))
            .take(MAX_LINTS)
            .map(|finding| Lint {
                rule: self.id,
                severity: self.severity,
                position: finding.position.or_else(|| survey.contract.position(&finding.pointer)),
                pointer: finding.pointer,
                message: finding.message,
            })
            .collect();
        lints.sort_by(|one, other| one.position.cmp(&other.position));
        lints
    }
}

/// Every rule, in the order of their ids.
pub fn rules() -> &'static [Rule] {
    const RULES: &[Rule] = &[
        ambiguous_union::RULE,
        constraint_only_in_prose::RULE,
        default_contradicts_prose::RULE,
        default_violates_schema::RULE,
        duplicate_operation_id::RULE,
        duplicate_parameter::RULE,
        enum_contradicts_prose::RULE,
        enum_value_violates_schema::RULE,
        error_body_differs::RULE,
        error_without_body::RULE,
        example_violates_schema::RULE,
        format_contradicts_prose::RULE,
        format_on_wrong_type::RULE,
        invalid_pattern::RULE,
        length_contradicts_prose::RULE,
        mended_fault::RULE,
        no_client_error::RULE,
        no_unauthorized::RULE,
        null_default::RULE,
        nullable_contradicts_prose::RULE,
        nullable_enum_without_null::RULE,
        operation_without_id::RULE,
        page_size_without_limit::RULE,
        property_type_differs::RULE,
        range_contradicts_prose::RULE,
        read_only_in_request::RULE,
        refused_operation::RULE,
        required_contradicts_prose::RULE,
        required_not_declared::RULE,
        undeclared_tag::RULE,
        undefined_security::RULE,
        unknown_name_in_prose::RULE,
        unreachable_component::RULE,
        unsatisfiable_schema::RULE,
        unused_security_scheme::RULE,
    ];
    RULES
}

/// Returns what all rules find in a contract: errors first, then by rule, then in the order of the text.
pub fn check(contract: &Contract) -> Vec<Lint> {
    let survey = Survey::new(contract);
    let mut lints: Vec<Lint> = rules().iter().flat_map(|rule| rule.lints(&survey)).collect();
    lints.sort_by_key(|lint| std::cmp::Reverse(lint.severity));
    lints
}

/// Returns the page that describes the rules, in Markdown.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Lint rules\n\n\
         `cargo xtask lint` looks for contradictions inside a contract, and for what a contract leaves open. Nothing is\n\
         sent. This page is printed from the rules: `cargo xtask lint --rules`.\n\n\
         | severity | means |\n|---|---|\n\
         | error | no client can keep to the contract here, whatever the endpoint does |\n\
         | warning | two statements differ, so that one of them is wrong; a client that believes the wrong one fails |\n\
         | hint | the contract leaves something open that a client has to guess |\n\n\
         Rules that read descriptions understand English, and speak only when the words leave little room.\n",
    );
    for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
        let title = match severity {
            Severity::Error => "Errors",
            Severity::Warning => "Warnings",
            Severity::Hint => "Hints",
        };
        // Writing to a string does not fail.
        let _ = write!(page, "\n## {title}\n\n| rule | finds | why it matters |\n|---|---|---|\n");
        for rule in rules().iter().filter(|rule| rule.severity == severity) {
            let _ = writeln!(page, "| `{}` | {} | {} |", rule.id, rule.what, rule.why);
        }
    }
    page
}
