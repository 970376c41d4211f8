//! The forms of the web page, and the protection against forms of other origins.

use ecwid_coupons::{
    chrono::{TimeDelta, Utc},
    types::NewCoupon,
};
use ecwid_coupons_sandbox::{Effect, Fault, Limits, Sandbox, Token};
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use super::{
    plain_http::http_client,
    web_page::{origin, page},
};

/// Returns a request with a form, without an origin.
fn form(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let request = http_client().post(format!("{}/page/{path}", origin(sandbox)));
    request.header("content-type", "application/x-www-form-urlencoded").body(body.finish())
}

/// Sends a form with the origin of the page, and returns the page that follows.
async fn submit(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let request = form(sandbox, path, fields).header("origin", origin(sandbox)).header("sec-fetch-site", "same-origin");
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn forms_of_other_origins_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Fault::new(Effect::ResetBefore).times(0)).unwrap();
    let clear = || form(&sandbox, "faults", &[("do", "clear")]);
    let own = origin(&sandbox);
    let refused = async |request: RequestBuilder| {
        let response: Response = request.send().await.unwrap();
        assert!(response.headers().contains_key("content-security-policy"));
        assert_eq!((response.status().as_u16(), sandbox.faults().len()), (403, 1));
    };
    refused(clear()).await;
    refused(clear().header("sec-fetch-site", "same-origin")).await;
    for other in ["https://shop.example.com", "null", "http://127.0.0.1", "http://localhost:1"] {
        refused(clear().header("origin", other)).await;
    }
    refused(clear().header("origin", own).header("sec-fetch-site", "cross-site")).await;
    refused(clear().header("origin", "http://shop.example.com").header("host", "shop.example.com")).await;
    // The page is also refused under a host name that merely resolves to this machine.
    refused(http_client().get(own).header("host", "shop.example.com")).await;
    assert_eq!(submit(&sandbox, "faults", &[("do", "clear")]).await.0, 200);
    assert_eq!(sandbox.faults(), []);
}

#[tokio::test]
async fn a_form_returns_to_the_same_view() {
    let sandbox = Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap();
    let view = "store=1004&code=A+B%26&offset=20";
    let request = form(&sandbox, "clock", &[("do", "reset"), ("view", view)]).header("origin", origin(&sandbox));
    let response = request.send().await.unwrap();
    assert_eq!(response.url().as_str(), format!("{}/?{view}", origin(&sandbox)));
    let elsewhere = form(&sandbox, "clock", &[("do", "reset"), ("view", "https://shop.example.com/")]);
    let response = elsewhere.header("origin", origin(&sandbox)).send().await.unwrap();
    assert_eq!(response.url().as_str(), format!("{}/", origin(&sandbox)));
}

#[tokio::test]
async fn the_clock_is_moved_by_forms() {
    let sandbox = Sandbox::start().await.unwrap();
    // Browsers omit seconds that are 0.
    for now in ["2030-01-31T08:00", "2030-01-31T08:00:00"] {
        let (status, text) = submit(&sandbox, "clock", &[("do", "set"), ("now", now)]).await;
        assert_eq!(status, 200);
        assert!(text.contains("2030-01-31 08:00:00 +0000") && text.contains("stopped"), "{text}");
    }
    let (_, text) = submit(&sandbox, "clock", &[("do", "advance"), ("by", "-2"), ("unit", "days")]).await;
    assert!(text.contains("2030-01-29 08:00:00 +0000"), "{text}");
    for fields in [
        [("do", "advance"), ("by", "1"), ("unit", "years")],
        [("do", "advance"), ("by", "99999999"), ("unit", "days")],
        [("do", "advance"), ("by", "x"), ("unit", "days")],
        [("do", "set"), ("now", "<i>soon</i>"), ("unit", "")],
        [("do", "stop"), ("by", ""), ("unit", "")],
    ] {
        let (status, text) = submit(&sandbox, "clock", &fields).await;
        assert_eq!(status, 400, "{fields:?}");
        assert!(text.contains("role=\"alert\"") && !text.contains("<i>soon"), "{text}");
        assert_eq!(sandbox.now().to_string(), "2030-01-29 08:00:00 UTC");
    }
    let (_, text) = submit(&sandbox, "clock", &[("do", "reset")]).await;
    assert!(text.contains(">running<"), "{text}");
}

