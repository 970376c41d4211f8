//! [`DeletedSearch`]: the history of deleted coupons.

use std::{
    fmt,
    fmt::Display,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, future::BoxFuture, stream, stream::BoxStream};

use crate::{
    Client, DayBound, Error, TimeFilter,
    search::{
        pages::{Identity, ListPage, PagedList, Pages, Start},
        seen::Seen,
    },
    types::{DeletedCoupon, DeletedCouponPage},
};

const OPERATION: &str = "get_deleted_items_history";

/// The documented maximum of deletions in a page.
const MAX_LIMIT: u32 = 100;

impl Client {
    /// Returns a search of the deleted coupons: their ids and the times of their deletion.
    ///
    /// Ecwid keeps deletions for six months. A deleted coupon has no code here. A coupon that is created again with the
    /// same code has a new id.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let id = coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?.id();
    /// coupons.delete("TEN").await?;
    /// let deleted = coupons.deleted().from("2024-06-30").all().await?;
    /// assert_eq!(deleted[0].id, id);
    /// # Ok(())
    /// # });
    /// ```
    pub fn deleted(&self) -> DeletedSearch {
        DeletedSearch { client: self.clone(), from: None, to: None, problem: None }
    }
}

/// A search of the deleted coupons, made by [`Client::deleted`].
///
/// An invalid bound is an error of the call that sends the request.
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until `stream` or `all` is called"]
pub struct DeletedSearch {
    client: Client,
    from: Option<TimeFilter>,
    to: Option<TimeFilter>,
    /// The problem of the first invalid bound.
    problem: Option<String>,
}

impl DeletedSearch {
    /// Finds coupons deleted at this time or later. A date without a time means 00:00:00 UTC of that day.
    pub fn from(mut self, time: impl TryInto<TimeFilter, Error: Display>) -> Self {
        match self.bound("from", time, DayBound::Start) {
            Some(time) => Self { from: Some(time), ..self },
            None => self,
        }
    }

    /// Finds coupons deleted at this time or earlier. A date without a time means 23:59:59 UTC of that day.
    pub fn to(mut self, time: impl TryInto<TimeFilter, Error: Display>) -> Self {
        match self.bound("to", time, DayBound::End) {
            Some(time) => Self { to: Some(time), ..self },
            None => self,
        }
    }

    fn bound(
        &mut self,
        name: &str,
        time: impl TryInto<TimeFilter, Error: Display>,
        day: DayBound,
    ) -> Option<TimeFilter> {
        let problem = match time.try_into() {
            Ok(TimeFilter::Invalid) => "the time is not a date".to_owned(),
            Ok(time) => return Some(time.bounded(day)),
            Err(error) => error.to_string(),
        };
        self.problem.get_or_insert(format!("{name}: {problem}"));
        None
    }

    /// Returns a stream of all deletions that the search finds, each once.
    ///
    /// The order is not documented. The stream keeps the ids of all returned deletions, about 16 bytes for each, so that
    /// none is missed or returned twice if coupons are deleted during the search.
    ///
    /// # Errors
    ///
    /// A bound is invalid, or the pages contradict each other. See [`Error`] for errors common to all calls. The stream
    /// ends after an error.
    pub fn stream(&self) -> DeletedStream {
        let start = Start { offset: 0, next: 0, seen: Seen::new().in_any_order(), limit: MAX_LIMIT, prefetch: 1 };
        let pages = Pages::new(self.clone(), start);
        let pages =
            stream::try_unfold(pages, |mut pages| async { Ok(pages.next().await?.map(|page| (page.items, pages))) });
        DeletedStream { pages: pages.boxed(), items: Vec::new().into_iter() }
    }

    /// Gets all deletions that the search finds.
    ///
    /// # Errors
    ///
    /// See [`stream`](Self::stream).
    pub fn all(&self) -> BoxFuture<'static, Result<Vec<DeletedCoupon>, Error>> {
        Box::pin(self.stream().try_collect())
    }

    async fn page(self, offset: u64, limit: u32) -> Result<DeletedCouponPage, Error> {
        self.client.clone().call(OPERATION, async |client| Self { client, ..self }.receive(offset, limit).await).await
    }

    async fn receive(&self, offset: u64, limit: u32) -> Result<DeletedCouponPage, Error> {
        if let Some(problem) = &self.problem {
            return Err(Error::invalid_request(problem).with_operation(OPERATION));
        }
        // The documentation has two defaults of the limit.
        let mut request = self.client.api().get_deleted_items_history().limit(i32::try_from(limit).unwrap_or(i32::MAX));
        if let Some(from) = self.from {
            request = request.from_date(from);
        }
        if let Some(to) = self.to {
            request = request.to_date(to);
        }
        if offset > 0 {
            request = request.offset(offset);
        }
        let page = request.send().await?;
        let lacks_id = || page.items.iter().flatten().any(|deleted| deleted.id.is_none());
        match &page.items {
            None => Err(self.client.invalid(&page, "the page lacks its `items`")),
            Some(_) if page.total.is_none_or(|total| total < 0) => {
                Err(self.client.invalid(&page, "the page lacks its `total`"))
            }
            Some(_) if lacks_id() => Err(self.client.invalid(&page, "the page has deletions without ids")),
            Some(_) => Ok(page.into_inner()),
        }
    }
}

impl PagedList for DeletedSearch {
    type Item = DeletedCoupon;

    const OPERATION: &'static str = OPERATION;

    fn request(&self, offset: u64, limit: u32) -> BoxFuture<'static, Result<ListPage<DeletedCoupon>, Error>> {
        let page = self.clone().page(offset, limit);
        Box::pin(async move {
            let page = page.await?;
            let total = page.total.and_then(|total| u64::try_from(total).ok());
            Ok(ListPage { total, items: page.items.unwrap_or_default() })
        })
    }

    fn identity(place: u64, item: &DeletedCoupon) -> Identity {
        item.id.ok_or_else(|| (place, String::new()))
    }
}

/// The deletions of a search, returned by [`DeletedSearch::stream`].
///
/// [`next`](Self::next) and [`try_next`](Self::try_next) need no import. It is also a [`Stream`].
#[must_use = "no request is sent until the stream is read"]
pub struct DeletedStream {
    pages: BoxStream<'static, Result<Vec<DeletedCoupon>, Error>>,
    /// The deletions of the last page that were not returned yet.
    items: vec::IntoIter<DeletedCoupon>,
}

impl DeletedStream {
    /// Returns the next deletion or an error, and `None` at the end.
    ///
    /// If the future is dropped before it is ready, no deletion is lost. The next call continues.
    pub async fn next(&mut self) -> Option<Result<DeletedCoupon, Error>> {
        futures_util::StreamExt::next(self).await
    }

    /// Returns the next deletion, and `None` at the end. Works like [`next`](Self::next) with the operator `?`.
    ///
    /// # Errors
    ///
    /// See [`DeletedSearch::stream`].
    pub async fn try_next(&mut self) -> Result<Option<DeletedCoupon>, Error> {
        self.next().await.transpose()
    }
}

impl Stream for DeletedStream {
    type Item = Result<DeletedCoupon, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_next_unpin(context)?) {
                Some(items) => self.items = items.into_iter(),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for DeletedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeletedStream").finish_non_exhaustive()
    }
}
