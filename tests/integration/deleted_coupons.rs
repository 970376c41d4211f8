//! Deleted coupons and the latest stats, for programs that follow the changes of a store.

use ecwid_coupons::{
    DayBound,
    chrono::{DateTime, TimeDelta, Utc},
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{Sandbox, Token};
use serde_json::{Value, json};

use super::plain_http::http_client;

fn time(text: &str) -> DateTime<Utc> {
    DayBound::Start.parse(text).unwrap().to_utc().unwrap()
}

async fn get(sandbox: &Sandbox, token: &str, path: &str) -> (u16, Value) {
    let url = format!("{}/1003/{path}", sandbox.base_url());
    let response = http_client().get(url).bearer_auth(token).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn deleted_coupons_are_listed() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    sandbox.set_time(time("2030-01-01")).unwrap();
    let mut ids = Vec::new();
    for code in ["A", "B", "C"] {
        ids.push(coupons.create(&NewCoupon::new("Name", code)).await.unwrap().id().unwrap());
        coupons.delete(code).await.unwrap();
        coupons.delete(code).await.unwrap();
        sandbox.advance(TimeDelta::days(1)).unwrap();
    }
    let deleted =
        async |query: &str| get(&sandbox, "secret_sandbox", &format!("discount_coupons/deleted{query}")).await;
    let all = json!({
        "total": 3, "count": 3, "offset": 0, "limit": 100,
        "items": [
            {"id": ids[0], "date": "2030-01-01 00:00:00 +0000"},
            {"id": ids[1], "date": "2030-01-02 00:00:00 +0000"},
            {"id": ids[2], "date": "2030-01-03 00:00:00 +0000"},
        ],
    });
    assert_eq!(deleted("").await, (200, all.clone()));
    assert_eq!(get(&sandbox, "secret_sandbox", "coupons/deleted").await, (200, all));
    let found = async |query: &str| {
        let (_, page) = deleted(query).await;
        let items = page["items"].as_array().unwrap().clone();
        (page["total"].as_i64().unwrap(), items.iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(found("?from_date=2030-01-02").await, (2, ids[1..].to_vec()));
    assert_eq!(found("?to_date=2030-01-02").await, (2, ids[..2].to_vec()));
    let second = time("2030-01-02").timestamp();
    assert_eq!(found(&format!("?from_date={second}&to_date={second}")).await, (1, vec![ids[1]]));
    assert_eq!(found("?limit=1&offset=1").await, (3, vec![ids[1]]));
    assert_eq!(deleted("?limit=1000").await.1["limit"], 100);
    assert_eq!(deleted("?from_date=soon").await.0, 400);
    assert_eq!(get(&sandbox, "secret_sandbox", "latest-stats?productCountRequired=soon").await.0, 400);
    assert_eq!(get(&sandbox, "secret_sandbox", "latest-stats?productCountRequired=true").await.0, 200);
    // Six months after the first deletion, only the others are listed.
    sandbox.set_time(time("2030-07-01 00:00:01")).unwrap();
    assert_eq!(found("").await, (2, ids[1..].to_vec()));
    assert_eq!(found("?from_date=2030-01-01").await, (2, ids[1..].to_vec()));
}

#[tokio::test]
async fn latest_stats_have_the_last_change() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let stats = async || {
        let (status, stats) = get(&sandbox, "secret_sandbox", "latest-stats").await;
        assert_eq!(status, 200);
        stats["discountCouponsUpdated"].as_str().map(str::to_owned)
    };
    assert_eq!(stats().await, None);
    sandbox.set_time(time("2030-01-01")).unwrap();
    coupons.create(&NewCoupon::new("Name", "A")).await.unwrap();
    coupons.create(&NewCoupon::new("Name", "B")).await.unwrap();
    assert_eq!(stats().await.as_deref(), Some("2030-01-01 00:00:00 +0000"));
    sandbox.advance(TimeDelta::days(1)).unwrap();
    coupons.update("A", &CouponUpdate::default().pause()).await.unwrap();
    assert_eq!(stats().await.as_deref(), Some("2030-01-02 00:00:00 +0000"));
    sandbox.advance(TimeDelta::days(1)).unwrap();
    coupons.delete("A").await.unwrap();
    assert_eq!(stats().await.as_deref(), Some("2030-01-03 00:00:00 +0000"));
}

#[tokio::test]
async fn a_program_can_follow_the_coupons() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    sandbox.set_time(time("2030-01-01")).unwrap();
    for code in ["A", "B", "C"] {
        coupons.create(&NewCoupon::new("Name", code)).await.unwrap();
    }
    let since = sandbox.advance(TimeDelta::days(1)).unwrap();
    let gone = coupons.get("A").await.unwrap().id.unwrap();
    coupons.delete("A").await.unwrap();
    coupons.update("B", &CouponUpdate::default().pause()).await.unwrap();
    let page = coupons.search().updated_from(since).page().await.unwrap().items.unwrap();
    assert_eq!(page.iter().map(|coupon| coupon.code.as_deref()).collect::<Vec<_>>(), [Some("B")]);
    let path = format!("discount_coupons/deleted?from_date={}", since.timestamp());
    assert_eq!(get(&sandbox, "secret_sandbox", &path).await.1["items"][0]["id"], gone);
}

#[tokio::test]
async fn each_operation_needs_its_scope() {
    let builder = Sandbox::builder().scopes(["read_discount_coupons"]);
    let other = Token::new(1003, "secret_profile").scopes(["read_store_profile"]);
    let both = Token::new(1003, "secret_both").scopes(["read_store_profile", "read_discount_coupons"]);
    let sandbox = builder.add_token(other).add_token(both).start().await.unwrap();
    for (token, path, status) in [
        ("secret_both", "discount_coupons/deleted", 200),
        ("secret_both", "coupons/deleted", 200),
        ("secret_sandbox", "discount_coupons/deleted", 403),
        ("secret_profile", "discount_coupons/deleted", 403),
        ("secret_profile", "coupons/deleted", 403),
        ("secret_sandbox", "latest-stats", 403),
        ("secret_profile", "latest-stats", 200),
    ] {
        assert_eq!(get(&sandbox, token, path).await.0, status, "{token} {path}");
    }
}

/// Creates coupons and deletes them, and returns their ids.
async fn delete_many(sandbox: &Sandbox, count: i64) -> Vec<i64> {
    let coupons = sandbox.client().unwrap();
    let mut ids = Vec::new();
    for number in 0..count {
        let id = coupons.create(&NewCoupon::new("Name", format!("GONE-{number}"))).await.unwrap().id().unwrap();
        coupons.delete(id).await.unwrap();
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn the_client_reads_all_pages_of_deletions() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.deleted().all().await.unwrap(), []);
    sandbox.set_time(time("2030-01-01")).unwrap();
    let mut first = delete_many(&sandbox, 230).await;
    sandbox.set_time(time("2030-01-02 12:00:00")).unwrap();
    let mut second = delete_many(&sandbox, 3).await;
    let found = async |search: ecwid_coupons::DeletedSearch| {
        let mut ids: Vec<_> = search.all().await.unwrap().into_iter().filter_map(|deleted| deleted.id).collect();
        ids.sort_unstable();
        ids
    };
    first.sort_unstable();
    second.sort_unstable();
    sandbox.clear_requests();
    assert_eq!(found(coupons.deleted()).await, [first.clone(), second.clone()].concat());
    // The pages overlap by one deletion.
    assert_eq!(sandbox.received_requests().len(), 3);
    assert_eq!(found(coupons.deleted().from("2030-01-02")).await, second);
    assert_eq!(found(coupons.deleted().to("2030-01-01")).await, first);
    assert_eq!(found(coupons.deleted().from(time("2030-01-01")).to(time("2030-01-01"))).await, first);
    assert_eq!(coupons.deleted().to("2030-01-02").all().await.unwrap().len(), 233);
    let error = coupons.deleted().from("soon").all().await.unwrap_err();
    assert!(error.to_string().contains("from: ") && error.attempts() == 0, "{error}");
}

#[tokio::test]
async fn deletions_that_are_forgotten_during_the_read_move_no_other() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    sandbox.set_time(time("2030-01-01")).unwrap();
    let old = delete_many(&sandbox, 120).await;
    sandbox.set_time(time("2030-01-02")).unwrap();
    let kept = delete_many(&sandbox, 150).await;
    let mut deletions = coupons.deleted().stream();
    let mut ids = vec![deletions.try_next().await.unwrap().unwrap().id.unwrap()];
    // Now the store forgets the first 120 deletions, which moves the others to earlier pages.
    sandbox.set_time(time("2030-07-01 12:00:00")).unwrap();
    while let Some(deleted) = deletions.try_next().await.unwrap() {
        ids.push(deleted.id.unwrap());
    }
    let missed: Vec<_> = kept.iter().filter(|id| !ids.contains(id)).collect();
    assert!(missed.is_empty(), "{missed:?}");
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(count >= 150 && count <= old.len() + kept.len());
}

