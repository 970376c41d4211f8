//! From the bytes of a page to its coupons: 100 pages of 100, one after the other, each dropped when it is read.

use std::{hint::black_box, path::Path};

use ecwid_coupons::types;

use crate::{
    Contender,
    coupons::{COUNT, Mix, pages},
    measured::{Measured, Rounds, Sample},
    plain,
};

/// The coupons of a page.
fn read(contender: Contender, body: &[u8]) -> usize {
    match contender {
        Contender::Ours => {
            let page: types::CouponPage = ecwid_coupons::__private::read_response(body).expect("a page is readable");
            black_box(page.items).map_or(0, |items| items.len())
        }
        Contender::Plain => {
            let page: plain::CouponPage = serde_json::from_slice(body).expect("a page is readable");
            black_box(page.items).len()
        }
    }
}

fn read_all(contender: Contender, pages: &[String]) -> Sample {
    let work = || pages.iter().map(|page| read(contender, black_box(page.as_bytes()))).sum::<usize>();
    let (count, sample) = Sample::take(work);
    assert_eq!(count, COUNT, "every coupon is read");
    sample
}

/// Reads all pages once, in a process that counts allocations.
pub(crate) fn count(contender: Contender, mix: Mix) -> Sample {
    read_all(contender, &pages(mix))
}

/// The rows of both contenders, in passes that alternate.
pub(crate) fn compare(rounds: u32, counting: Option<&Path>) -> anyhow::Result<Vec<Measured>> {
    let mut rows = Vec::new();
    for (mix, work, target) in [(Mix::Known, "page", Some(0.45)), (Mix::Unknown, "page with unknown parts", None)] {
        let pages = pages(mix);
        let mut times = Rounds::default();
        // The first pass fills the caches.
        for round in 0..=rounds {
            for contender in Contender::in_turn(round) {
                let sample = read_all(contender, &pages);
                if round > 0 {
                    // Of the process, whose one thread does nothing else, so that a busy machine does not count.
                    times.add(contender, sample.cpu_seconds * 1e9 / COUNT as f64);
                }
            }
        }
        rows.push(times.row(work, "ns of CPU a coupon", target));
        if let Some(program) = counting {
            let mut counts = Rounds::default();
            for contender in Contender::ALL {
                let sample = Sample::of(program, &["count-pages", contender.name(), mix.name()])?;
                counts.add(contender, sample.allocations.unwrap_or_default() as f64 / COUNT as f64);
            }
            rows.push(counts.row(work, "allocations a coupon", None));
        }
    }
    Ok(rows)
}
