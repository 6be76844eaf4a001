//! Starting and stopping: one listener an API, all of them on loopback unless the caller insists.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use driftline_specs::Contract;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::contracts::{Definition, definitions};
use crate::drift::{self, Drift, Exhibit, Mutant};
use crate::error::Error;
use crate::generic;
use crate::host::{Host, respond};
use crate::limits::Limiter;
use crate::options::Options;
use crate::rules;
use crate::service::{Service, World};

/// How long answers in progress may take when a sandbox stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// The names of the APIs that a sandbox can serve, sorted.
pub fn apis() -> Vec<&'static str> {
    definitions().iter().map(|definition| definition.name).collect()
}

/// Starts a stand-in endpoint of one API with every default: true to its contract, on a free port of loopback, and alone,
/// so that tests do not meet. Must be called within a Tokio runtime, which also runs it.
///
/// ```
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// // #[tokio::test]
/// let sandbox = driftline_sandbox::start("enrollconnect").await?;
/// let url = format!("{}/api/v1/applications", sandbox.url());
/// let client = reqwest::Client::new();
/// let answer = client.get(url).header("x-api-key", driftline_sandbox::CREDENTIAL).send().await?;
/// assert_eq!(answer.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Fails when there is no such API, or when nothing can listen on loopback.
pub async fn start(api: &str) -> Result<Sandbox, Error> {
    Sandbox::start(Options { apis: vec![api.to_owned()], ..Options::default() }).await
}

/// Stand-in endpoints that answer until the value is dropped.
pub struct Sandbox {
    endpoints: Vec<Endpoint>,
    closing: watch::Sender<bool>,
}

/// An API that is to be opened.
struct Served<'a, F> {
    api: &'a str,
    contract: Contract,
    service: F,
}

struct Endpoint {
    api: String,
    base_url: String,
    host: Arc<Host>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts listening for the APIs that the options name. Must be called within a Tokio runtime, which
    /// also runs the endpoints.
    pub async fn start(options: Options) -> Result<Sandbox, Error> {
        if !options.address.ip().is_loopback() && !options.allow_remote {
            return Err(Error::NotLoopback { address: options.address });
        }
        let definitions = chosen_apis(&options.apis)?;
        let drifts = chosen_drifts(&options.drifts, &definitions)?;
        refuse_mutants_elsewhere(&options.mutants, &definitions)?;
        let (closing, _) = watch::channel(false);
        let mut sandbox = Sandbox { endpoints: Vec::new(), closing };
        for (at, definition) in definitions.into_iter().enumerate() {
            let listener = listen(definition.name, options.address, at).await?;
            let drifts = drifts.iter().copied().filter(|drift| drift.kind.api == definition.name).collect();
            let contract = definition.contract()?;
            let served = Served { api: definition.name, contract, service: definition.service };
            let endpoint = sandbox.open(served, listener, drifts, &options)?;
            sandbox.endpoints.push(endpoint);
        }
        Ok(sandbox)
    }

    /// Starts listening for an API that is mocked from its contract alone, under a name of the caller's choice. Must
    /// be called within a Tokio runtime, as [`start`](Self::start).
    ///
    /// The options' `apis` do not matter, and the catalogue of drifts has none for it; `mutants` that carry the name
    /// are applied.
    pub async fn serve(api: &str, contract: Contract, options: Options) -> Result<Sandbox, Error> {
        if !options.address.ip().is_loopback() && !options.allow_remote {
            return Err(Error::NotLoopback { address: options.address });
        }
        if let Some(id) = options.drifts.first() {
            return Err(Error::UnknownDrift {
                id: id.clone(),
                known: "none for a contract of your own".to_owned(),
            });
        }
        if let Some(mutant) = options.mutants.iter().find(|mutant| mutant.api != api) {
            return Err(Error::DriftElsewhere { id: mutant.id(), api: mutant.api.clone() });
        }
        let (closing, _) = watch::channel(false);
        let mut sandbox = Sandbox { endpoints: Vec::new(), closing };
        let listener = listen(api, options.address, 0).await?;
        let mocked = contract.clone();
        let service = move |world| generic::service(mocked, world);
        let endpoint = sandbox.open(Served { api, contract, service }, listener, Vec::new(), &options)?;
        sandbox.endpoints.push(endpoint);
        Ok(sandbox)
    }

    /// Scheme, host and port of an API, without a slash at the end; nothing if it is not served.
    pub fn base_url(&self, api: &str) -> Option<&str> {
        self.endpoints.iter().find(|endpoint| endpoint.api == api).map(|endpoint| endpoint.base_url.as_str())
    }

    /// Scheme, host and port of the only API, without a slash at the end; of several the first one's.
    pub fn url(&self) -> &str {
        // Every sandbox that was started serves an API.
        self.endpoints.first().map_or("", |endpoint| endpoint.base_url.as_str())
    }

