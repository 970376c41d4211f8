//! A success status is not a result: a page needs coupons and a total, and a coupon must be the requested one.

use std::time::Duration;

use ecwid_coupons::{
    Client, Error, ErrorKind, RowOutcome,
    types::{CouponField, NewCoupon},
};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};
use futures_util::StreamExt as _;

async fn answering(body: &str) -> (ScriptedServer, Client) {
    let act = Act::response(200, body);
    let server = ScriptedServer::start(Vec::new(), move |_| act.clone()).await.unwrap();
    let client = Client::builder(1003, "secret").base_url(server.base_url()).max_attempts(1).build().unwrap();
    (server, client)
}

/// Checks the error of a response that is not the result, with all data of the call.
fn check(error: &Error, body: &str) {
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Decode, Some(200), 1), "{body}: {error}");
    assert!(error.elapsed() > Duration::ZERO && error.request_id().is_some(), "{body}: {error:?}");
}

#[tokio::test]
async fn a_page_without_coupons_or_a_total_is_an_error() {
    for body in [
        r#"{"status":"maintenance"}"#,
        "{}",
        r#"{"total":0}"#,
        r#"{"items":[]}"#,
        r#"{"total":null,"items":null}"#,
        r#"{"total":1,"items":[{"code":"A"}]}"#,
        r#"{"total":0,"items":[{"id":1,"code":"A"}]}"#,
        r#"{"total":0,"items":{},"maintenance":true}"#,
        "[]",
        "null",
        "<html>",
    ] {
        let (_server, client) = answering(body).await;
        check(&client.search().page().await.unwrap_err(), body);
        check(&client.search().all().await.unwrap_err(), body);
        check(&client.search().fields([CouponField::Code]).all().await.unwrap_err(), body);
    }
    let (_server, client) = answering(r#"{"total":5,"items":[]}"#).await;
    assert_eq!(client.search().first().await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(client.search().offset(5).first().await.unwrap(), None);
    assert!(client.search().all().await.is_err());
    let (_server, client) = answering(r#"{"total":-1,"items":[]}"#).await;
    check(&client.search().page().await.unwrap_err(), "a total below 0");
    // Only requested fields can be missing.
    let (_server, client) = answering("{}").await;
    assert_eq!(client.search().response_fields("count").page().await.unwrap().total, None);
    let (_server, client) = answering(r#"{"total":1,"items":[{"code":"A"}]}"#).await;
    client.search().fields([CouponField::Code]).page().await.unwrap();
    client.search().response_fields("items(code)").page().await.unwrap();
}

#[tokio::test]
async fn pagination_fails_at_an_invalid_page() {
    let coupons: Vec<_> = (1..=100).map(|id| format!(r#"{{"id":{id},"code":"C{id}"}}"#)).collect();
    let first = format!(r#"{{"total":250,"count":100,"offset":0,"limit":100,"items":[{}]}}"#, coupons.join(","));
    let server =
        ScriptedServer::start(vec![Act::response(200, &first)], |_| Act::response(200, r#"{"status":"maintenance"}"#));
    let server = server.await.unwrap();
    let client = Client::builder(1003, "secret").base_url(server.base_url()).build().unwrap();
    let mut stream = client.search().stream();
    let mut given = 0;
    let error = loop {
        match stream.next().await {
            Some(Ok(_)) => given += 1,
            Some(Err(error)) => break error,
            None => panic!("{given} of 250 coupons, and no error"),
        }
    };
    assert_eq!(given, 100);
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn a_response_must_have_the_requested_coupon() {
    for body in [
        r#"{"id":7,"code":"OTHER"}"#,
        r#"{"id":7,"name":"No code"}"#,
        r#"{"code":"C1"}"#,
        r#"{"status":"maintenance"}"#,
        r#"{"id":null,"code":null}"#,
        "{}",
    ] {
        let (_server, client) = answering(body).await;
        check(&client.get("C1").await.unwrap_err(), body);
        check(&client.get(9).await.unwrap_err(), body);
        check(&client.delete_if_unused("C1").await.unwrap_err(), body);
    }
    let (_server, client) = answering(r#"{"id":7,"code":"c1"}"#).await;
    assert_eq!(client.get("C1").await.unwrap().id, Some(7), "in any letter case");
    assert_eq!(client.get(7).await.unwrap().id, Some(7));
    assert!(client.get("C1").fields(["id"]).await.is_ok());
    // Only requested fields can be missing. A field that was not requested must still be right.
    let (_server, client) = answering(r#"{"name":"Name"}"#).await;
    assert!(client.get("C1").fields(["name"]).await.is_ok());
    check(&client.get("C1").fields(["id", "name"]).await.unwrap_err(), "no id");
    let (_server, client) = answering(r#"{"name":"Name","code":"OTHER"}"#).await;
    check(&client.get("C1").response_fields("name").await.unwrap_err(), "another code");
    for body in [r#"{"status":"maintenance"}"#, "{}"] {
        let (_server, client) = answering(body).await;
        let error = client.get("C1").fields(["name"]).await;
        if body == "{}" {
            check(&error.unwrap_err(), body);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_created_coupon_has_an_id() {
    for body in ["{}", r#"{"id":0,"code":"A"}"#, r#"{"id":-1}"#] {
        let (_server, client) = answering(body).await;
        let error = client.create(&NewCoupon::new("Name", "A")).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Decode && error.may_have_taken_effect(), "{body}: {error}");
    }
    let (_server, client) = answering("{}").await;
    let many = client.create_many([NewCoupon::new("Name", "A"), NewCoupon::new("Name", "B")]);
    let report = many.report();
    many.stream().unwrap().collect::<Vec<_>>().await;
    for row in report.rows() {
        assert!(matches!(&row, RowOutcome::Failed(error) if error.kind() == ErrorKind::Decode), "{row:?}");
        assert!(row.may_have_taken_effect(), "{row:?}");
    }
}
