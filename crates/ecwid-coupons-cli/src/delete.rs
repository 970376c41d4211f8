//! `delete`: deletes coupons.

use clap::Args;
use ecwid_coupons::{JsonObject, RawJson, types::DeleteResult};

use crate::{
    columns::Columns,
    coupon_argument::{HINT, NamedCoupon, SomeCoupons},
    exit::{Failure, note, one_line},
    interrupt::Interrupts,
    output::{self, Rows},
    settings::Settings,
};

/// The arguments of `delete`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupons: SomeCoupons,
}

pub(crate) async fn run(settings: &Settings, Arguments { coupons }: Arguments) -> Result<(), Failure> {
    let store = settings.connect().await?;
    let coupons = coupons.named();
    // Look up all coupons first, so that no coupon is deleted if one of the arguments is ambiguous.
    let mut targets = Vec::with_capacity(coupons.len());
    for coupon in &coupons {
        targets.push(coupon.find(&store.client, "--code").await?);
    }
    let mut rows = Rows::new(output::out(), settings.format, Columns::known(DeleteResult::FIELDS).led_by("coupon"))?;
    let (mut missing, mut unknown) = (0, 0);
    let mut failed: Option<Failure> = None;
    let mut interrupts = Interrupts::during_change()?;
    for (at, (coupon, target)) in coupons.iter().zip(targets).enumerate() {
        let deleted = match target {
            Some(target) => interrupts
                .or(store.client.delete(target), || format!("`{coupon}` may have been deleted"))
                .await
                .and_then(|result| result.map_err(|error| failure_of(coupon, error))),
            None => Ok(DeleteResult::default().with_delete_count(0)),
        };
        match deleted {
            Ok(result) => {
                missing += usize::from(result.delete_count == Some(0));
                unknown += usize::from(result.delete_count.is_none());
                // Delete the other coupons even if the output cannot be written.
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
    // Print the deleted coupons even if a later delete failed.
    let finished = rows.finish().map(drop);
    if unknown > 0 {
        note("a response was lost; a coupon that is gone may have been deleted before this command");
    }
    match (failed, missing, coupons.len()) {
        (Some(failure), ..) => Err(failure),
        (None, 0, _) => finished,
        (None, _, 1) => Err(Failure::not_found("coupon not found", HINT)),
        (None, missing, all) => Err(Failure::not_found(format!("coupons not found: {missing} of {all}"), HINT)),
    }
}

/// Returns the failure of deleting this coupon.
fn failure_of(coupon: &NamedCoupon, error: ecwid_coupons::Error) -> Failure {
    let unknown = if error.may_have_taken_effect() { ", which may have been deleted" } else { "" };
    Failure::from(error).with_note(format!("while deleting `{coupon}`{unknown}"))
}

/// Returns a note about the coupons that were not attempted.
fn not_attempted(coupons: &[NamedCoupon]) -> String {
    let shown: Vec<_> = coupons.iter().take(SHOWN).map(|coupon| format!("`{coupon}`")).collect();
    match coupons.len() {
        0 => String::new(),
        all if all > SHOWN => format!("not attempted: {}, and {} more", shown.join(", "), all - SHOWN),
        _ => format!("not attempted: {}", shown.join(", ")),
    }
}

/// The maximum number of coupons that a failure names.
const SHOWN: usize = 20;

/// Prints the outcome of a delete. A line of a table is printed immediately.
fn show(rows: &mut Rows<JsonObject>, coupon: &NamedCoupon, result: &DeleteResult) -> Result<(), Failure> {
    let coupon = coupon.to_string();
    if matches!(rows, Rows::Table(_)) {
        let word = match result.delete_count {
            None => "deleted or already gone",
            Some(0) => "not found",
            Some(_) => "deleted",
        };
        return output::print(&format!("{}: {word}", one_line(&coupon)));
    }
    let mut row: JsonObject = RawJson::from_value(result)?.deserialize()?;
    row.insert("coupon".to_owned(), RawJson::from_value(&coupon)?);
    // Keep the field if it is null, because null means unknown.
    row.insert("deleteCount".to_owned(), RawJson::from_value(&result.delete_count)?);
    rows.add([row])
}
