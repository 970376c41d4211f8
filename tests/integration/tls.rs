//! TLS: which certificates are trusted, which versions are spoken, and what a caller is told where it fails.

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
    let store = ScriptedServer::start(Vec::new(), |_| Act::answer(200, r#"{"id":7,"code":"CODE"}"#)).await.unwrap();
    TlsFront::start(store.address(), versions).await.unwrap()
}

fn client(base_url: impl Into<String>) -> ClientBuilder {
    Client::builder(1003, "secret_do_not_show").base_url(base_url)
}

async fn get(client: ClientBuilder) -> Result<Option<i64>, Error> {
    Ok(client.build().unwrap().get("CODE").await?.id)
}

/// Asks for what cannot be had: nothing was sent, and it was tried once.
async fn failure(client: ClientBuilder) -> String {
    let error = get(client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error}");
    assert!(!error.may_have_taken_effect() && !error.to_string().contains("secret"), "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_certificate_is_trusted_when_its_root_is_added() {
    let (ours, other) = (front(ALL_VERSIONS).await, front(ALL_VERSIONS).await);
    let text = failure(client(ours.base_url())).await;
    assert!(text.contains("UnknownIssuer") && text.contains("add its root certificate"), "{text}");
    failure(client(ours.base_url()).add_root_certificates(other.root())).await;

    assert_eq!(get(client(ours.base_url()).add_root_certificates(ours.root())).await.unwrap(), Some(7));
    // Several in one text, and one after the other.
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
    assert!(text.contains("certificate not valid for name") && text.contains("another certificate"), "{text}");
}

#[tokio::test]
async fn a_version_below_the_lowest_is_refused() {
    let (old, new) = (front(&[&TLS12]).await, front(&[&TLS13]).await);
    let client = |front: &TlsFront| client(front.base_url()).add_root_certificates(front.root());
    let text = failure(client(&old).min_tls_version(TlsVersion::Tls13)).await;
    assert!(text.contains("takes no version of TLS that is allowed here"), "{text}");
    assert_eq!(get(client(&old)).await.unwrap(), Some(7));
    assert_eq!(get(client(&old).min_tls_version(TlsVersion::Tls12)).await.unwrap(), Some(7));
    assert_eq!(get(client(&new)).await.unwrap(), Some(7));
    assert_eq!(get(client(&new).min_tls_version(TlsVersion::Tls13)).await.unwrap(), Some(7));
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.read(&mut [0; 1000]).await;
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let text = failure(client(format!("https://localhost:{port}/api/v3"))).await;
    assert!(text.contains("speaks no TLS"), "{text}");
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_when_the_client_is_made() {
    let message = |pem: &[u8]| {
        // It is no less wrong where no TLS is spoken.
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
        assert!(text.contains("hold none; each is a text from -----BEGIN CERTIFICATE-----"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
    for broken in ["-----BEGIN CERTIFICATE-----\nAAAA", &section("CERTIFICATE", "!?")] {
        let text = message(broken.as_bytes());
        assert!(text.contains("are no PEM: ") && text.contains("each is a text from"), "{text}");
    }
    let good = front(ALL_VERSIONS).await.root().to_owned();
    let text = message(format!("{good}{}", section("CERTIFICATE", "AAAA")).as_bytes());
    assert!(text.contains("the root certificate number 2 cannot be read"), "{text}");
}

#[test]
fn what_a_client_of_ones_own_has_is_not_set_beside_it() {
    let _ = super::plain_http::http_client();
    let builder = || client("http://localhost:1/api/v3").http_client(reqwest::Client::new());
    assert!(builder().build().is_ok());
    for builder in [
        builder().proxy("http://proxy.example"),
        builder().no_proxy(),
        builder().add_root_certificates("x"),
        builder().min_tls_version(TlsVersion::Tls13),
    ] {
        let text = builder.build().unwrap_err().to_string();
        assert!(text.contains("cannot be set beside a `reqwest::Client`"), "{text}");
    }
}
