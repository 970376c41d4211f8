//! Proxies that the program sets.

use std::net::SocketAddr;

use ecwid_coupons::{Client, ClientBuilder, ErrorKind};
use ecwid_coupons_tests::{
    scripted_server::{Act, ScriptedServer},
    tls_front::TlsFront,
};
use rustls::ALL_VERSIONS;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

const COUPON: &str = r#"{"id":7,"code":"CODE"}"#;

/// A client for a store that only the proxy can reach.
fn client(scheme: &str) -> ClientBuilder {
    let client = Client::builder(1003, "secret_do_not_show").base_url(format!("{scheme}://store.example/api/v3"));
    client.allow_http(true).max_attempts(1)
}

async fn store() -> ScriptedServer {
    ScriptedServer::start(Vec::new(), |_| Act::response(200, COUPON)).await.unwrap()
}

#[tokio::test]
async fn a_plain_request_goes_through_the_proxy() {
    let proxy = store().await;
    let client = client("http").proxy(format!("http://user:p%40ss@{}", proxy.address())).build().unwrap();
    assert_eq!(client.get("CODE").await.unwrap().id, Some(7));
    let seen = proxy.seen();
    assert_eq!(seen[0].target, "http://store.example/api/v3/1003/discount_coupons/CODE");
    assert_eq!(seen[0].header("proxy-authorization"), Some("Basic dXNlcjpwQHNz"));
}

#[tokio::test]
async fn a_named_proxy_is_used_for_this_machine() {
    let proxy = store().await;
    let client = Client::builder(1003, "secret").base_url("http://127.0.0.1:1/api/v3");
    let client = client.proxy(format!("http://{}", proxy.address())).build().unwrap();
    client.get("CODE").await.unwrap();
    assert!(proxy.seen()[0].target.starts_with("http://127.0.0.1:1/"));
}

#[tokio::test]
async fn tls_passes_through_the_proxy() {
    let store = store().await;
    let front = TlsFront::start(store.address(), ALL_VERSIONS).await.unwrap();
    let to = front.address();
    let tunnel = move |_: &_| Act::Tunnel(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), to);
    let proxy = ScriptedServer::start(Vec::new(), tunnel).await.unwrap();
    let client = client("https").add_root_certificates(front.root());
    let client = client.proxy(format!("http://{}", proxy.address())).build().unwrap();
    client.get("CODE").await.unwrap();
    let seen = proxy.seen();
    assert_eq!((&*seen[0].method, &*seen[0].target), ("CONNECT", "store.example:443"));
    assert!(!format!("{seen:?}").contains("secret"), "{seen:?}");
    assert_eq!(store.seen().len(), 1);
}

#[tokio::test]
async fn a_proxy_may_use_tls_for_plain_requests() {
    let store = store().await;
    let front = TlsFront::start(store.address(), ALL_VERSIONS).await.unwrap();
    let client = client("http").proxy(format!("https://localhost:{}", front.address().port()));
    let error = client.clone().build().unwrap().get("CODE").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    client.add_root_certificates(front.root()).build().unwrap().get("CODE").await.unwrap();
    assert!(store.seen()[0].target.starts_with("http://store.example/"));
}

/// A SOCKS 5 proxy that accepts one connection, and the requested host and port.
async fn socks(to: SocketAddr) -> (SocketAddr, tokio::task::JoinHandle<std::io::Result<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await?;
        let mut head = [0; 2];
        connection.read_exact(&mut head).await?;
        connection.read_exact(&mut vec![0; head[1].into()]).await?;
        connection.write_all(&[5, 0]).await?;
        // Version, command, reserved byte, kind of address, and length of the name.
        let mut request = [0; 5];
        connection.read_exact(&mut request).await?;
        let mut name = vec![0; request[4].into()];
        connection.read_exact(&mut name).await?;
        let port = connection.read_u16().await?;
        connection.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        copy_bidirectional(&mut connection, &mut TcpStream::connect(to).await?).await?;
        Ok(format!("{:?} {}:{port}", &request[..4], String::from_utf8_lossy(&name)))
    });
    (address, asked)
}

#[tokio::test]
async fn a_socks_proxy_resolves_the_name() {
    let store = store().await;
    let (proxy, asked) = socks(store.address()).await;
    let client = client("http").proxy(format!("socks5h://{proxy}")).build().unwrap();
    client.get("CODE").await.unwrap();
    drop(client);
    assert_eq!(asked.await.unwrap().unwrap(), "[5, 1, 0, 3] store.example:80");
}

#[tokio::test]
async fn a_refusal_of_the_proxy_is_reported() {
    let response = Act::with(407, &[("proxy-authenticate", "Basic")], "<html>Sign in</html>");
    let proxy = ScriptedServer::start(Vec::new(), move |_| response.clone()).await.unwrap();
    let address = format!("http://user:hidden@{}", proxy.address());
    // In response to a tunnel, and to the request itself.
    for (scheme, kind) in [("https", ErrorKind::Connect), ("http", ErrorKind::Status)] {
        let client = client(scheme).proxy(&address).max_attempts(3).build().unwrap();
        let before = proxy.seen().len();
        let error = client.get("CODE").await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, (scheme == "http").then_some(407)), "{error}");
        let hint = error.hint().unwrap();
        assert!(hint.contains("user name and the password") && hint.contains("HTTPS_PROXY"), "{hint}");
        let text = error.to_string();
        assert!(!text.contains("hidden") && !text.contains("secret"), "{text}");
        assert_eq!(proxy.seen().len(), before + 1, "it refuses the next attempt too");
    }
}

#[tokio::test]
async fn a_refusal_of_the_socks_proxy_is_reported() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let responded = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut head = [0; 2];
        connection.read_exact(&mut head).await.unwrap();
        connection.read_exact(&mut vec![0; head[1].into()]).await.unwrap();
        // None of the offered methods to sign in is accepted.
        connection.write_all(&[5, 0xff]).await.unwrap();
    });
    let error = client("https").proxy(format!("socks5h://{address}")).build().unwrap().get("CODE").await.unwrap_err();
    responded.await.unwrap();
    assert!(error.hint().unwrap().contains("user name and the password"), "{error}");
}

#[test]
fn an_invalid_proxy_is_refused() {
    let message = |address: &str| client("https").proxy(address).build().unwrap_err().to_string();
    for address in ["", "proxy.example", "proxy.example:3128", "ftp://proxy.example", "http://", "not a proxy"] {
        let text = message(address);
        assert!(text.contains("invalid proxy: ") && text.contains("http://proxy.example:3128"), "{text}");
    }
    for address in ["http://user:hidden@proxy.example:99999", "ftp://user:hidden@proxy.example"] {
        assert!(!message(address).contains("hidden"), "{}", message(address));
    }
    assert!(!format!("{:?}", client("https").proxy("http://user:hidden@proxy.example")).contains("hidden"));
    assert!(client("https").proxy(" http://proxy.example:3128 ").build().is_ok());
}
