//! The settings of a generated client's builder that no contract changes.

/// Gives a generated builder, whose field `http` is an [`HttpClientBuilder`](crate::HttpClientBuilder), the settings
/// that no contract changes.
#[doc(hidden)]
#[macro_export]
macro_rules! client_settings {
    ($builder:ident) => {
        $crate::recording_settings!($builder);

        /// Settings that every client has.
        impl $builder {
            /// Sets the time that a call may take in all: its attempts, the waiting between them, and that for its
            /// turn; 90 seconds unless set. Of an answer that is streamed only the head counts.
            pub fn timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.http = self.http.timeout(timeout);
                self
            }

            /// Sets the time in which one attempt has to be answered completely; 30 seconds unless set. Of an answer
            /// that is streamed it is the time in which the head, and then each further part, has to come.
            pub fn attempt_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.http = self.http.attempt_timeout(timeout);
                self
            }

            /// Sets the time in which a connection has to be made; 10 seconds unless set.
            pub fn connect_timeout(mut self, timeout: ::core::time::Duration) -> Self {
                self.http = self.http.connect_timeout(timeout);
                self
            }

            /// Sets when a call is tried again that may be repeated: twice unless set.
            pub fn retry(mut self, retry: $crate::Retry) -> Self {
                self.http = self.http.retry(retry);
                self
            }

            /// Lets at most so many calls be under way at a time, over all clones of the client: until the answer has
            /// been read, its stream ended, or the call's future been dropped. The API's own limit, if it has one, is
            /// only made narrower.
            pub fn concurrency(mut self, calls: usize) -> Self {
                self.http = self.http.concurrency(calls);
                self
            }

            /// Lets at most so many requests leave each second, over all clones of the client. The API's own limit, if
            /// it has one, is only made narrower.
            pub fn requests_per_second(mut self, rate: f64) -> Self {
                self.http = self.http.requests_per_second(rate);
                self
            }

            /// Puts a layer of the `tower` ecosystem around every attempt of a call; the first one sees a request
            /// first. Token requests do not pass it.
            pub fn layer<L>(mut self, layer: L) -> Self
            where
                L: $crate::private::tower::Layer<$crate::HttpService> + Send + Sync + 'static,
                L::Service: $crate::private::tower::Service<
                        $crate::reqwest::Request,
                        Response = $crate::reqwest::Response,
                        Error: Into<Box<dyn ::core::error::Error + Send + Sync>>,
                        Future: Send + 'static,
                    > + Clone
                    + Send
                    + Sync
                    + 'static,
            {
                self.http = self.http.layer(layer);
                self
            }

            /// Sets the `User-Agent`.
            pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
                self.http = self.http.user_agent(user_agent);
                self
            }

            /// Sets the size in bytes above which an answer is an error, and a stream ends with one; 64 MiB unless
            /// set.
            pub fn max_response_bytes(mut self, bytes: usize) -> Self {
                self.http = self.http.max_response_bytes(bytes);
                self
            }

            /// Sets whether a request whose JSON body violates the constraints of its schema is refused instead of
            /// sent; off unless set.
            pub fn validate_requests(mut self, validate: bool) -> Self {
                self.http = self.http.validate_requests(validate);
                self
            }
        }
    };
}

/// Gives a generated builder what only recordings are answered with; nothing without the feature `calls`, so that an
/// application cannot leave the limits of an API behind.
#[cfg(feature = "calls")]
#[doc(hidden)]
#[macro_export]
macro_rules! recording_settings {
    ($builder:ident) => {
        impl $builder {
            #[doc(hidden)]
            pub fn for_recordings(mut self) -> Self {
                self.http = self.http.for_recordings();
                self
            }
        }
    };
}

#[cfg(not(feature = "calls"))]
#[doc(hidden)]
#[macro_export]
macro_rules! recording_settings {
    ($builder:ident) => {};
}
