//! Updates and deletes of several coupons: standard input, a dry run, unused coupons only, and the question on a terminal.

mod program;

use program::{Outcome, Sandbox, run_with_input};
use serde_json::Value;

/// A sandbox with the coupons A, B and C. A is paused.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::start(&[]);
    for code in ["A", "B", "C"] {
        sandbox.run(&["create", "--name", "Name", "--code", code, "--discount", "5"]).ok();
    }
    sandbox.run(&["update", "A", "--status", "PAUSED"]).ok();
    sandbox
}

fn rows(outcome: Outcome) -> Vec<(String, String)> {
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        (row["coupon"].as_str().unwrap().to_owned(), row["outcome"].as_str().unwrap().to_owned())
    };
    outcome.out.lines().map(row).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(coupon, outcome)| ((*coupon).to_owned(), (*outcome).to_owned())).collect()
}

#[test]
fn a_search_can_be_deleted_after_a_dry_run() {
    let sandbox = sandbox();
    let paused = sandbox.run(&["search", "--status", "PAUSED", "--format", "jsonl"]).ok();
    let delete = |arguments: &[&str], input: &str| {
        let arguments = [&["delete", "-", "--format", "jsonl"], arguments].concat();
        run_with_input(&mut sandbox.program(&arguments), input)
    };
    let id = serde_json::from_str::<Value>(&paused).unwrap()["id"].to_string();
    assert_eq!(rows(delete(&["--dry-run"], &paused)), pairs(&[(&id, "would_delete")]));
    sandbox.run(&["get", "A"]).ok();
    assert_eq!(rows(delete(&[], &paused)), pairs(&[(&id, "deleted")]));
    sandbox.run(&["get", "A"]).failed(3);
    // Codes and ids, with empty lines and the line ends of Windows.
    let outcome = delete(&[], "B\r\n\r\nNONE\r\n{\"code\":\"C\"}\r\n");
    assert_eq!(outcome.code, 3, "one does not exist");
    assert_eq!(rows(outcome), pairs(&[("B", "deleted"), ("NONE", "not_found"), ("C", "deleted")]));
}

#[test]
fn a_line_that_is_no_coupon_is_named_and_nothing_is_changed() {
    let sandbox = sandbox();
    for (input, expected) in [
        ("A\n..\n", "line 2 of standard input: invalid code: \"..\""),
        ("A\n\n{\"code\":\n", "line 3 of standard input: the text ends"),
        ("{\"name\":\"A\"}\n", "line 1 of standard input: "),
        ("\n \n", "standard input has no coupons"),
    ] {
        let error = run_with_input(&mut sandbox.program(&["delete", "-"]), input).failed(2);
        assert!(error.contains(expected), "{input:?}: {error}");
    }
    let error = run_with_input(&mut sandbox.program(&["delete", "-", "--token-file", "-"]), "A").failed(2);
    assert!(error.contains("cannot both be read from standard input"), "{error}");
    assert_eq!(sandbox.run(&["search", "--count"]).ok(), "3\n");
}

#[test]
fn used_coupons_can_be_kept() {
    let sandbox = Sandbox::start(&["--seed", "90"]);
    let all = sandbox.run(&["search", "--format", "jsonl"]).ok();
    let coupons: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_unused = |coupon: &&Value| {
        coupon["orderCount"] == 0 && ["ACTIVE", "PAUSED"].contains(&coupon["status"].as_str().unwrap())
    };
    let unused = coupons.iter().filter(is_unused).count();
    assert!(0 < unused && unused < 90, "{unused}");
    let arguments = ["delete", "-", "--if-unused", "--format", "jsonl"];
    let count = |outcome: &[(String, String)], name: &str| outcome.iter().filter(|(_, known)| known == name).count();
    let dry = rows(run_with_input(sandbox.program(&arguments).arg("--dry-run"), &all));
    assert_eq!((count(&dry, "would_delete"), count(&dry, "kept")), (unused, 90 - unused));
    let done = rows(run_with_input(&mut sandbox.program(&arguments), &all));
    assert_eq!((count(&done, "deleted"), count(&done, "kept")), (unused, 90 - unused));
    assert_eq!(sandbox.run(&["search", "--count"]).ok(), format!("{}\n", 90 - unused));
    let used = coupons.iter().find(|coupon| coupon["orderCount"].as_i64() > Some(1)).unwrap()["code"].as_str().unwrap();
    let text = sandbox.run(&["delete", used, "--if-unused", "--dry-run"]).ok();
    assert!(text.starts_with(used) && text.contains(": would be kept ("), "{text}");
    let text = sandbox.run(&["delete", used, "--if-unused"]).ok();
    assert!(text.starts_with(&format!("{used}: kept (")) && text.contains(" orders)"), "{text}");
}

