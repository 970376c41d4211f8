//! The faults of the sandbox: what a client sees of each, and which requests they apply to.

use std::{fs, io::ErrorKind, time::Duration};

use ecwid_coupons::{
    Client,
    types::{BatchMethod, BatchRequestItem, BatchResponseStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{Config, Effect, Fault, Sandbox};
use ecwid_coupons_tests::workspace;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::Instant,
};

use super::{
    batch::finished,
    control::call,
    plain_http::{connect, http_client},
};

/// Starts a sandbox with a coupon CODE and this fault.
async fn with_fault(effect: Effect) -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    sandbox.add_fault(Fault::new(effect)).unwrap();
    (sandbox, coupons)
}

/// Sends a request once, without compression, and returns the response.
async fn send(sandbox: &Sandbox, method: &str, path: &str, body: Option<Value>) -> reqwest::Result<reqwest::Response> {
    let url = format!("{}/1003/discount_coupons{path}", sandbox.base_url());
    let mut request = http_client().request(method.parse().unwrap(), url).bearer_auth("secret_sandbox");
    request = request.header("accept-encoding", "identity");
    if let Some(body) = body {
        request = request.json(&body);
    }
    request.send().await
}

async fn create(sandbox: &Sandbox, code: &str) -> reqwest::Result<reqwest::Response> {
    send(sandbox, "POST", "", Some(json!({"name": "Name", "code": code}))).await
}

/// Removes all faults, and returns whether a coupon exists.
async fn is_there(sandbox: &Sandbox, code: &str) -> bool {
    sandbox.clear_faults();
    send(sandbox, "GET", &format!("/{code}"), None).await.unwrap().status() == 200
}

#[tokio::test]
async fn a_fault_fires_as_often_as_configured() {
    let fault = Fault::new(Effect::status(503)).on(["get_discount_coupon", "delete_discount_coupon"]).skip(1).times(2);
    let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
    let mut statuses = Vec::new();
    for method in ["GET", "DELETE", "GET", "GET"] {
        assert_eq!(send(&sandbox, "GET", "", None).await.unwrap().status(), 200, "a search is another operation");
        statuses.push(send(&sandbox, method, "/NONE", None).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [404, 503, 503, 404]);
    let report = &sandbox.faults()[0];
    assert_eq!((report.matched, report.fired), (4, 2));
    assert!(Sandbox::start().await.unwrap().faults().is_empty());
}

#[tokio::test]
async fn a_seed_reproduces_faults() {
    let statuses = async |fault: Fault| {
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(send(&sandbox, "GET", "", None).await.unwrap().status().as_u16());
        }
        (statuses, sandbox.faults().remove(0).fault)
    };
    let (first, told) = statuses(Fault::new(Effect::status(503)).probability(0.5)).await;
    assert!(first.contains(&200) && first.contains(&503), "{first:?}");
    assert!(told.seed.is_some());
    assert_eq!(statuses(told).await.0, first);
}

