//! Compares the sandbox with Prism, a mock server for the same OpenAPI document. Both receive the same requests.
//!
//! `cargo xtask bench sandbox` starts both servers and runs this program.

mod load;
mod table;

use std::{net::SocketAddr, time::Duration};

use anyhow::ensure;
use clap::Parser;

use load::{Load, Server};

/// The minimum ratio of the sandbox's requests per second to Prism's.
const TARGET: f64 = 10.0;

/// The benchmark of the sandbox.
#[derive(Parser)]
struct Arguments {
    /// Address of the sandbox.
    #[arg(long, value_name = "ADDRESS")]
    sandbox: SocketAddr,

    /// Address of Prism.
    #[arg(long, value_name = "ADDRESS")]
    prism: SocketAddr,

    /// Address of another Prism, whose document has a page of the sandbox as an example.
    #[arg(long, value_name = "ADDRESS")]
    prism_with_page: SocketAddr,

    /// Id of the store in the sandbox.
    #[arg(long)]
    store_id: i64,

    /// Token of the sandbox. Prism accepts any token.
    #[arg(long)]
    token: String,

    /// Open this many connections, each with one request at a time.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,

    /// Send requests for this many seconds in each round.
    #[arg(long, default_value_t = 2)]
    seconds: u64,

    /// Run this many rounds and print the median.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// Print the results as JSON.
    #[arg(long)]
    json: bool,

    /// Accept the flag that cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The requests to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Get a coupon by its code.
    Get,
    /// Search for a full page. Both servers return the same page.
    Search,
    /// Search for a page of one coupon. Prism generates this page from the document.
    SearchOne,
    /// Create a coupon with a new code.
    Create,
}

impl Work {
    const ALL: [Self; 4] = [Self::Get, Self::Search, Self::SearchOne, Self::Create];

    fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Search => "search page",
            Self::SearchOne => "search one",
            Self::Create => "create",
        }
    }
}

/// The results for one kind of request: medians of all rounds.
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) sandbox: Figures,
    pub(crate) prism: Figures,
}

impl Row {
    /// Returns the ratio of the sandbox's requests per second to Prism's.
    pub(crate) fn ratio(&self) -> f64 {
        self.sandbox.per_second / self.prism.per_second
    }

    pub(crate) fn is_met(&self) -> bool {
        self.ratio() >= TARGET
    }
}

/// The measurements of one server.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// The 99th percentile of the latency, in milliseconds.
    pub(crate) p99: f64,
    /// The average size of a response body, in bytes.
    pub(crate) bytes: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let rows = compare(&arguments).await?;
    if arguments.json { table::print_json(&rows) } else { table::print(&rows, &arguments) }
}

async fn compare(arguments: &Arguments) -> anyhow::Result<Vec<Row>> {
    let Arguments { store_id, token, .. } = arguments;
    // Prism has no base path.
    let sandbox = Server::new(arguments.sandbox, format!("/api/v3/{store_id}/discount_coupons"), token);
    let prism = |address| Server::new(address, format!("/{store_id}/discount_coupons"), token);
    let (prism, prism_with_page) = (prism(arguments.prism), prism(arguments.prism_with_page));
    let mut load = Load::new(arguments.connections, Duration::from_secs(arguments.seconds));
    load.create_one(&sandbox).await?;
    let mut rows = Vec::new();
    for work in Work::ALL {
        let prism = if work == Work::Search { &prism_with_page } else { &prism };
        let (mut of_sandbox, mut of_prism) = (Vec::new(), Vec::new());
        for server in [&sandbox, prism] {
            load.warm_up(server, work).await?;
        }
        for _ in 0..arguments.rounds {
            of_sandbox.push(load.round(&sandbox, work).await?);
            of_prism.push(load.round(prism, work).await?);
        }
        rows.push(Row { work, sandbox: medians(&of_sandbox), prism: medians(&of_prism) });
    }
    ensure!(rows.iter().all(|row| row.prism.per_second > 0.0), "Prism sent no response");
    Ok(rows)
}

fn medians(rounds: &[Figures]) -> Figures {
    let median = |figure: fn(&Figures) -> f64| {
        let mut figures: Vec<_> = rounds.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Figures {
        per_second: median(|round| round.per_second),
        p99: median(|round| round.p99),
        bytes: median(|round| round.bytes),
    }
}
