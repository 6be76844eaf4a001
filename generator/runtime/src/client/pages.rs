//! Lists that come in pages, as streams of pages and of items.
//!
//! Nothing here trusts the server to end: a cursor that comes again, a page that comes again and a link that leads to
//! another host are errors, and a caller can say how many pages are enough.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{Answer, Error, Request, Response, TransportError, link};

/// What leads from one page to the next; parameters are query parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// A parameter with the number of items to skip, another one with the size of a page, and that size where it is
    /// not set.
    Offset(&'static str, Option<&'static str>, Option<u64>),
    /// A parameter with the number of the page, the first page's number, a parameter with the size of a page, and that
    /// size where it is not set.
    Page(&'static str, u64, Option<&'static str>, Option<u64>),
    /// A parameter with a cursor that the page before has in its body, perhaps as a part of a URL.
    Cursor(&'static str),
    /// A URL that the page before has in its body.
    Url,
    /// A URL in the header `Link` of the page before (RFC 8288).
    Link,
}

/// How the pages of one operation are read.
#[derive(Debug, Clone, Copy)]
pub struct Walk<T, I, E> {
    /// What leads from one page to the next.
    pub paging: Paging,
    /// Reads an answer.
    pub read: fn(Answer) -> Result<Response<T>, Error<E>>,
    /// Finds the items of a page.
    pub items: fn(&mut T) -> Option<&mut Vec<I>>,
    /// Finds the cursor or URL of the next page.
    pub next: fn(&T) -> Option<String>,
    /// Finds the number of all items.
    pub total: fn(&T) -> Option<String>,
}

/// Writes a cursor or a number as text; none for `null` and the empty text.
pub fn text_of<T: Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value).ok()? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Where a list goes on: give it to [`Pages::resume`], perhaps much later and in another process.
///
/// ```
/// use driftline_runtime::PageToken;
///
/// let token: PageToken = "offset:50".parse().unwrap();
/// assert_eq!(token.to_string(), "offset:50");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageToken(Position);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Position {
    Offset(u64),
    Page(u64),
    Cursor(String),
    Url(String),
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Position::Offset(offset) => write!(f, "offset:{offset}"),
            Position::Page(page) => write!(f, "page:{page}"),
            Position::Cursor(cursor) => write!(f, "cursor:{cursor}"),
            Position::Url(url) => write!(f, "url:{url}"),
        }
    }
}

impl FromStr for PageToken {
    type Err = PaginationError;

    fn from_str(text: &str) -> Result<Self, PaginationError> {
        let (kind, value) = text.split_once(':').ok_or(PaginationError::Token)?;
        let number = || value.parse().map_err(|_| PaginationError::Token);
        Ok(Self(match kind {
            "offset" => Position::Offset(number()?),
            "page" => Position::Page(number()?),
            "cursor" => Position::Cursor(value.to_owned()),
            "url" => Position::Url(value.to_owned()),
            _ => return Err(PaginationError::Token),
        }))
    }
}

/// Why a list cannot be walked on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaginationError {
    /// The server leads back to a page that was there before; to go on would have no end.
    #[error("the API leads back to a page that it gave before, so the list would never end")]
    Repeated,
    /// The next page would be on another host, where the credentials have no business.
    #[error("the API puts the next page on another host ({host}), where this client does not go")]
    OtherHost {
        /// The host.
        host: String,
    },
    /// What leads to the next page cannot be understood.
    #[error("the API gives the next page a URL that is malformed")]
    Url,
    /// The token is none, or one of another operation.
    #[error("this page token is none that this list gave")]
    Token,
}

/// One page.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The answer: status, headers and the typed body.
    pub response: Response<T>,
    /// Where the list goes on, if it does.
    pub next: Option<PageToken>,
}

type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, TransportError>> + Send + 'a>>;

/// The pages of a list, as a [`Stream`]; requests are sent one by one, as pages are asked for.
///
/// The stream ends after the last page, or after an error.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<'a, T, I, E> {
    request: Request<'a>,
    walk: Walk<T, I, E>,
    position: Option<Position>,
    /// How many items were before this page, where that is known.
    before: Option<u64>,
    seen: HashSet<u64>,
    hasher: RandomState,
    last: Option<u64>,
    left: Option<usize>,
    done: bool,
    pending: Option<Pending<'a>>,
}

