//! [`Pages`]: pagination.
//!
//! The API paginates by offset, so items that are created or deleted in between move the others to other pages. Each
//! page therefore starts with the last item of the page before. If it starts with an item that was not returned yet,
//! items have moved, and the iterator goes back until it finds an item that it has returned.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesOrdered};

use crate::{Error, search::seen::Seen};

/// How many pages without new items are read until pagination fails, in addition to two for each page with new
/// items.
const MAX_IDLE: u64 = 10;

/// A list that the API returns in pages.
pub(crate) trait PagedList: Send + Sync {
    type Item: Send + 'static;

    /// The operation of errors.
    const OPERATION: &'static str;

    /// Requests a page that starts at an offset.
    fn request(&self, offset: u64, limit: u32) -> BoxFuture<'static, Result<ListPage<Self::Item>, Error>>;

    /// Returns the identity of the item at a position.
    fn identity(place: u64, item: &Self::Item) -> Identity;
}

/// A page of a list.
pub(crate) struct ListPage<T> {
    /// The number of items on all pages.
    pub(crate) total: Option<u64>,
    pub(crate) items: Vec<T>,
}

/// The identity of an item: its id, or its position in the list and its JSON.
pub(crate) type Identity = Result<i64, (u64, String)>;

/// The new items of a page.
pub(crate) struct NewItems<T> {
    pub(crate) items: Vec<T>,
    pub(crate) total: Option<u64>,
    /// The offset of the last item.
    pub(crate) last: u64,
    /// The items that were returned so far.
    pub(crate) seen: Seen,
}

/// Where and how pagination starts.
pub(crate) struct Start {
    /// The offset of the list.
    pub(crate) offset: u64,
    /// The offset of the first page, which is larger if pagination continues.
    pub(crate) next: u64,
    pub(crate) seen: Seen,
    /// The maximum number of items on a page.
    pub(crate) limit: u32,
    /// How many pages are requested at a time.
    pub(crate) prefetch: usize,
}

/// The offset of a requested page, and the page.
type RequestedPage<T> = BoxFuture<'static, (u64, Result<ListPage<T>, Error>)>;

/// Pagination through a list, with several requests in progress.
pub(crate) struct Pages<L: PagedList> {
    list: L,
    offset: u64,
    limit: u32,
    prefetch: usize,
    /// The requested pages, each with its offset.
    asked: FuturesOrdered<RequestedPage<L::Item>>,
    next_offset: u64,
    /// The number of items according to the last page.
    total: Option<u64>,
    /// Whether the last page was full, so that another page may follow.
    more: bool,
    seen: Seen,
    /// The position and JSON of each returned item without a readable id.
    without_id: BTreeSet<(u64, String)>,
    /// How many pages had new items, and how many pages after the last of these had none.
    productive: u64,
    idle: u64,
    /// How many items had been returned when pagination was restarted.
    restarted_at: Option<u64>,
}

impl<L: PagedList> Pages<L> {
    pub(crate) fn new(list: L, start: Start) -> Self {
        Self {
            list,
            offset: start.offset,
            // A page with a single item cannot overlap with the page before.
            limit: if start.limit == 1 { 2 } else { start.limit },
            prefetch: start.prefetch.max(1),
            next_offset: start.next,
            seen: start.seen,
            asked: FuturesOrdered::new(),
            total: None,
            more: true,
            without_id: BTreeSet::new(),
            productive: 0,
            idle: 0,
            restarted_at: None,
        }
    }

    /// Returns the next page with new items, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<NewItems<L::Item>>, Error> {
        loop {
            self.prefetch();
            match self.asked.next().await {
                Some((offset, page)) => {
                    let page = self.take(offset, page?).map_err(|error| error.with_operation(L::OPERATION))?;
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
        u64::from(self.limit).saturating_sub(1).max(1)
    }

    fn prefetch(&mut self) {
        while self.asked.len() < self.prefetch && self.is_more_to_ask() {
            let offset = self.next_offset;
            let page = self.list.request(offset, self.limit);
            self.asked.push_back(Box::pin(async move { (offset, page.await) }));
            self.next_offset = offset.saturating_add(self.stride());
        }
    }

    fn is_more_to_ask(&self) -> bool {
        match self.total {
            // The first item of the next page is already known.
            Some(total) => self.next_offset.saturating_add(1) < total || self.next_offset == self.offset,
            None => self.more && self.asked.is_empty(),
        }
    }

    fn take(
        &mut self,
        offset: u64,
        ListPage { total, items }: ListPage<L::Item>,
    ) -> Result<Option<NewItems<L::Item>>, Error> {
        let identities: Vec<_> = (offset..).zip(&items).map(|(place, item)| L::identity(place, item)).collect();
        self.total = total;
        let ids: Vec<_> = identities.iter().filter_map(|identity| identity.as_ref().ok().copied()).collect();
        self.seen.check_order(&ids)?;

        let is_first = offset == self.offset;
        if !is_first && !identities.first().is_some_and(|identity| self.was_given(identity)) {
            self.seek(offset.saturating_sub(self.stride()).max(self.offset));
            return self.count_empty_page();
        }
        // If the store sends smaller pages than requested, the client requests that size.
        let asked_for = self.limit;
        let length = u32::try_from(identities.len()).unwrap_or(u32::MAX);
        let end = offset.saturating_add(length.into());
        if (2..asked_for).contains(&length) && self.total.is_some_and(|total| end < total) {
            self.limit = length;
            self.seek(offset.saturating_add(self.stride()));
        }
        self.more = length >= asked_for;

        let new = items.into_iter().zip(identities).filter_map(|(item, identity)| self.give(identity).then_some(item));
        let items: Vec<_> = new.collect();
        if items.is_empty() {
            return self.count_empty_page();
        }
        self.productive += 1;
        self.idle = 0;
        Ok(Some(NewItems { items, total: self.total, last: end.saturating_sub(1), seen: self.seen.clone() }))
    }

    fn was_given(&self, identity: &Identity) -> bool {
        match identity {
            Ok(id) => self.seen.contains(*id),
            Err(place) => self.without_id.contains(place),
        }
    }

    /// Marks the item as returned. Returns whether it is new.
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

    fn count_empty_page(&mut self) -> Result<Option<NewItems<L::Item>>, Error> {
        self.idle += 1;
        if self.idle > MAX_IDLE + 2 * self.productive {
            return Err(Error::unstable_pages());
        }
        Ok(None)
    }

    /// Whether as many items were returned as there are.
    fn is_complete(&self) -> bool {
        let given = self.offset.saturating_add(self.seen.count() + self.without_id.len() as u64);
        // With a known order there are no gaps, so missing items were created in front of the returned ones.
        !self.seen.meets_new_ones() || self.total.is_none_or(|total| given >= total)
    }

    /// Reads all pages again, for items that are now in front of the returned ones.
    fn restart(&mut self) -> Result<(), Error> {
        if self.restarted_at == Some(self.seen.count()) {
            return Err(Error::unstable_pages().with_operation(L::OPERATION));
        }
        self.restarted_at = Some(self.seen.count());
        self.total = None;
        self.seek(self.offset);
        Ok(())
    }
}
