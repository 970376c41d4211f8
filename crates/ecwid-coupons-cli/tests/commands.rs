//! Tests of `get`, `create`, `update` and `delete` against a sandbox.

mod program;

use ecwid_coupons::{
    schema::Kind,
    types::{Coupon, NewCoupon},
};
use heck::ToKebabCase as _;
use program::{Sandbox, alone, program, run, run_with_input};

fn coupon(text: &str) -> Coupon {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_field_of_a_new_coupon_is_a_flag() {
    let help = run(&mut program(&["create", "--help"])).ok();
    for field in NewCoupon::FIELDS {
        let name = field.name.to_kebab_case();
        match field.kind {
            Kind::Object(inside) => {
                for field in inside {
                    let leaf = field.name.to_kebab_case();
                    assert!(help.contains(&format!("--{name}-{leaf} ")), "{name}-{leaf}");
                    assert!(help.contains(&format!("[alias: --{leaf}]")), "{leaf}");
                }
            }
            Kind::Enum(known) => {
                assert!(help.contains(&format!("--{name} ")), "{name}");
                let help = help.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
                assert!(help.contains(&format!("[possible values: {}]", known.join(", "))), "{name}");
            }
            _ => assert!(help.contains(&format!("--{name} ")), "{name}"),
        }
    }
}

#[test]
fn a_coupon_is_created_with_every_kind_of_field() {
    let sandbox = Sandbox::start(&[]);
    let created = sandbox.run(&[
        "create",
        "--name",
        "Käse \"10%\"",
        "--code",
        "CHEESE 10%",
        "--discount-type",
        "percent_and_shipping",
        "--discount",
        "10.50",
        "--launch-date",
        "2024-06-06 08:00:00 +0400",
        "--expiration-date",
        "2099-01-01",
        "--total-limit=25.00",
        "--uses-limit",
        "SINGLE",
        "--products",
        "37208342, 37208338",
        "--catalog-limit-categories",
        "",
        "--order-count",
        "2",
        "--shipping-methods",
        "5376-1635838180367",
        "--shipping-methods",
        "37151-1623844935660",
    ]);
    assert_eq!(created.ok(), "CHEESE 10%: created, id 100000001\n");

    let text = sandbox.run(&["get", "CHEESE 10%", "--format", "json"]).ok();
    assert!(text.contains("\"discount\": 10.50,") && text.contains("\"totalLimit\": 25.00,"), "{text}");
    let got = coupon(&text);
    assert_eq!(got.name.as_deref(), Some("Käse \"10%\""));
    assert_eq!(got.discount_type.unwrap().as_str(), "PERCENT_AND_SHIPPING");
    assert_eq!(got.launch_date.unwrap().to_string(), "2024-06-06 04:00:00 +0000");
    assert_eq!(got.expiration_date.unwrap().to_string(), "2099-01-01 23:59:59 +0000");
    assert_eq!(got.order_count, Some(2));
    let limit = got.catalog_limit.unwrap();
    assert_eq!((limit.products, limit.categories), (Some(vec![37208342, 37208338]), Some(vec![])));
    assert_eq!(got.shipping_limit.unwrap().shipping_methods.unwrap(), ["5376-1635838180367", "37151-1623844935660"]);
}

#[test]
fn create_prints_its_result_in_every_format() {
    let create = |format: &str| alone(&["create", "--name", "A", "--code", "A", "--format", format]).ok();
    assert_eq!(create("json"), "{\n  \"id\": 224219783,\n  \"code\": \"A\"\n}\n");
    assert_eq!(create("jsonl"), "{\"id\":224219783,\"code\":\"A\"}\n");
    assert_eq!(create("csv"), "id,code\n224219783,A\n");
}

#[test]
fn flags_override_the_fields_of_a_json_file() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coupon.json");
    std::fs::write(&file, "\u{feff}{\"name\":\"A\",\"code\":\"A\",\"discount\":1.10,\"catalogLimit\":{\"products\":[1],\"categories\":[2]}}").unwrap();
    let file = file.to_str().unwrap();
    sandbox.run(&["create", "--json", file, "--code", "B", "--products", "7,8"]).ok();
    let text = sandbox.run(&["get", "B", "--format", "jsonl"]).ok();
    assert!(text.contains(r#""name":"A","code":"B""#) && text.contains(r#""discount":1.10"#), "{text}");
    assert!(text.contains(r#""catalogLimit":{"products":[7,8],"categories":[2]}"#), "{text}");

    // The output of `get` is the input of another create. Fields that the store sets are left out.
    let clone = run_with_input(&mut sandbox.program(&["create", "--json", "-", "--code", "C"]), &text);
    assert_eq!(clone.ok(), "C: created, id 100000002\n");

    for (json, problem) in [
        ("", "invalid JSON in standard input: the text ends before a value at line 1"),
        (r#"{"name":"A""#, "invalid JSON in standard input: the text ends inside an object at line 1"),
        ("[]", "invalid JSON in standard input: invalid type: list, expected an object"),
        (r#"{"name":"A"}"#, "invalid coupon in standard input: missing field `code`"),
        (r#"{"name":"A","code":"D","discount":"much"}"#, "discount: "),
        (r#"{"name":"A","code":"D","catalogLimit":{"products":["x"]}}"#, "catalogLimit.products[0]: "),
    ] {
        let error = run_with_input(&mut sandbox.program(&["create", "--json", "-"]), json).failed(2);
        assert!(error.contains(problem), "{json}: {error}");
    }
    let error =
        run_with_input(&mut sandbox.program(&["create", "--json", "-", "--products", "1"]), r#"{"catalogLimit":[]}"#)
            .failed(2);
    assert!(error.contains("catalogLimit.products: `catalogLimit` was given before and is not an object"), "{error}");
    let error = sandbox.run(&["create", "--json", "-", "--token-file", "-"]).failed(2);
    assert!(error.contains("`--json` and `--token-file`"), "{error}");
    assert!(sandbox.run(&["create", "--json", "/no/such/file"]).failed(2).contains("cannot read `/no/such/file`"));
}

#[test]
fn a_number_with_the_rounding_error_of_a_float_is_refused() {
    for (json, parts) in [
        (
            r#"{"name":"N","code":"X","discount":0.30000000000000004}"#,
            ["standard input at line 1 column 35: discount: ", "has rounding errors (did you mean `0.3`?)"],
        ),
        (r#"{"name":"N","code":"X","totalLimit":1.2100000000000001e2}"#, ["totalLimit: ", "`121`"]),
        (
            r#"{"name":"N","code":"X","discount":0.1000000000000000055511151231257827021181583404541015625}"#,
            ["discount: ", "`0.1`"],
        ),
    ] {
        let error = run_with_input(&mut program(&["create", "--sandbox", "--json", "-"]), json).failed(2);
        assert!(parts.iter().all(|part| error.contains(part)), "{json}: {error}");
    }
    let error = alone(&["create", "--name", "N", "--code", "X", "--discount", "300000000.29999995"]).failed(2);
    assert!(error.contains("`300000000.3`"), "{error}");
    let error = alone(&["update", "SUMMER", "--total-limit", "-0.30000000000000004"]).failed(2);
    assert!(error.contains("`-0.3`"), "{error}");
    for number in ["0.1", "12.345678901", "123456789012345678.5", "1e2", "0.3000000000000000000001"] {
        let json = format!(r#"{{"name":"N","code":"X","discount":{number}}}"#);
        run_with_input(&mut program(&["create", "--sandbox", "--json", "-"]), &json).ok();
    }
}

#[test]
fn a_get_shows_one_coupon_in_every_format() {
    let get = |arguments: &[&str]| alone(&[&["get", "DISC"], arguments].concat()).ok();
    let table = get(&[]);
    assert!(table.lines().any(|line| line.split_whitespace().eq(["code", "DISC"])), "{table}");
    assert_eq!(coupon(&get(&["--format", "json"])), coupon(&get(&["--format", "jsonl"])));
    assert_eq!(
        get(&["--format", "jsonl", "--fields", "id,name,status"]),
        "{\"id\":162428889,\"name\":\"10 OFF\",\"status\":\"ACTIVE\"}\n"
    );
    assert_eq!(get(&["--format", "csv", "--fields", "status,order-count"]), "status,orderCount\nACTIVE,1\n");
    assert_eq!(alone(&["get", "162428889", "--format", "jsonl"]).ok(), get(&["--format", "jsonl"]));
}

#[test]
fn an_update_changes_only_the_given_fields() {
    let sandbox = Sandbox::start(&[]);
    sandbox
        .run(&[
            "create",
            "--name",
            "A",
            "--code",
            "A",
            "--total-limit",
            "5",
            "--expiration-date",
            "2099-01-01",
            "--discount",
            "10.50",
        ])
        .ok();
    assert_eq!(
        sandbox.run(&["update", "A", "--status", "paused", "--clear", "expiration-date,totalLimit"]).ok(),
        "A: updated\n"
    );
    let got = coupon(&sandbox.run(&["get", "A", "--format", "json"]).ok());
    assert_eq!((got.expiration_date, got.total_limit), (None, None));
    assert_eq!((got.status.unwrap().as_str(), got.discount.unwrap().to_string().as_str()), ("PAUSED", "10.50"));
    assert_eq!(
        sandbox.run(&["update", "100000001", "--name", "B", "--format", "jsonl"]).ok(),
        "{\"code\":\"A\",\"coupon\":\"100000001\",\"error\":null,\"errorKind\":null,\"id\":100000001,\"outcome\":\"updated\",\"updateCount\":1}\n"
    );
    let null =
        run_with_input(&mut sandbox.program(&["update", "A", "--json", "-"]), r#"{"totalLimit":null,"discount":5}"#);
    assert_eq!(null.ok(), "A: updated\n");
}

#[test]
fn an_empty_or_contradictory_update_is_refused() {
    assert!(alone(&["update", "DISC"]).failed(2).contains("nothing to change"));
    assert!(alone(&["update", "DISC", "--clear", "name"]).failed(2).contains("launch-date, expiration-date"));
    assert!(
        alone(&["update", "DISC", "--clear", "discount", "--discount", "1"])
            .failed(2)
            .contains("both set and cleared: `discount`")
    );
    let with_file = |json| run_with_input(program(&["update", "DISC", "--json", "-"]).arg("--sandbox"), json).failed(2);
    assert!(
        with_file(r#"{"name":null,"discount":5}"#)
            .contains("`null` for `name` (expected a value; the field cannot be cleared)")
    );
    assert!(with_file("{}").contains("nothing to change"));
    // The input has only fields that the store sets.
    assert!(with_file(r#"{"id":1,"creationDate":"2024-01-01 00:00:00 +0000"}"#).contains("nothing to change"));
}

#[test]
fn delete_prints_the_outcome_of_each_coupon() {
    let outcome = alone(&["delete", "DISC", "NOPE", "224219782"]);
    assert_eq!(outcome.out, "DISC: deleted\nNOPE: not found\n224219782 (code DISC2): deleted\n");
    assert!(outcome.failed(3).contains("1 of 3"));
    assert_eq!(alone(&["delete", "DISC"]).ok(), "DISC: deleted\n");
    let rows = alone(&["delete", "DISC", "NOPE", "--format", "csv"]);
    let expected =
        "coupon,id,code,outcome,deleteCount,error,errorKind\nDISC,,DISC,deleted,1,,\nNOPE,,NOPE,not_found,0,,\n";
    assert_eq!((rows.out.as_str(), rows.code), (expected, 3));
    let rows = alone(&["delete", "DISC", "NOPE", "--format", "jsonl"]);
    assert_eq!(
        rows.out,
        "{\"code\":\"DISC\",\"coupon\":\"DISC\",\"deleteCount\":1,\"error\":null,\"errorKind\":null,\"id\":null,\"outcome\":\"deleted\"}\n\
         {\"code\":\"NOPE\",\"coupon\":\"NOPE\",\"deleteCount\":0,\"error\":null,\"errorKind\":null,\"id\":null,\"outcome\":\"not_found\"}\n"
    );
    let rows = alone(&["delete", "DISC", "NOPE", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&rows.out).unwrap().len(), 2);
}
