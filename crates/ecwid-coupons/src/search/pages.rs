//! [`Pages`]: the walk over all pages of a search.
//!
//! The API pages by offset, so coupons that are deleted or created meanwhile move the others from page to page. Each page is
//! therefore asked for so that it begins with the last coupon of the page before. Where it begins with a coupon that was
//! not given yet, others were moved out of sight in between, and the walk steps back until it sees where it was.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesOrdered};

use crate::{
    Cursor, Error, Search, SkippedCoupon,
    schema::lenient::{PageItem, PartialPage},
    search::{OPERATION, seen::Seen},
    types::Coupon,
};

/// How many pages without a new coupon are read before the walk gives up, besides two for each page that had some.
const MAX_IDLE: u64 = 10;

/// A page of a walk over all pages: see [`Search::pages`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The coupons of the page that no page before had, at least one unless some were skipped.
    pub coupons: Vec<Coupon>,
    /// The coupons of the page that no page before had and that cannot be read. Empty unless the search
    /// [skips](Search::skip_unreadable) them.
    ///
    /// A coupon whose id cannot be read is told from others by its place and its JSON. It may be given twice if coupons are
    /// created or deleted meanwhile.
    pub skipped: Vec<SkippedCoupon>,
    /// How many coupons there are in all, as the store counted when it answered this page; it counts those that the search
    /// [skips](Search::offset) too.
    pub total: Option<u64>,
    /// The place after this page, to go on from later.
    pub cursor: Cursor,
}

/// The walk over all pages of a search, several of them asked for at once.
pub(crate) struct Pages {
    search: Search,
    /// The store and the filters, for cursors.
    fingerprint: String,
    /// Whether the id is asked for by the walk alone.
    strip_ids: bool,
    /// The pages asked for, each with where it begins.
    asked: FuturesOrdered<BoxFuture<'static, (u64, Result<PartialPage, Error>)>>,
    /// Where the next page to ask for begins.
    next_offset: u64,
    /// How many coupons there are, as the last page said.
    total: Option<u64>,
    /// Whether the last page was full, so that another may follow.
    more: bool,
    seen: Seen,
    /// The skipped coupons without a readable id that were given, each by its place and its JSON.
    without_id: BTreeSet<(u64, String)>,
    /// How many pages had new coupons, and how many had none since.
    productive: u64,
    idle: u64,
    /// How many coupons had been given when the walk began anew.
    restarted_at: Option<u64>,
}

impl Pages {
    /// A walk over what the search finds, which leaves the ids out of what it gives where they were not asked for.
    pub(crate) fn new(mut search: Search, strip_ids: bool) -> Self {
        // A page of one coupon has no room for one of the page before.
        search.limit = if search.limit == 1 { 2 } else { search.limit };
        let (next_offset, seen) = match search.after.take() {
            Some(cursor) => {
                search.offset = cursor.offset;
                (cursor.next, cursor.seen)
            }
            None => (search.offset, Seen::new()),
        };
        let seen = if search.any_order { seen.in_any_order() } else { seen };
        Self {
            fingerprint: search.fingerprint(),
            search,
            strip_ids,
            asked: FuturesOrdered::new(),
            next_offset,
            total: None,
            more: true,
            seen,
            without_id: BTreeSet::new(),
            productive: 0,
            idle: 0,
            restarted_at: None,
        }
    }

    /// The next page with coupons that were not given before; nothing when all pages are read.
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

    /// How far apart pages begin: the last coupon of each is the first of the next.
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
            // The first coupon of the next page is one that was seen already.
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
        // A store with smaller pages than asked for is followed at its own pace.
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
        let cursor = Cursor::new(self.fingerprint.clone(), self.search.offset, last, self.seen.clone());
        Ok(Some(Page { coupons, skipped, total: self.total, cursor }))
    }

    /// Whether a coupon was given.
    fn was_given(&self, identity: &Identity) -> bool {
        match identity {
            Ok(id) => self.seen.contains(*id),
            Err(place) => self.without_id.contains(place),
        }
    }

    /// Takes a coupon for given; whether it was not before.
    fn give(&mut self, identity: Identity) -> bool {
        match identity {
            Ok(id) => self.seen.insert(id),
            Err(place) => self.without_id.insert(place),
        }
    }

    /// Goes on from an offset; pages that were asked for are not waited for.
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

    /// Whether as many coupons were given as there are.
    fn is_complete(&self) -> bool {
        let given = self.search.offset.saturating_add(self.seen.count() + self.without_id.len() as u64);
        // Pages in a known order were read without a gap, so those that are missing were created in front of them.
        !self.seen.meets_new_ones() || self.total.is_none_or(|total| given >= total)
    }

    /// Reads all pages again, for coupons that came to stand before those that were read.
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

/// What a coupon is told from others by: its id, or its place in the search and its JSON.
type Identity = Result<i64, (u64, String)>;

/// The identity of the coupon at a place. A coupon that was read has an id: pages ask for it.
fn identity(place: u64, item: &PageItem) -> Identity {
    match item {
        Ok(coupon) => coupon.id.ok_or_else(|| (place, String::new())),
        Err(skipped) => skipped.id.ok_or_else(|| (place, skipped.json.to_string())),
    }
}
