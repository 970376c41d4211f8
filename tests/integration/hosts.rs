//! The host names that requests may be sent to, and the headers of every response.

use ecwid_coupons_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{
    control::url,
    plain_http::{connect, http_client},
    web_page::origin,
};

/// Sends the head of a request unchanged, and returns the status and the whole response.
async fn response(sandbox: &Sandbox, head: &str) -> (u16, String) {
    let mut connection = connect(sandbox).await;
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    connection.read_to_end(&mut response).await.unwrap();
    let response = String::from_utf8_lossy(&response).into_owned();
    (response.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(), response)
}

const PATHS: [&str; 5] =
    ["/api/v3/1003/discount_coupons", "/_sandbox/clock", "/", "/page/style.css", "/api/v3/1003/batch?status=QUEUED"];

fn head(target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{headers}authorization: Bearer secret_sandbox\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn every_path_checks_the_host() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = origin(&sandbox).strip_prefix("http://").unwrap();
    for path in PATHS {
        for (host, expected) in [
            (address, 200),
            ("localhost:8025", 200),
            ("LOCALHOST", 200),
            ("127.3.3.3:1", 200),
            ("[::1]:8025", 200),
            ("shop.example.com", 403),
            ("shop.example.com:8025", 403),
            ("127.0.0.1.nip.io", 403),
            ("localhost.example.com", 403),
            ("10.0.0.1:8025", 403),
            ("0.0.0.0:8025", 403),
            ("a@localhost", 403),
            ("localhost, localhost", 403),
            ("", 403),
        ] {
            let (status, text) = response(&sandbox, &head(path, &format!("host: {host}\r\n"))).await;
            assert_eq!(status, expected, "{path} {host}: {text}");
        }
        for (headers, what) in [
            ("", "none"),
            ("host: localhost\r\nhost: shop.example.com\r\n", "two"),
            ("host: localhost\r\nHost: localhost\r\n", "the same twice"),
        ] {
            let (status, text) = response(&sandbox, &head(path, headers)).await;
            assert_eq!(status, 400, "{path} {what}: {text}");
        }
    }
    // Unknown paths are checked too, and the journal has all of these requests.
    let (status, text) = response(&sandbox, &head("/nothing", "host: shop.example.com\r\n")).await;
    assert!(status == 403 && text.contains("FOREIGN_ORIGIN"), "{text}");
    assert_eq!(sandbox.received_requests().last().unwrap().status, 403);
}

#[tokio::test]
async fn an_absolute_target_must_have_the_same_host() {
    let sandbox = Sandbox::start().await.unwrap();
    for path in PATHS {
        for (target, host, expected) in [
            ("http://localhost:8025", "localhost:8025", 200),
            ("http://LocalHost:8025", "localhost:8025", 200),
            ("http://shop.example.com", "localhost:8025", 400),
            ("http://localhost:1", "localhost:8025", 400),
            ("http://a@localhost:8025", "localhost:8025", 400),
            ("http://localhost:8025", "shop.example.com", 403),
            ("http://shop.example.com", "shop.example.com", 403),
        ] {
            let (status, text) =
                response(&sandbox, &head(&format!("{target}{path}"), &format!("host: {host}\r\n"))).await;
            assert_eq!(status, expected, "{target}{path} {host}: {text}");
        }
    }
}

#[tokio::test]
async fn every_response_forbids_content_sniffing() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = http_client();
    let origin = origin(&sandbox);
    for path in PATHS.into_iter().chain(["/nothing", "/_sandbox/nothing", "/_sandbox/dump", "/_sandbox/requests"]) {
        for method in ["GET", "POST", "PATCH"] {
            let request = client.request(method.parse().unwrap(), format!("{origin}{path}"));
            for request in [request.try_clone().unwrap(), request.bearer_auth("secret_sandbox")] {
                let response = request.send().await.unwrap();
                let found: Vec<_> = response.headers().get_all("x-content-type-options").iter().collect();
                assert_eq!(found, ["nosniff"], "{method} {path}: {}", response.status());
            }
        }
    }
}

#[tokio::test]
async fn changes_cannot_be_made_by_simple_requests() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.set_time("2030-01-31T08:00:00Z".parse().unwrap()).unwrap();
    let client = http_client();
    let simple =
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("multipart/form-data; boundary=b")];
    for path in ["/reset", "/load", "/faults", "/orders", "/clock/advance"] {
        for content_type in simple {
            for body in ["", "{}"] {
                let mut request = client.post(url(&sandbox, path)).body(body);
                if let Some(content_type) = content_type {
                    request = request.header("content-type", content_type);
                }
                let status = request.send().await.unwrap().status();
                assert_eq!(status, 415, "{path} {content_type:?} {body}");
            }
        }
    }
    assert_eq!(sandbox.now().to_string(), "2030-01-31 08:00:00 UTC", "nothing was reset");
    // `curl --json '{}'` sends this body. An empty body is accepted too.
    for body in ["{}", ""] {
        let request = client.post(url(&sandbox, "/reset")).header("content-type", "application/json").body(body);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    assert_ne!(sandbox.now().to_string(), "2030-01-31 08:00:00 UTC");
    // A page of another origin gets no permission to send a DELETE.
    let request = client.request("OPTIONS".parse().unwrap(), url(&sandbox, "/requests"));
    let response = request
        .header("origin", "https://shop.example.com")
        .header("access-control-request-method", "DELETE")
        .send()
        .await
        .unwrap();
    assert!(response.status() == 405 && !response.headers().contains_key("access-control-allow-origin"));
}

/// On other systems than Linux, only the first loopback address is set up.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_address_of_the_sandbox_is_accepted() {
    let sandbox = Sandbox::builder().address(([127, 0, 0, 2], 0)).allow_host("sandbox").start().await.unwrap();
    assert!(sandbox.base_url().starts_with("http://127.0.0.2:"), "{}", sandbox.base_url());
    assert_eq!(sandbox.client().unwrap().search().count().await.unwrap(), 0);
    let port = origin(&sandbox).rsplit(':').next().unwrap();
    for (host, expected) in [("sandbox", 200), ("SANDBOX", 200), ("127.0.0.2", 200), ("other", 403)] {
        let (status, text) = response(&sandbox, &head("/", &format!("host: {host}:{port}\r\n"))).await;
        assert_eq!(status, expected, "{host}: {text}");
    }
}
