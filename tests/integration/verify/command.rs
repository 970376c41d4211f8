//! The command as CI runs it: its exit codes, and what it writes in each format.

use std::{
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use ecwid_coupons_tests::{cargo, page_writer::Style, target, workspace};
use serde_json::Value;
use xtask_verify::{Format, run};

use super::{Folder, Root, lock, options, verify};

const FORMATS: [&str; 3] = ["text", "json", "github"];

/// What a finding consists of; `help` may be left out.
const MEMBERS: [&str; 10] =
    ["help", "in_document", "in_page", "kind", "line", "message", "operation", "page", "pointer", "subject"];

/// The command, built if it is not yet what the sources say.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output =
            cargo(&workspace(), &target()).args(["build", "--quiet", "--package", "xtask-verify"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        target().join("debug").join(format!("xtask-verify{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs `verify` in a workspace; without the generated types, for which the client would be built.
fn verify_in(root: &Path, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(program());
    command.args(["verify", "--no-types"]).args(arguments);
    // As cargo does; it is where the command looks for the workspace.
    command.env("CARGO_MANIFEST_DIR", root).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder that agrees, one that disagrees, and one that cannot be checked.
fn folders() -> [Folder; 3] {
    let lock = lock();
    let folders = [(); 3].map(|()| Folder::written(&lock, Style::Pipe));
    let file = "update-discount-coupon.md";
    folders[1].write(file, &folders[1].read(file).replace("| orderCount |", "| orderCount2 |"));
    folders[2].write(file, "");
    folders
}

#[test]
fn the_exit_code_tells_what_was_found_in_every_format() {
    for (folder, expected) in folders().iter().zip(0..) {
        let pages = folder.path().to_str().unwrap();
        for format in FORMATS {
            let output = verify_in(&workspace(), &["--pages", pages, "--format", format]);
            assert_eq!(code(&output), expected, "{format}: {output:?}");
            let written = String::from_utf8(output.stdout).unwrap();
            let found: &[&str] = match expected {
                0 => &[],
                1 => &["orderCount2", "orderCount"],
                _ => &["update-discount-coupon.md"],
            };
            assert_is(format, &written, found);
        }
    }
}

/// Whether it is what the format says, and names what was found.
fn assert_is(format: &str, written: &str, found: &[&str]) {
    let strings = |results: &Value, pointer: &str| -> Vec<String> {
        let results = results.as_array().unwrap().iter();
        results.map(|it| it.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()).collect()
    };
    let json = || serde_json::from_str::<Value>(written).unwrap_or_else(|error| panic!("{error}: {written}"));
    let subjects = match format {
        "json" => strings(&json()["findings"], "/subject"),
        "github" => {
            let is_annotation = |line: &str| line.starts_with("::error ") || line.starts_with("::warning ");
            assert!(written.lines().all(is_annotation), "{written}");
            assert_eq!(written.is_empty(), found.is_empty(), "{written}");
            written.lines().map(str::to_owned).collect()
        }
        _ => {
            let last = written.lines().last().unwrap();
            assert_eq!(last == "no differences", found.is_empty(), "{written}");
            written.lines().map(str::to_owned).collect()
        }
    };
    for subject in found {
        assert!(subjects.iter().any(|it| it.contains(subject)), "{format}: no {subject}: {written}");
    }
}

#[test]
fn what_cannot_be_looked_at_ends_with_2() {
    let nowhere = Folder::new();
    let output = verify_in(&workspace(), &["--pages", nowhere.path().to_str().unwrap()]);
    assert_eq!(code(&output), 2, "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "), "{output:?}");
    for arguments in [
        &["--pages", "/nowhere/at/all"] as &[&str],
        &["--operation", "getGiftCard"],
        &["--update-lock"],
        &["--format", "yaml"],
    ] {
        let output = verify_in(&workspace(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {output:?}");
    }
    let root = Root::new();
    std::fs::write(root.file(xtask::workspace::DOCUMENT), "openapi: [").unwrap();
    assert_eq!(code(&verify_in(root.path(), &[])), 2);
}

#[test]
fn without_pages_the_lock_is_enough() {
    assert_eq!(code(&verify_in(&workspace(), &[])), 0);
    let root = Root::new();
    root.change_document(|document| {
        document["components"]["schemas"]["CouponStatus"]["enum"] = serde_json::json!(["ACTIVE"])
    });
    let output = verify_in(root.path(), &["--format", "json"]);
    assert_eq!(code(&output), 1, "{output:?}");
    assert_is("json", &String::from_utf8(output.stdout).unwrap(), &["PAUSED", "EXPIRED", "USEDUP"]);
    let output = verify_in(root.path(), &["--operation", "getBatchStatus"]);
    assert_eq!(code(&output), 0, "another operation alone: {output:?}");
}

#[test]
fn the_command_writes_the_lock() {
    let (root, folder) = (Root::new(), Folder::written(&lock(), Style::Html));
    let output = verify_in(root.path(), &["--pages", folder.path().to_str().unwrap(), "--update-lock"]);
    assert_eq!(code(&output), 0, "{output:?}");
    let written = xtask_verify::lock::Lock::read(root.path()).unwrap();
    assert!(written.pages.iter().all(|page| page.read == xtask_verify::today()), "{written:?}");
}

#[test]
fn findings_come_in_the_same_order_and_with_the_same_members() {
    let [_, folder, _] = folders();
    folder.write("get-batch-status.md", "");
    for (file, from, to) in [
        ("search-discount-coupons.md", "PERCENT", "SHARE"),
        ("search-discount-coupons.md", "\"count\": 1", "\"counted\": 1"),
        ("get-discount-coupon.md", "| string |", "| text |"),
    ] {
        folder.write(file, &folder.read(file).replace(from, to));
    }
    let written = || verify(folder.path()).write(Format::Json, &workspace()).unwrap();
    let first = written();
    assert_eq!(written(), first);
    let report: Value = serde_json::from_str(&first).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 20, "{first}");
    let mut kinds = std::collections::BTreeSet::new();
    for finding in findings {
        let finding = finding.as_object().unwrap();
        let mut members: Vec<_> = finding.keys().map(String::as_str).collect();
        members.sort_unstable();
        let wanted: Vec<_> =
            MEMBERS.into_iter().filter(|name| *name != "help" || finding.contains_key("help")).collect();
        assert_eq!(members, wanted, "{finding:?}");
        kinds.insert(finding["kind"].as_str().unwrap().to_owned());
    }
    for kind in ["type", "enum-value-added", "enum-value-missing", "example", "could-not-check", "stale"] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
    // By page and line, whatever the order in which they were found.
    let places: Vec<_> = findings.iter().map(|it| (it["page"].as_str(), it["line"].as_u64())).collect();
    assert!(places.is_sorted(), "{places:?}");
    let offline = || run(&options(&workspace(), None)).unwrap().write(Format::Json, &workspace()).unwrap();
    assert_eq!(offline(), offline());
}
