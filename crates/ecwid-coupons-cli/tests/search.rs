//! Tests of `search`: its requests and its output.

mod program;

use std::{io::Read as _, process::Stdio, sync::mpsc, time::Duration};

use ecwid_coupons::{schema::Kind, types::Coupon};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use program::{Outcome, alone, program, program_for, run, server};

fn coupon(index: i64) -> Coupon {
    let json = format!(
        r#"{{"id":{},"name":"Coupon, {index}","code":"C{index}","discount":{index}.50,"status":"ACTIVE"}}"#,
        1000 + index
    );
    serde_json::from_str(&json).unwrap()
}

/// Starts a sandbox in this process, which records the requests.
async fn sandbox(coupons: i64) -> Sandbox {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.load((0..coupons).map(coupon)).await.unwrap();
    sandbox
}

fn search(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let mut command = program(&["search", "--store-id", "1003", "--base-url", sandbox.base_url()]);
    run(command.args(arguments).env("ECWID_TOKEN", sandbox.token()))
}

fn csv(text: &str) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(Result::unwrap).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_shows_every_coupon_of_all_pages() {
    let sandbox = sandbox(250).await;
    let json: Vec<Coupon> = serde_json::from_str(&search(&sandbox, &["--format", "json"]).ok()).unwrap();
    assert_eq!(json.len(), 250);
    assert_eq!(json[7].discount.as_ref().unwrap().to_string(), "7.50");
    let jsonl = search(&sandbox, &["--format", "jsonl"]).ok();
    let jsonl: Vec<Coupon> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(jsonl, json);

    let (header, rows) = csv(&search(&sandbox, &["--format", "csv"]).ok());
    let mut names = Vec::new();
    for field in Coupon::FIELDS {
        match field.kind {
            Kind::Object(inside) => names.extend(inside.iter().map(|leaf| format!("{}.{}", field.name, leaf.name))),
            _ => names.push(field.name.to_owned()),
        }
    }
    names.push("extra".to_owned());
    assert_eq!(header, names);
    assert_eq!(rows.len(), 250);
    let discount = header.iter().position(|name| name == "discount").unwrap();
    assert_eq!((&rows[7][1], &rows[7][discount]), ("Coupon, 7", "7.50"));

    let table = search(&sandbox, &[]);
    assert_eq!(table.err, "250 coupons\n");
    let table = table.ok();
    assert_eq!(table.lines().count(), 252);
    assert!(
        table.lines().next().unwrap().split_whitespace().eq(["id", "code", "name", "discount", "status"]),
        "{table}"
    );
    assert!(!table.contains('\u{1b}'));
}

