//! The codec that is a program: a line for each value, and a line back.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use driftline_conformance::DecodeFailure;
use driftline_conformance::round_trip::{Again, Codec};
use serde_json::{Value, json};

/// A program that [`super::harness`] has made.
#[derive(Debug)]
pub(super) struct Program {
    command: Command,
    running: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Program {
    pub(super) fn new(path: &Path) -> Self {
        let mut command = Command::new(path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Self { command, running: None }
    }

    fn ask(&mut self, question: &Value) -> std::io::Result<Value> {
        if self.running.is_none() {
            let mut child = self.command.spawn()?;
            let pipes = child.stdin.take().zip(child.stdout.take());
            let (input, output) = pipes.ok_or_else(|| std::io::Error::other("the program has no pipes"))?;
            self.running = Some((child, input, BufReader::new(output)));
        }
        let Some((_, input, output)) = &mut self.running else { return Ok(Value::Null) };
        writeln!(input, "{question}")?;
        let mut line = String::new();
        if output.read_line(&mut line)? == 0 {
            return Err(std::io::Error::other("the program ended"));
        }
        serde_json::from_str(&line).map_err(std::io::Error::other)
    }

    fn end(&mut self) {
        if let Some((mut child, input, _)) = self.running.take() {
            // Without input the program ends by itself.
            drop(input);
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

impl Codec for Program {
    fn again(&mut self, schema: &str, value: &Value) -> Option<Result<Again, DecodeFailure>> {
        let mut answer = match self.ask(&json!({"schema": schema, "value": value})) {
            Ok(answer) => answer,
            Err(error) => {
                // The next value starts it anew.
                self.end();
                let message = format!("the types end the program: {error}");
                return Some(Err(DecodeFailure { path: String::new(), message }));
            }
        };
        if answer.is_null() {
            return None;
        }
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        if let Some((path, message)) = text("path").zip(text("message")) {
            return Some(Err(DecodeFailure { path, message }));
        }
        let unrecognized = answer["unrecognized"].as_bool().unwrap_or(false);
        let violations = serde_json::from_value(answer["violations"].take()).unwrap_or_default();
        Some(Ok(Again { value: answer["value"].take(), unrecognized, violations }))
    }
}
