//! What the sandbox does, over HTTP as any client would see it.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use ecwid_coupons::{
    Client, CommaList, Patch,
    chrono::TimeDelta,
    types::{
        ApplicationLimit, BatchMethod, BatchRequestItem, BatchResponseStatus, BatchState, BatchStatus, Coupon,
        CouponStatus, CouponUpdate, DiscountType, NewCoupon,
    },
};
use ecwid_coupons_sandbox::{Error, Sandbox};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Barrier,
    time::timeout,
};

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
async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/1003/discount_coupons{path}", sandbox.base_url());
    let request = http_client().request(method.parse().unwrap(), url).bearer_auth("secret_sandbox").json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// A connection on which a test says each byte itself.
pub(super) async fn connect(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.base_url().trim_start_matches("http://").trim_end_matches("/api/v3");
    TcpStream::connect(address).await.unwrap()
}

/// The part of a batch that creates a coupon.
fn creation(id: &str, code: &str) -> BatchRequestItem {
    let body = ecwid_coupons::Json::from_value(&NewCoupon::percent("Name", code, 10)).unwrap();
    BatchRequestItem::new("/discount_coupons", BatchMethod::Post).id(id).body(body)
}

pub(super) async fn finished(coupons: &Client, ticket: &str) -> BatchStatus {
    loop {
        let status = coupons.api().get_batch_status().ticket(ticket).escaped_json(true).send().await.unwrap();
        if status.status == Some(BatchState::Completed) {
            return status.into_inner();
        }
        tokio::task::yield_now().await;
    }
}

async fn raw(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let url = format!("{}/1003/discount_coupons{path}", sandbox.base_url());
    let response = http_client().get(url).bearer_auth("secret_sandbox").send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_created_coupon_has_defaults_and_no_unset_fields() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let created = coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    assert_eq!(created.code(), Some("CODE"));
    let (status, mut coupon) = raw(&sandbox, "/CODE").await;
    assert_eq!(status, 200);
    for date in ["creationDate", "updateDate"] {
        let date = coupon.as_object_mut().unwrap().remove(date).unwrap();
        assert!(date.as_str().unwrap().ends_with(" +0000"), "{date}");
    }
    assert_eq!(
        coupon,
        json!({
            "id": created.id(), "name": "Name", "code": "CODE", "discountType": "ABS", "status": "ACTIVE", "discount": 0,
            "usesLimit": "UNLIMITED", "applicationLimit": "UNLIMITED", "repeatCustomerOnly": false, "orderCount": 0,
        })
    );
}

#[tokio::test]
async fn codes_are_the_same_in_any_letter_case() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::new("Name", "Größe")).await.unwrap();
    let error = coupons.create(&NewCoupon::new("Other", "GRÖßE")).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(error.code(), Some("CONSTRAINT_VIOLATION"));
    assert_eq!(coupons.get("gRöße").await.unwrap().code.as_deref(), Some("Größe"));
    assert_eq!(coupons.search().code("GRÖSSE").page().await.unwrap().total, Some(0));
    assert_eq!(coupons.search().code("gröSSE".replace("SS", "ß")).page().await.unwrap().total, Some(1));

    coupons.create(&NewCoupon::new("Other", "OTHER")).await.unwrap();
    let error = coupons.update("OTHER", &CouponUpdate::default().code("größe")).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    // Its own code in other letters is no other coupon's.
    coupons.update("OTHER", &CouponUpdate::default().code("other")).await.unwrap();
    assert_eq!(coupons.get("OTHER").await.unwrap().code.as_deref(), Some("other"));
}

#[tokio::test]
async fn digits_are_an_id_first_and_a_code_then() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let first = coupons.create(&NewCoupon::new("First", "FIRST")).await.unwrap().id().unwrap();
    coupons.create(&NewCoupon::new("Second", first.to_string())).await.unwrap();
    coupons.create(&NewCoupon::new("Third", "12")).await.unwrap();
    assert_eq!(coupons.get(first).await.unwrap().name.as_deref(), Some("First"));
    assert_eq!(coupons.get(first.to_string()).await.unwrap().name.as_deref(), Some("First"));
    assert_eq!(coupons.get(12).await.unwrap().name.as_deref(), Some("Third"));
}

