//! The command `cargo xtask verify`: its exit codes, and its output in each format.

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

/// The members of a finding. `help` is optional.
const MEMBERS: [&str; 10] =
    ["help", "in_document", "in_page", "kind", "line", "message", "operation", "page", "pointer", "subject"];

/// Builds the command if necessary, and returns its path.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output =
            cargo(&workspace(), &target()).args(["build", "--quiet", "--package", "xtask-verify"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        target().join("debug").join(format!("xtask-verify{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs `verify` in a workspace. Skips the generated types, because the comparison builds the client.
fn verify_in(root: &Path, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(program());
    command.args(["verify", "--no-types"]).args(arguments);
    // cargo sets this variable. The command finds the workspace by it.
    command.env("CARGO_MANIFEST_DIR", root).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Returns a folder that agrees, a folder with a difference, and a folder that cannot be checked.
pub(super) fn folders() -> [Folder; 3] {
    let lock = lock();
    let folders = [(); 3].map(|()| Folder::written(&lock, Style::Pipe));
    let file = "update-discount-coupon.md";
    folders[1].write(file, &folders[1].read(file).replace("| orderCount |", "| orderCount2 |"));
    folders[2].write(file, "");
    folders
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
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

/// Checks that the output has the format and names the findings.
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
fn an_error_exits_with_2() {
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
fn without_pages_the_lock_is_compared() {
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
fn findings_have_a_fixed_order_and_fixed_members() {
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
    // The order is by page and line.
    let places: Vec<_> = findings.iter().map(|it| (it["page"].as_str(), it["line"].as_u64())).collect();
    assert!(places.is_sorted(), "{places:?}");
    let offline = || run(&options(&workspace(), None)).unwrap().write(Format::Json, &workspace()).unwrap();
    assert_eq!(offline(), offline());
}
