//! Text from a server, as people and logs see it.

use std::time::Duration;

use ecwid_coupons::{
    Client, Error,
    types::{Coupon, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

/// One of each kind of deceptive character: cursor movement, line breaks, direction marks, invisible characters.
const HOSTILE: &str = "\u{1b}[2J\u{7}\r\n2030-01-01 all is well\t\u{7f}\u{85}\u{9b}1m\u{2028}\u{2029}\u{202e}\u{2066}\u{200e}\u{61c}\u{200b}\u{feff}\u{2060}\u{ad}\u{e0041}";

#[track_caller]
fn assert_one_plain_line(text: &str) {
    let is_plain = |next: char| next == ' ' || next == '…' || next.is_ascii_graphic();
    assert!(text.chars().all(is_plain), "{text:?}");
}

#[track_caller]
fn assert_plain(error: &Error) {
    for text in [error.to_string(), error.summary(), format!("{error:?}"), error.hint().unwrap_or_default().to_owned()]
    {
        assert_one_plain_line(&text);
    }
}

async fn responded(response: Act) -> Error {
    let server = ScriptedServer::start(Vec::new(), move |_| response.clone()).await.unwrap();
    let client = Client::builder(1003, "secret_token").base_url(server.base_url()).max_attempts(1);
    client.deadline(Duration::from_secs(5)).build().unwrap().get("CODE").await.unwrap_err()
}

#[tokio::test]
async fn an_error_is_one_line_and_its_members_are_unescaped() {
    let json = serde_json::to_string(HOSTILE).unwrap();
    let error = responded(Act::response(400, &format!(r#"{{"errorMessage":{json},"errorCode":{json}}}"#))).await;
    assert_plain(&error);
    assert!(error.to_string().contains(r"\u{1b}[2J\u{7}\r\n2030"), "{error}");
    assert_eq!((error.api_error().error_message.as_deref(), error.code()), (Some(HOSTILE), Some(HOSTILE)));

    for (status, body) in [(502, HOSTILE.to_owned()), (200, HOSTILE.to_owned()), (200, format!(r#"{{"id":{json}}}"#))] {
        let error = responded(Act::response(status, &body)).await;
        assert_plain(&error);
        assert_eq!(error.body(), Some(&*body));
    }
    let reason = "HTTP/1.1 400 \u{202e}\u{200b}\u{9b}\r\ncontent-length: 0\r\n\r\n".as_bytes().to_vec();
    assert_plain(&responded(Act::Bytes(reason)).await);
    let kind = "text/\u{202e}\u{200b}html";
    assert_plain(&responded(Act::with(200, &[("content-type", kind)], "<html>")).await);
}

#[tokio::test]
async fn a_conflict_is_one_line() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = HOSTILE.replace(['\r', '\n', '\t'], "");
    let coupon = serde_json::json!({"name": name, "code": "CODE", "discount": 10});
    sandbox.load([serde_json::from_value::<Coupon>(coupon).unwrap()]).await.unwrap();
    let coupons = sandbox.client().unwrap();
    let error = coupons.create_or_get(&NewCoupon::absolute("Another", "CODE", 10)).await.unwrap_err();
    assert_plain(&error);
    let difference = error.differences().iter().find(|difference| difference.field == "name").unwrap();
    assert_eq!(difference.stored.as_ref().unwrap().deserialize::<String>().unwrap(), name);
}
