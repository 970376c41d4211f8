//! The web page of the sandbox.

use ecwid_coupons::types::NewCoupon;
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox, Token};

use super::plain_http::http_client;

pub(super) fn origin(sandbox: &Sandbox) -> &str {
    sandbox.base_url().trim_end_matches("/api/v3")
}

pub(super) async fn page(sandbox: &Sandbox, target: &str) -> (u16, String) {
    let response = http_client().get(format!("{}{target}", origin(sandbox))).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_store_is_shown_with_escaped_text() {
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
    assert!(page(&sandbox, "/?offset=100").await.1.contains("No more coupons."));
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
    let (_, took) = request.split_once("class=\"elapsed\">").unwrap();
    let (took, _) = took.split_once(" ms<").unwrap();
    assert!((120.0..20_000.0).contains(&took.parse::<f64>().unwrap()), "{took}");
}

#[tokio::test]
async fn one_of_several_stores_can_be_chosen() {
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
    assert_eq!(sandbox.received_requests(), [], "the journal does not record the page");
}

#[tokio::test]
async fn the_openapi_document_is_served() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = http_client().get(format!("{}/openapi.yaml", origin(&sandbox))).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/yaml".parse().unwrap())
    );
    assert_eq!(response.text().await.unwrap(), include_str!("../../openapi/ecwid-coupons.yaml"));
}
