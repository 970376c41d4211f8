//! Measures a sync of several stores, in a process of its own.
//!
//! `cargo xtask bench sync` starts the sandbox, runs this program for each measurement, and prints the results.

#[path = "../jobs/peak.rs"]
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
use clap::Parser;
use ecwid_coupons::Client;
use ecwid_coupons_jobs::{SqliteCopy, SyncOptions};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

/// How many stores the command syncs at the same time.
const AT_ONCE: usize = 16;

/// A measurement.
#[derive(Parser)]
struct Arguments {
    /// The first store. The token of a store is `secret_` and its id.
    #[arg(long)]
    first_store: i64,

    /// The number of stores.
    #[arg(long)]
    stores: i64,

    /// The number of coupons of a store.
    #[arg(long)]
    count: i64,

    /// The address of the API.
    #[arg(long)]
    base_url: String,

    /// The file of the copy.
    #[arg(long)]
    copy: PathBuf,

    /// Accept the flag that cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let requests = Arc::new(AtomicU64::new(0));
    let client = |store: i64| {
        let counter = Arc::clone(&requests);
        let builder = Client::builder(store, format!("secret_{store}")).base_url(&arguments.base_url);
        // The store of a million coupons needs more requests than the documented limit allows in a few minutes.
        let builder = builder.requests_per_minute(if arguments.stores == 1 { u32::MAX } else { 600 });
        let builder = builder.on_attempt(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        builder.build()
    };
    let start = Instant::now();
    let copy = SqliteCopy::open(&arguments.copy)?;
    let options = SyncOptions::default();
    let stores = arguments.first_store..arguments.first_store + arguments.stores;
    let clients = stores.map(client).collect::<Result<Vec<_>, _>>()?;
    let syncs = stream::iter(clients.iter().map(|client| copy.sync(client, &options)));
    let summaries: Vec<_> = syncs.buffer_unordered(AT_ONCE).try_collect().await?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(summaries.iter().all(|summary| summary.coupons == arguments.count), "a store has other coupons");
    // Closing the copy moves the last changes into the file.
    drop(copy);
    let bytes = fs::metadata(&arguments.copy)?.len();
    let requests = requests.load(Ordering::Relaxed);
    println!("{}", json!({ "seconds": seconds, "requests": requests, "peakMb": peak::peak_mb()?, "fileBytes": bytes }));
    Ok(())
}