#[test]
fn several_coupons_can_be_updated() {
    let sandbox = sandbox();
    let outcome = sandbox.run(&["update", "A", "NONE", "B", "--discount", "7", "--format", "jsonl"]);
    assert_eq!(outcome.code, 3);
    assert_eq!(rows(outcome), pairs(&[("A", "updated"), ("NONE", "not_found"), ("B", "updated")]));
    let discounts = sandbox.run(&["search", "--format", "csv", "--fields", "code,discount"]).ok();
    assert_eq!(discounts, "code,discount\nA,7\nB,7\nC,5\n");
    assert_eq!(sandbox.run(&["update", "A", "B", "--discount", "9", "-y"]).ok(), "A: updated\nB: updated\n");
    let error = sandbox.run(&["update", "A", "B", "--code", "D"]).failed(2);
    assert!(error.contains("several coupons cannot get the same code"), "{error}");
}

#[test]
fn a_dry_run_of_an_update_shows_old_and_new_values() {
    let sandbox = sandbox();
    sandbox.run(&["update", "B", "--products", "1,2", "--discount", "9"]).ok();
    let id = |code: &str| sandbox.run(&["get", code, "--fields", "id", "--format", "csv"]).ok()[3..].trim().to_owned();
    let (a, b) = (id("A"), id("B"));
    let update = ["update", "A", "B", "--discount", "9", "--clear", "catalog-limit", "--order-count", "3", "--dry-run"];
    assert_eq!(
        sandbox.run(&update).ok(),
        format!(
            "A (id {a}): would be updated; discount: 5 → 9, orderCount: 0 → 3\n\
             B (id {b}): would be updated; catalogLimit.products: [1,2] → nothing, orderCount: 0 → 3\n"
        )
    );
    let lines = sandbox.run(&[&update[..], &["--format", "jsonl"]].concat()).ok();
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        rows[1],
        serde_json::json!({
            "coupon": "B", "id": b.parse::<i64>().unwrap(), "code": "B", "outcome": "would_update", "updateCount": null,
            "error": null, "errorKind": null,
            "changes": {"catalogLimit.products": {"old": [1, 2], "new": null}, "orderCount": {"old": 0, "new": 3}},
        })
    );
    let csv = sandbox.run(&[&update[..], &["--format", "csv"]].concat()).ok();
    assert!(csv.starts_with("coupon,id,code,outcome,updateCount,error,errorKind,changes\n"), "{csv}");
    assert_eq!(
        sandbox.run(&["update", "A", "--discount", "5.00", "--status", "PAUSED", "--dry-run"]).ok(),
        format!("A (id {a}): would be updated; no field changes\n")
    );
    // Nothing was changed.
    assert_eq!(
        sandbox.run(&["search", "--format", "csv", "--fields", "code,discount"]).ok(),
        "code,discount\nA,5\nB,9\nC,5\n"
    );
}

#[test]
fn a_status_that_only_the_store_sets_is_refused_before_anything_is_sent() {
    let sandbox = sandbox();
    let before = sandbox.control("requests").matches("\"method\"").count();
    assert!(before > 0);
    for status in ["EXPIRED", "usedup"] {
        for arguments in
            [&["update", "A", "--status", status][..], &["create", "--name", "D", "--code", "D", "--status", status]]
        {
            let error = sandbox.run(arguments).failed(2);
            let expected =
                format!("invalid value for `--status`: `{}` (expected ACTIVE or PAUSED)", status.to_uppercase());
            assert!(error.contains(&expected), "{error}");
        }
    }
    assert_eq!(sandbox.control("requests").matches("\"method\"").count(), before);
}

