//! The OpenAPI document is the one source: a field, an enum value and a query parameter that are added to it can be used in Rust, in
//! the command, in Python and in the sandbox, with no other edit. What it marks as deprecated is marked there too.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use ecwid_coupons_tests::{cargo, target, workspace};

/// What is added to the document: before which of its lines, and which lines.
const ADDED: [(&str, &str); 6] = [
    (
        "        catalogLimit:\n          description: The products and categories that the coupon applies to.",
        "        maxUses:\n          description: How often it can be used in all.\n          type: integer\n",
    ),
    (", PERCENT, SHIPPING, ABS_AND_SHIPPING,", ", BUY_ONE_GET_ONE"),
    (
        "        - name: createdFrom\n",
        "        - name: minUses\n          in: query\n          description: Only coupons that can be used as often at least.\n          \
         schema: { type: integer, format: int64 }\n",
    ),
    (
        "        shippingLimit:\n          description: The shipping methods that the coupon applies to.",
        "        oldUses:\n          description: How often it could be used.\n          type: integer\n          deprecated: true\n          \
         x-deprecated: use `maxUses`\n",
    ),
    (
        "        - name: createdTo\n",
        "        - name: oldMinUses\n          in: query\n          description: Matches coupons that could be used as often.\n          \
         deprecated: true\n          x-deprecated: use `minUses`\n          schema: { type: integer, format: int64 }\n",
    ),
    (
        "      summary: Delete a discount coupon.\n",
        "      deprecated: true\n      x-deprecated: use `updateDiscountCoupon`\n",
    ),
];

/// A Rust program that uses what is deprecated.
const DEPRECATED: &str = r#"
use ecwid_coupons::{Client, types::{Coupon, CouponField, CouponUpdate, NewCoupon}};

fn main() {
    let coupons = Client::from_env().unwrap();
    let _ = NewCoupon::new("Name", "CODE").old_uses(5).maybe_old_uses(Some(5));
    let _ = CouponUpdate::default().old_uses(5);
    let _ = Coupon::default().with_old_uses(5).old_uses;
    let _ = coupons.search().old_min_uses(3).maybe_old_min_uses(Some(3)).fields([CouponField::OldUses]);
    let _ = coupons.api().search_discount_coupons().old_min_uses(3);
    let _ = coupons.api().delete_discount_coupon();
}
"#;

/// All uses that the compiler reports, as it calls them. The last one is in the client, because `Client::delete` is hand-written.
const REPORTED: [&str; 11] = [
    "method `ecwid_coupons::types::NewCoupon::old_uses`: use `maxUses`",
    "method `ecwid_coupons::types::NewCoupon::maybe_old_uses`: use `maxUses`",
    "method `ecwid_coupons::types::CouponUpdate::old_uses`: use `maxUses`",
    "method `ecwid_coupons::types::Coupon::with_old_uses`: use `maxUses`",
    "field `ecwid_coupons::types::Coupon::old_uses`: use `maxUses`",
    "unit variant `ecwid_coupons::types::CouponField::OldUses`: use `maxUses`",
    "method `ecwid_coupons::Search::old_min_uses`: use `minUses`",
    "method `ecwid_coupons::Search::maybe_old_min_uses`: use `minUses`",
    "method `ecwid_coupons::operations::builder::SearchDiscountCoupons::<'a>::old_min_uses`: use `minUses`",
    "method `ecwid_coupons::operations::Operations::delete_discount_coupon`: use `updateDiscountCoupon`",
    "method `generated::operations::Operations::delete_discount_coupon`: use `updateDiscountCoupon`",
];

/// A Rust program that uses all of it.
const RUST: &str = r#"
use ecwid_coupons::{Client, Error, types::{CouponField, DiscountType, NewCoupon}};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let coupons = Client::from_env()?;
    let new = NewCoupon::new("Name", "RUST").max_uses(5).discount_type(DiscountType::BuyOneGetOne);
    coupons.create(&new).await?;
    let search = coupons.search().min_uses(3).discount_type(DiscountType::BuyOneGetOne);
    let found = search.fields([CouponField::Code, CouponField::MaxUses]).all().await?;
    println!("{} {:?}", found[0].code.as_deref().unwrap_or_default(), found[0].max_uses);
    Ok(())
}
"#;

