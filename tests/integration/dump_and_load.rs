//! Dump, load and reset of the stores.

use ecwid_coupons::{
    chrono::TimeDelta,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{
    Effect, Fault, Limits, Sandbox, Token,
    checkout::{Order, OrderItem, Reason},
};
use serde_json::{Value, json};

use super::control::{call, url};
use super::plain_http::http_client;

async fn dump(sandbox: &Sandbox) -> String {
    let mut text = Vec::new();
    sandbox.dump(&mut text).await.unwrap();
    String::from_utf8(text).unwrap()
}

async fn two_stores() -> Sandbox {
    Sandbox::builder().unlimited().add_token(Token::new(1004, "secret_other")).start().await.unwrap()
}

#[tokio::test]
async fn a_loaded_dump_restores_the_stores() {
    let sandbox = two_stores().await;
    let coupons = sandbox.client().unwrap();
    let exact: ecwid_coupons::Decimal = "10.50".parse().unwrap();
    coupons
        .create(&NewCoupon::absolute("Größe \"A\"", "A", exact).once_per_customer().for_products([1, 2]))
        .await
        .unwrap();
    coupons.create(&NewCoupon::new("B", "B")).await.unwrap();
    let last = coupons.create(&NewCoupon::new("C", "C")).await.unwrap().id().unwrap();
    coupons.update("B", &CouponUpdate::default().pause()).await.unwrap();
    coupons.delete("C").await.unwrap();
    sandbox.client_with("secret_other").unwrap().create(&NewCoupon::new("A", "a")).await.unwrap();
    let order = Order::new([OrderItem::new(1, 25)]).email("ann@example.com").coupon_code("A");
    assert_eq!(sandbox.place_order(order.clone()).await.unwrap().reason, None);
    let dumped = dump(&sandbox).await;
    assert!(serde_json::from_str::<Vec<Value>>(&dumped).unwrap().len() == 6, "{dumped}");

    let other = two_stores().await;
    other.load_json(std::io::Cursor::new(dumped.clone())).await.unwrap();
    assert_eq!(
        dump(&other).await,
        dumped.replacen(&format!("{{\"lastId\":{last}}}"), &format!("{{\"lastId\":{}}}", last + 1), 1)
    );
    // The dump also contains orders. No API response contains them.
    assert_eq!(other.place_order(order).await.unwrap().reason, Some(Reason::UsedByCustomer));
    let coupons = other.client().unwrap();
    assert!(coupons.create(&NewCoupon::new("D", "D")).await.unwrap().id().unwrap() > last);
    let deleted = http_client().get(format!("{}/1003/discount_coupons/deleted", other.base_url()));
    let deleted: Value = deleted.bearer_auth("secret_sandbox").send().await.unwrap().json().await.unwrap();
    assert_eq!(deleted["items"][0]["id"], last);
}

#[tokio::test]
async fn a_big_dump_is_sent_in_parts() {
    struct Parts(Vec<usize>);
    impl std::io::Write for Parts {
        fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
            self.0.push(part.len());
            Ok(part.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for file in [None, Some(folder.path().join("store.sqlite"))] {
        let mut builder = Sandbox::builder().seed(3000);
        if let Some(file) = file {
            builder = builder.database(file);
        }
        let sandbox = builder.start().await.unwrap();
        let mut parts = Parts(Vec::new());
        sandbox.dump(&mut parts).await.unwrap();
        assert!(parts.0.len() > 5 && parts.0.iter().all(|part| *part < 128 * 1024), "{:?}", parts.0);
    }
}

#[tokio::test]
async fn coupons_are_loaded_from_arrays_and_lines() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let plain = [
        "[{\"name\":\"A\",\"code\":\"A\"},\n{\"name\":\"B\",\"code\":\"B\"}]",
        " {\"name\":\"A\",\"code\":\"A\"}\n{\"name\":\"B\",\"code\":\"B\"}\n",
    ];
    for text in plain {
        std::fs::write(file.path(), text).unwrap();
        let sandbox = Sandbox::builder().load(file.path()).start().await.unwrap();
        assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(2), "{text}");
    }
    for (text, part) in [
        ("[{\"name\":\"A\",\"code\":\"A\"},{\"name\":\"B\"}]", "entry 2"),
        ("[{\"name\":\"A\",\"code\":\"A\"}", "the text ends inside a list"),
        ("[{\"name\":\"A\",\"code\":\"A\"}] []", "trailing"),
        ("{\"name\":\"A\",\"code\":\"A\"}\n{\"name\":\"A\",\"code\":\"a\"}", "'a'"),
        ("{\"storeId\":7,\"coupon\":{\"name\":\"A\",\"code\":\"A\"}}", "unknown store: `7`"),
        ("name,code\nA,A\n", "invalid JSON: expected ident at line 1 column 2"),
    ] {
        std::fs::write(file.path(), text).unwrap();
        let error = Sandbox::builder().load(file.path()).start().await.unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let error = Sandbox::builder().load("/nowhere/at/all.json").start().await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all.json"), "{error}");
}

#[tokio::test]
async fn loaded_numbers_leave_room_for_new_ones() {
    const MOST: i64 = 999_999_999_999_999_999;
    let order = |number: i64| json!({"order": {"number": number, "created": 0}});
    let entries = |number: i64| {
        [
            ("id", json!({"id": number, "name": "A", "code": "A"})),
            ("id", json!({"coupon": {"id": number, "name": "A", "code": "A"}})),
            ("lastId", json!({"lastId": number})),
            ("number", order(number)),
        ]
    };
    let file = tempfile::NamedTempFile::new().unwrap();
    for number in [i64::MAX, i64::MAX - 1, MOST + 1, 0, -1, i64::MIN] {
        for (field, entry) in entries(number) {
            let sandbox = Sandbox::start().await.unwrap();
            let (status, response) = call(&sandbox, "POST", "/load", Some(json!([entry]))).await;
            let message = response["errorMessage"].as_str().unwrap();
            assert_eq!(status, 400, "{entry}");
            assert!(message.contains(&format!("'{field}'")) && message.contains(&MOST.to_string()), "{message}");
            std::fs::write(file.path(), entry.to_string()).unwrap();
            let error = Sandbox::builder().load(file.path()).start().await.unwrap_err().to_string();
            assert!(error.contains(&format!("'{field}'")), "{error}");
            assert!(sandbox.client().unwrap().create(&NewCoupon::new("B", "B")).await.is_ok());
        }
    }
    let sandbox = Sandbox::start().await.unwrap();
    let coupon = ecwid_coupons::types::Coupon::default().with_id(i64::MAX).with_name("A").with_code("A");
    assert!(sandbox.load([coupon]).await.unwrap_err().to_string().contains("'id'"));
    // The largest accepted number leaves room for the next one.
    for (field, entry) in entries(MOST) {
        let sandbox = Sandbox::start().await.unwrap();
        assert_eq!(call(&sandbox, "POST", "/load", Some(json!([entry]))).await.0, 200, "{entry}");
        let created = sandbox.client().unwrap().create(&NewCoupon::new("B", "B")).await.unwrap().id().unwrap();
        assert_eq!(created > MOST, field != "number", "{entry}");
        let placed = sandbox.place_order(Order::new([OrderItem::new(1, 25)])).await.unwrap();
        assert_eq!(placed.order_number > MOST, field == "number", "{entry}");
    }
}

#[tokio::test]
async fn a_known_field_in_another_spelling_is_not_loaded() {
    for field in ["discount_type", "discounttype", "uses_limit", "orderCOUNT"] {
        let sandbox = Sandbox::start().await.unwrap();
        for entry in ["{}", r#"{"coupon":{}}"#] {
            let coupon = format!(r#"{{"id":1,"name":"A","code":"A","{field}":1}}"#);
            let error =
                sandbox.load_json(std::io::Cursor::new(entry.replace("{}", &coupon))).await.unwrap_err().to_string();
            assert!(error.contains(&format!("`{field}` (did you mean `")), "{error}");
        }
        let unknown = r#"{"id":1,"name":"A","code":"A","new":1}"#;
        sandbox.load_json(unknown.as_bytes()).await.unwrap();
    }
}

#[tokio::test]
async fn loaded_files_must_be_utf_8() {
    let utf_16: Vec<u8> = "[{\"name\":\"A\",\"code\":\"A\"}]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let load = async |text: Vec<u8>| {
        let sandbox = Sandbox::start().await.unwrap();
        let request = http_client().post(url(&sandbox, "/load")).header("content-type", "application/json");
        let response = request.body(text.clone()).send().await.unwrap();
        let (status, response) = (response.status().as_u16(), response.text().await.unwrap());
        let loaded = Sandbox::start().await.unwrap().load_json(std::io::Cursor::new(text)).await;
        assert_eq!(status == 200, loaded.is_ok(), "{response}");
        (status, response + &loaded.err().map(|error| error.to_string()).unwrap_or_default())
    };
    assert_eq!(load(b"\xef\xbb\xbf[{\"name\":\"A\",\"code\":\"A\"}]".to_vec()).await.0, 200);
    assert_eq!(load(b"\xef\xbb\xbf{\"name\":\"A\",\"code\":\"A\"}".to_vec()).await.0, 200);
    for (text, part) in [
        (utf_16.clone(), "it is UTF-16 text"),
        ([b"\xff\xfe", &utf_16[..]].concat(), "it is UTF-16 text"),
        (b"[{\"name\":\"\xe9\",\"code\":\"A\"}]".to_vec(), "invalid UTF-8 at byte offset 10"),
    ] {
        let (status, message) = load(text).await;
        assert_eq!((status, message.matches(part).count()), (400, 2), "{message}");
    }
}

#[tokio::test]
async fn a_reset_restores_the_initial_state() {
    let fault = Fault::new(Effect::status(503)).on(["delete_discount_coupon"]).times(1);
    let sandbox = Sandbox::builder().unlimited().seed(5).fault(fault).start().await.unwrap();
    let first = dump(&sandbox).await;
    let coupons = sandbox.client().unwrap();
    let change = async || {
        let created = coupons.create(&NewCoupon::new("A", "A")).await.unwrap().id();
        coupons.delete("A").await.unwrap();
        sandbox.place_order(Order::new([OrderItem::new(1, 25)]).email("ann@example.com")).await.unwrap();
        created
    };
    let created = change().await;
    sandbox.clear_faults();
    sandbox.set_limits(Limits::default());
    sandbox.advance(TimeDelta::days(8)).unwrap();
    assert_ne!(dump(&sandbox).await, first);

    sandbox.reset().await.unwrap();
    assert_eq!(dump(&sandbox).await, first);
    assert_eq!(sandbox.received_requests(), []);
    assert_eq!(sandbox.limits(), Limits::none());
    assert_eq!((sandbox.faults().len(), sandbox.faults()[0].fired), (1, 0));
    assert!((sandbox.now() - ecwid_coupons::chrono::Utc::now()).abs() < TimeDelta::minutes(1));
    assert_eq!(change().await, created, "ids start from the beginning");
    assert_eq!(sandbox.faults()[0].fired, 1);
}

#[tokio::test]
async fn the_control_api_dumps_loads_and_resets() {
    let sandbox = Sandbox::start().await.unwrap();
    let (status, response) = call(&sandbox, "POST", "/load", Some(json!([{"name": "A", "code": "A"}]))).await;
    assert_eq!((status, response), (200, json!({"stores": [{"storeId": 1003, "coupons": 1}]})));
    let (status, response) =
        call(&sandbox, "POST", "/load", Some(json!([{"name": "B", "code": "B"}, {"name": "A", "code": "A"}]))).await;
    assert!(status == 400 && response["errorMessage"].as_str().unwrap().contains("entry 2"), "{response}");
    let response = http_client().get(url(&sandbox, "/dump")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json;charset=utf-8");
    assert_eq!(response.text().await.unwrap(), dump(&sandbox).await);
    let (status, response) = call(&sandbox, "POST", "/reset", Some(json!({}))).await;
    assert_eq!((status, response), (200, json!({"stores": [{"storeId": 1003, "coupons": 0}]})));
}
