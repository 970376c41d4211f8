//! [`Search`]: one page of coupons, or all of them.

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

/// The most coupons a page can hold, by the vendor's documentation.
const MAX_LIMIT: u32 = 100;

/// The fields of a page that tell where it is; without them no walk over pages is safe.
const ENVELOPE: [&str; 4] = ["total", "count", "offset", "limit"];

/// The operation that errors of a search are of.
const OPERATION: &str = "search_discount_coupons";

impl Client {
    /// A search through the store's coupons: all of them, until filters are set.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::CouponStatus;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut active = coupons.search().status(CouponStatus::Active).stream();
    /// while let Some(coupon) = active.try_next().await? {
    ///     println!("{:?}", coupon.code);
    /// }
    /// # Ok(())
    /// # }
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

/// A search through a store's coupons, made by [`Client::search`].
///
/// Filters narrow each other down. [`page`](Self::page) gets one page, [`stream`](Self::stream) all of them.
///
/// Whether the store takes a part of a code for [`code`](Self::code) is not documented; the sandbox compares whole codes, in any
/// letter case.
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
    /// The fields, or why those given are none.
    response_fields: Result<Option<ResponseFields>, String>,
}

with_filters!(setters);

impl Search {
    /// Only these fields of each coupon; all of them unless set. What tells where a page is always comes along.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::{CouponField, NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// let page = coupons.search().fields([CouponField::Code, CouponField::CatalogLimitProducts]).page().await?;
    /// let coupon = &page.items.unwrap()[0];
    /// assert_eq!((page.total, coupon.code.as_deref(), coupon.id), (Some(1), Some("TEN"), None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What is not a field, and an empty list, is an error of the call that sends it.
    pub fn fields<I>(mut self, fields: I) -> Self
    where
        I: IntoIterator<Item: TryInto<CouponField, Error: Display>>,
    {
        let items = |fields| ResponseFields::from_iter([("items".to_owned(), Some(fields))]);
        self.response_fields =
            ResponseFields::of::<CouponField, _>(fields).map(|fields| Some(with_envelope(items(fields))));
        self
    }

    /// The fields to answer, in the vendor's notation, such as `items(id,name,status)`; all of them unless set.
    ///
    /// [`fields`](Self::fields) is the safer way to name those that this version knows.
    ///
    /// A page has the fields named and no others. A stream asks for `total`, `count`, `offset`, `limit` and the ids as well,
    /// since it could miss pages without them. What is not in the notation is an error of the call that sends it.
    pub fn response_fields<F>(mut self, fields: F) -> Self
    where
        F: TryInto<ResponseFields>,
        F::Error: Display,
    {
        self.response_fields = fields.try_into().map(Some).map_err(|error| error.to_string());
        self
    }

    /// How many found coupons to skip before the first one: 0 unless set.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// The most coupons in one page, from 1 to 100: 100 unless set. A stream asks for 2 at least, as its pages overlap by one.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// How many pages a stream asks for at once: 4 unless set. 1 asks for a page when the one before has come.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// Goes on after a page of the same search that was read before, in another process too: a stream begins there.
    ///
    /// The filters must be those of that search; its offset is kept. Coupons that were created or deleted in the meantime
    /// are dealt with as during a [`stream`](Self::stream).
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
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
    /// # }
    /// ```
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// For a store that does not give its coupons in the order of their ids: a stream keeps the ids of all coupons it gave, some
    /// 16 bytes each, where it would let go of them otherwise.
    pub fn any_order(mut self) -> Self {
        self.any_order = true;
        self
    }

    /// Goes on without coupons that cannot be read, instead of failing. Those with a date that is none are skipped too, which are
    /// otherwise kept with the date's text.
    ///
    /// [`pages`](Self::pages) says which were skipped, in [`Page::skipped`]. Each is also logged as a warning.
    /// [`page`](Self::page), [`stream`](Self::stream) and [`all`](Self::all) leave them out.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
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
    /// # }
    /// ```
    pub fn skip_unreadable(mut self) -> Self {
        self.skip_unreadable = true;
        self
    }

    /// Gets one page.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// let page = coupons.search().created_from(1447804800).limit(10).page().await?;
    /// assert_eq!((page.total, page.items), (Some(0), Some(vec![])));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the limit is not from 1 to 100, when a status or a discount type is surely misspelt, when there is a [cursor](Self::after), which only a stream can go on from, and as
    /// every call can fail.
    pub async fn page(&self) -> Result<CouponPage, Error> {
        Ok(self.partial_page().await?.into_page())
    }

