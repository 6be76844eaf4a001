//! One workspace for all generated crates, and Cargo at work on many of them at once.
//!
//! Dependencies are compiled once. A crate that does not compile does not keep Cargo from the others.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::measure;

/// What the compiler says of one crate.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled {
    /// It compiles.
    pub(super) success: bool,
    /// How many warnings there are.
    pub(super) warnings: usize,
    /// How many errors there are.
    pub(super) errors: usize,
    /// It took longer than it may.
    pub(super) stopped: bool,
    /// What the compiler says first.
    pub(super) first: Option<String>,
    /// Seconds on the processors.
    pub(super) cpu: f64,
    /// Seconds on the clock, beside whatever else was compiled.
    pub(super) seconds: f64,
    /// The most memory of the compiler, in MiB.
    pub(super) megabytes: u64,
    /// The program that was made, if one was.
    pub(super) program: Option<PathBuf>,
}

/// A folder of crates that share dependencies and a target folder.
#[derive(Debug, Clone)]
pub(super) struct Workspace {
    /// The folder.
    pub(super) root: PathBuf,
    /// Where Cargo puts what it makes.
    pub(super) target: PathBuf,
    /// After this time on the processors for one crate the compiler is stopped.
    pub(super) limit: Duration,
    /// How many crates are compiled at once; as many as there are processors unless given.
    pub(super) jobs: Option<usize>,
    /// Whether Cargo may ask the registry for dependencies.
    pub(super) online: bool,
}

impl Workspace {
    /// Writes the manifest; members are folders relative to the root.
    fn write(&self, members: &[String]) -> std::io::Result<()> {
        let members: Vec<_> = members.iter().map(|member| format!("    {member:?},\n")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            members.concat()
        );
        std::fs::write(self.root.join("Cargo.toml"), manifest)
    }

    /// Runs Cargo (`check`, `build`, with options) on packages; gives what became of each member, by its folder relative to the
    /// root.
    ///
    /// Cargo does nothing at all when one manifest is wrong: such a member is left out, and does not compile. What
    /// Cargo says besides goes into `log`.
    pub(super) fn run(
        &self,
        action: &[&str],
        members: &[String],
        packages: &[String],
        log: &Path,
    ) -> std::io::Result<BTreeMap<String, Compiled>> {
        let mut members = members.to_vec();
        let mut packages = packages.to_vec();
        let mut wrong = BTreeMap::new();
        loop {
            self.write(&members)?;
            let mut compiled = self.start(action, &packages, log)?;
            let said = std::fs::read_to_string(log)?;
            let culprit = members.iter().position(|member| {
                let manifest = self.root.join(member).join("Cargo.toml");
                said.contains(&format!("manifest at `{}`", manifest.display()))
                    || said.contains(&format!("workspace member `{}`", manifest.display()))
            });
            let Some(culprit) = culprit.filter(|_| compiled.is_empty()) else {
                compiled.append(&mut wrong);
                return Ok(compiled);
            };
            let member = members.remove(culprit);
            packages.retain(|package| *package != member);
            let first =
                said.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect::<Vec<_>>();
            let failed = Compiled { errors: 1, first: Some(first.join(" ")), ..Compiled::default() };
            wrong.insert(member, failed);
        }
    }

    fn start(
        &self,
        action: &[&str],
        packages: &[String],
        log: &Path,
    ) -> std::io::Result<BTreeMap<String, Compiled>> {
        let records = self.root.join("compilers.jsonl");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(action).args(["--keep-going", "--message-format", "json", "--manifest-path"]);
        cargo.arg(self.root.join("Cargo.toml"));
        cargo.args(packages.iter().flat_map(|package| ["-p", package]));
        if let Some(jobs) = self.jobs {
            cargo.args(["--jobs", &jobs.to_string()]);
        }
        if !self.online {
            cargo.arg("--offline");
        }
        cargo.env("CARGO_TARGET_DIR", &self.target);
        // What the caller's shell says of warnings must not decide what counts as one.
        cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        measure::compilers(&mut cargo, &records, self.limit)?;
        let mut child = cargo.stdout(Stdio::piped()).stderr(std::fs::File::create(log)?).spawn()?;
        let mut compiled: BTreeMap<String, Compiled> = BTreeMap::new();
        let mut crates: BTreeMap<String, String> = BTreeMap::new();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let Ok(message) = serde_json::from_str::<Value>(&line?) else { continue };
                let Some(folder) = self.folder(&message) else { continue };
                if let Some(name) = message["target"]["name"].as_str() {
                    crates.insert(name.replace('-', "_"), folder.clone());
                }
                read(&message, compiled.entry(folder).or_default());
            }
        }
        child.wait()?;
        for record in measure::read(&records)? {
            let folder = record.krate.as_ref().and_then(|krate| crates.get(krate));
            if let Some(compiled) = folder.and_then(|folder| compiled.get_mut(folder)) {
                compiled.cpu += record.cpu;
                compiled.seconds += record.seconds;
                compiled.megabytes = compiled.megabytes.max(record.megabytes);
                compiled.stopped |= record.stopped;
            }
        }
        Ok(compiled)
    }

    /// The folder of the crate that a message is about, if it is one of this workspace.
    fn folder(&self, message: &Value) -> Option<String> {
        let manifest = Path::new(message["manifest_path"].as_str()?);
        let folder = manifest.parent()?.strip_prefix(&self.root).ok()?;
        Some(folder.display().to_string())
    }
}

