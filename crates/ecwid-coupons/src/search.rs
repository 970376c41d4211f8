//! [`Search`]: a search for coupons and its pages.

use std::{collections::BTreeMap, fmt::Display};

use form_urlencoded::Serializer;
use futures_util::{TryStreamExt as _, future::BoxFuture, stream};

use crate::{
    Client, CouponStream, Cursor, Error, PageStream, ResponseFields,
    generated::filters::with_filters,
    schema::lenient::PartialPage,
    search::{
        coupon_pages::CouponPages,
        cursor::Version,
        filters::{SearchFilters, setters},
        seen::Seen,
    },
    types::{Coupon, CouponField, CouponPage},
};

pub(crate) mod coupon_pages;
pub(crate) mod cursor;
pub(crate) mod filters;
pub(crate) mod pages;
pub(crate) mod seen;
pub(crate) mod streams;

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
            response_fields: None,
            problem: None,
        }
    }

    /// Returns the search that continues after the page of this cursor, also in another process.
    ///
    /// The search has the filters and the other settings of the search that the cursor is from, except for
    /// [`prefetch`](Search::prefetch). Its filters cannot be changed. Coupons that were created or deleted in the
    /// meantime are handled as described in [Pagination](Search#pagination).
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// # use ecwid_coupons::{Cursor, types::NewCoupon};
    /// # for code in ["A", "B", "C"] {
    /// #     coupons.create(&NewCoupon::percent("10% OFF", code, 10)).await?;
    /// # }
    /// let first = coupons.search().status("ACTIVE").limit(2).pages().try_next().await?.unwrap();
    /// let saved: String = first.cursor.to_string();
    ///
    /// let rest = coupons.resume(saved.parse()?).all().await?;
    /// assert_eq!((first.coupons.len(), rest[0].code.as_deref()), (2, Some("C")));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// A cursor from another store is an error of the call that sends the request.
    pub fn resume(&self, cursor: Cursor) -> Search {
        let mut search = self.search().offset(cursor.offset).limit(cursor.limit);
        search.any_order = cursor.any_order;
        search.skip_unreadable = cursor.skip_unreadable;
        if let Some(fields) = &cursor.fields {
            search = search.response_fields(fields.as_str());
        }
        match SearchFilters::from_texts(&cursor.filters) {
            Some(filters) => search.filters = filters,
            None => search.refuse(format!("the cursor has an unknown filter or value: `{}`", joined(&cursor.filters))),
        }
        if cursor.store != self.store_id() {
            let (store, this) = (cursor.store, self.store_id());
            search.refuse(format!("the cursor is from another store: `{store}` (expected `{this}`)"));
        }
        search.after = Some(cursor);
        search
    }
}