#[tokio::test]
async fn dates_are_given_in_utc() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    for (index, (sent, kept)) in [
        ("2024-06-06 08:00:00 +0400", "2024-06-06 04:00:00 +0000"),
        ("2024-06-06 08:00:00", "2024-06-06 08:00:00 +0000"),
        ("2024-06-06", "2024-06-06 00:00:00 +0000"),
        ("2024-06-06 08:00:00 UTC", "2024-06-06 08:00:00 +0000"),
        ("2024-06-06T08:00:00-01:30", "2024-06-06 09:30:00 +0000"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("DATE{index}");
        let body = json!({"name": "Name", "code": code, "launchDate": sent}).to_string();
        let request = http_client().post(&url).bearer_auth("secret_sandbox").header("content-type", "application/json");
        assert_eq!(request.body(body).send().await.unwrap().status(), 200, "{sent}");
        assert_eq!(coupons.get(code).await.unwrap().launch_date.unwrap().to_string(), kept, "{sent}");
    }
}

#[tokio::test]
async fn a_coupon_expires_by_its_date() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    for (code, date) in [("OVER", "2020-01-01"), ("FOR-LONG", "2999-01-01")] {
        let date: ecwid_coupons::EcwidDateTime = date.parse().unwrap();
        coupons.create(&NewCoupon::new("Name", code).expiration_date(date)).await.unwrap();
    }
    assert_eq!(coupons.get("OVER").await.unwrap().status, Some(CouponStatus::Expired));
    assert_eq!(coupons.get("FOR-LONG").await.unwrap().status, Some(CouponStatus::Active));
    for (status, code) in [(CouponStatus::Expired, "OVER"), (CouponStatus::Active, "FOR-LONG")] {
        let page = coupons.search().status(status).page().await.unwrap();
        assert_eq!(page.items.unwrap().iter().map(|coupon| coupon.code.as_deref()).collect::<Vec<_>>(), [Some(code)]);
    }
    // A longer date brings it back.
    let later: ecwid_coupons::EcwidDateTime = "2999-01-01".parse().unwrap();
    coupons.update("OVER", &CouponUpdate::default().expiration_date(later)).await.unwrap();
    assert_eq!(coupons.get("OVER").await.unwrap().status, Some(CouponStatus::Active));
}

#[tokio::test]
async fn filters_take_lists_and_every_date_format() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let coupon = |code: &str, kind: DiscountType, created: &str| {
        let created: ecwid_coupons::EcwidDateTime = created.parse().unwrap();
        Coupon::default()
            .code(code)
            .name("Name")
            .discount_type(kind)
            .status(CouponStatus::Active)
            .creation_date(created.clone())
            .update_date(created)
    };
    sandbox
        .load([
            coupon("A", DiscountType::Abs, "2023-01-15 19:27:49"),
            coupon("B", DiscountType::Percent, "2023-01-15 19:27:50"),
            coupon("C", DiscountType::Shipping, "2023-01-15 19:27:51"),
        ])
        .await
        .unwrap();
    coupons.update("C", &CouponUpdate::default().pause()).await.unwrap();

    async fn codes(search: ecwid_coupons::Search) -> String {
        let page = search.page().await.unwrap();
        page.items.unwrap().into_iter().filter_map(|coupon| coupon.code).collect::<Vec<_>>().join(" ")
    }
    assert_eq!(codes(coupons.search().discount_type([DiscountType::Abs, DiscountType::Percent])).await, "A B");
    assert_eq!(codes(coupons.search().discount_type(DiscountType::Shipping)).await, "C");
    assert_eq!(
        codes(coupons.search().status(CommaList::from([CouponStatus::Paused, CouponStatus::Expired]))).await,
        "C"
    );
    for text in ["1673810870", "2023-01-15 19:27:50", "2023-01-15 19:27:50 +0000", "2023-01-15T20:27:50+01:00"] {
        let time: ecwid_coupons::TimeFilter = text.parse().unwrap();
        assert_eq!(codes(coupons.search().created_from(time)).await, "B C", "{text}");
        assert_eq!(codes(coupons.search().created_to(time)).await, "A B", "{text}");
        assert_eq!(codes(coupons.search().created_from(time).created_to(time)).await, "B", "{text}");
        assert_eq!(codes(coupons.search().updated_to(time)).await, "A B", "{text}");
    }
    for (text, found) in [("2023-01-15", 3), ("2023-01-16", 0), ("1447804800", 3)] {
        let (status, page) = raw(&sandbox, &format!("?createdFrom={text}")).await;
        assert_eq!((status, &page["total"]), (200, &json!(found)), "{text}");
    }
    // As a form writes it: a plus for the space, the zone's plus encoded.
    let (_, page) = raw(&sandbox, "?createdFrom=2023-01-15+19:27:51+%2B0000").await;
    assert_eq!(page["total"], 1);
    // A limit above the documented one is that one.
    let (_, page) = raw(&sandbox, "?limit=1000&offset=1").await;
    assert_eq!(
        (&page["limit"], &page["offset"], &page["count"], &page["total"]),
        (&json!(100), &json!(1), &json!(2), &json!(3))
    );
}

