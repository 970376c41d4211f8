//! `delete`: coupons that shall be there no more.

use clap::Args;
use ecwid_coupons::{Json, JsonObject, types::DeleteResult};

use crate::{
    columns::Columns,
    coupon_argument::{HINT, NamedCoupon, SomeCoupons},
    exit::{Failure, note, one_line},
    interrupt::Interrupts,
    output::{self, Rows},
    settings::Settings,
};

/// Which coupons.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupons: SomeCoupons,
}

pub(crate) async fn run(settings: &Settings, Arguments { coupons }: Arguments) -> Result<(), Failure> {
    let store = settings.connect().await?;
    let coupons = coupons.named();
    // All of them first, so that nothing is deleted if one of them may be another.
    let mut targets = Vec::with_capacity(coupons.len());
    for coupon in &coupons {
        targets.push(coupon.find(&store.client, "--code").await?);
    }
    let mut rows = Rows::new(settings.format, Columns::known(DeleteResult::FIELDS).led_by("coupon"))?;
    let (mut missing, mut unknown) = (0, 0);
    let mut failed: Option<Failure> = None;
    let mut interrupts = Interrupts::during_change()?;
    for (at, (coupon, target)) in coupons.iter().zip(targets).enumerate() {
        let deleted = match target {
            Some(target) => interrupts
                .or(store.client.delete(target), || format!("`{coupon}` may have been deleted"))
                .await
                .and_then(|result| result.map_err(|error| failure_of(coupon, error))),
            None => Ok(DeleteResult::default().delete_count(0)),
        };
        match deleted {
            Ok(result) => {
                missing += usize::from(result.delete_count == Some(0));
                unknown += usize::from(result.delete_count.is_none());
                // A reader that has gone does not keep the others from being deleted.
                if let Err(failure) = show(&mut rows, coupon, &result) {
                    failed.get_or_insert(failure);
                }
            }
            Err(failure) => {
                failed = Some(failure.with_note(not_attempted(&coupons[at + 1..])));
                break;
            }
        }
    }
    // What was deleted is said even when a later one failed.
    let finished = rows.finish().map(drop);
    if unknown > 0 {
        note("a response was lost; a coupon that is gone may have been gone before this command");
    }
    match (failed, missing, coupons.len()) {
        (Some(failure), ..) => Err(failure),
        (None, 0, _) => finished,
        (None, _, 1) => Err(Failure::not_found("the coupon is not there", HINT)),
        (None, missing, all) => Err(Failure::not_found(format!("not there: {missing} of {all} coupons"), HINT)),
    }
}

/// A failure to delete this coupon.
fn failure_of(coupon: &NamedCoupon, error: ecwid_coupons::Error) -> Failure {
    let unknown = if error.may_have_taken_effect() { ", which may have been deleted" } else { "" };
    Failure::from(error).with_note(format!("at `{coupon}`{unknown}"))
}

/// Which coupons were left alone.
fn not_attempted(coupons: &[NamedCoupon]) -> String {
    let shown: Vec<_> = coupons.iter().take(SHOWN).map(|coupon| format!("`{coupon}`")).collect();
    match coupons.len() {
        0 => String::new(),
        all if all > SHOWN => format!("not attempted: {}, and {} more", shown.join(", "), all - SHOWN),
        _ => format!("not attempted: {}", shown.join(", ")),
    }
}

/// How many coupons a failure names.
const SHOWN: usize = 20;

/// Shows what became of a coupon: at once in a table, too.
fn show(rows: &mut Rows<JsonObject>, coupon: &NamedCoupon, result: &DeleteResult) -> Result<(), Failure> {
    let coupon = coupon.to_string();
    if matches!(rows, Rows::Table(_)) {
        let word = match result.delete_count {
            None => "deleted or already gone",
            Some(0) => "not there",
            Some(_) => "deleted",
        };
        return output::print(&format!("{}: {word}", one_line(&coupon)));
    }
    let mut row: JsonObject = Json::from_value(result)?.deserialize()?;
    row.insert("coupon".to_owned(), Json::from_value(&coupon)?);
    // Said, since it is the one thing to know: null is neither 0 nor 1.
    row.insert("deleteCount".to_owned(), Json::from_value(&result.delete_count)?);
    rows.add([row])
}
