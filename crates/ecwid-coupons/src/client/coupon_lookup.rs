//! Finding a coupon by its code where a path would not do.

use futures_util::TryStreamExt as _;
use tokio::time::Instant;

use crate::{Client, CouponRef, CouponRefError, Error, types::Coupon, value::coupon_ref::is_same_code};

impl Client {
    /// The coupon with this code, if there is one. By a search, because a code of digits in a path is taken for an id, and
    /// through all pages, because the store may find codes that only contain this one (not documented).
    pub(crate) async fn by_code(&self, code: &str) -> Result<Option<Coupon>, Error> {
        let mut found = self.search().code(code).prefetch(1).stream();
        while let Some(coupon) = found.try_next().await? {
            if coupon.code.as_deref().is_some_and(|known| is_same_code(known, code)) {
                return Ok(Some(coupon));
            }
        }
        Ok(None)
    }

    /// The coupon to change, by its id if that is a number that the store could take for something else. Beside a code of
    /// digits that could be the id of another coupon, this is an id that no coupon has and that could be another one's code.
    ///
    /// # Errors
    ///
    /// Those of [`resolve`](Self::resolve), also for an id.
    pub(crate) async fn resolve_to_change(
        &self,
        coupon: CouponRef,
        operation: &'static str,
    ) -> Result<(CouponRef, Self), Error> {
        let start = Instant::now();
        if coupon.id().is_some() {
            self.get(&coupon).fields(["id", "code"]).await.map_err(|error| match error.is_coupon_not_found() {
                true => error.with_operation(operation),
                false => error,
            })?;
        }
        self.since(start).resolve(coupon, operation).await
    }

    /// The coupon that is meant, by its id if the store could take its code for the id of another one. With what is left of
    /// the time that the call has.
    ///
    /// # Errors
    ///
    /// If no coupon has the code, with [`is_coupon_not_found`](Error::is_coupon_not_found); and those of a search.
    pub(crate) async fn resolve(&self, coupon: CouponRef, operation: &'static str) -> Result<(CouponRef, Self), Error> {
        let Some(code) = coupon.numeric_code() else { return Ok((coupon, self.clone())) };
        let start = Instant::now();
        match self.by_code(code).await?.and_then(|coupon| coupon.id) {
            Some(id) => Ok((id.into(), self.since(start))),
            None => Err(Error::no_coupon_with_code(code).with_operation(operation)),
        }
    }
}

/// The coupon that was named, or the error of the operation that it was named for.
pub(crate) fn reference<R>(coupon: R, operation: &'static str) -> Result<CouponRef, Error>
where
    R: TryInto<CouponRef>,
    CouponRefError: From<R::Error>,
{
    coupon.try_into().map_err(|error| Error::from(CouponRefError::from(error)).with_operation(operation))
}
