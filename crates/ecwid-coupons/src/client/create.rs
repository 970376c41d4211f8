//! Creates a coupon exactly once. The store allows each code once, so a lookup by code shows whether a create
//! succeeded.

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::{
    Client, Error,
    client::difference,
    coupon::refuse_invalid,
    types::{Coupon, CouponStatus, CreatedCoupon, NewCoupon},
    value::coupon_ref::is_same_code,
};

/// The operation of errors in this file.
pub(crate) const OPERATION: &str = "create_discount_coupon";

impl Client {
    /// Creates a coupon.
    ///
    /// If a failure leaves it unclear whether the coupon was created, the client looks it up by its code, which is
    /// unique within a store. If the coupon has the content that was sent, the outcome is
    /// [`CreateOutcome::Recovered`]. If it has other content, the error lists the [differences](Error::differences). If
    /// no coupon has the code, the create is sent again. If the lookup fails too, or if the last response was lost, the
    /// error says that the create [may have taken effect](Error::may_have_taken_effect).
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
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
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// - Another coupon of the store has the code, in any letter case: [`Error::is_conflict`].
    /// - A limit of the coupon is empty, which Ecwid treats as no limit.
    /// - An enum has an unknown value, unless the client [allows](crate::ClientBuilder::allow_unknown) it.
    /// - A date is not one.
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn create(&self, coupon: &NewCoupon) -> BoxFuture<'static, Result<CreateOutcome, Error>> {
        let (client, coupon) = (self.clone(), coupon.clone());
        Box::pin(async move { client.create_once(&coupon, false).await })
    }

    /// Creates a coupon, or returns the existing coupon with this code. Fails if the content differs.
    ///
    /// This call can be repeated: the first call creates the coupon, and later calls find it.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
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
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The existing coupon has other content: [`Error::is_conflict`], with the [differences](Error::differences). See
    /// [`create`](Self::create) for further errors.
    pub fn create_or_get(&self, coupon: &NewCoupon) -> BoxFuture<'static, Result<CreateOutcome, Error>> {
        let (client, coupon) = (self.clone(), coupon.clone());
        Box::pin(async move { client.create_once(&coupon, true).await })
    }
}

/// The outcome of [`Client::create`] and [`Client::create_or_get`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CreateOutcome {
    /// The store responded that it created the coupon.
    Created(CreatedCoupon),
    /// The response to an attempt was lost or unreadable, and a lookup found the coupon with the content that was sent:
    /// this call created it. (The store does not tell who created a coupon. Somebody else may have created the same
    /// coupon.)
    Recovered(Box<Coupon>),
    /// The coupon existed before the call, with the content that was sent. Fields that were left out have their
    /// defaults. It may be used up or expired: see [`status`](Self::status) and [`order_count`](Self::order_count).
    AlreadyExists(Box<Coupon>),
}

impl CreateOutcome {
    /// Returns the coupon's id.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Created(created) => created.id,
            Self::Recovered(coupon) | Self::AlreadyExists(coupon) => coupon.id,
        }
    }

    /// Returns the coupon's code in the store.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Created(created) => created.code.as_deref(),
            Self::Recovered(coupon) | Self::AlreadyExists(coupon) => coupon.code.as_deref(),
        }
    }

    /// Returns the status of a coupon that was looked up. It can be EXPIRED or USEDUP.
    pub fn status(&self) -> Option<&CouponStatus> {
        match self {
            Self::Created(_) => None,
            Self::Recovered(coupon) | Self::AlreadyExists(coupon) => coupon.status.as_ref(),
        }
    }

    /// Returns how many orders used a coupon that was looked up.
    pub fn order_count(&self) -> Option<i64> {
        match self {
            Self::Created(_) => None,
            Self::Recovered(coupon) | Self::AlreadyExists(coupon) => coupon.order_count,
        }
    }

    /// Returns the name of the outcome: `created`, `recovered` or `already_exists`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Recovered(_) => "recovered",
            Self::AlreadyExists(_) => "already_exists",
        }
    }

    /// Whether this call created the coupon, also if the response was lost.
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_) | Self::Recovered(_))
    }
}

