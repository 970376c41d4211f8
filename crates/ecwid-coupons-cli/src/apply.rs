//! `apply`: changes a store so that it is as declared.

use std::path::PathBuf;

use clap::Args;
use ecwid_coupons_jobs::{Plan, Removal};

use crate::{
    confirm::confirm,
    declared::{DeclaredFile, Removals},
    exit::{self, Code, Failure},
    issue::coupons,
    job,
    output::Format,
    plan,
    settings::Settings,
};

/// The arguments of `apply`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The declaration, a plan of `plan --out`, or - for standard input
    file: PathBuf,

    /// Keep the outcome of each coupon in this file, which must not exist; see `job`
    #[arg(long, value_name = "FILE")]
    job: Option<PathBuf>,

    /// Do not ask before the coupons are changed. Without a terminal, the command never asks
    #[arg(short, long)]
    yes: bool,

    /// Show what would be done, without changing anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    removals: Removals,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { file, job, yes, dry_run, removals } = arguments;
    let file = DeclaredFile::read(settings, &file)?;
    if file.is_saved_plan() && removals.is_given() {
        let hint = "pass `--prune` to `ecwid-coupons plan --out`";
        return Err(Failure::usage("`--prune` cannot be used with a plan, which says what is removed", hint));
    }
    let store = settings.connect().await?;
    let plan = match file.is_saved_plan() {
        true => file.saved_plan(&store.client).await?,
        false => file.plan(&store.client, &removals).await?,
    };
    if dry_run || settings.format == Format::Table {
        plan::show(settings, &plan)?;
    }
    if dry_run {
        exit::note("nothing was changed; repeat the command without `--dry-run` to make the changes");
        return Ok(());
    }
    let rows = plan.rows();
    if !rows.is_empty() {
        if !yes {
            confirm("change", &format!("{} ({plan})", coupons(rows.len())), "changed")?;
        }
        job::run_planned(settings, &store.client, rows, job.as_deref()).await?;
    }
    refused(&plan)
}

/// Fails if coupons were to be deleted that an order has used.
fn refused(plan: &Plan) -> Result<(), Failure> {
    let refused = plan.others().iter().filter(|other| other.removal == Removal::Refused);
    let refused: Vec<_> = refused.map(|other| format!("`{}`", other.code)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let message = format!("{} may be in use and not deleted: {}", coupons(refused.len()), refused.join(", "));
    Err(Failure::new(Code::Partial, message, "pause them with `--prune pause`"))
}
