//! Connections: slow clients, compression, and what a stop does to open connections.

use std::time::Duration;

use ecwid_coupons::types::Coupon;
use ecwid_coupons_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::plain_http::{connect, http_client};

#[tokio::test]
async fn responses_are_compressed_on_request() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox
        .load((1..=100).map(|id| Coupon::default().with_id(id).with_code(format!("CODE{id}")).with_name("Name")))
        .await
        .unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    // This installs the TLS provider, without which the library panics.
    let _ = http_client();
    let client = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
    let request = client.get(url).bearer_auth("secret_sandbox");
    let packed = request.try_clone().unwrap().header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let plain = request.send().await.unwrap();
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert!(packed.bytes().await.unwrap().len() * 3 < plain.bytes().await.unwrap().len());
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().count, Some(100));
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_times_out() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request = "POST /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret_sandbox\r\n\
                   content-type: application/json\r\ncontent-length: 100\r\n\r\n{\"name\":";
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 408 ") && response.contains("\"errorCode\":\"TIMEOUT\""), "{response}");
}

#[tokio::test]
async fn a_dropped_sandbox_stops() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.search().page().await.unwrap();
    drop(sandbox);
    // The first connection is still in the client's pool, and must not be served any more.
    for _ in 0..10_000 {
        if coupons.search().page().await.is_err() {
            return;
        }
    }
    panic!("it still responds");
}

#[tokio::test(start_paused = true)]
async fn a_slow_head_times_out() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let start = Instant::now();
    connection.write_all(b"GET /api/v3/1003/discount_coupons HTTP/1.1\r\nx-drip: ").await.unwrap();
    let mut response = Vec::new();
    // Each byte arrives in time, but the whole head does not.
    while let Err(_elapsed) = timeout(Duration::from_secs(5), connection.read_to_end(&mut response)).await {
        let _ = connection.write_all(b"x").await;
        assert!(start.elapsed() < Duration::from_secs(90), "the connection is still open");
    }
    assert!(start.elapsed() > Duration::from_secs(60), "{:?}", start.elapsed());
    assert_eq!(String::from_utf8_lossy(&response), "");
    assert!(sandbox.client().unwrap().search().page().await.is_ok());
}

/// Returns an idle connection that has served one request.
async fn kept_alive(sandbox: &Sandbox) -> TcpStream {
    let mut connection = connect(sandbox).await;
    connection.write_all(b"GET /page/style.css HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"}\n") {
        assert_ne!(connection.read_buf(&mut response).await.unwrap(), 0, "the connection is kept open");
    }
    connection
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_connections_without_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut kept = kept_alive(&sandbox).await;
    let start = Instant::now();
    sandbox.stop().await;
    // Only requests in progress get two seconds.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(kept.read(&mut [0]).await.unwrap(), 0, "the connection is closed without a reset");

    let sandbox = Sandbox::start().await.unwrap();
    let _new = connect(&sandbox).await;
    // A response on the later connection shows that the earlier one has been accepted.
    let _kept = kept_alive(&sandbox).await;
    let start = Instant::now();
    sandbox.stop().await;
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut kept = kept_alive(&sandbox).await;
    let start = Instant::now();
    assert_eq!(kept.read(&mut [0]).await.unwrap(), 0, "the connection is closed without a reset");
    assert!((60..90).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    sandbox.stop().await;
}

/// Returns a connection on which half of a request has arrived.
async fn half_a_request(sandbox: &Sandbox) -> TcpStream {
    let mut connection = connect(sandbox).await;
    connection.write_all(b"GET /api/v3/1003/disc").await.unwrap();
    // A response on the later connection shows that the earlier bytes have been read.
    let mut later = connect(sandbox).await;
    later.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    assert_eq!(later.read_u8().await.unwrap(), b'H');
    connection
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_half_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let _connection = half_a_request(&sandbox).await;
    timeout(Duration::from_secs(3), sandbox.stop()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_sandbox_does_not_wait_for_half_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = half_a_request(&sandbox).await;
    drop(sandbox);
    // The connection is at its end or was reset.
    let _ = timeout(Duration::from_secs(3), connection.read_to_end(&mut Vec::new())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_client_that_does_not_read() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = "n".repeat(200_000);
    let coupons =
        (1..=100).map(|id| Coupon::default().with_id(id).with_code(format!("CODE{id}")).with_name(name.clone()));
    sandbox.load(coupons).await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request =
        "GET /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret_sandbox\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(connection.read_u8().await.unwrap(), b'H');
    timeout(Duration::from_secs(3), sandbox.stop()).await.unwrap();
}

#[tokio::test]
async fn a_stop_finishes_requests_in_progress() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request = "POST /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret_sandbox\r\n\
                   content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 29\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    // The request is in progress when the sandbox asks for the body.
    assert_eq!(connection.read_u8().await.unwrap(), b'H');
    let response = async {
        connection.write_all(br#"{"name":"Name","code":"CODE"}"#).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        response
    };
    let ((), response) = tokio::join!(sandbox.stop(), response);
    assert!(response.contains("HTTP/1.1 200 ") && response.contains("\"CODE\""), "{response}");
}
