//! [`Campaign`]: coupons for one occasion.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use ecwid_coupons::{
    Decimal,
    types::{ApplicationLimit, CatalogLimit, Coupon, CouponStatus, DiscountType, ShippingLimit, UsesLimit},
};
use fastrand::Rng;

use super::{END, time};

/// The expiration date of coupons of a running campaign: 2099-12-31 23:59:59.
const LATER: i64 = 4_102_444_799;

/// Letters and digits that cannot be mistaken for each other.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// An occasion for coupons.
struct Occasion {
    name: &'static str,
    code: &'static str,
    /// The months of the occasion. Empty means all months.
    months: &'static [u32],
    is_batch: bool,
    discount_type: DiscountType,
    amounts: &'static [i32],
    application_limit: ApplicationLimit,
    has_catalog_limit: bool,
    /// The minimum and maximum duration in days.
    days: (i64, i64),
}

/// Returns the occasions. With `is_batch`, each customer has a code; otherwise all customers share one.
fn occasions() -> [Occasion; 16] {
    use ApplicationLimit::{NewCustomerOnly, RepeatCustomerOnly};
    use DiscountType::{Abs, AbsAndShipping, Percent, PercentAndShipping, Shipping};
    [
        shared("Welcome offer", "WELCOME", &[], Percent, &[5, 10, 15], (60, 365)).to(NewCustomerOnly),
        shared("Spring sale", "SPRING", &[3, 4, 5], Percent, &[10, 15, 20], (10, 30)),
        shared("Summer sale", "SUMMER", &[6, 7, 8], Percent, &[15, 20, 25, 30], (14, 45)),
        shared("Back to school", "SCHOOL", &[8, 9], Abs, &[5, 10, 15], (10, 21)),
        shared("Black Friday", "FRIDAY", &[11], PercentAndShipping, &[20, 30, 40], (1, 5)),
        shared("Holiday season", "HOLIDAY", &[12], Percent, &[10, 15, 25], (7, 24)),
        shared("Free shipping weekend", "SHIPFREE", &[], Shipping, &[0], (2, 4)),
        Occasion {
            has_catalog_limit: true,
            ..shared("Clearance of selected products", "CLEAR", &[1, 2, 7, 9], Percent, &[30, 40, 50], (14, 60))
        },
        shared("Partner offer", "PARTNER", &[], AbsAndShipping, &[5, 10, 20], (90, 365)),
        shared("For returning customers", "THANKS", &[], Percent, &[10, 15], (30, 120)).to(RepeatCustomerOnly),
        batch("Newsletter sign-up", "NEWS", Abs, &[3, 5, 10]).to(NewCustomerOnly),
        batch("Gift voucher", "GIFT", Abs, &[10, 25, 50, 100]),
        batch("Reward for a review", "REVIEW", Abs, &[3, 5]),
        batch("Reminder of a cart", "BACK", Percent, &[5, 10]),
        batch("Birthday", "BDAY", PercentAndShipping, &[10, 15]).to(RepeatCustomerOnly),
        batch("Apology for a delay", "SORRY", Shipping, &[0]),
    ]
}

fn shared(
    name: &'static str,
    code: &'static str,
    months: &'static [u32],
    discount_type: DiscountType,
    amounts: &'static [i32],
    days: (i64, i64),
) -> Occasion {
    Occasion {
        name,
        code,
        months,
        is_batch: false,
        discount_type,
        amounts,
        application_limit: ApplicationLimit::Unlimited,
        has_catalog_limit: false,
        days,
    }
}

fn batch(name: &'static str, code: &'static str, discount_type: DiscountType, amounts: &'static [i32]) -> Occasion {
    Occasion { is_batch: true, ..shared(name, code, &[], discount_type, amounts, (30, 365)) }
}

impl Occasion {
    fn to(self, application_limit: ApplicationLimit) -> Self {
        Self { application_limit, ..self }
    }
}

/// Coupons for one occasion.
pub(super) struct Campaign {
    /// The fields that all coupons of the campaign share.
    common: Coupon,
    created: DateTime<Utc>,
    is_batch: bool,
    /// The percentage of single-use coupons that have been used.
    used: u32,
}

