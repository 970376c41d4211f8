//! Deletes a coupon unless it was used.

use futures_util::future::BoxFuture;

use crate::{
    Client, CouponRef, CouponRefError, Error,
    client::{coupon_lookup::reference, delete::OPERATION},
    types::{Coupon, CouponStatus},
};

/// The outcome of [`Client::delete_if_unused`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeleteOutcome {
    /// The coupon was unused and is deleted. The value is the coupon as it was before. If the response to the delete
    /// was lost, somebody else may have deleted the coupon at the same time.
    Deleted(Box<Coupon>),
    /// The coupon was kept, because an order used it, or because its status is EXPIRED or USEDUP.
    Kept(Box<Coupon>),
    /// The coupon does not exist.
    NotFound,
}

impl DeleteOutcome {
    /// Returns the name of the outcome: `deleted`, `kept` or `not_found`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Deleted(_) => "deleted",
            Self::Kept(_) => "kept",
            Self::NotFound => "not_found",
        }
    }

    /// Returns the coupon as it was before the call.
    pub fn coupon(&self) -> Option<&Coupon> {
        match self {
            Self::Deleted(coupon) | Self::Kept(coupon) => Some(coupon),
            Self::NotFound => None,
        }
    }
}

impl Client {
    /// Deletes a coupon if no order has used it and its status is ACTIVE or PAUSED.
    ///
    /// The API has no conditional delete, so the client reads the coupon and then deletes it. An order that uses the
    /// coupon between the two requests does not prevent the delete. Such an order keeps its discount.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::{DeleteOutcome, types::NewCoupon};
    ///
    /// coupons.create(&NewCoupon::percent("For order 1017", "THANKS-1017", 10).single_use()).await?;
    /// assert!(matches!(coupons.delete_if_unused("THANKS-1017").await?, DeleteOutcome::Deleted(_)));
    /// assert_eq!(coupons.delete_if_unused("THANKS-1017").await?, DeleteOutcome::NotFound);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn delete_if_unused<R>(&self, coupon: R) -> BoxFuture<'static, Result<DeleteOutcome, Error>>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let (client, coupon) = (self.clone(), reference(coupon, OPERATION));
        Box::pin(async move { client.call(OPERATION, async |client| client.delete_unused(coupon?).await).await })
    }

    async fn delete_unused(&self, coupon: CouponRef) -> Result<DeleteOutcome, Error> {
        let coupon = match self.get(coupon).await {
            Ok(found) => found,
            Err(error) if error.is_coupon_not_found() => return Ok(DeleteOutcome::NotFound),
            Err(error) => return Err(error),
        };
        let open = matches!(coupon.status, Some(CouponStatus::Active | CouponStatus::Paused));
        // A missing count does not prove that the coupon is unused.
        if coupon.order_count != Some(0) || !open {
            return Ok(DeleteOutcome::Kept(Box::new(coupon)));
        }
        let id = coupon
            .id
            .ok_or_else(|| Error::invalid_response("the coupon has no `id`").with_operation("get_discount_coupon"))?;
        // By id, because another coupon may have the code by now.
        let deleted = self.delete_known(id.into()).await?;
        // A missing count means that the coupon existed and that the delete was sent more than once.
        let gone = deleted.delete_count == Some(0);
        Ok(if gone { DeleteOutcome::NotFound } else { DeleteOutcome::Deleted(Box::new(coupon)) })
    }
}