    /// One page, with the coupons that cannot be read apart from the others if they are to be skipped.
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
            let message = "a single page cannot be read after a cursor; take the first one of `pages`";
            return Err(Error::invalid_request(message));
        }
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            let message = format!("the limit is {}; a page holds from 1 to {MAX_LIMIT} coupons", self.limit);
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

    /// What a page with this many coupons lacks. Fields that were not asked for are not missed.
    fn problem_of(&self, page: &CouponPage, count: usize) -> Option<&'static str> {
        let is_missing = |name: &str, is_missing: bool| is_missing && self.asks_for(name);
        if is_missing("items", page.items.is_none()) || is_missing("total", page.total.is_none_or(|total| total < 0)) {
            return Some("a page without its `items` or its `total`");
        }
        if i64::try_from(count).is_ok_and(|count| count > page.total.unwrap_or(i64::MAX)) {
            return Some("a page of more coupons than its `total` has");
        }
        let lacks_ids = page.items.iter().flatten().any(|coupon| coupon.id.is_none());
        (lacks_ids && self.needs_ids() && !self.skip_unreadable).then_some("a page of coupons without ids")
    }

    /// Whether a field of a page is asked for.
    fn asks_for(&self, name: &str) -> bool {
        self.response_fields.iter().flatten().all(|fields| fields.contains(name))
    }

    /// Whether the ids of coupons are asked for.
    fn needs_ids(&self) -> bool {
        let fields = self.response_fields.iter().flatten();
        let mut items = fields.flat_map(|fields| fields.iter().filter(|(name, _)| *name == "items"));
        self.asks_for("items") && items.all(|(_, inside)| inside.is_none_or(|inside| inside.contains("id")))
    }

    /// Returns how many coupons the search finds, as the store counts them. Sends one request.
    ///
    /// # Errors
    ///
    /// Those of [`page`](Self::page), except that coupons that cannot be read do not matter.
    pub async fn count(&self) -> Result<u64, Error> {
        let page = self.clone().offset(0).limit(1).skip_unreadable().page().await?;
        let total = page.total.and_then(|total| u64::try_from(total).ok());
        total.ok_or_else(|| Error::invalid_response("a page without its `total`").with_operation(OPERATION))
    }

    /// Gets the first coupon found, if there is one.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// assert_eq!(coupons.search().code("TEN").first().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`page`](Self::page); and one if the store counts coupons and gives none.
    pub async fn first(&self) -> Result<Option<Coupon>, Error> {
        if self.skip_unreadable {
            return self.clone().limit(2).prefetch(1).stream().try_next().await;
        }
        let page = self.clone().limit(1).page().await?;
        let first = page.items.and_then(|items| items.into_iter().next());
        let total = page.total.and_then(|total| u64::try_from(total).ok()).unwrap_or_default();
        if first.is_none() && total > self.offset {
            let problem = format!("a page without coupons, and {total} in all");
            return Err(Error::invalid_response(&problem).with_operation(OPERATION));
        }
        Ok(first)
    }

    /// All coupons found, page after page, with pages asked for ahead.
    ///
    /// Coupons that are created or deleted while it reads move the others between pages. Each page overlaps the one before
    /// by a coupon, so that a gap is seen and read; no coupon that was there throughout is left out or given twice, as long
    /// as the store keeps an order. The vendor documents none. The first thousand ids are kept; when they show the order of
    /// ids, as is assumed, they are let go of, and what a stream needs does not grow with the store. A store that leaves that
    /// order later is an error, never a gap: see [`any_order`](Self::any_order).
    ///
    /// A stream that is dropped stops asking for pages. Each page has the time of one call ([`Client::with_deadline`]).
    ///
    /// Its errors are those of [`page`](Self::page); one for response fields without `items`; and one for a store that changes
    /// faster than it can be read. After an error the stream ends.
    pub fn stream(&self) -> impl Stream<Item = Result<Coupon, Error>> + Send + Unpin + use<> {
        self.pages().map_ok(|page| stream::iter(page.coupons.into_iter().map(Ok))).try_flatten()
    }

    /// All coupons found, in the pages they came in, each with the place after it: to go on from later with
    /// [`after`](Self::after), or to see how far a long walk is. Otherwise as [`stream`](Self::stream).
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
        // Boxed, so that a caller need not pin it.
        Box::pin(stream::try_unfold(pages, |pages| async {
            let mut pages = pages?;
            Ok(pages.next().await?.map(|page| (page, Ok(pages))))
        }))
    }

    /// What a cursor of this search can go on with: the store and the filters.
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
        let message = format!("the cursor is of another search: it was for {search}, this is for {this}");
        Err(Error::invalid_request(message).with_operation(OPERATION))
    }

    /// All coupons found, at once. See [`stream`](Self::stream), which does not keep them all in memory.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::DiscountType;
    ///
    /// let free_shipping = coupons.search().discount_type(DiscountType::Shipping).all().await?;
    /// assert!(free_shipping.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`stream`](Self::stream).
    pub async fn all(&self) -> Result<Vec<Coupon>, Error> {
        self.stream().try_collect().await
    }
}

/// The fields with those that a walk over pages needs: where a page is, and the ids of its coupons.
fn for_walk(fields: ResponseFields) -> Result<Option<ResponseFields>, String> {
    if !fields.contains("items") {
        return Err(format!("the response fields `{fields}` have no items; those of coupons stand in items(...)"));
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
