//! The errors of calls, and what they never contain.

use std::time::Duration;

use ecwid_coupons::{
    Client, ErrorKind,
    types::{Coupon, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use httpmock::MockServer;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const TOKEN: &str = "secret_do_not_show";

async fn answering(status: u16, headers: &[(&str, &str)], body: &str) -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    server
        .mock_async(|_, mut then| {
            then = then.status(status).body(body);
            for (name, value) in headers {
                then = then.header(*name, *value);
            }
        })
        .await;
    // One attempt, because each failure is examined on its own.
    let client =
        Client::builder(1003, TOKEN).base_url(server.url("/api/v3")).max_attempts(1).deadline(Duration::from_secs(5));
    let client = client.build().unwrap();
    (server, client)
}

#[tokio::test]
async fn an_error_names_the_operation_the_problem_and_a_hint() {
    let json = |code: &str| format!(r#"{{"errorMessage":"Some words","errorCode":"{code}"}}"#);
    for (status, body, hint) in [
        (400, json("WRONG_PARAMETER"), "check the value"),
        (402, json("STORE_IS_SUSPENDED"), "plan"),
        (403, json("INVALID_API_TOKEN"), "check that the token is valid"),
        (403, json("INSUFFICIENT_APP_SCOPE"), "give the app the access scope `read_discount_coupons`"),
        (404, json("DISCOUNT_COUPON_NOT_FOUND"), "check the coupon's id or code"),
        (404, json("STORE_NOT_FOUND"), "check the store id"),
        (409, json("CONSTRAINT_VIOLATION"), "update the coupon that has this code"),
        (429, json("RATE_LIMITED"), "wait"),
        (500, json("INTERNAL_ERROR"), "try again later"),
        (503, "<html>down</html>".to_owned(), "try again later"),
        (403, String::new(), "check that the token is valid"),
        (302, String::new(), "check the base URL"),
    ] {
        let (_server, client) =
            answering(status, &[("set-cookie", "session=secret"), ("location", "/elsewhere")], &body).await;
        let error = client.get("CODE").await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert_eq!(error.status(), Some(status), "{text}");
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.operation(), Some("get_discount_coupon"));
        assert_eq!(error.request_id().map(str::len), Some(8));
        assert!(
            text.contains(&status.to_string()) && text.contains("get_discount_coupon") && text.contains(hint),
            "{text}"
        );
        assert!(text.contains(error.request_id().unwrap()), "{text}");
        assert!(!text.contains("secret"), "{text}");
        if body.starts_with('{') {
            assert!(text.contains("Some words") && text.contains(error.code().unwrap()), "{text}");
        } else {
            assert_eq!(error.body(), (!body.is_empty()).then_some(body.as_str()));
        }
        assert_eq!(error.is_coupon_not_found(), error.code() == Some("DISCOUNT_COUPON_NOT_FOUND"));
        assert_eq!(error.is_conflict(), status == 409);
        assert_eq!(error.is_rate_limited(), status == 429);
        assert_eq!(error.is_forbidden() || error.is_unauthorized(), status == 403);
        assert_eq!(error.is_payment_required(), status == 402);
        assert!(!error.is_network());
    }
}

#[tokio::test]
async fn a_returned_token_is_redacted() {
    let html = format!("<pre>GET /api HTTP/1.1\nAuthorization: Bearer {TOKEN}</pre>");
    for (status, body) in [
        (502, html.clone()),
        (200, html),
        (200, format!(r#"{{"id":"{TOKEN}"}}"#)),
        (403, format!(r#"{{"errorMessage":"{TOKEN} is no token","errorCode":"INVALID_API_TOKEN"}}"#)),
        // The token starts at the end of the excerpt.
        (502, format!("{}{TOKEN}", "x".repeat(495))),
    ] {
        let (_server, client) = answering(status, &[], &body).await;
        let error = client.get(1).await.unwrap_err();
        let text = format!("{error} {error:?} {:?} {:?}", error.api_error(), error.body());
        assert!(!text.contains("secret") && text.contains('…'), "{text}");
    }
}

#[tokio::test]
async fn a_write_that_may_have_taken_effect_is_reported() {
    let new = NewCoupon::new("Name", "CODE");
    for (status, body) in [(200, ""), (200, "<html>"), (200, "{"), (408, "{}"), (500, "{}"), (504, "")] {
        let (_server, client) = answering(status, &[], body).await;
        let error = client.create(&new).await.unwrap_err();
        assert!(
            error.may_have_taken_effect() && error.hint().unwrap().contains("look up its code before retrying"),
            "{status} {body}: {error}"
        );
        assert!(client.update("CODE", &CouponUpdate::default().pause()).await.unwrap_err().may_have_taken_effect());
        assert!(!client.get(1).await.unwrap_err().may_have_taken_effect());
    }
    for status in [400, 403, 409, 429] {
        let (_server, client) = answering(status, &[], "{}").await;
        assert!(!client.create(&new).await.unwrap_err().may_have_taken_effect());
    }
    let (_server, client) = answering(200, &[], r#"{"updateCount":0}"#).await;
    let error = client.update("CODE", &CouponUpdate::default().pause()).await.unwrap_err();
    assert!(error.to_string().contains("updated nothing") && error.request_id().is_some(), "{error}");
}

#[tokio::test]
async fn a_status_is_reported_without_its_body() {
    let cut = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 30\r\ncontent-length: 100\r\n\r\n{\"errorMess";
    let error = scripted(cut).await.get(1).await.unwrap_err();
    assert!(error.is_rate_limited() && error.retry_after() == Some(Duration::from_secs(30)), "{error:?}");
    assert_eq!(error.body(), Some("{\"errorMess"));

    let (server, _) = answering(429, &[("retry-after", "30")], &"x".repeat(5000)).await;
    let client = Client::builder(1003, TOKEN).base_url(server.url("/api/v3")).max_body_size(1000);
    let client = client.deadline(Duration::from_secs(5)).build().unwrap();
    let error = client.get(1).await.unwrap_err();
    assert!(error.is_rate_limited() && error.retry_after() == Some(Duration::from_secs(30)), "{error:?}");

    // One invalid member does not hide the others.
    let odd = r#"{"errorMessage":"Wrong parameter","errorCode":17,"args":{"max":{"of":100}}}"#;
    let (_server, client) = answering(400, &[], odd).await;
    let error = client.get(1).await.unwrap_err();
    assert_eq!((error.code(), error.api_error().error_message.as_deref()), (Some("17"), Some("Wrong parameter")));

    let reason = b"HTTP/1.1 400 Wrong parameter 'limit'\r\ncontent-length: 0\r\n\r\n";
    let error = scripted(reason).await.get(1).await.unwrap_err();
    assert_eq!(error.api_error().error_message.as_deref(), Some("Wrong parameter 'limit'"));
}

#[tokio::test]
async fn an_empty_limit_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for search in
        [coupons.search().status(Vec::new()), coupons.search().discount_type(Vec::new()), coupons.search().code("")]
    {
        let error = search.page().await.unwrap_err();
        assert!(error.kind() == ErrorKind::InvalidRequest && error.to_string().contains("empty"), "{error}");
    }
    let new = || NewCoupon::percent("Name", "CODE", 90);
    for coupon in [new().for_products([]), new().for_categories([]), new().for_shipping_methods(Vec::<String>::new())] {
        let error = coupons.create(&coupon).await.unwrap_err();
        assert!(error.to_string().contains("is empty, which Ecwid treats as no limit"), "{error}");
    }
    assert_eq!(sandbox.received_requests(), [], "nothing was sent");
    let both = new().for_categories([7]).for_products([1, 2]);
    coupons.create(&both).await.unwrap();
    assert_eq!(coupons.get("CODE").await.unwrap().catalog_limit, both.catalog_limit);
}

#[tokio::test]
async fn retry_after_is_read() {
    let future = (std::time::SystemTime::now() + Duration::from_secs(3600))
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let date = format!(
        "{}",
        ecwid_coupons::TimeFilter::from(future as i64).to_utc().unwrap().format("%a, %d %b %Y %H:%M:%S GMT")
    );
    for (value, from, to) in
        [("7", 7, 7), ("0", 0, 0), (date.as_str(), 3500, 3600), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0)]
    {
        let (_server, client) = answering(429, &[("retry-after", value)], "").await;
        let wait = client.get(1).await.unwrap_err().retry_after().unwrap().as_secs();
        assert!((from..=to).contains(&wait), "{value}: {wait}");
    }
    for value in ["soon", "-1", ""] {
        let (_server, client) = answering(429, &[("retry-after", value)], "").await;
        assert_eq!(client.get(1).await.unwrap_err().retry_after(), None, "{value}");
    }
}

#[tokio::test]
async fn an_unreadable_response_is_an_error() {
    for (body, part) in [
        ("<html>Sign in</html>", "expected value"),
        ("", "it is empty"),
        (r#"{"id":1,"status":"#, "the text ends before a value"),
        (r#"{"id":"one"}"#, "id: invalid type"),
        (r#"{"catalogLimit":{"products":[1,"x"]}}"#, "catalogLimit.products[1]"),
        (r#"{"id":1} and more"#, "more"),
        ("[]", "expected an object"),
    ] {
        let (_server, client) = answering(200, &[], body).await;
        let error = client.get(1).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Decode, Some(200)));
        assert!(error.to_string().contains(part), "{body}: {error}");
        assert_eq!(error.body(), (!body.is_empty()).then_some(body));
    }
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2000));
    let (server, _) = answering(200, &[], &large).await;
    let client = Client::builder(1003, TOKEN).base_url(server.url("/api/v3")).max_body_size(1000).build().unwrap();
    let error = client.get(1).await.unwrap_err();
    assert!(error.to_string().contains("larger than 1000 bytes"), "{error}");
}

#[tokio::test]
async fn the_size_limit_applies_after_decompression() {
    // The sandbox compresses this page to a few kilobytes.
    let sandbox = Sandbox::start().await.unwrap();
    let name = "x".repeat(20_000);
    sandbox.load((1..=50).map(|id| Coupon::default().id(id).code(format!("C{id}")).name(name.as_str()))).await.unwrap();
    let client =
        Client::builder(1003, sandbox.token()).base_url(sandbox.base_url()).max_body_size(500_000).build().unwrap();
    let error = client.search().page().await.unwrap_err();
    assert!(error.to_string().contains("larger than 500000 bytes"), "{error}");
}

/// A server that reads a request, sends these bytes, and closes the connection.
async fn scripted(response: &'static [u8]) -> Client {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base_url = format!("http://{}/api/v3", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(response).await;
        }
    });
    Client::builder(1003, TOKEN).base_url(base_url).max_attempts(1).deadline(Duration::from_secs(5)).build().unwrap()
}

#[tokio::test]
async fn a_broken_connection_is_a_network_error() {
    let reset = scripted(b"").await;
    let truncated =
        scripted(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"id\":1}").await;
    let half = scripted(b"HTTP/1.1 200 OK\r\ncontent-ty").await;
    for client in [reset, truncated, half] {
        let error = client.create(&NewCoupon::new("Name", "CODE")).await.unwrap_err();
        assert!(error.is_network() && error.kind() == ErrorKind::Network, "{error:?}");
        assert!(error.hint().unwrap().contains("look up its code before retrying"), "{error}");
        let error = client.get(1).await.unwrap_err();
        assert!(error.hint().unwrap().contains("try again"), "{error}");
        assert!(!format!("{error:?}{client:?}").contains(TOKEN));
    }
}

#[tokio::test]
async fn connect_errors_and_timeouts_are_distinct() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let builder = Client::builder(1003, TOKEN).base_url(format!("http://{address}/api/v3"));
    // The server listens but never responds.
    let client = builder.clone().timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.get(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("within 0.05 s"), "{error}");
    drop(listener);
    let error = builder.build().unwrap().get(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(
        error.to_string().contains(&address.to_string()) && error.to_string().contains("check the base URL"),
        "{error}"
    );
}

#[tokio::test]
async fn https_needs_no_further_setup() {
    // The default is the vendor's HTTPS address. Creating the client sends no request.
    assert!(Client::builder(1003, TOKEN).build().is_ok());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        }
    });
    let client = Client::builder(1003, TOKEN).base_url(format!("https://{address}/api/v3")).build().unwrap();
    let error = client.get(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("corrupt message"), "what is no TLS is told as that: {error}");
}

