//! `delete`: deletes coupons.

use clap::Args;
use ecwid_coupons::{
    Client, CouponRef, DeleteOutcome, Error,
    types::{Coupon, CouponStatus},
};

use crate::{
    changes::{self, Change, Options, Outcome},
    coupon_argument::SomeCoupons,
    exit::Failure,
    settings::Settings,
};

/// The arguments of `delete`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupons: SomeCoupons,

    /// Keep coupons that an order used, and those with the status EXPIRED or USEDUP
    #[arg(long)]
    if_unused: bool,

    #[command(flatten)]
    options: Options,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { coupons, if_unused, options } = arguments;
    let coupons = coupons.named(settings)?;
    let store = settings.connect().await?;
    changes::run(settings, &store.client, &coupons, &options, &Delete { if_unused }).await
}

struct Delete {
    if_unused: bool,
}

impl Change for Delete {
    const VERB: &'static str = "delete";
    const DONE: &'static str = "deleted";
    const CODE_FLAG: &'static str = "--code";
    const COUNT: &'static str = "deleteCount";
    const CHANGES: Option<&'static str> = None;

    async fn make(&self, client: &Client, coupon: CouponRef) -> Result<Outcome, Error> {
        let deleted = |count| Outcome::new("deleted", "deleted").counted(count);
        if self.if_unused {
            return Ok(match client.delete_if_unused(coupon).await? {
                DeleteOutcome::Kept(coupon) => kept("kept", &coupon).counted(Some(0)),
                DeleteOutcome::NotFound => Outcome::not_found(),
                _ => deleted(Some(1)),
            });
        }
        Ok(match client.delete(coupon).await?.delete_count {
            None => Outcome::new("unknown", "deleted or already gone").counted(None),
            Some(0) => Outcome::not_found(),
            count => deleted(count),
        })
    }

    fn preview(&self, coupon: &Coupon) -> Outcome {
        let is_open = matches!(coupon.status, Some(CouponStatus::Active | CouponStatus::Paused));
        if self.if_unused && (coupon.order_count != Some(0) || !is_open) {
            return kept("would be kept", coupon);
        }
        Outcome::new("would_delete", format!("would be deleted ({})", state(coupon)))
    }
}

fn kept(verb: &str, coupon: &Coupon) -> Outcome {
    Outcome::new("kept", format!("{verb} ({})", state(coupon)))
}

/// Returns the status of a coupon and how often it was used.
fn state(coupon: &Coupon) -> String {
    let status = coupon.status.as_ref().map_or_else(|| "no status".to_owned(), ToString::to_string);
    match coupon.order_count {
        Some(0) => format!("{status}, unused"),
        Some(1) => format!("{status}, used by 1 order"),
        Some(orders) => format!("{status}, used by {orders} orders"),
        None => status,
    }
}