#[tokio::test]
async fn faults_are_added_and_removed_by_forms() {
    let sandbox = Sandbox::start().await.unwrap();
    // A browser sends all fields of the form, for all kinds of effects.
    let all = |kind| {
        vec![
            ("do", "add"),
            ("kind", kind),
            ("status.status", "503"),
            ("status.code", ""),
            ("status.retryAfter", ""),
            ("html.status", "502"),
            ("truncate.bytes", "10"),
            ("drip.bytes", "10"),
            ("drip.milliseconds", "20"),
            ("latency.milliseconds", "20"),
            ("latency.jitterMilliseconds", "0"),
            ("staleRead.milliseconds", "20"),
            ("contentType.contentType", "text/plain"),
            ("skip", "0"),
            ("times", "0"),
            ("probability", "1"),
            ("seed", ""),
        ]
    };
    let (_, text) = page(&sandbox, "/").await;
    let (_, kinds) = text.split_once("name=\"kind\"").unwrap();
    let kinds: Vec<_> = kinds.split_once("</select>").unwrap().0.split("value=\"").skip(1).collect();
    let kinds: Vec<_> = kinds.into_iter().map(|kind| kind.split_once('"').unwrap().0).collect();
    for &kind in &kinds {
        assert_eq!(submit(&sandbox, "faults", &all(kind)).await.0, 200, "{kind}");
        let report = sandbox.faults().pop().unwrap();
        assert_eq!(json!(report.fault.effect)["kind"], kind);
    }
    assert_eq!(sandbox.faults().len(), 10, "one fault of each kind: {kinds:?}");

    let mut fields = all("status");
    fields.extend([
        ("operations", "get_discount_coupon"),
        ("operations", "delete_discount_coupon"),
        ("status.afterWork", "true"),
    ]);
    for (name, value) in fields.iter_mut() {
        match *name {
            "status.code" => *value = "BUSY",
            "status.retryAfter" => *value = "7",
            "probability" => *value = "0.5",
            "seed" => *value = "3",
            "times" => *value = "2",
            _ => {}
        }
    }
    let (_, text) = submit(&sandbox, "faults", &fields).await;
    let effect = Effect::Status { status: 503, code: Some("BUSY".into()), retry_after: Some(7), after_work: true };
    let fault =
        Fault::new(effect).on(["get_discount_coupon", "delete_discount_coupon"]).times(2).probability(0.5).seed(3);
    assert_eq!(sandbox.faults().pop().unwrap().fault, fault);
    assert!(
        text.contains(
            "The response is an error. HTTP status: 503. Error code: &quot;BUSY&quot;. Retry after, in seconds: 7. Perform the request first."
        )
            && text.contains("with probability 0.5"),
        "{text}"
    );

    let (_, text) = submit(&sandbox, "faults", &[("do", "remove"), ("id", "11")]).await;
    assert!(!text.contains("BUSY") && sandbox.faults().len() == 10);
    let (status, text) = submit(&sandbox, "faults", &[("do", "remove"), ("id", "11")]).await;
    assert!(status == 404 && text.contains("The action failed."), "{text}");
    let mut wrong = all("status");
    wrong[2].1 = "200";
    let (status, text) = submit(&sandbox, "faults", &wrong).await;
    assert!(status == 400 && text.contains("invalid status: `200` (expected a status from 300 to 599)"), "{text}");
    submit(&sandbox, "faults", &[("do", "clear")]).await;
    assert_eq!(sandbox.faults(), []);
}