#[tokio::test]
async fn latency_delays_the_response() {
    let (sandbox, _) = with_fault(Effect::Latency { milliseconds: 5000, jitter_milliseconds: 1000 }).await;
    tokio::time::pause();
    let start = Instant::now();
    assert_eq!(send(&sandbox, "GET", "/CODE", None).await.unwrap().status(), 200);
    assert!((5000..6100).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    sandbox.add_fault(Fault::new(Effect::status(500))).unwrap();
    let start = Instant::now();
    assert_eq!(send(&sandbox, "GET", "/CODE", None).await.unwrap().status(), 500);
    assert!(start.elapsed().as_millis() >= 5000);
}

#[tokio::test]
async fn an_error_status_is_sent_before_or_after_the_work() {
    for after_work in [false, true] {
        let code = Some("INTERNAL_ERROR".to_owned());
        let effect = Effect::status(500);
        let Effect::Status { status, retry_after, .. } = effect else { panic!("{effect:?}") };
        let fault = json!({"effect": {
            "kind": "status", "status": status, "code": code, "retryAfter": retry_after, "afterWork": after_work,
        }});
        let sandbox = Sandbox::builder().fault(serde_json::from_value(fault).unwrap()).start().await.unwrap();
        let response = create(&sandbox, "CODE").await.unwrap();
        assert_eq!((response.status().as_u16(), response.headers().get("retry-after")), (500, None));
        let response: Value = response.json().await.unwrap();
        assert_eq!(response["errorCode"], "INTERNAL_ERROR");
        assert_eq!(is_there(&sandbox, "CODE").await, after_work);
    }
}

#[tokio::test]
async fn every_documented_error_code_can_be_injected() {
    let sandbox = Sandbox::start().await.unwrap();
    for (status, code) in [
        (400, "WRONG_PARAMETER"),
        (402, "NOT_AVAILABLE_ON_CURRENT_PLAN"),
        (402, "STORE_IS_SUSPENDED"),
        (403, "INSUFFICIENT_APP_SCOPE"),
        (403, "INVALID_API_TOKEN"),
        (403, "DISCOUNTS_FEATURE_NOT_AVAILABLE"),
        (403, "SHIPPING_DISCOUNTS_FEATURE_NOT_AVAILABLE"),
        (404, "STORE_NOT_FOUND"),
        (404, "PROFILE_NOT_FOUND"),
        (404, "DISCOUNT_COUPON_NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
        (408, "TIMEOUT"),
        (409, "CONSTRAINT_VIOLATION"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL_ERROR"),
    ] {
        let fault = json!({"times": 1, "effect": {"kind": "status", "status": status, "code": code}});
        sandbox.add_fault(serde_json::from_value(fault).unwrap()).unwrap();
        let response = send(&sandbox, "GET", "/CODE", None).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.json::<Value>().await.unwrap()["errorCode"], code);
    }
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_work() {
    for (effect, is_done) in [(Effect::ResetBefore, false), (Effect::ResetAfter, true)] {
        let (sandbox, _) = with_fault(effect.clone()).await;
        assert!(create(&sandbox, "NEW").await.unwrap_err().is_request(), "{effect:?}");
        let mut connection = connect(&sandbox).await;
        let request = "GET /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret_sandbox\r\n\r\n";
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        let error = connection.read_to_end(&mut response).await.unwrap_err();
        assert_eq!((error.kind(), response.len()), (ErrorKind::ConnectionReset, 0), "{effect:?}");
        assert_eq!(sandbox.received_requests().last().unwrap().status, 0);
        assert_eq!(is_there(&sandbox, "NEW").await, is_done, "{effect:?}");
    }
}

#[tokio::test]
async fn a_body_is_truncated() {
    let (sandbox, _) = with_fault(Effect::Truncate { bytes: 10 }).await;
    let response = send(&sandbox, "GET", "/CODE", None).await.unwrap();
    assert_eq!(response.status(), 200);
    let length = response.content_length().unwrap();
    assert!(response.bytes().await.is_err());

    let mut connection = connect(&sandbox).await;
    let request = "GET /api/v3/1003/discount_coupons/CODE HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret_sandbox\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    let (head, part) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains(&format!("content-length: {length}")) && length > 10, "{head}");
    assert_eq!((part.len(), &part[..6]), (10, r#"{"id":"#));
}

#[tokio::test]
async fn a_body_is_sent_in_small_parts() {
    let (sandbox, _) = with_fault(Effect::Drip { bytes: 20, milliseconds: 100 }).await;
    tokio::time::pause();
    let start = Instant::now();
    let response = send(&sandbox, "GET", "/CODE", None).await.unwrap();
    let body = response.bytes().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["code"], "CODE");
    let parts = body.len().div_ceil(20);
    assert!(start.elapsed() >= Duration::from_millis(100) * u32::try_from(parts).unwrap(), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_response_declares_another_content_type() {
    let (sandbox, _) = with_fault(Effect::ContentType { content_type: "text/plain".to_owned() }).await;
    let response = send(&sandbox, "GET", "/CODE", None).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"text/plain".parse().unwrap())
    );
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "CODE");

    sandbox.clear_faults();
    sandbox.add_fault(Fault::new(Effect::Html { status: 200 })).unwrap();
    let response = create(&sandbox, "NEW").await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    assert!(is_there(&sandbox, "NEW").await);
}

#[tokio::test]
async fn a_request_is_processed_twice() {
    let (sandbox, _) = with_fault(Effect::Duplicate).await;
    assert_eq!(create(&sandbox, "NEW").await.unwrap().status(), 409);
    let deleted: Value = send(&sandbox, "DELETE", "/CODE", None).await.unwrap().json().await.unwrap();
    assert_eq!(deleted, json!({"deleteCount": 0}));
    assert!(is_there(&sandbox, "NEW").await);
    assert!(!is_there(&sandbox, "CODE").await);
}

#[tokio::test]
async fn reads_lag_behind() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for code in ["OLD", "GONE"] {
        coupons.create(&NewCoupon::new("Old name", code)).await.unwrap();
    }
    // A read with a shorter lag sees what was written a minute ago.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(30)).await;
    tokio::time::resume();
    coupons.create(&NewCoupon::new("Name", "NEW")).await.unwrap();
    coupons.update("OLD", &CouponUpdate::default().name("New name").code("RENAMED")).await.unwrap();
    coupons.delete("GONE").await.unwrap();
    // The new coupon has the code of the deleted one.
    coupons.create(&NewCoupon::new("Name", "GONE")).await.unwrap();
    let state = async || {
        let items = coupons.search().page().await.unwrap().items.unwrap();
        items.into_iter().map(|coupon| format!("{} {}", coupon.code.unwrap(), coupon.name.unwrap())).collect::<Vec<_>>()
    };
    let now = ["RENAMED New name", "NEW Name", "GONE Name"];
    assert_eq!(state().await, now);
    sandbox.add_fault(Fault::new(Effect::StaleRead { milliseconds: 20_000 })).unwrap();
    assert_eq!(state().await, ["OLD Old name", "GONE Old name"]);
    assert!(coupons.get("NEW").await.unwrap_err().is_coupon_not_found());
    assert_eq!(coupons.get("OLD").await.unwrap().name.as_deref(), Some("Old name"));
    // Writes see the current state.
    assert!(coupons.create(&NewCoupon::new("Name", "RENAMED")).await.unwrap_err().is_conflict());
    sandbox.clear_faults();
    assert_eq!(state().await, now);
    sandbox.add_fault(Fault::new(Effect::StaleRead { milliseconds: 60_000 })).unwrap();
    assert_eq!(state().await, [""; 0]);
}

#[tokio::test]
async fn requests_inside_a_batch_fail_too() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for effect in [Effect::ResetAfter, Effect::Truncate { bytes: 1 }, Effect::status(500)] {
        sandbox.add_fault(Fault::new(effect).on(["get_discount_coupon"])).unwrap();
    }
    let item = BatchRequestItem::new("/discount_coupons/CODE", BatchMethod::Get);
    let request = coupons.api().create_batch_request().body(vec![item]);
    let ticket = request.send().await.unwrap().into_inner().ticket.unwrap();
    let response = finished(&coupons, &ticket).await.responses.unwrap().remove(0);
    assert_eq!((response.status, response.http_status_code), (Some(BatchResponseStatus::Failed), Some(500)));
    let fired: Vec<_> = sandbox.faults().iter().map(|report| report.fired).collect();
    assert_eq!(fired, [0, 0, 1]);
}

#[tokio::test]
async fn the_client_recovers_from_many_faults() {
    let (sandbox, coupons) = with_fault(Effect::status(503)).await;
    sandbox.clear_faults();
    for effect in [Effect::too_many_requests(7), Effect::ResetBefore, Effect::Html { status: 502 }] {
        sandbox.add_fault(Fault::new(effect).times(1)).unwrap();
    }
    tokio::time::pause();
    let start = Instant::now();
    assert_eq!(coupons.get("CODE").await.unwrap().code.as_deref(), Some("CODE"));
    assert!(start.elapsed() >= Duration::from_secs(7), "{:?}", start.elapsed());
    assert!(sandbox.faults().iter().all(|report| report.fired == 1));
}

#[tokio::test]
async fn the_control_api_adds_faults() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(call(&sandbox, "GET", "/faults", None).await, (200, json!([])));
    let one = json!({"times": 1, "seed": 7, "effect": {"kind": "status", "status": 503}});
    let (status, report) = call(&sandbox, "POST", "/faults", Some(one)).await;
    let expected = json!([{
        "fault": {
            "operations": [], "skip": 0, "times": 1, "probability": 1.0, "seed": 7,
            "effect": {"kind": "status", "status": 503, "code": null, "retryAfter": null, "afterWork": false},
        },
        "id": 1, "matched": 0, "fired": 0,
    }]);
    assert_eq!((status, report), (200, expected));
    assert_eq!(send(&sandbox, "GET", "", None).await.unwrap().status(), 503);
    let two = json!([{"effect": {"kind": "resetBefore"}}, {"effect": {"kind": "latency", "milliseconds": 1}}]);
    let (_, report) = call(&sandbox, "POST", "/faults", Some(two)).await;
    let count = |index: usize, name: &str| report[index][name].as_u64().unwrap();
    assert_eq!((report.as_array().unwrap().len(), count(0, "matched"), count(0, "fired")), (3, 1, 1));

    let (_, left) = call(&sandbox, "DELETE", "/faults/2", None).await;
    assert_eq!(left.as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>(), [1, 3]);
    for id in ["2", "nothing"] {
        let (status, response) = call(&sandbox, "DELETE", &format!("/faults/{id}"), None).await;
        assert_eq!((status, &response["errorCode"]), (404, &json!("NOT_FOUND")));
    }

    // The reported faults can be added again, and faults do not apply to the control API.
    let again: Vec<_> = report.as_array().unwrap().iter().map(|row| row["fault"].clone()).collect();
    assert_eq!(call(&sandbox, "DELETE", "/faults", None).await, (200, json!([])));
    assert_eq!(call(&sandbox, "POST", "/faults", Some(json!(again))).await.0, 200);
    assert_eq!(call(&sandbox, "DELETE", "/faults", None).await.0, 200);

    for (fault, part) in [
        (json!({}), "effect"),
        (json!({"effect": {"kind": "magic"}}), "magic"),
        (json!({"effect": {"kind": "resetBefore"}, "operation": "x"}), "operation"),
        (json!({"effect": {"kind": "latency", "milliseconds": 1, "seconds": 1}}), "seconds"),
        (json!({"effect": {"kind": "latency", "milliseconds": u64::MAX}}), "from 0 to 3600000)"),
        (json!({"effect": {"kind": "status", "status": 200}}), "300 to 599"),
        (json!({"effect": {"kind": "html", "status": 204}}), "has a body"),
        (json!({"effect": {"kind": "drip", "bytes": 0, "milliseconds": 1}}), "at least 1"),
        (json!({"effect": {"kind": "contentType", "contentType": "a\nb"}}), "content type"),
        (json!({"effect": {"kind": "staleRead", "milliseconds": 60_001}}), "from 0 to 60000)"),
        (json!({"effect": {"kind": "resetBefore"}, "probability": 1.5}), "from 0 to 1"),
        (json!({"effect": {"kind": "resetBefore"}, "operations": ["set_clock"]}), "unknown operation: `set_clock`"),
    ] {
        let good = json!({"effect": {"kind": "resetBefore"}});
        let (status, response) = call(&sandbox, "POST", "/faults", Some(json!([good, fault]))).await;
        let message = response["errorMessage"].as_str().unwrap();
        assert!(status == 400 && message.contains(part), "{fault}: {status} {message}");
    }
    assert_eq!(sandbox.faults(), [], "no fault is added if one is invalid");
}

