//! `create`: a new coupon.

use clap::Args;
use ecwid_coupons::types::{CreatedCoupon, NewCoupon};

use crate::{
    coupon_flags::{self, CouponFlags},
    exit::{self, Failure},
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
    let given = arguments.fields.body(settings)?;
    let coupon = &given.body;
    let store = settings.connect().await?;
    let creation = store.client.create(coupon).await?;
    let code = creation.code().unwrap_or(&coupon.code);
    let what = if creation.is_created() { "created" } else { "created, though the store's answer to it was lost" };
    let id = creation.id().map_or_else(String::new, |id| format!(", id {id}"));
    given.note();
    if coupon.discount_type.is_none() {
        exit::note(
            "no discount type was given, so the store takes ABS: `discount` is an amount of its currency; --discount-type sets another",
        );
    }
    let mut created = CreatedCoupon::default().code(code);
    created.id = creation.id();
    output::show(settings.format, &created, CreatedCoupon::FIELDS, &format!("{code}: {what}{id}"))
}