#[tokio::test]
async fn an_update_keeps_clears_and_sets() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let amount: ecwid_coupons::Decimal = "10.50".parse().unwrap();
    let date: ecwid_coupons::EcwidDateTime = "2999-01-01".parse().unwrap();
    let new = NewCoupon::absolute("Name", "CODE", amount.clone())
        .total_limit(amount.clone())
        .expiration_date(date)
        .for_products([1, 2]);
    coupons.create(&new).await.unwrap();
    let before = coupons.get("CODE").await.unwrap();

    let mut update = CouponUpdate::default().name("Other");
    update.expiration_date = Patch::Clear;
    update.catalog_limit = Patch::Clear;
    assert_eq!(coupons.update("CODE", &update).await.unwrap().update_count, Some(1));
    let after = coupons.get("CODE").await.unwrap();
    let mut expected = before.clone();
    expected.name = Some("Other".to_owned());
    expected.expiration_date = None;
    expected.catalog_limit = None;
    expected.update_date.clone_from(&after.update_date);
    assert_eq!(after, expected);
    assert_eq!(after.discount.unwrap().to_string(), "10.50");

    let error = coupons.update("CODE", &CouponUpdate::default()).await.unwrap_err();
    assert!(error.to_string().contains("changes no field"), "{error}");
}

#[tokio::test]
async fn repeat_customer_only_follows_the_application_limit() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let state = async || {
        let coupon = coupons.get("CODE").await.unwrap();
        (coupon.application_limit.unwrap(), coupon.repeat_customer_only.unwrap())
    };
    let mut new = NewCoupon::new("Name", "CODE").repeat_customer_only(true);
    coupons.create(&new).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::RepeatCustomerOnly, true));
    coupons
        .update("CODE", &CouponUpdate::default().application_limit(ApplicationLimit::NewCustomerOnly))
        .await
        .unwrap();
    assert_eq!(state().await, (ApplicationLimit::NewCustomerOnly, false));
    coupons.update("CODE", &CouponUpdate::default().repeat_customer_only(false)).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::NewCustomerOnly, false));
    coupons.update("CODE", &CouponUpdate::default().repeat_customer_only(true)).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::RepeatCustomerOnly, true));
    // Of the two, the newer one wins.
    coupons.delete("CODE").await.unwrap();
    new = new.application_limit(ApplicationLimit::Unlimited);
    coupons.create(&new).await.unwrap();
    assert_eq!(state().await, (ApplicationLimit::Unlimited, false));
}

