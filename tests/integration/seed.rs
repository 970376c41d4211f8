//! The seeded coupons.

use std::collections::{BTreeMap, BTreeSet};

use ecwid_coupons::{
    chrono::{DateTime, Utc},
    types::{Coupon, CouponStatus, DiscountType, UsesLimit},
};
use ecwid_coupons_sandbox::{Config, Sandbox, Token};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

async fn seeded(coupons: u32) -> (Sandbox, Vec<Coupon>) {
    let sandbox = Sandbox::builder().unlimited().seed(coupons).start().await.unwrap();
    let all = sandbox.client().unwrap().search().stream().try_collect().await.unwrap();
    (sandbox, all)
}

#[tokio::test]
async fn a_seed_makes_the_same_coupons_each_time() {
    let (_, coupons) = seeded(1000).await;
    assert_eq!(coupons.len(), 1000);
    let text: Vec<_> = coupons.iter().map(|coupon| serde_json::to_string(coupon).unwrap()).collect();
    let digest: String = Sha256::digest(text.join("\n")).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // A change of this digest changes the data of users' tests, so it belongs into the changelog.
    assert_eq!(digest, "b3e1735f6a808191", "{}\n{}", text[0], text[999]);
}

#[tokio::test]
async fn seeded_coupons_look_like_those_of_a_store() {
    let (_sandbox, coupons) = seeded(2000).await;
    let mut years = BTreeSet::new();
    let (mut statuses, mut types) = (BTreeMap::new(), BTreeMap::new());
    let (mut limited, mut launched, mut of_shipping, mut of_products) = (0, 0, 0, 0);
    let utc = |date: &Option<ecwid_coupons::EcwidDateTime>| date.as_ref().unwrap().to_utc().unwrap();
    let last: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    for pair in coupons.windows(2) {
        assert!(pair[0].id < pair[1].id);
    }
    for coupon in &coupons {
        let status = coupon.status.clone().unwrap();
        let orders = coupon.order_count.unwrap();
        let is_single = coupon.uses_limit == Some(UsesLimit::Single);
        match status {
            CouponStatus::UsedUp => assert!(is_single && orders == 1, "{coupon:?}"),
            CouponStatus::Expired => assert!(utc(&coupon.expiration_date) < last, "{coupon:?}"),
            _ => assert!(!is_single || orders == 0, "{coupon:?}"),
        }
        let (created, updated) = (utc(&coupon.creation_date), utc(&coupon.update_date));
        assert!(created <= updated && updated <= last, "{coupon:?}");
        if coupon.expiration_date.is_some() {
            assert!(created < utc(&coupon.expiration_date), "{coupon:?}");
        }
        if coupon.discount_type == Some(DiscountType::Shipping) {
            assert_eq!(coupon.catalog_limit, None);
        }
        years.insert(created.format("%Y").to_string());
        *statuses.entry(status.as_str().to_owned()).or_insert(0) += 1;
        *types.entry(coupon.discount_type.as_ref().unwrap().as_str().to_owned()).or_insert(0) += 1;
        limited += usize::from(coupon.total_limit.is_some());
        launched += usize::from(coupon.launch_date.is_some());
        of_shipping += usize::from(coupon.shipping_limit.is_some());
        of_products += usize::from(coupon.catalog_limit.is_some());
    }
    assert_eq!(years.len(), 7, "{years:?}");
    assert_eq!((statuses.len(), types.len()), (4, 5), "{statuses:?} {types:?}");
    assert!(limited > 100 && launched > 100 && of_shipping > 0 && of_products > 0);
    let codes: BTreeSet<_> = coupons.iter().map(|coupon| coupon.code.as_ref().unwrap().to_lowercase()).collect();
    assert_eq!(codes.len(), 2000);
}

#[tokio::test]
async fn seeded_statuses_do_not_depend_on_the_date() {
    let (sandbox, _) = seeded(1000).await;
    let coupons = sandbox.client().unwrap();
    let active = async || coupons.search().status(CouponStatus::Active).page().await.unwrap().total.unwrap();
    let today = active().await;
    sandbox.set_time("2090-01-01T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(active().await, today);
    sandbox.set_time("2021-01-01T00:00:00Z".parse().unwrap()).unwrap();
    assert!(active().await > today, "fewer coupons have expired at the earlier time");
}

#[tokio::test]
async fn a_store_that_has_coupons_is_not_seeded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let total = async |seed| {
        let sandbox = Sandbox::builder().database(&file).seed(seed).start().await.unwrap();
        let total = sandbox.client().unwrap().search().page().await.unwrap().total.unwrap();
        sandbox.stop().await;
        total
    };
    assert_eq!(total(10).await, 10);
    assert_eq!(total(20).await, 10);
}

