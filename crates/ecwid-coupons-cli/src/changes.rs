//! The changes of one or several coupons: whether to ask first, and the outcome of each coupon.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;
use ecwid_coupons::{Client, CouponRef, Error, JsonObject, RawJson, types::Coupon};

use crate::{
    columns::Columns,
    coupon_argument::{HINT, NamedCoupon},
    exit::{self, Failure, note, one_line, redacted},
    interrupt::Interrupts,
    output::{self, Rows},
    progress::Progress,
    settings::Settings,
};

/// The maximum number of coupons that a message names.
const SHOWN: usize = 20;

/// The options of changes.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Do not ask before several coupons are changed. Without a terminal, the command never asks
    #[arg(short, long)]
    yes: bool,

    /// Look up the coupons and show what would be done, without changing anything
    #[arg(long)]
    dry_run: bool,
}

/// A kind of change.
pub(crate) trait Change {
    /// Its verb, such as `delete`.
    const VERB: &'static str;
    /// The participle, such as `deleted`.
    const DONE: &'static str;
    /// The flag that marks a number as a code.
    const CODE_FLAG: &'static str;
    /// The name of the field with the number of changed coupons.
    const COUNT: &'static str;

    /// Changes a coupon.
    async fn make(&self, client: &Client, coupon: CouponRef) -> Result<Outcome, Error>;

    /// Returns what would be done with a coupon.
    fn preview(&self, coupon: &Coupon) -> Outcome;
}

/// The outcome of a coupon.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The name in JSON and CSV.
    name: &'static str,
    /// The text in a table.
    text: String,
    /// How many coupons the store changed. The inner value is `None` if that is unknown.
    count: Option<Option<i64>>,
}

impl Outcome {
    pub(crate) fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, text: text.into(), count: None }
    }

    pub(crate) fn counted(mut self, count: Option<i64>) -> Self {
        self.count = Some(count);
        self
    }

    pub(crate) fn not_found() -> Self {
        Self::new("not_found", "not found").counted(Some(0))
    }

    fn is_missing(&self) -> bool {
        self.name == "not_found"
    }
}

/// Changes the coupons one after the other, and prints each outcome. A failure ends the run.
pub(crate) async fn run<C: Change>(
    settings: &Settings,
    client: &Client,
    coupons: &[NamedCoupon],
    options: &Options,
    change: &C,
) -> Result<(), Failure> {
    let progress = Progress::new(coupons.len() as u64, settings.format);
    // Look up all numbers first, so that no coupon is changed if one of the arguments is ambiguous.
    let mut targets = Vec::with_capacity(coupons.len());
    for coupon in coupons {
        targets.push(coupon.find(client, C::CODE_FLAG).await?);
    }
    if !options.dry_run && !options.yes {
        progress.hidden(|| ask::<C>(coupons))?;
    }
    let columns = Columns::known(&[]).led_by(C::COUNT).led_by("outcome").led_by("coupon");
    let mut rows = Rows::new(output::out(), settings.format, columns)?;
    let (mut missing, mut unknown) = (0, 0);
    let mut failed: Option<Failure> = None;
    let mut is_unknown = false;
    let mut interrupts = Interrupts::during_change()?;
    for (at, (coupon, target)) in coupons.iter().zip(targets).enumerate() {
        let made = match target {
            None => Ok(Outcome::not_found()),
            Some(target) if options.dry_run => preview(client, target, change).await,
            Some(target) => {
                let unfinished = || format!("`{coupon}` may have been {}", C::DONE);
                let made = interrupts.or(change.make(client, target), unfinished).await;
                // An interrupted change may have taken effect.
                is_unknown = made.as_ref().map_or(true, |made| made.as_ref().is_err_and(Error::may_have_taken_effect));
                made.and_then(|made| made.map_err(|error| failure_of::<C>(coupon, coupons.len(), error)))
            }
        };
        progress.inc();
        match made {
            Ok(outcome) => {
                missing += usize::from(outcome.is_missing());
                unknown += usize::from(outcome.count == Some(None));
                // Change the other coupons even if the output cannot be written.
                if let Err(failure) = progress.hidden(|| show(&mut rows, coupon, &outcome, C::COUNT)) {
                    failed.get_or_insert(failure);
                }
            }
            Err(failure) => {
                let rest = &coupons[at + 1..];
                let outcome = match is_unknown {
                    true => Outcome::new("unknown", format!("may have been {}; see the error", C::DONE)),
                    false => Outcome::new("failed", "failed; see the error"),
                };
                let others = rest.iter().map(|coupon| (coupon, Outcome::new("not_attempted", "not attempted")));
                for (coupon, outcome) in [(coupon, outcome)].into_iter().chain(others).filter(|_| coupons.len() > 1) {
                    show(&mut rows, coupon, &outcome, C::COUNT)?;
                }
                failed = Some(failure.with_note(not_attempted(rest)));
                break;
            }
        }
    }
    progress.finish();
    // End the list of changed coupons even if a later change failed.
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

/// Asks before several coupons are changed.
fn ask<C: Change>(coupons: &[NamedCoupon]) -> Result<(), Failure> {
    if coupons.len() <= 1 || !io::stderr().is_terminal() {
        return Ok(());
    }
    let (verb, done) = (C::VERB, C::DONE);
    let what = format!("{} coupons ({})", coupons.len(), names(coupons, 5));
    if !io::stdin().is_terminal() {
        let hint = "add `--yes`, or see what would be done with `--dry-run`";
        return Err(Failure::usage(format!("{what} would be {done}, and standard input cannot confirm that"), hint));
    }
    exit::ask(&format!("{verb} {what}? [y/N]"));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage(format!("canceled: no coupon was {done}"), "confirm with `y`, or add `--yes`"))
}

