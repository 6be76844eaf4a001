//! What came back.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::limit::Turn;
use super::{Body, ByteStream, Error, TransportError};
use crate::{DecodeError, decode};

/// A documented success: status, headers and the typed body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: T,
}

impl<T> Response<T> {
    /// Returns the body alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// Returns where a redirect leads, as the server has written it; the client does not follow it.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }

    /// Changes the body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { status: self.status, headers: self.headers, body: change(self.body) }
    }
}

/// An answer that nobody has interpreted yet. Generated code asks for its status and then for its body.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// What is left to be read, where the body was not.
    stream: ByteStream,
}

impl Answer {
    /// Takes an answer, whose body is read at once unless it is to be streamed.
    pub(super) async fn take(
        mut response: reqwest::Response,
        limit: usize,
        streamed: bool,
        turn: Turn,
    ) -> Result<Self, TransportError> {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut stream = ByteStream::new(response, limit, turn)?;
        let body = if streamed { Bytes::new() } else { stream.rest().await? };
        Ok(Self { status, headers, body, stream })
    }

    pub(super) fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Returns the status code.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Interprets the answer as a documented success with a JSON body.
    pub fn json<T: DeserializeOwned, E>(self) -> Result<Response<T>, Error<E>> {
        match self.decode() {
            Ok(body) => Ok(Response { status: self.status, headers: self.headers, body }),
            Err(error) => Err(self.undecodable(error)),
        }
    }

    /// Interprets the answer as a documented success with a body that is not JSON, or none.
    pub fn raw<E>(self) -> Result<Response<Body>, Error<E>> {
        Ok(Response { status: self.status, headers: self.headers, body: self.body.into() })
    }

    /// Interprets the answer as a documented success with a body that is read as it comes.
    pub fn stream<E>(self) -> Result<Response<ByteStream>, Error<E>> {
        Ok(Response { status: self.status, headers: self.headers, body: self.stream.after(self.body) })
    }

    /// Interprets the answer as a documented success with a text body.
    pub fn text<E>(self) -> Result<Response<String>, Error<E>> {
        match String::from_utf8(self.body.to_vec()) {
            Ok(body) => Ok(Response { status: self.status, headers: self.headers, body }),
            Err(_) => Err(self.undecodable(decode::not_utf8())),
        }
    }

    /// Interprets the answer as a documented error with a JSON body.
    pub fn json_error<T: DeserializeOwned, E>(self, variant: impl FnOnce(T) -> E) -> Error<E> {
        match self.decode() {
            Ok(body) => {
                Error::Status { status: self.status, headers: Box::new(self.headers), error: variant(body) }
            }
            Err(error) => self.undecodable(error),
        }
    }

    /// Interprets the answer as a documented error with a body that is not JSON, or none.
    pub fn raw_error<E>(self, variant: impl FnOnce(Body) -> E) -> Error<E> {
        Error::Status {
            status: self.status,
            headers: Box::new(self.headers),
            error: variant(self.body.into()),
        }
    }

    /// Interprets the answer as one that the contract does not document.
    pub fn undocumented<E>(self) -> Error<E> {
        Error::Undocumented { status: self.status, headers: Box::new(self.headers), body: self.body.into() }
    }

    fn undecodable<E>(self, error: DecodeError) -> Error<E> {
        Error::Decode { status: self.status, headers: Box::new(self.headers), body: self.body.into(), error }
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode::from_slice(&self.body).map_err(|error| {
            let media_type = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            match media_type {
                // A page where JSON should be says more about what went wrong than its first character.
                Some(media_type)
                    if error.is_syntax() && !media_type.to_ascii_lowercase().contains("json") =>
                {
                    decode::not_json(media_type)
                }
                _ => error,
            }
        })
    }
}