#[tokio::test]
async fn the_store_alone_sets_expired_and_the_dates() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let body = json!({
        "name": "Name", "code": "CODE", "status": "USEDUP", "creationDate": "2001-01-01 00:00:00 +0000", "id": 7, "orderCount": 3, "later": [1],
    });
    let request =
        http_client().post(url).bearer_auth("secret_sandbox").header("content-type", "text/json; charset=utf-8");
    assert_eq!(request.body(body.to_string()).send().await.unwrap().status(), 200);
    let (_, coupon) = raw(&sandbox, "/CODE").await;
    assert_eq!((&coupon["status"], &coupon["orderCount"]), (&json!("ACTIVE"), &json!(3)));
    assert_ne!(coupon["id"], 7);
    assert!(!coupon["creationDate"].as_str().unwrap().starts_with("2001"));
    assert_eq!(coupon.get("later"), None);
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.delete("NONE").await.unwrap().delete_count, Some(0));
    for error in [
        coupons.get("NONE").await.unwrap_err(),
        coupons.update("NONE", &CouponUpdate::default().pause()).await.unwrap_err(),
    ] {
        assert!(error.is_not_found());
        assert_eq!(error.code(), Some("DISCOUNT_COUPON_NOT_FOUND"));
    }
    let other = Client::builder(1004, sandbox.token()).base_url(sandbox.base_url()).build().unwrap();
    assert_eq!(other.get(1).await.unwrap_err().code(), Some("STORE_NOT_FOUND"));
    let (status, page) = raw(&sandbox, "?offset=500").await;
    assert_eq!((status, page), (200, json!({"total": 0, "count": 0, "offset": 500, "limit": 100, "items": []})));
}

#[tokio::test]
async fn scopes_open_their_operations_and_no_others() {
    let may = async |scope: &str| {
        let sandbox = Sandbox::builder().scopes([scope]).start().await.unwrap();
        sandbox.load([Coupon::default().id(1).code("CODE").name("Name")]).await.unwrap();
        let coupons = sandbox.client().unwrap();
        [
            coupons.search().page().await.map(drop),
            coupons.get(1).await.map(drop),
            coupons.create(&NewCoupon::new("Name", "NEW")).await.map(drop),
            coupons.update(1, &CouponUpdate::default().pause()).await.map(drop),
            coupons.delete(1).await.map(drop),
        ]
        .map(|result| match result {
            Ok(()) => true,
            Err(error) => {
                assert_eq!((error.status(), error.code()), (Some(403), Some("INSUFFICIENT_APP_SCOPE")));
                assert!(error.hint().unwrap().contains("_discount_coupons"), "{error}");
                false
            }
        })
    };
    assert_eq!(may("read_discount_coupons").await, [true, true, false, false, false]);
    assert_eq!(may("create_discount_coupons").await, [false, false, true, false, false]);
    assert_eq!(may("update_discount_coupons").await, [false, false, false, true, true]);
}

#[tokio::test]
async fn response_fields_choose_what_is_answered() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE").for_products([1])).await.unwrap();
    for (fields, expected) in [
        ("items(name,code)", json!({"items": [{"name": "Name", "code": "CODE"}]})),
        ("count,items(catalogLimit(products))", json!({"count": 1, "items": [{"catalogLimit": {"products": [1]}}]})),
        ("nothing", json!({})),
    ] {
        assert_eq!(raw(&sandbox, &format!("?responseFields={fields}")).await, (200, expected), "{fields}");
    }
    assert_eq!(raw(&sandbox, "/CODE?responseFields=code").await, (200, json!({"code": "CODE"})));
}

#[tokio::test]
async fn answers_are_packed_for_those_who_ask() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.load((1..=100).map(|id| Coupon::default().id(id).code(format!("CODE{id}")).name("Name"))).await.unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let client = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
    let request = client.get(url).bearer_auth("secret_sandbox");
    let packed = request.try_clone().unwrap().header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let plain = request.send().await.unwrap();
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert!(packed.bytes().await.unwrap().len() * 3 < plain.bytes().await.unwrap().len());
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().count, Some(100));
}

