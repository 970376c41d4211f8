//! [`CouponPages`]: pagination through the coupons of a search.

use futures_util::future::BoxFuture;

use crate::{
    Cursor, Error, Page, Search, SkippedCoupon,
    schema::lenient::PageItem,
    search::{
        OPERATION,
        pages::{Identity, ListPage, PagedList, Pages, Start},
    },
};

/// Pagination through the coupons of a search.
pub(crate) struct CouponPages {
    pages: Pages<Search>,
    /// The position at which the search started. Cursors have its settings.
    start: Cursor,
    /// Whether ids were requested for pagination only.
    strip_ids: bool,
}

impl CouponPages {
    /// Starts pagination at a position. `strip_ids` removes the ids from the returned coupons.
    pub(crate) fn new(mut search: Search, start: Cursor, strip_ids: bool) -> Self {
        search.after = None;
        let seen = start.seen.clone();
        let from = Start {
            offset: start.offset,
            next: start.next,
            seen: if search.any_order { seen.in_any_order() } else { seen },
            limit: search.limit,
            prefetch: search.prefetch,
        };
        Self { pages: Pages::new(search, from), start, strip_ids }
    }

    /// Returns the next page with new coupons, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(new) = self.pages.next().await? else { return Ok(None) };
        let (mut coupons, mut skipped) = (Vec::with_capacity(new.items.len()), Vec::new());
        for item in new.items {
            match item {
                Ok(coupon) => coupons.push(coupon),
                Err(unreadable) => skipped.push(*unreadable),
            }
        }
        if self.strip_ids {
            coupons.iter_mut().for_each(|coupon| coupon.id = None);
        }
        skipped.iter().for_each(SkippedCoupon::log);
        let cursor = Cursor { next: new.last, seen: new.seen, ..self.start.clone() };
        Ok(Some(Page { coupons, skipped, total: new.total, cursor }))
    }
}

impl PagedList for Search {
    type Item = PageItem;

    const OPERATION: &'static str = OPERATION;

    fn request(&self, offset: u64, limit: u32) -> BoxFuture<'static, Result<ListPage<PageItem>, Error>> {
        let search = self.clone().offset(offset).limit(limit);
        Box::pin(async move {
            let page = search.partial_page().await?;
            let total = page.page.total.and_then(|total| u64::try_from(total).ok());
            Ok(ListPage { total, items: page.items })
        })
    }

    /// Pagination requests ids, so a readable coupon has one.
    fn identity(place: u64, item: &PageItem) -> Identity {
        match item {
            Ok(coupon) => coupon.id.ok_or_else(|| (place, String::new())),
            Err(skipped) => skipped.id.ok_or_else(|| (place, skipped.json.to_string())),
        }
    }
}
