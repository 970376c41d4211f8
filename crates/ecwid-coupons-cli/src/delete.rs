//! `delete`: coupons that shall be there no more.

use std::io::Write as _;

use clap::Args;
use ecwid_coupons::{Json, JsonObject, types::DeleteResult};

use crate::{
    columns::Columns,
    coupon_argument::{HINT, NamedCoupon, SomeCoupons},
    csv::CsvWriter,
    exit::{Failure, note, one_line},
    interrupt::Interrupts,
    json,
    output::{self, Format, Out},
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
    let mut shown = Deletions::new(settings.format)?;
    let (mut missing, mut unknown) = (0, 0);
    let mut failed: Option<Failure> = None;
    let mut interrupts = Interrupts::listen()?;
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
                if let Err(failure) = shown.add(coupon, &result) {
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
    let finished = shown.finish();
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

/// Says of each coupon what became of it.
enum Deletions {
    Table(Out),
    Json(Out, Vec<JsonObject>),
    Jsonl(Out),
    Csv(Box<CsvWriter<Out>>),
}

impl Deletions {
    fn new(format: Format) -> Result<Self, Failure> {
        let out = output::out();
        Ok(match format {
            Format::Table => Self::Table(out),
            Format::Json => Self::Json(out, Vec::new()),
            Format::Jsonl => Self::Jsonl(out),
            Format::Csv | Format::Spreadsheet => {
                let columns = Columns::known(DeleteResult::FIELDS).led_by("coupon");
                Self::Csv(Box::new(CsvWriter::new(out, format == Format::Spreadsheet, columns)?))
            }
        })
    }

    fn add(&mut self, coupon: &NamedCoupon, result: &DeleteResult) -> Result<(), Failure> {
        let coupon = coupon.to_string();
        let mut row: JsonObject = Json::from_value(result)?.deserialize()?;
        row.insert("coupon".to_owned(), Json::from_value(&coupon)?);
        // Said, since it is the one thing to know: null is neither 0 nor 1.
        row.insert("deleteCount".to_owned(), Json::from_value(&result.delete_count)?);
        match self {
            Self::Table(out) => {
                let word = match result.delete_count {
                    None => "deleted or already gone",
                    Some(0) => "not there",
                    Some(_) => "deleted",
                };
                writeln!(out, "{}: {word}", one_line(&coupon))?;
                out.flush()?;
            }
            Self::Json(_, rows) => rows.push(row),
            Self::Jsonl(out) => {
                writeln!(out, "{}", json::line(&row)?)?;
                out.flush()?;
            }
            Self::Csv(csv) => {
                csv.write(&row)?;
                csv.flush()?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        if let Self::Json(mut out, rows) = self {
            writeln!(out, "{}", json::pretty(&rows)?)?;
            out.flush()?;
        }
        Ok(())
    }
}
