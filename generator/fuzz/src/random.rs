//! Runs a target without libFuzzer: on every seed, then on what [`mutate`](crate::mutate) makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The longest input, in bytes.
const MAX_LENGTH: usize = 128 * 1024;

/// How many inputs are kept besides the seeds, to be changed further.
const MAX_KEPT: usize = 500;

/// One input may take this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is tried now, and since when.
type Current = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Reads `-max_total_time=SECONDS`, `-seed=NUMBER` and folders of seeds from the command line, as libFuzzer does, and
/// runs the target until the time is up. A panic, or an input that takes a minute, ends the process; the input is then
/// in `crash-TARGET.json`. What ends the process by a signal is found again with the same seed.
pub fn run(target: fn(&[u8])) -> ExitCode {
    let (mut seconds, mut seed, mut inputs) = (60, 1, Vec::new());
    for argument in std::env::args().skip(1) {
        let number = |text: &str| text.parse().unwrap_or(0);
        if let Some(text) = argument.strip_prefix("-max_total_time=") {
            seconds = number(text);
        } else if let Some(text) = argument.strip_prefix("-seed=") {
            seed = number(text);
        } else if !argument.starts_with('-') {
            read(Path::new(&argument), &mut inputs);
        }
    }
    let seeds = inputs.len();
    let mut random = fastrand::Rng::with_seed(seed);
    let (start, mut runs, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    let current = Current::default();
    watch(Arc::clone(&current));
    for input in &inputs {
        slowest = slowest.max(try_one(target, input, &current));
    }
    while !inputs.is_empty() && start.elapsed() < Duration::from_secs(seconds) {
        let input = &inputs[random.usize(..inputs.len())];
        let Some(mutated) = crate::mutate(input, MAX_LENGTH, random.u64(..)) else { continue };
        slowest = slowest.max(try_one(target, &mutated, &current));
        runs += 1;
        if random.u8(..8) == 0 {
            match inputs.len() - seeds {
                0..MAX_KEPT => inputs.push(mutated),
                _ => {
                    let place = random.usize(seeds..inputs.len());
                    inputs[place] = mutated;
                }
            }
        }
    }
    println!(
        "{}: {seeds} seeds, {runs} inputs in {:.0?}, the slowest in {slowest:.0?}",
        name(),
        start.elapsed()
    );
    ExitCode::from(u8::from(seeds == 0))
}

fn try_one(target: fn(&[u8]), input: &[u8], current: &Current) -> Duration {
    let start = Instant::now();
    *current.lock().unwrap_or_else(PoisonError::into_inner) = Some((start, input.to_vec()));
    if let Err(panic) = std::panic::catch_unwind(|| target(input)) {
        keep(input);
        std::panic::resume_unwind(panic);
    }
    *current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    start.elapsed()
}

/// Ends the process when an input takes too long.
fn watch(current: Current) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let current = current.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((start, input)) = &*current
                && start.elapsed() > PATIENCE
            {
                keep(input);
                println!("{}: an input takes more than {PATIENCE:.0?}", name());
                std::process::exit(1);
            }
        }
    });
}

fn keep(input: &[u8]) {
    let file = format!("crash-{}.json", name());
    match fs::write(&file, input) {
        Ok(()) => println!("the input is in {file}"),
        Err(error) => println!("cannot write {file}: {error}"),
    }
}

/// The name of the target, which is that of the program.
fn name() -> String {
    let program = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    program.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path, inputs: &mut Vec<Vec<u8>>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| read(path, inputs));
    } else if let Ok(bytes) = fs::read(path) {
        inputs.push(bytes);
    }
}
