//! The checkout: the discounts of coupons, and the reasons why a coupon does not apply.

use std::collections::BTreeSet;

use ecwid_coupons::{
    Client, EcwidDateTime,
    chrono::TimeDelta,
    types::{CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{
    Sandbox, Token,
    checkout::{Order, OrderItem, Reason},
    fidelity::ledger,
};
use serde_json::{Value, json};

use super::control::call;

/// Starts a sandbox with a coupon CODE with these fields. The clock is stopped on 2030-01-02.
async fn with_coupon(fields: &Value) -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let mut coupon = json!({"name": "Name", "code": "CODE"});
    coupon.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    sandbox.set_time("2030-01-02 00:00:00".parse::<EcwidDateTime>().unwrap().to_utc().unwrap()).unwrap();
    coupons.create(&serde_json::from_value::<NewCoupon>(coupon).unwrap()).await.unwrap();
    (sandbox, coupons)
}

/// Two pieces of product 1 in category 7 for 10 each, and one piece of product 2 for 5.50. Shipping by `post` costs 4.
fn order() -> Value {
    json!({
        "couponCode": "code", "email": "ann@example.com",
        "items": [
            {"productId": 1, "price": 10, "quantity": 2, "categoryIds": [7, 8]},
            {"productId": 2, "price": 5.50},
        ],
        "shippingOption": {"shippingMethodId": "post", "shippingRate": 4},
    })
}

/// The order with some members replaced.
fn order_with(members: Value) -> Value {
    let mut order = order();
    order.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    order
}

async fn place(sandbox: &Sandbox, order: Value) -> Value {
    let (status, placed) = call(sandbox, "POST", "/orders", Some(order)).await;
    assert_eq!(status, 200, "{placed}");
    placed
}

/// The fields of the coupon, the discounts on the items, on shipping and on each item, and the total.
type Exact = (Value, &'static str, &'static str, &'static [Option<&'static str>], &'static str);

#[tokio::test]
async fn discounts_are_exact() {
    let table: &[Exact] = &[
        (json!({"discountType": "ABS", "discount": 5.10}), "5.10", "0", &[Some("4.00"), Some("1.10")], "24.40"),
        (json!({"discountType": "ABS", "discount": 100}), "25.50", "0", &[Some("20.00"), Some("5.50")], "4.00"),
        (json!({"discountType": "ABS"}), "0", "0", &[Some("0"), Some("0")], "29.50"),
        (json!({"discountType": "PERCENT", "discount": 10}), "2.55", "0", &[Some("2.00"), Some("0.55")], "26.95"),
        (json!({"discountType": "PERCENT", "discount": 33.333}), "8.50", "0", &[Some("6.67"), Some("1.83")], "21.00"),
        (json!({"discountType": "PERCENT", "discount": 1000}), "25.50", "0", &[Some("20.00"), Some("5.50")], "4.00"),
        (json!({"discountType": "SHIPPING", "discount": 9}), "0", "4", &[Some("0"), Some("0")], "25.50"),
        (json!({"discountType": "ABS_AND_SHIPPING", "discount": 1}), "1", "4", &[Some("0.78"), Some("0.22")], "24.50"),
        (
            json!({"discountType": "PERCENT_AND_SHIPPING", "discount": 50}),
            "12.75",
            "4",
            &[Some("10.00"), Some("2.75")],
            "12.75",
        ),
        // The coupon covers the items of either list only.
        (
            json!({"discountType": "PERCENT", "discount": 10, "catalogLimit": {"products": [2]}}),
            "0.55",
            "0",
            &[None, Some("0.55")],
            "28.95",
        ),
        (
            json!({"discountType": "ABS", "discount": 50, "catalogLimit": {"products": [2]}}),
            "5.50",
            "0",
            &[None, Some("5.50")],
            "24.00",
        ),
        (
            json!({"discountType": "ABS", "discount": 2, "catalogLimit": {"categories": [8]}}),
            "2",
            "0",
            &[Some("2"), None],
            "27.50",
        ),
        (
            json!({"discountType": "ABS", "discount": 2.55, "catalogLimit": {"products": [2], "categories": [7]}}),
            "2.55",
            "0",
            &[Some("2.00"), Some("0.55")],
            "26.95",
        ),
        // All items count for the subtotal, and a subtotal equal to the limit is enough.
        (
            json!({"discountType": "ABS", "discount": 1, "totalLimit": 25.50, "catalogLimit": {"products": [2]}}),
            "1",
            "0",
            &[None, Some("1")],
            "28.50",
        ),
        (
            json!({"discountType": "ABS", "discount": 1, "shippingLimit": {"shippingMethods": ["post"]}}),
            "1",
            "0",
            &[Some("0.78"), Some("0.22")],
            "28.50",
        ),
    ];
    let same = |found: &Value, expected: &str| {
        let decimal = |text: &str| text.parse::<ecwid_coupons::Decimal>().unwrap();
        decimal(&found.to_string()) == decimal(expected)
    };
    for (fields, off_items, off_shipping, off_each, total) in table {
        let (sandbox, _) = with_coupon(fields).await;
        let placed = place(&sandbox, order()).await;
        assert!(same(&placed["subtotal"], "25.50"), "{fields}: {placed}");
        assert!(same(&placed["couponDiscount"], off_items), "{fields}: {placed}");
        assert!(same(&placed["shippingDiscount"], off_shipping), "{fields}: {placed}");
        assert!(same(&placed["total"], total), "{fields}: {placed}");
        for (item, expected) in placed["items"].as_array().unwrap().iter().zip(*off_each) {
            assert_eq!(item["couponApplied"], expected.is_some(), "{fields}: {placed}");
            assert!(same(&item["couponAmount"], expected.unwrap_or("0")), "{fields}: {placed}");
        }
        assert_eq!(placed["discountCoupon"]["code"], "CODE", "{fields}: {placed}");
        assert_eq!(placed.get("reason"), None, "{fields}: {placed}");
    }
}

#[tokio::test]
async fn each_reason_is_given_for_its_orders() {
    // The fields of the coupon, the changes to the order, and the reason.
    let table: &[(Value, Value, &str)] = &[
        (json!({}), json!({"couponCode": "OTHER"}), "COUPON_NOT_FOUND"),
        (json!({"status": "PAUSED"}), json!({}), "COUPON_PAUSED"),
        (json!({"expirationDate": "2030-01-02 00:00:00 +0000"}), json!({}), "COUPON_EXPIRED"),
        (json!({"launchDate": "2030-01-02 00:00:01 +0000"}), json!({}), "COUPON_NOT_LAUNCHED"),
        (json!({"usesLimit": "ONCEPERCUSTOMER"}), json!({"email": null}), "EMAIL_MISSING"),
        (json!({"applicationLimit": "NEW_CUSTOMER_ONLY"}), json!({"email": " "}), "EMAIL_MISSING"),
        (json!({"applicationLimit": "REPEAT_CUSTOMER_ONLY"}), json!({}), "REPEAT_CUSTOMERS_ONLY"),
        (json!({"totalLimit": 25.51}), json!({}), "SUBTOTAL_TOO_LOW"),
        (json!({"catalogLimit": {"products": [3], "categories": [0]}}), json!({}), "NO_MATCHING_ITEMS"),
        (json!({"shippingLimit": {"shippingMethods": ["van"]}}), json!({}), "SHIPPING_METHOD_NOT_COVERED"),
        (
            json!({"shippingLimit": {"shippingMethods": ["van"]}}),
            json!({"shippingOption": null}),
            "SHIPPING_METHOD_NOT_COVERED",
        ),
        (json!({"discountType": "SHIPPING"}), json!({"shippingOption": null}), "NOTHING_TO_SHIP"),
    ];
    let mut seen = BTreeSet::new();
    for (fields, members, reason) in table {
        let (sandbox, coupons) = with_coupon(fields).await;
        let placed = place(&sandbox, order_with(members.clone())).await;
        assert_eq!(placed["reason"], *reason, "{fields} {members}: {placed}");
        assert!(!placed["message"].as_str().unwrap().is_empty());
        assert_eq!((&placed["couponDiscount"], placed.get("discountCoupon")), (&json!(0), None), "{fields}: {placed}");
        assert_eq!(coupons.get("CODE").await.unwrap().order_count, Some(0), "{fields} {members}");
        seen.insert(format!("checkout.{reason}"));
    }
    // These reasons apply to the second order only.
    for (fields, reason) in [
        (json!({"usesLimit": "SINGLE"}), "COUPON_USED_UP"),
        (json!({"usesLimit": "ONCEPERCUSTOMER"}), "USED_BY_CUSTOMER"),
        (json!({"applicationLimit": "NEW_CUSTOMER_ONLY"}), "NEW_CUSTOMERS_ONLY"),
    ] {
        let (sandbox, coupons) = with_coupon(&fields).await;
        assert_eq!(place(&sandbox, order()).await.get("reason"), None, "{fields}");
        assert_eq!(place(&sandbox, order()).await["reason"], reason, "{fields}");
        assert_eq!(coupons.get("CODE").await.unwrap().order_count, Some(1), "{fields}");
        seen.insert(format!("checkout.{reason}"));
    }
    let all: BTreeSet<_> = ledger().into_iter().map(|row| row.id).filter(|id| id.starts_with("checkout.")).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn uses_are_counted() {
    let (sandbox, coupons) = with_coupon(&json!({"usesLimit": "SINGLE", "discount": 1})).await;
    let before = coupons.get("CODE").await.unwrap();
    sandbox.advance(TimeDelta::days(1)).unwrap();
    place(&sandbox, order()).await;
    let after = coupons.get("CODE").await.unwrap();
    assert_eq!((after.order_count, after.status), (Some(1), Some(CouponStatus::UsedUp)));
    assert_eq!(after.update_date, before.update_date);
    assert_eq!(coupons.search().status(CouponStatus::UsedUp).page().await.unwrap().total, Some(1));

    let (sandbox, coupons) = with_coupon(&json!({"discount": 1})).await;
    for number in 1..=3 {
        assert_eq!(place(&sandbox, order()).await["orderNumber"], number);
    }
    let coupon = coupons.get("CODE").await.unwrap();
    assert_eq!((coupon.order_count, coupon.status), (Some(3), Some(CouponStatus::Active)));
    // An order without a code has no discount and no reason.
    let placed = place(&sandbox, order_with(json!({"couponCode": null}))).await;
    assert_eq!((placed.get("reason"), &placed["total"]), (None, &json!(29.5)));
    assert_eq!(coupons.get("CODE").await.unwrap().order_count, Some(3));
}

#[tokio::test]
async fn one_of_several_concurrent_orders_uses_a_single_coupon() {
    let (sandbox, coupons) = with_coupon(&json!({"usesLimit": "SINGLE", "discount": 1})).await;
    let orders = (0..20).map(|_| place(&sandbox, order()));
    let placed = futures_util::future::join_all(orders).await;
    assert_eq!(placed.iter().filter(|placed| placed.get("discountCoupon").is_some()).count(), 1);
    assert_eq!(coupons.get("CODE").await.unwrap().order_count, Some(1));
}

#[tokio::test]
async fn customers_are_identified_by_email() {
    let (sandbox, coupons) = with_coupon(&json!({"usesLimit": "ONCEPERCUSTOMER"})).await;
    let reason = async |email: &str| place(&sandbox, order_with(json!({"email": email}))).await.get("reason").cloned();
    assert_eq!(reason("ann@example.com").await, None);
    assert_eq!(reason(" ANN@example.com ").await, Some(json!("USED_BY_CUSTOMER")));
    assert_eq!(reason("bob@example.com").await, None);

    coupons.create(&NewCoupon::new("Name", "NEW").for_new_customers()).await.unwrap();
    let reason = async |email: &str| {
        let order = order_with(json!({"email": email, "couponCode": "NEW"}));
        place(&sandbox, order).await.get("reason").cloned()
    };
    assert_eq!(reason("ann@example.com").await, Some(json!("NEW_CUSTOMERS_ONLY")));
    assert_eq!(reason("eve@example.com").await, None);
    // An order whose coupon did not apply counts as an order.
    coupons.update("NEW", &CouponUpdate::default().pause()).await.unwrap();
    assert_eq!(reason("joe@example.com").await, Some(json!("COUPON_PAUSED")));
    coupons.update("NEW", &CouponUpdate::default().status(CouponStatus::Active)).await.unwrap();
    assert_eq!(reason("joe@example.com").await, Some(json!("NEW_CUSTOMERS_ONLY")));
}

#[tokio::test]
async fn a_coupon_launches_by_the_clock() {
    let (sandbox, _) = with_coupon(&json!({"launchDate": "2030-01-05", "expirationDate": "2030-01-07 00:00:00"})).await;
    let mut reasons = Vec::new();
    for _ in 0..6 {
        reasons.push(place(&sandbox, order()).await.get("reason").cloned());
        sandbox.advance(TimeDelta::days(1)).unwrap();
    }
    let (early, late) = (Some(json!("COUPON_NOT_LAUNCHED")), Some(json!("COUPON_EXPIRED")));
    assert_eq!(reasons, [early.clone(), early.clone(), early, None, None, late]);
}

#[tokio::test]
async fn orders_belong_to_their_store() {
    let sandbox = Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap();
    for token in ["secret_sandbox", "secret_other"] {
        let coupon = NewCoupon::absolute("Name", "CODE", 1).for_new_customers();
        sandbox.client_with(token).unwrap().create(&coupon).await.unwrap();
    }
    let order = Order::new([OrderItem::new(1, 10)]).email("ann@example.com").coupon_code("CODE");
    assert_eq!(sandbox.place_order(order.clone()).await.unwrap().reason, None);
    assert_eq!(sandbox.place_order(order.clone()).await.unwrap().reason, Some(Reason::NewCustomersOnly));
    let placed = sandbox.place_order(order.clone().store_id(1004)).await.unwrap();
    assert_eq!((placed.reason, placed.store_id, placed.total), (None, 1004, 9.into()));
    let error = sandbox.place_order(order.store_id(1005)).await.unwrap_err();
    assert!(error.to_string().contains("1005"), "{error}");
}

#[tokio::test]
async fn the_control_api_places_orders() {
    let (sandbox, _) = with_coupon(&json!({"discount": 1})).await;
    assert_eq!(
        place(&sandbox, json!({"couponCode": "CODE", "items": [{"productId": 1, "price": 10.50}]})).await,
        json!({
            "orderNumber": 1, "storeId": 1003, "subtotal": 10.5, "couponDiscount": 1, "shippingDiscount": 0,
            "shippingRate": 0, "total": 9.5, "discountCoupon": {"id": 100_000_001, "code": "CODE"},
            "items": [{"productId": 1, "couponApplied": true, "couponAmount": 1}],
        })
    );
    for (members, part) in [
        (json!({"items": []}), "from 1 to 1000"),
        (json!({"items": [{"productId": 1, "price": -1}]}), "items[0].price"),
        (json!({"items": [{"productId": 1, "price": 1e10}]}), "items[0].price"),
        (json!({"items": [{"productId": 1, "price": 0.0000001}]}), "decimal places"),
        (json!({"items": [{"productId": 1, "price": 1, "quantity": 0}]}), "items[0].quantity"),
        (json!({"items": [{"productId": 1}]}), "price"),
        (json!({"shippingOption": {"shippingMethodId": "a", "shippingRate": -1}}), "shippingRate"),
        (json!({"code": "CODE"}), "code"),
    ] {
        let (status, response) = call(&sandbox, "POST", "/orders", Some(order_with(members.clone()))).await;
        let message = response["errorMessage"].as_str().unwrap();
        assert!(status == 400 && message.contains(part), "{members}: {status} {message}");
    }
    let (status, _) = call(&sandbox, "POST", "/orders", Some(order_with(json!({"storeId": 1005})))).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_largest_order_is_exact() {
    let (sandbox, _) = with_coupon(&json!({"discountType": "PERCENT", "discount": 12.5})).await;
    let item = json!({"productId": 1, "price": 999_999_999.99, "quantity": 1_000_000});
    let placed = place(&sandbox, json!({"couponCode": "CODE", "items": vec![item; 1000]})).await;
    let text = |name: &str| placed[name].to_string().parse::<f64>().unwrap();
    assert_eq!((text("subtotal"), text("couponDiscount")), (999_999_999_990_000_000.0, 124_999_999_998_750_000.0));
}
