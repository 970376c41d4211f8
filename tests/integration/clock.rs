//! The clock of the sandbox: what depends on it, and how it is set and moved.

use ecwid_coupons::{
    DayBound, EcwidDateTime,
    chrono::{DateTime, TimeDelta, Utc},
    types::{CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use serde_json::{Value, json};

use super::control::call;

fn time(text: &str) -> DateTime<Utc> {
    DayBound::Start.parse(text).unwrap().to_utc().unwrap()
}

#[tokio::test]
async fn all_dates_follow_the_clock() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    sandbox.set_time(time("2030-01-01 12:00:00")).unwrap();
    coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    sandbox.advance(TimeDelta::days(8)).unwrap();
    coupons.update("CODE", &CouponUpdate::default().name("Other")).await.unwrap();
    let coupon = coupons.get("CODE").await.unwrap();
    assert_eq!(coupon.creation_date.unwrap().to_string(), "2030-01-01 12:00:00 +0000");
    assert_eq!(coupon.update_date.unwrap().to_string(), "2030-01-09 12:00:00 +0000");
    assert_eq!(sandbox.now(), time("2030-01-09 12:00:00"));
}

#[tokio::test]
async fn a_coupon_expires_when_the_clock_reaches_its_date() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    sandbox.set_time(time("2030-01-01")).unwrap();
    let end: EcwidDateTime = "2030-01-08 00:00:00".parse().unwrap();
    coupons.create(&NewCoupon::new("Name", "CODE").expiration_date(end)).await.unwrap();
    let status = async || {
        let status = coupons.get("CODE").await.unwrap().status.unwrap();
        assert_eq!(coupons.search().status(status.clone()).page().await.unwrap().total, Some(1), "{status:?}");
        status
    };
    sandbox.advance(TimeDelta::days(7) - TimeDelta::seconds(1)).unwrap();
    assert_eq!(status().await, CouponStatus::Active);
    sandbox.advance(TimeDelta::seconds(1)).unwrap();
    assert_eq!(status().await, CouponStatus::Expired);
    sandbox.advance(TimeDelta::seconds(-1)).unwrap();
    assert_eq!(status().await, CouponStatus::Active);
    sandbox.reset_time();
    assert_eq!(status().await, CouponStatus::Active);
    assert!(sandbox.advance(TimeDelta::MAX).unwrap_err().to_string().contains("9999"));
}

#[tokio::test]
async fn the_control_api_moves_the_clock() {
    let sandbox = Sandbox::start().await.unwrap();
    let (status, now) = call(&sandbox, "GET", "/clock", None).await;
    assert_eq!((status, &now["isStopped"]), (200, &json!(false)));

    let set = call(&sandbox, "PUT", "/clock", Some(json!({"now": "2030-01-01 12:00:00 +0400"}))).await;
    assert_eq!(set, (200, json!({"now": "2030-01-01 08:00:00 +0000", "isStopped": true})));
    let step = json!({"days": 8, "hours": 1, "minutes": -1, "seconds": 5});
    let moved = call(&sandbox, "POST", "/clock/advance", Some(step)).await;
    assert_eq!(moved, (200, json!({"now": "2030-01-09 08:59:05 +0000", "isStopped": true})));
    assert_eq!(sandbox.now(), time("2030-01-09 08:59:05"));

    let wrong: &[(&str, &str, Value, &str)] = &[
        ("PUT", "/clock", json!({"now": "soon"}), "a date such as"),
        ("PUT", "/clock", json!({"now": "0001-01-01"}), "1970"),
        ("PUT", "/clock", json!({}), "now"),
        ("POST", "/clock/advance", json!({"days": i64::MAX}), "9999"),
        ("POST", "/clock/advance", json!({"weeks": 1}), "weeks"),
    ];
    for (method, path, body, part) in wrong {
        let (status, response) = call(&sandbox, method, path, Some(body.clone())).await;
        let message = response["errorMessage"].as_str().unwrap();
        assert!(status == 400 && message.contains(part), "{body}: {status} {message}");
    }
    assert_eq!(sandbox.now(), time("2030-01-09 08:59:05"));

    let (status, now) = call(&sandbox, "DELETE", "/clock", None).await;
    assert_eq!((status, &now["isStopped"]), (200, &json!(false)));
    assert!((sandbox.now() - Utc::now()).abs() < TimeDelta::minutes(1));
}
