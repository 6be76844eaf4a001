//! How fast a run is: requests that are sent, answered and judged in a second, with every suite, every check and the
//! generated models; what they cost on the processors, and the memory that they take; and how soon a run sees drift, by
//! one mutant of each class.
//!
//! The stand-in is in this process, on threads of its own, so that its share can be told apart. It remembers little, so
//! that what grows would be the engine. No other program is timed, and nothing here passes or fails.
#![expect(clippy::print_stdout, reason = "a bench tells what it has measured")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use driftline_conformance::checks::Severity;
use driftline_conformance::target::{Credential, Target, TargetKind};
use driftline_conformance::{Cancel, Norms, Progress, RunOptions, registered, run};
use driftline_sandbox::{CREDENTIAL, Capacity, Mode, Mutant, MutantClass, Options, Sandbox, mutants};
use driftline_specs::Api;
use tokio::runtime::{Builder, Runtime};

/// How many valid requests an operation gets in the long run: about 40,000 in all, as some operations have fewer.
const MANY: usize = 8_000;

/// After how many requests memory is looked at; the later looks should find what the first has found.
const LOOKS: [u64; 4] = [5_000, 10_000, 20_000, 40_000];

/// How many valid requests an operation gets in the run against a mutant, as `drift` has it by default.
const USUAL: usize = 100;

/// How many mutants of a class are tried until one shows: some have no occasion.
const TRIED: usize = 8;

/// The APIs, the first one that has mutants of a class coming first.
const APIS: [&str; 3] = ["enrollconnect", "clasp", "onboarding"];

/// The threads of each side; their names tell them apart.
const SANDBOX: &str = "sandbox";
const ENGINE: &str = "engine";

fn main() {
    // Test runners start benches as well, and ask for other things.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (sandbox, engine) = (runtime(SANDBOX), runtime(ENGINE));
    let apis = APIS.map(api);
    let [first, ..] = &apis;
    throughput(&sandbox, &engine, first);
    time_to_first_finding(&sandbox, &engine, &apis);
}

fn runtime(name: &str) -> Runtime {
    Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build().expect("starts")
}

fn api(name: &str) -> Api {
    Api::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs"), name).expect("loads")
}

/// Prints what a long run against a right endpoint takes.
fn throughput(sandbox: &Runtime, engine: &Runtime, api: &Api) {
    let capacity = Capacity { records: 1_000, bytes: 16 << 20 };
    let options = Options { apis: vec![api.name.clone()], capacity, ..Options::default() };
    let stand_in = sandbox.block_on(Sandbox::start(options)).expect("starts");
    let looks = Arc::new(Looks::default());
    let mut options = options_of(api, &stand_in);
    options.requests_per_operation = MANY;
    options.progress = looks.clone();
    let (before, started) = (cpu_seconds(), Instant::now());
    let report = engine.block_on(async { engine.spawn(run(options)).await }).expect("ends").expect("runs");
    let elapsed = started.elapsed();
    let after = cpu_seconds();
    sandbox.block_on(stand_in.shutdown());

    println!(
        "{}: {} requests in {:.1} s, {}",
        api.name,
        report.requests,
        elapsed.as_secs_f64(),
        report.verdict
    );
    println!("requests a second        {:>8.0}", report.requests as f64 / elapsed.as_secs_f64());
    for side in [ENGINE, SANDBOX] {
        let spent = before.as_ref().zip(after.as_ref());
        let spent = spent.map(|(before, after)| of_side(after, side) - of_side(before, side));
        match spent {
            Some(seconds) => {
                let each = seconds * 1e6 / report.requests as f64;
                println!("{side:<7} CPU seconds      {seconds:>8.2}   {each:.0} µs a request");
            }
            None => println!("{side:<7} CPU seconds      not available here"),
        }
    }
    for (sent, peak) in looks.0.lock().expect("is whole").iter() {
        match peak {
            Some(peak) => println!("peak RSS at {sent:>6}       {:>8.1} MiB", *peak as f64 / 1024.0),
            None => println!("peak RSS at {sent:>6}       not available here"),
        }
    }
    println!();
}

/// Prints how soon a run sees something of a mutant of each class at its operation.
fn time_to_first_finding(sandbox: &Runtime, engine: &Runtime, apis: &[Api]) {
    println!("{:<22}{:>9}{:>10}   first seen by", "time to first finding", "ms", "requests");
    for class in MutantClass::ALL {
        let of_class = apis.iter().flat_map(|api| of_class(api, class).into_iter().map(move |it| (api, it)));
        let shown = of_class.take(TRIED).find_map(|(api, mutant)| sight(sandbox, engine, api, mutant));
        match shown {
            Some((id, Some(Sight { after, requests, check }))) => {
                println!("{class:<22}{:>9.0}{requests:>10}   {check} ({id})", after.as_secs_f64() * 1e3);
            }
            Some((id, None)) => println!("{class:<22}{:>9}{:>10}   ({id})", "never", ""),
            None => println!("{class:<22}{:>9}", "not shown"),
        }
    }
}