impl Client {
    /// Creates a coupon, or returns the existing coupon if an earlier attempt may have created it.
    ///
    /// If `existing` is set, a coupon that existed before the call is returned too.
    pub(crate) async fn create_once(&self, coupon: &NewCoupon, existing: bool) -> Result<CreateOutcome, Error> {
        self.clone().call(OPERATION, async |client| client.create_by_code(coupon, existing).await).await
    }

    /// Fails if the coupon has an invalid value or an empty limit.
    pub(crate) fn refuse_new(&self, coupon: &NewCoupon) -> Result<(), Error> {
        refuse_invalid(coupon, self, OPERATION)?;
        let Some(limit) = coupon.empty_limit() else { return Ok(()) };
        let message = format!("`{limit}` is empty, which Ecwid treats as no limit; omit it if that is intended");
        Err(Error::invalid_request(message).with_operation(OPERATION))
    }

    async fn create_by_code(&self, coupon: &NewCoupon, existing: bool) -> Result<CreateOutcome, Error> {
        self.refuse_new(coupon)?;
        let transport = &self.api.transport;
        let start = transport.call.as_ref().map_or_else(Instant::now, |call| call.start);
        // Whether the response to an earlier attempt was lost, so that the store may still be processing it.
        let mut is_pending = false;
        let mut round = 0;
        loop {
            round += 1;
            let error = match self.api.create_discount_coupon().body(coupon.clone()).send().await {
                Ok(created) => {
                    match created.code.as_deref().filter(|code| !is_same_code(code.trim(), coupon.code.trim())) {
                        None => return Ok(CreateOutcome::Created(created.into_inner())),
                        Some(other) => self
                            .invalid(&created, &format!("it created the code {other:?} (expected {:?})", coupon.code)),
                    }
                }
                Err(error) => error,
            };
            // A coupon has the code: from an earlier attempt, or from another create.
            let is_taken = error.is_conflict() && (existing || round > 1);
            if !is_taken && !error.may_have_taken_effect() {
                return Err(error.with_uncertain_attempt(is_pending));
            }
            // The lookup has to wait too, if the server asks for a delay.
            if let Some(wait) = error.retry_after().filter(|_| !is_taken) {
                if wait >= transport.time_left(start) {
                    return Err(error.with_uncertain_attempt(is_pending));
                }
                sleep(wait).await;
            }
            match self.by_code(&coupon.code).await {
                Ok(Some(stored)) => {
                    let is_recovered = !is_taken || round > 1;
                    return compare(coupon, stored, is_recovered).map_err(|error| error.redacted(self.redactor()));
                }
                // No coupon has the code, so another attempt cannot create a second coupon.
                Ok(None) if !is_taken => {
                    let was_pending = is_pending;
                    is_pending |= !error.has_response_of_store();
                    let error = error.without_coupon().with_uncertain_attempt(was_pending);
                    if round >= transport.settings.max_attempts {
                        return Err(error);
                    }
                    transport.wait_for_retry(error, round, start).await?;
                }
                // The store responds that a coupon has the code, but the lookup does not find it.
                Ok(None) => return Err(error.with_uncertain_attempt(round > 1)),
                // The outcome of this attempt remains unknown, and so does that of an earlier one if the code is taken.
                Err(_) => return Err(error.with_uncertain_attempt(is_pending || is_taken && round > 1)),
            }
        }
    }
}

/// Compares the sent coupon with the stored one, and returns the outcome of the failed create.
fn compare(sent: &NewCoupon, stored: Coupon, is_recovered: bool) -> Result<CreateOutcome, Error> {
    let differences = difference::of_new(sent, &stored);
    let stored = Box::new(stored);
    match (differences.is_empty(), is_recovered) {
        (true, true) => Ok(CreateOutcome::Recovered(stored)),
        (true, false) => Ok(CreateOutcome::AlreadyExists(stored)),
        (false, _) => Err(Error::conflict(&sent.code, differences).with_operation(OPERATION)),
    }
}
