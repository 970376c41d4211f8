//! A stream returns every coupon once, for stores and pages of any size.

use ecwid_coupons::{
    Client,
    types::{Coupon, CouponField},
};
use ecwid_coupons_sandbox::Sandbox;
use httpmock::MockServer;
use serde_json::json;

pub(crate) async fn store(count: i64) -> Sandbox {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    sandbox
        .load((1..=count).map(|id| Coupon::default().with_id(id).with_code(format!("CODE{id}")).with_name("Name")))
        .await
        .unwrap();
    sandbox
}

#[tokio::test]
async fn all_coupons_come_once_and_in_order() {
    for count in [0, 1, 99, 100, 101, 200, 950] {
        let sandbox = store(count).await;
        let coupons = sandbox.client().unwrap();
        for (limit, prefetch) in [(100, 1), (100, 4), (7, 16), (100, 0)] {
            let before = sandbox.received_requests().len();
            let all = coupons.search().limit(limit).prefetch(prefetch).all().await.unwrap();
            let ids: Vec<_> = all.iter().map(|coupon: &Coupon| coupon.id.unwrap()).collect();
            assert_eq!(ids, (1..=count).collect::<Vec<_>>(), "{count} coupons, pages of {limit}, {prefetch} ahead");
            let asked = (sandbox.received_requests().len() - before) as i64;
            // Each page but the first has one coupon of the page before.
            let needed = 1 + (count - i64::from(limit) + i64::from(limit) - 2).max(0) / (i64::from(limit) - 1);
            assert_eq!(asked, if count <= i64::from(limit) { 1 } else { needed }, "no page more than needed");
        }
    }
}

#[tokio::test]
async fn a_stream_starts_at_its_offset_and_stops_when_dropped() {
    let sandbox = store(250).await;
    let coupons = sandbox.client().unwrap();
    let from = coupons.search().offset(240).all().await.unwrap();
    assert_eq!(from.len(), 10);
    let before = sandbox.received_requests().len();
    let mut stream = coupons.search().prefetch(1).stream();
    stream.try_next().await.unwrap();
    drop(stream);
    assert_eq!(sandbox.received_requests().len() - before, 1);
}

#[tokio::test]
async fn missing_fields_do_not_break_pagination() {
    let sandbox = store(250).await;
    let coupons = sandbox.client().unwrap();
    let all = coupons.search().response_fields("items(code)").all().await.unwrap();
    assert_eq!(all.len(), 250);
    assert_eq!(all[0], Coupon::default().with_code("CODE1"), "the id was not asked for");
    let error = coupons.search().response_fields("id,name").all().await.unwrap_err();
    assert!(error.to_string().contains("(expected `items` or `items(...)`)"), "{error}");
}

#[tokio::test]
async fn selected_fields_do_not_break_pagination() {
    let sandbox = store(250).await;
    let coupons = sandbox.client().unwrap();
    let all = coupons.search().fields(["code", "catalog_limit.products"]).all().await.unwrap();
    assert_eq!((all.len(), &all[249]), (250, &Coupon::default().with_code("CODE250")));
    let asked = sandbox.received_requests().pop().unwrap().target;
    assert!(
        asked.contains("total%2Ccount%2Coffset%2Climit%2Citems%28id%2Ccode%2CcatalogLimit%28products%29%29"),
        "{asked}"
    );

    let page = coupons.search().fields([CouponField::Id, CouponField::Name]).limit(1).page().await.unwrap();
    assert_eq!((page.total, page.count, page.offset, page.limit), (Some(250), Some(1), Some(0), Some(1)));
    assert_eq!(page.items, Some(vec![Coupon::default().with_id(1).with_name("Name")]));
    let one = coupons.get("CODE7").fields(["id".to_owned(), "orderCount".to_owned()]).await.unwrap();
    assert_eq!(one, Coupon::default().with_id(7));

    let before = sandbox.received_requests().len();
    for error in [
        coupons.search().fields(["id", "nmae"]).all().await.unwrap_err(),
        coupons.search().fields(["id", "nmae"]).page().await.unwrap_err(),
        coupons.get("CODE7").fields(["nmae"]).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("unknown field: `nmae` (expected one of id, name, code"), "{error}");
    }
    let error = coupons.get("CODE7").fields([CouponField::Id; 0]).await.unwrap_err();
    assert!(error.to_string().contains("select at least one"), "{error}");
    assert_eq!(sandbox.received_requests().len(), before, "nothing was sent");
}

#[tokio::test]
async fn an_invalid_page_limit_is_refused() {
    let sandbox = store(1).await;
    for limit in [0, 101, 1000] {
        let search = sandbox.client().unwrap().search().limit(limit);
        let error = search.page().await.unwrap_err();
        assert!(error.to_string().contains(&format!("invalid limit: `{limit}`")), "{error}");
        assert!(search.all().await.is_err());
    }
}

/// A server with the same response to every search.
async fn always(page: serde_json::Value) -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    server.mock_async(|_, then| drop(then.status(200).json_body(page))).await;
    let client = Client::builder(1003, "secret_x").base_url(server.url("/api/v3")).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn pagination_of_inconsistent_pages_ends() {
    let items = |count: i64| (1..=count).map(|id| json!({"id": id})).collect::<Vec<_>>();
    for page in [
        // The same full page again and again.
        json!({"total": 1_000, "items": items(100)}),
        // Pages that are shorter than their limit.
        json!({"total": 200, "limit": 100, "items": items(50)}),
        json!({"total": 5, "items": []}),
    ] {
        let (_server, client) = always(page.clone()).await;
        let error = client.search().all().await.unwrap_err();
        assert!(error.to_string().contains("or there are fewer than their `total`"), "{page}: {error}");
    }
    for page in [json!({"items": items(100)}), json!({"total": 1_000})] {
        let (_server, client) = always(page.clone()).await;
        let error = client.search().all().await.unwrap_err();
        assert!(error.to_string().contains("lacks its `items` or its `total`"), "{page}: {error}");
    }
    let (_server, client) = always(json!({"total": 1, "items": [{"name": "N"}]})).await;
    assert!(client.search().all().await.unwrap_err().to_string().contains("without ids"));
}

#[tokio::test]
async fn pages_that_are_smaller_than_requested_are_read() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|_, then| {
            then.respond_with(|request: &httpmock::prelude::HttpMockRequest| {
                let parameter = |name: &str, default: usize| {
                    let found = request.query_params().into_iter().find(|(known, _)| known == name);
                    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(default)
                };
                let (offset, limit) = (parameter("offset", 0), parameter("limit", 100).min(20));
                let items: Vec<_> = (offset + 1..=75).take(limit).map(|id| json!({"id": id})).collect();
                let page = json!({"total": 75, "count": items.len(), "offset": offset, "items": items});
                httpmock::HttpMockResponse::builder().status(200).body(page.to_string()).build()
            });
        })
        .await;
    let client = Client::builder(1003, "secret_x").base_url(server.url("/api/v3")).build().unwrap();
    for prefetch in [1, 4] {
        let all = client.search().prefetch(prefetch).all().await.unwrap();
        assert_eq!(all.iter().filter_map(|coupon| coupon.id).collect::<Vec<_>>(), (1..=75).collect::<Vec<_>>());
    }
}