#[test]
fn invalid_settings_are_refused() {
    let message = |store_id, token: &str, base_url: &str| {
        let error = Client::builder(store_id, token).base_url(base_url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    };
    let base_url = "http://127.0.0.1/api/v3";
    assert!(message(0, TOKEN, base_url).contains("invalid store id: `0`"));
    assert!(message(-1, TOKEN, base_url).contains("-1"));
    assert!(message(1, "", base_url).contains("token is empty"));
    for token in ["secret_a b", "secret_a\n", "secret_ä", "secret_\u{0}"] {
        let text = message(1, token, base_url);
        assert!(text.contains("token") && !text.contains("secret"), "{text}");
    }
    for url in ["", "app.ecwid.com", "ftp://x/api/v3", "http://", "http://x/api/v3?x=1", "not a url"] {
        assert!(message(1, TOKEN, url).contains("(expected a URL such as `https://app.ecwid.com/api/v3`)"), "{url}");
    }
    for url in ["http://user:hidden@x/api/v3", "http://user:hid den@x:99999/api", "user:hidden@x"] {
        let text = message(1, TOKEN, url);
        assert!(!text.contains("hid"), "{text}");
    }
    assert!(message(1, TOKEN, "http://app.ecwid.com/api/v3").contains("unencrypted"));
    assert!(Client::builder(1, TOKEN).base_url(" http://127.0.0.1:1/api/v3/ ").build().is_ok());
}

#[tokio::test]
async fn the_callers_http_client_is_used() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-mine", "yes".parse().unwrap());
    let _ = super::plain_http::http_client();
    let http_client = reqwest::Client::builder().no_proxy().default_headers(headers).build().unwrap();
    let client =
        Client::builder(1003, sandbox.token()).base_url(sandbox.base_url()).http_client(http_client).build().unwrap();
    client.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    client.update("CODE", &CouponUpdate::default().pause()).await.unwrap();
    let requests = sandbox.received_requests();
    assert!(
        requests
            .iter()
            .all(|request| request.request_headers.iter().any(|(name, value)| name == "x-mine" && value == "yes"))
    );
    assert!(requests.iter().all(|request| request.request_headers.iter().all(|(name, _)| name != "api-version")));
}
