//! [`Pages`]: pagination.
//!
//! The API paginates by offset, so coupons that are created or deleted in between move the others to other pages. Each
//! page therefore starts with the last coupon of the page before. If it starts with a coupon that was not returned yet,
//! coupons have moved, and the iterator goes back until it finds a coupon that it has returned.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesOrdered};

use crate::{
    Cursor, Error, Page, Search, SkippedCoupon,
    schema::lenient::{PageItem, PartialPage},
    search::{OPERATION, seen::Seen},
};

/// How many pages without new coupons are read until pagination fails, in addition to two for each page with new
/// coupons.
const MAX_IDLE: u64 = 10;

/// Pagination through a search, with several requests in progress.
pub(crate) struct Pages {
    search: Search,
    /// The position at which the search started. Cursors have its settings.
    start: Cursor,
    /// Whether ids were requested for pagination only.
    strip_ids: bool,
    /// The requested pages, each with its offset.
    asked: FuturesOrdered<BoxFuture<'static, (u64, Result<PartialPage, Error>)>>,
    next_offset: u64,
    /// The number of coupons according to the last page.
    total: Option<u64>,
    /// Whether the last page was full, so that another page may follow.
    more: bool,
    seen: Seen,
    /// The position and JSON of each returned coupon without a readable id.
    without_id: BTreeSet<(u64, String)>,
    /// How many pages had new coupons, and how many pages after the last of these had none.
    productive: u64,
    idle: u64,
    /// How many coupons had been returned when pagination was restarted.
    restarted_at: Option<u64>,
}

impl Pages {
    /// Starts pagination at a position. `strip_ids` removes the ids from the returned coupons.
    pub(crate) fn new(mut search: Search, start: Cursor, strip_ids: bool) -> Self {
        // A page with a single coupon cannot overlap with the page before.
        search.limit = if search.limit == 1 { 2 } else { search.limit };
        search.offset = start.offset;
        search.after = None;
        let seen = start.seen.clone();
        Self {
            seen: if search.any_order { seen.in_any_order() } else { seen },
            next_offset: start.next,
            search,
            start,
            strip_ids,
            asked: FuturesOrdered::new(),
            total: None,
            more: true,
            without_id: BTreeSet::new(),
            productive: 0,
            idle: 0,
            restarted_at: None,
        }
    }

    /// Returns the next page with new coupons, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>, Error> {
        loop {
            self.prefetch();
            match self.asked.next().await {
                Some((offset, page)) => {
                    let page = self.take(offset, page?).map_err(|error| error.with_operation(OPERATION))?;
                    if page.is_some() {
                        return Ok(page);
                    }
                }
                None if self.is_complete() => return Ok(None),
                None => self.restart()?,
            }
        }
    }

    /// The distance between the offsets of consecutive pages, which overlap by one coupon.
    fn stride(&self) -> u64 {
        u64::from(self.search.limit).saturating_sub(1).max(1)
    }

    fn prefetch(&mut self) {
        while self.asked.len() < self.search.prefetch.max(1) && self.is_more_to_ask() {
            let offset = self.next_offset;
            let search = self.search.clone().offset(offset);
            self.asked.push_back(Box::pin(async move { (offset, search.partial_page().await) }));
            self.next_offset = offset.saturating_add(self.stride());
        }
    }

    fn is_more_to_ask(&self) -> bool {
        match self.total {
            // The first coupon of the next page is already known.
            Some(total) => self.next_offset.saturating_add(1) < total || self.next_offset == self.search.offset,
            None => self.more && self.asked.is_empty(),
        }
    }

    fn take(&mut self, offset: u64, PartialPage { page, items }: PartialPage) -> Result<Option<Page>, Error> {
        let identities: Vec<_> = (offset..).zip(&items).map(|(place, item)| identity(place, item)).collect();
        self.total = page.total.and_then(|total| u64::try_from(total).ok());
        let ids: Vec<_> = identities.iter().filter_map(|identity| identity.as_ref().ok().copied()).collect();
        self.seen.check_order(&ids)?;

        let is_first = offset == self.search.offset;
        if !is_first && !identities.first().is_some_and(|identity| self.was_given(identity)) {
            self.seek(offset.saturating_sub(self.stride()).max(self.search.offset));
            return self.count_empty_page();
        }
        // If the store sends smaller pages than requested, the client requests that size.
        let asked_for = self.search.limit;
        let length = u32::try_from(identities.len()).unwrap_or(u32::MAX);
        let end = offset.saturating_add(length.into());
        if (2..asked_for).contains(&length) && self.total.is_some_and(|total| end < total) {
            self.search.limit = length;
            self.seek(offset.saturating_add(self.stride()));
        }
        self.more = length >= asked_for;

        let (mut coupons, mut skipped) = (Vec::with_capacity(items.len()), Vec::new());
        for (item, identity) in items.into_iter().zip(identities) {
            match item {
                _ if !self.give(identity) => {}
                Ok(coupon) => coupons.push(coupon),
                Err(unreadable) => skipped.push(*unreadable),
            }
        }
        if coupons.is_empty() && skipped.is_empty() {
            return self.count_empty_page();
        }
        self.productive += 1;
        self.idle = 0;
        if self.strip_ids {
            coupons.iter_mut().for_each(|coupon| coupon.id = None);
        }
        skipped.iter().for_each(SkippedCoupon::log);
        let last = end.saturating_sub(1);
        let cursor = Cursor { next: last, seen: self.seen.clone(), ..self.start.clone() };
        Ok(Some(Page { coupons, skipped, total: self.total, cursor }))
    }

    fn was_given(&self, identity: &Identity) -> bool {
        match identity {
            Ok(id) => self.seen.contains(*id),
            Err(place) => self.without_id.contains(place),
        }
    }

    /// Marks the coupon as returned. Returns whether it is new.
    fn give(&mut self, identity: Identity) -> bool {
        match identity {
            Ok(id) => self.seen.insert(id),
            Err(place) => self.without_id.insert(place),
        }
    }

    /// Continues at an offset, and drops the pages in progress.
    fn seek(&mut self, offset: u64) {
        self.asked = FuturesOrdered::new();
        self.next_offset = offset;
        self.more = true;
    }

    fn count_empty_page(&mut self) -> Result<Option<Page>, Error> {
        self.idle += 1;
        if self.idle > MAX_IDLE + 2 * self.productive {
            return Err(Error::unstable_pages());
        }
        Ok(None)
    }

    /// Whether as many coupons were returned as there are.
    fn is_complete(&self) -> bool {
        let given = self.search.offset.saturating_add(self.seen.count() + self.without_id.len() as u64);
        // With a known order there are no gaps, so missing coupons were created in front of the returned ones.
        !self.seen.meets_new_ones() || self.total.is_none_or(|total| given >= total)
    }

    /// Reads all pages again, for coupons that are now in front of the returned ones.
    fn restart(&mut self) -> Result<(), Error> {
        if self.restarted_at == Some(self.seen.count()) {
            return Err(Error::unstable_pages().with_operation(OPERATION));
        }
        self.restarted_at = Some(self.seen.count());
        self.total = None;
        self.seek(self.search.offset);
        Ok(())
    }
}

/// The identity of a coupon: its id, or its position in the search and its JSON.
type Identity = Result<i64, (u64, String)>;

/// Returns the identity of the coupon at a position. Pagination requests ids, so a readable coupon has one.
fn identity(place: u64, item: &PageItem) -> Identity {
    match item {
        Ok(coupon) => coupon.id.ok_or_else(|| (place, String::new())),
        Err(skipped) => skipped.id.ok_or_else(|| (place, skipped.json.to_string())),
    }
}