/// The second page never arrives, so the first one is seen only if it is printed before.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_printed_page_by_page() {
    let sandbox = sandbox(250).await;
    for (format, begin) in [("json", "["), ("jsonl", "{"), ("csv", "id,")] {
        sandbox.clear_faults();
        sandbox
            .add_fault(Fault::new(Effect::Latency { milliseconds: 3_600_000, jitter_milliseconds: 0 }).skip(1))
            .unwrap();
        let mut command = program(&["search", "--store-id", "1003", "--base-url", sandbox.base_url()]);
        command.args(["--format", format]).env("ECWID_TOKEN", sandbox.token()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, receiver) = mpsc::channel();
        let mut out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let (mut text, mut part) = (String::new(), [0; 4096]);
            while !text.contains("Coupon, 50") {
                match out.read(&mut part).unwrap() {
                    0 => break,
                    read => text.push_str(&String::from_utf8_lossy(&part[..read])),
                }
            }
            sender.send(text).unwrap();
        });
        // Without the pages, the text would never come.
        let text = receiver.recv_timeout(Duration::from_secs(60));
        child.kill().unwrap();
        child.wait().unwrap();
        let text = text.expect("the first page is printed");
        assert!(text.starts_with(begin) && text.contains("Coupon, 50"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_pages_are_requested_than_needed() {
    let sandbox = sandbox(250).await;
    let count =
        |arguments: &[&str]| search(&sandbox, &[&["--format", "jsonl"], arguments].concat()).ok().lines().count();
    assert_eq!(count(&["--limit", "7"]), 7);
    assert_eq!(count(&["--limit", "100", "--prefetch", "16"]), 100);
    let targets = || sandbox.received_requests().into_iter().map(|request| request.target).collect::<Vec<_>>();
    assert_eq!(targets(), ["/api/v3/1003/discount_coupons?limit=7", "/api/v3/1003/discount_coupons"]);
    assert_eq!(count(&["--offset", "200"]), 50);
    assert_eq!(count(&["--offset", "190", "--limit", "20", "--prefetch", "1"]), 20);
    assert_eq!(count(&["--limit", "120"]), 120);
    assert_eq!(count(&["--limit", "300"]), 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_sent_as_the_vendor_names_them() {
    let sandbox = sandbox(3).await;
    let arguments = [
        "--code",
        "C1",
        "--discount-type",
        "abs,PERCENT",
        "--availability",
        "ACTIVE,paused",
        "--created-from",
        "2024-01-01",
        "--created-to",
        "2030-01-01 00:00:00 +0100",
        "--updated-from",
        "1447804800",
        "--updated-to",
        "2030-01-01 12:00:00",
    ];
    search(&sandbox, &arguments).ok();
    let target = sandbox.received_requests().pop().unwrap().target;
    for part in [
        "code=C1",
        "discount_type=ABS%2CPERCENT",
        "availability=ACTIVE%2CPAUSED",
        "createdFrom=1704067200",
        "createdTo=1893452400",
        "updatedFrom=1447804800",
        "updatedTo=2030-01-01+12%3A00%3A00",
    ] {
        assert!(target.contains(part), "{part}: {target}");
    }
    assert_eq!(search(&sandbox, &["--status", "PAUSED", "--format", "json"]).ok(), "[]\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_selected_fields_are_shown() {
    let sandbox = sandbox(2).await;
    let show = |format, fields| search(&sandbox, &["--format", format, "--fields", fields]).ok();
    assert_eq!(
        show("jsonl", "name,code"),
        "{\"name\":\"Coupon, 0\",\"code\":\"C0\"}\n{\"name\":\"Coupon, 1\",\"code\":\"C1\"}\n"
    );
    let target = sandbox.received_requests().pop().unwrap().target;
    assert!(
        target.ends_with("responseFields=total%2Ccount%2Coffset%2Climit%2Citems%28id%2Cname%2Ccode%29"),
        "{target}"
    );
    assert_eq!(
        show("csv", "discount,catalogLimit.products,id"),
        "discount,catalogLimit.products,id\n0.50,,1000\n1.50,,1001\n"
    );
    assert!(show("table", "code,discount").lines().nth(2).unwrap().split_whitespace().eq(["C0", "0.50"]));
    assert!(show("json", "code").starts_with("[\n  {\n    \"code\": \"C0\"\n  },"));
}

#[test]
fn an_empty_result_is_shown_in_every_format() {
    let search = |format| alone(&["search", "--code", "NOPE", "--format", format]);
    let table = search("table");
    assert_eq!((table.err.as_str(), table.out.as_str()), ("0 coupons\n", ""));
    assert_eq!(search("json").ok(), "[]\n");
    assert_eq!(alone(&["search", "--offset", "4000000000", "--format", "json"]).ok(), "[]\n");
    assert_eq!(search("jsonl").ok(), "");
    assert!(search("csv").ok().starts_with("id,name,code,"));
    assert_eq!(search("csv").ok().lines().count(), 1);
    assert_eq!(alone(&["search", "--code", "DISC"]).err, "1 coupon\n");
}

/// A page with unknown fields and values, and with control characters.
const TOMORROW: &str = r#"{"total":1,"count":1,"offset":0,"limit":100,"items":[{"id":1,"name":"\u001b[31mred\n","code":"=1+1",
    "discount":10.50,"totalLimit":100000000000000000000.010,"status":"SCHEDULED","catalogLimit":{"products":[1, 2],"brands":["x"]},
    "loyalty":{"points":2.0}}]}"#;

#[test]
fn unknown_fields_and_values_are_shown_unchanged() {
    let base_url = server("200 OK", "Content-Type: application/json\r\n", TOMORROW);
    let search = |arguments: &[&str]| run(program_for(&base_url, &["search"]).args(arguments)).ok();
    let (header, rows) = csv(&search(&["--format", "csv"]));
    let cell = |name| &rows[0][header.iter().position(|column| column == name).unwrap()];
    assert_eq!(
        (cell("discount"), cell("totalLimit"), cell("status")),
        ("10.50", "100000000000000000000.010", "SCHEDULED")
    );
    assert_eq!((cell("catalogLimit.products"), cell("catalogLimit.categories")), ("[1,2]", ""));
    assert_eq!(cell("name"), "\u{1b}[31mred\n");
    assert_eq!(cell("extra"), r#"{"catalogLimit":{"brands":["x"]},"loyalty":{"points":2.0}}"#);
    assert!(search(&["--format", "jsonl"]).contains(r#""loyalty":{"points":2.0}"#));
    assert_eq!(search(&["--format", "csv", "--fields", "loyalty.points,id"]), "loyalty.points,id\n2.0,1\n");
    let table = search(&[]);
    assert!(table.contains("\\u{1b}[31mred\\n") && !table.contains('\u{1b}'), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_not_a_failure() {
    let sandbox = sandbox(250).await;
    for format in ["table", "json", "jsonl", "csv"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command =
            program(&["search", "--store-id", "1003", "--base-url", sandbox.base_url(), "--format", format]);
        let output = command.env("ECWID_TOKEN", sandbox.token()).stdout(writer).output().unwrap();
        assert!(output.status.success(), "{format}: {output:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_the_width() {
    let sandbox = sandbox(3).await;
    let json = r#"{"name":"A name that is longer than others are, and goes on","code":"LONG","discountType":"PERCENT_AND_SHIPPING",
        "launchDate":"2024-06-06 08:00:00 +0400","expirationDate":"2099-06-06 08:00:00 +0400","usesLimit":"ONCEPERCUSTOMER","orderCount":3}"#;
    sandbox.load([serde_json::from_str::<Coupon>(json).unwrap()]).await.unwrap();
    for width in [60, 80, 100, 132, 200] {
        let mut command = program(&["search", "--store-id", "1003", "--base-url", sandbox.base_url()]);
        let outcome = run(command.env("ECWID_TOKEN", sandbox.token()).env("COLUMNS", width.to_string()));
        assert!(outcome.out.lines().all(|line| line.chars().count() <= width), "{width}: {}", outcome.out);
        assert_eq!(outcome.err.contains("the terminal is too narrow"), width < 132, "{width}: {outcome:#?}");
        assert!(outcome.out.contains("LONG"));
    }
}

/// A page whose second coupon has unknown fields with line breaks. One line of them looks like a coupon.
const BROKEN_LINES: &str = "{\"total\":2,\"items\":[{\"id\":1,\"code\":\"A\"},{\"id\":2,\"code\":\"B\",\"loyalty\":{\n\
    \"points\": 2.50,\r\n\"text\" : \"a  b\"\r}, \"catalogLimit\":{\"products\":[1],\"more\":[\n{\"id\":3,\"code\":\"C\"}\n]},\
    \"list\" : [\n]}]}";

#[test]
fn line_breaks_in_json_do_not_split_lines_or_cells() {
    let base_url = server("200 OK", "Content-Type: application/json\r\n", BROKEN_LINES);
    let second = r#"{"id":2,"code":"B","catalogLimit":{"products":[1],"more":[{"id":3,"code":"C"}]},"list":[],"loyalty":{"points":2.50,"text":"a  b"}}"#;
    let lines = run(&mut program_for(&base_url, &["search", "--format", "jsonl"])).ok();
    assert_eq!(lines, format!("{}\n{second}\n", r#"{"id":1,"code":"A"}"#));
    let (header, rows) = csv(&run(&mut program_for(&base_url, &["search", "--format", "csv"])).ok());
    let extra = header.iter().position(|name| name == "extra").unwrap();
    let expected =
        r#"{"catalogLimit":{"more":[{"id":3,"code":"C"}]},"list":[],"loyalty":{"points":2.50,"text":"a  b"}}"#;
    assert_eq!((rows.len(), &rows[1][extra]), (2, expected));
    let fields = ["search", "--format", "csv", "--fields", "id,loyalty,catalogLimit.more"];
    let chosen = run(&mut program_for(&base_url, &fields)).ok();
    assert_eq!(chosen.lines().count(), 3, "{chosen}");
    assert!(chosen.ends_with(
        "2,\"{\"\"points\"\":2.50,\"\"text\"\":\"\"a  b\"\"}\",\"[{\"\"id\"\":3,\"\"code\"\":\"\"C\"\"}]\"\n"
    ));
}

/// Coupons with unusual values. Four of them cannot be parsed.
const ODD: &str = r#"{"total":"6","items":[
    {"id":1,"code":"A","discount":"10.00","orderCount":1.0,"catalogLimit":[]},
    {"id":2,"code":"B","discount":"ten"},
    {"id":3,"code":"C","catalogLimit":{"products":[1,null]}},
    {"id":"4","code":"D","orderCount":0.5},
    {"id":"x","code":"E"},
    {"id":6,"code":"F"}]}"#;

#[test]
fn a_search_skips_and_lists_unreadable_coupons() {
    let base_url = server("200 OK", "Content-Type: application/json\r\n", ODD);
    let error = run(&mut program_for(&base_url, &["search"])).failed(1);
    assert!(error.contains(r#"coupon 2 (code "B")"#) && error.contains("discount: "), "{error}");
    assert!(error.contains("hint: ") && error.contains("--skip-unreadable"), "{error}");
    for (format, first) in [
        ("jsonl", r#"{"id":1,"code":"A","discount":10.00,"orderCount":1,"catalogLimit":{}}"#),
        ("csv", "1,,A,,,10.00"),
        ("table", "1"),
    ] {
        let found = run(&mut program_for(&base_url, &["search", "--skip-unreadable", "--format", format]));
        for part in [
            "note: skipped coupon 2 (code \"B\"): discount: ",
            "note: skipped coupon 3 (code \"C\"): catalogLimit.products[1]: ",
            "note: skipped coupon 4 (code \"D\"): orderCount: ",
            "note: skipped coupon \"E\": id: ",
            "note: coupons skipped because they cannot be parsed: 4\n",
        ] {
            assert!(found.err.contains(part), "no {part} in {}", found.err);
        }
        let out = found.ok();
        assert!(out.contains(first), "{out}");
        let records = out.lines().filter(|line| ["A", "F"].iter().any(|code| line.contains(code))).count();
        assert!(records == 2 || format != "jsonl", "{out}");
    }
    let limited =
        run(&mut program_for(&base_url, &["search", "--skip-unreadable", "--format", "jsonl", "--limit", "1"]));
    assert_eq!(limited.ok().lines().count(), 1);
}

#[test]
fn a_deeply_nested_unknown_field_can_be_selected() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(60_000), "}".repeat(60_000));
    let page = format!(r#"{{"total":1,"items":[{{"id":1,"new":{deep}}}]}}"#);
    let base_url = server("200 OK", "Content-Type: application/json\r\n", page.leak());
    for arguments in [vec!["--format", "jsonl"], vec!["--format", "csv"], vec!["--format", "csv", "--fields", "id,new"]]
    {
        let out = run(program_for(&base_url, &["search"]).args(&arguments)).ok();
        assert!(out.len() > deep.len(), "{arguments:?}");
    }
    let out = run(program_for(&base_url, &["search"]).args(["--format", "csv", "--fields", "id,x"])).ok();
    assert_eq!(out, "id,x\n1,\n");
}
