//! [`Search`]: a search for coupons and its pages.

use std::fmt::Display;

use form_urlencoded::Serializer;
use futures_util::{Stream, TryStreamExt as _, stream};

use crate::{
    Client, Cursor, Error, Page, ResponseFields,
    generated::filters::with_filters,
    schema::lenient::PartialPage,
    search::{
        filters::{SearchFilters, setters},
        pages::Pages,
    },
    types::{Coupon, CouponField, CouponPage},
};

pub(crate) mod cursor;
pub(crate) mod filters;
pub(crate) mod pages;
pub(crate) mod seen;

/// The documented maximum of coupons in a page.
const MAX_LIMIT: u32 = 100;

/// The fields of a page that show its position. Pagination needs them.
const ENVELOPE: [&str; 4] = ["total", "count", "offset", "limit"];

/// The operation of errors in this file.
const OPERATION: &str = "search_discount_coupons";

impl Client {
    /// Returns a search for the store's coupons. It finds all coupons unless filters are set.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::CouponStatus;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut active = coupons.search().status(CouponStatus::Active).stream();
    /// while let Some(coupon) = active.try_next().await? {
    ///     println!("{:?}", coupon.code);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn search(&self) -> Search {
        Search {
            client: self.clone(),
            offset: 0,
            limit: MAX_LIMIT,
            prefetch: 4,
            after: None,
            any_order: false,
            skip_unreadable: false,
            filters: SearchFilters::default(),
            response_fields: Ok(None),
        }
    }
}

/// A search for the coupons of a store, made by [`Client::search`].
///
/// A coupon is found if it matches all filters. [`page`](Self::page) gets a single page, and [`stream`](Self::stream)
/// all coupons. Ecwid does not document whether the filter [`code`](Self::code) also finds codes that contain the
/// given text. The sandbox compares whole codes, in any letter case.
///
/// # Pagination
///
/// [`stream`](Self::stream), [`pages`](Self::pages) and [`all`](Self::all) read all pages, several ahead.
///
/// Coupons that are created or deleted during the search move other coupons between pages. Consecutive pages overlap by
/// one coupon. If the overlap is missing, coupons have moved, and the search goes back to a coupon that it has already
/// returned. A coupon that exists during the whole search is therefore returned exactly once, if the store keeps its
/// order.
///
/// Ecwid does not document the order. The client keeps the ids of the returned coupons, so that none is returned
/// twice. After 1,000 coupons in the order of their ids, it relies on that order and drops the ids. Memory then does
/// not grow with the number of coupons. If a later page is in another order, the search fails: see
/// [`any_order`](Self::any_order).
///
/// A [`Cursor`] continues a search later, also in another process: see [`after`](Self::after).
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until `page` or `stream` is called"]
pub struct Search {
    client: Client,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
    pub(crate) prefetch: usize,
    pub(crate) after: Option<Cursor>,
    pub(crate) any_order: bool,
    pub(crate) skip_unreadable: bool,
    pub(crate) filters: SearchFilters,
    /// The selected fields, or the error of an invalid selection.
    response_fields: Result<Option<ResponseFields>, String>,
}

with_filters!(setters);

impl Search {
    /// Selects the fields of each coupon. Defaults to all fields. The fields of a page that pagination needs are added.
    ///
    /// An unknown field or an empty list is an error of the call that sends the request.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::{CouponField, NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// let page = coupons.search().fields([CouponField::Code, CouponField::CatalogLimitProducts]).page().await?;
    /// let coupon = &page.items.unwrap()[0];
    /// assert_eq!((page.total, coupon.code.as_deref(), coupon.id), (Some(1), Some("TEN"), None));
    /// # Ok(())
    /// # });
    /// ```
    pub fn fields<I>(mut self, fields: I) -> Self
    where
        I: IntoIterator<Item: TryInto<CouponField, Error: Display>>,
    {
        let items = |fields| ResponseFields::from_iter([("items".to_owned(), Some(fields))]);
        self.response_fields =
            ResponseFields::of::<CouponField, _>(fields).map(|fields| Some(with_envelope(items(fields))));
        self
    }

