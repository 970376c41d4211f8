//! Tests of codes and names that start with a hyphen.

mod program;

use program::{Sandbox, alone, run};

#[test]
fn a_code_may_begin_with_a_hyphen() {
    let sandbox = Sandbox::start(&[]);
    for (code, other) in [("-5OFF", "-6OFF"), ("-50%", "-60%"), ("-1", "-2"), ("-½", "-⅓")] {
        sandbox.run(&["create", "--name", "-5% today", "--code", code, "--shipping-methods", "-a,b"]).ok();
        let found = sandbox.run(&["search", "--code", code, "--format", "csv", "--fields", "code,name"]).ok();
        assert_eq!(found, format!("code,name\n{code},-5% today\n"));
        for arguments in [&["get", code][..], &["get", "--", code], &["get", "--fields", "code", code]] {
            assert!(sandbox.run(arguments).ok().contains(code), "{arguments:?}");
        }
        let got = sandbox.run(&["get", code, "--format", "jsonl", "--fields", "code"]).ok();
        assert_eq!(got, format!("{{\"code\":\"{code}\"}}\n"));
        assert_eq!(sandbox.run(&["update", code, "--code", other]).ok(), format!("{code}: updated\n"));
        let deleted = sandbox.run(&["delete", other, code, "--format", "csv"]);
        assert_eq!(
            deleted.out,
            format!(
                "coupon,id,code,outcome,deleteCount,error,errorKind\n{other},,{other},deleted,1,,\n{code},,{code},not_found,0,,\n"
            )
        );
    }
    // A code that looks like a flag must follow `--` or be the value of a flag.
    for code in ["-OFF", "--sandbox", "-h"] {
        sandbox.run(&["create", "--name", "A", "--code", code]).ok();
        assert!(sandbox.run(&["search", "--code", code, "--format", "jsonl"]).ok().contains(code));
        assert!(sandbox.run(&["get", "--", code]).ok().contains(code));
        sandbox.run(&["update", "--current-code", code, "--name", "B"]).ok();
        sandbox.run(&["get", "--code", code]).ok();
        assert_eq!(sandbox.run(&["delete", "--", code]).ok(), format!("{code}: deleted\n"));
    }
}

#[test]
fn a_misspelled_flag_is_not_a_code() {
    let sandbox = Sandbox::start(&[]);
    sandbox.run(&["create", "--name", "A", "--code", "A"]).ok();
    for arguments in [
        &["delete", "--dry-ru", "A"][..],
        &["delete", "A", "--dryrun"],
        &["delete", "-n", "A"],
        &["delete", "-rf", "A"],
        &["delete", "--sandbx", "A"],
        &["update", "--nam", "--name", "B"],
        &["get", "--field"],
        &["get", "-x"],
    ] {
        let error = sandbox.run(arguments).failed(2);
        assert!(error.contains("unexpected argument '-"), "{arguments:?}: {error}");
        // With this tip, a misspelled flag would be used as a code.
        assert!(!error.contains("use '-- "), "{arguments:?}: {error}");
    }
    assert!(sandbox.run(&["get", "A"]).ok().contains('A'));
    assert!(alone(&["get", "DISC", "--format", "jsonl"]).ok().starts_with('{'));
}

#[test]
fn a_flag_after_a_code_is_a_flag() {
    assert_eq!(alone(&["get", "DISC", "--format", "jsonl", "--fields", "code"]).ok(), "{\"code\":\"DISC\"}\n");
    assert!(run(program::program(&["get", "--help"]).env("COLUMNS", "80")).ok().contains("Usage"));
    assert!(alone(&["delete", "DISC", "NOPE", "--format", "json"]).out.starts_with('['));
}
