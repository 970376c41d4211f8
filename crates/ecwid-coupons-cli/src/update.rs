//! `update`: updates a coupon.

use clap::Args;
use ecwid_coupons::types::{CouponUpdate, UpdateResult};

use crate::{
    columns::Columns,
    coupon_argument::OneCoupon,
    coupon_flags::{self, CouponFlags},
    exit::{self, Failure, one_line},
    interrupt::Interrupts,
    output,
    settings::Settings,
};

/// How the store updates nested objects.
const LIMITS: &str = "\
The store replaces a limit as a whole: --products without --categories removes the categories (assumed, not documented by the vendor).";

/// The arguments of `update`.
#[derive(Args, Debug)]
#[command(after_help = format!("{}\n\n{LIMITS}", coupon_flags::VALUES))]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupon: OneCoupon<true>,

    #[command(flatten)]
    fields: CouponFlags<CouponUpdate>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { coupon, fields } = arguments;
    let (update, notes) = fields.body(settings)?;
    if update == CouponUpdate::default() {
        let hint = "set or clear a field, for example with `--discount 5` or `--clear expiration-date`; `ecwid-coupons update --help` lists the fields";
        return Err(Failure::usage("nothing to change: no field was given", hint));
    }
    let store = settings.connect().await?;
    let coupon = coupon.named();
    let target = coupon.resolve(&store.client, "--current-code").await?;
    let change = store.client.update(&target, &update);
    let result = Interrupts::during_change()?.or(change, || format!("`{coupon}` may have been updated")).await??;
    notes.iter().for_each(|text| exit::note(text));
    output::show(settings.format, &result, Columns::known(UpdateResult::FIELDS), |_| {
        Ok(one_line(&format!("{coupon}: updated")).into_owned())
    })
}
