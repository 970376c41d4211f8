//! `create`: creates a coupon.

use clap::Args;
use ecwid_coupons::{
    CreateOutcome,
    types::{CreatedCoupon, NewCoupon},
};

use crate::{
    columns::Columns,
    coupon_flags::{self, CouponFlags},
    exit::{self, Failure, one_line, redacted},
    interrupt::Interrupts,
    output::{self, Format},
    settings::Settings,
};

/// The arguments of `create`.
#[derive(Args, Debug)]
#[command(after_help = coupon_flags::VALUES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    fields: CouponFlags<NewCoupon>,
}

/// Tells which discount type a coupon gets that has none.
pub(crate) fn note_default_type(coupon: &NewCoupon) {
    if has_default_type(coupon) {
        exit::note(
            "no discount type was given, so the store uses ABS: `discount` is an amount in the store's currency; set another type with `--discount-type`",
        );
    }
}

/// Whether the store chooses the type of the discount.
pub(crate) fn has_default_type(coupon: &NewCoupon) -> bool {
    coupon.discount_type.is_none()
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let (coupon, notes) = arguments.fields.body(settings)?;
    let store = settings.connect_to_send(arguments.fields.allow_unknown()).await?;
    let change = store.client.create(&coupon);
    let creation =
        Interrupts::during_change()?.or(change, || format!("`{}` may have been created", coupon.code)).await??;
    let code = creation.code().unwrap_or(&coupon.code);
    let id = creation.id().map_or_else(String::new, |id| format!(", id {id}"));
    let what = if let CreateOutcome::Created(_) = creation {
        format!("created{id}")
    } else {
        // Another program may have created the coupon, so show its state.
        let status = creation.status().map_or_else(String::new, |status| format!(", {status}"));
        let orders = creation.order_count().map_or_else(String::new, |count| format!(", used by {count} orders"));
        let what = format!("exists with this content{id}{status}{orders}; the response to the create was lost");
        if settings.format != Format::Table {
            exit::note(&format!("{code}: {what}"));
        }
        what
    };
    notes.iter().for_each(|text| exit::note(text));
    note_default_type(&coupon);
    let mut created = CreatedCoupon::default().with_code(code);
    created.id = creation.id();
    output::show(settings.format, &created, Columns::known(CreatedCoupon::FIELDS), |_| {
        Ok(redacted(&one_line(&format!("{code}: {what}"))))
    })
}
