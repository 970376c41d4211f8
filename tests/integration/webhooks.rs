//! Webhooks: the events, their receivers, and retries.

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ecwid_coupons::{
    EcwidDateTime,
    chrono::TimeDelta,
    types::{BatchMethod, BatchRequestItem, CouponStatus, CouponUpdate, NewCoupon},
    webhook::{WebhookError, WebhookEventType, verify_webhook},
};
use ecwid_coupons_sandbox::{
    DeliveryState, Sandbox, Webhook,
    checkout::{Order, OrderItem},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use httpmock::MockServer;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

use super::control::call;

/// Starts a listener that responds with these statuses in turn, and repeats the last one. It returns its URL and the
/// requests.
async fn listener(statuses: &'static [u16]) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (seen, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for index in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            // A JSON body ends with a brace.
            while !request.ends_with(b"}") {
                if stream.read_buf(&mut request).await.unwrap() == 0 {
                    break;
                }
            }
            let _ = seen.send(String::from_utf8(request).unwrap());
            let status = statuses[index.min(statuses.len() - 1)];
            let response = format!(
                "HTTP/1.1 {status} Status\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(response.as_bytes()).await.unwrap();
        }
    });
    (url, receiver)
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let line = request.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
    line.and_then(|line| line.split_once(": ")).map(|(_, value)| value).unwrap_or_default()
}

fn body(request: &str) -> Value {
    serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

#[tokio::test]
async fn events_are_signed_and_delivered() {
    let (url, mut seen) = listener(&[200]).await;
    let webhook = Webhook::new(&url).client_secret("secret");
    assert!(!format!("{webhook:?}").contains("secret"));
    let sandbox = Sandbox::builder().webhook(webhook).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let id = coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap().id().unwrap();
    let mut ids = BTreeSet::new();
    for expected in ["discount_coupon.created", "discount_coupon.updated", "discount_coupon.deleted"] {
        let request = seen.recv().await.unwrap();
        assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
        let event = body(&request);
        assert_eq!(
            (&event["eventType"], &event["entityId"], &event["storeId"]),
            (&json!(expected), &json!(id), &json!(1003))
        );
        assert!((event["eventCreated"].as_i64().unwrap() - sandbox.now().timestamp()).abs() < 60);
        let signed = format!("{}.{}", event["eventCreated"], event["eventId"].as_str().unwrap());
        assert_eq!(header(&request, "x-ecwid-webhook-signature"), signature("secret", &signed));
        ids.insert(event["eventId"].as_str().unwrap().to_owned());
        match expected {
            "discount_coupon.created" => {
                drop(coupons.update("CODE", &CouponUpdate::default().name("Other")).await.unwrap())
            }
            "discount_coupon.updated" => drop(coupons.delete("CODE").await.unwrap()),
            _ => {}
        }
    }
    assert_eq!(ids.len(), 3);
    sandbox.deliveries_settled().await;
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.iter().map(|delivery| delivery.event_id.clone()).collect::<BTreeSet<_>>(), ids);
    for delivery in deliveries {
        assert_eq!((delivery.state, delivery.status, delivery.attempts), (DeliveryState::Delivered, Some(200), 1));
    }
}

#[tokio::test]
async fn the_client_verifies_the_events_of_a_store() {
    let (url, mut seen) = listener(&[500, 200]).await;
    let sandbox = Sandbox::builder().webhook(Webhook::new(&url).client_secret("my secret")).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let before = sandbox.now().timestamp();
    let id = coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap().id().unwrap();
    let refused = seen.recv().await.unwrap();
    let request = seen.recv().await.unwrap();
    let (headers, body) = received(&request);
    let event = verify_webhook("my secret", &headers, body).unwrap();
    assert_eq!((event.store_id, event.coupon_id), (1003, Some(id)));
    assert_eq!(event.event_type, WebhookEventType::CouponCreated);
    assert!((before..=sandbox.now().timestamp()).contains(&event.created.timestamp()), "{event:?}");
    assert_eq!(event.data, None);
    // An event that is sent again has the same id.
    let (first_headers, first_body) = received(&refused);
    assert_eq!(verify_webhook("my secret", &first_headers, first_body), Ok(event.clone()));

    coupons.update("CODE", &CouponUpdate::default().name("Other")).await.unwrap();
    let request = seen.recv().await.unwrap();
    let (other_headers, other_body) = received(&request);
    let updated = verify_webhook("my secret", &other_headers, other_body).unwrap();
    assert_eq!((&updated.event_type, updated.coupon_id), (&WebhookEventType::CouponUpdated, Some(id)));
    assert_ne!(updated.id, event.id);
    coupons.delete("CODE").await.unwrap();
    let request = seen.recv().await.unwrap();
    let (deleted_headers, deleted_body) = received(&request);
    let deleted = verify_webhook("my secret", &deleted_headers, deleted_body).unwrap();
    assert_eq!((deleted.event_type, deleted.coupon_id), (WebhookEventType::CouponDeleted, Some(id)));

    assert_eq!(verify_webhook("My secret", &headers, body), Err(WebhookError::WrongSignature));
    assert_eq!(verify_webhook("my secret", &other_headers, body), Err(WebhookError::WrongSignature));
    assert_eq!(verify_webhook("my secret", &HeaderMap::new(), body), Err(WebhookError::MissingSignature));
    let cut = verify_webhook("my secret", &headers, &body[..body.len() - 1]).unwrap_err();
    assert!(matches!(cut, WebhookError::UnreadableBody { .. }), "{cut}");
}