impl<T, I, E> fmt::Debug for Pages<'_, T, I, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("request", &self.request).finish_non_exhaustive()
    }
}

impl<'a, T, I, E> Pages<'a, T, I, E> {
    /// Starts where the request says.
    pub fn new(request: Request<'a>, walk: Walk<T, I, E>) -> Self {
        let set = |parameter| request.query_number(parameter);
        let (position, before) = match walk.paging {
            Paging::Offset(parameter, ..) => {
                let offset = set(parameter).unwrap_or(0);
                (Some(Position::Offset(offset)), Some(offset))
            }
            Paging::Page(parameter, first, ..) => {
                let page = set(parameter).unwrap_or(first);
                (Some(Position::Page(page)), (page == first).then_some(0))
            }
            _ => (None, Some(0)),
        };
        Self {
            request,
            walk,
            position,
            before,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            last: None,
            left: None,
            done: false,
            pending: None,
        }
    }

    /// Starts at a page that was left before.
    pub fn resume(mut self, token: PageToken) -> Self {
        self.before = match token.0 {
            Position::Offset(offset) => Some(offset),
            _ => None,
        };
        self.position = Some(token.0);
        self
    }

    /// Ends after so many pages, if the list does not end before.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.left = Some(pages);
        self
    }

    /// Goes through the items of all pages.
    pub fn items(self) -> Items<'a, T, I, E> {
        Items { pages: self, here: Vec::new().into_iter() }
    }

    /// Fetches the next page: `StreamExt::next` for those who have no such trait at hand.
    ///
    /// Dropping the future loses nothing: the next call waits for the same page.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error<E>>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error<E>>>> {
        if self.done || self.left == Some(0) {
            return Poll::Ready(None);
        }
        let pending = match &mut self.pending {
            Some(pending) => pending,
            None => match self.request() {
                Ok(request) => self.pending.insert(Box::pin(request.send())),
                Err(error) => {
                    self.done = true;
                    return Poll::Ready(Some(Err(error)));
                }
            },
        };
        let answer = ready!(pending.as_mut().poll(context));
        self.pending = None;
        let page = answer.map_err(Error::from).and_then(|answer| self.page(answer));
        self.left = self.left.map(|left| left - 1);
        self.done = !matches!(&page, Ok(Page { next: Some(_), .. }));
        Poll::Ready(Some(page))
    }

    /// The request of the next page.
    fn request(&self) -> Result<Request<'a>, Error<E>> {
        let mut request = self.request.clone();
        match (&self.position, self.walk.paging) {
            (None, _) => {}
            (Some(Position::Offset(offset)), Paging::Offset(parameter, ..)) => {
                // The first page is asked for as the caller has put it.
                if *offset > 0 {
                    request.query(parameter, super::Style::FormExploded, offset);
                }
            }
            (Some(Position::Page(page)), Paging::Page(parameter, ..)) => {
                request.query(parameter, super::Style::FormExploded, page);
            }
            (Some(Position::Cursor(cursor)), Paging::Cursor(parameter)) => {
                request.query(parameter, super::Style::FormExploded, cursor);
            }
            (Some(Position::Url(url)), Paging::Url | Paging::Link) => {
                let url = Url::parse(url).map_err(|_| PaginationError::Url)?;
                self.same_host(&url)?;
                request.go_to(url);
            }
            _ => return Err(PaginationError::Token.into()),
        }
        Ok(request)
    }

    fn same_host(&self, url: &Url) -> Result<(), PaginationError> {
        let base = self.request.base_url();
        if url.origin() == base.origin() && url.username().is_empty() && url.password().is_none() {
            return Ok(());
        }
        Err(PaginationError::OtherHost { host: url.host_str().unwrap_or("none").to_owned() })
    }

    /// Reads a page, and where the next one is.
    fn page(&mut self, answer: Answer) -> Result<Page<T>, Error<E>> {
        let hash = self.hasher.hash_one(answer.bytes());
        let link = matches!(self.walk.paging, Paging::Link).then(|| link::next(answer.headers())).flatten();
        let mut response = (self.walk.read)(answer)?;
        let count = (self.walk.items)(&mut response.body).map_or(0, |items| items.len());
        if count > 0 && self.last.replace(hash) == Some(hash) {
            return Err(PaginationError::Repeated.into());
        }
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let so_far = self.before.map(|before| before.saturating_add(count));
        let total = (self.walk.total)(&response.body).and_then(|total| total.parse::<u64>().ok());
        let ends = |limit: Option<&'static str>, usual: Option<u64>| {
            let limit = limit.and_then(|limit| self.request.query_number(limit)).or(usual);
            // A total that is too small, as one that counts a page, must not hide the rest of the list.
            let promised = total.zip(so_far).is_some_and(|(total, so_far)| so_far < total);
            count == 0 || (limit.is_some_and(|limit| count < limit) && !promised)
        };
        let next = match (self.walk.paging, &self.position) {
            (Paging::Offset(_, limit, usual), Some(Position::Offset(offset))) => {
                (!ends(limit, usual)).then(|| Position::Offset(offset.saturating_add(count)))
            }
            (Paging::Page(_, _, limit, usual), Some(Position::Page(page))) => {
                (!ends(limit, usual)).then(|| Position::Page(page.saturating_add(1)))
            }
            (Paging::Cursor(parameter), _) => {
                (self.walk.next)(&response.body).map(|text| Position::Cursor(cursor_in(text, parameter)))
            }
            (Paging::Url, _) => (self.walk.next)(&response.body).map(|text| self.join(&text)).transpose()?,
            (Paging::Link, _) => link.map(|text| self.join(&text)).transpose()?,
            _ => None,
        };
        if let Some(position) = &next
            && !self.seen.insert(self.hasher.hash_one(position))
        {
            return Err(PaginationError::Repeated.into());
        }
        self.before = so_far;
        self.position.clone_from(&next);
        Ok(Page { response, next: next.map(PageToken) })
    }

    /// The place of a URL that may be relative to the page's own (RFC 3986 section 5).
    fn join(&self, text: &str) -> Result<Position, Error<E>> {
        let own = match &self.position {
            Some(Position::Url(url)) => Url::parse(url).map_err(|_| PaginationError::Url)?,
            _ => self.request.url()?,
        };
        let url = own.join(text).map_err(|_| PaginationError::Url)?;
        self.same_host(&url)?;
        Ok(Position::Url(url.into()))
    }
}

