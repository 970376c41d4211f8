//! Lookup of a coupon by its code.

use crate::{Client, CouponRef, CouponRefError, Error, types::Coupon, value::coupon_ref::is_same_code};

impl Client {
    /// Returns the coupon with this code, if there is one.
    ///
    /// This is a search, because the store reads a code of digits in a path as an id. It reads all pages, because the
    /// store may also find codes that contain this one. Ecwid does not document that.
    pub(crate) async fn by_code(&self, code: &str) -> Result<Option<Coupon>, Error> {
        let mut found = self.search().code(code).prefetch(1).stream();
        while let Some(coupon) = found.try_next().await? {
            if coupon.code.as_deref().is_some_and(|known| is_same_code(known, code)) {
                return Ok(Some(coupon));
            }
        }
        Ok(None)
    }

    /// Returns a reference to the coupon to change that the store cannot misunderstand.
    ///
    /// A code of digits is replaced by the coupon's id. An id is checked, because the store may read an id that no
    /// coupon has as a code.
    ///
    /// # Errors
    ///
    /// See [`resolve`](Self::resolve).
    pub(crate) async fn resolve_to_change(
        &self,
        coupon: CouponRef,
        operation: &'static str,
    ) -> Result<CouponRef, Error> {
        if coupon.id().is_some() {
            self.get(&coupon).fields(["id", "code"]).await.map_err(|error| match error.is_coupon_not_found() {
                true => error.with_operation(operation),
                false => error,
            })?;
        }
        self.resolve(coupon, operation).await
    }

    /// Replaces a code that the store could read as an id by the coupon's id.
    ///
    /// # Errors
    ///
    /// No coupon has the code: [`is_coupon_not_found`](Error::is_coupon_not_found). See [`Error`] for errors common to
    /// all calls.
    pub(crate) async fn resolve(&self, coupon: CouponRef, operation: &'static str) -> Result<CouponRef, Error> {
        let Some(code) = coupon.numeric_code() else { return Ok(coupon) };
        match self.by_code(code).await?.and_then(|coupon| coupon.id) {
            Some(id) => Ok(id.into()),
            None => Err(Error::no_coupon_with_code(&coupon).with_operation(operation).redacted(self.redactor())),
        }
    }
}

/// Converts the argument of a call. An error names the operation.
pub(crate) fn reference<R>(coupon: R, operation: &'static str) -> Result<CouponRef, Error>
where
    R: TryInto<CouponRef>,
    CouponRefError: From<R::Error>,
{
    coupon.try_into().map_err(|error| Error::from(CouponRefError::from(error)).with_operation(operation))
}