/// Returns the headers and the body of a request.
fn received(request: &str) -> (HeaderMap, &[u8]) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let fields = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
    let headers = fields
        .map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap()));
    (headers.collect(), body.as_bytes())
}

/// Returns the HMAC-SHA256 of a text in base64, as a receiver computes it.
fn signature(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text);
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn requests_that_change_nothing_send_no_event() {
    let (url, mut seen) = listener(&[200]).await;
    let sandbox = Sandbox::builder().webhook(Webhook::new(&url)).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.delete("NONE").await.unwrap();
    coupons.create(&NewCoupon::new("Name", " ")).await.unwrap_err();
    coupons.get("NONE").await.unwrap_err();
    // Requests inside a batch send the same events as single requests.
    let new = ecwid_coupons::RawJson::from_value(&NewCoupon::new("Name", "CODE")).unwrap();
    let item = BatchRequestItem::new("/discount_coupons", BatchMethod::Post).body(new);
    coupons.api().create_batch_request().body(vec![item]).send().await.unwrap();
    assert_eq!(body(&seen.recv().await.unwrap())["eventType"], "discount_coupon.created");
    sandbox.place_order(Order::new([OrderItem::new(1, 5)]).coupon_code("CODE")).await.unwrap();
    assert_eq!(coupons.get("CODE").await.unwrap().order_count, Some(1));
    sandbox.deliveries_settled().await;
    assert_eq!(sandbox.deliveries().len(), 1);
    let tomorrow = EcwidDateTime::from(sandbox.now() + TimeDelta::days(1));
    coupons.update("CODE", &CouponUpdate::default().expiration_date(tomorrow)).await.unwrap();
    sandbox.advance(TimeDelta::days(2)).unwrap();
    assert_eq!(coupons.search().status(CouponStatus::Expired).page().await.unwrap().total, Some(1));
    sandbox.deliveries_settled().await;
    assert_eq!(sandbox.deliveries().len(), 2, "the update sends an event, and the expiration does not");
}

#[tokio::test]
async fn a_rejected_event_is_retried() {
    let (url, mut seen) = listener(&[500, 302, 206, 404, 204]).await;
    let sandbox = Sandbox::builder().webhook(Webhook::new(&url)).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    tokio::time::pause();
    let mut events = BTreeSet::new();
    for _ in 0..5 {
        events.insert(body(&seen.recv().await.unwrap()).to_string());
    }
    assert_eq!(events.len(), 1, "it is the same event");
    sandbox.deliveries_settled().await;
    let delivery = sandbox.deliveries().remove(0);
    assert_eq!((delivery.state, delivery.status, delivery.attempts), (DeliveryState::Delivered, Some(204), 5));
}

#[tokio::test]
async fn an_event_is_given_up_after_all_attempts() {
    let (url, _seen) = listener(&[500]).await;
    let sandbox = Sandbox::builder().webhook(Webhook::new(&url)).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    tokio::time::pause();
    sandbox.deliveries_settled().await;
    let delivery = sandbox.deliveries().remove(0);
    assert_eq!((delivery.state, delivery.status, delivery.attempts), (DeliveryState::Failed, Some(500), 6));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_deliveries() {
    let (url, mut seen) = listener(&[500]).await;
    let sandbox = Sandbox::builder().webhook(Webhook::new(&url)).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    seen.recv().await.unwrap();
    tokio::time::timeout(Duration::from_secs(3), sandbox.stop()).await.unwrap();
    tokio::time::pause();
    assert!(tokio::time::timeout(Duration::from_secs(60), seen.recv()).await.is_err(), "no more events are sent");
}

#[tokio::test]
async fn nothing_is_sent_without_a_webhook() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    assert_eq!(sandbox.deliveries(), []);
    for url in ["https://example.com/", "ftp://127.0.0.1/", "/hook", "", "http://"] {
        let error = Sandbox::builder().webhook(Webhook::new(url)).start().await.unwrap_err();
        assert!(error.to_string().contains("http://127.0.0.1:3000"), "{url}: {error}");
    }
}

#[tokio::test]
async fn the_control_api_sets_the_webhook() {
    let hook = MockServer::start_async().await;
    let mock = hook.mock_async(|when, then| {
        when.method("POST").path("/hook").header_exists("x-ecwid-webhook-signature");
        then.status(200);
    });
    let mock = mock.await;
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(call(&sandbox, "GET", "/webhook", None).await, (200, json!({"url": null, "deliveries": []})));
    let url = hook.url("/hook");
    let (status, state) = call(&sandbox, "PUT", "/webhook", Some(json!({"url": url, "clientSecret": "hidden"}))).await;
    assert_eq!((status, &state["url"]), (200, &json!(url)));
    coupons.create(&NewCoupon::new("Name", "A")).await.unwrap();
    sandbox.deliveries_settled().await;
    let (_, state) = call(&sandbox, "DELETE", "/webhook", None).await;
    assert_eq!((&state["url"], &state["deliveries"][0]["state"]), (&Value::Null, &json!("DELIVERED")));
    assert!(!state.to_string().contains("hidden"));
    coupons.create(&NewCoupon::new("Name", "B")).await.unwrap();
    sandbox.deliveries_settled().await;
    assert_eq!(mock.calls_async().await, 1);
    let (status, response) = call(&sandbox, "PUT", "/webhook", Some(json!({"url": "https://example.com"}))).await;
    assert_eq!(status, 400);
    assert!(response["errorMessage"].as_str().unwrap().contains("expected an http URL"), "{response}");
}
