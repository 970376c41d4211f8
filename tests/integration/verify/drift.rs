//! The command `cargo xtask drift`, with a program that stands in for `gh`.

use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    process::Output,
};

use ecwid_coupons_tests::{cargo, target, workspace};
use tempfile::TempDir;

use super::{Folder, command::folders};

/// Writes its arguments and the file of `--body-file` into its folder, and lists the issues in `issues.json`.
const GH: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 1
[ ! -e fails ] || { echo "HTTP 403" >&2; exit 1; }
echo "$*" >> calls
[ "$2" != list ] || cat issues.json
for last; do :; done
case "$*" in *--body-file*) cat "$last" > body ;; esac
"#;

const ISSUE: &str = r#"{"number": 7, "title": "The API documentation of Ecwid has changed"}"#;

const LIST: &str = "issue list --app github-actions --state open --limit 1000 --json number,title";

/// A folder with a program `gh` that finds these issues.
struct Gh(TempDir);

impl Gh {
    fn with(issues: &str) -> Self {
        let gh = Self(tempfile::tempdir().unwrap());
        fs::write(gh.0.path().join("gh"), GH).unwrap();
        fs::set_permissions(gh.0.path().join("gh"), Permissions::from_mode(0o755)).unwrap();
        fs::write(gh.0.path().join("issues.json"), format!("[{issues}]")).unwrap();
        gh
    }

    fn drift(&self, pages: &Folder) -> Output {
        let others = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([self.0.path().to_owned()].into_iter().chain(env::split_paths(&others))).unwrap();
        let mut xtask = cargo(&workspace(), &target());
        xtask.args(["run", "--quiet", "--package", "xtask", "--", "drift", "--pages"]).arg(pages.path());
        xtask.env("PATH", path).output().unwrap()
    }

    /// Returns the calls, with the path of the body replaced.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.0.path().join("calls")).unwrap_or_default();
        let body = |call: &str| call.split_once("--body-file ").map(|(start, _)| format!("{start}--body-file FILE"));
        calls.lines().map(|call| body(call).unwrap_or_else(|| call.to_owned())).collect()
    }

    fn body(&self) -> String {
        fs::read_to_string(self.0.path().join("body")).unwrap_or_default()
    }
}

#[track_caller]
fn assert_success(output: &Output, expected: bool) {
    assert_eq!(output.status.success(), expected, "{output:?}");
}

#[test]
fn an_issue_follows_the_differences() {
    let [same, different, _] = folders();

    let gh = Gh::with(r#"{"number": 3, "title": "Another issue"}"#);
    assert_success(&gh.drift(&different), true);
    let create = "issue create --title The API documentation of Ecwid has changed --body-file FILE";
    assert_eq!(gh.calls(), [LIST, create]);
    let (introduction, output) =
        gh.body().split_once("\n```text\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(introduction.contains("ARCHITECTURE.md"), "{introduction}");
    assert!(
        output.contains("orderCount2") && output.contains("DIFFERENCES") && output.ends_with("\n```\n"),
        "{output}"
    );

    let gh = Gh::with(ISSUE);
    assert_success(&gh.drift(&different), true);
    assert_eq!(gh.calls(), [LIST, "issue edit 7 --body-file FILE"]);
    assert!(gh.body().contains("orderCount2"));

    let gh = Gh::with(ISSUE);
    assert_success(&gh.drift(&same), true);
    assert_eq!(gh.calls(), [LIST, "issue close 7 --comment There is no difference any more."]);

    let gh = Gh::with("");
    assert_success(&gh.drift(&same), true);
    assert_eq!(gh.calls(), [LIST]);
}

#[test]
fn pages_that_cannot_be_checked_do_not_change_the_issue() {
    let [_, _, unreadable] = folders();
    let gh = Gh::with(ISSUE);
    let output = gh.drift(&unreadable);
    assert_success(&output, false);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the pages could not be checked"), "{output:?}");
    assert_eq!(gh.calls(), [""; 0]);
}

#[test]
fn a_failure_of_gh_is_reported() {
    let [same, ..] = folders();
    let gh = Gh::with("");
    fs::write(gh.0.path().join("fails"), "").unwrap();
    let output = gh.drift(&same);
    assert_success(&output, false);
    assert!(String::from_utf8_lossy(&output.stderr).contains("`gh issue list"), "{output:?}");
}

#[test]
fn a_page_cannot_add_text_to_the_issue() {
    let [_, different, _] = folders();
    let file = "update-discount-coupon.md";
    let hostile = "| orderCount`````$(touch x) @everyone |";
    different.write(file, &different.read(file).replace("| orderCount2 |", hostile));
    let gh = Gh::with("");
    assert_success(&gh.drift(&different), true);
    let body = gh.body();
    let fence = body.lines().find(|line| line.starts_with("```")).unwrap().trim_end_matches("text");
    assert!(body.contains("@everyone"), "{body}");
    assert_eq!(body.matches(fence).count(), 2, "{body}");
}
