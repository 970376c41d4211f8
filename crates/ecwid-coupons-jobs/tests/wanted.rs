//! The changes that wanted coupons need, against the sandbox.

use ecwid_coupons::{
    Client,
    types::{ApplicationLimit, CatalogLimit, CouponStatus, CouponUpdate, NewCoupon, UsesLimit},
};
use ecwid_coupons_jobs::{JobError, PlannedChange, PlannedCoupon, WantedCoupon, compare, problems};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    (sandbox, coupons)
}

fn wanted(code: &str, fields: CouponUpdate) -> WantedCoupon {
    WantedCoupon { code: code.to_owned(), fields }
}

fn fields() -> CouponUpdate {
    CouponUpdate::default()
}

async fn one(coupons: &Client, fields: CouponUpdate) -> PlannedCoupon {
    compare(coupons, &[wanted("SUMMER", fields)]).await.unwrap().remove(0)
}

fn names(planned: &PlannedCoupon) -> Vec<&str> {
    match &planned.change {
        PlannedChange::Update { differences, .. } => differences.iter().map(|it| it.field.as_str()).collect(),
        PlannedChange::Unchanged { .. } => Vec::new(),
        PlannedChange::Create(new) => panic!("{new:?}"),
    }
}

#[tokio::test(start_paused = true)]
#[expect(deprecated, reason = "the test needs the field")]
async fn values_are_compared_by_what_they_mean() {
    let (_sandbox, coupons) = start().await;
    let until: ecwid_coupons::EcwidDateTime = "2099-08-31 23:59:59 +0000".parse().unwrap();
    let limit = CatalogLimit::default().products(vec![1, 2]);
    let new = NewCoupon::percent("Summer", "Summer", "10.50".parse::<ecwid_coupons::Decimal>().unwrap())
        .expiration_date(until)
        .catalog_limit(limit)
        .for_new_customers();
    coupons.create(&new).await.unwrap();
    let decimal = |text: &str| text.parse::<ecwid_coupons::Decimal>().unwrap();
    let date = |text: &str| text.parse::<ecwid_coupons::EcwidDateTime>().unwrap();
    for same in [
        fields(),
        fields().name("Summer").code("other"),
        fields().discount(decimal("10.5")).status(CouponStatus::Active),
        fields().expiration_date(date("2099-09-01T01:59:59.75+02:00")),
        fields().catalog_limit(CatalogLimit::default().products(vec![2, 1, 1])),
        // Each of these is what the store has if nothing is set.
        fields().clear_total_limit().clear_launch_date().clear_shipping_limit().uses_limit(UsesLimit::Unlimited),
        fields().total_limit(0),
        fields().application_limit(ApplicationLimit::NewCustomerOnly).repeat_customer_only(false),
        fields().repeat_customer_only(false),
    ] {
        assert_eq!(names(&one(&coupons, same.clone()).await), [""; 0], "{same:?}");
    }
    for (other, expected) in [
        (fields().name("summer"), "name"),
        (fields().clear_discount(), "discount"),
        (fields().status(CouponStatus::Paused), "status"),
        (fields().clear_expiration_date(), "expirationDate"),
        (fields().launch_date(date("2098-01-01 00:00:00")), "launchDate"),
        (fields().catalog_limit(CatalogLimit::default().products(vec![1])), "catalogLimit.products"),
        (fields().clear_catalog_limit(), "catalogLimit.products"),
        (fields().application_limit(ApplicationLimit::Unlimited), "applicationLimit"),
        (fields().repeat_customer_only(true), "repeatCustomerOnly"),
    ] {
        // The fields that are the same are not sent.
        let planned = one(&coupons, other.clone().uses_limit(UsesLimit::Unlimited)).await;
        assert_eq!(names(&planned), [expected]);
        let PlannedChange::Update { id, update, .. } = planned.change else { panic!("{other:?}") };
        assert_eq!(*update, other);
        coupons.update(id, &update).await.unwrap();
        assert_eq!(names(&one(&coupons, other.clone()).await), [""; 0], "{other:?} after the update");
        coupons.delete(id).await.unwrap();
        coupons.create(&new).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_of_the_store_is_a_note() {
    let (sandbox, coupons) = start().await;
    let past: ecwid_coupons::EcwidDateTime = "2020-01-01 00:00:00".parse().unwrap();
    coupons.create(&NewCoupon::percent("Summer", "SUMMER", 10).expiration_date(past)).await.unwrap();
    for status in [CouponStatus::Active, CouponStatus::Paused] {
        let planned = one(&coupons, fields().status(status)).await;
        assert_eq!(names(&planned), [""; 0]);
        assert!(planned.note.unwrap().contains("EXPIRED"));
    }
    assert_eq!(one(&coupons, fields().discount(11)).await.note, None);
    drop(sandbox);
}

#[tokio::test(start_paused = true)]
#[expect(deprecated, reason = "the test needs the field")]
async fn problems_are_found_before_any_request() {
    let (sandbox, coupons) = start().await;
    let limit = CatalogLimit::default().products(Vec::new());
    let named = fields().name("Name");
    let all = [
        wanted("A", named.clone().discount(5)),
        wanted("a", named.clone()),
        wanted("B", named.clone().catalog_limit(limit)),
        wanted("C", fields().status(CouponStatus::Expired).order_count(1)),
        wanted("D", serde_json::from_str(r#"{"status":null,"name":null}"#).unwrap()),
        wanted("E", fields().discount_type("PERCNT")),
        wanted(" ", named.clone()),
        wanted("F", fields().repeat_customer_only(true).application_limit(ApplicationLimit::Unlimited)),
    ];
    let found = problems(&coupons, &all);
    let found: Vec<_> = found.iter().map(|it| (it.index, it.code.as_str(), it.field.as_str())).collect();
    let expected = [
        (1, "a", "code"),
        (2, "B", "catalogLimit"),
        (3, "C", "orderCount"),
        (3, "C", "status"),
        (4, "D", "name"),
        (4, "D", "status"),
        (5, "E", "discountType"),
        (6, " ", "code"),
        (7, "F", "repeatCustomerOnly"),
    ];
    assert_eq!(found, expected);
    let JobError::Plan(text) = compare(&coupons, &all).await.unwrap_err() else { panic!() };
    assert!(text.starts_with("coupon `a`, code: `A` is the same code"), "{text}");
    assert_eq!(sandbox.received_requests(), []);
    let JobError::Plan(text) = compare(&coupons, &[wanted("N", fields().discount(5))]).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(text, "coupon `N`, name: no coupon has the code, and a new one needs a name");
}

#[tokio::test(start_paused = true)]
async fn coupons_are_looked_up_500_at_a_time_also_if_the_store_fails() {
    let (sandbox, coupons) = start().await;
    let all: Vec<_> = (0..501).map(|number| wanted(&format!("C-{number}"), fields().name("Name"))).collect();
    coupons.create(&NewCoupon::new("Name", "c-500")).await.unwrap();
    let before = sandbox.received_requests().len();
    let check = async |all: &[WantedCoupon]| {
        let planned = compare(&coupons, all).await.unwrap();
        assert!(planned[..all.len() - 1].iter().all(|it| matches!(it.change, PlannedChange::Create(_))));
        let last = planned.last().unwrap();
        assert!(matches!(last.change, PlannedChange::Unchanged { .. }) && last.stored.is_some(), "{last:?}");
    };
    check(&all).await;
    let requests = sandbox.received_requests().len() - before;
    assert!(requests <= 8, "{requests}");
    let fail = |effect: Effect, operation: &str, times| {
        sandbox.add_fault(Fault::new(effect).on([operation]).times(times)).unwrap();
    };
    fail(Effect::Html { status: 200 }, "search_discount_coupons", 3);
    check(&all).await;
    fail(Effect::status(404), "create_batch_request", 1);
    check(&all[490..]).await;
}
