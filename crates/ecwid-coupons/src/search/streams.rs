//! [`PageStream`] and [`CouponStream`]: the results of a search as streams.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_util::{Stream, StreamExt as _, stream::BoxStream};

use crate::{Cursor, Error, SkippedCoupon, types::Coupon};

/// A page of a search: see [`Search::pages`](crate::Search::pages).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The coupons of this page that were not on an earlier page. There is at least one, unless coupons were skipped.
    pub coupons: Vec<Coupon>,
    /// The unreadable coupons of this page that were not on an earlier page. Empty unless
    /// [`Search::skip_unreadable`](crate::Search::skip_unreadable) is set.
    ///
    /// A coupon with an unreadable id is identified by its position and its JSON. It may be returned twice if coupons
    /// are created or deleted during the search.
    pub skipped: Vec<SkippedCoupon>,
    /// How many coupons the search found when the store sent this page, including those that
    /// [`Search::offset`](crate::Search::offset) skips.
    pub total: Option<u64>,
    /// The position after this page.
    pub cursor: Cursor,
}

/// The pages of a search, returned by [`Search::pages`](crate::Search::pages).
///
/// [`next`](Self::next) and [`try_next`](Self::try_next) need no import. It is also a [`Stream`]: see
/// [Streams](crate::Search#streams).
#[must_use = "no request is sent until the stream is read"]
pub struct PageStream(BoxStream<'static, Result<Page, Error>>);

impl PageStream {
    pub(crate) fn new(pages: impl Stream<Item = Result<Page, Error>> + Send + 'static) -> Self {
        Self(Box::pin(pages))
    }

    /// Returns the next page or an error, and `None` at the end.
    ///
    /// If the future is dropped before it is ready, no page is lost. The next call continues.
    pub async fn next(&mut self) -> Option<Result<Page, Error>> {
        self.0.next().await
    }

    /// Returns the next page, and `None` at the end. Works like [`next`](Self::next) with the operator `?`.
    ///
    /// # Errors
    ///
    /// See [`Search::stream`](crate::Search::stream).
    pub async fn try_next(&mut self) -> Result<Option<Page>, Error> {
        self.next().await.transpose()
    }
}

impl Stream for PageStream {
    type Item = Result<Page, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl fmt::Debug for PageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").finish_non_exhaustive()
    }
}

/// The coupons of a search, returned by [`Search::stream`](crate::Search::stream).
///
/// [`next`](Self::next) and [`try_next`](Self::try_next) need no import. It is also a [`Stream`]: see
/// [Streams](crate::Search#streams).
#[must_use = "no request is sent until the stream is read"]
pub struct CouponStream {
    pages: PageStream,
    /// The coupons of the last page that were not returned yet.
    coupons: vec::IntoIter<Coupon>,
}

impl CouponStream {
    pub(crate) fn new(pages: PageStream) -> Self {
        Self { pages, coupons: Vec::new().into_iter() }
    }

    /// Returns the next coupon or an error, and `None` at the end.
    ///
    /// If the future is dropped before it is ready, no coupon is lost. The next call continues.
    pub async fn next(&mut self) -> Option<Result<Coupon, Error>> {
        futures_util::StreamExt::next(self).await
    }

    /// Returns the next coupon, and `None` at the end. Works like [`next`](Self::next) with the operator `?`.
    ///
    /// # Errors
    ///
    /// See [`Search::stream`](crate::Search::stream).
    pub async fn try_next(&mut self) -> Result<Option<Coupon>, Error> {
        self.next().await.transpose()
    }
}

impl Stream for CouponStream {
    type Item = Result<Coupon, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(coupon) = self.coupons.next() {
                return Poll::Ready(Some(Ok(coupon)));
            }
            match ready!(self.pages.poll_next_unpin(context)?) {
                Some(page) => self.coupons = page.coupons.into_iter(),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for CouponStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CouponStream").finish_non_exhaustive()
    }
}
