//! Reads the coupons that a declaration is about.

use ecwid_coupons::{Client, types::Coupon};

use super::CodeScope;
use crate::{JobError, wanted};

/// Returns the coupons of a store, or those in a scope.
///
/// Codes without a `*` are looked up with one request for 500. Otherwise, all coupons of the store are read.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// use ecwid_coupons::types::NewCoupon;
/// use ecwid_coupons_jobs::{CodeScope, pull, to_toml};
///
/// coupons.create(&NewCoupon::percent("Summer", "SUMMER-10", 10)).await?;
/// let scope = CodeScope::new(["SUMMER-*"])?;
/// let toml = to_toml(&pull(&coupons, Some(&scope)).await?);
/// assert!(toml.starts_with("[coupons.SUMMER-10]\nname = \"Summer\"\ndiscountType = \"PERCENT\"\n"));
/// # Ok(())
/// # });
/// ```
///
/// # Errors
///
/// A request fails: see [`ecwid_coupons::Error`].
pub async fn pull(client: &Client, scope: Option<&CodeScope>) -> Result<Vec<Coupon>, JobError> {
    if let Some(codes) = scope.and_then(CodeScope::codes) {
        let codes: Vec<_> = codes.iter().map(String::as_str).collect();
        let mut found = wanted::find(client, &codes).await?;
        return Ok(codes.iter().filter_map(|code| found.remove(&wanted::key(code))).collect());
    }
    let mut all = client.search().stream();
    let mut coupons = Vec::new();
    while let Some(coupon) = all.next().await {
        let coupon = coupon?;
        if coupon.code.as_deref().is_some_and(|code| scope.is_none_or(|scope| scope.contains(code))) {
            coupons.push(coupon);
        }
    }
    Ok(coupons)
}
