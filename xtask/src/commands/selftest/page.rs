//! What a selftest says at its end: tables by class and by mode, and by name what was not as it should be.

use std::fmt::Write;

use driftline_sandbox::{Mode, ModeKind, MutantClass};
use owo_colors::OwoColorize;
use serde_json::{Value, json};

use super::trial::{Quiet, Trial};

/// What is said of each group of mutants.
const HEAD: [&str; 9] =
    ["", "found", "at its place", "shown", "run", "elsewhere only", "told twice", "seconds", "requests"];

/// Writes the page. `population` is how many mutants there were to choose from.
pub(super) fn written(trials: &[Trial], population: usize, quiet: &[Quiet]) -> String {
    let mut page = format!("{} of {population} mutants were run.\n\n", trials.len());
    let classes =
        MutantClass::ALL.map(|class| (class.as_str(), group(trials, |it| it.mutant.class() == class)));
    let modes = ModeKind::ALL.map(|mode| (mode.as_str(), group(trials, |it| it.mutant.mode.kind() == mode)));
    let others = [
        ("of refusals", group(trials, |it| it.mutant.is_of_a_refusal())),
        ("breaking", group(trials, Trial::is_breaking)),
        ("all", group(trials, |_| true)),
    ];
    for (title, groups) in [("class", &classes[..]), ("mode", &modes[..]), ("together", &others[..])] {
        let mut head = HEAD;
        head[0] = title;
        let _ = writeln!(page, "{}", row(head).bold());
        for (name, trials) in groups.iter().filter(|(_, trials)| !trials.is_empty()) {
            let _ = writeln!(page, "{}", counted(name, trials));
        }
        page.push('\n');
    }
    page.push_str("Seconds and requests are medians of one run.\n");
    if let Some(slowest) = trials.iter().max_by(|one, other| one.seconds.total_cmp(&other.seconds)) {
        let _ =
            writeln!(page, "The longest run took {:.1} seconds: {}.", slowest.seconds, slowest.mutant.id());
    }
    let cut_off = group(trials, |it| it.cut_off);
    if !cut_off.is_empty() {
        let _ = writeln!(page, "{} runs were cut off when their time was up.", cut_off.len());
    }
    let rare = group(trials, |it| it.mutant.mode == Mode::Intermittent && it.is_shown() && it.is_found());
    if !rare.is_empty() {
        let told = rare.iter().filter(|trial| trial.intermittent).count();
        let _ = writeln!(
            page,
            "Of {} intermittent ones that were found, {told} were told as intermittent.",
            rare.len()
        );
    }
    let missed = trials.iter().filter(|trial| trial.is_shown() && !trial.is_found());
    let (wrong, allowed): (Vec<&Trial>, Vec<&Trial>) = missed.partition(|trial| !trial.is_as_it_should_be());
    let with_words = |trials: Vec<&Trial>| trials.into_iter().map(words).collect::<Vec<_>>();
    list(&mut page, "not found", &with_words(wrong));
    list(&mut page, "not found, which the contract allows", &with_words(allowed));
    let unplaced = group(trials, |it| it.is_shown() && it.is_found() && !it.located);
    list(&mut page, "found, but not at its place", &with_words(unplaced));
    let never = trials.iter().filter(|trial| !trial.is_shown());
    list(&mut page, "never shown, so not to be found", &never.map(|it| it.mutant.id()).collect::<Vec<_>>());
    page.push('\n');
    for run in quiet {
        let count = run.false_alarms.len();
        let _ = writeln!(page, "{} without a mutant: {count} false alarms, {}", run.api, run.verdict);
        for alarm in &run.false_alarms {
            let _ = writeln!(page, "  {alarm}");
        }
    }
    page
}

/// Says the same to programs, and whether it was `stopped` before all of them were run.
pub(super) fn json(trials: &[Trial], quiet: &[Quiet], stopped: bool) -> String {
    let mutants: Vec<Value> = trials
        .iter()
        .map(|trial| {
            json!({
                "id": trial.mutant.id(), "class": trial.mutant.class().as_str(), "breaking": trial.is_breaking(),
                "shown": trial.is_shown(), "found": trial.is_found(), "at_its_place": trial.located,
                "seconds": trial.seconds, "requests": trial.requests,
            })
        })
        .collect();
    let false_alarms: usize = quiet.iter().map(|run| run.false_alarms.len()).sum();
    format!("{:#}\n", json!({ "mutants": mutants, "false_alarms": false_alarms, "stopped": stopped }))
}

fn group(trials: &[Trial], belongs: impl Fn(&Trial) -> bool) -> Vec<&Trial> {
    trials.iter().filter(|trial| belongs(trial)).collect()
}

fn words(trial: &Trial) -> String {
    let mut words = format!("{} (shown {} times", trial.mutant.id(), trial.shown);
    if let Mode::Conditional(condition) = &trial.mutant.mode {
        let _ = write!(words, " {condition}");
    }
    let _ = write!(words, ", {}", trial.verdict);
    if !trial.elsewhere.is_empty() {
        let _ = write!(words, "; told elsewhere: {}", trial.elsewhere.join("; "));
    }
    words.push(')');
    words
}

fn list(page: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{}", format!("{title}: {}", lines.len()).yellow().bold());
    for line in lines {
        let _ = writeln!(page, "  {line}");
    }
}

fn counted(name: &str, trials: &[&Trial]) -> String {
    let count = |holds: fn(&Trial) -> bool| trials.iter().filter(|trial| holds(trial)).count().to_string();
    let median = |of: fn(&Trial) -> f64| {
        let mut values: Vec<f64> = trials.iter().map(|trial| of(trial)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    row([
        name,
        &count(|trial| trial.is_shown() && trial.is_found()),
        &count(|trial| trial.is_shown() && trial.is_found() && trial.located),
        &count(Trial::is_shown),
        &trials.len().to_string(),
        &count(|trial| trial.is_shown() && !trial.is_found() && !trial.elsewhere.is_empty()),
        &count(|trial| trial.told > 1),
        &format!("{:.1}", median(|trial| trial.seconds)),
        &format!("{:.0}", median(|trial| trial.requests as f64)),
    ])
}

fn row([name, found, placed, shown, run, elsewhere, again, seconds, requests]: [&str; 9]) -> String {
    format!(
        "{name:<20}{found:>6}{placed:>14}{shown:>7}{run:>6}{elsewhere:>16}{again:>12}{seconds:>9}{requests:>10}"
    )
}
