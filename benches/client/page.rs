//! Measures parsing: 100 pages of 100 coupons, one after the other. Each page is dropped after it was parsed.

use std::{hint::black_box, path::Path};

use ecwid_coupons::types;

use crate::{
    Contender,
    coupons::{COUNT, Mix, pages},
    measured::{Rounds, Sample},
    plain,
    row::Row,
};

/// The plain code.
const PEER: &str = "serde_json, types like progenitor's";

/// Parses a page and returns the number of its coupons.
fn read(contender: Contender, body: &[u8]) -> usize {
    match contender {
        Contender::Ours => {
            let page: types::CouponPage = ecwid_coupons::__private::read_response(body).expect("a valid page");
            black_box(page.items).map_or(0, |items| items.len())
        }
        Contender::Plain => {
            let page: plain::CouponPage = serde_json::from_slice(body).expect("a valid page");
            black_box(page.items).len()
        }
    }
}

fn read_all(contender: Contender, pages: &[String]) -> Sample {
    let work = || pages.iter().map(|page| read(contender, black_box(page.as_bytes()))).sum::<usize>();
    let (count, sample) = Sample::take(work);
    assert_eq!(count, COUNT, "every coupon is parsed");
    sample
}

/// Parses all pages once, in a process that counts allocations.
pub(crate) fn count(contender: Contender, mix: Mix) -> Sample {
    read_all(contender, &pages(mix))
}

/// Measures both contenders in alternating rounds.
pub(crate) fn compare(rounds: u32, counting: Option<&Path>) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (mix, work, target) in
        [(Mix::Known, "parsing pages", Some(0.45)), (Mix::Unknown, "parsing pages with unknown fields", None)]
    {
        let pages = pages(mix);
        let mut times = Rounds::default();
        // The first round fills the caches.
        for round in 0..=rounds {
            for contender in Contender::in_turn(round) {
                let sample = read_all(contender, &pages);
                if round > 0 {
                    // CPU time does not depend on other programs. The process has one thread.
                    times.add(contender, sample.cpu_seconds * 1e9 / COUNT as f64);
                }
            }
        }
        rows.extend(times.rows(work, "ns of CPU per coupon", PEER, target));
        if let Some(program) = counting {
            let mut counts = Rounds::default();
            for contender in Contender::ALL {
                let sample = Sample::of(program, &["count-pages", contender.name(), mix.name()])?;
                counts.add(contender, sample.allocations.unwrap_or_default() as f64 / COUNT as f64);
            }
            rows.extend(counts.rows(work, "allocations per coupon", PEER, None));
        }
    }
    Ok(rows)
}
