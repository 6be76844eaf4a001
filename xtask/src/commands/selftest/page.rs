//! What a selftest says at its end: a table by class, and by name what was not as it should be.

use std::fmt::Write;

use driftline_sandbox::MutantClass;
use owo_colors::OwoColorize;

use super::trial::{Quiet, Trial};

/// Writes the page. `population` is how many mutants there were to choose from.
pub(super) fn written(trials: &[Trial], population: usize, quiet: &[Quiet]) -> String {
    let mut page = format!("{} of {population} mutants were run.\n\n", trials.len());
    let head = ["class", "found", "shown", "run", "told more than once", "seconds", "requests"];
    page.push_str(&row(head).bold().to_string());
    page.push('\n');
    for class in MutantClass::ALL {
        let of_class: Vec<&Trial> = trials.iter().filter(|trial| trial.mutant.class() == class).collect();
        if !of_class.is_empty() {
            let _ = writeln!(page, "{}", counted(class.as_str(), &of_class));
        }
    }
    let _ = writeln!(page, "{}", counted("all", &trials.iter().collect::<Vec<_>>()).bold());
    page.push_str("Seconds and requests are medians of one run.\n");
    let missed = trials.iter().filter(|trial| trial.is_shown() && !trial.is_found());
    let (wrong, allowed): (Vec<&Trial>, Vec<&Trial>) = missed.partition(|trial| !trial.is_as_it_should_be());
    let with_words = |trials: Vec<&Trial>| trials.into_iter().map(words).collect::<Vec<_>>();
    list(&mut page, "not found", &with_words(wrong));
    list(&mut page, "not found, which the contract allows", &with_words(allowed));
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

fn words(trial: &Trial) -> String {
    let mut words = format!("{} (shown {} times, {}", trial.mutant.id(), trial.shown, trial.verdict);
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
        &count(Trial::is_shown),
        &trials.len().to_string(),
        &count(|trial| trial.told > 1),
        &format!("{:.1}", median(|trial| trial.seconds)),
        &format!("{:.0}", median(|trial| trial.requests as f64)),
    ])
}

fn row([class, found, shown, run, again, seconds, requests]: [&str; 7]) -> String {
    format!("{class:<18}{found:>7}{shown:>7}{run:>7}{again:>21}{seconds:>9}{requests:>10}")
}
