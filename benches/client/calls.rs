//! Measures calls over HTTP. The server and each contender run in separate processes, so that the CPU time of a contender
//! includes only its calls.

use std::{net::SocketAddr, path::Path};

use anyhow::ensure;
use clap::ValueEnum;
use ecwid_coupons::Client;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    Contender,
    coupons::{COUNT, PAGE},
    measured::{Rounds, Sample},
    plain,
    row::Row,
    server::{STORE_ID, Server},
};

/// The number of pages that are requested at the same time, the default of the client.
const PREFETCH: usize = 4;

/// The plain code.
const PEER: &str = "reqwest, serde_json";

/// The number of calls before the measurement, to open connections and fill caches.
const WARM_UP: usize = 500;

/// The calls to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// Get each of 10,000 coupons by its id, one after the other.
    Gets,
    /// Search for all 10,000 coupons, in pages of 100.
    Search,
}

impl Work {
    /// Returns the name in the arguments.
    fn name(self) -> &'static str {
        match self {
            Self::Gets => "gets",
            Self::Search => "search",
        }
    }

    /// Returns the maximum ratio of the client's CPU time to the CPU time of the plain code.
    fn target(self) -> f64 {
        match self {
            Self::Gets => 1.10,
            Self::Search => 1.0,
        }
    }
}

/// The client, or plain code for the same calls.
enum Caller {
    Ours(Client),
    Plain { client: reqwest::Client, coupons: String },
}

impl Caller {
    fn new(contender: Contender, server: SocketAddr) -> anyhow::Result<Self> {
        let base_url = format!("http://{server}/api/v3");
        match contender {
            Contender::Ours => {
                let builder = Client::builder(STORE_ID, "secret_bench").base_url(base_url);
                Ok(Self::Ours(builder.requests_per_minute(u32::MAX).build()?))
            }
            Contender::Plain => {
                // An error means that a provider is already installed, which is fine.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let client = reqwest::Client::builder().no_proxy().build()?;
                Ok(Self::Plain { client, coupons: format!("{base_url}/{STORE_ID}/discount_coupons") })
            }
        }
    }

    /// Gets a coupon and returns its id.
    async fn get(&self, id: i64) -> anyhow::Result<Option<i64>> {
        match self {
            Self::Ours(client) => Ok(client.get(id).await?.id),
            Self::Plain { client, coupons } => {
                let response = client.get(format!("{coupons}/{id}")).bearer_auth("secret_bench").send().await?;
                let body = response.error_for_status()?.bytes().await?;
                Ok(serde_json::from_slice::<plain::Coupon>(&body)?.id)
            }
        }
    }

    /// Searches for all coupons and returns their ids.
    async fn search(&self) -> anyhow::Result<Vec<Option<i64>>> {
        match self {
            Self::Ours(client) => Ok(client.search().stream().map_ok(|coupon| coupon.id).try_collect().await?),
            Self::Plain { client, coupons } => {
                let page = async |offset: usize| {
                    let request = client.get(coupons.as_str()).query(&[("offset", offset)]);
                    let response = request.bearer_auth("secret_bench").send().await?;
                    let body = response.error_for_status()?.bytes().await?;
                    let page: plain::CouponPage = serde_json::from_slice(&body)?;
                    anyhow::Ok(stream::iter(page.items.into_iter().map(|coupon| anyhow::Ok(coupon.id))))
                };
                let pages = stream::iter((0..COUNT).step_by(PAGE)).map(page).buffered(PREFETCH);
                pages.try_flatten().try_collect().await
            }
        }
    }

    async fn work(&self, work: Work, count: usize) -> anyhow::Result<()> {
        let mut ids = Vec::with_capacity(count);
        match work {
            Work::Gets => {
                for id in 1..=i64::try_from(count)? {
                    ids.push(self.get(id).await?);
                }
            }
            Work::Search => ids = self.search().await?,
        }
        ensure!(ids.into_iter().eq((1..=i64::try_from(count)?).map(Some)), "coupons are missing or out of order");
        Ok(())
    }
}

/// Runs the calls in this process.
pub(crate) fn run(contender: Contender, work: Work, server: SocketAddr) -> anyhow::Result<Sample> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let caller = Caller::new(contender, server)?;
    runtime.block_on(caller.work(work, if work == Work::Gets { WARM_UP } else { COUNT }))?;

    let (done, sample) = Sample::take(|| runtime.block_on(caller.work(work, COUNT)));
    done?;
    Ok(sample)
}

/// Measures both contenders against one server, in alternating rounds.
pub(crate) fn compare(rounds: u32, counting: Option<&Path>) -> anyhow::Result<Vec<Row>> {
    let program = std::env::current_exe()?;
    let server = Server::start(&program)?;
    let address = server.address().to_string();
    let mut rows = Vec::new();
    for (work, name) in [(Work::Gets, "10,000 gets"), (Work::Search, "search of 100 pages")] {
        let (mut wall, mut cpu) = (Rounds::default(), Rounds::default());
        for round in 0..rounds {
            for contender in Contender::in_turn(round) {
                let sample = Sample::of(&program, &["call", contender.name(), work.name(), &address])?;
                wall.add(contender, sample.wall_seconds * 1000.0);
                cpu.add(contender, sample.cpu_seconds * 1000.0);
            }
        }
        rows.extend(cpu.rows(name, "ms of CPU", PEER, Some(work.target())));
        rows.extend(wall.rows(name, "ms", PEER, None));
        if let Some(program) = counting {
            let mut counts = Rounds::default();
            for contender in Contender::ALL {
                let sample = Sample::of(program, &["call", contender.name(), work.name(), &address])?;
                counts.add(contender, sample.allocations.unwrap_or_default() as f64 / COUNT as f64);
            }
            rows.extend(counts.rows(name, "allocations per coupon", PEER, None));
        }
    }
    Ok(rows)
}