#[tokio::test]
async fn faults_can_come_from_a_settings_file() {
    let config =
        json!({"faults": [{"operations": ["search_discount_coupons"], "effect": {"kind": "status", "status": 500}}]});
    let config: Config = serde_json::from_value(config).unwrap();
    let sandbox = Sandbox::builder().config(config).start().await.unwrap();
    assert_eq!(send(&sandbox, "GET", "", None).await.unwrap().status(), 500);
    let fault = Fault::new(Effect::ResetBefore).probability(f64::NAN);
    assert!(Sandbox::builder().fault(fault).start().await.unwrap_err().to_string().contains("probability"));
}

/// Returns the source of the Python class of a kind of effect.
fn python_class<'a>(source: &'a str, kind: &str) -> &'a str {
    let name = kind[..1].to_uppercase() + &kind[1..];
    let (_, class) = source.split_once(&format!("\nclass {name}:\n")).unwrap_or_else(|| panic!("no class {name}"));
    class.split("\n\n\n").next().unwrap()
}

/// Returns the source of a field in a Python class, with its docstring.
fn python_field(name: &str, schema: &Value) -> String {
    let snake_case: String = name
        .chars()
        .map(|letter| if letter.is_uppercase() { format!("_{}", letter.to_lowercase()) } else { letter.to_string() })
        .collect();
    let types = schema["type"].to_string();
    let limits: Vec<_> =
        ["minimum", "maximum"].iter().filter_map(|name| schema[name].as_u64()).map(|limit| limit.to_string()).collect();
    let integer = format!("Annotated[int, Range({})]", limits.join(", "));
    let known = [("integer", integer.as_str()), ("boolean", "bool"), ("string", "str")];
    let (_, kind) = known.into_iter().find(|(known, _)| types.contains(known)).unwrap();
    let default = match &schema["default"] {
        _ if types.contains("null") => " | None = None".to_owned(),
        Value::Null => String::new(),
        Value::Bool(_) => " = False".to_owned(),
        other => format!(" = {other}"),
    };
    let description = schema["description"].as_str().unwrap().replace('`', "``");
    format!("    {snake_case}: {kind}{default}\n    \"\"\"{description}\"\"\"")
}

