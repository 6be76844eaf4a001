//! What a process costs: its time on the processors, its time on the clock, the most memory it has had.
//!
//! The figures are those of the system for children that were waited for (getrusage(2)), so every process that is
//! measured gets a parent of its own: this program again, told by an environment variable to start a command, wait
//! for it and write down what it cost. Cargo takes the same parent as its `RUSTC_WORKSPACE_WRAPPER`, so that each
//! crate of a batch is measured by itself.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::time::TimeValLike;
use serde::{Deserialize, Serialize};

/// Names the file that records are added to; that it is set makes this program a parent.
const RECORDS: &str = "DRIFTLINE_MEASURE";

/// After how many seconds on the processors the process is stopped.
const LIMIT: &str = "DRIFTLINE_MEASURE_LIMIT";

/// How many times its limit a process may take on the clock, when others keep it from the processors.
const WAITING: u32 = 8;

/// What one process cost.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// The crate that was compiled, when it was a compiler.
    pub(super) krate: Option<String>,
    /// The exit status; none when a signal ended it.
    pub(super) status: Option<i32>,
    /// It took longer than it may, and was stopped.
    pub(super) stopped: bool,
    /// Seconds on the clock.
    pub(super) seconds: f64,
    /// Seconds on the processors, in and for the process and its children.
    pub(super) cpu: f64,
    /// The most memory of the process or one of its children, in MiB.
    pub(super) megabytes: u64,
}

impl Record {
    /// The one of two records of the same work that is less disturbed by others.
    pub(super) fn least(self, other: Self) -> Self {
        if other.cpu < self.cpu { other } else { self }
    }
}

/// Returns a command that measures a program; arguments go to the program. The limit is one of time on the processors,
/// so that what else the machine does has no part in it.
pub(super) fn command(program: impl AsRef<OsStr>, limit: Duration) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(program).env(LIMIT, limit.as_secs().to_string());
    Ok(command)
}

/// Runs a command that [`command`] has made.
pub(super) fn run(mut command: Command, records: &Path) -> std::io::Result<Record> {
    remove(records)?;
    command.env(RECORDS, records);
    command.status()?;
    read(records)?.pop().ok_or_else(|| std::io::Error::other("the process left no record"))
}

/// Lets Cargo measure the compiler for each crate of its workspace.
pub(super) fn compilers(cargo: &mut Command, records: &Path, limit: Duration) -> std::io::Result<()> {
    remove(records)?;
    cargo.env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?);
    cargo.env(RECORDS, records).env(LIMIT, limit.as_secs().to_string());
    Ok(())
}

fn remove(records: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(records) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Reads what was recorded.
pub(super) fn read(records: &Path) -> std::io::Result<Vec<Record>> {
    let text = match std::fs::read_to_string(records) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    text.lines().map(|line| serde_json::from_str(line).map_err(std::io::Error::other)).collect()
}

/// Does the work of a parent when the environment says so; the exit status is the child's.
pub(crate) fn as_parent() -> Option<ExitCode> {
    let records = std::env::var_os(RECORDS)?;
    let limit = std::env::var(LIMIT).ok().and_then(|limit| limit.parse().ok()).unwrap_or(u64::MAX);
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else { return Some(ExitCode::from(2)) };
    let arguments: Vec<_> = arguments.collect();
    let krate = arguments.iter().position(|argument| argument == "--crate-name");
    let krate = krate.and_then(|at| Some(arguments.get(at + 1)?.to_string_lossy().into_owned()));
    let mut command = Command::new(program);
    command.args(&arguments).env_remove(RECORDS).env_remove(LIMIT);
    Some(match parent(command, Duration::from_secs(limit), krate, Path::new(&records)) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            anstream::eprintln!("cannot measure: {error}");
            ExitCode::from(2)
        }
    })
}

fn parent(
    mut command: Command,
    limit: Duration,
    krate: Option<String>,
    records: &Path,
) -> std::io::Result<u8> {
    let start = Instant::now();
    // The child inherits the limit; this process needs next to nothing itself.
    let (_, most) = getrlimit(Resource::RLIMIT_CPU)?;
    setrlimit(Resource::RLIMIT_CPU, limit.as_secs().min(most), most)?;
    let mut child = command.spawn()?;
    let mut stopped = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > limit.saturating_mul(WAITING) {
            stopped = true;
            child.kill()?;
            break child.wait()?;
        }
        let pause = (start.elapsed() / 50).clamp(Duration::from_millis(1), Duration::from_millis(50));
        std::thread::sleep(pause);
    };
    let seconds = start.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let record = Record {
        krate,
        status: status.code(),
        stopped: stopped || status.signal() == Some(Signal::SIGXCPU as i32),
        seconds,
        cpu: cpu as f64 / 1e6,
        megabytes: u64::try_from(usage.max_rss()).unwrap_or_default() / 1024,
    };
    // One write for one line, so that processes that run side by side do not mix theirs.
    let line = format!("{}\n", serde_json::to_string(&record)?);
    OpenOptions::new().create(true).append(true).open(records)?.write_all(line.as_bytes())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(101))
}
