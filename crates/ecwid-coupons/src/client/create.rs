//! Creating a coupon exactly once, by its natural key: the code, which a store has once.

use tokio::time::{Instant, sleep};

use crate::{
    Client, Error,
    client::difference,
    coupon::refuse_misspelt_value,
    types::{Coupon, CouponStatus, CreatedCoupon, NewCoupon},
    value::coupon_ref::is_same_code,
};

/// The operation that errors of a create are of.
pub(crate) const OPERATION: &str = "create_discount_coupon";

impl Client {
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
    /// - Another coupon of the store has the code, in any letter case: [`Error::is_conflict`].
    /// - A limit of the coupon is empty, which the store treats as no limit.
    /// - An enum has a misspelt value, such as `Percent`.
    ///
    /// See [`Error`] for errors common to all calls.
    ///
    /// If a failure leaves it unclear whether the coupon was created, the client looks it up by its code, which is unique
    /// within a store. If the coupon holds what was sent, the outcome is [`CreateOutcome::AlreadyExists`]. If it does not, the
    /// error names the [differences](Error::differences). If no coupon has the code, the create is sent again. If the look-up
    /// fails too, the error says that the create [may have taken effect](Error::may_have_taken_effect).
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
}

/// What became of a create.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CreateOutcome {
    /// The store said that it created the coupon.
    Created(CreatedCoupon),
    /// The coupon is there, with all that was sent, and without a limit or a discount that was not sent. Either this create
    /// made it and the store's answer was lost, or it was there before. It may be used up or expired: see
    /// [`status`](Self::status) and [`order_count`](Self::order_count).
    AlreadyExists(Box<Coupon>),
}

impl CreateOutcome {
    /// The coupon's id.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Created(created) => created.id,
            Self::AlreadyExists(coupon) => coupon.id,
        }
    }

    /// The coupon's code, as the store has it.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Created(created) => created.code.as_deref(),
            Self::AlreadyExists(coupon) => coupon.code.as_deref(),
        }
    }

    /// The status of a coupon that is [already there](Self::AlreadyExists), which can be EXPIRED or USEDUP.
    pub fn status(&self) -> Option<&CouponStatus> {
        match self {
            Self::Created(_) => None,
            Self::AlreadyExists(coupon) => coupon.status.as_ref(),
        }
    }

    /// How many orders used a coupon that is [already there](Self::AlreadyExists).
    pub fn order_count(&self) -> Option<i64> {
        match self {
            Self::Created(_) => None,
            Self::AlreadyExists(coupon) => coupon.order_count,
        }
    }

    /// The outcome's name: `created` or `already_exists`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::AlreadyExists(_) => "already_exists",
        }
    }

    /// Whether the store said that it created the coupon.
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}

impl Client {
    /// Creates a coupon, or finds that the store has it as it is to be made.
    ///
    /// With `existing`, a coupon that was there before counts; without, it is the store's error.
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
                        Some(other) => {
                            self.invalid(&created, &format!("that it created {other:?} and not {:?}", coupon.code))
                        }
                    }
                }
                Err(error) => error,
            };
            *attempts += error.attempts();
            // The code is taken: by the coupon of an attempt before this one, or by another.
            let taken = error.is_conflict() && (existing || ambiguous.is_some());
            if !taken && !error.may_have_taken_effect() {
                // What could not be sent again leaves open what became of the attempt before.
                return Err(ambiguous.filter(|_| error.is_network()).unwrap_or(error));
            }
            // A store that says when to come back is not asked for the coupon before.
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
                // Not there, so that another attempt makes no second one: the store has a code once.
                Ok(None) if !taken && round < transport.max_attempts => {
                    if !transport.wait_for_retry(round, None, left()).await {
                        return Err(error);
                    }
                    ambiguous = Some(error);
                }
                // What has the code cannot be seen: it is not known what became of the create.
                Ok(None) | Err(_) => return Err(ambiguous.unwrap_or(error)),
            }
        }
    }
}

/// What a coupon with the code says of a create that failed.
fn compare(sent: &NewCoupon, stored: Coupon, error: &Error) -> Result<CreateOutcome, Error> {
    let differences = difference::of_new(sent, &stored);
    if differences.is_empty() {
        return Ok(CreateOutcome::AlreadyExists(Box::new(stored)));
    }
    Err(Error::conflict(&sent.code, differences).with_request(OPERATION, error.request_id().unwrap_or_default()))
}

fn refuse_empty_limit(coupon: &NewCoupon) -> Result<(), Error> {
    refuse_misspelt_value(coupon, OPERATION)?;
    let Some(limit) = coupon.empty_limit() else { return Ok(()) };
    let message =
        format!("the {limit} lists nothing, which the store takes for no limit; leave it out if that is meant");
    Err(Error::invalid_request(message).with_operation(OPERATION))
}
