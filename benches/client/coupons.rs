//! The coupons of the benchmarks: 10,000 realistic coupons, the same in each run.

use std::fmt::Write as _;

use clap::ValueEnum;
use fastrand::Rng;

/// The number of coupons.
pub(crate) const COUNT: usize = 10_000;

/// The number of coupons on a page.
pub(crate) const PAGE: usize = 100;

const SEED: u64 = 20_240_606;

const TYPES: [&str; 5] = ["ABS", "PERCENT", "SHIPPING", "ABS_AND_SHIPPING", "PERCENT_AND_SHIPPING"];
const STATUSES: [&str; 4] = ["ACTIVE", "PAUSED", "EXPIRED", "USEDUP"];
const USES: [&str; 3] = ["UNLIMITED", "ONCEPERCUSTOMER", "SINGLE"];
const CUSTOMERS: [&str; 3] = ["UNLIMITED", "NEW_CUSTOMER_ONLY", "REPEAT_CUSTOMER_ONLY"];
const NAMES: [&str; 5] = [
    "10% off the first order",
    "Spring sale 2024",
    "Free shipping for members",
    "Thank you for order",
    "Birthday gift for you",
];

/// The fields and values of the coupons that the client does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mix {
    /// No unknown fields or values.
    Known,
    /// Two unknown fields in each coupon, and an unknown status in every fourth coupon.
    Unknown,
}

impl Mix {
    /// Returns the name in the arguments.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Unknown => "unknown",
        }
    }
}

/// Returns the coupons as JSON, with ids from 1.
pub(crate) fn coupons(mix: Mix) -> Vec<String> {
    let mut random = Rng::with_seed(SEED);
    (1..=COUNT).map(|id| coupon(id, mix, &mut random)).collect()
}

/// Returns the pages of the coupons, in the form of a store.
pub(crate) fn pages(mix: Mix) -> Vec<String> {
    let coupons = coupons(mix);
    (0..COUNT).step_by(PAGE).map(|offset| page(&coupons, offset, PAGE)).collect()
}

/// Returns a page of the coupons.
pub(crate) fn page(coupons: &[String], offset: usize, limit: usize) -> String {
    let end = coupons.len().min(offset + limit);
    page_of(&coupons[offset.min(end)..end], coupons.len(), offset)
}

/// Returns a page with these coupons of `total` coupons.
pub(crate) fn page_of(items: &[String], total: usize, offset: usize) -> String {
    let count = items.len();
    let items = items.join(",");
    format!(r#"{{"total":{total},"count":{count},"offset":{offset},"limit":{PAGE},"items":[{items}]}}"#)
}

fn coupon(id: usize, mix: Mix, random: &mut Rng) -> String {
    let is_odd_one = mix == Mix::Unknown && id.is_multiple_of(4);
    let status = if is_odd_one { "SCHEDULED" } else { pick(&STATUSES, random) };
    let mut json = format!(
        r#"{{"id":{id},"name":"{} {id}","code":"{}","discountType":"{}","status":"{status}","discount":{}"#,
        pick(&NAMES, random),
        code(random),
        pick(&TYPES, random),
        amount(random),
    );
    let launch = date(random);
    // Writing to a `String` cannot fail.
    let _ = write!(json, r#","launchDate":"{launch}""#);
    if random.bool() {
        let _ = write!(json, r#","expirationDate":"{}""#, date(random));
    }
    if random.u8(..10) < 3 {
        let _ = write!(json, r#","totalLimit":{}"#, amount(random));
    }
    let _ = write!(
        json,
        r#","usesLimit":"{}","applicationLimit":"{}","repeatCustomerOnly":{},"creationDate":"{launch}","updateDate":"{}","orderCount":{}"#,
        pick(&USES, random),
        pick(&CUSTOMERS, random),
        random.bool(),
        date(random),
        random.u32(..2000),
    );
    if random.u8(..10) < 4 {
        let _ = write!(json, r#","catalogLimit":{{"products":{},"categories":{}}}"#, ids(random), ids(random));
    }
    if random.u8(..10) < 2 {
        let method = random.u64(1_000_000_000_000..9_999_999_999_999);
        let _ = write!(json, r#","shippingLimit":{{"shippingMethods":["18765-{method}","5-{id}"]}}"#);
    }
    if mix == Mix::Unknown {
        let _ = write!(json, r#","loyaltyPoints":{},"rules":{{"channel":"WEB","since":"{launch}"}}"#, amount(random));
    }
    json.push('}');
    json
}

fn pick<'a>(values: &[&'a str], random: &mut Rng) -> &'a str {
    values[random.usize(..values.len())]
}

fn code(random: &mut Rng) -> String {
    std::iter::repeat_with(|| random.alphanumeric().to_ascii_uppercase()).take(12).collect()
}

/// Returns an amount with no, one or two decimal places.
fn amount(random: &mut Rng) -> String {
    let whole = random.u32(1..200);
    match random.u8(..4) {
        0 | 1 => whole.to_string(),
        2 => format!("{whole}.{}", random.u8(1..10)),
        _ => format!("{whole}.{:02}", random.u8(..100)),
    }
}

fn date(random: &mut Rng) -> String {
    format!(
        "20{:02}-{:02}-{:02} {:02}:{:02}:{:02} +0000",
        random.u8(18..30),
        random.u8(1..13),
        random.u8(1..29),
        random.u8(..24),
        random.u8(..60),
        random.u8(..60)
    )
}

fn ids(random: &mut Rng) -> String {
    let ids: Vec<_> = (0..random.usize(..8)).map(|_| random.u32(100_000_000..999_999_999).to_string()).collect();
    format!("[{}]", ids.join(","))
}
