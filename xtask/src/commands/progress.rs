//! A progress bar for runs against endpoints: on a terminal only, on standard error.

use std::sync::Mutex;
use std::time::Duration;

use driftline_conformance::Progress;
use driftline_conformance::checks::Severity;
use indicatif::{ProgressBar, ProgressStyle};

/// Shows which operation is probed, how many requests were sent, and what was seen.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    deviations: usize,
    requests: u64,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self { bar: ProgressBar::hidden(), state: Mutex::default() }
    }

    fn show(&self) {
        let state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let deviations = match state.deviations {
            0 => String::new(),
            1 => ", 1 deviation".to_owned(),
            count => format!(", {count} deviations"),
        };
        self.bar.set_prefix(format!("{} requests{deviations}", state.requests));
    }
}

impl Progress for Bar {
    fn started(&self, api: &str, operations: usize) {
        self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        self.bar.set_length(operations as u64);
        let template = format!("{{spinner}} {api:<14} [{{bar:24}}] {{pos}}/{{len}}  {{wide_msg}} {{prefix}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    fn operation_started(&self, operation_id: &str, _planned: usize) {
        self.bar.inc(1);
        self.bar.set_message(operation_id.to_owned());
        self.show();
    }

    fn step_started(&self, workflow_id: &str, step: &str) {
        self.bar.set_message(format!("{workflow_id}: {step}"));
        self.show();
    }

    fn exchanged(&self, requests: u64) {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).requests = requests;
        self.show();
    }

    fn deviated(&self, _check: &str, _operation_id: &str, _location: &str, _severity: Severity) {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).deviations += 1;
        self.show();
    }

    fn examining(&self, findings: usize) {
        if findings > 0 {
            self.bar.set_message(format!("confirming {findings}"));
        }
    }

    fn finished(&self) {
        self.bar.finish_and_clear();
    }
}
