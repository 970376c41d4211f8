//! Creates a coupon exactly once. The store allows each code once, so a lookup by code shows whether a create
//! succeeded.

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
    /// [`CreateOutcome::AlreadyExists`]. If it has other content, the error lists the
    /// [differences](Error::differences). If no coupon has the code, the create is sent again. If the lookup fails too,
    /// the error says that the create [may have taken effect](Error::may_have_taken_effect).
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
    /// - An enum has a misspelled value, such as `Percent`, or a date is not one.
    ///
    /// See [`Error`] for errors common to all calls.
    pub async fn create(&self, coupon: &NewCoupon) -> Result<CreateOutcome, Error> {
        refuse_empty_limit(coupon)?;
        self.create_once(coupon, false).await
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
    pub async fn create_or_get(&self, coupon: &NewCoupon) -> Result<CreateOutcome, Error> {
        refuse_empty_limit(coupon)?;
        self.create_once(coupon, true).await
    }
}

/// The outcome of [`Client::create`] and [`Client::create_or_get`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CreateOutcome {
    /// The store responded that it created the coupon.
    Created(CreatedCoupon),
    /// The coupon exists with the content that was sent. Fields that were left out have their defaults. Either this
    /// create made it and the response was lost, or it existed before. It may be used up or expired: see
    /// [`status`](Self::status) and [`order_count`](Self::order_count).
    AlreadyExists(Box<Coupon>),
}

impl CreateOutcome {
    /// Returns the coupon's id.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Created(created) => created.id,
            Self::AlreadyExists(coupon) => coupon.id,
        }
    }

    /// Returns the coupon's code in the store.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Created(created) => created.code.as_deref(),
            Self::AlreadyExists(coupon) => coupon.code.as_deref(),
        }
    }

    /// Returns the status of a coupon that [already exists](Self::AlreadyExists). It can be EXPIRED or USEDUP.
    pub fn status(&self) -> Option<&CouponStatus> {
        match self {
            Self::Created(_) => None,
            Self::AlreadyExists(coupon) => coupon.status.as_ref(),
        }
    }

    /// Returns how many orders used a coupon that [already exists](Self::AlreadyExists).
    pub fn order_count(&self) -> Option<i64> {
        match self {
            Self::Created(_) => None,
            Self::AlreadyExists(coupon) => coupon.order_count,
        }
    }

    /// Returns the name of the outcome: `created` or `already_exists`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::AlreadyExists(_) => "already_exists",
        }
    }

    /// Whether the store responded that it created the coupon.
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}

impl Client {
    /// Creates a coupon, or returns the existing coupon if an earlier attempt may have created it.
    ///
    /// If `existing` is set, a coupon that existed before the call is returned too.
    pub(crate) async fn create_once(&self, coupon: &NewCoupon, existing: bool) -> Result<CreateOutcome, Error> {
        let start = Instant::now();
        let mut attempts = 0;
        let result = self.create_by_code(coupon, existing, start, &mut attempts).await;
        result.map_err(|error| error.with_attempts(attempts, start.elapsed()))
    }

    async fn create_by_code(
        &self,
        coupon: &NewCoupon,
        existing: bool,
        start: Instant,
        attempts: &mut u32,
    ) -> Result<CreateOutcome, Error> {
        let transport = &self.api.transport;
        let left = || transport.time_left(start);
        let mut ambiguous: Option<Error> = None;
        let mut round = 0;
        loop {
            round += 1;
            let error = match self.since(start).api.create_discount_coupon().body(coupon.clone()).send().await {
                Ok(created) => {
                    match created.code.as_deref().filter(|code| !is_same_code(code.trim(), coupon.code.trim())) {
                        None => return Ok(CreateOutcome::Created(created.into_inner())),
                        Some(other) => self
                            .invalid(&created, &format!("it created the code {other:?} (expected {:?})", coupon.code)),
                    }
                }
                Err(error) => error,
            };
            *attempts += error.attempts();
            // A coupon has the code: from an earlier attempt, or from another create.
            let taken = error.is_conflict() && (existing || ambiguous.is_some());
            if !taken && !error.may_have_taken_effect() {
                // If this attempt was not sent, the outcome of the earlier attempt remains unknown.
                return Err(ambiguous.filter(|_| error.is_network()).unwrap_or(error));
            }
            // The lookup has to wait too, if the server asks for a delay.
            if let Some(wait) = error.retry_after().filter(|_| !taken) {
                if wait >= left() {
                    return Err(error);
                }
                sleep(wait).await;
            }
            match self.since(start).by_code(&coupon.code).await {
                Ok(Some(stored)) => {
                    return compare(coupon, stored, &error).map_err(|error| error.redacted(self.redactor()));
                }
                // No coupon has the code, so another attempt cannot create a second coupon.
                Ok(None) if !taken && round < transport.max_attempts => {
                    if !transport.wait_for_retry(round, None, left()).await {
                        return Err(error);
                    }
                    ambiguous = Some(error);
                }
                // The coupon with the code cannot be seen, so the outcome remains unknown.
                Ok(None) | Err(_) => return Err(ambiguous.unwrap_or(error)),
            }
        }
    }
}

/// Compares the sent coupon with the stored one, and returns the outcome of the failed create.
fn compare(sent: &NewCoupon, stored: Coupon, error: &Error) -> Result<CreateOutcome, Error> {
    let differences = difference::of_new(sent, &stored);
    if differences.is_empty() {
        return Ok(CreateOutcome::AlreadyExists(Box::new(stored)));
    }
    Err(Error::conflict(&sent.code, differences).with_request(OPERATION, error.request_id().unwrap_or_default()))
}

fn refuse_empty_limit(coupon: &NewCoupon) -> Result<(), Error> {
    refuse_invalid(coupon, OPERATION)?;
    let Some(limit) = coupon.empty_limit() else { return Ok(()) };
    let message = format!("`{limit}` is empty, which Ecwid treats as no limit; omit it if that is intended");
    Err(Error::invalid_request(message).with_operation(OPERATION))
}
