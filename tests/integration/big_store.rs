//! Searches of a store with many coupons, compared with a filter over all coupons.

use ecwid_coupons::{
    CommaList, TimeFilter,
    chrono::{DateTime, Utc},
    types::{Coupon, CouponStatus, CouponUpdate, DiscountType, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use fastrand::Rng;
use serde_json::Value;

const COUPONS: u32 = 24_000;

/// The filters of a search.
#[derive(Debug, Default)]
struct Wanted {
    statuses: Vec<CouponStatus>,
    types: Vec<DiscountType>,
    created_from: Option<DateTime<Utc>>,
    created_to: Option<DateTime<Utc>>,
    updated_from: Option<DateTime<Utc>>,
    updated_to: Option<DateTime<Utc>>,
}

fn date(random: &mut Rng) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(random.i64(1_545_000_000..1_772_000_000), 0)
}

impl Wanted {
    fn draw(random: &mut Rng) -> Self {
        let some = |random: &mut Rng| random.u32(..3) == 0;
        let mut wanted = Self::default();
        if some(random) {
            wanted.statuses = CouponStatus::KNOWN.iter().filter(|_| random.bool()).cloned().collect();
        }
        if some(random) {
            wanted.types = DiscountType::KNOWN.iter().filter(|_| random.bool()).cloned().collect();
        }
        for bound in
            [&mut wanted.created_from, &mut wanted.created_to, &mut wanted.updated_from, &mut wanted.updated_to]
        {
            *bound = if some(random) { date(random) } else { None };
        }
        wanted
    }

    /// Returns whether a coupon matches. Its status is EXPIRED after its date.
    fn takes(&self, coupon: &Coupon, now: DateTime<Utc>) -> bool {
        let utc = |date: &Option<ecwid_coupons::EcwidDateTime>| date.as_ref().and_then(|date| date.to_utc());
        let is_over = utc(&coupon.expiration_date).is_some_and(|date| date <= now);
        let status = match coupon.status.clone().unwrap() {
            CouponStatus::Active if is_over => CouponStatus::Expired,
            other => other,
        };
        let (created, updated) = (utc(&coupon.creation_date).unwrap(), utc(&coupon.update_date).unwrap());
        (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.types.is_empty() || self.types.contains(coupon.discount_type.as_ref().unwrap()))
            && self.created_from.is_none_or(|from| created >= from)
            && self.created_to.is_none_or(|to| created <= to)
            && self.updated_from.is_none_or(|from| updated >= from)
            && self.updated_to.is_none_or(|to| updated <= to)
    }
}

/// Returns all coupons with their stored status.
async fn all(sandbox: &Sandbox) -> Vec<Coupon> {
    let mut text = Vec::new();
    sandbox.dump(&mut text).await.unwrap();
    let entries: Vec<Value> = serde_json::from_slice(&text).unwrap();
    entries.into_iter().filter_map(|entry| serde_json::from_value(entry.get("coupon")?.clone()).ok()).collect()
}

async fn compare(sandbox: &Sandbox, random: &mut Rng, searches: u32) {
    let (coupons, stored) = (sandbox.client().unwrap(), all(sandbox).await);
    for _ in 0..searches {
        let wanted = Wanted::draw(random);
        let now = sandbox.now();
        let ids: Vec<_> =
            stored.iter().filter(|coupon| wanted.takes(coupon, now)).filter_map(|coupon| coupon.id).collect();
        let (offset, limit) = (random.usize(..=ids.len()), random.u32(1..=100));
        let mut search = coupons.search().offset(offset as u64).limit(limit);
        if !wanted.statuses.is_empty() {
            search = search.status(CommaList::from(wanted.statuses.clone()));
        }
        if !wanted.types.is_empty() {
            search = search.discount_type(CommaList::from(wanted.types.clone()));
        }
        let unix = |date: DateTime<Utc>| TimeFilter::Unix(date.timestamp());
        search = wanted.created_from.into_iter().fold(search, |search, date| search.created_from(unix(date)));
        search = wanted.created_to.into_iter().fold(search, |search, date| search.created_to(unix(date)));
        search = wanted.updated_from.into_iter().fold(search, |search, date| search.updated_from(unix(date)));
        search = wanted.updated_to.into_iter().fold(search, |search, date| search.updated_to(unix(date)));
        let page = search.page().await.unwrap();
        assert_eq!(page.total, i64::try_from(ids.len()).ok(), "{wanted:?}");
        let found: Vec<_> = page.items.unwrap().iter().filter_map(|coupon| coupon.id).collect();
        assert_eq!(
            found,
            ids[offset..].iter().copied().take(limit as usize).collect::<Vec<_>>(),
            "{wanted:?} from {offset}"
        );
    }
}

#[tokio::test]
async fn a_search_of_many_finds_what_a_look_at_each_does() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder()
        .unlimited()
        .database(folder.path().join("store.sqlite"))
        .seed(COUPONS)
        .start()
        .await
        .unwrap();
    let mut random = Rng::with_seed(24);
    compare(&sandbox, &mut random, 150).await;

    // The same after changes: other types and dates, deleted coupons, and a clock that moves forward and back.
    let coupons = sandbox.client().unwrap();
    for number in 0..60 {
        coupons.create(&NewCoupon::percent("Name", format!("NEW{number}"), 10)).await.unwrap();
        // Coupons with even ids are changed, and coupons with odd ids are deleted.
        let id = 100_000_000 + random.i64(1..=i64::from(COUPONS / 2)) * 2;
        coupons.update(id, &CouponUpdate::default().discount_type(DiscountType::Abs).pause()).await.unwrap();
        coupons.delete(100_000_001 + random.i64(0..i64::from(COUPONS / 2)) * 2).await.unwrap();
    }
    for time in ["2021-06-01T00:00:00Z", "2100-06-01T00:00:00Z", "2019-06-01T00:00:00Z"] {
        sandbox.set_time(time.parse().unwrap()).unwrap();
        compare(&sandbox, &mut random, 30).await;
    }
}
