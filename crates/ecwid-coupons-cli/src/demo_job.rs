//! The end of `demo`: a job of 2,000 coupons that is killed half-way and continued.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anstyle::Style;
use ecwid_coupons_jobs::Job;
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use tokio::time::sleep;

use crate::{exit::Failure, issue::grouped};

const BOLD: Style = Style::new().bold();

/// The number of coupons.
const COUPONS: u64 = 2_000;

/// How many rows of the report are shown.
const SHOWN: usize = 3;

/// How long the sandbox takes for a coupon, so that there is time to watch.
const TIME: Effect = Effect::Latency { milliseconds: 300, jitter_milliseconds: 0 };

/// Issues coupons with this program, kills it, and continues the job.
pub(crate) async fn run(out: &mut impl Write) -> Result<(), Failure> {
    let sandbox = Sandbox::builder().unlimited().fault(Fault::new(TIME).on(["create_discount_coupon"])).start().await?;
    let client = sandbox.client()?;
    let folder = tempfile::tempdir()?;
    let job = folder.path().join("spring.job");
    let count = COUPONS.to_string();
    let issue =
        ["issue", "--pattern", "SPRING-[*]", "--count", &count, "--name", "Spring", "--discount-type", "PERCENT"];
    let issue = [&issue[..], &["--discount", "10", "--uses-limit", "SINGLE", "--job", "spring.job", "--yes"]].concat();

    let mut child = program(&sandbox, folder.path(), &issue, out)?.spawn()?;
    loop {
        let created = client.search().count().await?;
        if created >= COUPONS / 2 {
            child.kill()?;
            child.wait()?;
            break;
        }
        if child.try_wait()?.is_some() {
            return Err(Failure::other("the job ended before it was killed", "report this bug"));
        }
        sleep(Duration::from_millis(20)).await;
    }
    let status = Job::open(&job)?.status()?;
    let created = client.search().count().await?;
    writeln!(
        out,
        "    killed: {} coupons are in the store, and the job knows {} of them",
        grouped_count(created),
        grouped(status.created)
    )?;

    let mut child = program(&sandbox, folder.path(), &["job", "run", "spring.job"], out)?.spawn()?;
    // The sandbox is in this process, so it must not be blocked.
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        sleep(Duration::from_millis(20)).await;
    };
    let created = client.search().count().await?;
    let mut problems = Vec::new();
    let verified = Job::open(&job)?.verify(&client, |difference| problems.push(difference)).await? as u64;
    if !ended.success() || created != COUPONS || verified != COUPONS || !problems.is_empty() {
        let message = format!("{created} coupons are in the store, and {} differ from the job", problems.len());
        return Err(Failure::other(message, "report this bug"));
    }
    writeln!(out, "    finished: {} coupons are in the store, and the job knows each of them", grouped_count(created))?;

    writeln!(out, "\n    {BOLD}$ ecwid-coupons job report spring.job{BOLD:#}")?;
    let mut rows = Vec::new();
    Job::open(&job)?.for_each_row(|row| {
        if rows.len() < SHOWN {
            rows.push(format!("{}: {}", row.code, row.outcome.as_str()));
        }
        Ok(())
    })?;
    for row in rows {
        writeln!(out, "    {row}")?;
    }
    Ok(writeln!(out, "    …")?)
}

/// Shows a command, and returns it with the settings for the sandbox.
fn program(sandbox: &Sandbox, folder: &Path, arguments: &[&str], out: &mut impl Write) -> Result<Command, Failure> {
    let shown = arguments
        .iter()
        .map(|argument| if argument.contains('[') { format!("'{argument}'") } else { (*argument).to_owned() });
    let shown =
        textwrap::fill(&shown.collect::<Vec<_>>().join(" "), textwrap::Options::new(76).subsequent_indent("        "));
    writeln!(out, "\n    {BOLD}$ ecwid-coupons {shown}{BOLD:#}")?;
    out.flush()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    // The user's configuration does not matter.
    command.env_remove("ECWID_CONFIG").env("XDG_CONFIG_HOME", folder).env("APPDATA", folder);
    command.env("ECWID_STORE_ID", sandbox.store_id().to_string());
    command.env("ECWID_TOKEN", sandbox.token()).env("ECWID_BASE_URL", sandbox.base_url());
    Ok(command)
}

fn grouped_count(count: u64) -> String {
    grouped(count.try_into().unwrap_or_default())
}
