//! [`Client::latest_stats`].

use futures_util::future::BoxFuture;

use crate::{Client, Error, types::LatestStats};

const OPERATION: &str = "get_latest_store_update_stats";

impl Client {
    /// Gets the times of the latest changes in the store, with a single request.
    ///
    /// `discount_coupons_updated` is the time when a coupon was last created, updated or deleted. It is unknown whether
    /// an order that uses a coupon and the expiry of a coupon count as an update, so an equal time does not prove that
    /// the [order count](crate::types::Coupon::order_count) and the status of all coupons are unchanged. The token needs
    /// the access scope `read_store_profile`.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::types::NewCoupon;
    ///
    /// coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    /// let stats = coupons.latest_stats().await?;
    /// assert_eq!(stats.discount_coupons_updated, coupons.get("TEN").await?.update_date);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`] for errors common to all calls.
    pub fn latest_stats(&self) -> BoxFuture<'static, Result<LatestStats, Error>> {
        let client = self.clone();
        Box::pin(async move {
            let receive =
                async |client: Self| Ok(client.api().get_latest_store_update_stats().send().await?.into_inner());
            client.call(OPERATION, receive).await
        })
    }
}
