//! Compares the sandbox with Prism, a mock server for the same OpenAPI document. Both receive the same requests.
//!
//! `cargo xtask bench sandbox` starts both servers and runs this program.

mod load;
#[path = "../../xtask/src/bench/row.rs"]
mod row;

use std::{net::SocketAddr, time::Duration};

use anyhow::ensure;
use clap::Parser;

use load::{Load, Server};
use row::{Results, Row, Target};

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

    /// Run this many rounds, and report the median.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

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
    println!("{}", serde_json::to_string(&compare(&arguments).await?)?);
    Ok(())
}

async fn compare(arguments: &Arguments) -> anyhow::Result<Results> {
    let Arguments { store_id, token, connections, seconds, rounds, .. } = arguments;
    // Prism has no base path.
    let sandbox = Server::new(arguments.sandbox, format!("/api/v3/{store_id}/discount_coupons"), token);
    let prism = |address| Server::new(address, format!("/{store_id}/discount_coupons"), token);
    let (prism, prism_with_page) = (prism(arguments.prism), prism(arguments.prism_with_page));
    let mut load = Load::new(*connections, Duration::from_secs(*seconds));
    load.create_one(&sandbox).await?;
    let (mut rows, mut sizes) = (Vec::new(), Vec::new());
    for work in Work::ALL {
        let prism = if work == Work::Search { &prism_with_page } else { &prism };
        let (mut of_sandbox, mut of_prism) = (Vec::new(), Vec::new());
        for server in [&sandbox, prism] {
            load.warm_up(server, work).await?;
        }
        for _ in 0..*rounds {
            of_sandbox.push(load.round(&sandbox, work).await?);
            of_prism.push(load.round(prism, work).await?);
        }
        let (ours, peer) = (medians(&of_sandbox), medians(&of_prism));
        ensure!(peer.per_second > 0.0, "Prism sent no response");
        let per_second = Row::ours(work.name(), "sandbox", ours.per_second, "requests per second");
        let per_second = Row { more_is_better: true, target: Some(Target::Ratio(TARGET)), ..per_second };
        rows.extend(per_second.compared_with("Prism", peer.per_second));
        rows.extend(Row::ours(work.name(), "sandbox", ours.p99, "ms at p99").compared_with("Prism", peer.p99));
        sizes.push(format!("{} {:.0} and {:.0}", work.name(), ours.bytes, peer.bytes));
    }
    let conditions = vec![
        format!("{connections} connections, rounds of {seconds} s"),
        format!("bytes per response of the sandbox and of Prism: {}", sizes.join(", ")),
        format!("for `{}`, the document of Prism has a page of the sandbox as an example", Work::Search.name()),
    ];
    Ok(Results { rounds: *rounds, conditions, rows })
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
