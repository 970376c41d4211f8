//! Taking a coupon back, as long as nobody has used it.

use crate::{
    Client, CouponRef, CouponRefError, Error,
    types::{Coupon, CouponStatus},
};

/// What [`Client::delete_if_unused`] found, and did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeleteOutcome {
    /// It was not used, and is deleted. This is how it was. If the response to the delete was lost, somebody else may have
    /// deleted it in the same moment.
    Deleted(Box<Coupon>),
    /// It was used, or the store had set its status to EXPIRED or USEDUP, and is left as it is.
    Kept(Box<Coupon>),
    /// There is no such coupon.
    NotFound,
}

impl DeleteOutcome {
    /// The outcome's name: `deleted`, `kept` or `not_found`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Deleted(_) => "deleted",
            Self::Kept(_) => "kept",
            Self::NotFound => "not_found",
        }
    }

    /// The coupon as it was found.
    pub fn coupon(&self) -> Option<&Coupon> {
        match self {
            Self::Deleted(coupon) | Self::Kept(coupon) => Some(coupon),
            Self::NotFound => None,
        }
    }
}

impl Client {
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
    /// See [`Error`] for errors common to all calls.
    pub async fn delete_if_unused<R>(&self, coupon: R) -> Result<DeleteOutcome, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = match self.get(coupon).await {
            Ok(found) => found,
            Err(error) if error.is_coupon_not_found() => return Ok(DeleteOutcome::NotFound),
            Err(error) => return Err(error),
        };
        let open = matches!(coupon.status, Some(CouponStatus::Active | CouponStatus::Paused));
        // A count that is not there is no proof that it is 0.
        if coupon.order_count != Some(0) || !open {
            return Ok(DeleteOutcome::Kept(Box::new(coupon)));
        }
        let id = coupon
            .id
            .ok_or_else(|| Error::invalid_response("a coupon without an id").with_operation("get_discount_coupon"))?;
        // By its id: the code may be another coupon's by now.
        let deleted = self.delete_known(id.into()).await?;
        // Without a count, it was there a moment ago and its delete was sent more than once.
        let gone = deleted.delete_count == Some(0);
        Ok(if gone { DeleteOutcome::NotFound } else { DeleteOutcome::Deleted(Box::new(coupon)) })
    }
}