#[tokio::test]
async fn a_file_keeps_the_coupons() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let created = sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    sandbox.stop().await;
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.get("CODE").await.unwrap().id, created.id());
    // The id of a deleted coupon is not given again.
    coupons.delete("CODE").await.unwrap();
    assert!(coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap().id() > created.id());
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused() {
    let text = async |builder: ecwid_coupons_sandbox::SandboxBuilder| builder.start().await.unwrap_err().to_string();
    assert!(text(Sandbox::builder().scopes(["delete_discount_coupons"])).await.contains("delete_discount_coupons"));
    assert!(text(Sandbox::builder().address(([0, 0, 0, 0], 0))).await.contains("loopback"));
    assert!(text(Sandbox::builder().database("/nowhere/at/all.sqlite")).await.contains("/nowhere/at/all.sqlite"));
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches("/api/v3")
        .parse::<std::net::SocketAddr>()
        .unwrap();
    assert!(matches!(Sandbox::builder().address(address).start().await, Err(Error::Listen { .. })));
    let twice = [Coupon::default().code("A").name("A"), Coupon::default().code("a").name("A")];
    assert!(sandbox.load(twice).await.unwrap_err().to_string().contains("'a'"));
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(0), "all are loaded or none");
}

#[tokio::test]
async fn the_files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "no database, and longer than the header of one, so that it is not taken for an empty file")
        .unwrap();
    let error = Sandbox::builder().database(&file).start().await.unwrap_err().to_string();
    assert!(
        error.contains("notes.txt") && error.contains("not a database") && error.contains("name a new file"),
        "{error}"
    );
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("no database"));

    // The other program has the last file open, so that a part of it is still in the log beside it.
    let others = ["", "PRAGMA user_version = 1;", "PRAGMA user_version = 1; PRAGMA journal_mode = wal;"];
    for (index, settings) in others.into_iter().enumerate() {
        let file = folder.path().join(format!("other #{index}%41.sqlite"));
        let other = rusqlite::Connection::open(&file).unwrap();
        other.execute_batch(&format!("{settings} CREATE TABLE coupons (mine TEXT)")).unwrap();
        let before = files(folder.path());
        let error = Sandbox::builder().database(&file).start().await.unwrap_err().to_string();
        assert!(error.contains("another program") && !error.contains("TABLE"), "{error}");
        assert!(files(folder.path()) == before, "{settings}");
        drop(other);
        let before = files(folder.path());
        assert!(Sandbox::builder().database(&file).start().await.is_err(), "{settings}");
        assert!(files(folder.path()) == before, "{settings}");
    }
}

/// The files of a folder by name.
fn files(folder: &Path) -> BTreeMap<std::ffi::OsString, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn several_sandboxes_start_on_one_new_file() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let file = folder.path().join(format!("{round}.sqlite"));
        let together = Arc::new(Barrier::new(6));
        let start = |_| {
            let (together, builder) = (Arc::clone(&together), Sandbox::builder().database(&file));
            tokio::spawn(async move {
                together.wait().await;
                builder.start().await
            })
        };
        let started = join_all((0..6).map(start)).await;
        let sandboxes: Vec<_> = started.into_iter().map(|sandbox| sandbox.unwrap().unwrap()).collect();
        sandboxes[0].client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
        for sandbox in &sandboxes {
            assert!(sandbox.client().unwrap().get("code").await.unwrap().id > Some(100_000_000));
        }
    }
}

#[tokio::test]
async fn a_read_does_not_wait_for_the_write_of_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM coupons").unwrap();
    assert!(coupons.get("CODE").await.is_ok());
    assert_eq!(coupons.search().page().await.unwrap().total, Some(1));
}

#[tokio::test]
async fn every_operation_of_the_document_is_served() {
    let sandbox = Sandbox::start().await.unwrap();
    for operation in ecwid_coupons::operations::OPERATIONS {
        let path = operation.path.replace("{storeId}", "1003").replace("{discountCouponId}", "NONE");
        let request = http_client().request(operation.method.parse().unwrap(), format!("{}{path}", sandbox.base_url()));
        let status = request.bearer_auth("secret_sandbox").send().await.unwrap().status();
        assert!(status.is_success() || status.is_client_error() && status != 405, "{}: {status}", operation.name);
    }
}