#[tokio::test]
async fn limits_are_set_by_a_form() {
    let sandbox = Sandbox::start().await.unwrap();
    let fields = |requests| {
        [
            ("requestsPerMinute", requests),
            ("requestsPerMinuteWhileBlocked", "20"),
            ("requestsWhileBlocked", "600"),
            ("longerBlockSeconds", "60"),
        ]
    };
    assert_eq!(submit(&sandbox, "limits", &fields("5")).await.0, 200);
    let mut expected = Limits::default().requests_per_minute(5);
    expected.longer_block_seconds = 60;
    assert_eq!(sandbox.limits(), expected);
    assert_eq!(submit(&sandbox, "limits", &fields("")).await.0, 200);
    assert_eq!(sandbox.limits().requests_per_minute, None);
    assert_eq!(submit(&sandbox, "limits", &fields("-1")).await.0, 400);
    assert_eq!(submit(&sandbox, "limits", &[("requestsPerMinute", "5")]).await.0, 400);
    assert_eq!(sandbox.limits().requests_per_minute, None);
}

#[tokio::test]
async fn requests_are_cleared_by_a_form() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().search().page().await.unwrap();
    let (_, text) = submit(&sandbox, "requests", &[("do", "clear")]).await;
    assert!(text.contains("No requests yet.") && sandbox.received_requests().is_empty(), "{text}");
}

#[tokio::test]
async fn an_order_is_placed_by_a_form() {
    let sandbox = Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::percent("10% OFF", "<TEN>", 10).once_per_customer()).await.unwrap();
    // These are the fields that a browser sends.
    let fields = |code, email, price, view| {
        [
            ("view", view),
            ("couponCode", code),
            ("price", price),
            ("quantity", "2"),
            ("email", email),
            ("productId", "1"),
            ("categoryIds", "7, 8"),
            ("shippingMethodId", ""),
            ("shippingRate", "4.50"),
        ]
    };
    let (status, text) = submit(&sandbox, "order", &fields("<ten>", "ann@example.com", "12.50", "")).await;
    assert_eq!(status, 200);
    let told = "Order 1 was placed. The total is 27.0. </strong>Items: 25.0, discount 2.5. Shipping: 4.5, discount 0. The coupon \
                <code>&lt;TEN&gt;</code> was applied.";
    assert!(text.contains("role=\"status\"") && text.contains(told), "{text}");
    assert_eq!(coupons.get("<TEN>").await.unwrap().order_count, Some(1));
    let (_, text) = submit(&sandbox, "order", &fields("<ten>", "ann@example.com", "12.50", "")).await;
    assert!(
        text.contains("<code>&lt;ten&gt;</code> was not applied (<code>USED_BY_CUSTOMER</code>): The coupon"),
        "{text}"
    );
    let (_, text) = submit(&sandbox, "order", &fields("", "", "12.50", "store=1004")).await;
    assert!(
        text.contains("Order 3 was placed")
            && text.contains("The order has no coupon.")
            && text.contains("view\" value=\"store=1004\"")
    );
    let (_, text) = submit(&sandbox, "order", &fields("<TEN>", "", "1", "store=1004")).await;
    assert!(text.contains("COUPON_NOT_FOUND"), "the coupon is in another store: {text}");
    for (price, why) in [("-1", "price"), ("", "price"), ("x", "a number")] {
        let (status, text) = submit(&sandbox, "order", &fields("", "", price, "")).await;
        assert!(status == 400 && text.contains("The action failed.") && text.contains(why), "{price}: {text}");
    }
    let mut wrong = fields("", "", "1", "");
    wrong[6].1 = "7; 8";
    assert_eq!(submit(&sandbox, "order", &wrong).await.0, 400);
}