/// Runs the suites against a mutant until something is seen at its operation; `None` where the mutant never showed.
fn sight(sandbox: &Runtime, engine: &Runtime, api: &Api, mutant: Mutant) -> Option<(String, Option<Sight>)> {
    let (id, operation_id) = (mutant.id(), mutant.operation_id.clone());
    let options = Options { apis: vec![api.name.clone()], mutants: vec![mutant], ..Options::default() };
    let stand_in = sandbox.block_on(Sandbox::start(options)).expect("starts");
    let first = Arc::new(First::at(&operation_id));
    let mut options = options_of(api, &stand_in);
    options.requests_per_operation = USUAL;
    options.norms = norms(api);
    options.progress = first.clone();
    options.cancel = first.cancel.clone();
    engine.block_on(async { engine.spawn(run(options)).await }).expect("ends").expect("runs");
    let shown = stand_in.mutated() > 0;
    sandbox.block_on(stand_in.shutdown());
    let seen = first.seen.lock().expect("is whole").take();
    shown.then_some((id, seen))
}

/// The mutants of a class that show always, those of a success before those of a refusal.
fn of_class(api: &Api, class: MutantClass) -> Vec<Mutant> {
    let all = mutants(&api.name, &api.contract, api.lifecycle.as_ref()).into_iter();
    let mut of_class: Vec<Mutant> = all.filter(|it| it.class() == class && it.mode == Mode::Always).collect();
    of_class.sort_by_key(Mutant::is_of_a_refusal);
    of_class
}

fn options_of(api: &Api, stand_in: &Sandbox) -> RunOptions {
    let url = stand_in.base_url(&api.name).expect("is served");
    let mut target = Target::new("sandbox", TargetKind::Embedded, url).expect("is a target");
    target.credentials.push(Credential::for_contract(&api.contract, CREDENTIAL, None));
    let mut options = RunOptions::new(&api.name, api.contract.clone(), target);
    options.models = registered(&api.name);
    options.lifecycle.clone_from(&api.lifecycle);
    options.fixtures = api.fixtures().expect("are read");
    options
}

/// What the stand-in usually answers, without which nobody misses what the contract lets it leave out.
fn norms(api: &Api) -> Option<Norms> {
    let path = api.dir.join("norms/sandbox.json");
    Norms::from_text(&path, &std::fs::read_to_string(&path).ok()?).ok()
}

/// Looks at the memory now and then: the count of requests, and the peak in KiB.
#[derive(Debug, Default)]
struct Looks(Mutex<BTreeMap<u64, Option<u64>>>);

impl Progress for Looks {
    fn exchanged(&self, requests: u64) {
        let mut looks = self.0.lock().expect("is whole");
        let due = LOOKS.into_iter().find(|look| *look <= requests && !looks.contains_key(look));
        if let Some(look) = due {
            looks.insert(look, peak_rss());
        }
    }
}

/// What was first seen at an operation.
#[derive(Debug)]
struct Sight {
    after: Duration,
    requests: u64,
    check: String,
}

/// Waits for the first deviation of an operation, and ends the run then.
#[derive(Debug)]
struct First {
    operation_id: String,
    started: Instant,
    sent: Mutex<u64>,
    seen: Mutex<Option<Sight>>,
    cancel: Cancel,
}

impl First {
    fn at(operation_id: &str) -> First {
        First {
            operation_id: operation_id.to_owned(),
            started: Instant::now(),
            sent: Mutex::default(),
            seen: Mutex::default(),
            cancel: Cancel::new(),
        }
    }
}

impl Progress for First {
    fn exchanged(&self, requests: u64) {
        *self.sent.lock().expect("is whole") = requests;
    }

    fn deviated(&self, check: &str, operation_id: &str, _location: &str, _severity: Severity) {
        let mut seen = self.seen.lock().expect("is whole");
        if operation_id == self.operation_id && seen.is_none() {
            let requests = *self.sent.lock().expect("is whole");
            *seen = Some(Sight { after: self.started.elapsed(), requests, check: check.to_owned() });
            self.cancel.trigger();
        }
    }
}

/// The most memory that the process has had resident, in KiB; Linux tells it.
fn peak_rss() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The seconds on the processors by the name of the thread; Linux tells them.
fn cpu_seconds() -> Option<BTreeMap<String, f64>> {
    let mut seconds: BTreeMap<String, f64> = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        let name = std::fs::read_to_string(task.join("comm")).ok()?;
        let times = std::fs::read_to_string(task.join("schedstat")).ok()?;
        let nanoseconds: f64 = times.split_whitespace().next()?.parse().ok()?;
        *seconds.entry(name.trim().to_owned()).or_default() += nanoseconds / 1e9;
    }
    Some(seconds)
}

/// What the threads of one side took together.
fn of_side(seconds: &BTreeMap<String, f64>, side: &str) -> f64 {
    seconds.get(side).copied().unwrap_or_default()
}
