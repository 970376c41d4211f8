//! [`Pages`]: the walk over all pages of a search.

use std::{collections::HashSet, future::Future, pin::Pin};

use futures_util::{StreamExt as _, stream::FuturesOrdered};

use crate::{
    Error, Search,
    types::{Coupon, CouponPage},
};

/// How often the pages are read again when coupons moved between them.
const MAX_READINGS: u32 = 5;

type PageRequest = Pin<Box<dyn Future<Output = Result<CouponPage, Error>> + Send>>;

/// The walk over all pages of a search, several of them asked for at once.
pub(crate) struct Pages {
    search: Search,
    asked: FuturesOrdered<PageRequest>,
    /// Where the next page to ask for begins.
    next_offset: u64,
    /// Where the page that comes next begins.
    offset: u64,
    /// How many coupons there are, as the pages of this reading say.
    total: Option<u64>,
    /// Whether more pages follow, where no total says so.
    more: bool,
    /// Whether coupons moved between the pages of this reading.
    moved: bool,
    /// How many readings were begun.
    readings: u32,
    given: HashSet<i64>,
    /// The first coupon of the page before.
    first: Option<Coupon>,
    /// Whether a coupon came without an id, so that it cannot be told whether it was given before.
    without_id: bool,
}

impl Pages {
    pub(crate) fn new(search: Search) -> Self {
        let offset = search.offset;
        Self {
            search,
            asked: FuturesOrdered::new(),
            next_offset: offset,
            offset,
            total: None,
            more: true,
            moved: false,
            readings: 1,
            given: HashSet::new(),
            first: None,
            without_id: false,
        }
    }

    /// The coupons of the next page that were not given before; nothing when all pages are read.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Coupon>>, Error> {
        loop {
            self.ask_ahead();
            match self.asked.next().await {
                Some(page) => return self.take(page?).map(Some),
                None if self.moved => self.read_again().map_err(|error| error.of("search_discount_coupons"))?,
                None => return Ok(None),
            }
        }
    }

    fn ask_ahead(&mut self) {
        while self.asked.len() < self.search.prefetch.max(1) && self.is_more_to_ask() {
            let search = self.search.clone().offset(self.next_offset);
            self.asked.push_back(Box::pin(async move { search.page().await }));
            self.next_offset = self.next_offset.saturating_add(self.search.limit.into());
        }
    }

    fn is_more_to_ask(&self) -> bool {
        match self.total {
            Some(total) => self.next_offset < total,
            None => self.more && self.asked.is_empty(),
        }
    }

    fn take(&mut self, page: CouponPage) -> Result<Vec<Coupon>, Error> {
        // The first page is asked for alone, so that a store with smaller pages than asked for can be followed.
        let limit = page.limit.and_then(|limit| u32::try_from(limit).ok());
        if let Some(limit) = limit.filter(|limit| (1..self.search.limit).contains(limit)) {
            self.search.limit = limit;
            self.next_offset = self.offset.saturating_add(limit.into());
        }
        let total = page.total.and_then(|total| u64::try_from(total).ok());
        if self.total.is_some() && self.total != total {
            self.moved = true;
        }
        self.total = total;

        let coupons = page.items.unwrap_or_default();
        let end = self.offset.saturating_add(coupons.len() as u64);
        self.more = coupons.len() >= self.search.limit as usize;
        if !self.more && total.is_some_and(|total| end < total) {
            self.moved = true;
        }
        self.offset = self.offset.saturating_add(self.search.limit.into());

        // A server that answers the same page for ever is not followed.
        let first = coupons.first().filter(|coupon| coupon.id.is_some() || total.is_none()).cloned();
        if first.is_some() && first == self.first {
            self.moved = true;
            self.more = false;
        }
        self.first = first;

        let before = coupons.len();
        self.without_id |= coupons.iter().any(|coupon| coupon.id.is_none());
        let new: Vec<_> =
            coupons.into_iter().filter(|coupon| coupon.id.is_none_or(|id| self.given.insert(id))).collect();
        // In the first reading a coupon comes twice only when others were put before it.
        self.moved |= self.readings == 1 && new.len() < before;
        Ok(new)
    }

    fn read_again(&mut self) -> Result<(), Error> {
        if self.without_id {
            return Err(Error::invalid_request(
                "coupons were created or deleted while they were read, and without their ids it cannot be told which were read; \
                 add `id` to the response fields",
            ));
        }
        if self.readings == MAX_READINGS {
            return Err(Error::moving(MAX_READINGS));
        }
        self.readings += 1;
        self.moved = false;
        self.first = None;
        self.total = None;
        self.more = true;
        self.offset = self.search.offset;
        self.next_offset = self.search.offset;
        Ok(())
    }
}
