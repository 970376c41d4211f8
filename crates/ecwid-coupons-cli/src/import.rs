//! `import`: creates or changes the coupons of a file.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueEnum, error::ErrorKind, parser::ValueSource};
use ecwid_coupons::{JsonObject, RawJson, types::CouponUpdate};
use ecwid_coupons_jobs::{
    CouponRow, Plan, PlannedChange, PlannedCoupon, PlannedRow, RowChange, WantedCoupon, compare, problems,
};

use crate::{
    confirm::confirm,
    coupon_flags::{self, CouponFlags},
    create::{has_default_type, note_default_type},
    differences,
    exit::{self, Code, Failure},
    issue::{CODE, coupons},
    job, plan,
    settings::Settings,
    table_file::{self, CouponFileFlags},
};

const HELP: &str = "\
The first row has the names of the columns: the fields of a coupon in any spelling, such as discountType, discount_type or \
\"Discount type\". An empty cell is no value. The flags of the coupon fields are for the rows that have no value. Nothing is sent \
while a row has a problem.";

/// The arguments of `import`.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\n{}", coupon_flags::VALUES))]
pub(crate) struct Arguments {
    /// A CSV, JSON Lines or XLSX file, or - for standard input
    file: PathBuf,

    /// What to do if a coupon exists with other fields than those of its row
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Existing::Error)]
    on_existing: Existing,

    /// Keep the outcome of each row in this file, which must not exist; see `job`
    #[arg(long, value_name = "FILE")]
    job: Option<PathBuf>,

    /// Do not ask before the coupons are created or changed. Without a terminal, the command never asks
    #[arg(short, long)]
    yes: bool,

    /// Show what would be done, without changing anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    flags: CouponFileFlags,

    #[command(flatten)]
    defaults: Defaults,
}

/// What to do with a coupon that exists with other fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Existing {
    /// Change nothing at all
    Error,
    /// Leave the coupon as it is
    Skip,
    /// Change the fields that the row has a value for
    Update,
}

/// The fields of rows that have no value for them.
#[derive(Clone, Debug)]
struct Defaults(CouponFlags<CouponUpdate>);

impl Args for Defaults {
    fn augment_args(command: Command) -> Command {
        CouponFlags::<CouponUpdate>::augment_args(command).mut_arg(CODE, |code: Arg| code.hide(true))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Defaults {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        if matches.value_source(CODE) == Some(ValueSource::CommandLine) {
            let message = "`--code` cannot be used with `import`, because the file has the codes\n";
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
    let Arguments { file, on_existing, job, yes, dry_run, flags, defaults: Defaults(defaults) } = arguments;
    let (defaults, notes) = defaults.body(settings)?;
    let defaults: JsonObject = RawJson::from_value(&defaults)?.deserialize()?;
    let options = flags.options();
    let table = table_file::read(settings, &file, &options)?;
    let table = table.coupons_with(&options, &defaults).map_err(table_file::failure)?;
    notes.iter().chain(&table.notes).for_each(|note| exit::note(note));
    let name = file.display();
    let wanted: Vec<_> =
        table.rows.iter().map(|row| WantedCoupon { code: row.code.clone(), fields: row.fields.clone() }).collect();
    let store = settings.connect().await?;
    let wrong: Vec<_> = problems(&store.client, &wanted);
    if !wrong.is_empty() {
        for problem in wrong.iter().take(table_file::SHOWN) {
            let place = &table.rows[problem.index].place;
            exit::warn(&format!("{name}: {place}, {}: {}", problem.field, problem.problem));
        }
        let message = format!("`{name}` has {} problems", wrong.len());
        return Err(Failure::usage(message, "correct them; nothing was sent"));
    }
    let planned = compare(&store.client, &wanted).await?;
    let plan = Plan::of(&store.client, planned);
    let differing = plan.coupons().iter().zip(&table.rows).filter_map(|(planned, row)| match &planned.change {
        PlannedChange::Update { differences, .. } => Some((row, planned, differences)),
        _ => None,
    });
    if on_existing == Existing::Error {
        let differing: Vec<_> = differing.collect();
        for (row, planned, differences) in differing.iter().take(table_file::SHOWN) {
            let (place, code) = (&row.place, &planned.code);
            exit::warn(&format!(
                "{name}: {place}: `{code}` exists with other fields: {}",
                differences::text(differences)
            ));
        }
        if !differing.is_empty() {
            let exist = if differing.len() == 1 { "exists" } else { "exist" };
            let message = format!("{} of `{name}` {exist} with other fields", coupons(differing.len()));
            let hint =
                "nothing was changed; change them with `--on-existing update`, or leave them with `--on-existing skip`";
            return Err(Failure::new(Code::Conflict, message, hint));
        }
    }
    let mut new = plan.coupons().iter().filter_map(|planned| match &planned.change {
        PlannedChange::Create(new) => Some(&**new),
        _ => None,
    });
    if let Some(coupon) = new.find(|new| has_default_type(new)) {
        note_default_type(coupon);
    }
    if dry_run {
        plan::show(settings, &plan)?;
        exit::note("nothing was changed; repeat the command without `--dry-run` to make the changes");
        return Ok(());
    }
    let rows: Vec<_> =
        plan.coupons().iter().zip(table.rows).map(|(planned, row)| row_of(planned, row, on_existing)).collect();
    let count = rows.iter().filter(|row| !matches!(row.change, RowChange::Keep { .. })).count();
    if !yes && count > 0 {
        confirm("create or change", &format!("{} ({plan})", coupons(count)), "changed")?;
    }
    job::run_planned(settings, &store.client, rows, job.as_deref()).await
}

/// Returns the row of a job.
fn row_of(planned: &PlannedCoupon, row: CouponRow, on_existing: Existing) -> PlannedRow {
    let CouponRow { code, columns, .. } = row;
    let change = match &planned.change {
        PlannedChange::Create(new) => RowChange::Create((**new).clone()),
        PlannedChange::Update { id, differences, .. } if on_existing == Existing::Skip => {
            RowChange::Keep { id: *id, reason: Some(format!("kept; {}", differences::text(differences))) }
        }
        PlannedChange::Update { id, update, .. } => RowChange::Update { id: *id, update: (**update).clone() },
        PlannedChange::Unchanged { id } => RowChange::Keep { id: *id, reason: None },
    };
    PlannedRow { code, change, columns }
}
