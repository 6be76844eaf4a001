//! The body of an answer, read as it comes.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::Body;

use super::TransportError;
use super::limit::Turn;

/// The body of an answer, read as it comes: a `Stream` of `Result<Bytes, TransportError>`.
///
/// It ends with an error where it is larger than the client's limit, where the connection breaks, and where nothing
/// comes for as long as an attempt may take. A call is under way, and counts where there may be only so many at a
/// time, until its stream has been read to the end or dropped.
///
/// ```no_run
/// # use driftline_runtime::ByteStream;
/// # async fn example(mut body: ByteStream, mut file: impl std::io::Write) -> Result<(), Box<dyn std::error::Error>> {
/// while let Some(chunk) = body.chunk().await? {
///     file.write_all(&chunk)?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream {
    body: reqwest::Body,
    left: usize,
    limit: usize,
    /// Gone when there is nothing more to read.
    turn: Option<Turn>,
}

impl ByteStream {
    pub(super) fn new(response: reqwest::Response, limit: usize, turn: Turn) -> Result<Self, TransportError> {
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(TransportError::TooLarge { limit });
        }
        Ok(Self { body: response.into(), left: limit, limit, turn: Some(turn) })
    }

    /// Reads the next bytes, or nothing at the end.
    ///
    /// # Errors
    ///
    /// Fails when the body cannot be read further or is too large.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Reads all that is left.
    ///
    /// # Errors
    ///
    /// Fails when the body cannot be read to its end or is too large.
    pub async fn bytes(mut self) -> Result<Bytes, TransportError> {
        self.rest().await
    }

    pub(super) async fn rest(&mut self) -> Result<Bytes, TransportError> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.chunk().await? else { return Ok(first) };
        let mut bytes = BytesMut::from(first);
        bytes.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// Puts back what was read.
    pub(super) fn after(mut self, read: Bytes) -> Self {
        if !read.is_empty() {
            self.left = read.len();
            self.body = read.into();
            self.turn = Some(Turn::default());
        }
        self
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.turn.is_none() {
            return Poll::Ready(None);
        }
        loop {
            let item = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => match self.left.checked_sub(bytes.len()) {
                        Some(left) => {
                            self.left = left;
                            return Poll::Ready(Some(Ok(bytes)));
                        }
                        None => Some(Err(TransportError::TooLarge { limit: self.limit })),
                    },
                    // Trailers are no part of the body.
                    Err(_) => continue,
                },
                Some(Err(error)) => Some(Err(error.into())),
                None => None,
            };
            // What is given up is not under way any more.
            self.body = reqwest::Body::default();
            self.turn = None;
            return Poll::Ready(item);
        }
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stream of bytes")
    }
}