/// Adds one of Cargo's messages.
fn read(message: &Value, compiled: &mut Compiled) {
    match message["reason"].as_str() {
        Some("compiler-artifact") => {
            compiled.success = true;
            if let Some(program) = message["executable"].as_str() {
                compiled.program = Some(program.into());
            }
        }
        Some("compiler-message") => {
            let text = message["message"]["message"].as_str().unwrap_or_default();
            // The compiler ends with a count, which is not one more.
            let counts = text.ends_with(" emitted") || text.starts_with("aborting due to ");
            match message["message"]["level"].as_str() {
                Some("warning") if !counts => compiled.warnings += 1,
                Some("error" | "error: internal compiler error") if !counts => compiled.errors += 1,
                _ => return,
            }
            let place = message["message"]["spans"].as_array().and_then(|spans| spans.first());
            let place = place.map_or_else(String::new, |span| {
                format!("{}:{}: ", span["file_name"].as_str().unwrap_or_default(), span["line_start"])
            });
            compiled.first.get_or_insert_with(|| format!("{place}{text}"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_fails_does_not_hide_another_and_warnings_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let source =
            [("good", ""), ("wordy", "fn unused() {}\nfn idle() {}"), ("bad", "fn f() -> u8 { \"\" }")];
        for (name, text) in source {
            std::fs::create_dir_all(root.join(name).join("src")).unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
            std::fs::write(root.join(name).join("Cargo.toml"), manifest).unwrap();
            std::fs::write(root.join(name).join("src/lib.rs"), text).unwrap();
        }
        let workspace = Workspace {
            target: root.join("target"),
            limit: Duration::from_secs(60),
            jobs: None,
            online: false,
            root: root.clone(),
        };
        let names = source.map(|(name, _)| name.to_owned());
        workspace.write(&names).unwrap();
        let mut compiled = BTreeMap::new();
        let lines = [
            r#"{"reason":"compiler-artifact","manifest_path":"ROOT/good/Cargo.toml","target":{"name":"good"},"executable":null}"#,
            r#"{"reason":"compiler-message","manifest_path":"ROOT/wordy/Cargo.toml","message":{"level":"warning","message":"function `f` is never used","spans":[{"file_name":"wordy/src/lib.rs","line_start":1}]}}"#,
            r#"{"reason":"compiler-message","manifest_path":"ROOT/wordy/Cargo.toml","message":{"level":"warning","message":"1 warning emitted","spans":[]}}"#,
            r#"{"reason":"compiler-artifact","manifest_path":"ROOT/wordy/Cargo.toml","target":{"name":"wordy"},"executable":"/there/wordy"}"#,
            r#"{"reason":"compiler-message","manifest_path":"ROOT/bad/Cargo.toml","message":{"level":"error","message":"mismatched types","spans":[]}}"#,
            r#"{"reason":"compiler-artifact","manifest_path":"/elsewhere/Cargo.toml","target":{"name":"serde"}}"#,
        ];
        for line in lines {
            let message: Value =
                serde_json::from_str(&line.replace("ROOT", &root.display().to_string())).unwrap();
            let Some(folder) = workspace.folder(&message) else { continue };
            read(&message, compiled.entry(folder).or_insert_with(Compiled::default));
        }
        let outcome = |name: &str| {
            let it = &compiled[name];
            (it.success, it.warnings, it.errors)
        };
        assert_eq!(outcome("good"), (true, 0, 0));
        assert_eq!(outcome("wordy"), (true, 1, 0));
        assert_eq!(outcome("bad"), (false, 0, 1));
        assert_eq!(compiled.len(), 3);
        assert_eq!(
            compiled["wordy"].first.as_deref(),
            Some("wordy/src/lib.rs:1: function `f` is never used")
        );
        assert_eq!(compiled["wordy"].program.as_deref(), Some(Path::new("/there/wordy")));
    }
}
