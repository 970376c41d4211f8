//! `issue`: creates many coupons with random codes, as a job.

use std::path::PathBuf;

use clap::{Arg, ArgGroup, ArgMatches, Args, Command, FromArgMatches, error::ErrorKind, parser::ValueSource};
use ecwid_coupons::{
    Batch, RawJson,
    types::{DiscountType, NewCoupon},
};
use ecwid_coupons_jobs::{CodePattern, Issue};

use crate::{
    confirm::confirm,
    coupon_flags::{self, CouponFlags},
    create::note_default_type,
    exit::{self, Failure, one_line, redacted},
    job, number,
    output::{self, Format},
    settings::Settings,
    table_file::{self, FileFlags},
};

/// The parts of a pattern and the values of fields, for the end of `--help`.
const PARTS: &str = "\
A pattern is text with random parts: `[N]` for N letters and digits that people do not mix up, `[*]` for as many as make the \
codes hard to guess, and `[N:ALPHABET]` for another alphabet: `digits`, `letters`, or the characters themselves. `{COLUMN}` is the value of a \
column of --from. Write `[[` for a `[`, and `{{` for a `{`.";

/// The arguments of `issue`.
#[derive(Args, Debug)]
#[command(
    after_help = format!("{PARTS}\n\n{}", coupon_flags::VALUES),
    group = ArgGroup::new("rows").args(["count", "from"]).required(true)
)]
pub(crate) struct Arguments {
    /// The pattern of the codes
    #[arg(long, help = "The pattern of the codes, such as SPRING-[*]")]
    pattern: CodePattern,

    /// The number of coupons
    #[arg(long, value_name = "N", value_parser = number::within(1..=MOST))]
    count: Option<u32>,

    /// Create a coupon for each row of a CSV, JSON Lines or XLSX file, such as the recipients of a newsletter. The report has
    /// the columns of the file beside the codes
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    #[command(flatten)]
    flags: FileFlags,

    /// The file of the job, which must not exist. It has the codes and their outcomes, and no token
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    job: Option<PathBuf>,

    /// Allow codes that are easy to guess
    #[arg(long)]
    allow_guessable: bool,

    /// Do not ask before the coupons are created. Without a terminal, the command never asks
    #[arg(short, long)]
    yes: bool,

    /// Show what would be done, without writing the file or sending anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    template: Template,
}

/// The most coupons of a job. A store that creates 500 coupons in a second needs half an hour for them.
const MOST: u32 = 1_000_000;

/// The fields of all coupons. The pattern gives the codes.
#[derive(Clone, Debug)]
struct Template(CouponFlags<NewCoupon>);

/// The id of the flag for the code.
pub(crate) const CODE: &str = "field.code";

impl Args for Template {
    fn augment_args(command: Command) -> Command {
        // A hidden flag with a value takes the place of the required one.
        let code = Arg::new(CODE).long("code").hide(true).default_value("CODE").value_parser(|text: &str| {
            RawJson::from_value(text).map(|code| vec![code]).map_err(|error| error.to_string())
        });
        CouponFlags::<NewCoupon>::augment_args(command).mut_arg(CODE, |_| code)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Template {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        if matches.value_source(CODE) == Some(ValueSource::CommandLine) {
            let message = "`--code` cannot be used with `issue`, because the pattern gives the codes\n";
            return Err(clap::Error::raw(ErrorKind::ArgumentConflict, message));
        }
        CouponFlags::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { pattern, count, from, flags, job, allow_guessable, yes, dry_run, template } = arguments;
    let Template(fields) = template;
    let (template, notes) = fields.body(settings)?;
    let store = settings.connect_to_send(fields.allow_unknown()).await?;
    let mut plan = Issue::new(template.clone(), pattern);
    plan = match &from {
        None => plan.count(count.unwrap_or_default().try_into().unwrap_or(usize::MAX)),
        Some(path) => {
            let recipients = table_file::read(settings, path, &flags.options())?;
            plan.rows(recipients.text_rows().map_err(table_file::failure)?)
        }
    };
    if allow_guessable {
        plan = plan.allow_guessable();
    }
    let strength = plan.strength()?;
    let example = plan.example()?;
    // The first coupon is sent alone, so that a wrong token fails only once.
    let batches = match 1 + plan.len().saturating_sub(1).div_ceil(Batch::MAX_ITEMS) {
        1 => "1 batch".to_owned(),
        batches => format!("{} batches", grouped(batches)),
    };
    let (count, guesses) = (coupons(plan.len()), guesses(strength));
    let summary = format!("{count} like `{example}` ({}), in {batches}; {guesses}", discount(&template));
    notes.iter().for_each(|text| exit::note(text));
    note_default_type(&template);
    // Weaker codes are an error below.
    if strength < CodePattern::WEAK && (allow_guessable || strength >= CodePattern::GUESSABLE) {
        exit::warn(&format!("the codes are weak; {guesses}"));
    }
    let Some(job) = job.filter(|_| !dry_run) else {
        plan.in_memory(&store.client)?;
        output::print(&redacted(&one_line(&summary)))?;
        exit::note("nothing was written or sent; repeat the command without `--dry-run` to create the coupons");
        return Ok(());
    };
    if !yes {
        confirm("create", &summary, "created")?;
    }
    let mut planned = plan.create(&store.client, &job)?;
    if settings.format == Format::Table {
        exit::note(&format!("the job is in `{}`", job.display()));
    }
    job::run_rows(settings, &store.client, &mut planned, Some(&job)).await
}

/// Returns the discount in words, so that an amount is not mistaken for a percentage.
fn discount(template: &NewCoupon) -> String {
    let discount = template.discount.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
    match template.discount_type.as_ref().map_or("ABS", DiscountType::as_str) {
        "ABS" => format!("{discount} off in the store's currency"),
        "PERCENT" => format!("{discount}% off"),
        "SHIPPING" => "free shipping".to_owned(),
        "ABS_AND_SHIPPING" => format!("free shipping and {discount} off in the store's currency"),
        "PERCENT_AND_SHIPPING" => format!("free shipping and {discount}% off"),
        other => format!("{other} {discount}"),
    }
}

/// Returns a number of coupons in words.
pub(crate) fn coupons(count: usize) -> String {
    if count == 1 { "1 coupon".to_owned() } else { format!("{} coupons", grouped(count)) }
}

/// Writes a number with a comma after every three digits.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// Says how hard the codes are to guess.
fn guesses(strength: f64) -> String {
    let tries = match strength {
        tries if tries >= 1e12 => "a trillion or more".to_owned(),
        tries if tries >= 1e9 => format!("{:.1} billion", tries / 1e9),
        tries if tries >= 1e6 => format!("{:.1} million", tries / 1e6),
        tries => format!("{tries:.0}"),
    };
    format!("one of {tries} tries guesses a code")
}

#[cfg(test)]
mod tests {
    use super::{grouped, guesses};

    #[test]
    fn numbers_are_readable() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(guesses(6.3e9), "one of 6.3 billion tries guesses a code");
        assert_eq!(guesses(33.2), "one of 33 tries guesses a code");
    }
}
