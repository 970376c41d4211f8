//! Lists the store's active coupons.
//!
//! Set `ECWID_STORE_ID` and `ECWID_TOKEN`. To use a sandbox, also set `ECWID_BASE_URL`.

use ecwid_coupons::{Client, Error, types::CouponStatus};
use futures_util::{TryStreamExt as _, future};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let coupons = Client::from_env()?.search().status(CouponStatus::Active).stream();
    coupons
        .try_for_each(|coupon| {
            println!("{}\t{}", coupon.code.unwrap_or_default(), coupon.name.unwrap_or_default());
            future::ok(())
        })
        .await
}
