//! Runs a target without libFuzzer: on every seed, then on what [`mutate`](crate::mutate) makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The longest input, in bytes.
const MAX_LENGTH: usize = 128 * 1024;

/// How many inputs are kept besides the seeds, to be changed further.
const MAX_KEPT: usize = 500;

/// Reads `-max_total_time=SECONDS`, `-seed=NUMBER` and folders of seeds from the command line, as libFuzzer does, and
/// runs the target until the time is up. A panic ends the process; the input is then in `crash.json`.
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
    for input in &inputs {
        try_one(target, input, &mut slowest);
    }
    while !inputs.is_empty() && start.elapsed() < Duration::from_secs(seconds) {
        let input = &inputs[random.usize(..inputs.len())];
        let Some(mutated) = crate::mutate(input, MAX_LENGTH, random.u64(..)) else { continue };
        try_one(target, &mutated, &mut slowest);
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
    println!("{seeds} seeds, {runs} inputs in {:.0?}, the slowest in {slowest:.0?}", start.elapsed());
    ExitCode::from(u8::from(seeds == 0))
}

fn try_one(target: fn(&[u8]), input: &[u8], slowest: &mut Duration) {
    let start = Instant::now();
    if let Err(panic) = std::panic::catch_unwind(|| target(input)) {
        fs::write("crash.json", input).unwrap_or_else(|error| println!("cannot write crash.json: {error}"));
        std::panic::resume_unwind(panic);
    }
    *slowest = start.elapsed().max(*slowest);
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