#[tokio::test]
async fn a_batch_runs_its_requests() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let run = async |items: Vec<BatchRequestItem>, stop: bool| -> BatchStatus {
        let request = coupons.api().create_batch_request().stop_on_first_failure(stop).body(items);
        finished(&coupons, &request.send().await.unwrap().into_inner().ticket.unwrap()).await
    };
    let outcomes = |status: &BatchStatus| -> Vec<_> {
        let responses = status.responses.as_ref().unwrap();
        responses
            .iter()
            .map(|response| (response.id.clone().unwrap(), response.status.clone().unwrap(), response.http_status_code))
            .collect()
    };
    let items = vec![creation("1", "A"), creation("2", "a"), creation("3", "C")];
    let stopped = run(items.clone(), true).await;
    assert_eq!((stopped.total_requests, stopped.completed_requests), (Some(3), Some(2)));
    assert_eq!(
        outcomes(&stopped),
        [
            ("1".to_owned(), BatchResponseStatus::Completed, Some(200)),
            ("2".to_owned(), BatchResponseStatus::Failed, Some(409)),
            ("3".to_owned(), BatchResponseStatus::NotExecuted, None),
        ]
    );
    let created: Value =
        serde_json::from_str(stopped.responses.unwrap()[0].escaped_http_body.as_deref().unwrap()).unwrap();
    assert_eq!(created["code"], "A");
    let all = run(items, false).await;
    assert_eq!(outcomes(&all)[2].2, Some(200));

    let request = coupons.api().create_batch_request().deduplication_key("key");
    let first = request.clone().body(vec![creation("1", "D")]).send().await.unwrap().into_inner().ticket;
    assert_eq!(request.body(vec![creation("1", "E")]).send().await.unwrap().into_inner().ticket, first);
    let error = coupons.api().create_batch_request().body(vec![creation("1", "F"); 501]).send().await.unwrap_err();
    assert!(error.to_string().contains("501"), "{error}");
}

#[tokio::test]
async fn a_parallel_batch_answers_in_order() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let names: Vec<_> = (0..500).map(|index| format!("CODE{index}")).collect();
    let items = names.iter().map(|name| creation(name, name)).collect::<Vec<_>>();
    let request = coupons.api().create_batch_request().allow_parallel_mode(true).body(items);
    let ticket = request.send().await.unwrap().into_inner().ticket.unwrap();
    let responses = finished(&coupons, &ticket).await.responses.unwrap();
    assert_eq!(responses.len(), 500);
    for (name, response) in names.iter().zip(&responses) {
        assert_eq!((response.id.as_ref(), response.http_status_code), (Some(name), Some(200)));
        let created: Value = serde_json::from_str(response.escaped_http_body.as_deref().unwrap()).unwrap();
        assert_eq!(created["code"], json!(name));
    }
    assert_eq!(coupons.search().page().await.unwrap().total, Some(500));
}

#[tokio::test]
async fn a_batch_needs_the_scopes_of_its_requests() {
    let sandbox = Sandbox::builder().unlimited().scopes(["read_discount_coupons"]).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let request = coupons.api().create_batch_request().body(vec![creation("1", "A")]);
    let ticket = request.send().await.unwrap().into_inner().ticket.unwrap();
    assert_eq!(finished(&coupons, &ticket).await.responses.unwrap()[0].http_status_code, Some(403));
    // The example of the page has no responses without the parameter.
    let status = coupons.api().get_batch_status().ticket(ticket).send().await.unwrap();
    assert_eq!((&status.status, &status.responses), (&Some(BatchState::Completed), &None));
}

