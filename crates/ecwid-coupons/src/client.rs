//! [`Client`]: the API as it is used.

use std::fmt;

use crate::{
    ClientBuilder, CouponRef, CouponRefError, CreateMany, CreateOutcome, DeleteOutcome, Error, Get, Search,
    coupon::misspelt_value,
    generated::operations,
    progenitor_client::ResponseValue,
    text::redact::{Redactor, hide_tokens},
    types::{CouponUpdate, DeleteResult, NewCoupon, UpdateResult},
};

pub(crate) mod builder;
pub(crate) mod coupon_lookup;
pub(crate) mod create;
pub(crate) mod create_many;
pub(crate) mod creation_report;
pub(crate) mod delete;
pub(crate) mod delete_if_unused;
pub(crate) mod difference;
pub(crate) mod get;
mod hooks;
pub(crate) mod token;
pub(crate) mod update;

/// The discount coupons of one store.
///
/// A clone is cheap and shares the connections.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
/// # let (base_url, token) = (sandbox.base_url(), "secret_sandbox");
/// use ecwid_coupons::{Client, types::{CouponUpdate, NewCoupon}};
///
/// let coupons = Client::builder(1003, token).base_url(base_url).build()?;
/// coupons.create(&NewCoupon::percent("First order 10% OFF", "FIRST", 10).once_per_customer()).await?;
/// coupons.update("FIRST", &CouponUpdate::default().pause()).await?;
/// println!("{:?}", coupons.get("FIRST").await?);
/// coupons.delete("FIRST").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) api: operations::Operations,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A token may have been given in the place of another setting.
        let base_url = hide_tokens(&self.redactor().redact(self.base_url()));
        f.debug_struct("Client")
            .field("store_id", &self.store_id())
            .field("base_url", &base_url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Settings for a client of this store, with the access token of an app.
    pub fn builder(store_id: i64, token: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(store_id, token.into())
    }

    /// A client of the store `ECWID_STORE_ID` with the token `ECWID_TOKEN`; at `ECWID_BASE_URL`, and with the root certificates
    /// in the file `ECWID_CA_FILE`, where they are set. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// When a variable is missing or not valid; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// The store's id.
    pub fn store_id(&self) -> i64 {
        self.api.transport.store_id()
    }

    /// The address that the store's paths are below.
    pub fn base_url(&self) -> &str {
        &self.api.baseurl
    }

    /// The same client with another [deadline](ClientBuilder::deadline) for each call.
    ///
    /// It shares the connections, the pace and the budget of retries.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use std::time::Duration;
    ///
    /// let page = coupons.with_deadline(Duration::from_secs(5)).search().page().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, deadline: std::time::Duration) -> Self {
        let mut api = self.api.clone();
        api.transport = api.transport.with_deadline(deadline);
        Self { api }
    }

    /// Gets a coupon by its id (an integer) or its code (text), with all its fields unless [`Get::fields`] names some.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let id = coupons.create(&NewCoupon::free_shipping("Free shipping", "SHIP")).await?.id().unwrap();
    /// assert_eq!(coupons.get("SHIP").await?, coupons.get(id).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such coupon ([`Error::is_not_found`]), and as every call can fail.
    pub fn get<R>(&self, coupon: R) -> Get
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        Get::new(self.clone(), reference(coupon, "get_discount_coupon"))
    }

    /// Creates a coupon.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{EcwidDateTime, types::NewCoupon};
    ///
    /// let until: EcwidDateTime = "2999-12-31 23:59:59 +0000".parse()?;
    /// let coupon = NewCoupon::absolute("5 off for three products", "THREE", 5).for_products([101, 102, 103]).expiration_date(until);
    /// let created = coupons.create(&coupon).await?;
    /// assert!(created.is_created() && created.code() == Some("THREE"));
    ///
    /// let error = coupons.create(&coupon).await.unwrap_err();
    /// assert!(error.is_conflict());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When another coupon of the store has the code, in any letter case ([`Error::is_conflict`]); when a limit of the coupon
    /// lists nothing, which the store takes for no limit; when an enum has a value that is surely misspelt, such as `Percent`;
    /// and as every call can fail.
    ///
    /// A failure that leaves open whether the coupon was made is settled by its code, which a store has once. The code is
    /// looked up: a coupon with what was sent is [`CreateOutcome::AlreadyExists`], another one is an error that names the
    /// [differences](Error::differences), and where there is none the create is sent again. Only when the code cannot be looked
    /// up either does the error say that it [may have taken effect](Error::may_have_taken_effect).
    pub async fn create(&self, coupon: &NewCoupon) -> Result<CreateOutcome, Error> {
        refuse_empty_limit(coupon)?;
        self.create_once(coupon, false).await
    }

    /// Creates a coupon, or finds the one that is there already with the same content.
    ///
    /// To be called again as often as needed: the first call makes the coupon, the others find it.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// let thanks = NewCoupon::percent("For order 1017", "THANKS-1017", 10).single_use();
    /// let made = coupons.create_or_get(&thanks).await?;
    /// let found = coupons.create_or_get(&thanks).await?;
    /// assert!(made.is_created() && !found.is_created() && made.id() == found.id());
    ///
    /// let error = coupons.create_or_get(&thanks.discount(15)).await.unwrap_err();
    /// assert_eq!(error.differences()[0].field, "discount");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the coupon with this code is another one: [`Error::is_conflict`], with the [differences](Error::differences) in
    /// what was sent. Otherwise as [`create`](Self::create).
    pub async fn create_or_get(&self, coupon: &NewCoupon) -> Result<CreateOutcome, Error> {
        refuse_empty_limit(coupon)?;
        self.create_once(coupon, true).await
    }

    /// Creates many coupons, several at once; a row that fails does not hold up the others.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{RowOutcome, types::NewCoupon};
    /// use futures_util::StreamExt;
    ///
    /// let thanks = (1..=50).map(|order| NewCoupon::percent("Thank you", format!("THANKS-{order}"), 10).single_use());
    /// let many = coupons.create_many(thanks).accept_existing();
    /// let report = many.report();
    /// let mut rows = many.stream()?;
    /// while let Some((row, outcome)) = rows.next().await {
    ///     if let RowOutcome::Failed(error) = outcome {
    ///         println!("row {row}: {error}");
    ///     }
    /// }
    /// assert!(report.rows().iter().all(|row| matches!(row, RowOutcome::Succeeded(creation) if creation.is_created())));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Every row is settled by its code, as by [`create`](Self::create). See [`CreateMany::stream`] for when a run stops.
    pub fn create_many(&self, coupons: impl IntoIterator<Item = NewCoupon>) -> CreateMany {
        CreateMany::new(self.clone(), coupons.into_iter().collect())
    }

    /// Deletes a coupon that no order has used, and whose status is ACTIVE or PAUSED; leaves any other alone.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{DeleteOutcome, types::NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("For order 1017", "THANKS-1017", 10).single_use()).await?;
    /// assert!(matches!(coupons.delete_if_unused("THANKS-1017").await?, DeleteOutcome::Deleted(_)));
    /// assert_eq!(coupons.delete_if_unused("THANKS-1017").await?, DeleteOutcome::NotFound);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The API has no delete with a condition, so this is a look and then a delete. An order that is placed between the two
    /// uses the coupon and does not save it: the coupon is gone then, and the order keeps its discount.
    ///
    /// # Errors
    ///
    /// As every call can fail.
    pub async fn delete_if_unused<R>(&self, coupon: R) -> Result<DeleteOutcome, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        self.run_delete_if_unused(reference(coupon, "get_discount_coupon")?).await
    }

    /// Changes a coupon: the fields that the update sets or clears, and no others.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::{Patch, types::{CouponUpdate, NewCoupon}};
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10).total_limit(50)).await?;
    /// let mut update = CouponUpdate::default().name("5% OFF").discount(5);
    /// update.total_limit = Patch::Clear;
    /// coupons.update("TEN", &update).await?;
    ///
    /// let coupon = coupons.get("TEN").await?;
    /// assert_eq!((coupon.name.as_deref(), coupon.total_limit), (Some("5% OFF"), None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the response to an update that changes the code is lost, the coupon is looked up by its new code: the update is done
    /// if the coupon there is this one and has all that the update set.
    ///
    /// By an id, by a code of digits, or with a new code, the coupon is read first, so that no other coupon is taken for it: see
    /// [`CouponRef`]. That needs the access scope `read_discount_coupons` too.
    ///
    /// # Errors
    ///
    /// When the update changes no field, or sets an enum to a value that is surely misspelt; when there is no such coupon, which the store may also tell by an `update_count` of
    /// 0; and as every call can fail.
    pub async fn update<R>(&self, coupon: R, update: &CouponUpdate) -> Result<UpdateResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, "update_discount_coupon")?;
        if *update == CouponUpdate::default() {
            let message = "the update changes no field; set or clear at least one";
            return Err(Error::invalid_request(message).with_operation("update_discount_coupon"));
        }
        refuse_misspelt_value(update, "update_discount_coupon")?;
        self.update_once(coupon, update).await
    }

    /// Deletes a coupon.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(1));
    /// assert_eq!(coupons.delete("TEN").await?.delete_count, Some(0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A coupon that is not there is no error: `delete_count` of the result is 0 then, and 1 when it was deleted. It is `None`
    /// if the coupon is gone and it is not known whether this call deleted it: the response to a first attempt was lost, and
    /// the second found no coupon.
    ///
    /// By an id, or by a code of digits, the coupon is read first, so that no other coupon is deleted: see [`CouponRef`]. That
    /// needs the access scope `read_discount_coupons` too.
    ///
    /// # Errors
    ///
    /// As every call can fail.
    pub async fn delete<R>(&self, coupon: R) -> Result<DeleteResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        self.delete_once(reference(coupon, "delete_discount_coupon")?).await
    }

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
        Search::new(self.clone())
    }

    /// The API's operations as they are documented, one builder each, sent the same way as all else.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// let page = coupons.api().search_discount_coupons().limit(10).send().await?;
    /// assert_eq!(page.total, Some(0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> &operations::Operations {
        &self.api
    }

    /// What removes the token from text that the server sent.
    pub(crate) fn redactor(&self) -> &Redactor {
        self.api.transport.redactor()
    }

    /// The error of a response that is not the result that was asked for, without the token.
    pub(crate) fn invalid<T>(&self, response: &ResponseValue<T>, problem: &str) -> Error {
        response.invalid(&self.redactor().redact(problem))
    }
}

fn refuse_misspelt_value(object: &impl serde::Serialize, operation: &'static str) -> Result<(), Error> {
    misspelt_value(object).map_or(Ok(()), |(_, problem)| Err(Error::invalid_request(problem).with_operation(operation)))
}

fn refuse_empty_limit(coupon: &NewCoupon) -> Result<(), Error> {
    refuse_misspelt_value(coupon, "create_discount_coupon")?;
    let Some(limit) = coupon.empty_limit() else { return Ok(()) };
    let message =
        format!("the {limit} lists nothing, which the store takes for no limit; leave it out if that is meant");
    Err(Error::invalid_request(message).with_operation("create_discount_coupon"))
}

fn reference<R>(coupon: R, operation: &'static str) -> Result<CouponRef, Error>
where
    R: TryInto<CouponRef>,
    CouponRefError: From<R::Error>,
{
    coupon.try_into().map_err(|error| Error::from(CouponRefError::from(error)).with_operation(operation))
}