/// A search for the coupons of a store, made by [`Client::search`].
///
/// [`page`](Self::page) gets a single page, and [`stream`](Self::stream) all coupons.
///
/// # Filters
///
/// A coupon is found if it matches all filters. Each filter has a setter such as [`status`](Self::status), and a setter
/// for an optional value such as [`maybe_status`](Self::maybe_status). An enum value or a time can be given as text. An
/// invalid value is an error of the call that sends the request.
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// # let (statuses, created_from) = (vec!["ACTIVE".to_owned(), "PAUSED".to_owned()], None::<String>);
/// // `statuses` is a `Vec<String>`, and `created_from` an `Option<String>` such as `Some("2024-06-30")`.
/// let page = coupons.search().status(statuses).maybe_created_from(created_from).page().await?;
/// assert!(coupons.search().status("active").page().await.is_err());
/// # assert_eq!(page.total, Some(0));
/// # Ok(())
/// # });
/// ```
///
/// Ecwid does not document whether the filter [`code`](Self::code) also finds codes that contain the given text. The
/// sandbox compares whole codes, in any letter case.
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
/// A [`Cursor`] continues a search later, also in another process: see [`Client::resume`].
///
/// # Streams
///
/// [`CouponStream`] and [`PageStream`] have methods `next` and `try_next`, which need no import. For combinators such as
/// `map` and `try_for_each`, add the crate `futures-util` and import its traits:
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// use futures_util::{StreamExt as _, TryStreamExt as _};
///
/// let codes: Vec<_> = coupons.search().stream().map_ok(|coupon| coupon.code).take(1_000).try_collect().await?;
/// # assert!(codes.is_empty());
/// # Ok(())
/// # });
/// ```
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
    response_fields: Option<ResponseFields>,
    /// The problem of the first invalid setting.
    problem: Option<String>,
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
        match ResponseFields::of::<CouponField, _>(fields) {
            Ok(fields) => self.response_fields = Some(with_envelope(items(fields))),
            Err(problem) => self.refuse(problem),
        }
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
        match fields.try_into() {
            Ok(fields) => self.response_fields = Some(fields),
            Err(error) => self.refuse(error.to_string()),
        }
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
    /// coupon is logged as a warning. [`pages`](Self::pages) lists the skipped coupons in
    /// [`Page::skipped`](crate::Page::skipped). The other calls leave them out.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
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
    /// - The limit is not from 1 to 100, or the value of a filter is invalid.
    /// - The search was [resumed](Client::resume). Only [`stream`](Self::stream), [`pages`](Self::pages) and
    ///   [`all`](Self::all) can continue from a cursor.
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn page(&self) -> BoxFuture<'static, Result<CouponPage, Error>> {
        let search = self.clone();
        Box::pin(async move { Ok(search.partial_page().await?.into_page()) })
    }

    /// Gets a page. If unreadable coupons are to be skipped, they are kept separately.
    pub(crate) async fn partial_page(&self) -> Result<PartialPage, Error> {
        self.client.clone().call(OPERATION, async |client| Self { client, ..self.clone() }.receive().await).await
    }

    async fn receive(&self) -> Result<PartialPage, Error> {
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
            let message = "a single page cannot continue from a cursor; use `pages`, `stream` or `all`";
            return Err(Error::invalid_request(message));
        }
        if let Some(problem) = &self.problem {
            return Err(Error::invalid_request(problem));
        }
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            let message = format!("invalid limit: `{}` (expected 1 to {MAX_LIMIT})", self.limit);
            return Err(Error::invalid_request(message));
        }
        if let Some(problem) = self.filters.problem(self.client.api.transport.settings.allow_unknown) {
            return Err(Error::invalid_field(&problem));
        }
        let mut request = self.filters.set(self.client.api().search_discount_coupons());
        if self.offset > 0 {
            request = request.offset(self.offset);
        }
        if self.limit != MAX_LIMIT {
            request = request.limit(self.limit);
        }
        if let Some(fields) = &self.response_fields {
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
        self.response_fields.as_ref().is_none_or(|fields| fields.contains(name))
    }

    /// Whether the ids of coupons are requested.
    fn needs_ids(&self) -> bool {
        let fields = self.response_fields.iter();
        let mut items = fields.flat_map(|fields| fields.iter().filter(|(name, _)| *name == "items"));
        self.asks_for("items") && items.all(|(_, inside)| inside.is_none_or(|inside| inside.contains("id")))
    }

    /// Returns the number of coupons that the search finds, as counted by the store. Sends a single request.
    ///
    /// # Errors
    ///
    /// See [`page`](Self::page). Unreadable coupons are no error.
    pub fn count(&self) -> BoxFuture<'static, Result<u64, Error>> {
        let page = self.clone().offset(0).limit(1).skip_unreadable().page();
        Box::pin(async move {
            let total = page.await?.total.and_then(|total| u64::try_from(total).ok());
            total.ok_or_else(|| Error::invalid_response("the page lacks its `total`").with_operation(OPERATION))
        })
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
    pub fn first(&self) -> BoxFuture<'static, Result<Option<Coupon>, Error>> {
        let search = self.clone();
        Box::pin(async move {
            if search.skip_unreadable || search.after.is_some() {
                return search.limit(2).prefetch(1).stream().try_next().await;
            }
            let offset = search.offset;
            let page = search.limit(1).page().await?;
            let first = page.items.and_then(|items| items.into_iter().next());
            let total = page.total.and_then(|total| u64::try_from(total).ok()).unwrap_or_default();
            if first.is_none() && total > offset {
                let problem = format!("the page has no coupons, but its `total` is {total}");
                return Err(Error::invalid_response(&problem).with_operation(OPERATION));
            }
            Ok(first)
        })
    }

    /// Returns a stream of all coupons that the search finds. See [Pagination](Self#pagination).
    ///
    /// Each page has its own [deadline](Client::with_deadline). A dropped stream sends no further requests.
    ///
    /// # Errors
    ///
    /// - The response fields lack `items`.
    /// - The [cursor](Client::resume) is from another store, or a filter was changed after `resume`.
    /// - The coupons change faster than they can be read, or their order changes.
    ///
    /// See [`page`](Self::page) for further errors. The stream ends after an error.
    pub fn stream(&self) -> CouponStream {
        CouponStream::new(self.pages())
    }

    /// Returns a stream of pages, each with a cursor to continue after it. See [`stream`](Self::stream) for its errors.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// # coupons.create(&ecwid_coupons::types::NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// # let save = |_: Vec<_>, _: String| Ok::<(), std::io::Error>(());
    /// let mut pages = coupons.search().pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     save(page.coupons, page.cursor.to_string())?; // your own function
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn pages(&self) -> PageStream {
        PageStream::new(stream::try_unfold(self.start(), |pages| async {
            let mut pages = pages?;
            Ok(pages.next().await?.map(|page| (page, Ok(pages))))
        }))
    }

    /// Starts pagination.
    fn start(&self) -> Result<CouponPages, Error> {
        let refused = |problem: &str| Error::invalid_request(problem).with_operation(OPERATION);
        if let Some(problem) = &self.problem {
            return Err(refused(problem));
        }
        let position = self.position();
        if let Some(cursor) = self.after.as_ref().filter(|cursor| cursor.filters != position.filters) {
            let (known, this) = (joined(&cursor.filters), joined(&position.filters));
            return Err(refused(&format!(
                "the filters of a resumed search cannot be changed: `{this}` (expected `{known}`)"
            )));
        }
        let mut search = self.clone();
        let mut strip_ids = false;
        if let Some(fields) = search.response_fields {
            strip_ids = fields
                .iter()
                .any(|(name, inside)| name == "items" && inside.is_some_and(|inside| !inside.contains("id")));
            search.response_fields = Some(for_walk(fields).map_err(|problem| refused(&problem))?);
        }
        Ok(CouponPages::new(search, position, strip_ids))
    }

    /// Returns the position at which the search starts.
    fn position(&self) -> Cursor {
        let (offset, next, seen) = match &self.after {
            Some(cursor) => (cursor.offset, cursor.next, cursor.seen.clone()),
            None => (self.offset, self.offset, Seen::new()),
        };
        Cursor {
            version: Version,
            store: self.client.store_id(),
            filters: self.filters.texts(),
            fields: self.response_fields.as_ref().map(ToString::to_string),
            limit: self.limit,
            any_order: self.any_order,
            skip_unreadable: self.skip_unreadable,
            offset,
            next,
            seen,
        }
    }

    /// Keeps the problem of an invalid setting, if it is the first.
    fn refuse(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
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
    pub fn all(&self) -> BoxFuture<'static, Result<Vec<Coupon>, Error>> {
        Box::pin(self.stream().try_collect())
    }
}

/// Adds the fields that pagination needs: the position of the page and the ids of its coupons.
fn for_walk(fields: ResponseFields) -> Result<ResponseFields, String> {
    if !fields.contains("items") {
        return Err(format!("invalid response fields: `{fields}` (expected `items` or `items(...)`)"));
    }
    let with_id = |(name, inside): (&str, Option<&ResponseFields>)| {
        (name.to_owned(), inside.map(|inside| if name == "items" { inside.clone().with("id") } else { inside.clone() }))
    };
    let fields: ResponseFields = fields.iter().map(with_id).collect();
    Ok(with_envelope(fields))
}

/// Returns filters as text for a message.
fn joined(filters: &BTreeMap<String, String>) -> String {
    Serializer::new(String::new()).extend_pairs(filters).finish()
}

fn with_envelope(fields: ResponseFields) -> ResponseFields {
    ENVELOPE.iter().rev().fold(fields, |fields, name| fields.with(name))
}
