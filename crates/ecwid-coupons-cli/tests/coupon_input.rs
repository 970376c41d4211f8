//! Tests of the fields that `create` and `update` read: copies, spellings, and dates without a time.

mod program;

use ecwid_coupons::{chrono::Utc, types::Coupon};
use ecwid_coupons_sandbox::Sandbox;
use program::{Outcome, TOKEN, program, run, run_with_input};

/// Starts a sandbox in this process, which records the requests.
async fn sandbox(coupons: &str) -> Sandbox {
    let sandbox = Sandbox::builder().token(TOKEN).start().await.unwrap();
    sandbox.load(serde_json::from_str::<Vec<Coupon>>(coupons).unwrap()).await.unwrap();
    sandbox
}

fn with_input(sandbox: &Sandbox, arguments: &[&str], input: &str) -> Outcome {
    let mut command = program(arguments);
    command.args(["--store-id", "1003", "--base-url", sandbox.base_url()]).env("ECWID_TOKEN", TOKEN);
    run_with_input(&mut command, input)
}

/// Returns the body of the last request.
fn sent(sandbox: &Sandbox) -> serde_json::Value {
    serde_json::from_str(&sandbox.received_requests().pop().unwrap().request_body).unwrap()
}

/// Runs `create` with a file. Returns the request body and standard error, or the error.
async fn created(json: &str, arguments: &[&str]) -> Result<(serde_json::Value, String), String> {
    let sandbox = sandbox("[]").await;
    let outcome = with_input(&sandbox, &[&["create", "--json", "-"], arguments].concat(), json);
    if outcome.code == 0 {
        return Ok((sent(&sandbox), outcome.err));
    }
    assert!(sandbox.received_requests().is_empty(), "nothing is sent");
    Err(outcome.failed(2))
}

