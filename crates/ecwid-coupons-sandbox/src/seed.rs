//! Generated coupons that resemble those of a store after some years. The data is deterministic.
//!
//! Nothing here depends on the clock. A campaign has ended before [`END`], or it runs until the end of the century, so
//! a status is the same at any time.

mod campaign;

use chrono::{DateTime, Utc};
use ecwid_coupons::types::Coupon;
use fastrand::Rng;

use campaign::Campaign;

/// The seed of all random choices.
const SEED: u64 = 0x0000_ECDC_0045;

/// The earliest start of the first campaign, as a Unix timestamp: 2019-03-01.
const START: i64 = 1_551_398_400;

/// The latest start of the last campaign, as a Unix timestamp: 2026-01-01.
const END: i64 = 1_767_225_600;

/// The percentage of campaigns with a code for each customer.
const BATCHES: u32 = 35;

/// Generates this many coupons without ids, ordered by creation date. Another salt gives other coupons.
pub(crate) fn coupons(count: u32, salt: u64) -> impl Iterator<Item = Coupon> {
    // The factor spreads small numbers over all bits.
    let seed = SEED ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let sizes = sizes(count, seed);
    let campaigns = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    let mut first = 0;
    let mut codes = std::collections::BTreeSet::new();
    sizes.into_iter().zip(0..).flat_map(move |(size, number): (u32, u32)| {
        let mut random = Rng::with_seed(seed ^ u64::from(number) << 32);
        let slot = (END - START) / i64::from(campaigns);
        let created = START + slot * i64::from(number) + random.i64(0..slot.max(1));
        let campaign = Campaign::draw(&mut random, time(created), size > 1, |code| codes.insert(code.to_owned()));
        let of_batch = first;
        first += size;
        (0..size).map(move |index| campaign.coupon(&mut random, index, of_batch + index))
    })
}

/// Returns the number of coupons of each campaign. A shared code is one coupon.
fn sizes(count: u32, seed: u64) -> Vec<u32> {
    let mut random = Rng::with_seed(seed);
    let usual = (count / 50).clamp(10, 5000);
    let (mut sizes, mut left) = (Vec::new(), count);
    while left > 0 {
        let is_batch = random.u32(0..100) < BATCHES;
        let size = if is_batch { random.u32(usual / 2..usual * 3 / 2) } else { 1 };
        sizes.push(size.min(left));
        left -= size.min(left);
    }
    sizes
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
