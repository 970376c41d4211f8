//! The sandbox beside Prism, a mock server made of the same OpenAPI document: the same requests by the same means.
//!
//! `cargo xtask bench sandbox` starts both and runs it.

mod load;
mod table;

use std::{net::SocketAddr, time::Duration};

use anyhow::ensure;
use clap::Parser;

use load::{Load, Server};

/// The times of the requests per second of Prism that are aimed at.
const TARGET: f64 = 10.0;

/// The benchmark of the sandbox.
#[derive(Parser)]
struct Arguments {
    /// Where the sandbox listens.
    #[arg(long, value_name = "ADDRESS")]
    sandbox: SocketAddr,

    /// Where Prism listens.
    #[arg(long, value_name = "ADDRESS")]
    prism: SocketAddr,

    /// Where another Prism listens, whose document has a page of the sandbox as the example of a page.
    #[arg(long, value_name = "ADDRESS")]
    prism_with_page: SocketAddr,

    /// The store of the sandbox.
    #[arg(long)]
    store_id: i64,

    /// The token that the sandbox takes. Prism takes any.
    #[arg(long)]
    token: String,

    /// How many connections there are, each with one request at a time.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,

    /// How long each round sends requests, in seconds.
    #[arg(long, default_value_t = 2)]
    seconds: u64,

    /// How many rounds there are; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// A coupon by its code.
    Get,
    /// A page of coupons, as many as it holds: the same page of both.
    Search,
    /// A page of one coupon, which is what Prism makes up of the document.
    SearchOne,
    /// A new coupon, of another code each time.
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

/// The figures of one kind of work, medians of all rounds.
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) sandbox: Figures,
    pub(crate) prism: Figures,
}

impl Row {
    /// The requests per second of the sandbox by those of Prism.
    pub(crate) fn ratio(&self) -> f64 {
        self.sandbox.per_second / self.prism.per_second
    }

    pub(crate) fn is_met(&self) -> bool {
        self.ratio() >= TARGET
    }
}

/// What was measured of one server.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// The time that 99 of 100 requests were answered in, in milliseconds.
    pub(crate) p99: f64,
    /// The bytes of an answer's body.
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
    ensure!(rows.iter().all(|row| row.prism.per_second > 0.0), "Prism answered nothing");
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