/// Returns what would be done with a coupon.
async fn preview<C: Change>(client: &Client, target: CouponRef, change: &C) -> Result<Outcome, Failure> {
    match client.get(target).await {
        Ok(coupon) => Ok(change.preview(&coupon)),
        Err(error) if error.is_coupon_not_found() => Ok(Outcome::not_found()),
        Err(error) => Err(error.into()),
    }
}

/// Returns the failure of changing this coupon.
fn failure_of<C: Change>(coupon: &NamedCoupon, all: usize, error: Error) -> Failure {
    let unknown =
        if error.may_have_taken_effect() { format!(", which may have been {}", C::DONE) } else { String::new() };
    let is_known = all == 1 && unknown.is_empty();
    let place = if is_known { String::new() } else { format!("coupon `{coupon}`{unknown}") };
    Failure::from(error).with_note(place)
}

/// Returns a note about the coupons that were not attempted.
fn not_attempted(coupons: &[NamedCoupon]) -> String {
    if coupons.is_empty() { String::new() } else { format!("not attempted: {}", names(coupons, SHOWN)) }
}

/// Returns the names of the first coupons, and how many more there are.
fn names(coupons: &[NamedCoupon], most: usize) -> String {
    let shown: Vec<_> = coupons.iter().take(most).map(|coupon| format!("`{coupon}`")).collect();
    match coupons.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{}, and {more} more", shown.join(", ")),
    }
}

/// Prints the outcome of a coupon. A line of a table is printed immediately.
fn show(rows: &mut Rows<JsonObject>, coupon: &NamedCoupon, outcome: &Outcome, count: &str) -> Result<(), Failure> {
    let coupon = redacted(&coupon.to_string());
    if matches!(rows, Rows::Table(_)) {
        return output::print(&one_line(&format!("{coupon}: {}", outcome.text)));
    }
    let mut row = JsonObject::new();
    row.insert("coupon".to_owned(), RawJson::from_value(&coupon)?);
    row.insert("outcome".to_owned(), RawJson::from_value(outcome.name)?);
    if let Some(number) = outcome.count {
        // The field is null if the number is unknown.
        row.insert(count.to_owned(), RawJson::from_value(&number)?);
    }
    rows.add([row])
}