#[tokio::test]
async fn a_response_that_is_no_page_of_deletions_is_an_error() {
    for (body, problem) in [
        (json!({}), "lacks its `items`"),
        (json!({"total": 1, "items": null}), "lacks its `items`"),
        (json!({"items": []}), "lacks its `total`"),
        (json!({"total": 1, "items": [{"date": "2030-01-01 00:00:00 +0000"}]}), "without ids"),
    ] {
        let server = httpmock::MockServer::start_async().await;
        server
            .mock_async(|when, then| {
                when.path("/1003/discount_coupons/deleted");
                then.status(200).json_body(body.clone());
            })
            .await;
        let client = ecwid_coupons::Client::builder(1003, "secret").base_url(server.base_url()).build().unwrap();
        let error = client.deleted().all().await.unwrap_err();
        assert!(error.to_string().contains(problem), "{body}: {error}");
    }
}

#[tokio::test]
async fn the_client_reads_the_latest_stats() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.latest_stats().await.unwrap().discount_coupons_updated, None);
    sandbox.set_time(time("2030-01-01")).unwrap();
    coupons.create(&NewCoupon::new("Name", "A")).await.unwrap();
    sandbox.set_time(time("2030-01-02")).unwrap();
    coupons.delete("A").await.unwrap();
    let last = coupons.latest_stats().await.unwrap().discount_coupons_updated.unwrap();
    assert_eq!(last.to_utc(), Some(time("2030-01-02")));
}
