//! A stream gives every coupon once, whatever the size of the store and of its pages.

use ecwid_coupons::{Client, types::Coupon};
use ecwid_coupons_sandbox::Sandbox;
use futures_util::TryStreamExt as _;
use httpmock::MockServer;
use serde_json::json;

async fn store(count: i64) -> Sandbox {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.load((1..=count).map(|id| Coupon::default().id(id).code(format!("CODE{id}")).name("Name"))).await.unwrap();
    sandbox
}

#[tokio::test]
async fn all_coupons_come_once_and_in_order() {
    for count in [0, 1, 99, 100, 101, 200, 950] {
        let sandbox = store(count).await;
        let coupons = sandbox.client().unwrap();
        for (limit, prefetch) in [(100, 1), (100, 4), (7, 16), (100, 0)] {
            let before = sandbox.exchanges().len();
            let all = coupons.search().limit(limit).prefetch(prefetch).all().await.unwrap();
            let ids: Vec<_> = all.iter().map(|coupon: &Coupon| coupon.id.unwrap()).collect();
            assert_eq!(ids, (1..=count).collect::<Vec<_>>(), "{count} coupons, pages of {limit}, {prefetch} ahead");
            let asked = (sandbox.exchanges().len() - before) as i64;
            assert_eq!(asked, ((count + i64::from(limit) - 1) / i64::from(limit)).max(1), "no page more than needed");
        }
    }
}

#[tokio::test]
async fn a_stream_starts_where_it_is_told_and_stops_when_dropped() {
    let sandbox = store(250).await;
    let coupons = sandbox.client().unwrap();
    let from = coupons.search().offset(240).all().await.unwrap();
    assert_eq!(from.len(), 10);
    let before = sandbox.exchanges().len();
    let mut stream = coupons.search().prefetch(1).stream();
    stream.try_next().await.unwrap();
    drop(stream);
    assert_eq!(sandbox.exchanges().len() - before, 1);
}

#[tokio::test]
async fn fields_left_out_do_not_break_the_walk() {
    let sandbox = store(250).await;
    let coupons = sandbox.client().unwrap();
    let all = coupons.search().response_fields("items(code)").all().await.unwrap();
    assert_eq!(all.len(), 250);
    assert_eq!(all[0], Coupon::default().code("CODE1"));
}

#[tokio::test]
async fn a_limit_that_would_lose_coupons_is_refused() {
    let sandbox = store(1).await;
    for limit in [0, 101, 1000] {
        let search = sandbox.client().unwrap().search().limit(limit);
        let error = search.page().await.unwrap_err();
        assert!(error.to_string().contains(&format!("the limit is {limit}")), "{error}");
        assert!(search.all().await.is_err());
    }
}

#[tokio::test]
async fn coupons_that_move_between_pages_are_not_missed() {
    for prefetch in [1, 4] {
        let sandbox = store(350).await;
        let coupons = sandbox.client().unwrap();
        let mut stream = coupons.search().prefetch(prefetch).stream();
        let mut ids = Vec::new();
        for _ in 0..100 {
            ids.push(stream.try_next().await.unwrap().unwrap().id.unwrap());
        }
        // All that follow move up by five, over the edge of the page that was read.
        for id in 1..=5 {
            coupons.delete(id).await.unwrap();
        }
        sandbox.load([Coupon::default().code("NEW").name("Name")]).await.unwrap();
        while let Some(coupon) = stream.try_next().await.unwrap() {
            ids.push(coupon.id.unwrap());
        }
        let unique: std::collections::BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "none comes twice");
        assert!((6..=350).all(|id| unique.contains(&id)), "none is missed with {prefetch} ahead");
    }
}

/// A server that answers the same to every search.
async fn always(page: serde_json::Value) -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    server.mock_async(|_, then| drop(then.status(200).json_body(page))).await;
    let client = Client::builder(1003, "secret_x").base_url(server.url("/api/v3")).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_store_that_answers_nonsense_is_not_followed_for_ever() {
    let items = |count: i64| (1..=count).map(|id| json!({"id": id})).collect::<Vec<_>>();
    for page in [
        // The same full page again and again, with and without a total.
        json!({"items": items(100)}),
        json!({"total": 1_000, "items": items(100)}),
        // Pages that are shorter than they say.
        json!({"total": 200, "limit": 100, "items": items(50)}),
        json!({"total": 5, "items": []}),
    ] {
        let (_server, client) = always(page.clone()).await;
        let error = client.search().all().await.unwrap_err();
        assert!(error.to_string().contains("changed during each of"), "{page}: {error}");
    }
    // Pages that are smaller than asked for are followed at their own size.
    let (_server, client) = always(json!({"total": 20, "limit": 20, "items": items(20)})).await;
    assert_eq!(client.search().all().await.unwrap().len(), 20);
}
