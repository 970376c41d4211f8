//! Writes with a lost response. The response to a retry does not describe what the call did.

use std::time::Duration;

use ecwid_coupons::{
    Client, CreateOutcome, DeleteOutcome, ErrorKind,
    types::{Coupon, CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

const NOT_FOUND: &str = r#"{"errorMessage":"Coupon is not found","errorCode":"DISCOUNT_COUPON_NOT_FOUND"}"#;

/// A sandbox with the coupon OLD that does the next write and loses its response.
async fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::percent("Name", "OLD", 10)).await.unwrap();
    let writes = ["create_discount_coupon", "update_discount_coupon", "delete_discount_coupon"];
    sandbox.add_fault(Fault::new(Effect::ResetAfter).on(writes).times(1)).unwrap();
    (sandbox, coupons)
}

async fn scripted(acts: Vec<Act>) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(acts, |_| Act::response(404, NOT_FOUND)).await.unwrap();
    let client = Client::builder(1003, "secret").base_url(server.base_url()).timeout(Duration::from_secs(5));
    let client = client.build().unwrap();
    (server, client)
}

fn page(coupon: &str) -> Act {
    let total = usize::from(!coupon.is_empty());
    Act::response(200, &format!(r#"{{"total":{total},"count":{total},"offset":0,"limit":100,"items":[{coupon}]}}"#))
}

#[tokio::test]
async fn an_update_of_the_code_is_resolved_by_the_new_code() {
    let (_sandbox, coupons) = sandbox().await;
    let update = CouponUpdate::default().code("NEW").discount(15);
    assert_eq!(coupons.update("OLD", &update).await.unwrap().update_count, Some(1));
    assert_eq!(coupons.get("NEW").await.unwrap().discount, Some(15.into()));
}

#[tokio::test]
async fn an_update_does_not_accept_another_coupon() {
    for effect in [Effect::ResetBefore, Effect::status(503)] {
        let sandbox = Sandbox::start().await.unwrap();
        let coupons = sandbox.client().unwrap();
        coupons.create(&NewCoupon::percent("Name", "OLD", 10)).await.unwrap();
        coupons.create(&NewCoupon::percent("Theirs", "NEW", 10)).await.unwrap();
        sandbox.add_fault(Fault::new(effect.clone()).on(["update_discount_coupon"]).times(1)).unwrap();
        let error = coupons.update("OLD", &CouponUpdate::default().code("NEW")).await.unwrap_err();
        assert!(error.is_conflict() && !error.may_have_taken_effect(), "{effect:?}: {error}");
        sandbox.add_fault(Fault::new(effect).on(["update_discount_coupon"]).times(1)).unwrap();
        let error = coupons.update("NONE", &CouponUpdate::default().code("NEW")).await.unwrap_err();
        assert!(error.is_coupon_not_found() && !error.may_have_taken_effect(), "{error}");
        assert_eq!(coupons.get("OLD").await.unwrap().name.as_deref(), Some("Name"));
    }
}

#[tokio::test]
async fn an_update_by_id_needs_no_lookup_by_code() {
    let (_sandbox, coupons) = sandbox().await;
    let id = coupons.get("OLD").await.unwrap().id.unwrap();
    assert_eq!(coupons.update(id, &CouponUpdate::default().code("NEW")).await.unwrap().update_count, Some(1));
}

#[tokio::test(start_paused = true)]
async fn an_update_of_the_code_succeeds_only_with_all_its_values() {
    let update = CouponUpdate::default().code("NEW").discount(15);
    let done = r#"{"id":7,"code":"new","discount":15.00}"#;
    // Another coupon with the same values.
    let other = r#"{"id":8,"code":"NEW","discount":15}"#;
    for (missing, found, is_done, may_have_taken_effect) in [
        (Act::response(404, NOT_FOUND), page(done), true, false),
        (Act::response(404, r#"{"errorMessage":"Coupon is not found"}"#), page(done), true, false),
        (Act::response(200, r#"{"updateCount":0}"#), page(done), true, false),
        (Act::response(409, r#"{"errorMessage":"Code exists"}"#), page(done), true, false),
        // Another coupon, no coupon, and a failed lookup.
        (Act::response(404, NOT_FOUND), page(other), false, false),
        (Act::response(409, r#"{"errorMessage":"Code exists"}"#), page(other), false, false),
        (Act::response(409, "{}"), page(r#"{"id":7,"code":"NEW","discount":16}"#), false, true),
        (Act::response(404, NOT_FOUND), page(""), false, false),
        (Act::response(404, NOT_FOUND), Act::response(403, "{}"), false, true),
    ] {
        for lost in [Act::Reset, Act::response(500, ""), Act::response(200, "{}")] {
            let old = Act::response(200, r#"{"id":7,"code":"OLD"}"#);
            let (server, client) = scripted(vec![old, lost.clone(), missing.clone(), found.clone()]).await;
            let result = client.update("OLD", &update).await;
            let shown = format!("{lost:?}, {missing:?}, {found:?}: {result:?}");
            assert_eq!(result.is_ok(), is_done, "{shown}");
            if let Err(error) = result {
                assert_eq!(error.may_have_taken_effect(), may_have_taken_effect, "{shown}");
                assert_eq!(error.attempts(), 2, "{shown}");
            }
            assert_eq!(server.seen().len(), 4, "{shown}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_lost_response_a_missing_coupon_is_missing() {
    let update = CouponUpdate::default().pause();
    let (server, client) = scripted(vec![Act::response(404, NOT_FOUND)]).await;
    let error = client.update("OLD", &update).await.unwrap_err();
    assert!(error.is_coupon_not_found() && !error.may_have_taken_effect(), "{error}");
    assert_eq!(server.seen().len(), 1);
    // A 429 means that nothing was done, however often it is sent.
    let refused = Act::with(429, &[("retry-after", "1")], "");
    let (server, client) = scripted(vec![refused.clone(), refused]).await;
    assert!(!client.update("OLD", &update).await.unwrap_err().may_have_taken_effect());
    assert_eq!(client.delete("OLD").await.unwrap().delete_count, Some(0));
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_last_response_does_not_hide_an_earlier_attempt() {
    for last in [Act::response(403, "{}"), Act::response(400, "{}"), Act::response(404, NOT_FOUND)] {
        let (_server, client) = scripted(vec![Act::Reset, last.clone()]).await;
        let error = client.update("OLD", &CouponUpdate::default().pause()).await.unwrap_err();
        assert!(error.may_have_taken_effect() && error.attempts() == 2, "{last:?}: {error}");
    }
    let (_server, client) = scripted(vec![Act::Reset, Act::response(403, "{}")]).await;
    assert!(client.delete("OLD").await.unwrap_err().may_have_taken_effect());
}

#[tokio::test]
async fn a_delete_without_count_follows_a_lost_response() {
    let (_sandbox, coupons) = sandbox().await;
    assert_eq!(coupons.delete("OLD").await.unwrap().delete_count, None, "it is not known");
    assert_eq!(coupons.delete("OLD").await.unwrap().delete_count, Some(0), "it is known now");
}

#[tokio::test(start_paused = true)]
async fn a_delete_accepts_each_response_for_a_missing_coupon() {
    for nothing in [Act::response(200, r#"{"deleteCount":0}"#), Act::response(404, NOT_FOUND)] {
        for lost in [Act::Reset, Act::Hang, Act::response(502, "<html>"), Act::response(200, "{}")] {
            let (_server, client) = scripted(vec![lost.clone(), nothing.clone()]).await;
            assert_eq!(client.delete("A").await.unwrap().delete_count, None, "{lost:?}, {nothing:?}");
        }
        let (_server, client) = scripted(vec![nothing.clone()]).await;
        assert_eq!(client.delete("A").await.unwrap().delete_count, Some(0), "{nothing:?}");
    }
    // A wrong address does not mean that the coupon is missing.
    let (_server, client) = scripted(vec![Act::Reset, Act::response(404, "<html>")]).await;
    assert!(client.delete("A").await.unwrap_err().may_have_taken_effect());
}

#[tokio::test]
async fn a_conditional_delete_with_a_lost_response_succeeds() {
    let (_sandbox, coupons) = sandbox().await;
    assert!(matches!(coupons.delete_if_unused("OLD").await.unwrap(), DeleteOutcome::Deleted(_)));
    assert_eq!(coupons.delete_if_unused("OLD").await.unwrap(), DeleteOutcome::NotFound);
}

#[tokio::test]
async fn a_create_with_a_lost_response_finds_its_coupon() {
    let (_sandbox, coupons) = sandbox().await;
    let made = coupons.create(&NewCoupon::percent("New", "NEW", 10)).await.unwrap();
    assert!(matches!(made, CreateOutcome::Recovered(_)));
    assert_eq!((made.status(), made.order_count()), (Some(&CouponStatus::Active), Some(0)));
}

#[tokio::test]
async fn a_create_does_not_accept_another_coupon() {
    let new = NewCoupon::absolute("Name", "CODE", 5);
    let date = |text: &str| text.parse::<ecwid_coupons::EcwidDateTime>().unwrap();
    let plain = || Coupon::default().id(1).name("Name").code("CODE").discount(5);
    for (field, theirs) in [
        ("status", plain().status(CouponStatus::Paused)),
        (
            "catalogLimit.products",
            plain().catalog_limit(ecwid_coupons::types::CatalogLimit::default().products(vec![1])),
        ),
        ("applicationLimit", plain().application_limit(ecwid_coupons::types::ApplicationLimit::NewCustomerOnly)),
        ("totalLimit", plain().total_limit(1000)),
        ("launchDate", plain().launch_date(date("2099-01-01 00:00:00 +0000"))),
        ("expirationDate", plain().expiration_date(date("2099-01-01 00:00:00 +0000"))),
        ("usesLimit", plain().uses_limit(ecwid_coupons::types::UsesLimit::Single)),
        ("discountType", plain().discount_type(ecwid_coupons::types::DiscountType::Percent)),
    ] {
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.load([theirs]).await.unwrap();
        let coupons = sandbox.client().unwrap();
        let error = coupons.create_or_get(&new).await.unwrap_err();
        assert!(error.is_conflict() && error.kind() == ErrorKind::Conflict, "{field}: {error}");
        assert_eq!(error.differences().iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), [field]);
        // Nor after a lost response.
        sandbox.add_fault(Fault::new(Effect::ResetBefore).on(["create_discount_coupon"]).times(1)).unwrap();
        let error = coupons.create(&new).await.unwrap_err();
        assert_eq!(error.differences().iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), [field], "{error}");
    }
}

#[tokio::test]
async fn a_used_or_expired_coupon_has_the_same_content() {
    let new = NewCoupon::absolute("Name", "CODE", 5).single_use();
    let used =
        Coupon::default().id(1).name("Name").code("CODE").discount(5).status(CouponStatus::UsedUp).order_count(1);
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.load([used.uses_limit(ecwid_coupons::types::UsesLimit::Single)]).await.unwrap();
    let found = sandbox.client().unwrap().create_or_get(&new).await.unwrap();
    assert_eq!((found.status(), found.order_count()), (Some(&CouponStatus::UsedUp), Some(1)));
}
