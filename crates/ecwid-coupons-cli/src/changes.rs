//! The changes of one or several coupons: whether to ask first, and the outcome of each coupon.

use clap::Args;
use ecwid_coupons::{Client, CouponRef, Difference, Error, JsonObject, RawJson, types::Coupon};

use crate::{
    columns::Columns,
    confirm::confirm,
    coupon_argument::{HINT, NamedCoupon, Target},
    differences,
    exit::{Failure, note, one_line, redacted},
    interrupt::Interrupts,
    output::{self, Format, Rows},
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
    /// The name of the field with the changes that a dry run shows.
    const CHANGES: Option<&'static str>;

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
    /// The fields that would be changed.
    changes: Vec<Difference>,
    /// The message and the kind of the error.
    error: Option<(String, Option<&'static str>)>,
}

impl Outcome {
    pub(crate) fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, text: text.into(), count: None, changes: Vec::new(), error: None }
    }

    pub(crate) fn counted(mut self, count: Option<i64>) -> Self {
        self.count = Some(count);
        self
    }

    pub(crate) fn with_changes(mut self, changes: Vec<Difference>) -> Self {
        let shown = differences::text(&changes);
        self.text.push_str(&if shown.is_empty() { "; no field changes".to_owned() } else { format!("; {shown}") });
        self.changes = changes;
        self
    }

    fn failed(name: &'static str, what: &str, failure: &Failure) -> Self {
        let message = failure.message();
        Self { error: Some((message.clone(), failure.kind())), ..Self::new(name, format!("{what}: {message}")) }
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
    if !options.dry_run && !options.yes && coupons.len() > 1 {
        let what = format!("{} coupons ({})", coupons.len(), names(coupons, 5));
        progress.hidden(|| confirm(C::VERB, &what, C::DONE))?;
    }
    let mut names = vec!["coupon", "id", "code", "outcome", C::COUNT, "error", "errorKind"];
    names.extend(C::CHANGES.filter(|_| options.dry_run));
    let columns = Columns::named(names.iter());
    let mut rows = Rows::new(output::out(), settings.format, columns)?;
    let (mut missing, mut unknown) = (0, 0);
    let mut failed: Option<Failure> = None;
    let mut is_unknown = false;
    let mut interrupts = Interrupts::during_change()?;
    let mut targets = targets.into_iter();
    for (at, coupon) in coupons.iter().enumerate() {
        let target = targets.next().flatten();
        let (mut id, mut code) = target.as_ref().map_or((None, None), |target| (target.id, target.code.clone()));
        let made = match target {
            None => Ok(Outcome::not_found()),
            Some(target) if options.dry_run => match client.get(target.reference).await {
                Ok(coupon) => {
                    (id, code) = (coupon.id, coupon.code.clone());
                    Ok(change.preview(&coupon))
                }
                Err(error) if error.is_coupon_not_found() => Ok(Outcome::not_found()),
                Err(error) => Err(error.into()),
            },
            Some(Target { reference, .. }) => {
                let unfinished = || format!("`{coupon}` may have been {}", C::DONE);
                let made = interrupts.or(change.make(client, reference), unfinished).await;
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
                if let Err(failure) = progress.hidden(|| show::<C>(&mut rows, coupon, (id, code), outcome)) {
                    failed.get_or_insert(failure);
                }
            }
            Err(failure) => {
                let outcome = match is_unknown {
                    true => Outcome::failed("unknown", &format!("may have been {}", C::DONE), &failure),
                    false => Outcome::failed("failed", "failed", &failure),
                };
                // The error says all about a single coupon.
                if coupons.len() > 1 || settings.format != Format::Table {
                    show::<C>(&mut rows, coupon, (id, code), outcome)?;
                }
                let rest = &coupons[at + 1..];
                for (coupon, target) in rest.iter().zip(targets) {
                    let known = target.map_or((None, None), |target| (target.id, target.code));
                    show::<C>(&mut rows, coupon, known, Outcome::new("not_attempted", "not attempted"))?;
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

/// Prints the outcome of a coupon, with its id and its code if they are known. A line of a table is printed immediately.
fn show<C: Change>(
    rows: &mut Rows<JsonObject>,
    coupon: &NamedCoupon,
    (id, code): (Option<i64>, Option<String>),
    outcome: Outcome,
) -> Result<(), Failure> {
    // The user may have passed a token as a coupon.
    let coupon = redacted(&coupon.to_string());
    let code = code.map(|code| redacted(&code));
    let Outcome { name, text, count, changes, error } = outcome;
    if matches!(rows, Rows::Table(_)) {
        let other = match (id.map(|id| id.to_string()), code) {
            (Some(id), Some(code)) if coupon == id => format!(" (code {code})"),
            (Some(id), Some(_)) => format!(" (id {id})"),
            _ => String::new(),
        };
        return output::print(&one_line(&format!("{coupon}{other}: {text}")));
    }
    let (error, kind) = error.unzip();
    let fields = [
        ("coupon", RawJson::from_value(&coupon)?),
        ("id", RawJson::from_value(&id)?),
        ("code", RawJson::from_value(&code)?),
        ("outcome", RawJson::from_value(name)?),
        // The count is null if it is unknown.
        (C::COUNT, RawJson::from_value(&count.flatten())?),
        ("error", RawJson::from_value(&error)?),
        ("errorKind", RawJson::from_value(&kind.flatten())?),
    ];
    let mut row = JsonObject::from(fields.map(|(name, value)| (name.to_owned(), value)));
    if let Some(field) = C::CHANGES.filter(|_| !changes.is_empty()) {
        row.insert(field.to_owned(), differences::json(&changes)?);
    }
    rows.add([row])
}
