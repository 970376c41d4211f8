//! Tests of responses with deep nesting or long texts in every format.

mod program;
// The file and not its crate, because a source distribution would contain a crate that this one names.
#[path = "../../../tests/src/scripted_server.rs"]
#[allow(dead_code, unreachable_pub)]
mod scripted_server;

use program::{Outcome, program, run};
use scripted_server::{Act, ScriptedServer};

async fn server(coupon: String) -> ScriptedServer {
    let page = format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{coupon}]}}"#);
    let response = move |target: &str| {
        if target.contains("/discount_coupons/") { coupon.clone() } else { page.clone() }
    };
    ScriptedServer::start(Vec::new(), move |seen| Act::response(200, &response(&seen.target))).await.unwrap()
}

fn of(server: &ScriptedServer, arguments: &[&str]) -> Outcome {
    let mut command = program(arguments);
    run(command.args(["--store-id", "1003", "--base-url", server.base_url()]).env("ECWID_TOKEN", "secret_sandbox"))
}

const FORMATS: [&str; 4] = ["table", "json", "jsonl", "csv"];

#[tokio::test(flavor = "multi_thread")]
async fn a_deeply_nested_field_is_shown() {
    const DEPTH: usize = 60_000;
    let deep = r#"{"a":"#.repeat(DEPTH) + "1" + &"}".repeat(DEPTH);
    let server = server(format!(r#"{{"id":7,"code":"C7","name":"N","deep":{deep}}}"#)).await;
    for format in FORMATS {
        let get = |fields: &[&str]| of(&server, &[&["get", "C7", "--format", format][..], fields].concat()).ok();
        let search = |fields: &[&str]| of(&server, &[&["search", "--format", format][..], fields].concat()).ok();
        for shown in [get(&[]), get(&["--fields", "id,deep,other"]), search(&["--fields", "id,deep,other"])] {
            assert!(shown.contains('7') && shown.contains(r#"a"#), "{format}");
            assert_eq!(shown.len() < DEPTH, format == "table", "{format}: {} bytes", shown.len());
        }
        assert!(search(&[]).contains("C7"), "{format}");
        let inside = search(&["--fields", "id,deep.a.a.b,deep.a.a.a"]);
        assert!(inside.contains('7'), "{format}");
    }
    let csv = of(&server, &["get", "C7", "--format", "csv", "--fields", "id,deep.a.a,deep.b,deep"]).ok();
    let (header, row) = csv.split_once('\n').unwrap();
    assert_eq!(header, "id,deep");
    assert!(row.len() > DEPTH);
    let csv = of(&server, &["get", "C7", "--format", "csv", "--fields", "id,deep.a.a,deep.a.c,deep.b"]).ok();
    assert!(csv.starts_with("id,deep.a.a,deep.a.c,deep.b\n7,"), "{}", &csv[..60]);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_text_is_cut_only_in_tables() {
    const LENGTH: usize = 2_000_000;
    let name = "é".repeat(LENGTH / 2);
    let server = server(format!(r#"{{"id":7,"code":"C7","name":"{name}","note":"{name}"}}"#)).await;
    for arguments in [&["search"][..], &["search", "--fields", "id,name,note"], &["get", "C7"]] {
        let table = of(&server, arguments).ok();
        assert!(table.contains('7') && table.contains('…') && table.len() < 20_000, "{} bytes", table.len());
        let count = table.matches('é').count();
        // The column `extra` contains other characters too.
        assert!((900..=2000).contains(&count), "{count}");
        for format in ["json", "jsonl", "csv"] {
            let shown = of(&server, &[arguments, &["--format", format]].concat()).ok();
            assert!(shown.contains(&name), "{format}");
        }
    }
    let help = of(&server, &["search", "--help"]).ok();
    assert!(help.contains("1000 characters"), "{help}");
}
