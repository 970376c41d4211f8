//! The settings of the sandbox for what Ecwid does not document about the dates of changes.

use ecwid_coupons::{
    Client, EcwidDateTime,
    chrono::{DateTime, TimeDelta, Utc},
    types::{Coupon, CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{
    ChangeSettings, Config, Effect, Fault, Sandbox,
    checkout::{Order, OrderItem},
};
use serde_json::{Value, json};

use super::plain_http::http_client;

const START: &str = "2030-01-01T00:00:00Z";

fn day(number: i64) -> DateTime<Utc> {
    START.parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(number)
}

async fn start(changes: ChangeSettings) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().changes(changes).start().await.unwrap();
    sandbox.set_time(day(0)).unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

/// Returns the time of the last change in `latest-stats`.
async fn last_change(sandbox: &Sandbox) -> DateTime<Utc> {
    let url = format!("{}/1003/latest-stats", sandbox.base_url());
    let response = http_client().get(url).bearer_auth(sandbox.token()).send().await.unwrap();
    let stats: Value = response.json().await.unwrap();
    stats["discountCouponsUpdated"].as_str().unwrap().parse::<EcwidDateTime>().unwrap().to_utc().unwrap()
}

/// Returns the coupons that a program finds that follows the changes since a time.
async fn updated_since(coupons: &Client, time: DateTime<Utc>) -> Vec<Coupon> {
    coupons.search().updated_from(time).all().await.unwrap()
}

fn updated(coupon: &Coupon) -> DateTime<Utc> {
    coupon.update_date.as_ref().unwrap().to_utc().unwrap()
}

#[tokio::test]
async fn orders_can_change_the_update_date() {
    let ordered = ChangeSettings::default().orders_update();
    for (changes, expected) in [(ChangeSettings::default(), day(0)), (ordered, day(1))] {
        let (sandbox, coupons) = start(changes).await;
        coupons.create(&NewCoupon::absolute("Name", "CODE", 1)).await.unwrap();
        let mut single = NewCoupon::absolute("Name", "ONCE", 1);
        single.uses_limit = Some("SINGLE".into());
        coupons.create(&single).await.unwrap();
        coupons.create(&NewCoupon::absolute("Name", "UNUSED", 1)).await.unwrap();
        sandbox.set_time(day(1)).unwrap();
        for code in ["CODE", "ONCE"] {
            let placed = sandbox.place_order(Order::new([OrderItem::new(1, 5)]).coupon_code(code)).await.unwrap();
            assert_eq!(placed.reason, None);
        }
        // An order that the coupon does not apply to is not a use.
        sandbox.set_time(day(2)).unwrap();
        sandbox.place_order(Order::new([OrderItem::new(1, 5)]).coupon_code("ONCE")).await.unwrap().reason.unwrap();

        let all = coupons.search().all().await.unwrap();
        let [used, used_up, unused] = &all[..] else { panic!("{all:?}") };
        assert_eq!((used.order_count, updated(used)), (Some(1), expected));
        assert_eq!((&used_up.status, updated(used_up)), (&Some(CouponStatus::UsedUp), expected));
        assert_eq!((unused.order_count, updated(unused)), (Some(0), day(0)));
        assert_eq!(&coupons.get("CODE").await.unwrap(), used);
        assert_eq!(last_change(&sandbox).await, expected);
        let found = if expected == day(1) { 2 } else { 0 };
        assert_eq!(updated_since(&coupons, day(1)).await.len(), found);
    }
}

#[tokio::test]
async fn expiries_can_change_the_update_date() {
    let expiring = ChangeSettings::default().expiries_update();
    for (changes, expected) in [(ChangeSettings::default(), day(0)), (expiring, day(5))] {
        let (sandbox, coupons) = start(changes).await;
        let until = |code: &str, end: i64| NewCoupon::percent("Name", code, 10).expiration_date(day(end));
        coupons.create(&until("ENDS", 5)).await.unwrap();
        coupons.create(&until("RUNS", 50)).await.unwrap();
        let mut paused = until("PAUSED", 5);
        paused.status = Some(CouponStatus::Paused);
        coupons.create(&paused).await.unwrap();
        coupons.create(&NewCoupon::percent("Name", "ENDLESS", 10)).await.unwrap();
        let is_touched = expected == day(5);

        sandbox.set_time(day(5) - TimeDelta::seconds(1)).unwrap();
        assert_eq!(updated(&coupons.get("ENDS").await.unwrap()), day(0), "it has not expired");
        assert_eq!(last_change(&sandbox).await, day(0));
        assert_eq!(updated_since(&coupons, day(1)).await, []);

        sandbox.set_time(day(6)).unwrap();
        let ended = coupons.get("ENDS").await.unwrap();
        assert_eq!((&ended.status, updated(&ended)), (&Some(CouponStatus::Expired), expected));
        assert_eq!(coupons.search().all().await.unwrap()[0], ended);
        assert_eq!(last_change(&sandbox).await, expected);
        let found = updated_since(&coupons, day(5)).await;
        assert_eq!(found, if is_touched { vec![ended.clone()] } else { vec![] }, "nothing else has expired");
        assert_eq!(updated_since(&coupons, day(5) + TimeDelta::seconds(1)).await, []);
        let before = coupons.search().updated_to(day(4)).all().await.unwrap();
        assert_eq!(before.len(), if is_touched { 3 } else { 4 });
        let selected = coupons.search().fields(["code", "updateDate"]).code("ENDS").all().await.unwrap();
        assert_eq!(updated(&selected[0]), expected);

        // The dates go back with the clock, and an update is later than the expiration.
        sandbox.set_time(day(4)).unwrap();
        assert_eq!(updated(&coupons.get("ENDS").await.unwrap()), day(0));
        sandbox.set_time(day(7)).unwrap();
        coupons.update("ENDS", &CouponUpdate::default().name("Other")).await.unwrap();
        let again = coupons.get("ENDS").await.unwrap();
        assert_eq!((&again.status, updated(&again)), (&Some(CouponStatus::Expired), day(7)));
        coupons.update("ENDS", &CouponUpdate::default().expiration_date(day(20))).await.unwrap();
        sandbox.set_time(day(30)).unwrap();
        assert_eq!(updated(&coupons.get("ENDS").await.unwrap()), if is_touched { day(20) } else { day(7) });
        assert_eq!(last_change(&sandbox).await, if is_touched { day(20) } else { day(7) });
        // A coupon that is created with a past end was not updated by it.
        coupons.create(&until("PAST", 5)).await.unwrap();
        assert_eq!(updated(&coupons.get("PAST").await.unwrap()), day(30));
    }
}

#[tokio::test]
async fn an_expired_coupon_keeps_its_other_fields() {
    let (sandbox, coupons) = start(ChangeSettings::default().expiries_update()).await;
    let coupon: Coupon = serde_json::from_value(json!({
        "id": 7, "name": "Ä \"quoted\"", "code": "ENDS", "status": "ACTIVE", "discountType": "ABS", "discount": 1.50,
        "expirationDate": "2030-01-05 00:00:00 +0000", "creationDate": "2029-01-01 00:00:00 +0000",
        "updateDate": "2029-06-01 00:00:00 +0000", "orderCount": 3, "catalogLimit": {"products": [1, 2]}, "new": [1.0]
    }))
    .unwrap();
    sandbox.load([coupon.clone()]).await.unwrap();
    assert_eq!(coupons.get("ENDS").await.unwrap(), coupon);
    sandbox.set_time(day(10)).unwrap();
    let mut expected = coupon;
    expected.status = Some(CouponStatus::Expired);
    expected.update_date = expected.expiration_date.clone();
    assert_eq!(coupons.get("ENDS").await.unwrap(), expected);
    // A lagging read and a dump are of the stored coupon.
    sandbox.add_fault(Fault::new(Effect::StaleRead { milliseconds: 20_000 })).unwrap();
    assert_eq!(coupons.search().code("ENDS").page().await.unwrap().total, Some(0));
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).await.unwrap();
    let other = Sandbox::start().await.unwrap();
    other.set_time(day(10)).unwrap();
    other.load_json(std::io::Cursor::new(dump)).await.unwrap();
    let stored = other.client().unwrap().get("ENDS").await.unwrap();
    assert_eq!(stored.update_date.unwrap().to_string(), "2029-06-01 00:00:00 +0000");
}

#[test]
fn a_file_has_the_settings() {
    let config: Config =
        serde_json::from_str(r#"{"changes": {"ordersUpdate": true, "expiriesUpdate": true}}"#).unwrap();
    assert_eq!(config.changes, Some(ChangeSettings::default().orders_update().expiries_update()));
    assert!(serde_json::from_str::<Config>(r#"{"changes": {"orderUpdates": true}}"#).is_err());
}
