//! A field that is added to the document is in the client, the command's flags and its CSV, with no other edit.

use std::{fs, path::Path};

use ecwid_coupons_tests::{cargo, workspace};

#[test]
fn a_field_added_to_the_document_is_everywhere() {
    let copy = tempfile::tempdir().unwrap();
    copy_workspace(&workspace(), copy.path());

    let document = copy.path().join("openapi/ecwid-coupons.yaml");
    let text = fs::read_to_string(&document).unwrap();
    let before = "        catalogLimit:\n          description: The products and categories the coupon works for;";
    assert_eq!(text.matches(before).count(), 1);
    fs::write(&document, text.replace(before, &format!("        maxUses:\n          type: integer\n{before}"))).unwrap();

    assert!(run(copy.path(), &["xtask", "generate", "--check"]).is_err(), "the generated code is stale now");
    run(copy.path(), &["xtask", "generate"]).unwrap();
    run(copy.path(), &["xtask", "generate", "--check"]).unwrap();
    let types = fs::read_to_string(copy.path().join("crates/ecwid-coupons/src/generated/types.rs")).unwrap();
    assert_eq!(types.matches("optional max_uses: i64 = \"maxUses\",").count(), 3, "in the coupon, the new one and the update");

    // Rust programs see it as a field and a setter.
    let example = copy.path().join("crates/ecwid-coupons/examples/max_uses.rs");
    fs::create_dir_all(example.parent().unwrap()).unwrap();
    fs::write(
        &example,
        "fn main() {
            let new = ecwid_coupons::types::NewCoupon::new(\"Name\", \"CODE\").max_uses(5);
            let max_uses: Option<i64> = new.max_uses;
            println!(\"{max_uses:?}\");
        }",
    )
    .unwrap();
    assert_eq!(run(copy.path(), &["run", "--quiet", "--package", "ecwid-coupons", "--example", "max_uses"]).unwrap().trim(), "Some(5)");

    // The command has it as a flag and a column, and the sandbox keeps it.
    let store = copy.path().join("target-store.sqlite");
    let store = store.to_str().unwrap();
    let command = |arguments: &[&str]| {
        let cargo = ["run", "--quiet", "--bin", "ecwid-coupons", "--"];
        run(copy.path(), &[&cargo, arguments].concat()).unwrap()
    };
    let _ = store;
    let csv = command(&["--sandbox", "--format", "csv", "create", "--name", "Name", "--code", "CODE", "--max-uses", "5", "--show"]);
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), lines.next().unwrap());
    let column = header.iter().position(|name| name == "maxUses").unwrap_or_else(|| panic!("{csv}"));
    assert_eq!(row[column], "5", "{csv}");
}

/// Runs cargo in a copy of the workspace, on what was built for this one.
fn run(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = cargo(folder);
    command.args(arguments);
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(String::from_utf8(output.stdout).unwrap()) } else { Err(error) }
}

fn copy_workspace(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_workspace(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
