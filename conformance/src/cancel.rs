//! Stopping a run from outside, so that it ends with a partial report instead of nothing.

use tokio::sync::watch;

/// A switch that stops a run; clones share it.
#[derive(Debug, Clone)]
pub struct Cancel {
    sender: watch::Sender<bool>,
}

impl Default for Cancel {
    fn default() -> Cancel {
        Cancel::new()
    }
}

impl Cancel {
    /// Returns a switch that is off.
    #[must_use]
    pub fn new() -> Cancel {
        Cancel { sender: watch::Sender::new(false) }
    }

    /// Asks the run to stop; requests under way are given up.
    pub fn trigger(&self) {
        self.sender.send_replace(true);
    }

    /// Whether the run was asked to stop.
    #[must_use]
    pub fn is_triggered(&self) -> bool {
        *self.sender.borrow()
    }

    /// Completes when the run is asked to stop.
    pub async fn triggered(&self) {
        let mut receiver = self.sender.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|triggered| *triggered).await;
    }
}
