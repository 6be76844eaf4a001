//! Rate limits and the number of calls at once. Each limit is a fixed window of real time: simple enough that the wait
//! it announces is exact.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::Method;

use crate::options::{Allowance, Limits};

/// The limits that a vendor states for an API.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StatedLimits {
    /// For all requests together.
    pub(crate) all: Option<Allowance>,
    /// For requests that only read.
    pub(crate) reads: Option<Allowance>,
    /// For requests that change something.
    pub(crate) mutations: Option<Allowance>,
    /// How many requests may be in progress at once.
    pub(crate) at_once: Option<usize>,
}

/// Counts requests and refuses those beyond the limits.
#[derive(Debug)]
pub(crate) struct Limiter {
    all: Option<Window>,
    reads: Option<Window>,
    mutations: Option<Window>,
    at_once: Option<usize>,
    in_progress: Arc<AtomicUsize>,
}

impl Limiter {
    pub(crate) fn new(limits: Limits, stated: StatedLimits) -> Limiter {
        let stated = match limits {
            Limits::Unlimited => StatedLimits::default(),
            Limits::AsDocumented => stated,
            Limits::Custom(allowance) => StatedLimits { all: Some(allowance), ..StatedLimits::default() },
        };
        Limiter {
            all: stated.all.map(Window::new),
            reads: stated.reads.map(Window::new),
            mutations: stated.mutations.map(Window::new),
            at_once: stated.at_once,
            in_progress: Arc::default(),
        }
    }

    /// Counts a request as in progress until the permit is dropped.
    pub(crate) fn enter(&self) -> Permit {
        let others = self.in_progress.fetch_add(1, Ordering::SeqCst);
        Permit { in_progress: Arc::clone(&self.in_progress), others }
    }

    /// Lets a request through, or says how many seconds to wait.
    pub(crate) fn admit(&self, permit: &Permit, method: &Method) -> Result<(), u64> {
        if self.at_once.is_some_and(|at_once| permit.others >= at_once) {
            return Err(1);
        }
        let by_method = if method == Method::GET { &self.reads } else { &self.mutations };
        for window in [&self.all, by_method].into_iter().flatten() {
            window.count(Instant::now())?;
        }
        Ok(())
    }
}

/// One request in progress.
#[derive(Debug)]
pub(crate) struct Permit {
    in_progress: Arc<AtomicUsize>,
    /// How many others were in progress when it came.
    others: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.in_progress.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct Window {
    allowance: Allowance,
    current: Mutex<(Option<Instant>, u32)>,
}

impl Window {
    fn new(allowance: Allowance) -> Window {
        Window { allowance, current: Mutex::new((None, 0)) }
    }

    fn count(&self, now: Instant) -> Result<(), u64> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match current.0 {
            Some(opened) if now.duration_since(opened) < self.allowance.per => opened,
            _ => {
                *current = (Some(now), 0);
                now
            }
        };
        if current.1 < self.allowance.requests {
            current.1 += 1;
            return Ok(());
        }
        let left = self.allowance.per.saturating_sub(now.duration_since(opened));
        Err(whole_seconds(left).max(1))
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
