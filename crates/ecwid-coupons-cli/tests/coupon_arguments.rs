//! Tests of numbers that can be the id or the code of a coupon.

mod program;

use program::Sandbox;

/// A sandbox where 9418 is the id of one coupon and the code of another.
fn sandbox(folder: &tempfile::TempDir) -> Sandbox {
    let file = folder.path().join("coupons.json");
    let coupons = r#"[{"id":9418,"name":"Gift card","code":"GIFT500"},{"id":77,"name":"Other","code":"9418"},
        {"id":80,"name":"Third","code":"500"},{"id":81,"name":"Same","code":"81"}]"#;
    std::fs::write(&file, coupons).unwrap();
    Sandbox::start(&["--load", file.to_str().unwrap()])
}

fn codes(sandbox: &Sandbox) -> Vec<String> {
    let csv = sandbox.run(&["search", "--format", "csv", "--fields", "code"]).ok();
    csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

#[test]
fn a_number_that_names_two_coupons_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox(&folder);
    for (arguments, flag) in [
        (&["get", "9418"][..], "--code 9418"),
        (&["update", "9418", "--discount", "5"], "--current-code 9418"),
        (&["delete", "9418"], "--code 9418"),
        (&["delete", "GIFT500", "9418"], "--code 9418"),
    ] {
        let error = sandbox.run(arguments).failed(2);
        for part in ["GIFT500", "77", "--id 9418", flag] {
            assert!(error.contains(part), "{arguments:?}, {part}: {error}");
        }
    }
    assert_eq!(codes(&sandbox).len(), 4, "nothing was deleted");
}

#[test]
fn a_flag_says_whether_a_number_is_an_id_or_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox(&folder);
    let name =
        |arguments: &[&str]| sandbox.run(&[&["get", "--format", "csv", "--fields", "name"], arguments].concat()).ok();
    assert_eq!(name(&["--id", "9418"]), "name\nGift card\n");
    assert_eq!(name(&["--code", "9418"]), "name\nOther\n");
    assert_eq!(name(&["--code", "gift500"]), "name\nGift card\n");
    sandbox.run(&["update", "--id", "9418", "--name", "By id"]).ok();
    sandbox.run(&["update", "--current-code", "9418", "--name", "By code", "--code", "RENAMED"]).ok();
    assert_eq!(name(&["GIFT500"]), "name\nBy id\n");
    assert_eq!(name(&["RENAMED"]), "name\nBy code\n");
    // Now only one coupon has the number.
    assert_eq!(name(&["9418"]), "name\nBy id\n");
    sandbox.run(&["delete", "--code", "9418"]).failed(3);
    assert_eq!(codes(&sandbox).len(), 4);
    sandbox.run(&["delete", "--id", "9418", "--code", "500", "RENAMED"]).ok();
    assert_eq!(codes(&sandbox), ["81"]);
    let error = sandbox.run(&["get", "A", "--id", "1"]).failed(2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn a_number_names_a_coupon_if_only_one_coupon_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox(&folder);
    let name = |number: &str| sandbox.run(&["get", number, "--format", "csv", "--fields", "name"]).ok();
    assert_eq!(name("77"), "name\nOther\n");
    assert_eq!(name("500"), "name\nThird\n");
    assert_eq!(name("81"), "name\nSame\n", "one coupon that has it as both");
    for arguments in
        [&["get", "12345"][..], &["update", "12345", "--discount", "5"], &["delete", "12345"], &["delete", "00077"]]
    {
        let error = sandbox.run(arguments).code;
        assert_eq!(error, 3, "{arguments:?}");
    }
    sandbox.run(&["delete", "500", "81"]).ok();
    assert_eq!(codes(&sandbox), ["9418", "GIFT500"]);
}