impl Campaign {
    /// Draws the campaign that starts at `created`. `is_new` returns whether no other campaign has a code.
    pub(super) fn draw(
        random: &mut Rng,
        created: DateTime<Utc>,
        is_batch: bool,
        mut is_new: impl FnMut(&str) -> bool,
    ) -> Self {
        let fits = |occasion: &&Occasion| {
            occasion.is_batch == is_batch && (occasion.months.is_empty() || occasion.months.contains(&created.month()))
        };
        let occasions = occasions();
        let occasions: Vec<_> = occasions.iter().filter(fits).collect();
        let occasion = *of(random, &occasions);
        let amount = *of(random, occasion.amounts);
        let year = created.year();
        let stem = match amount {
            0 => format!("{}{:02}", occasion.code, year % 100),
            amount => format!("{}{amount}-{:02}", occasion.code, year % 100),
        };
        let names = [stem.clone()].into_iter().chain((2..).map(|number| format!("{stem}-{number}")));
        let code = { names }.find(|code| is_new(code)).unwrap_or(stem);

        #[expect(deprecated, reason = "the store supports it")]
        let mut common = Coupon::default()
            .with_name(format!("{} {year}", occasion.name))
            .with_code(code)
            .with_discount_type(occasion.discount_type.clone())
            .with_status(CouponStatus::Active)
            .with_discount(Decimal::from(amount))
            .with_uses_limit(if is_batch { UsesLimit::Single } else { UsesLimit::Unlimited })
            .with_application_limit(occasion.application_limit.clone())
            .with_repeat_customer_only(occasion.application_limit == ApplicationLimit::RepeatCustomerOnly);
        if !is_batch && random.u32(..100) < 40 {
            common = common.with_uses_limit(UsesLimit::OncePerCustomer);
        }
        if random.u32(..100) < 30 {
            common = common.with_total_limit(Decimal::from(*of(random, &[25, 50, 75, 100])));
        }
        common = dated(random, common, created, occasion.days);
        if occasion.has_catalog_limit {
            common = common.with_catalog_limit(catalog_limit(random));
        }
        let is_shipping = matches!(occasion.discount_type, DiscountType::Shipping | DiscountType::AbsAndShipping);
        if is_shipping && random.u32(..100) < 40 {
            let method = format!("{}-{}", random.u32(10_000..99_999), random.u64(1_550_000_000_000..1_760_000_000_000));
            common = common.with_shipping_limit(ShippingLimit::default().shipping_methods(vec![method]));
        }
        if !is_batch && random.u32(..100) < 8 {
            common = common.with_status(CouponStatus::Paused);
        }
        Self { common, created, is_batch, used: random.u32(5..70) }
    }

    /// Returns a coupon of the campaign. `index` counts within the campaign, `number` within all coupons.
    pub(super) fn coupon(&self, random: &mut Rng, index: u32, number: u32) -> Coupon {
        // The coupons of a batch are created within minutes.
        let created = self.created + TimeDelta::seconds(i64::from(index / 20));
        let mut coupon = self.common.clone().with_creation_date(created).with_update_date(created).with_order_count(0);
        if self.is_batch {
            let stem = coupon.code.take().unwrap_or_default();
            coupon = coupon.with_code(format!("{stem}-{}", single_use(number)));
            if random.u32(..100) < self.used {
                coupon = coupon.with_status(CouponStatus::UsedUp).with_order_count(1);
            }
            return coupon;
        }
        // A few codes are used very often.
        let most = 1 << random.u32(0..11);
        let is_changed = coupon.status == Some(CouponStatus::Paused) || random.u32(..100) < 12;
        if is_changed {
            let changed = (created.timestamp() + random.i64(3600..60 * 86_400)).min(END);
            coupon = coupon.with_update_date(time(changed));
        }
        coupon.with_order_count(random.i64(0..=most))
    }
}

/// Returns the coupon with a launch date and an expiration date.
fn dated(random: &mut Rng, mut coupon: Coupon, created: DateTime<Utc>, days: (i64, i64)) -> Coupon {
    let midnight = created.timestamp() / 86_400 * 86_400;
    let mut from = midnight;
    if random.u32(..100) < 25 {
        from += random.i64(1..15) * 86_400;
        coupon = coupon.with_launch_date(time(from));
    }
    if random.u32(..100) < 80 {
        let until = from + random.i64(days.0..=days.1) * 86_400 + 86_399;
        coupon = coupon.with_expiration_date(time(if until < END { until } else { LATER }));
    }
    coupon
}

fn catalog_limit(random: &mut Rng) -> CatalogLimit {
    if random.bool() {
        let products: Vec<_> = (0..random.u32(2..9)).map(|_| random.i64(30_000_000..700_000_000)).collect();
        CatalogLimit::default().products(products)
    } else {
        let categories: Vec<_> = (0..random.u32(1..4)).map(|_| random.i64(8_000_000..180_000_000)).collect();
        CatalogLimit::default().categories(categories)
    }
}

/// Returns the end of a single-use code. It differs for each number and cannot be guessed from the next one.
fn single_use(number: u32) -> String {
    // Multiplication by an odd factor maps different numbers of 40 bits to different numbers.
    let mixed = (u64::from(number) + 1).wrapping_mul(0xB9_7F4A_7C15) & 0xFF_FFFF_FFFF;
    (0..8).map(|place| char::from(ALPHABET[usize::from((mixed >> (place * 5)) as u8 & 31)])).collect()
}

fn of<'a, T>(random: &mut Rng, values: &'a [T]) -> &'a T {
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    &values[random.u32(..count) as usize]
}
