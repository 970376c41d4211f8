//! [`ChangeSettings`]: what Ecwid does not document about the dates of changes.

use serde::Deserialize;

/// What changes the `updateDate` of a coupon besides an update, as far as Ecwid does not document it. The defaults are
/// assumptions.
///
/// The date is that of responses, of the filters `updatedFrom` and `updatedTo`, and of `latest-stats`. Test a program that
/// follows changes with other settings too, because the real store may have them. No setting sends an event to the
/// webhook.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{ChangeSettings, Sandbox};
/// # use ecwid_coupons::{EcwidDateTime, chrono::TimeDelta, types::NewCoupon};
/// let sandbox = Sandbox::builder().changes(ChangeSettings::default().expiries_update()).start().await?;
/// let coupons = sandbox.client()?;
/// let tomorrow = EcwidDateTime::from(sandbox.now() + TimeDelta::days(1));
/// coupons.create(&NewCoupon::percent("For a day", "DAY", 10).expiration_date(tomorrow.clone())).await?;
///
/// sandbox.advance(TimeDelta::days(2))?;
/// assert_eq!(coupons.get("DAY").await?.update_date, Some(tomorrow));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ChangeSettings {
    /// Whether an order with a coupon sets the `updateDate` of the coupon to the time of the order. Defaults to false.
    pub orders_update: bool,
    /// Whether the `updateDate` of a coupon that has expired is at least its `expirationDate`. Defaults to false.
    pub expiries_update: bool,
}

impl ChangeSettings {
    /// Sets the `updateDate` of a coupon to the time of each order with it.
    #[must_use]
    pub fn orders_update(mut self) -> Self {
        self.orders_update = true;
        self
    }

    /// Sets the `updateDate` of a coupon to its `expirationDate` when it expires.
    #[must_use]
    pub fn expiries_update(mut self) -> Self {
        self.expiries_update = true;
        self
    }
}
