//! The token is sent over plain HTTP to this machine only, unless `allow_http` is set.

use ecwid_coupons::{Client, ClientBuilder, ErrorKind};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

const TOKEN: &str = "secret_do_not_show";

fn client(base_url: &str) -> ClientBuilder {
    Client::builder(1003, TOKEN).base_url(base_url).max_attempts(1)
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for here in [
        "http://127.0.0.1:8025/api/v3",
        "HTTP://LocalHost:8025/api/v3",
        "http://127.255.255.254",
        "http://[::1]:8025",
        // Other forms of the same addresses.
        "http://127.1/api/v3",
        "http://2130706433/api/v3",
        "http://0x7f.0.0.1/api/v3",
        "http://0177.1/api/v3",
        "http://127.0.0.1./api/v3",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[::ffff:127.0.0.1]",
        "http://①②⑦.0.0.1",
    ] {
        client(here).build().unwrap();
    }
    for elsewhere in [
        "http://app.ecwid.com/api/v3",
        "http://app.ecwid.com./api/v3",
        "http://APP.ECWID.COM/api/v3",
        "HTTP://app.ecwid.com:443/api/v3",
        "http://shop.example/api/v3",
        "http://10.0.0.1/api/v3",
        "http://0.0.0.0:8025/api/v3",
        "http://[::]:8025/api/v3",
        "http://[::ffff:10.0.0.1]/api/v3",
        "http://[::127.0.0.1]/api/v3",
        "http://126.255.255.255",
        "http://128.0.0.1",
        // Names that are looked up.
        "http://localhost./api/v3",
        "http://shop.localhost/api/v3",
        "http://localhost.example/api/v3",
        "http://127.0.0.1.example/api/v3",
        "http://127.0.0.1.nip.io/api/v3",
        "http://notlocalhost/api/v3",
    ] {
        let error = client(elsewhere).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = error.to_string();
        assert!(text.contains("unencrypted") && text.contains("allow_http"), "{elsewhere}: {text}");
        client(elsewhere).allow_http(true).build().unwrap();
        assert!(client(elsewhere).allow_http(true).allow_http(false).build().is_err());
    }
    // The name before an `@` is not the host.
    for hidden in ["http://127.0.0.1@shop.example/api/v3", "http://localhost:80@shop.example"] {
        client(hidden).build().unwrap_err();
        client(hidden).allow_http(true).build().unwrap_err();
    }
    client("https://shop.example/api/v3").build().unwrap();
}

#[tokio::test]
async fn a_remote_proxy_needs_allow_http() {
    let here = "http://127.0.0.1:8025/api/v3";
    for proxy in ["http://proxy.example:3128", "https://proxy.example", "socks5h://10.0.0.1:1080", "http://0.0.0.0:1"] {
        let text = client(here).proxy(proxy).build().unwrap_err().to_string();
        assert!(text.contains("unencrypted through a proxy on another machine"), "{proxy}: {text}");
        client(here).proxy(proxy).allow_http(true).build().unwrap();
        // Requests through this proxy are encrypted.
        client("https://app.ecwid.com/api/v3").proxy(proxy).build().unwrap();
    }
    client(here).proxy("http://127.0.0.1:3128").build().unwrap();
    client(here).no_proxy().build().unwrap();
    // The server is not on this machine, whatever the proxy is.
    client("http://shop.example/api/v3").proxy("http://127.0.0.1:3128").build().unwrap_err();
}

#[tokio::test]
async fn allowed_http_is_sent() {
    let server = ScriptedServer::start(Vec::new(), |_| Act::response(200, r#"{"id":7,"code":"CODE"}"#)).await.unwrap();
    // This machine, by an address that is not recognized as such.
    let base_url = format!("http://0.0.0.0:{}/api/v3", server.address().port());
    client(&base_url).build().unwrap_err();
    client(&base_url).allow_http(true).no_proxy().build().unwrap().get("CODE").await.unwrap();
    assert_eq!(server.seen().len(), 1);
}
