//! Middleware of the `tower` ecosystem around every attempt of a call.

use std::fmt;
use std::sync::Arc;

use tower::util::{BoxCloneSyncService, ServiceExt};
use tower::{Layer, Service};

use super::error::BoxError;

/// The service that sends requests: what a layer is put around.
pub type HttpService = BoxCloneSyncService<reqwest::Request, reqwest::Response, BoxError>;

/// Layers in the order in which they see a request.
#[derive(Clone, Default)]
pub(super) struct Layers(Vec<Arc<dyn Fn(HttpService) -> HttpService + Send + Sync>>);

impl Layers {
    pub(super) fn push<L>(&mut self, layer: L)
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<reqwest::Request, Response = reqwest::Response> + Clone + Send + Sync + 'static,
        <L::Service as Service<reqwest::Request>>::Error: Into<BoxError>,
        <L::Service as Service<reqwest::Request>>::Future: Send + 'static,
    {
        self.0.push(Arc::new(move |inner| HttpService::new(layer.layer(inner).map_err(Into::into))));
    }

    /// Puts the layers around a client; without any there is no service, and no box.
    pub(super) fn around(&self, http: &reqwest::Client) -> Option<HttpService> {
        let (last, others) = self.0.split_last()?;
        let innermost = last(HttpService::new(http.clone().map_err(BoxError::from)));
        Some(others.iter().rev().fold(innermost, |inner, layer| layer(inner)))
    }
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} layers", self.0.len())
    }
}
