//! Lists the store's active coupons.
//!
//! Set `ECWID_STORE_ID` and `ECWID_TOKEN`. To use a sandbox, also set `ECWID_BASE_URL`.

use ecwid_coupons::{Client, Error, types::CouponStatus};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut coupons = Client::from_env()?.search().status(CouponStatus::Active).stream();
    while let Some(coupon) = coupons.try_next().await? {
        println!("{}\t{}", coupon.code.unwrap_or_default(), coupon.name.unwrap_or_default());
    }
    Ok(())
}
