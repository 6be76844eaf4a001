//! Room for recursion that is not ours.
//!
//! `openapiv3` and `jsonschema` recurse over a document with large frames; a document within the limit of depth can
//! need more stack than a thread of a caller has. Their work is done on a thread that has enough.

use crate::error::{Error, Fault};

/// Enough for the deepest document, several times over, in a build without optimisation. Only what is used of it
/// takes memory.
const BYTES: usize = 128 * 1024 * 1024;

/// Runs `work` on a thread with enough stack and waits for it.
pub(crate) fn roomy<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    let unable =
        |problem: String| Fault::new(problem).advise("free some memory and try again").into(Error::Read);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("contract".to_owned())
            .stack_size(BYTES)
            .spawn_scoped(scope, work)
            .map_err(|error| unable(format!("cannot start a thread to read the contract: {error}")))?;
        // A panic is a defect; it goes on in the caller's thread, as it would have without a thread in between.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
