//! Which endpoint a command is about: options that several commands share, and the target that they choose.

use std::time::Duration;

use driftline_conformance::target::{Clock, Credential, Target};
use driftline_sandbox::{CREDENTIAL, Options, Sandbox};
use driftline_specs::{Api, Contract, TargetConfig, TargetKind};

use crate::diagnostic;

/// The target when none is given.
pub(super) const SANDBOX: &str = "sandbox";

/// How long workflows wait for what is on this machine, unless told otherwise.
const WAIT: Duration = Duration::from_secs(2);

/// An API that is to be asked.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) contract: Contract,
    pub(super) api: Option<Api>,
}

/// What becomes of an embedded target.
pub(super) enum Embedded<'a> {
    /// Its sandbox is started, with these kinds of drift.
    Start(&'a [String]),
    /// Nothing is started: what would be sent is known without it.
    Leave,
}

/// Where an API answers
#[derive(Debug, clap::Args)]
pub(crate) struct EndpointArguments {
    /// The target, as api.toml names it; `sandbox` unless given, and APIs without one are left out then
    #[arg(long, value_name = "NAME", conflicts_with = "base_url")]
    pub(super) target: Option<String>,

    /// The base URL of an endpoint that no api.toml names
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,

    /// A header for every request, such as the credential; may be given several times
    #[arg(long = "header", value_name = "K: V")]
    headers: Vec<String>,

    /// The path that moves the endpoint's own clock where a workflow waits, as `cargo xtask sandbox` has one: POST with
    /// `{"seconds": N}`. Without it a workflow waits in earnest
    #[arg(long, value_name = "PATH", requires = "base_url")]
    clock: Option<String>,

    /// An API key in the query of every request; may be given several times
    #[arg(long = "query", value_name = "K=V")]
    queries: Vec<String>,
}