#[test]
fn the_reference_and_the_python_package_have_every_effect() {
    let read = |path: &str| fs::read_to_string(workspace().join(path)).unwrap();
    let python = read("python/src/ecwid_coupons/testing/_faults.py");
    let reference = read("docs/reference/sandbox.md");
    let schema = schemars::schema_for!(Effect).to_value();
    let kinds = schema["oneOf"].as_array().unwrap();
    for kind in kinds {
        let (name, description) = (&kind["properties"]["kind"]["const"], kind["description"].as_str().unwrap());
        let name = name.as_str().unwrap();
        let fields: Vec<_> =
            kind["properties"].as_object().unwrap().iter().filter(|(field, _)| *field != "kind").collect();
        let row = reference.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap();
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let mut names: Vec<_> = cells[2].split(", ").filter(|name| !name.is_empty()).collect();
        let mut expected: Vec<_> = fields.iter().map(|(field, _)| format!("`{field}`")).collect();
        names.sort_unstable();
        expected.sort_unstable();
        assert!(cells[1] == description && names == expected, "{row}");

        let class = python_class(&python, name);
        assert!(class.starts_with(&format!("    \"\"\"{description}\n")), "{class}");
        for (field, schema) in &fields {
            let expected = python_field(field, schema);
            assert!(class.contains(&expected), "{expected}\n{class}");
        }
        // The class has one docstring, and so has each field.
        assert_eq!(class.matches("\n    \"\"\"").count(), fields.len() + 1, "{class}");
    }
    let (_, union) = python.split_once("Effect: TypeAlias = (\n").unwrap();
    assert_eq!(union.lines().next().unwrap().split(" | ").count(), kinds.len());
}