#[tokio::test]
async fn old_batches_are_forgotten() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let create = async || {
        let item = BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get);
        let request = coupons.api().create_batch_request().deduplication_key("key").body(vec![item]);
        request.send().await.unwrap().into_inner().ticket.unwrap()
    };
    let is_known = async |ticket: &str| match coupons.api().get_batch_status().ticket(ticket).send().await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.status(), Some(404), "{error}");
            false
        }
    };
    let first = create().await;
    finished(&coupons, &first).await;
    assert_eq!(create().await, first);
    sandbox.advance(TimeDelta::hours(1)).unwrap();
    assert!(!is_known(&first).await);
    let second = create().await;
    assert_ne!(second, first);

    let mut tickets = vec![second];
    for _ in 0..1000 {
        let item = BatchRequestItem::new("/discount_coupons?limit=1", BatchMethod::Get);
        let request = coupons.api().create_batch_request().body(vec![item]);
        tickets.push(request.send().await.unwrap().into_inner().ticket.unwrap());
    }
    for ticket in &tickets[990..] {
        finished(&coupons, ticket).await;
    }
    assert!(!is_known(&tickets[0]).await);
    assert!(is_known(&tickets[1]).await);
}

#[tokio::test]
async fn a_batch_ends_with_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let items: Vec<_> = (0..500).map(|index| creation("1", &format!("CODE{index}"))).collect();
    sandbox.client().unwrap().api().create_batch_request().body(items).send().await.unwrap();
    sandbox.stop().await;
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let total = async || coupons.search().page().await.unwrap().total.unwrap();
    let before = total().await;
    for index in 0..20 {
        coupons.create(&NewCoupon::new("Name", format!("OTHER{index}"))).await.unwrap();
    }
    // One request of the batch may have been with the database already.
    let after = total().await;
    assert!(before < 500 && (20..=21).contains(&(after - before)), "{before}, {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_creates_gets_the_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let code = |index: usize| {
        let cased =
            |(at, letter): (usize, char)| if index >> at & 1 == 0 { letter } else { letter.to_ascii_uppercase() };
        "summer".chars().enumerate().map(cased).collect::<String>()
    };
    let sent = join_all((0..50).map(|index| {
        let body = json!({"name": "Name", "code": code(index)});
        let sandbox = &sandbox;
        async move { send(sandbox, "POST", "", &body).await.0 }
    }));
    let mut statuses = sent.await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert_eq!(statuses[1..], [409; 49]);
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(1));
}

#[tokio::test]
async fn an_update_of_ignored_fields_changes_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let date: ecwid_coupons::EcwidDateTime = "2020-01-01".parse().unwrap();
    sandbox.load([Coupon::default().id(1).code("CODE").name("Name").update_date(date)]).await.unwrap();
    let (_, before) = raw(&sandbox, "/CODE").await;
    for body in [json!({}), json!({"status": "EXPIRED"}), json!({"status": "USEDUP", "id": 7, "later": [1]})] {
        assert_eq!(send(&sandbox, "PUT", "/CODE", &body).await, (200, json!({"updateCount": 0})), "{body}");
        assert_eq!(raw(&sandbox, "/CODE").await.1, before, "{body}");
    }
    let (_, done) = send(&sandbox, "PUT", "/CODE", &json!({"status": "EXPIRED", "name": "Other"})).await;
    assert_eq!(done, json!({"updateCount": 1}));
}

#[tokio::test]
async fn an_error_repeats_a_little_of_the_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let long = "ä".repeat(5000);
    for (status, answer) in [
        raw(&sandbox, &format!("/a/{}", "a".repeat(5000))).await,
        raw(&sandbox, &format!("?{0}=1&{0}=2", "a".repeat(5000))).await,
        send(&sandbox, "POST", "", &json!({"name": "Name", "code": long})).await,
        send(&sandbox, "POST", "", &json!({"name": "Name", "code": "CODE", "catalogLimit": long})).await,
    ] {
        let message = answer["errorMessage"].as_str().unwrap();
        assert!(status == 400 || status == 404, "{status}: {message}");
        assert!(message.chars().count() <= 301 && message.contains('…'), "{message}");
    }
}