/// Runs the command with a terminal as standard input and standard error, and answers its question.
#[cfg(unix)]
fn answered(sandbox: &Sandbox, arguments: &[&str], answer: &str) -> (i32, String, String) {
    use std::{
        fs::File,
        io::{Read as _, Write as _},
        process::Stdio,
    };

    use rustix::{
        fs::{Mode, OFlags, open},
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    };

    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let theirs = || open(ptsname(&ours, Vec::new()).unwrap(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = sandbox.program(arguments);
    let child = command.stdin(theirs()).stderr(theirs()).stdout(Stdio::piped()).spawn().unwrap();
    // The command holds the other end of the terminal too.
    drop(command);
    let mut terminal = File::from(ours);
    terminal.write_all(answer.as_bytes()).unwrap();
    let mut shown = Vec::new();
    // Reading fails when the other end is closed.
    let _ = terminal.read_to_end(&mut shown);
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(shown).unwrap())
}

#[cfg(unix)]
#[test]
fn several_changes_are_confirmed_on_a_terminal() {
    let sandbox = sandbox();
    for answer in ["n\n", "\n", "no way\n"] {
        let (code, out, shown) = answered(&sandbox, &["delete", "A", "B"], answer);
        assert_eq!((code, out.as_str()), (2, ""), "{shown}");
        assert!(shown.contains("delete 2 coupons (`A`, `B`)? [y/N]"), "{shown}");
        assert!(shown.contains("canceled: no coupon was deleted"), "{shown}");
    }
    assert_eq!(sandbox.run(&["search", "--count"]).ok(), "3\n");
    let (code, out, _) = answered(&sandbox, &["delete", "A", "B"], "Y\n");
    assert_eq!((code, out.as_str()), (0, "A: deleted\nB: deleted\n"));
    let (code, _, shown) = answered(&sandbox, &["update", "C", "C", "--name", "X"], "n\n");
    assert!(code == 2 && shown.contains("update 2 coupons (`C`, `C`)? [y/N]"), "{shown}");
    // Neither one coupon, nor --yes, nor --dry-run asks.
    for arguments in
        [&["delete", "C", "--dry-run"][..], &["update", "C", "C", "--name", "X", "--yes"], &["delete", "C"]]
    {
        let (code, _, shown) = answered(&sandbox, arguments, "");
        assert!(code == 0 && !shown.contains("[y/N]"), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn declared_changes_are_confirmed_on_a_terminal() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coupons.toml");
    std::fs::write(&file, "[coupons.A]\nname = \"Other\"\n").unwrap();
    let file = file.to_str().unwrap();
    let (code, out, shown) = answered(&sandbox, &["apply", file], "n\n");
    assert_eq!(code, 2, "{shown}");
    assert!(out.starts_with("~ A: name: ") && out.contains("1 to change"), "the plan comes first: {out}");
    assert!(
        shown.contains("change 1 coupon (0 to create, 1 to change, 0 to remove, 0 as they are)? [y/N]")
            && shown.contains("canceled: no coupon was changed"),
        "{shown}"
    );
    let (_, out, _) = answered(&sandbox, &["apply", file], "y\n");
    assert!(out.ends_with("1 coupon: 1 updated\n"), "{out}");
    let (code, _, shown) = answered(&sandbox, &["apply", file], "");
    assert!(code == 0 && !shown.contains("[y/N]"), "{shown}");
}

#[cfg(unix)]
#[test]
fn progress_is_shown_on_a_terminal() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (file, job) = (path("coupons.csv"), path("new.job"));
    let issue =
        ["issue", "--pattern", "NEW-[*]", "--count", "30", "--name", "New", "--discount", "5", "--yes", "--job"];
    for (arguments, bar) in [
        (&["search", "--output", &file][..], " of 3 coupons, "),
        (&["delete", "A", "B", "--yes"], " of 2 coupons, "),
        (&[&issue[..], &[&job]].concat(), " of 30 coupons at the store, "),
    ] {
        let (code, _, shown) = answered(&sandbox, arguments, "");
        assert!(code == 0 && shown.contains(bar), "{arguments:?}: {shown}");
    }
    // Not in a pipe.
    let outcome = sandbox.run(&["search", "--output", &file]);
    assert!(!outcome.err.contains(" of "), "{outcome:?}");
}