impl EndpointArguments {
    /// What api.toml says of the target, where it is one of them.
    pub(super) fn config<'a>(&self, subject: &'a Subject) -> Option<&'a TargetConfig> {
        if self.base_url.is_some() {
            return None;
        }
        subject.api.as_ref()?.config.targets.get(self.name())
    }

    fn name(&self) -> &str {
        self.target.as_deref().unwrap_or(SANDBOX)
    }

    /// The target for an API; a sandbox that was started for it ends with what is returned.
    pub(super) async fn target(
        &self,
        subject: &Subject,
        embedded: Embedded<'_>,
    ) -> Result<(Target, Option<Sandbox>), miette::Report> {
        let refuse = |error: driftline_conformance::Error| refused(&error);
        if let Some(url) = &self.base_url {
            let known = at_url(subject, url);
            let (name, kind) =
                known.map_or(("base-url", TargetKind::Sandbox), |(name, config)| (name, config.kind));
            let mut target = Target::new(name, kind, url).map_err(refuse)?;
            if let Some((_, config)) = known {
                limit(&mut target, config);
            } else if is_loopback(url) {
                // Our own machine is nobody's partner.
                target.requests_per_second = None;
                target.unmetered = true;
                target.max_wait = Some(WAIT);
            }
            if let Some(path) = &self.clock {
                target.clock = Some(Clock::Asked(format!("/{}", path.trim_start_matches('/'))));
            }
            self.add_given(subject, &mut target)?;
            return Ok((target, None));
        }
        let Some(config) = self.config(subject) else {
            let known: Vec<_> =
                subject.api.iter().flat_map(|api| api.config.targets.keys()).cloned().collect();
            return Err(diagnostic::message(
                format!("{} has no target `{}`", subject.name, self.name()),
                format!("its targets are {}; --api chooses APIs", known.join(", ")),
            ));
        };
        let name = self.name();
        let (mut target, sandbox) = match &config.base_url {
            Some(_) if config.kind == TargetKind::Embedded => {
                return Err(diagnostic::message(
                    format!("the target `{name}` of {} is embedded and has a base_url", subject.name),
                    "say in api.toml which kind of environment answers there: sandbox, staging or production",
                ));
            }
            Some(url) => (Target::new(name, config.kind, url).map_err(refuse)?, None),
            None if config.kind != TargetKind::Embedded => {
                return Err(diagnostic::message(
                    format!("the target `{name}` of {} has no base_url", subject.name),
                    "put its base_url into api.toml",
                ));
            }
            // What would be sent to a sandbox is known without one.
            None if matches!(embedded, Embedded::Leave) => {
                (Target::new(name, config.kind, "http://localhost").map_err(refuse)?, None)
            }
            None => {
                let drifts = match embedded {
                    Embedded::Start(drifts) => drifts.to_vec(),
                    Embedded::Leave => Vec::new(),
                };
                let options = Options { apis: vec![subject.name.clone()], drifts, ..Options::default() };
                let sandbox = Sandbox::start(options).await.map_err(|error| {
                    diagnostic::message(error.to_string(), "name a target with a base_url, or use --base-url")
                })?;
                let url = sandbox.base_url(&subject.name).unwrap_or_default().to_owned();
                let mut target = Target::new(name, config.kind, &url).map_err(refuse)?;
                target.clock = sandbox.mover(&subject.name).map(Clock::new);
                (target, Some(sandbox))
            }
        };
        limit(&mut target, config);
        match &config.credential_env {
            _ if config.kind == TargetKind::Embedded => {
                target.credentials.push(Credential::for_contract(&subject.contract, CREDENTIAL, None));
            }
            // Only its name is shown.
            Some(variable) if matches!(embedded, Embedded::Leave) => {
                target.credentials.push(Credential::for_contract(&subject.contract, "", Some(variable)));
            }
            Some(variable) => {
                let secret =
                    std::env::var(variable).ok().filter(|secret| !secret.is_empty()).ok_or_else(|| {
                        diagnostic::message(
                            format!("the environment variable {variable} is not set"),
                            format!(
                                "put the credential of {} for `{name}` into it; specs/{}/api.toml names the variable",
                                subject.name, subject.name
                            ),
                        )
                    })?;
                target.credentials.push(Credential::for_contract(&subject.contract, &secret, Some(variable)));
            }
            None => {}
        }
        self.add_given(subject, &mut target)?;
        Ok((target, sandbox))
    }

    fn add_given(&self, subject: &Subject, target: &mut Target) -> Result<(), miette::Report> {
        for header in &self.headers {
            let Some((name, value)) = header.split_once(':') else {
                // The text may be a secret, so it is not shown.
                return Err(diagnostic::message(
                    "a --header has no colon",
                    "write it as --header 'name: value'",
                ));
            };
            target.add_header(&subject.contract, name.trim(), value.trim());
        }
        for query in &self.queries {
            let Some((name, value)) = query.split_once('=').filter(|(name, _)| !name.trim().is_empty())
            else {
                // As above.
                return Err(diagnostic::message(
                    "a --query is not a name and a value",
                    "write it as --query 'name=value'",
                ));
            };
            target.add_query(name.trim(), value.trim());
        }
        Ok(())
    }
}

/// The configured target that answers at a URL, so that its kind and limits hold however it is named.
fn at_url<'a>(subject: &'a Subject, url: &str) -> Option<(&'a String, &'a TargetConfig)> {
    let plain = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
    let mut targets = subject.api.as_ref()?.config.targets.iter();
    targets.find(|(_, config)| config.base_url.as_deref().is_some_and(|known| plain(known) == plain(url)))
}

fn limit(target: &mut Target, config: &TargetConfig) {
    if let Some(concurrency) = config.concurrency {
        target.concurrency = concurrency;
    }
    if config.requests_per_second.is_some() {
        target.requests_per_second = config.requests_per_second;
    }
    target.most_latency = config.max_latency.map(Duration::from_millis);
}

/// Whether a URL leads to this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn refused(error: &driftline_conformance::Error) -> miette::Report {
    diagnostic::message(error.to_string(), "`--help` shows the options")
}
