//! The web page of the sandbox: what it shows, what its forms do, and whose forms they are not.

use ecwid_coupons::types::NewCoupon;
use ecwid_coupons_sandbox::{Effect, Fault, Limits, Sandbox, Token};
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use super::plain_http::http_client;

fn origin(sandbox: &Sandbox) -> &str {
    sandbox.base_url().trim_end_matches("/api/v3")
}

async fn page(sandbox: &Sandbox, target: &str) -> (u16, String) {
    let response = http_client().get(format!("{}{target}", origin(sandbox))).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// A form as it is filled in, from no page yet.
fn form(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let request = http_client().post(format!("{}/page/{path}", origin(sandbox)));
    request.header("content-type", "application/x-www-form-urlencoded").body(body.finish())
}

/// Sends a form from the page itself, and gives the page that follows.
async fn submit(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let request = form(sandbox, path, fields).header("origin", origin(sandbox)).header("sec-fetch-site", "same-origin");
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_store_is_shown_and_what_it_holds_is_escaped() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let name = "<script>alert(1)</script>";
    coupons.create(&NewCoupon::percent(name, "\"><img src=x>", 10)).await.unwrap();
    coupons.get("<b>nothing</b>").await.unwrap_err();
    let (status, text) = page(&sandbox, "/?code=%22%3E%3Ci%3E").await;
    assert_eq!(status, 200);
    assert!(text.contains("value=\"&quot;&gt;&lt;i&gt;\"") && text.contains("No coupons."), "{text}");
    let (_, text) = page(&sandbox, "/?coupon=100000001").await;
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && text.contains("&quot;&gt;&lt;img src=x&gt;"));
    for raw in ["<script", "<img", "<b>nothing", "<i>", sandbox.token()] {
        assert!(!text.contains(raw), "{raw}: {text}");
    }
    assert!(text.contains("10 %") && text.contains("&quot;usesLimit&quot;"), "all fields are shown: {text}");
    assert!(text.contains(">404<") && text.contains("DISCOUNT_COUPON_NOT_FOUND") && text.contains(">POST<"), "{text}");
}

#[tokio::test]
async fn coupons_come_in_pages_and_are_found_by_code() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for number in 1..=45 {
        coupons.create(&NewCoupon::new(format!("Name {number}"), format!("CODE{number}"))).await.unwrap();
    }
    let (_, first) = page(&sandbox, "/").await;
    assert!(first.contains("1 to 20 of 45") && first.contains(">CODE20<") && !first.contains(">CODE21<"));
    assert!(first.contains("rel=\"next\" href=\"/?offset=20\"") && !first.contains("rel=\"prev\""));
    let (_, last) = page(&sandbox, "/?offset=40").await;
    assert!(last.contains("41 to 45 of 45") && last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""));
    let (_, found) = page(&sandbox, "/?code=code33&status=ACTIVE").await;
    assert!(found.contains("1 to 1 of 1") && found.contains(">CODE33<"));
    assert!(page(&sandbox, "/?status=PAUSED").await.1.contains("No coupons."));
    assert!(page(&sandbox, "/?offset=100").await.1.contains("There are no more."));
    assert_eq!(page(&sandbox, "/?offset=-1").await.0, 400);
    assert!(page(&sandbox, "/").await.1.matches("class=\"request\"").count() == 20);
    assert!(page(&sandbox, "/?requests=45").await.1.matches("class=\"request\"").count() == 45);
}

#[tokio::test]
async fn a_request_is_shown_with_its_time_and_how_long_it_took() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_time("2030-01-31T08:00:00.250Z".parse().unwrap()).unwrap();
    sandbox.add_fault(Fault::new(Effect::Latency { milliseconds: 120, jitter_milliseconds: 0 })).unwrap();
    sandbox.client().unwrap().search().page().await.unwrap();
    let (_, text) = page(&sandbox, "/").await;
    let (_, request) = text.split_once("class=\"request\"").unwrap();
    assert!(request.contains(">08:00:00<") && request.contains("2030-01-31 08:00:00.250 +0000"), "{request}");
    let (_, took) = request.split_once("class=\"took\">").unwrap();
    let (took, _) = took.split_once(" ms<").unwrap();
    assert!((120.0..20_000.0).contains(&took.parse::<f64>().unwrap()), "{took}");
}

