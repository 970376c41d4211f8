//! Tests of CSV for spreadsheets.

mod program;

use ecwid_coupons::types::Coupon;
use ecwid_coupons_sandbox::Sandbox;
use program::{Outcome, alone, program, run};

const FORMULAS: [&str; 6] = ["=1+1", "+1", "-5OFF", "@SUM(A1:A2)", "＝1", "\t=1"];

async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = FORMULAS.iter().enumerate().map(|(index, formula)| {
        let coupon = serde_json::json!({"id": index + 1, "code": format!("C{index}"), "name": formula, "discount": -5, "more": formula});
        serde_json::from_value::<Coupon>(coupon).unwrap()
    });
    sandbox.load(coupons).await.unwrap();
    sandbox
}

fn call(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let mut command = program(&["--store-id", "1003", "--base-url", sandbox.base_url()]);
    command.args(arguments);
    run(command.env("ECWID_TOKEN", sandbox.token()))
}

fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let index = reader.headers().unwrap().iter().position(|column| column == name).unwrap();
    reader.records().map(|row| row.unwrap()[index].to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_not_a_formula_and_numbers_stay_numbers() {
    let sandbox = sandbox().await;
    let search = ["search", "--format", "csv", "--spreadsheet"];
    let csv = call(&sandbox, &search).ok();
    let csv = csv.strip_prefix('\u{feff}').expect("what tells a spreadsheet that it is UTF-8");
    let quoted = ["'=1+1", "'+1", "'-5OFF", "'@SUM(A1:A2)", "'＝1", "'\t'=1"];
    assert_eq!(column(csv, "name"), quoted);
    assert!(column(csv, "discount").iter().all(|discount| discount == "-5"), "{csv}");
    assert_eq!(column(csv, "code")[0], "C0");
    // An unknown field.
    let chosen = call(&sandbox, &[&search[..], &["--fields", "more,discount"]].concat()).ok();
    assert_eq!(column(chosen.trim_start_matches('\u{feff}'), "more"), quoted);
    let got = call(&sandbox, &["get", "C0", "--format", "csv", "--spreadsheet", "--fields", "name"]).ok();
    assert_eq!(got, "\u{feff}name\n'=1+1\n");

    let exact = call(&sandbox, &["search", "--format", "csv"]).ok();
    assert_eq!(column(&exact, "name"), FORMULAS);
    let deleted = call(&sandbox, &["delete", "--format", "csv", "--spreadsheet", "--", "=A", "-A"]).out;
    assert_eq!(
        deleted,
        "\u{feff}coupon,id,code,outcome,deleteCount,error,errorKind\n'=A,,'=A,not_found,0,,\n'-A,,'-A,not_found,0,,\n"
    );
}

#[test]
fn the_flag_requires_csv_and_the_help_says_so() {
    for arguments in [&["search", "--spreadsheet"][..], &["search", "--spreadsheet", "--format", "json"]] {
        assert!(alone(arguments).failed(2).contains("`--spreadsheet` requires `--format csv`"));
    }
    for command in ["sandbox", "demo"] {
        let error = run(&mut program(&[command, "--spreadsheet"])).failed(2);
        assert!(error.contains("`--spreadsheet` cannot be used with"), "{error}");
    }
    let help = run(&mut program(&["search", "--help"])).ok().split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["start with =, +, - or @ as formulas", "--spreadsheet", "text cannot be restored"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(!help.contains("spreadsheet]"), "not a format: {help}");
}
