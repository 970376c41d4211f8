//! Tests of hostile text from a server: on a terminal, in files and in errors.

mod program;

#[cfg(unix)]
use std::{fs::File, io::Read as _, process::Command};

use program::{program_for, run, server};

/// Characters that move the cursor, reorder text or are invisible.
const HOSTILE: &str =
    "\u{1b}[2J\u{7}\r\n\t\u{7f}\u{85}\u{9b}1m\u{2028}\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{feff}\u{2060}\u{e0041}";

/// Returns a page with these characters in a name, in a code and in an unknown field. JSON does not require escapes for most of them.
fn page() -> String {
    let name = serde_json::to_string(&format!("Family 👨\u{200d}👩 {HOSTILE}")).unwrap();
    let page = format!(
        r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{{"id":1,"name":{name},"code":{name},"discount":10.50,"more":{{{name}:{name}}}}}]}}"#
    );
    assert!(page.contains('\u{202e}') && page.contains('\u{9b}'));
    page
}

fn shop() -> String {
    server("200 OK", "Content-Type: application/json\r\n", page().leak())
}

#[track_caller]
fn assert_plain(text: &str) {
    let is_plain = |next: char| matches!(next, ' '..='~' | '\n' | '…' | '─' | '👨' | '👩' | '\u{200d}');
    assert!(text.chars().all(is_plain), "{text:?}");
}

fn value(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn files_receive_exact_text() {
    let base_url = shop();
    let search = |format| run(&mut program_for(&base_url, &["search", "--format", format])).ok();
    let sent = value(&page())["items"].clone();
    assert_eq!(value(&search("json")), sent);
    assert_eq!(value(&search("jsonl")), sent[0]);
    assert!(search("json").contains("\u{9b}1m\u{2028}\u{202e}"));
    let csv = search("csv");
    let rows: Vec<_> = csv::Reader::from_reader(csv.as_bytes()).into_records().map(Result::unwrap).collect();
    assert_eq!(&rows[0][1], sent[0]["name"].as_str().unwrap());
}

#[test]
fn tables_errors_and_notes_are_escaped() {
    let base_url = shop();
    for arguments in [&["search"][..], &["search", "--fields", "name,code,more"], &["get", "A", "--fields", "id,name"]]
    {
        let outcome = run(program_for(&base_url, arguments).env("COLUMNS", "500"));
        assert_plain(&outcome.out);
        assert_plain(&outcome.err);
    }
    let json = serde_json::to_string(HOSTILE).unwrap();
    let refused = format!(r#"{{"errorMessage":{json},"errorCode":{json}}}"#);
    for (status, body) in [("400 Bad Request", refused), ("502 Bad Gateway", HOSTILE.to_owned())] {
        let base_url = server(status, "Content-Type: application/json\r\n", body.leak());
        for arguments in [&["get", "A", "--timeout", "5"][..], &["delete", "A", "--timeout", "1"]] {
            let outcome = run(&mut program_for(&base_url, arguments));
            assert_plain(&outcome.err);
            assert_eq!(outcome.err.lines().count(), 2, "{}", outcome.err);
        }
    }
    // A hostile code from a file, in an error of the argument parser and in a result.
    let deceiving = "A\u{202e}\u{200b}B";
    let outcome = run(&mut program_for(&base_url, &["get", "A", deceiving]));
    assert_eq!(outcome.code, 2);
    assert_plain(&outcome.err);
    let outcome = run(&mut program_for(&base_url, &["update", deceiving, "--launch-date", deceiving]));
    assert_plain(&outcome.err);
}

/// Runs a program with a terminal, and returns its output.
#[cfg(unix)]
fn on_a_terminal(mut command: Command) -> String {
    use rustix::{
        fs::{Mode, OFlags, open},
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    };

    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let theirs = open(ptsname(&ours, Vec::new()).unwrap(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut child = command.stdout(theirs).spawn().unwrap();
    // The command holds the other end of the terminal too.
    drop(command);
    let mut written = Vec::new();
    // Reading fails when the other end is closed.
    let _ = File::from(ours).read_to_end(&mut written);
    assert!(child.wait().unwrap().success());
    // A terminal receives CR and LF for a line break.
    String::from_utf8(written).unwrap().replace("\r\n", "\n")
}

#[cfg(unix)]
#[test]
fn terminals_receive_escaped_json_with_the_same_meaning() {
    let base_url = shop();
    let shown = |arguments: &[&str]| {
        let shown = on_a_terminal(program_for(&base_url, arguments));
        assert_plain(&shown);
        shown
    };
    let sent = value(&page())["items"].clone();
    assert_eq!(value(&shown(&["search", "--format", "json"])), sent);
    assert_eq!(value(&shown(&["search", "--format", "jsonl"])), sent[0]);
    let csv = shown(&["search", "--format", "csv"]);
    assert!(csv.contains("👨\u{200d}👩 \\u{1b}[2J\\u{7}\\r\\n"), "{csv}");
    assert_eq!(csv.lines().count(), 2, "{csv}");
}