#[tokio::test]
async fn several_stores_are_chosen_from() {
    let sandbox = Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "FIRST")).await.unwrap();
    sandbox.client_with("secret_other").unwrap().create(&NewCoupon::new("Name", "OTHER")).await.unwrap();
    let (_, first) = page(&sandbox, "/").await;
    assert!(first.contains(">FIRST<") && !first.contains(">OTHER<") && first.contains("href=\"/?store=1004\""));
    let (_, other) = page(&sandbox, "/?store=1004").await;
    assert!(!other.contains(">FIRST<") && other.contains(">OTHER<") && !other.contains("secret_other"));
    assert_eq!(page(&sandbox, "/?store=7").await.0, 404);
}

#[tokio::test]
async fn the_style_is_the_only_thing_a_page_loads() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = http_client();
    let shown = client.get(origin(&sandbox)).send().await.unwrap();
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    assert_eq!(shown.headers()["content-security-policy"], policy);
    assert_eq!(shown.headers()["x-content-type-options"], "nosniff");
    let text = shown.text().await.unwrap();
    assert_eq!(
        (text.matches("<link").count(), text.matches("src=").count(), text.matches("<style").count()),
        (1, 0, 0)
    );
    assert!(!text.contains("style=") && text.contains("href=\"/page/style.css\""));
    let style = client.get(format!("{}/page/style.css", origin(&sandbox))).send().await.unwrap();
    assert_eq!(style.status(), 200);
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(sandbox.exchanges(), [], "the page is beside the journal");
}

#[tokio::test]
async fn forms_of_other_pages_do_nothing() {
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
    // Nor is the page read under a name that only points here.
    refused(http_client().get(own).header("host", "shop.example.com")).await;
    assert_eq!(submit(&sandbox, "faults", &[("do", "clear")]).await.0, 200);
    assert_eq!(sandbox.faults(), []);
}

#[tokio::test]
async fn the_clock_is_moved_by_forms() {
    let sandbox = Sandbox::start().await.unwrap();
    // Browsers leave out seconds that are 0.
    for now in ["2030-01-31T08:00", "2030-01-31T08:00:00"] {
        let (status, text) = submit(&sandbox, "clock", &[("do", "set"), ("now", now)]).await;
        assert_eq!(status, 200);
        assert!(text.contains("2030-01-31 08:00:00 +0000") && text.contains("stands still"), "{text}");
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
    assert!(text.contains(">runs<"), "{text}");
}

#[tokio::test]
async fn faults_are_added_and_removed_by_forms() {
    let sandbox = Sandbox::start().await.unwrap();
    // As a browser sends it: all fields of the form, of whichever kind.
    let all = |kind| {
        vec![
            ("do", "add"),
            ("kind", kind),
            ("status", "503"),
            ("code", ""),
            ("retryAfter", ""),
            ("bytes", "10"),
            ("milliseconds", "20"),
            ("jitterMilliseconds", "0"),
            ("contentType", "text/plain"),
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
    assert_eq!(sandbox.faults().len(), 10, "each kind that there is: {kinds:?}");

    let mut fields = all("status");
    fields.extend([
        ("operations", "get_discount_coupon"),
        ("operations", "delete_discount_coupon"),
        ("afterWork", "true"),
    ]);
    for (name, value) in fields.iter_mut() {
        match *name {
            "code" => *value = "BUSY",
            "retryAfter" => *value = "7",
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
    assert!(text.contains("503 BUSY, Retry-After 7, after the work") && text.contains("by a chance of 0.5"), "{text}");

    let (_, text) = submit(&sandbox, "faults", &[("do", "remove"), ("id", "11")]).await;
    assert!(!text.contains("BUSY") && sandbox.faults().len() == 10);
    let (status, text) = submit(&sandbox, "faults", &[("do", "remove"), ("id", "11")]).await;
    assert!(status == 404 && text.contains("Not done."), "{text}");
    let mut wrong = all("status");
    wrong[2].1 = "200";
    let (status, text) = submit(&sandbox, "faults", &wrong).await;
    assert!(status == 400 && text.contains("200 is not from 300 to 599"), "{text}");
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
async fn a_form_comes_back_to_what_was_shown() {
    let sandbox = Sandbox::builder().add_token(Token::new(1004, "secret_other")).start().await.unwrap();
    let view = "store=1004&code=A+B%26&offset=20";
    let request = form(&sandbox, "clock", &[("do", "reset"), ("view", view)]).header("origin", origin(&sandbox));
    let response = request.send().await.unwrap();
    assert_eq!(response.url().as_str(), format!("{}/?{view}", origin(&sandbox)));
    let elsewhere = form(&sandbox, "clock", &[("do", "reset"), ("view", "https://shop.example.com/")]);
    let response = elsewhere.header("origin", origin(&sandbox)).send().await.unwrap();
    assert_eq!(response.url().as_str(), format!("{}/", origin(&sandbox)));
}
