//! `create`: a new coupon.

use clap::Args;
use ecwid_coupons::types::{CreatedCoupon, NewCoupon};

use crate::{
    coupon_flags::{self, CouponFlags},
    exit::Failure,
    output,
    settings::Settings,
};

/// The new coupon's fields.
#[derive(Args, Debug)]
#[command(after_help = coupon_flags::VALUES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    fields: CouponFlags<NewCoupon>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let coupon = arguments.fields.body(settings)?;
    let store = settings.connect().await?;
    let creation = store.client.create(&coupon).await?;
    let code = creation.code().unwrap_or(&coupon.code);
    let what = if creation.is_created() { "created" } else { "created, though the store's answer to it was lost" };
    let id = creation.id().map_or_else(String::new, |id| format!(", id {id}"));
    let mut created = CreatedCoupon::default().code(code);
    created.id = creation.id();
    output::show(settings.format, &created, CreatedCoupon::FIELDS, &format!("{code}: {what}{id}"))
}
