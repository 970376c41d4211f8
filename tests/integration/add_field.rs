//! A field that is added to the document is in the client, the command's flags and its CSV, and the Python package, with no other edit.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use ecwid_coupons_tests::{cargo, target, workspace};

const ADDED: &str =
    "        maxUses:\n          description: How often it can be used in all.\n          type: integer\n";

/// What a Python program has of the field. Its table is sent back as it is, so that a column that is missing is missed.
const PYTHON: &str = r#"
import inspect
from ecwid_coupons import AsyncClient, Client, Coupon

with Client.from_env() as coupons:
    coupons.create(name="Name", code="PYTHON", max_uses=5)
    coupons.update("PYTHON", max_uses=6)
    found = coupons.search(code="PYTHON", fields=["code", "name", "max_uses"]).collect()
    assert found[0].max_uses == 6, found[0]
    assert found.to_dicts()[0]["max_uses"] == 6
    coupons.delete("PYTHON")
    assert coupons.create_many(found.table()).is_complete
    assert coupons.get("PYTHON").max_uses == 6, "the table has no such column"

assert Coupon(max_uses=7) == Coupon.from_json('{"maxUses":7}')
assert Coupon.max_uses.__doc__ == "How often it can be used in all."
for client in (Client, AsyncClient):
    for call in (client.create, client.create_or_get, client.update):
        assert "int" in inspect.signature(call).parameters["max_uses"].annotation
        assert "max_uses: How often it can be used in all." in inspect.getdoc(call)
print("as it should be")
"#;

#[test]
fn a_field_added_to_the_document_is_everywhere() {
    let copy = tempfile::tempdir().unwrap();
    copy_workspace(&workspace(), copy.path());

    let document = copy.path().join("openapi/ecwid-coupons.yaml");
    let text = fs::read_to_string(&document).unwrap();
    let before = "        catalogLimit:\n          description: The products and categories the coupon works for;";
    assert_eq!(text.matches(before).count(), 1);
    fs::write(&document, text.replace(before, &format!("{ADDED}{before}"))).unwrap();

    assert!(run(copy.path(), &["xtask", "generate", "--check"]).is_err(), "the generated code is stale now");
    run(copy.path(), &["xtask", "generate"]).unwrap();
    run(copy.path(), &["xtask", "generate", "--check"]).unwrap();
    let types = fs::read_to_string(copy.path().join("crates/ecwid-coupons/src/generated/types.rs")).unwrap();
    for (presence, objects) in [("optional", 2), ("patch", 1)] {
        let found = types.matches(&format!("{presence} max_uses: i64 = \"maxUses\",")).count();
        assert_eq!(found, objects, "in the coupon and the new one, and in the update");
    }

    // Rust programs see it as a field and a setter.
    let example = copy.path().join("crates/ecwid-coupons/examples/max_uses.rs");
    fs::create_dir_all(example.parent().unwrap()).unwrap();
    fs::write(
        &example,
        "fn main() {
            let new = ecwid_coupons::types::NewCoupon::new(\"Name\", \"CODE\").max_uses(5);
            let max_uses: Option<i64> = new.max_uses;
            let field = ecwid_coupons::types::CouponField::MaxUses;
            println!(\"{max_uses:?} {field}\");
        }",
    )
    .unwrap();
    assert_eq!(
        run(copy.path(), &["run", "--quiet", "--package", "ecwid-coupons", "--example", "max_uses"]).unwrap().trim(),
        "Some(5) maxUses"
    );

    // The command has it as a flag and a column, and the sandbox keeps it.
    run(copy.path(), &["build", "--quiet", "--bin", "ecwid-coupons"]).unwrap();
    let program = copy_target().join("debug").join(format!("ecwid-coupons{}", std::env::consts::EXE_SUFFIX));
    let sandbox = Sandbox::start(&program);
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).env("ECWID_BASE_URL", &sandbox.base_url).env("ECWID_STORE_ID", "1003");
        let output = command.env("ECWID_TOKEN", "secret_sandbox").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    command(&["create", "--name", "Name", "--code", "CODE", "--max-uses", "5"]);
    let csv = command(&["search", "--format", "csv"]);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), lines.next().unwrap());
    let column = header.iter().position(|name| *name == "maxUses").unwrap_or_else(|| panic!("{csv}"));
    assert_eq!(row[column], "5", "{csv}");

    // The Python package has it as an attribute, an argument and a column, and its stub says so.
    let package = copy.path().join("python/src/ecwid_coupons");
    let stub = fs::read_to_string(package.join("_models.pyi")).unwrap();
    let attribute = "    def max_uses(self) -> int | None:\n        \"\"\"How often it can be used in all.\"\"\"";
    for line in [attribute, "        max_uses: int | None = None,"] {
        assert_eq!(stub.matches(line).count(), 1, "{line}");
    }
    let names = fs::read_to_string(package.join("_enums.py")).unwrap();
    assert_eq!(names.matches("    \"max_uses\",\n").count(), 1, "among the names of fields");
    run(copy.path(), &["build", "--quiet", "--package", "ecwid-coupons-python"]).unwrap();
    let (library, extension) = if cfg!(windows) { ("_native.dll", "pyd") } else { ("lib_native.so", "abi3.so") };
    let library = if cfg!(target_os = "macos") { "lib_native.dylib" } else { library };
    fs::copy(copy_target().join("debug").join(library), package.join(format!("_native.{extension}"))).unwrap();
    let mut python = Command::new("python3");
    python.args(["-W", "ignore::RuntimeWarning", "-c", PYTHON]).env("PYTHONPATH", package.parent().unwrap());
    python.env("ECWID_BASE_URL", &sandbox.base_url).env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", "secret_sandbox");
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "as it should be");
}

/// A sandbox of the command, ended with it.
struct Sandbox {
    process: Child,
    base_url: String,
}

impl Sandbox {
    fn start(program: &Path) -> Self {
        let mut command = Command::new(program);
        let mut process =
            command.args(["sandbox", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let base_url = first.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        Self { process, base_url }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Kept, so that the libraries are built for the first run alone.
fn copy_target() -> PathBuf {
    target().join("add-field")
}

/// Runs cargo in a copy of the workspace.
fn run(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = cargo(folder, &copy_target());
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
