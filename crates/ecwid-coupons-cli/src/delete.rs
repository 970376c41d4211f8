//! `delete`: coupons that shall be there no more.

use std::io::Write as _;

use clap::Args;
use ecwid_coupons::{CouponRef, Json, types::DeleteResult};

use crate::{
    columns::Columns,
    csv::CsvWriter,
    exit::{Failure, one_line},
    json::{self, Object},
    output::{self, Format, Out},
    settings::Settings,
};

/// Which coupons.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The coupons' ids or codes; the store reads one of digits alone as an id
    #[arg(value_name = "COUPON", required = true)]
    coupons: Vec<CouponRef>,
}

pub(crate) async fn run(settings: &Settings, Arguments { coupons }: Arguments) -> Result<(), Failure> {
    let store = settings.connect().await?;
    let mut shown = Deletions::new(settings.format)?;
    let mut missing = 0;
    let mut failed: Option<Failure> = None;
    for coupon in &coupons {
        match store.client.delete(coupon).await {
            Ok(result) => {
                missing += usize::from(result.delete_count == Some(0));
                // A reader that has gone does not keep the others from being deleted.
                if let Err(failure) = shown.add(coupon, &result) {
                    failed.get_or_insert(failure);
                }
            }
            Err(error) => {
                failed = Some(error.into());
                break;
            }
        }
    }
    // What was deleted is said even when a later one failed.
    let finished = shown.finish();
    match (failed, missing, coupons.len()) {
        (Some(failure), ..) => Err(failure),
        (None, 0, _) => finished,
        (None, _, 1) => Err(Failure::not_found("the coupon is not there", HINT)),
        (None, missing, all) => Err(Failure::not_found(format!("not there: {missing} of {all} coupons"), HINT)),
    }
}

const HINT: &str = "check the id or code; `ecwid-coupons search` shows what is there";

/// Says of each coupon what became of it.
enum Deletions {
    Table(Out),
    Json(Out, Vec<Object>),
    Jsonl(Out),
    Csv(Box<CsvWriter>),
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
                Self::Csv(Box::new(CsvWriter::new(out, format, columns)?))
            }
        })
    }

    fn add(&mut self, coupon: &CouponRef, result: &DeleteResult) -> Result<(), Failure> {
        let coupon = coupon.to_string();
        let mut row: Object = Json::from_value(result)?.read()?;
        row.insert("coupon".to_owned(), Json::from_value(&coupon)?);
        match self {
            Self::Table(out) => {
                let word = if result.delete_count == Some(0) { "not there" } else { "deleted" };
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
