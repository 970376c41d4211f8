//! `update`: updates coupons.

use clap::Args;
use ecwid_coupons::{
    __private::changes_of,
    Client, CouponRef, Error,
    types::{Coupon, CouponUpdate},
};

use crate::{
    changes::{self, Change, Options, Outcome},
    coupon_argument::SomeCoupons,
    coupon_flags::{self, CouponFlags},
    exit::{self, Failure},
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
    coupons: SomeCoupons<true>,

    #[command(flatten)]
    fields: CouponFlags<CouponUpdate>,

    #[command(flatten)]
    options: Options,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { coupons, fields, options } = arguments;
    let (update, notes) = fields.body(settings)?;
    if update == CouponUpdate::default() {
        let hint = "set or clear a field, for example with `--discount 5` or `--clear expiration-date`; `ecwid-coupons update --help` lists the fields";
        return Err(Failure::usage("nothing to change: no field was given", hint));
    }
    let coupons = coupons.named(settings)?;
    if coupons.len() > 1 && update.code.value().is_some() {
        let hint = "codes are unique, so update the code of one coupon at a time";
        return Err(Failure::usage("several coupons cannot get the same code", hint));
    }
    let store = settings.connect_to_send(fields.allow_unknown()).await?;
    changes::run(settings, &store.client, &coupons, &options, &Update(update)).await?;
    notes.iter().for_each(|text| exit::note(text));
    Ok(())
}

struct Update(CouponUpdate);

impl Change for Update {
    const VERB: &'static str = "update";
    const DONE: &'static str = "updated";
    const CODE_FLAG: &'static str = "--current-code";
    const COUNT: &'static str = "updateCount";
    const CHANGES: Option<&'static str> = Some("changes");

    async fn make(&self, client: &Client, coupon: CouponRef) -> Result<Outcome, Error> {
        match client.update(coupon, &self.0).await {
            Ok(updated) => Ok(Outcome::new("updated", "updated").counted(updated.update_count)),
            Err(error) if error.is_coupon_not_found() => Ok(Outcome::not_found()),
            Err(error) => Err(error),
        }
    }

    fn preview(&self, coupon: &Coupon) -> Outcome {
        Outcome::new("would_update", "would be updated").with_changes(changes_of(&self.0, coupon))
    }
}
