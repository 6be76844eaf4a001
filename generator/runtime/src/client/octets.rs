//! Bytes that a request carries: in memory, or as they come.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::TransportError;
use super::error::BoxError;

/// Bytes to send: in memory, or a stream that is read while it is sent.
///
/// A stream is sent once: its request is not tried again, and its clones share it.
///
/// ```no_run
/// # use driftline_runtime::Octets;
/// # fn example(file: impl tokio::io::AsyncRead + Send + 'static, length: u64) {
/// let small = Octets::from(b"bytes".to_vec());
/// let large = Octets::reader(file).length(length);
/// # }
/// ```
#[derive(Clone)]
pub struct Octets(Content);

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Stream { source: Arc<Mutex<Option<Source>>>, length: Option<u64> },
}

type Source = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

impl Octets {
    /// Sends the bytes of a stream. Without a [length](Self::length) they go in chunks (RFC 9112 section 7.1).
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        let source: Source = Box::pin(Converted(Box::pin(stream)));
        Self(Content::Stream { source: Arc::new(Mutex::new(Some(source))), length: None })
    }

    /// Sends what a reader gives, for instance a file.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(ReaderStream::new(reader))
    }

    /// Says how many bytes the stream has, where that is known; a stream that has others breaks the call off. Bytes in
    /// memory know their length.
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Stream { length, .. } = &mut self.0 {
            *length = Some(bytes);
        }
        self
    }

    /// Whether they can be sent more than once.
    pub(super) fn is_repeatable(&self) -> bool {
        matches!(self.0, Content::Bytes(_))
    }

    pub(super) fn known_length(&self) -> Option<u64> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Stream { length, .. } => *length,
        }
    }

    pub(super) fn in_memory(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stream { .. } => None,
        }
    }

    /// Makes a body; a stream is gone afterwards.
    pub(super) fn to_body(&self) -> Result<reqwest::Body, TransportError> {
        match &self.0 {
            Content::Bytes(bytes) => Ok(bytes.clone().into()),
            Content::Stream { source, length } => {
                let source = source.lock().unwrap_or_else(PoisonError::into_inner).take();
                let source = source.ok_or_else(|| {
                    let reason =
                        "the stream that it carries was sent before; give each request one of its own";
                    TransportError::Request(reason.to_owned())
                })?;
                Ok(reqwest::Body::wrap(StreamBody { source: Mutex::new(source), left: *length }))
            }
        }
    }
}

impl From<Bytes> for Octets {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Octets {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static [u8]> for Octets {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<String> for Octets {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Octets {
    fn from(text: &'static str) -> Self {
        text.as_bytes().into()
    }
}

/// Bytes in memory are equal by value, streams where they are the same one.
impl PartialEq for Octets {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Content::Bytes(one), Content::Bytes(other)) => one == other,
            (Content::Stream { source: one, .. }, Content::Stream { source: other, .. }) => {
                Arc::ptr_eq(one, other)
            }
            _ => false,
        }
    }
}

impl Eq for Octets {}

/// Shows the size only: they may be personal data.
impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known_length() {
            Some(length) => write!(f, "{length} bytes"),
            None => f.write_str("a stream of bytes"),
        }
    }
}

/// Brings the items of a stream into one form.
struct Converted<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Converted<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0
            .as_mut()
            .poll_next(context)
            .map(|item| item.map(|item| item.map(Into::into).map_err(Into::into)))
    }
}

/// A stream as a body of a request. The mutex is never locked: it makes what is in it `Sync`.
struct StreamBody {
    source: Mutex<Source>,
    left: Option<u64>,
}

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let body = self.get_mut();
        let source = body.source.get_mut().unwrap_or_else(PoisonError::into_inner);
        source.as_mut().poll_next(context).map(|item| match (item, &mut body.left) {
            (Some(Ok(bytes)), Some(left)) => match left.checked_sub(bytes.len() as u64) {
                Some(rest) => {
                    *left = rest;
                    Some(Ok(Frame::data(bytes)))
                }
                None => Some(Err("the stream is longer than was said".into())),
            },
            (None, Some(left)) if *left > 0 => Some(Err("the stream is shorter than was said".into())),
            (item, _) => item.map(|item| item.map(Frame::data)),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
