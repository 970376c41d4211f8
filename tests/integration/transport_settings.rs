//! Settings of the HTTP client: the user agent, headers, the connect timeout, and your own HTTP client.

use std::time::Duration;

use ecwid_coupons::{Client, ClientBuilder, ErrorKind, types::NewCoupon};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

const PAGE: &str = r#"{"total": 0, "count": 0, "offset": 0, "limit": 100, "items": []}"#;

async fn server() -> ScriptedServer {
    ScriptedServer::start(Vec::new(), |_| Act::response(200, PAGE)).await.unwrap()
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(1003, "secret_token").base_url(base_url).max_attempts(1)
}

#[tokio::test]
async fn the_user_agent_and_headers_are_sent() {
    let server = server().await;
    builder(server.base_url()).build().unwrap().search().count().await.unwrap();
    let client = builder(server.base_url()).user_agent("my-shop/1.0 (mail@example.com)");
    let client = client.header("X-Gateway-Key", "hush").header("x-team", "coupons");
    assert!(!format!("{client:?}").contains("hush"));
    let client = client.build().unwrap();
    assert!(!format!("{client:?} {:?}", client.api()).contains("hush"));
    client.search().count().await.unwrap();
    let seen = server.seen();
    let default = seen[0].header("user-agent").unwrap();
    assert!(default.starts_with("ecwid-coupons/"), "{default}");
    assert_eq!(seen[1].header("user-agent").unwrap(), format!("my-shop/1.0 (mail@example.com) {default}"));
    assert_eq!((seen[1].header("x-gateway-key"), seen[1].header("x-team")), (Some("hush"), Some("coupons")));
    assert_eq!(seen[1].header("authorization"), Some("Bearer secret_token"));
}

#[test]
fn an_invalid_setting_is_named() {
    let message = |builder: ClientBuilder| {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    };
    let builder = || builder("http://127.0.0.1:1/api/v3");
    for text in ["", " ", "läden", "a\nb"] {
        let shown = message(builder().user_agent(text));
        assert!(shown.contains("invalid user agent: ") && shown.contains("my-shop/1.0"), "{shown}");
    }
    for name in ["", "a b", "ä", "x:"] {
        assert!(message(builder().header(name, "hush")).contains("invalid header name: "), "{name}");
    }
    let shown = message(builder().header("x-key", "hush\n1"));
    assert!(shown.contains("`x-key`") && !shown.contains("hush"), "{shown}");
    for (name, hint) in [
        ("Authorization", "`Client::builder`"),
        ("user-agent", "`ClientBuilder::user_agent`"),
        ("proxy-authorization", "proxy"),
        ("x-ecwid-api-request-id", ""),
        ("Content-Type", ""),
        ("Host", ""),
        ("cache-control", ""),
        ("accept", ""),
    ] {
        let shown = message(builder().header(name, "hush"));
        assert!(shown.contains("the client sets") && shown.contains(hint) && !shown.contains("hush"), "{shown}");
    }
}

#[tokio::test]
async fn connecting_has_a_timeout_of_its_own() {
    // A listener whose queue is full does not complete connections.
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let _queued: Vec<_> = (0..8)
        .map(|_| {
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
            socket.set_nonblocking(true).unwrap();
            let _ = socket.connect(&address.into());
            socket
        })
        .collect();
    let client = builder(&format!("http://{address}/api/v3")).connect_timeout(Duration::from_millis(100));
    let error = client.build().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("the connection timed out"), "{error}");
}

#[tokio::test]
async fn an_http_client_has_the_settings_of_the_builder() {
    let sandbox = Sandbox::start().await.unwrap();
    let builder = Client::builder(1003, sandbox.token()).base_url(sandbox.base_url());
    let mut builder = builder.no_proxy().user_agent("my-shop/1.0").header("x-team", "coupons");
    let http_client = builder.http_client_builder().unwrap().pool_max_idle_per_host(1).build().unwrap();
    // Of use in other requests too.
    assert_eq!(http_client.get(sandbox.base_url()).send().await.unwrap().status(), 404);
    let client = builder.clone().http_client(http_client.clone()).build().unwrap();
    client.search().count().await.unwrap();
    let requests = sandbox.received_requests();
    for request in &requests {
        let header = |wanted: &str| request.request_headers.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
        assert!(header("user-agent").starts_with("my-shop/1.0 ecwid-coupons/"));
        assert_eq!(header("x-team"), "coupons");
    }
    assert_eq!(requests.len(), 2);
    // A later setting would have no effect.
    let late = builder.user_agent("other/1.0").http_client(http_client).build().unwrap_err();
    assert!(late.to_string().contains("`http_client` cannot be combined with"), "{late}");
    let mut invalid = Client::builder(1003, "secret_token").base_url("secret_token");
    let error = invalid.http_client_builder().unwrap_err();
    assert!(error.to_string().contains("invalid base URL") && !error.to_string().contains("secret_token"), "{error}");
}

#[tokio::test]
async fn an_http_client_does_not_follow_redirects() {
    let redirect = Act::with(302, &[("location", "/other")], "");
    let server = ScriptedServer::start(Vec::new(), move |_| redirect.clone()).await.unwrap();
    let http_client = builder(server.base_url()).http_client_builder().unwrap().build().unwrap();
    assert_eq!(http_client.get(server.base_url()).send().await.unwrap().status(), 302);
}