const USED: &str = r#"[{"id":7,"name":"10% OFF","code":"FIRST","discountType":"PERCENT","discount":10.50,"status":"ACTIVE",
    "launchDate":"2024-01-01 00:00:00 +0000","expirationDate":"2024-02-01 00:00:00 +0000","orderCount":3,
    "creationDate":"2023-01-01 00:00:00 +0000","updateDate":"2023-01-02 00:00:00 +0000","usesLimit":"SINGLE",
    "catalogLimit":{"products":[1]}}]"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_starts_unused() {
    let sandbox = sandbox(USED).await;
    let json = with_input(&sandbox, &["get", "FIRST", "--format", "json"], "").ok();
    assert!(json.contains("EXPIRED") && json.contains("\"orderCount\": 3"), "{json}");

    let copy = with_input(&sandbox, &["create", "--json", "-", "--code", "SECOND"], &json);
    let body = sent(&sandbox);
    for field in ["id", "creationDate", "updateDate", "orderCount", "status"] {
        assert!(body.get(field).is_none(), "{field}: {body}");
        assert!(copy.err.contains(field), "{field}: {}", copy.err);
    }
    assert_eq!(
        (&body["code"], &body["usesLimit"], &body["catalogLimit"]["products"][0]),
        (&"SECOND".into(), &"SINGLE".into(), &1.into())
    );
    assert!(
        copy.err.contains("note: fields left out because the store sets them: ") && copy.err.contains("status EXPIRED"),
        "{}",
        copy.err
    );
    assert!(copy.err.contains("already expired: its `expirationDate` is 2024-02-01 00:00:00 +0000"), "{}", copy.err);
    copy.ok();
    let got = with_input(&sandbox, &["get", "SECOND", "--format", "jsonl"], "").ok();
    assert!(got.contains("\"orderCount\":0") && got.contains("\"discount\":10.50"), "{got}");

    // A field with its own flag is sent and is not reported as left out.
    let copy = with_input(
        &sandbox,
        &["create", "--json", "-", "--code", "THIRD", "--order-count", "2", "--status", "PAUSED"],
        &json,
    );
    assert_eq!((&sent(&sandbox)["orderCount"], &sent(&sandbox)["status"]), (&2.into(), &"PAUSED".into()));
    assert!(!copy.err.contains("orderCount") && !copy.err.contains("status"), "{}", copy.err);

    let update = with_input(
        &sandbox,
        &["update", "SECOND", "--json", "-", "--code", "SECOND", "--expiration-date", "2099-01-01"],
        &json,
    );
    let body = sent(&sandbox);
    assert!(
        ["id", "creationDate", "updateDate", "orderCount", "status"].iter().all(|name| body.get(name).is_none()),
        "{body}"
    );
    assert!(update.err.contains("left out because the store sets them"), "{}", update.err);
    assert!(!update.err.contains("already expired"), "{}", update.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_paused_coupon_is_paused() {
    let (body, err) = created(r#"{"name":"A","code":"A","status":"PAUSED","discountType":"ABS"}"#, &[]).await.unwrap();
    assert_eq!(body["status"], "PAUSED");
    assert_eq!(err, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_spelling_of_a_field_is_accepted() {
    // A row of a data frame, `to_dict` of the Python package, and JSON of the API.
    for json in [
        r#"{"id":1,"name":"A","code":"A","discount_type":"PERCENT","discount":10,"uses_limit":"SINGLE","expiration_date":"2099-01-01 00:00:00+00:00",
            "total_limit":null,"creation_date":null,"order_count":0,"catalog_limit_products":[1,2],"catalog_limit_categories":null,
            "shipping_limit_shipping_methods":["18-86"],"extra":"{\"loyalty\":1}"}"#,
        r#"{"name":"A","code":"A","discount_type":"percent","discount":10,"uses_limit":"Single","expiration_date":"2099-01-01T00:00:00Z",
            "catalog_limit":{"products":[1,2]},"shipping_limit":{"shipping_methods":["18-86"]},"extra":{"loyalty":1}}"#,
        r#"{"name":"A","code":"A","discountType":"PERCENT","discount":10,"usesLimit":"SINGLE","expirationDate":"2099-01-01 00:00:00 +0000",
            "catalogLimit":{"products":[1,2]},"shippingLimit.shippingMethods":["18-86"],"extra":{"loyalty":1}}"#,
    ] {
        let (body, _) = created(json, &[]).await.unwrap();
        let wanted = serde_json::json!({
            "name": "A", "code": "A", "discountType": "PERCENT", "discount": 10, "usesLimit": "SINGLE",
            "expirationDate": "2099-01-01 00:00:00 +0000", "catalogLimit": {"products": [1, 2]},
            "shippingLimit": {"shippingMethods": ["18-86"]}, "loyalty": 1,
        });
        assert_eq!(body, wanted, "{json}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_refused_with_a_suggestion() {
    for (fields, problem) in [
        (r#""discuont":10"#, "unknown field: `discuont` (did you mean `discount`?)"),
        (r#""discountTyp":"PERCENT""#, "did you mean `discountType`"),
        (r#""uses_limits":"SINGLE""#, "did you mean `usesLimit`"),
        (r#""expires":"2099-01-01""#, "did you mean `expirationDate`"),
        (r#""products":[1]"#, "did you mean `catalogLimit.products`"),
        (r#""color":"red""#, "unknown field: `color`"),
        (r#""catalogLimit":{"product":[1]}"#, "unknown field: `catalogLimit.product` (did you mean `products`?)"),
        (r#""discountType":"PERCENTS""#, "discountType: unknown value `PERCENTS` (expected one of ABS, PERCENT, "),
        (r#""uses_limit":"ONCE""#, "usesLimit: unknown value `ONCE`"),
        (r#""discount_type":"ABS","discountType":"PERCENT""#, "discountType: it is given twice"),
        (r#""discount":5,"discount":10"#, "discount: it is given twice"),
        (
            r#""catalogLimit":{"products":[1]},"catalog_limit_products":[2]"#,
            "catalog_limit_products: it is given twice",
        ),
        (r#""catalog_limit_products":[2],"catalogLimit":{"products":[1]}"#, "catalogLimit: it is given twice"),
        (r#""catalogLimit":{"products":[1],"Products":[2]}"#, "catalogLimit.Products: it is given twice"),
        (r#""extra":{"discount_type":"PERCENT"}"#, "extra: `discount_type` is a known field"),
        (r#""extra":5"#, "extra: invalid value (expected a JSON object"),
        (r#""expirationDate":"31.12.2099""#, "expirationDate: invalid date: `31.12.2099`"),
    ] {
        let error = created(&format!(r#"{{"name":"A","code":"A",{fields}}}"#), &[]).await.unwrap_err();
        assert!(
            error.starts_with("error: standard input at line 1 column ") && error.contains(problem),
            "{fields}: {error}"
        );
    }

    let sandbox = sandbox(USED).await;
    // The sandbox refuses the unknown value, but the command sends it, also if it looks misspelled.
    for value in ["BOGO", "PERCENTS"] {
        let unknown = format!(r#"{{"name":"A","code":"A","loyaltyPoints":5,"discountType":"{value}"}}"#);
        with_input(&sandbox, &["create", "--json", "-", "--allow-unknown"], &unknown);
        assert_eq!(sent(&sandbox), serde_json::from_str::<serde_json::Value>(&unknown).unwrap());
        with_input(&sandbox, &["update", "FIRST", "--json", "-", "--allow-unknown"], &unknown);
        assert_eq!(sent(&sandbox), serde_json::from_str::<serde_json::Value>(&unknown).unwrap());
    }
    let update = |json| with_input(&sandbox, &["update", "FIRST", "--json", "-"], json);
    assert!(update(r#"{"discuont":10}"#).failed(2).contains("did you mean `discount`"));
    assert_eq!(update(r#"{"discount_type":"abs","total_limit":null}"#).code, 0);
    assert_eq!(sent(&sandbox), serde_json::json!({"discountType": "ABS", "totalLimit": null}));
    assert!(
        run(&mut program(&["create", "--name", "A", "--code", "A", "--allow-unknown", "--sandbox"]))
            .failed(2)
            .contains("--json")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_without_a_time_is_the_first_or_the_last_second_of_the_day() {
    let wanted = [("launchDate", "2098-12-05 00:00:00 +0000"), ("expirationDate", "2099-12-05 23:59:59 +0000")];
    let sandbox = sandbox(USED).await;
    let days = ["--launch-date", "2098-12-05", "--expiration-date", "2099-12-05"];
    let json = r#"{"launch_date":"2098-12-05","expirationDate":"2099-12-05","discountType":"ABS"}"#;
    for (arguments, input) in [
        ([&["create", "--name", "A", "--code", "A", "--discount-type", "ABS"], &days[..]].concat(), ""),
        ([&["update", "FIRST"], &days[..]].concat(), ""),
        (vec!["create", "--json", "-", "--name", "B", "--code", "B"], json),
        (vec!["update", "FIRST", "--json", "-"], json),
    ] {
        let outcome = with_input(&sandbox, &arguments, input);
        for (name, date) in wanted {
            assert_eq!(sent(&sandbox)[name], date, "{arguments:?}");
            let note = format!("note: `{name}` has no time and is sent as {date}\n");
            assert!(outcome.err.contains(&note), "{arguments:?}: {}", outcome.err);
        }
        outcome.ok();
    }
    // A date with a time is sent unchanged, without a note.
    let exact = ["update", "FIRST", "--expiration-date", "2099-12-05 00:00:00"];
    let outcome = with_input(&sandbox, &exact, "");
    assert_eq!((&sent(&sandbox)["expirationDate"], outcome.err.as_str()), (&"2099-12-05 00:00:00 +0000".into(), ""));

    let search = [
        "search",
        "--created-from",
        "2026-12-05",
        "--created-to",
        "2026-12-05",
        "--updated-from",
        "2026-12-05",
        "--updated-to",
        "2026-12-05",
    ];
    let outcome = with_input(&sandbox, &search, "");
    let target = sandbox.received_requests().pop().unwrap().target;
    for (filter, flag, seconds, date) in [
        ("createdFrom", "--created-from", 1796428800, "2026-12-05 00:00:00 +0000"),
        ("createdTo", "--created-to", 1796515199, "2026-12-05 23:59:59 +0000"),
        ("updatedFrom", "--updated-from", 1796428800, "2026-12-05 00:00:00 +0000"),
        ("updatedTo", "--updated-to", 1796515199, "2026-12-05 23:59:59 +0000"),
    ] {
        assert!(target.contains(&format!("{filter}={seconds}")), "{target}");
        assert!(
            outcome.err.contains(&format!("note: `{flag}` has no time and is sent as {date}\n")),
            "{}",
            outcome.err
        );
    }
    for command in ["create", "update", "search"] {
        let help = run(&mut program(&[command, "--help"])).ok();
        let help = help.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains("23:59:59") && help.contains("UTC"), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_that_expires_today_is_active_until_the_end_of_the_day() {
    let sandbox = sandbox("[]").await;
    let today = Utc::now().format("%Y-%m-%d").to_string();
    let create = ["create", "--name", "A", "--code", "A", "--discount-type", "ABS", "--expiration-date", &today];
    let outcome = with_input(&sandbox, &create, "");
    if Utc::now().format("%Y-%m-%d").to_string() == today {
        assert!(!outcome.err.contains("already expired"), "{}", outcome.err);
        assert!(with_input(&sandbox, &["get", "A", "--format", "jsonl"], "").ok().contains("ACTIVE"));
    }
    let create = ["create", "--name", "B", "--code", "B", "--discount-type", "ABS", "--expiration-date", "2020-12-05"];
    let outcome = with_input(&sandbox, &create, "");
    assert!(
        outcome.err.contains("already expired: its `expirationDate` is 2020-12-05 23:59:59 +0000"),
        "{}",
        outcome.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_without_a_discount_type_prints_a_note() {
    let sandbox = sandbox("[]").await;
    let create = |code, rest: &[&str]| {
        with_input(&sandbox, &[&["create", "--name", "10% OFF", "--code", code, "--discount", "10"], rest].concat(), "")
            .err
    };
    assert!(create("A", &[]).contains("note: no discount type was given, so the store uses ABS"));
    assert_eq!(create("B", &["--discount-type", "percent"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_a_file_has_the_place_of_the_value_and_an_example() {
    let whole = "expected a whole number of at most 18 digits";
    for (fields, expected, hint) in [
        ("'discount':'abc'", "at line 3 column 14: discount: invalid type", "`\"discount\": 10.5`"),
        (
            "'catalog_limit':{'products':[1,\n  'x']}",
            &format!("at line 4 column 3: catalogLimit.products[1]: invalid type: string \"x\", {whole}"),
            "`\"products\": [3]`",
        ),
        (
            "'catalog_limit_products':[1,'x']",
            &format!("at line 3 column 31: catalogLimit.products[1]: invalid type: string \"x\", {whole}"),
            "`\"products\": [3]`",
        ),
        (
            "'catalogLimit':{'product':[1]}",
            "at line 3 column 29: unknown field: `catalogLimit.product`",
            "--allow-unknown",
        ),
        ("'discountType':'PERCNT'", "at line 3 column 18: discountType: unknown value `PERCNT`", "--allow-unknown"),
        (
            "'launchDate':'soon'",
            "at line 3 column 16: launchDate: invalid date: `soon`",
            "`\"launchDate\": \"2024-06-30 ",
        ),
        ("'code':7", "at line 3 column 10: code: it is given twice", "`\"code\": \"SUMMER\"`"),
        ("'discount':0.30000000000000004", "at line 3 column 14: discount: ", "round the number"),
    ] {
        let json = format!("{{'name':'Ä',\n 'code':'A',\n  {fields}}}").replace('\'', "\"");
        let error = created(&json, &[]).await.unwrap_err();
        assert!(error.contains(&format!("standard input {expected}")) && error.contains(hint), "{fields}: {error}");
    }
    // The flag overrides the value of the file, so the file has no wrong place.
    let error = created(r#"{"name":"A","code":"A","discount":"x"}"#, &["--discount", "7"]).await;
    assert!(error.is_ok(), "{error:?}");
}