    /// Selects fields in Ecwid's notation, such as `items(id,name,status)`. Defaults to all fields.
    ///
    /// Prefer [`fields`](Self::fields), which checks the names. A [`page`](Self::page) has the selected fields only. A
    /// [`stream`](Self::stream) adds `total`, `count`, `offset`, `limit` and the ids, because pagination needs them.
    /// Invalid notation is an error of the call that sends the request.
    pub fn response_fields<F>(mut self, fields: F) -> Self
    where
        F: TryInto<ResponseFields>,
        F::Error: Display,
    {
        self.response_fields = fields.try_into().map(Some).map_err(|error| error.to_string());
        self
    }

    /// Skips this many coupons at the start of the result. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Sets the maximum number of coupons in a page, from 1 to 100. Defaults to 100.
    ///
    /// A [`stream`](Self::stream) requests at least 2, because its pages overlap by one coupon.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Sets how many pages a stream requests at a time. Defaults to 4. With 1, each request waits for the page before.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// Continues a search after a page that was read before, also in another process.
    ///
    /// The cursor must be from a search with the same filters, whose offset is kept. Coupons that were created or
    /// deleted in the meantime are handled as described in [Pagination](Self#pagination).
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// # use ecwid_coupons::{Cursor, types::NewCoupon};
    /// # use futures_util::TryStreamExt as _;
    /// # for code in ["A", "B", "C"] {
    /// #     coupons.create(&NewCoupon::percent("10% OFF", code, 10)).await?;
    /// # }
    /// let search = coupons.search().limit(2);
    /// let first = search.pages().try_next().await?.unwrap();
    /// let kept: String = first.cursor.to_string();
    ///
    /// let rest = search.after(kept.parse()?).all().await?;
    /// assert_eq!((first.coupons.len(), rest[0].code.as_deref()), (2, Some("C")));
    /// # Ok(())
    /// # });
    /// ```
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Accepts coupons in any order. A stream then keeps the ids of all returned coupons, about 16 bytes for each.
    ///
    /// By default, a stream relies on the order of the ids after 1,000 coupons: see [Pagination](Self#pagination).
    pub fn any_order(mut self) -> Self {
        self.any_order = true;
        self
    }

    /// Skips unreadable coupons. By default, an unreadable coupon is an error.
    ///
    /// A coupon with an invalid date is skipped too. By default, it is returned with the text of the date. Each skipped
    /// coupon is logged as a warning. [`pages`](Self::pages) lists the skipped coupons in [`Page::skipped`]. The other
    /// calls leave them out.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// # use futures_util::TryStreamExt as _;
    /// # coupons.create(&ecwid_coupons::types::NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// let mut pages = coupons.search().skip_unreadable().pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     for skipped in &page.skipped {
    ///         eprintln!("{skipped}: {}", skipped.json);
    ///     }
    /// #   assert_eq!((page.coupons.len(), page.skipped.len()), (1, 0));
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn skip_unreadable(mut self) -> Self {
        self.skip_unreadable = true;
        self
    }

    /// Gets a single page.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// let page = coupons.search().created_from(1447804800).limit(10).page().await?;
    /// assert_eq!((page.total, page.items), (Some(0), Some(vec![])));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// - The limit is not from 1 to 100, or an enum value of a filter is misspelled.
    /// - A [cursor](Self::after) is set. Only [`stream`](Self::stream) and [`pages`](Self::pages) can continue from it.
    ///
    /// See [`Error`] for errors common to all calls.
    pub async fn page(&self) -> Result<CouponPage, Error> {
        Ok(self.partial_page().await?.into_page())
    }

