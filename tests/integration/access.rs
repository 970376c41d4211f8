//! Tokens: which store and which operations each token opens, and the isolation of stores.

use ecwid_coupons::{
    Client,
    types::{BatchMethod, BatchRequestItem, Coupon, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{Config, Sandbox, SandboxBuilder, Token};
use serde_json::json;

use super::control::call;

async fn two_stores() -> Sandbox {
    Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap()
}

/// Returns a client that calls a store with a token. The token may belong to another store.
fn client(sandbox: &Sandbox, store_id: i64, token: &str) -> Client {
    Client::builder(store_id, token).base_url(sandbox.base_url()).build().unwrap()
}

#[tokio::test]
async fn stores_are_isolated() {
    let sandbox = two_stores().await;
    let (first, second) = (sandbox.client().unwrap(), sandbox.client_with("secret_other").unwrap());
    let of_first = first.create(&NewCoupon::new("First", "SAME")).await.unwrap().id().unwrap();
    let of_second = second.create(&NewCoupon::new("Second", "same")).await.unwrap().id().unwrap();
    assert_ne!(of_first, of_second, "ids are unique across stores");
    assert_eq!(first.get("SAME").await.unwrap().name.as_deref(), Some("First"));
    assert_eq!(second.get("SAME").await.unwrap().name.as_deref(), Some("Second"));
    assert!(first.get(of_second).await.unwrap_err().is_coupon_not_found());
    assert_eq!(first.delete(of_second).await.unwrap().delete_count, Some(0));
    assert_eq!(first.search().page().await.unwrap().total, Some(1));

    sandbox.load_into(1004, [Coupon::default().with_code("LOADED").with_name("Name")]).await.unwrap();
    assert_eq!(second.search().page().await.unwrap().total, Some(2));
    assert_eq!(first.search().page().await.unwrap().total, Some(1));
    assert!(sandbox.load_into(1005, []).await.unwrap_err().to_string().contains("1005"));
}

#[tokio::test]
async fn a_token_opens_only_its_own_store() {
    let sandbox = two_stores().await;
    let error = client(&sandbox, 1004, "secret_sandbox").get(1).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(403), Some("INVALID_API_TOKEN")));
    let error = client(&sandbox, 1005, "secret_sandbox").get(1).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(404), Some("STORE_NOT_FOUND")));
    let error = client(&sandbox, 1003, "secret_unknown").get(1).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(403), Some("INVALID_API_TOKEN")));
}