#[tokio::test]
async fn the_journal_is_bounded_by_its_size() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = "n".repeat(100_000);
    for index in 0..70 {
        let (status, _) = send(&sandbox, "POST", "", &json!({"code": format!("CODE{index}"), "name": name})).await;
        assert_eq!(status, 200);
    }
    let exchanges = sandbox.exchanges();
    let size = |exchange: &ecwid_coupons_sandbox::Exchange| exchange.request_body.len() + exchange.response_body.len();
    let total: usize = exchanges.iter().map(size).sum();
    assert!((3 << 20..=4 << 20).contains(&total), "{total} bytes in {}", exchanges.len());
    assert!(exchanges.last().unwrap().response_body.contains("CODE69"));
}

#[tokio::test]
async fn the_journal_shows_exchanges_without_the_token() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let exchanges = sandbox.exchanges();
    let [exchange] = exchanges.as_slice() else { panic!("{exchanges:?}") };
    assert_eq!(
        (exchange.method.as_str(), exchange.target.as_str(), exchange.status),
        ("POST", "/api/v3/1003/discount_coupons", 200)
    );
    assert_eq!(exchange.request_body, r#"{"name":"Name","code":"CODE"}"#);
    assert!(exchange.request_headers.iter().any(|(name, _)| name == "x-ecwid-api-request-id"));
    let url = format!("{}/1003/discount_coupons?token=secret_sandbox", sandbox.base_url());
    http_client().get(url).header("authorization", "secret_sandbox").send().await.unwrap();
    let exchanges = sandbox.exchanges();
    assert_eq!(exchanges[1].target, "/api/v3/1003/discount_coupons?token=…");
    assert!(!format!("{exchanges:?} {sandbox:?}").contains("secret_sandbox"));
}

#[tokio::test]
async fn a_dropped_sandbox_is_gone() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.search().page().await.unwrap();
    drop(sandbox);
    // The connection of the first request is still in the client's pool, and must not be served any more.
    for _ in 0..10_000 {
        if coupons.search().page().await.is_err() {
            return;
        }
    }
    panic!("it still answers");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request = "POST /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer secret_sandbox\r\n\
                   content-type: application/json\r\ncontent-length: 100\r\n\r\n{\"name\":";
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"errorCode\":\"TIMEOUT\""), "{answer}");
}

/// A connection on which half of a request has arrived.
async fn half_a_request(sandbox: &Sandbox) -> TcpStream {
    let mut connection = connect(sandbox).await;
    connection.write_all(b"GET /api/v3/1003/disc").await.unwrap();
    // What comes on another connection later is read later.
    let mut later = connect(sandbox).await;
    later.write_all(b"GET / HTTP/1.1\r\nhost: sandbox\r\n\r\n").await.unwrap();
    assert_eq!(later.read_u8().await.unwrap(), b'H');
    connection
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_half_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let _connection = half_a_request(&sandbox).await;
    timeout(Duration::from_secs(3), sandbox.stop()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_sandbox_does_not_wait_for_half_a_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = half_a_request(&sandbox).await;
    drop(sandbox);
    // It is at its end, or was broken off.
    let _ = timeout(Duration::from_secs(3), connection.read_to_end(&mut Vec::new())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_client_that_does_not_read() {
    let sandbox = Sandbox::start().await.unwrap();
    let name = "n".repeat(200_000);
    let coupons = (1..=100).map(|id| Coupon::default().id(id).code(format!("CODE{id}")).name(name.clone()));
    sandbox.load(coupons).await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request =
        "GET /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer secret_sandbox\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(connection.read_u8().await.unwrap(), b'H');
    timeout(Duration::from_secs(3), sandbox.stop()).await.unwrap();
}

#[tokio::test]
async fn a_stop_answers_the_requests_under_way() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let request = "POST /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer secret_sandbox\r\n\
                   content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 29\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    // It is under way once the body is asked for.
    assert_eq!(connection.read_u8().await.unwrap(), b'H');
    let answer = async {
        connection.write_all(br#"{"name":"Name","code":"CODE"}"#).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let ((), answer) = tokio::join!(sandbox.stop(), answer);
    assert!(answer.contains("HTTP/1.1 200 ") && answer.contains("\"CODE\""), "{answer}");
}