/// A Python program that uses all of it. Its table is sent back as it is, so that a column that is missing is missed.
const PYTHON: &str = r#"
import inspect
import warnings
from ecwid_coupons import AsyncClient, Client, Coupon, DiscountType

with Client.from_env() as coupons:
    coupons.create(name="Name", code="PYTHON", max_uses=5, discount_type=DiscountType.BUY_ONE_GET_ONE)
    coupons.update("PYTHON", max_uses=6)
    search = coupons.search(code="PYTHON", min_uses=4, discount_type="BUY_ONE_GET_ONE", fields=["code", "name", "max_uses"])
    found = search.collect()
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
    assert inspect.signature(client.search).parameters["min_uses"].annotation == "int | None"
    assert "min_uses: Only coupons that can be used as often at least." in inspect.getdoc(client.search)

with Client.from_env() as coupons, warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    coupons.create(name="Name", code="DEPRECATED", old_uses=5)
    coupons.search(old_min_uses=3).count()
    Coupon(old_uses=5).old_uses
    lines = [warning.lineno for warning in caught]
    assert lines == [lines[0], lines[0] + 1, lines[0] + 2], caught
    assert {str(warning.message) for warning in caught} == {
        "`old_uses` is deprecated: use `maxUses`",
        "`old_min_uses` is deprecated: use `minUses`",
    }
print("as it should be")
"#;