#[tokio::test]
async fn the_webhook_is_set_by_a_form() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(page(&sandbox, "/").await.1.contains("No events are sent."));
    // Nothing listens at this address, so the delivery fails.
    let nobody = "http://127.0.0.1:9/hook";
    let (_, text) =
        submit(&sandbox, "webhook", &[("do", "set"), ("url", nobody), ("clientSecret", "secret_of_mine")]).await;
    assert!(
        text.contains(&format!("Events are sent to <code>{nobody}</code>")) && !text.contains("secret_of_mine"),
        "{text}"
    );
    let created = sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let (_, text) = page(&sandbox, "/").await;
    assert!(text.contains(&format!("{} created", created.id().unwrap())) && text.contains("pending"), "{text}");
    let (status, text) =
        submit(&sandbox, "webhook", &[("do", "set"), ("url", "https://example.com"), ("clientSecret", "")]).await;
    assert!(status == 400 && text.contains("expected an http URL"), "{text}");
    let (_, text) = submit(&sandbox, "webhook", &[("do", "remove"), ("url", nobody)]).await;
    assert!(text.contains("No events are sent."), "{text}");
}

/// Sends the form with a file like a browser.
async fn submit_file(sandbox: &Sandbox, content: &[u8]) -> (u16, String) {
    let head = "--b\r\ncontent-disposition: form-data; name=\"view\"\r\n\r\n\r\n--b\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\n\
                load\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"store.json\"\r\ncontent-type: application/json\r\n\r\n";
    let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
    let request = http_client().post(format!("{}/page/contents", origin(sandbox))).header("origin", origin(sandbox));
    let response = request.header("content-type", "multipart/form-data; boundary=b").body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn contents_are_dumped_loaded_and_reset() {
    let sandbox = Sandbox::builder().seed(3).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "MINE")).await.unwrap();
    let (_, shown) = page(&sandbox, "/").await;
    assert!(shown.contains("href=\"/_sandbox/dump\" download=\"ecwid-sandbox.json\""), "{shown}");
    // These are the headers that a browser sends when it follows the link.
    let request =
        http_client().get(format!("{}/_sandbox/dump", origin(&sandbox))).header("sec-fetch-site", "same-origin");
    let dump = request.send().await.unwrap().bytes().await.unwrap();

    let other = Sandbox::start().await.unwrap();
    let (status, text) = submit_file(&other, &dump).await;
    assert!(
        status == 200
            && text.contains("The file has been loaded.")
            && text.contains(">MINE<")
            && text.contains("1 to 4 of 4"),
        "{text}"
    );
    for (content, why) in [
        (&b"[{\"name\":"[..], "The action failed."),
        (b"", "The file is missing or empty"),
        (b"\xff", "is not UTF-8"),
        (&dump, "no other coupon has"),
    ] {
        let (status, text) = submit_file(&other, content).await;
        assert!(
            (400..500).contains(&status) && text.contains("role=\"alert\"") && text.contains(why),
            "{why}: {status} {text}"
        );
    }
    let (status, _) = submit_file(&other, &vec![b' '; 5 << 20]).await;
    assert_eq!(status, 413);

    sandbox.advance(TimeDelta::days(400)).unwrap();
    for sure in ["", "no"] {
        let (status, text) = submit(&sandbox, "contents", &[("do", "reset"), ("sure", sure)]).await;
        assert!(status == 400 && text.contains("To reset the sandbox") && text.contains(">MINE<"), "{text}");
    }
    let fields = [("view", "coupon=100000004&requests=40"), ("do", "reset"), ("sure", "yes")];
    let (status, text) = submit(&sandbox, "contents", &fields).await;
    assert!(status == 200 && text.contains("The sandbox has been reset.") && text.contains("1 to 3 of 3"), "{text}");
    assert!(!text.contains(">MINE<") && text.contains("No requests yet.") && sandbox.received_requests().is_empty());
    assert!(sandbox.now() < Utc::now() + TimeDelta::days(1));
    // The next action does not show the message again.
    let (_, text) = submit(&sandbox, "clock", &[("do", "reset"), ("view", "done=reset")]).await;
    assert!(!text.contains("has been reset"), "{text}");
}
