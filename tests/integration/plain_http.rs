//! Requests of any HTTP client, without the Ecwid client.

use std::time::Duration;

use ecwid_coupons_sandbox::Sandbox;
use serde_json::Value;
use tokio::net::TcpStream;

/// An HTTP client without the settings of the Ecwid client.
pub(super) fn http_client() -> reqwest::Client {
    // The HTTP library panics without a TLS provider, even for plain HTTP. The Ecwid client has its own provider.
    static PROVIDER: std::sync::Once = std::sync::Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

/// Sends a JSON body and returns the response.
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

/// Opens a connection on which a test sends each byte itself.
pub(super) async fn connect(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.base_url().trim_start_matches("http://").trim_end_matches("/api/v3");
    TcpStream::connect(address).await.unwrap()
}