/// The cursor itself, where it comes as a part of a URL.
fn cursor_in(text: String, parameter: &str) -> String {
    let query = match text.split_once('?') {
        Some((_, query)) => query.split('#').next().unwrap_or_default(),
        None => return text,
    };
    let pair = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == parameter);
    pair.map(|(_, value)| value.into_owned()).unwrap_or(text)
}

impl<T, I, E> Stream for Pages<'_, T, I, E> {
    type Item = Result<Page<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// The items of a list, as a [`Stream`]; pages are fetched as items are asked for.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<'a, T, I, E> {
    pages: Pages<'a, T, I, E>,
    here: std::vec::IntoIter<I>,
}

impl<T, I, E> fmt::Debug for Items<'_, T, I, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("request", &self.pages.request).finish_non_exhaustive()
    }
}

impl<T, I, E> Items<'_, T, I, E> {
    /// Fetches the next item: `StreamExt::next` for those who have no such trait at hand.
    ///
    /// Dropping the future loses nothing: the next call gives the same item.
    pub async fn next(&mut self) -> Option<Result<I, Error<E>>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I, Error<E>>>> {
        loop {
            if let Some(item) = self.here.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(mut page)) => {
                    let items = (self.pages.walk.items)(&mut page.response.body).map(std::mem::take);
                    self.here = items.unwrap_or_default().into_iter();
                }
            }
        }
    }
}

impl<T, I, E> Stream for Items<'_, T, I, E>
where
    I: Unpin,
{
    type Item = Result<I, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}
