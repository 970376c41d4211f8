//! Measures a job, single requests, or a plan, in a process of its own.
//!
//! `cargo xtask bench jobs` starts the sandbox, runs this program for each measurement, and prints the results.

mod peak;

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::ensure;
use clap::{Parser, ValueEnum};
use ecwid_coupons::{Client, types::NewCoupon};
use ecwid_coupons_jobs::Issue;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

/// A measurement.
#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    mode: Mode,

    /// The number of coupons.
    #[arg(long)]
    count: usize,

    /// The store.
    #[arg(long)]
    store_id: i64,

    /// The token of the store.
    #[arg(long)]
    token: String,

    /// The address of the API.
    #[arg(long)]
    base_url: String,

    /// The file of the job.
    #[arg(long)]
    job: PathBuf,

    /// Accept the flag that cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    /// A job in a file.
    Job,
    /// A request for each coupon, eight at a time.
    Singles,
    /// Only the plan of a job.
    Plan,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let requests = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&requests);
    let client = Client::builder(arguments.store_id, &arguments.token)
        .base_url(&arguments.base_url)
        .on_attempt(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        })
        .build()?;
    let start = Instant::now();
    run(&client, &arguments).await?;
    let seconds = start.elapsed().as_secs_f64();
    let bytes = fs::metadata(&arguments.job).map(|file| file.len()).ok();
    let requests = requests.load(Ordering::Relaxed);
    println!("{}", json!({ "seconds": seconds, "requests": requests, "peakMb": peak::peak_mb()?, "fileBytes": bytes }));
    Ok(())
}

async fn run(client: &Client, arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { mode, count, job, .. } = arguments;
    let coupon = |code: &str| NewCoupon::percent("Spring", code, 10).single_use();
    let plan = Issue::new(coupon(""), "SPRING-[*]".parse()?).count(*count);
    match mode {
        Mode::Plan => drop(plan.create(client, job)?),
        Mode::Job => {
            let mut job = plan.create(client, job)?;
            let mut run = job.run(client)?;
            while run.next().await?.is_some() {}
            drop(run);
            ensure!(job.status()?.created == *count, "{:?}", job.status()?);
        }
        Mode::Singles => {
            let creates = (0..*count).map(|number| client.create(&coupon(&format!("SINGLE-{number}"))));
            let creates = stream::iter(creates);
            creates.buffer_unordered(8).try_for_each(|_| async { Ok(()) }).await?;
        }
    }
    Ok(())
}
