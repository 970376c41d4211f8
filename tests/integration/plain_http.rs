//! Requests as any client sends them, without what the Ecwid client makes of them.

use std::time::Duration;

use ecwid_coupons_sandbox::Sandbox;
use serde_json::Value;
use tokio::net::TcpStream;

/// An HTTP client without the ecwid client's own settings.
pub(super) fn http_client() -> reqwest::Client {
    // The library panics where it has no TLS provider, even for plain HTTP; the ecwid client brings its own.
    static PROVIDER: std::sync::Once = std::sync::Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

/// Sends a JSON body and gives the answer.
pub(super) async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/1003/discount_coupons{path}", sandbox.base_url());
    let request = http_client().request(method.parse().unwrap(), url).bearer_auth("secret_sandbox").json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub(super) async fn raw(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let url = format!("{}/1003/discount_coupons{path}", sandbox.base_url());
    let response = http_client().get(url).bearer_auth("secret_sandbox").send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// A connection on which a test says each byte itself.
pub(super) async fn connect(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.base_url().trim_start_matches("http://").trim_end_matches("/api/v3");
    TcpStream::connect(address).await.unwrap()
}
