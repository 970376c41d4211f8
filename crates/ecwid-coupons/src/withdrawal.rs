//! Taking a coupon back, as long as nobody has used it.

use crate::{
    Client, CouponRef, Error,
    types::{Coupon, CouponStatus},
};

/// What [`Client::withdraw_if_unused`] found, and did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Withdrawal {
    /// It was not used, and is deleted. This is how it was.
    Withdrawn(Box<Coupon>),
    /// It was used, or the store had set its status to EXPIRED or USEDUP, and is left as it is.
    LeftAlone(Box<Coupon>),
    /// There is no such coupon.
    NotThere,
}

impl Withdrawal {
    /// The coupon as it was found.
    pub fn coupon(&self) -> Option<&Coupon> {
        match self {
            Self::Withdrawn(coupon) | Self::LeftAlone(coupon) => Some(coupon),
            Self::NotThere => None,
        }
    }
}

impl Client {
    pub(crate) async fn withdraw(&self, coupon: CouponRef) -> Result<Withdrawal, Error> {
        let found = self.api.get_discount_coupon().discount_coupon_id(coupon).send().await;
        let coupon = match found {
            Ok(found) => found.into_inner(),
            Err(error) if error.code() == Some("DISCOUNT_COUPON_NOT_FOUND") => return Ok(Withdrawal::NotThere),
            Err(error) => return Err(error),
        };
        let open = matches!(coupon.status, Some(CouponStatus::Active | CouponStatus::Paused));
        // A count that is not there is no proof that it is 0.
        if coupon.order_count != Some(0) || !open {
            return Ok(Withdrawal::LeftAlone(Box::new(coupon)));
        }
        let id = coupon.id.ok_or_else(|| Error::invalid_answer("a coupon without an id").of("get_discount_coupon"))?;
        // By its id: the code may be another coupon's by now.
        let deleted = self.api.delete_discount_coupon().discount_coupon_id(id).send().await?;
        // Of a delete that was sent twice, the second finds nothing.
        let gone = deleted.delete_count == Some(0) && deleted.attempts() == 1;
        Ok(if gone { Withdrawal::NotThere } else { Withdrawal::Withdrawn(Box::new(coupon)) })
    }
}