    /// The names of the APIs that are served.
    pub fn apis(&self) -> impl Iterator<Item = &str> + '_ {
        self.endpoints.iter().map(|endpoint| endpoint.api.as_str())
    }

    /// Moves the clock of every API forward.
    pub fn advance(&self, by: Duration) {
        for endpoint in &self.endpoints {
            endpoint.host.clock.advance(by);
        }
    }

    /// Returns what moves the clock of an API forward, for as long as anybody keeps it; nothing if it is not served.
    pub fn mover(&self, api: &str) -> Option<impl Fn(Duration) + Send + Sync + use<>> {
        let endpoint = self.endpoints.iter().find(|endpoint| endpoint.api == api)?;
        let clock = Arc::clone(&endpoint.host.clock);
        Some(move |by: Duration| {
            clock.advance(by);
        })
    }

    /// Takes every API back to its seeded world.
    pub fn reset(&self) {
        for endpoint in &self.endpoints {
            endpoint.host.reset();
        }
    }

    /// How many answers the mutants have changed. One that has changed none was never shown to anybody.
    pub fn mutated(&self) -> u64 {
        let exhibits = self.endpoints.iter().flat_map(|endpoint| &endpoint.host.exhibits);
        exhibits.map(Exhibit::shown).sum()
    }

    /// Stops listening, lets the answers in progress finish for a moment, and returns when all is closed.
    pub async fn shutdown(mut self) {
        self.closing.send_replace(true);
        for endpoint in std::mem::take(&mut self.endpoints) {
            let abort = endpoint.server.abort_handle();
            if tokio::time::timeout(FAREWELL, endpoint.server).await.is_err() {
                abort.abort();
            }
        }
    }

    fn open(
        &self,
        served: Served<'_, impl FnOnce(World) -> Box<dyn Service>>,
        listener: TcpListener,
        drifts: Vec<&'static Drift>,
        options: &Options,
    ) -> Result<Endpoint, Error> {
        let Served { api, contract, service } = served;
        let clock = Arc::new(Clock::new(options.clock));
        let service = service(World {
            seed: options.seed,
            clock: Arc::clone(&clock),
            settle_after: options.settle_after,
            capacity: options.capacity,
        });
        let address = listener.local_addr().map_err(|source| Error::Listen {
            api: api.to_owned(),
            address: options.address,
            source,
        })?;
        let host = Arc::new(Host {
            rules: if service.reads_requests() {
                HashMap::new()
            } else {
                rules::compile(api, &contract, service.routes())?
            },
            limiter: Limiter::new(options.limits, service.stated_limits()),
            service,
            clock,
            drifts,
            exhibits: exhibits(api, options),
            misbehave: options.misbehave.clone(),
            seed: options.seed,
            max_body: options.max_body,
            base_url: format!("http://{address}"),
            closing: self.closing.subscribe(),
            requests: AtomicU64::new(0),
        });
        let base_url = host.base_url.clone();
        let router = Router::new().fallback(respond).with_state(Arc::clone(&host));
        let mut closing = self.closing.subscribe();
        let server = tokio::spawn(async move {
            let closed = async move {
                // An error means that the sandbox was dropped, which is the signal too.
                let _ = closing.wait_for(|closing| *closing).await;
            };
            // Accepting never fails for good: axum retries, so there is no error to pass on.
            let _ = axum::serve(listener, router).with_graceful_shutdown(closed).await;
        });
        Ok(Endpoint { api: api.to_owned(), base_url, host, server })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.closing.send_replace(true);
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.endpoints.iter().map(|endpoint| &endpoint.base_url)).finish()
    }
}

async fn listen(api: &str, first: SocketAddr, at: usize) -> Result<TcpListener, Error> {
    let mut address = first;
    if first.port() != 0 {
        let port = u16::try_from(at).ok().and_then(|at| first.port().checked_add(at));
        address.set_port(port.ok_or_else(|| Error::NoPort { api: api.to_owned(), address: first })?);
    }
    TcpListener::bind(address).await.map_err(|source| Error::Listen { api: api.to_owned(), address, source })
}

fn chosen_apis(names: &[String]) -> Result<Vec<&'static Definition>, Error> {
    if names.is_empty() {
        return Ok(definitions().iter().collect());
    }
    let mut chosen: Vec<&'static Definition> = Vec::new();
    for name in names {
        let definition = definitions().iter().find(|definition| definition.name == name);
        let definition =
            definition.ok_or_else(|| Error::UnknownApi { name: name.clone(), known: apis().join(", ") })?;
        if !chosen.iter().any(|other| other.name == definition.name) {
            chosen.push(definition);
        }
    }
    Ok(chosen)
}

fn chosen_drifts(ids: &[String], served: &[&Definition]) -> Result<Vec<&'static Drift>, Error> {
    let mut chosen: Vec<&'static Drift> = Vec::new();
    for id in ids {
        let drift = drift::find(id).ok_or_else(|| {
            let known: Vec<&str> = drift::catalogue().iter().map(|kind| kind.id).collect();
            Error::UnknownDrift { id: id.clone(), known: known.join(", ") }
        })?;
        if !served.iter().any(|definition| definition.name == drift.kind.api) {
            return Err(Error::DriftElsewhere { id: id.clone(), api: drift.kind.api.to_owned() });
        }
        if !chosen.iter().any(|other| other.kind.id == drift.kind.id) {
            chosen.push(drift);
        }
    }
    Ok(chosen)
}

fn exhibits(api: &str, options: &Options) -> Vec<Exhibit> {
    let own = options.mutants.iter().filter(|mutant| mutant.api == api);
    own.map(|mutant| Exhibit::new(mutant.clone(), options.seed)).collect()
}

fn refuse_mutants_elsewhere(mutants: &[Mutant], served: &[&Definition]) -> Result<(), Error> {
    let elsewhere =
        mutants.iter().find(|mutant| !served.iter().any(|definition| definition.name == mutant.api));
    elsewhere.map_or(Ok(()), |mutant| Err(Error::DriftElsewhere { id: mutant.id(), api: mutant.api.clone() }))
}