async fn all(sandbox: &Sandbox, token: &str) -> Vec<Coupon> {
    sandbox.client_with(token).unwrap().search().all().await.unwrap()
}

#[tokio::test]
async fn each_store_has_its_own_seed() {
    let text = r#"{
        "seed": 200,
        "stores": [
            {"storeId": 1004, "token": "secret_1004", "seed": 300},
            {"storeId": 1005, "token": "secret_1005"},
            {"storeId": 1006, "seed": 5}
        ],
        "tokens": [
            {"storeId": 1004, "token": "secret_reader", "scopes": ["read_discount_coupons"]},
            {"storeId": 1006, "token": "secret_1006"}
        ]
    }"#;
    let config: Config = serde_json::from_str(text).unwrap();
    assert!(!format!("{config:?}").contains("secret_"), "{config:?}");
    let start = async || Sandbox::builder().unlimited().config(config.clone()).start().await.unwrap();
    let sandbox = start().await;
    assert_eq!(sandbox.store_ids(), [1003, 1004, 1005, 1006]);
    let tokens = ["secret_sandbox", "secret_1004", "secret_1005", "secret_1006"];
    let mut stores = Vec::new();
    for token in tokens {
        stores.push(all(&sandbox, token).await);
    }
    assert_eq!(stores.iter().map(Vec::len).collect::<Vec<_>>(), [200, 300, 0, 5]);
    assert_eq!(all(&sandbox, "secret_reader").await, stores[1]);
    let (_, alone) = seeded(200).await;
    assert_eq!(stores[0], alone, "other stores do not change the first one");
    let ids: BTreeSet<_> = stores.iter().flatten().map(|coupon| coupon.id.unwrap()).collect();
    assert_eq!(ids.len(), 505);

    // A code for each customer is in one store only, and the stores have coupons of different times.
    let single = |coupons: &[Coupon]| -> BTreeSet<String> {
        let single = coupons.iter().filter(|coupon| coupon.uses_limit == Some(UsesLimit::Single));
        single.map(|coupon| coupon.code.clone().unwrap()).collect()
    };
    let (first, second) = (single(&stores[0]), single(&stores[1]));
    assert!(first.len() > 50 && second.len() > 50 && first.is_disjoint(&second));
    assert_ne!(stores[0][0].creation_date, stores[1][0].creation_date);

    // They are the same in another sandbox and after a reset.
    let other = start().await;
    sandbox.client_with("secret_1004").unwrap().delete("NONE").await.unwrap();
    sandbox.client_with("secret_1004").unwrap().delete(stores[1][0].id.unwrap()).await.unwrap();
    sandbox.reset().await.unwrap();
    for (token, coupons) in tokens.iter().zip(&stores) {
        assert_eq!(&all(&sandbox, token).await, coupons);
        assert_eq!(&all(&other, token).await, coupons);
    }
}

#[tokio::test]
async fn only_empty_stores_are_seeded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stores.sqlite");
    let builder = |seeds: &[(i64, u32)]| {
        let builder = Sandbox::builder().database(&path);
        let builder = builder.add_token(Token::new(1004, "secret_1004")).add_token(Token::new(1005, "secret_1005"));
        seeds.iter().fold(builder, |builder, (store_id, seed)| builder.seed_store(*store_id, *seed))
    };
    let sandbox = builder(&[(1004, 20)]).start().await.unwrap();
    let second = all(&sandbox, "secret_1004").await;
    sandbox.stop().await;
    let sandbox = builder(&[(1003, 7), (1004, 99), (1005, 9)]).start().await.unwrap();
    assert_eq!(all(&sandbox, "secret_sandbox").await.len(), 7);
    assert_eq!(all(&sandbox, "secret_1004").await, second);
    assert_eq!(all(&sandbox, "secret_1005").await.len(), 9);
}

#[tokio::test]
async fn a_seeded_store_needs_a_token() {
    let error = Sandbox::builder().seed_store(1004, 5).start().await.unwrap_err();
    assert_eq!(error.to_string(), "no token for the store 1004 (expected a token for each store)");
    for text in [r#"{"stores": [{"token": "secret_a"}]}"#, r#"{"stores": [{"storeId": 1, "seeds": 5}]}"#] {
        assert!(serde_json::from_str::<Config>(text).is_err(), "{text}");
    }
}
