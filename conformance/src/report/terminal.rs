//! The report for people: a table an API, findings as paragraphs, and the verdict on the last line.
//!
//! Returns text; whether it has colours is the caller's decision. Nothing is wider than 100 columns, apart
//! from the `curl` lines, which are there to be copied.

use std::fmt::Write as _;

use super::{ApiReport, Bodies, CleanUp, Finding, FindingStatus, OperationReport, Report, Verdict};
use crate::checks::Severity;
use crate::scenario::{WorkflowOutcome, WorkflowReport};

/// The greatest width of a line.
const WIDTH: usize = 100;

/// The styles of the report, as ANSI escape sequences.
#[derive(Debug, Clone, Copy)]
enum Style {
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Cyan,
}

/// Writes with or without colours.
#[derive(Debug, Clone, Copy)]
struct Paint {
    colours: bool,
}

impl Paint {
    fn on(self, style: Style, text: &str) -> String {
        if !self.colours || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Red => "1;31",
            Style::Yellow => "33",
            Style::Green => "32",
            Style::Cyan => "36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Returns a report for people.
#[must_use]
pub fn terminal(report: &Report, colours: bool) -> String {
    let paint = Paint { colours };
    let mut text = String::new();
    for api in &report.apis {
        heading(&mut text, paint, api);
        operations(&mut text, paint, api);
        for finding in &api.findings {
            text.push('\n');
            paragraph(&mut text, paint, finding);
        }
        if !api.inconclusive.is_empty() {
            text.push('\n');
            for reason in &api.inconclusive {
                let subject = reason.operation_id.as_deref().unwrap_or("the whole run");
                let line = format!("{subject}: {}", reason.reason);
                let lines = wrapped(&line, WIDTH - 4);
                for (index, line) in lines.iter().enumerate() {
                    let mark = if index == 0 { paint.on(Style::Yellow, "?") } else { " ".to_owned() };
                    line_out(&mut text, &format!("  {mark} {line}"));
                }
            }
        }
        text.push('\n');
    }
    verdict(&mut text, paint, report);
    text
}

/// Returns findings for people, without a verdict.
#[must_use]
pub fn paragraphs(findings: &[Finding], colours: bool) -> String {
    let mut text = String::new();
    for finding in findings {
        paragraph(&mut text, Paint { colours }, finding);
        text.push('\n');
    }
    text
}

fn line_out(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

fn heading(text: &mut String, paint: Paint, api: &ApiReport) {
    let mut line = paint.on(Style::Bold, &api.api);
    line.push_str(&paint.on(Style::Dim, &format!("  {} at {}", api.target, api.base_url)));
    line_out(text, &line);
    let coverage = &api.coverage;
    let partial = if api.partial { ", stopped early" } else { "" };
    let transitions = match coverage.transitions {
        0 => String::new(),
        all => format!(" · {} of {all} transitions tried", coverage.transitions_seen),
    };
    let summary = format!(
        "{} requests in {:.1} s{partial} · {} of {} operations succeeded · {} of {} documented statuses \
         seen{transitions}",
        api.requests,
        api.seconds,
        coverage.succeeded,
        coverage.operations,
        coverage.statuses_seen,
        coverage.statuses,
    );
    line_out(text, &paint.on(Style::Dim, &summary));
    if let Some(bodies) = &coverage.bodies {
        line_out(text, &paint.on(Style::Dim, &bodies_in_words(bodies)));
    }
    let sum = |of: fn(&OperationReport) -> u64| api.operations.iter().map(of).sum::<u64>();
    let kinds = format!(
        "valid + variations + near misses: {} + {} + {}",
        sum(|it| it.valid),
        sum(|it| it.variations),
        sum(|it| it.near_misses)
    );
    line_out(text, &paint.on(Style::Dim, &kinds));
    if !api.workflows.is_empty() {
        line_out(text, &paint.on(Style::Dim, &workflows_in_words(&api.workflows)));
    }
    if let Some(CleanUp { created, ended, left, .. }) = api.clean_up {
        let tag = if left > 0 { format!(", with the run tag {}", api.run_tag) } else { String::new() };
        let line = format!("created {created} · ended {ended} · left {left}{tag}");
        line_out(text, &paint.on(Style::Dim, &line));
    }
    text.push('\n');
}

/// Says how many workflows succeeded, and names those that did not, each with its step.
fn workflows_in_words(workflows: &[WorkflowReport]) -> String {
    let of = |outcome| workflows.iter().filter(move |it| it.outcome == outcome);
    let succeeded = of(WorkflowOutcome::Succeeded).count();
    let mut words = format!("{succeeded} of {} workflows succeeded", workflows.len());
    for (outcome, what) in [(WorkflowOutcome::Failed, "failed"), (WorkflowOutcome::Skipped, "left out")] {
        let named = of(outcome).map(|it| match &it.step {
            Some(step) => format!("{} at {step}", it.workflow_id),
            None => it.workflow_id.clone(),
        });
        let named: Vec<String> = named.collect();
        if !named.is_empty() {
            let _ = write!(words, " · {what}: {}", named.join(", "));
        }
    }
    words
}

/// Says how many bodies are valid and how many are decoded; what did not happen is left out.
fn bodies_in_words(bodies: &Bodies) -> String {
    let mut words = format!("{} bodies valid and decoded", bodies.valid_decoded);
    for (count, what) in [
        (bodies.invalid_decoded, "invalid but decoded"),
        (bodies.invalid_undecoded, "invalid and not decoded"),
        (bodies.valid_undecoded, "valid but not decoded, which is a bug of the generated crate"),
    ] {
        if count > 0 {
            let _ = write!(words, " · {count} {what}");
        }
    }
    words
}

fn operations(text: &mut String, paint: Paint, api: &ApiReport) {
    let name = api.operations.iter().map(|it| it.operation_id.chars().count()).max().unwrap_or(0).min(40);
    let width = |it: &OperationReport| format!("{}+{}+{}", it.valid, it.variations, it.near_misses).len();
    let kinds_width = api.operations.iter().map(width).max().unwrap_or(0).max(6);
    for operation in &api.operations {
        let own: Vec<&Finding> =
            api.findings.iter().filter(|it| it.operation_id == operation.operation_id).collect();
        let unproven =
            api.inconclusive.iter().any(|it| it.operation_id.as_ref() == Some(&operation.operation_id));
        let mark = match (own.iter().any(|it| !it.acknowledged), unproven, operation.skipped.is_some()) {
            (true, ..) => paint.on(Style::Red, "✗"),
            (_, true, _) => paint.on(Style::Yellow, "?"),
            (_, _, true) => paint.on(Style::Dim, "-"),
            _ => paint.on(Style::Green, "✓"),
        };
        let id = format!("{:<name$}", cut(&operation.operation_id, name));
        // What the contract allows, variations of known-good bodies, near misses.
        let kinds = [operation.valid, operation.variations, operation.near_misses];
        let requests = format!("{:>kinds_width$}", kinds.map(|it| it.to_string()).join("+"));
        let rest = match &operation.skipped {
            Some(reason) => paint.on(Style::Dim, reason),
            None => {
                let mut width = WIDTH.saturating_sub(7 + kinds_width + name);
                let mut counts = Vec::new();
                for (status, count) in &operation.statuses {
                    let count = format!("{status} × {count}");
                    match width.checked_sub(count.chars().count() + 3) {
                        Some(left) => width = left,
                        None => {
                            counts.push("…".to_owned());
                            break;
                        }
                    }
                    counts.push(count);
                }
                if operation.lost > 0 {
                    counts.push(format!("lost × {}", operation.lost));
                }
                counts.join("   ")
            }
        };
        line_out(text, &format!("  {mark} {id} {}   {rest}", paint.on(Style::Dim, &requests)));
    }
}

fn paragraph(text: &mut String, paint: Paint, finding: &Finding) {
    let style = match finding.severity {
        Severity::Breaking => Style::Red,
        Severity::Behavioural | Severity::Additive => Style::Yellow,
        Severity::Notice => Style::Cyan,
    };
    let severity = if finding.acknowledged { Style::Dim } else { style };
    let mut head = format!(
        "  {}  {}  {}",
        paint.on(severity, &finding.severity.to_string()),
        paint.on(Style::Bold, &finding.operation_id),
        finding.check,
    );
    if !finding.location.is_empty() {
        let _ = write!(head, "  {}", paint.on(Style::Cyan, &cut(&finding.location, 48)));
    }
    line_out(text, &head);
    for line in wrapped(&finding.message, WIDTH - 4) {
        line_out(text, &format!("    {line}"));
    }
    let mut facts = Vec::new();
    if let Some(position) = &finding.position {
        facts.push(("contract", position.clone()));
    }
    facts.push(("place", finding.contract.clone()));
    if let Some(symbol) = &finding.symbol {
        facts.push(("symbol", symbol.clone()));
    }
    let status = match finding.status {
        FindingStatus::Confirmed => format!("confirmed {}", finding.confirmations),
        // What does not show again at will is told by how often it did.
        FindingStatus::Intermittent => {
            let Finding { exchanges, answers, confirmations, .. } = finding;
            format!("intermittent {exchanges}/{answers}, repetitions {confirmations}")
        }
        FindingStatus::Unconfirmed => format!("unconfirmed {}", finding.confirmations),
    };
    facts.push(("finding", format!("{} {status}", finding.fingerprint)));
    if let Some(acknowledgement) = &finding.acknowledgement {
        facts.push(("ledger", acknowledgement.clone()));
    }
    for (name, value) in facts {
        for (index, line) in wrapped(&value, WIDTH - 14).iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            line_out(text, &format!("    {} {line}", paint.on(Style::Dim, &format!("{name:<9}"))));
        }
    }
    if !finding.curl.is_empty() {
        line_out(text, &format!("    {} {}", paint.on(Style::Dim, "again    "), finding.curl));
    }
}

fn verdict(text: &mut String, paint: Paint, report: &Report) {
    let findings: Vec<&Finding> = report.apis.iter().flat_map(|api| &api.findings).collect();
    let new = findings.iter().filter(|it| !it.acknowledged).count();
    let known = findings.len() - new;
    let unproven: usize = report.apis.iter().map(|api| api.inconclusive.len()).sum();
    let (word, style) = match report.verdict {
        Verdict::NoDrift => ("no drift", Style::Green),
        Verdict::Drift => ("drift", Style::Red),
        Verdict::Inconclusive => ("inconclusive", Style::Yellow),
    };
    let mut notes = Vec::new();
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if new > 0 {
        notes.push(count(new, "new finding"));
    }
    if known > 0 {
        notes.push(count(known, "finding") + " in the ledger");
    }
    if unproven > 0 {
        notes.push(count(unproven, "gap"));
    }
    let requests: u64 = report.apis.iter().map(|api| api.requests).sum();
    notes.push(format!("{requests} requests"));
    notes.push(format!("seed {}", report.seed));
    line_out(text, &format!("{}  {}", paint.on(style, word), paint.on(Style::Dim, &notes.join(" · "))));
}

/// Shortens text in the middle, where a pointer says least.
fn cut(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let (head, tail) = (width / 3, width - width / 3 - 1);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

/// Breaks text at spaces; a word that is wider than a line is broken anywhere.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        while word.len() > width {
            let rest = word.split_off(width - length);
            line.extend(word);
            lines.push(std::mem::take(&mut line));
            length = 0;
            word = rest;
        }
        length += word.len();
        line.extend(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn what_became_of_bodies_is_said_where_it_happened() {
        let mut bodies = Bodies { valid_decoded: 12, ..Bodies::default() };
        assert_eq!(bodies_in_words(&bodies), "12 bodies valid and decoded");
        bodies.invalid_decoded = 2;
        bodies.valid_undecoded = 1;
        assert_eq!(
            bodies_in_words(&bodies),
            "12 bodies valid and decoded · 2 invalid but decoded · 1 valid but not decoded, which is a bug of the \
             generated crate"
        );
    }

    #[test]
    fn pointers_keep_both_ends() {
        assert_eq!(cut("/policies/0/gross_premium", 12), "/pol…premium");
        assert_eq!(cut("/id", 12), "/id");
    }
}
