//! Norms of several runs become one.

use std::collections::BTreeMap;

use super::document::{Answers, Counted, Norms, OperationNorms, Place, StatusCount, StatusNorms};

impl Norms {
    /// Whether runs with these conditions can be compared with these norms, or added to them; otherwise why not.
    ///
    /// # Errors
    ///
    /// When the API, the target, the suites or the resources are others: what is met is not the same then.
    pub fn fits(&self, other: &Norms) -> Result<(), String> {
        let differs = |what: &str, mine: &str, theirs: &str| {
            Err(format!("they are of {what} `{mine}`, and this run has `{theirs}`"))
        };
        if self.api != other.api {
            return differs("the API", &self.api, &other.api);
        }
        if self.target != other.target {
            return differs("the target", &self.target, &other.target);
        }
        if self.suites != other.suites {
            return differs("the suites", &self.suites.join(", "), &other.suites.join(", "));
        }
        if self.resources != other.resources {
            return differs("the resources", &self.resources, &other.resources);
        }
        Ok(())
    }

    /// Adds what another run, or several, have seen; the conditions are expected to fit.
    #[must_use]
    pub fn and(mut self, other: &Norms) -> Norms {
        self.runs = self.runs.saturating_add(other.runs);
        for (id, operation) in &other.operations {
            self.operations.entry(id.clone()).or_default().add(operation);
        }
        self
    }
}

impl OperationNorms {
    fn add(&mut self, other: &OperationNorms) {
        let counted = |mine: &mut BTreeMap<String, Counted>, theirs: &BTreeMap<String, Counted>| {
            for (name, count) in theirs {
                let mine = mine.entry(name.clone()).or_default();
                plus(&mut mine.asked, count.asked);
                plus(&mut mine.worked, count.worked);
            }
        };
        counted(&mut self.filters, &other.filters);
        counted(&mut self.transitions, &other.transitions);
        counted(&mut self.known_good, &other.known_good);
        for (asked, statuses) in &other.statuses {
            self.statuses.entry(*asked).or_default().add(statuses);
        }
        for (status, answers) in &other.answers {
            self.answers.entry(*status).or_default().add(answers);
        }
    }
}

impl StatusNorms {
    fn add(&mut self, other: &StatusNorms) {
        plus(&mut self.answers, other.answers);
        plus(&mut self.runs, other.runs);
        for (status, count) in &other.of {
            let mine = self.of.entry(*status).or_insert(StatusCount {
                answers: 0,
                runs: 0,
                least_percent: count.least_percent,
            });
            plus(&mut mine.answers, count.answers);
            plus(&mut mine.runs, count.runs);
            mine.least_percent = mine.least_percent.min(count.least_percent);
        }
    }
}

impl Answers {
    fn add(&mut self, other: &Answers) {
        for (location, parent) in &other.parents {
            let mine = self.parents.entry(location.clone()).or_default();
            plus(&mut mine.resources, parent.resources);
            plus(&mut mine.runs, parent.runs);
        }
        for (location, place) in &other.places {
            self.places.entry(location.clone()).or_default().add(place);
        }
        plus(&mut self.answers, other.answers);
        plus(&mut self.resources, other.resources);
        add_all(&mut self.latency, &other.latency);
        add_all(&mut self.headers, &other.headers);
    }
}

impl Place {
    fn add(&mut self, other: &Place) {
        self.undocumented |= other.undocumented;
        for (mine, theirs) in [
            (&mut self.present, other.present),
            (&mut self.present_runs, other.present_runs),
            (&mut self.filled, other.filled),
            (&mut self.filled_runs, other.filled_runs),
            (&mut self.compared, other.compared),
            (&mut self.commonest, other.commonest),
            (&mut self.compared_runs, other.compared_runs),
            (&mut self.varied_runs, other.varied_runs),
        ] {
            plus(mine, theirs);
        }
        add_all(&mut self.forms, &other.forms);
        add_all(&mut self.values, &other.values);
    }
}

fn add_all<K: Ord + Clone>(mine: &mut BTreeMap<K, u64>, theirs: &BTreeMap<K, u64>) {
    for (key, count) in theirs {
        plus(mine.entry(key.clone()).or_default(), *count);
    }
}

fn plus(mine: &mut u64, theirs: u64) {
    *mine = mine.saturating_add(theirs);
}
