//! TLS: trusted certificates, supported versions, and the errors of failures.

use ecwid_coupons::{Client, ClientBuilder, Error, ErrorKind, TlsVersion};
use ecwid_coupons_tests::{
    scripted_server::{Act, ScriptedServer},
    tls_front::TlsFront,
};
use rustls::{
    ALL_VERSIONS, SupportedProtocolVersion,
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

async fn front(versions: &[&'static SupportedProtocolVersion]) -> TlsFront {
    let store = ScriptedServer::start(Vec::new(), |_| Act::response(200, r#"{"id":7,"code":"CODE"}"#)).await.unwrap();
    TlsFront::start(store.address(), versions).await.unwrap()
}

fn client(base_url: impl Into<String>) -> ClientBuilder {
    Client::builder(1003, "secret_do_not_show").base_url(base_url)
}

async fn get(client: ClientBuilder) -> Result<Option<i64>, Error> {
    Ok(client.build().unwrap().get("CODE").await?.id)
}

/// Sends a request that must fail before it is sent, after a single attempt.
async fn failure(client: ClientBuilder) -> String {
    let error = get(client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error}");
    assert!(!error.may_have_taken_effect() && !error.to_string().contains("secret"), "{error}");
    error.to_string()
}

#[tokio::test]
async fn an_added_root_certificate_is_trusted() {
    let (ours, other) = (front(ALL_VERSIONS).await, front(ALL_VERSIONS).await);
    let text = failure(client(ours.base_url())).await;
    assert!(text.contains("UnknownIssuer") && text.contains("add the root certificate"), "{text}");
    failure(client(ours.base_url()).add_root_certificates(other.root())).await;

    assert_eq!(get(client(ours.base_url()).add_root_certificates(ours.root())).await.unwrap(), Some(7));
    // Several certificates in one text, and one after another.
    let both = format!("# ours\n{}\n# other\n{}", ours.root(), other.root());
    let one_by_one = client("").add_root_certificates(ours.root()).add_root_certificates(other.root());
    for server in [&ours, &other] {
        assert_eq!(get(client(server.base_url()).add_root_certificates(&*both)).await.unwrap(), Some(7));
        assert_eq!(get(one_by_one.clone().base_url(server.base_url())).await.unwrap(), Some(7));
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let front = front(ALL_VERSIONS).await;
    let base_url = front.base_url().replace("localhost", "127.0.0.1");
    let text = failure(client(base_url).add_root_certificates(front.root())).await;
    assert!(text.contains("certificate not valid for name") && text.contains("replace the certificate"), "{text}");
}

#[tokio::test]
async fn an_older_tls_version_is_refused() {
    let (old, new) = (front(&[&TLS12]).await, front(&[&TLS13]).await);
    let client = |front: &TlsFront| client(front.base_url()).add_root_certificates(front.root());
    let text = failure(client(&old).min_tls_version(TlsVersion::Tls13)).await;
    assert!(text.contains("supports none of the allowed ones"), "{text}");
    assert_eq!(get(client(&old)).await.unwrap(), Some(7));
    assert_eq!(get(client(&old).min_tls_version(TlsVersion::Tls12)).await.unwrap(), Some(7));
    assert_eq!(get(client(&new)).await.unwrap(), Some(7));
    assert_eq!(get(client(&new).min_tls_version(TlsVersion::Tls13)).await.unwrap(), Some(7));
}

#[tokio::test]
async fn a_server_without_tls_is_reported() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.read(&mut [0; 1000]).await;
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let text = failure(client(format!("https://localhost:{port}/api/v3"))).await;
    assert!(text.contains("does not use TLS"), "{text}");
}

#[tokio::test]
async fn an_invalid_certificate_is_refused() {
    let message = |pem: &[u8]| {
        // This is an error even without TLS.
        let texts = ["https", "http"].map(|scheme| {
            let builder = client(format!("{scheme}://localhost:1/api/v3")).add_root_certificates(pem);
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            error.to_string()
        });
        assert_eq!(texts[0], texts[1]);
        texts[0].clone()
    };
    let section = |kind: &str, content: &str| format!("-----BEGIN {kind}-----\n{content}\n-----END {kind}-----\n");
    for none in ["", "secret_in_the_wrong_place", &section("PRIVATE KEY", "c2VjcmV0")] {
        let text = message(none.as_bytes());
        assert!(text.contains("there are none (expected texts from `-----BEGIN CERTIFICATE-----`"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
    for broken in ["-----BEGIN CERTIFICATE-----\nAAAA", &section("CERTIFICATE", "!?")] {
        let text = message(broken.as_bytes());
        assert!(text.contains("invalid root certificates: ") && text.contains("(expected texts from"), "{text}");
    }
    let good = front(ALL_VERSIONS).await.root().to_owned();
    let text = message(format!("{good}{}", section("CERTIFICATE", "AAAA")).as_bytes());
    assert!(text.contains("invalid root certificate number 2"), "{text}");
}

#[test]
fn the_callers_http_client_excludes_tls_settings() {
    let _ = super::plain_http::http_client();
    let builder = || client("http://localhost:1/api/v3").http_client(reqwest::Client::new());
    assert!(builder().build().is_ok());
    for builder in [
        builder().proxy("http://proxy.example"),
        builder().no_proxy(),
        builder().add_root_certificates("x"),
        builder().min_tls_version(TlsVersion::Tls13),
        builder().user_agent("my-shop/1.0"),
        builder().header("x-team", "coupons"),
        builder().connect_timeout(std::time::Duration::from_secs(1)),
    ] {
        let text = builder.build().unwrap_err().to_string();
        assert!(
            text.contains("`http_client` cannot be combined with settings for the proxy, TLS or headers"),
            "{text}"
        );
    }
}