#[tokio::test]
async fn a_batch_belongs_to_its_store() {
    let sandbox = two_stores().await;
    let (first, second) = (sandbox.client().unwrap(), sandbox.client_with("secret_other").unwrap());
    let create = async |client: &Client| {
        let item = BatchRequestItem::new("/discount_coupons", BatchMethod::Get);
        let request = client.api().create_batch_request().deduplication_key("key").body(vec![item]);
        request.send().await.unwrap().into_inner().ticket.unwrap()
    };
    let ticket = create(&first).await;
    assert_ne!(create(&second).await, ticket, "a deduplication key belongs to its store");
    assert!(first.api().get_batch_status().ticket(&ticket).send().await.is_ok());
    assert_eq!(second.api().get_batch_status().ticket(&ticket).send().await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_public_token_sees_no_coupons() {
    let sandbox = Sandbox::builder().add_token(Token::new(1003, "public_shown")).start().await.unwrap();
    sandbox.load([Coupon::default().with_id(1).with_code("CODE").with_name("Name")]).await.unwrap();
    let coupons = sandbox.client_with("public_shown").unwrap();
    for error in [
        coupons.search().page().await.unwrap_err(),
        coupons.get(1).await.map(drop).unwrap_err(),
        coupons.create(&NewCoupon::new("Name", "NEW")).await.map(drop).unwrap_err(),
        coupons.delete(1).await.map(drop).unwrap_err(),
    ] {
        assert_eq!((error.status(), error.code()), (Some(403), Some("INSUFFICIENT_APP_SCOPE")));
        assert!(error.to_string().contains("public"), "{error}");
    }
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(1));
}

#[tokio::test]
async fn tokens_can_come_from_a_settings_file() {
    let config: Config = serde_json::from_value(json!({"tokens": [
        {"storeId": 1004, "token": "secret_reader", "scopes": ["read_discount_coupons"]},
        {"storeId": 1004, "token": "secret_writer"},
    ]}))
    .unwrap();
    assert!(!format!("{config:?}").contains("secret_"));
    let sandbox = Sandbox::builder().config(config).start().await.unwrap();
    let (reader, writer) =
        (sandbox.client_with("secret_reader").unwrap(), sandbox.client_with("secret_writer").unwrap());
    assert_eq!(reader.create(&NewCoupon::new("Name", "A")).await.unwrap_err().code(), Some("INSUFFICIENT_APP_SCOPE"));
    writer.create(&NewCoupon::new("Name", "A")).await.unwrap();
    assert_eq!(reader.search().page().await.unwrap().total, Some(1));
    assert!(!format!("{:?}", sandbox.received_requests()).contains("secret_"));
    assert!(serde_json::from_value::<Config>(json!({"tokens": [{"storeId": 1, "token": "a", "scope": []}]})).is_err());
}

#[tokio::test]
async fn invalid_tokens_are_refused() {
    let text = async |builder: SandboxBuilder| builder.start().await.unwrap_err().to_string();
    let with = |token: Token| Sandbox::builder().add_token(token);
    assert!(text(with(Token::new(0, "secret_a"))).await.contains("store id"));
    assert!(text(with(Token::new(1004, "secret a"))).await.contains("without spaces"));
    assert!(text(with(Token::new(1004, "secret_a").scopes(["delete_discount_coupons"]))).await.contains("delete_"));
    assert!(text(with(Token::new(1004, "public_a").scopes(["read_discount_coupons"]))).await.contains("public"));
    let twice = text(with(Token::new(1004, "secret_sandbox"))).await;
    assert!(twice.contains("1003") && twice.contains("1004") && !twice.contains("secret_sandbox"), "{twice}");
}

#[tokio::test]
async fn a_scope_allows_only_its_operations() {
    let may = async |scope: &str| {
        let sandbox = Sandbox::builder().scopes([scope]).start().await.unwrap();
        sandbox.load([Coupon::default().with_id(1).with_code("CODE").with_name("Name")]).await.unwrap();
        let coupons = sandbox.client().unwrap();
        [
            coupons.search().page().await.map(drop),
            coupons.get(1).await.map(drop),
            coupons.create(&NewCoupon::new("Name", "NEW")).await.map(drop),
            coupons.update("CODE", &CouponUpdate::default().pause()).await.map(drop),
            coupons.delete("CODE").await.map(drop),
        ]
        .map(|result| match result {
            Ok(()) => true,
            Err(error) => {
                assert_eq!((error.status(), error.code()), (Some(403), Some("INSUFFICIENT_APP_SCOPE")));
                assert!(error.hint().unwrap().contains("_discount_coupons"), "{error}");
                false
            }
        })
    };
    assert_eq!(may("read_discount_coupons").await, [true, true, false, false, false]);
    assert_eq!(may("create_discount_coupons").await, [false, false, true, false, false]);
    assert_eq!(may("update_discount_coupons").await, [false, false, false, true, true]);
}

#[tokio::test]
async fn tokens_are_added_while_the_sandbox_runs() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "FIRST")).await.unwrap();
    sandbox.add_token(Token::new(1004, "secret_other")).unwrap();
    let other = sandbox.client_with("secret_other").unwrap();
    assert_eq!(other.search().count().await.unwrap(), 0, "the store is a new one");
    other.create(&NewCoupon::new("Name", "OTHER")).await.unwrap();

    let body = json!({ "storeId": 1004, "token": "mine/reader", "scopes": ["read_discount_coupons"] });
    let (status, stores) = call(&sandbox, "POST", "/tokens", Some(body.clone())).await;
    let expected = json!({ "stores": [{ "storeId": 1003, "coupons": 1 }, { "storeId": 1004, "coupons": 1 }] });
    assert_eq!((status, stores), (200, expected));
    let reader = sandbox.client_with("mine/reader").unwrap();
    assert_eq!(reader.get("OTHER").await.unwrap().code.as_deref(), Some("OTHER"));
    assert_eq!(reader.delete("OTHER").await.unwrap_err().code(), Some("INSUFFICIENT_APP_SCOPE"));
    reader.get("mine/reader").await.unwrap_err();
    let shown = format!("{:?}", sandbox.received_requests());
    assert!(!shown.contains("reader"), "the token is redacted: {shown}");

    for (wrong, why) in [
        (body, "duplicate token"),
        (json!({ "storeId": 0, "token": "secret_a" }), "store id"),
        (json!({ "storeId": 1, "token": "secret a" }), "invalid token"),
        (json!({ "storeId": "secret_a", "token": "b" }), "storeId"),
        (json!({ "storeId": 1, "token": "secret_a", "scopes": ["all"] }), "access scope"),
    ] {
        let (status, refused) = call(&sandbox, "POST", "/tokens", Some(wrong)).await;
        let text = refused.to_string();
        assert!(status == 400 && text.contains(why) && !text.contains("secret_a") && !text.contains("mine/"), "{text}");
    }
    assert!(sandbox.add_token(Token::new(1003, "secret_other")).is_err());

    sandbox.reset().await.unwrap();
    let refused = other.search().count().await.unwrap_err();
    assert_eq!(refused.code(), Some("INVALID_API_TOKEN"), "a reset removes added tokens");
    sandbox.add_token(Token::new(1004, "secret_other")).unwrap();
    assert_eq!(other.search().count().await.unwrap(), 0, "a reset removes the coupons of added stores");
}
