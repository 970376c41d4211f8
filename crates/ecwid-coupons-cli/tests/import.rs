//! `import`, `issue --from` and `--output`: files of people, and files that the command has written itself.

mod program;

use std::{collections::BTreeMap, fs, path::PathBuf};

use ecwid_coupons_jobs::{Table, TableOptions};
use program::{Outcome, Sandbox, run_with_input};
use serde_json::Value;
use tempfile::TempDir;

const GERMAN: &str = "\u{feff}Code;Name;Discount type;Rabatt;Gültig bis;Notiz\r\n  00123 ;Zehn;PERCENT;12,50;31.12.2030;für Ann\r\n\
                      1E10;Elf;ABS;1.000,00;1.3.2031;\r\n";
const MAPPED: [&str; 3] = ["--map", "Rabatt=discount,Gültig bis=expirationDate", "--carry-unknown"];

struct Place {
    sandbox: Sandbox,
    folder: TempDir,
}

impl Place {
    fn new(arguments: &[&str]) -> Self {
        Self { sandbox: Sandbox::start(arguments), folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and returns its path.
    fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Outcome {
        self.sandbox.run(arguments)
    }

    fn import(&self, content: &str, arguments: &[&str]) -> Outcome {
        let file = self.file("coupons.csv", content);
        self.run(&[&["import", &file], arguments].concat())
    }

    fn coupons(&self) -> Vec<BTreeMap<String, Value>> {
        let text = self.run(&["search", "--format", "jsonl"]).ok();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn a_german_file_becomes_coupons_with_the_values_that_people_see() {
    let place = Place::new(&[]);
    let outcome = place.import(GERMAN, &[&MAPPED[..], &["--dry-run"]].concat());
    assert!(outcome.err.contains("spaces around a code were removed in line 2"), "{}", outcome.err);
    assert!(outcome.err.contains("nothing was changed"), "{}", outcome.err);
    assert!(outcome.ok().ends_with("Plan: 2 to create, 0 to change, 0 to remove, 0 as they are\n"));
    assert_eq!(place.coupons().len(), 0);

    let job = place.path("import.job");
    let job = job.to_str().unwrap();
    let outcome = place.import(GERMAN, &[&MAPPED[..], &["--job", job, "--uses-limit", "SINGLE"]].concat());
    assert_eq!(outcome.ok(), "2 coupons: 2 created\n");
    let coupons = place.coupons();
    let shown = |field: &str| coupons.iter().map(|coupon| coupon[field].to_string()).collect::<Vec<_>>();
    assert_eq!(shown("code"), ["\"00123\"", "\"1E10\""]);
    assert_eq!(shown("discount"), ["12.5", "1000.0"]);
    assert_eq!(shown("expirationDate"), ["\"2030-12-31 23:59:59 +0000\"", "\"2031-03-01 23:59:59 +0000\""]);
    assert_eq!(shown("usesLimit"), ["\"SINGLE\"", "\"SINGLE\""]);
    let report = place.run(&["job", "report", job, "--format", "csv"]).ok();
    assert!(report.starts_with("row,code,id,outcome,error,Notiz\n0,00123,"), "{report}");
    assert!(report.contains(",created,,für Ann\n"), "{report}");
}

#[test]
fn nothing_is_sent_while_a_row_has_a_problem() {
    let place = Place::new(&[]);
    let twin = format!("{GERMAN}1e10;Zwölf;ABS;1,00;;\r\n");
    for (content, arguments, expected) in [
        (
            twin.as_str(),
            &MAPPED[..],
            &["line 4: the code `1e10` is also in line 3; letter case makes no difference"][..],
        ),
        (GERMAN, &[], &["unknown column: `Rabatt`", "--map 'Rabatt=FIELD'", "has 3 problems"]),
        ("code,discount\nA,1.000\n", &["--name", "A"], &["line 2, discount", "--decimal comma"]),
        ("code,expirationDate\nA,01/02/2030\n", &["--name", "A"], &["line 2, expirationDate", "--dates dmy"]),
        ("code,name\n1.23457E+11,A\n", &[], &["its digits are gone"]),
        ("A,Ten\nB,Ten\n", &[], &["has the first row the names of the columns?"]),
        ("code,name\nA,B\nC,D,E\n", &[], &["line 3: 3 cells (expected 2"]),
        ("code\nA\n", &[], &["coupon `A`, name: no coupon has the code, and a new one needs a name"]),
        (
            "code,name,usesLimit\nA,B,ONCE\nC,D,TWICE\n",
            &[],
            &["line 2, usesLimit", "line 3, usesLimit", "has 2 problems"],
        ),
        ("code,name,expirationDate\nA,B,2030-13-01\n", &[], &["line 2, expirationDate"]),
    ] {
        let outcome = place.import(content, arguments);
        assert_eq!(outcome.code, 2, "{content}: {outcome:?}");
        for part in expected {
            assert!(outcome.err.contains(part), "{content}: {}\nlacks {part}", outcome.err);
        }
    }
    assert_eq!(place.coupons().len(), 0);
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1, "no job was written");
    let settled = place.import("code,expirationDate\nA,01/02/2030\n", &["--name", "A", "--dates", "mdy"]);
    assert_eq!(settled.ok(), "1 coupon: 1 created\n");
    assert_eq!(place.coupons()[0]["expirationDate"], "2030-01-02 23:59:59 +0000");
}

#[test]
fn an_import_that_is_repeated_changes_nothing() {
    let place = Place::new(&[]);
    let content = "code,name,discount,totalLimit\nA,Ten,10,5\nB,Ten,10,\n";
    let outcome = place.import(content, &[]);
    // An amount must not be mistaken for a percentage.
    assert_eq!(outcome.err.matches("no discount type was given, so the store uses ABS").count(), 1, "{}", outcome.err);
    outcome.ok();
    let before = place.coupons();
    let again = place.import(content, &[]);
    assert!(!again.err.contains("discount type"), "{}", again.err);
    assert_eq!(again.ok(), "2 coupons: 2 already existed\n");
    assert_eq!(place.coupons(), before);
}

#[test]
fn a_coupon_that_differs_is_refused_kept_or_changed() {
    let place = Place::new(&[]);
    place.import("code,name,discount,totalLimit\nA,Ten,10,5\nB,Ten,10,5\n", &[]).ok();
    let before = place.coupons();
    let content = "code,name,discount\nA,Ten,10\nb,Ten,12.5\nC,New,1\n";
    let outcome = place.import(content, &[]);
    assert_eq!(outcome.code, 4);
    let expected = "line 3: `b` exists with other fields: discount: 10 → 12.5";
    assert!(outcome.err.contains(expected) && outcome.err.contains("--on-existing update"), "{}", outcome.err);
    assert_eq!(place.coupons(), before);

    let rows = place.import(content, &["--on-existing", "skip", "--format", "jsonl"]).ok();
    assert_eq!(rows.lines().count(), 1, "only the new coupon is created: {rows}");
    let job = place.path("update.job");
    let job = job.to_str().unwrap();
    let outcome = place.import(content, &["--on-existing", "skip", "--job", job]);
    assert_eq!(outcome.ok(), "3 coupons: 3 already existed\n");
    let report = place.run(&["job", "report", job]).ok();
    assert!(report.contains("already_exists  kept; discount: 10 → 12.5"), "{report}");

    assert_eq!(place.import(content, &["--on-existing", "update"]).ok(), "3 coupons: 2 already existed, 1 updated\n");
    let coupons = place.coupons();
    assert_eq!(
        (&coupons[1]["discount"], &coupons[1]["totalLimit"]),
        (&12.5.into(), &5.into()),
        "an empty cell clears nothing"
    );
    assert_eq!(coupons[1]["code"], "B");
}

#[test]
fn a_search_that_was_written_to_a_file_is_imported_without_a_change() {
    let place = Place::new(&["--seed", "1000"]);
    let before = place.coupons();
    for name in ["all.csv", "all.jsonl", "all.xlsx"] {
        let file = place.path(name);
        let file = file.to_str().unwrap();
        assert_eq!(place.run(&["search", "--output", file]).ok(), "");
        let outcome = place.run(&["import", file, "--dry-run"]);
        assert_eq!(outcome.ok(), "Plan: 0 to create, 0 to change, 0 to remove, 1000 as they are\n", "{name}");
    }
    assert_eq!(place.coupons(), before);
    // Into an empty store, the same file creates the same coupons.
    let other = Place::new(&[]);
    let file = place.path("all.xlsx");
    assert_eq!(other.run(&["import", file.to_str().unwrap()]).ok(), "1,000 coupons: 1,000 created\n");
    let named = |coupons: Vec<BTreeMap<String, Value>>| {
        let known = |(name, _): &(String, Value)| {
            !["id", "creationDate", "updateDate", "orderCount", "status", "launchDate"].contains(&name.as_str())
        };
        coupons.into_iter().map(|it| it.into_iter().filter(known).collect()).collect::<Vec<BTreeMap<_, _>>>()
    };
    assert_eq!(named(other.coupons()), named(before));
}

#[test]
fn each_recipient_gets_a_code() {
    let place = Place::new(&[]);
    let people = place.file("people.csv", "email;Vorname;id\nann@example.com;Änn;007\nbob@example.com;Bob;008\n");
    let job = place.path("thanks.job");
    let job = job.to_str().unwrap();
    let template = ["--name", "Thank you", "--discount-type", "PERCENT", "--discount", "10", "--job", job];
    let issue = |arguments: &[&str]| place.run(&[&["issue", "--from", &people], arguments, &template[..]].concat());
    let missing = issue(&["--pattern", "{mail}-[*]"]).failed(2);
    assert!(missing.contains("`mail`"), "{missing}");
    assert!(issue(&["--pattern", "TY-[*]", "--count", "3"]).failed(2).contains("--count"));
    assert_eq!(issue(&["--pattern", "{Vorname}-[*]", "--dry-run", "--delimiter", ","]).code, 2);
    let nobody = place.file("nobody.csv", "email\n");
    let empty = place.run(&[&["issue", "--from", &nobody, "--pattern", "TY-[*]"], &template[..]].concat()).failed(2);
    assert!(empty.contains("the job has no coupons"), "{empty}");
    assert_eq!(issue(&["--pattern", "TY{id}-[*]"]).ok(), "2 coupons: 2 created\n");
    let codes = place.coupons();
    for (coupon, id) in codes.iter().zip(["007", "008"]) {
        assert!(coupon["code"].as_str().unwrap().starts_with(&format!("TY{id}-")), "{coupon:?}");
    }
    let workbook = place.path("codes.xlsx");
    assert_eq!(place.run(&["job", "report", job, "--output", workbook.to_str().unwrap()]).ok(), "");
    let table = Table::read(&workbook, &TableOptions::default()).unwrap();
    let columns = ["row", "code", "id", "outcome", "error", "email", "Vorname", "input_id"];
    assert_eq!(table.columns().collect::<Vec<_>>(), columns);
    let rows = table.text_rows().unwrap();
    assert_eq!(rows[1]["code"], codes[1]["code"].as_str().unwrap());
    assert_eq!((rows[1]["email"].as_str(), rows[1]["input_id"].as_str()), ("bob@example.com", "008"));
    assert_eq!(rows[1]["id"], codes[1]["id"].to_string());
}

#[test]
fn the_ending_of_a_file_says_its_format() {
    let place = Place::new(&["--seed", "3"]);
    let path = |name: &str| place.path(name).to_str().unwrap().to_owned();
    let search = |arguments: &[&str]| place.run(&[&["search", "--output"], arguments].concat());
    assert!(search(&[&path("all.txt")]).failed(2).contains("ends with .csv, .jsonl, .json or .xlsx"));
    assert!(search(&[&path("all.xlsx"), "--format", "csv"]).failed(2).contains("the workbook"));
    search(&[&path("all.txt"), "--format", "csv"]).ok();
    search(&[&path("all.json")]).ok();
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(place.path("all.json")).unwrap()).unwrap();
    assert_eq!(all.len(), 3);
    let array = place.run(&["import", &path("all.json")]).failed(2);
    assert!(array.contains("a JSON array") && array.contains("jsonl"), "{array}");
}

#[test]
fn coupons_can_be_read_from_standard_input() {
    let place = Place::new(&[]);
    let mut command = place.sandbox.program(&["import", "-"]);
    assert_eq!(run_with_input(&mut command, "{\"code\":\"A\",\"name\":\"Ten\"}\n").ok(), "1 coupon: 1 created\n");
    let mut command = place.sandbox.program(&["import", "-", "--token-file", "-"]);
    let error = run_with_input(command.env_remove("ECWID_TOKEN"), "code\nA\n").failed(2);
    assert!(error.contains("cannot both be read from standard input"), "{error}");
    let missing = place.run(&["import", "no-such-file.csv"]).failed(2);
    assert!(missing.contains("cannot use `no-such-file.csv`"), "{missing}");
}

#[cfg(unix)]
#[test]
fn the_page_about_the_terminal_gives_each_address_a_code() {
    let place = Place::new(&[]);
    let page = include_str!("../../../docs/start/terminal.md");
    let (_, section) = page.split_once("## Create codes from a file\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks = |start: &str| -> String {
        section.split(start).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect()
    };
    place.file("people.csv", &blocks("```csv title=\"people.csv\"\n"));
    let commands = blocks("```console\n");
    let mut shell = std::process::Command::new("sh");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_ecwid-coupons"));
    let path = std::env::join_paths([program.parent().unwrap(), "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
    let script = format!("set -e\n{}", commands.replace("$ ", ""));
    shell.args(["-c", &script]).current_dir(place.folder.path()).env("PATH", path).envs(place.sandbox.settings());
    let outcome = program::run(&mut shell);
    assert_eq!(outcome.ok(), "2 coupons: 2 created\n");
    let rows = Table::read(place.path("codes.xlsx"), &TableOptions::default()).unwrap().text_rows().unwrap();
    let codes = place.coupons();
    for ((row, coupon), email) in rows.iter().zip(&codes).zip(["ann@example.com", "bob@example.com"]) {
        assert_eq!((row["email"].as_str(), row["code"].as_str()), (email, coupon["code"].as_str().unwrap()));
        assert_eq!((&coupon["discountType"], &coupon["discount"]), (&"PERCENT".into(), &10.into()));
    }
    assert_eq!((rows.len(), codes.len()), (2, 2));
}
