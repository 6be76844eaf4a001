//! The page that describes the checks, written from the registry.

use std::fmt::Write as _;

use super::{Severity, all};

/// Returns the page that describes the checks, in Markdown.
#[must_use]
pub fn documentation() -> String {
    let mut page = String::from(
        "# Checks\n\n\
         A check judges what an endpoint answers, from the client's side: each answer by itself, or several that say\n\
         something together. `cargo xtask drift` sends, and applies all of them. This page is printed from the checks:\n\
         `cargo xtask checks --markdown`.\n\n\
         | severity | means |\n|---|---|\n",
    );
    let severities = [Severity::Breaking, Severity::Behavioural, Severity::Additive, Severity::Notice];
    for severity in severities {
        // Writing to a string does not fail.
        let _ = writeln!(page, "| {severity} | {} |", severity.meaning());
    }
    page.push_str("\nThe severity of a check is the worst that its findings have; some of them hurt less.\n");
    for severity in severities {
        let checks: Vec<_> = all().iter().filter(|check| check.severity() == severity).collect();
        if checks.is_empty() {
            continue;
        }
        let name = severity.to_string();
        let title = name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default();
        let _ = write!(page, "\n## {title}\n\n| check | expects | why it matters |\n|---|---|---|\n");
        for check in checks {
            let id = check.id();
            let source = format!("../conformance/src/checks/{id}.rs");
            let _ = writeln!(page, "| [`{id}`]({source}) | {} | {} |", check.summary(), check.reason());
        }
    }
    page
}