#[test]
fn what_is_added_to_the_document_can_be_used_everywhere() {
    let copy = tempfile::tempdir().unwrap();
    copy_workspace(&workspace(), copy.path());
    let document = copy.path().join("openapi/ecwid-coupons.yaml");
    let mut text = fs::read_to_string(&document).unwrap();
    for (before, added) in ADDED {
        assert_eq!(text.matches(before).count(), 1, "{before}");
        text = text.replace(before, &format!("{added}{before}"));
    }
    fs::write(&document, text).unwrap();

    assert!(cargo_in(copy.path(), &["xtask", "generate", "--check"]).is_err(), "the generated code is stale now");
    cargo_in(copy.path(), &["xtask", "generate"]).unwrap();
    cargo_in(copy.path(), &["xtask", "generate", "--check"]).unwrap();
    let example = copy.path().join("crates/ecwid-coupons/examples/one_source.rs");
    fs::write(&example, RUST).unwrap();
    fs::write(example.with_file_name("deprecated.rs"), DEPRECATED).unwrap();
    let build = ["build", "--quiet", "--bin", "ecwid-coupons", "--example", "one_source", "--example", "deprecated"];
    assert_eq!(deprecated(&cargo_in(copy.path(), &build).unwrap()), BTreeSet::from(REPORTED));
    let built = |name: &str| copy_target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));

    // Rust programs and the command use it, and the sandbox keeps the field and finds the value.
    let program = built("ecwid-coupons");
    let sandbox = Sandbox::start(&program);
    assert_eq!(sandbox.run(&mut Command::new(built("examples/one_source"))).trim(), "RUST Some(5)");
    let command = |arguments: &[&str]| sandbox.run(Command::new(&program).args(arguments));
    command(&[
        "create",
        "--name",
        "Name",
        "--code",
        "COMMAND",
        "--max-uses",
        "7",
        "--discount-type",
        "buy_one_get_one",
    ]);
    let csv = command(&[
        "search",
        "--code",
        "COMMAND",
        "--min-uses",
        "2",
        "--discount-type",
        "BUY_ONE_GET_ONE",
        "--format",
        "csv",
    ]);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), lines.next().unwrap());
    let column = header.iter().position(|name| *name == "maxUses").unwrap_or_else(|| panic!("{csv}"));
    assert_eq!(row[column], "7", "{csv}");

    // The command marks what is deprecated, and warns.
    let help = |name: &str| command(&[name, "--help"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help("create").contains("How often it could be used [deprecated: use `maxUses`]"));
    assert!(help("search").contains("Match coupons that could be used as often [deprecated: use `minUses`]"));
    assert!(help("delete").starts_with("Delete coupons [deprecated: use `updateDiscountCoupon`]"));
    for (arguments, warning) in [
        (&["create", "--name=A", "--code=OLD", "--old-uses=5"][..], "`--old-uses` is deprecated: use `maxUses`"),
        (&["search", "--old-min-uses=3"], "`--old-min-uses` is deprecated: use `minUses`"),
        (&["delete", "OLD", "--yes"], "`delete` is deprecated: use `updateDiscountCoupon`"),
    ] {
        let output = sandbox.output(Command::new(&program).args(arguments));
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(error.matches("deprecated").count(), 1, "{error}");
        assert!(error.contains(&format!("warning: {warning}\n")), "{error}");
    }

    // The Python package has the field as an attribute, an argument and a column, and its stubs say so.
    let package = copy.path().join("python/src/ecwid_coupons");
    let stub = fs::read_to_string(package.join("_models.pyi")).unwrap();
    let attribute = "    def max_uses(self) -> int | None:\n        \"\"\"How often it can be used in all.\"\"\"";
    for line in [attribute, "        max_uses: int | None = None,"] {
        assert!(stub.contains(line), "{line}");
    }
    let marked = "    @property\n    @deprecated(\"use `maxUses`\")\n    def old_uses(";
    assert_eq!(stub.matches(marked).count(), 1, "{stub}");
    let names = fs::read_to_string(package.join("_enums.py")).unwrap();
    assert_eq!(names.matches("    \"max_uses\",\n").count(), 1, "among the names of fields");
    let built = cargo_in(copy.path(), &["build", "--quiet", "--package", "ecwid-coupons-python"]).unwrap();
    assert_eq!(deprecated(&built), BTreeSet::from([REPORTED[10]]));
    let (library, extension) = if cfg!(windows) { ("_native.dll", "pyd") } else { ("lib_native.so", "abi3.so") };
    let library = if cfg!(target_os = "macos") { "lib_native.dylib" } else { library };
    fs::copy(copy_target().join("debug").join(library), package.join(format!("_native.{extension}"))).unwrap();
    let mut python = Command::new(if cfg!(windows) { "py" } else { "python3" });
    python.args(["-W", "ignore::RuntimeWarning", "-c", PYTHON]).env("PYTHONPATH", package.parent().unwrap());
    assert_eq!(sandbox.run(&mut python).trim(), "as it should be");

    // The sandbox was sent each search as it was meant.
    let journal = sandbox.journal();
    for uses in ["minUses=3", "minUses=2", "minUses=4"] {
        assert!(journal.contains(uses), "{uses}: {journal}");
    }
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

impl Sandbox {
    /// Runs a program with the settings of its store, and returns what it prints.
    fn run(&self, program: &mut Command) -> String {
        String::from_utf8(self.output(program).stdout).unwrap()
    }

    fn output(&self, program: &mut Command) -> Output {
        program
            .env("ECWID_BASE_URL", &self.base_url)
            .env("ECWID_STORE_ID", "1003")
            .env("ECWID_TOKEN", "secret_sandbox");
        let output = program.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Returns the journal of its requests, as the sandbox returns it.
    fn journal(&self) -> String {
        let host = self.base_url.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /_sandbox/requests HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
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
    target().join("one-source")
}

/// Returns what the compiler says about uses of deprecated items.
fn deprecated(messages: &str) -> BTreeSet<&str> {
    messages.lines().filter_map(|line| line.strip_prefix("warning: use of deprecated ")).collect()
}

/// Runs cargo in a copy of the workspace. Returns its messages.
fn cargo_in(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = cargo(folder, &copy_target());
    command.args(arguments);
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(error) } else { Err(error) }
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