    /// Gets a page. If unreadable coupons are to be skipped, they are kept separately.
    pub(crate) async fn partial_page(&self) -> Result<PartialPage, Error> {
        let page = match self.whole_page().await {
            Ok(page) => PartialPage::of(page),
            Err(mut error) => {
                let body = error.take_whole_body().filter(|_| self.skip_unreadable);
                let partial = body.and_then(|body| PartialPage::read(&body));
                let is_valid = |partial: &PartialPage| self.problem_of(&partial.page, partial.items.len()).is_none();
                partial.filter(is_valid).ok_or_else(|| error.with_operation(OPERATION))?
            }
        };
        let redactor = self.client.redactor();
        Ok(if self.skip_unreadable { page.skip_invalid(self.needs_ids(), redactor) } else { page })
    }

    async fn whole_page(&self) -> Result<CouponPage, Error> {
        if self.after.is_some() {
            let message = "`page` cannot continue from a cursor; use `pages`";
            return Err(Error::invalid_request(message));
        }
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            let message = format!("invalid limit: `{}` (expected 1 to {MAX_LIMIT})", self.limit);
            return Err(Error::invalid_request(message));
        }
        if let Some(problem) = self.filters.problem() {
            return Err(Error::invalid_request(problem));
        }
        let mut request = self.filters.set(self.client.api().search_discount_coupons());
        if self.offset > 0 {
            request = request.offset(self.offset);
        }
        if self.limit != MAX_LIMIT {
            request = request.limit(self.limit);
        }
        if let Some(fields) = self.response_fields.as_ref().map_err(Error::invalid_request)? {
            request = request.response_fields(fields.clone());
        }
        let page = request.send().await?;
        match self.problem_of(&page, page.items.as_ref().map_or(0, Vec::len)) {
            None => Ok(page.into_inner()),
            Some(problem) => Err(self.client.invalid(&page, problem)),
        }
    }

    /// Returns what is wrong with a page of this many coupons. Only requested fields can be missing.
    fn problem_of(&self, page: &CouponPage, count: usize) -> Option<&'static str> {
        let is_missing = |name: &str, is_missing: bool| is_missing && self.asks_for(name);
        if is_missing("items", page.items.is_none()) || is_missing("total", page.total.is_none_or(|total| total < 0)) {
            return Some("the page lacks its `items` or its `total`");
        }
        if i64::try_from(count).is_ok_and(|count| count > page.total.unwrap_or(i64::MAX)) {
            return Some("the page has more coupons than its `total`");
        }
        let lacks_ids = page.items.iter().flatten().any(|coupon| coupon.id.is_none());
        (lacks_ids && self.needs_ids() && !self.skip_unreadable).then_some("the page has coupons without ids")
    }

    /// Whether a field of a page is requested.
    fn asks_for(&self, name: &str) -> bool {
        self.response_fields.iter().flatten().all(|fields| fields.contains(name))
    }

    /// Whether the ids of coupons are requested.
    fn needs_ids(&self) -> bool {
        let fields = self.response_fields.iter().flatten();
        let mut items = fields.flat_map(|fields| fields.iter().filter(|(name, _)| *name == "items"));
        self.asks_for("items") && items.all(|(_, inside)| inside.is_none_or(|inside| inside.contains("id")))
    }

    /// Returns the number of coupons that the search finds, as counted by the store. Sends a single request.
    ///
    /// # Errors
    ///
    /// See [`page`](Self::page). Unreadable coupons are no error.
    pub async fn count(&self) -> Result<u64, Error> {
        let page = self.clone().offset(0).limit(1).skip_unreadable().page().await?;
        let total = page.total.and_then(|total| u64::try_from(total).ok());
        total.ok_or_else(|| Error::invalid_response("the page lacks its `total`").with_operation(OPERATION))
    }

    /// Gets the first coupon that the search finds, if there is one.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// assert_eq!(coupons.search().code("TEN").first().await?, None);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The store counts coupons but returns none. See [`page`](Self::page) for further errors.
    pub async fn first(&self) -> Result<Option<Coupon>, Error> {
        if self.skip_unreadable {
            return self.clone().limit(2).prefetch(1).stream().try_next().await;
        }
        let page = self.clone().limit(1).page().await?;
        let first = page.items.and_then(|items| items.into_iter().next());
        let total = page.total.and_then(|total| u64::try_from(total).ok()).unwrap_or_default();
        if first.is_none() && total > self.offset {
            let problem = format!("the page has no coupons, but its `total` is {total}");
            return Err(Error::invalid_response(&problem).with_operation(OPERATION));
        }
        Ok(first)
    }

    /// Returns a stream of all coupons that the search finds. See [Pagination](Self#pagination).
    ///
    /// Each page has its own [deadline](Client::with_deadline). A dropped stream sends no further requests.
    ///
    /// # Errors
    ///
    /// - The response fields lack `items`, or the [cursor](Self::after) is from another search.
    /// - The coupons change faster than they can be read, or their order changes.
    ///
    /// See [`page`](Self::page) for further errors. The stream ends after an error.
    pub fn stream(&self) -> impl Stream<Item = Result<Coupon, Error>> + Send + Unpin + use<> {
        self.pages().map_ok(|page| stream::iter(page.coupons.into_iter().map(Ok))).try_flatten()
    }

    /// Returns a stream of pages, each with a cursor to continue after it. See [`stream`](Self::stream) for its errors.
    pub fn pages(&self) -> impl Stream<Item = Result<Page, Error>> + Send + Unpin + use<> {
        let mut search = self.clone();
        let mut strip_ids = false;
        if let Ok(Some(fields)) = search.response_fields {
            strip_ids = fields
                .iter()
                .any(|(name, inside)| name == "items" && inside.is_some_and(|inside| !inside.contains("id")));
            search.response_fields = for_walk(fields);
        }
        let pages = self.check_cursor().map(|()| Pages::new(search, strip_ids));
        // Boxed, so that callers need not pin it.
        Box::pin(stream::try_unfold(pages, |pages| async {
            let mut pages = pages?;
            Ok(pages.next().await?.map(|page| (page, Ok(pages))))
        }))
    }

    /// Returns the store and the filters. A cursor is valid for a search with the same ones.
    pub(crate) fn fingerprint(&self) -> String {
        let mut filters = Serializer::new(String::new());
        filters.append_pair("store", &self.client.store_id().to_string());
        filters.extend_pairs(self.filters.texts());
        filters.finish()
    }

    fn check_cursor(&self) -> Result<(), Error> {
        let (Some(Cursor { search, .. }), this) = (&self.after, self.fingerprint()) else { return Ok(()) };
        if *search == this {
            return Ok(());
        }
        let message = format!("the cursor is from another search: `{search}` (expected `{this}`)");
        Err(Error::invalid_request(message).with_operation(OPERATION))
    }

    /// Gets all coupons that the search finds. Prefer [`stream`](Self::stream) to keep memory small.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::DiscountType;
    ///
    /// let free_shipping = coupons.search().discount_type(DiscountType::Shipping).all().await?;
    /// assert!(free_shipping.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// See [`stream`](Self::stream).
    pub async fn all(&self) -> Result<Vec<Coupon>, Error> {
        self.stream().try_collect().await
    }
}

/// Adds the fields that pagination needs: the position of the page and the ids of its coupons.
fn for_walk(fields: ResponseFields) -> Result<Option<ResponseFields>, String> {
    if !fields.contains("items") {
        return Err(format!("invalid response fields: `{fields}` (expected `items` or `items(...)`)"));
    }
    let with_id = |(name, inside): (&str, Option<&ResponseFields>)| {
        (name.to_owned(), inside.map(|inside| if name == "items" { inside.clone().with("id") } else { inside.clone() }))
    };
    let fields: ResponseFields = fields.iter().map(with_id).collect();
    Ok(Some(with_envelope(fields)))
}

fn with_envelope(fields: ResponseFields) -> ResponseFields {
    ENVELOPE.iter().rev().fold(fields, |fields, name| fields.with(name))
}
