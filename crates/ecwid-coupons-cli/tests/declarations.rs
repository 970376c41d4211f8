//! Declarations: `pull`, `plan`, `apply` and `schema`.

mod program;

use std::{collections::BTreeMap, fs, path::Path};

use ecwid_coupons::{
    RawJson,
    schema::{Field, Kind},
    types::{Coupon, CouponUpdate},
};
use program::{Sandbox, TOKEN, program, run};
use serde_json::Value;

/// A sandbox, and a folder for files.
struct Place {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Place {
    fn new(arguments: &[&str]) -> Self {
        Self { sandbox: Sandbox::start(arguments), folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a file and returns its path.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        self.sandbox.run(arguments).ok()
    }

    /// Applies a file, and checks that nothing is left to change.
    #[track_caller]
    fn apply(&self, file: &str) -> String {
        let out = self.ok(&["apply", file]);
        let left = self.ok(&["plan", file, "--exit-code"]);
        assert!(left.starts_with("Plan: 0 to create, 0 to change, 0 to remove, "), "{left}");
        out
    }

    /// Returns the coupons by code.
    #[track_caller]
    fn coupons(&self) -> BTreeMap<String, Value> {
        let lines = self.ok(&["search", "--format", "jsonl"]);
        let coupons = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        coupons.map(|coupon| (coupon["code"].as_str().unwrap().to_owned(), coupon)).collect()
    }
}

#[test]
fn the_plan_of_what_was_pulled_is_empty_and_fits_the_schema() {
    let place = Place::new(&["--seed", "1000"]);
    let pulled = place.ok(&["pull"]);
    let file = place.file("coupons.toml", &pulled);
    let plan = place.ok(&["plan", &file, "--exit-code"]);
    assert_eq!(plan, "Plan: 0 to create, 0 to change, 0 to remove, 1000 as they are\n");
    let before = place.coupons();
    assert_eq!(place.ok(&["apply", &file]), plan);
    assert_eq!(place.coupons(), before);

    // An empty store gets the same coupons. Those that were used up can be used again.
    let copy = Place::new(&[]);
    copy.apply(&file);
    let without_status = |text: &str| {
        let text: String =
            text.lines().filter(|line| !line.starts_with("status = ")).flat_map(|line| [line, "\n"]).collect();
        toml::from_str::<toml::Table>(&text).unwrap()
    };
    assert!(without_status(&copy.ok(&["pull"])) == without_status(&pulled));

    let schema = run(&mut program(&["schema"])).ok();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let json = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    assert_eq!(schema.iter_errors(&json(&pulled)).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    for (good, bad) in [
        ("discount = 12.5", "discuont = 12.5"),
        ("discount = \"12.50\"", "discount = \"ten\""),
        ("expirationDate = \"none\"", "name = 5"),
        ("catalogLimit = { products = [1] }", "catalogLimit = { product = [1] }"),
        ("catalogLimit = \"none\"", "usesLimit = \"none\""),
        ("status = \"PAUSED\"", "status = \"EXPIRED\""),
        ("usesLimit = \"SINGLE\"", "orderCount = 1"),
    ] {
        assert!(schema.is_valid(&json(&format!("[coupons.A]\n{good}"))), "{good}");
        assert!(schema.is_valid(&json(&format!("scope = [\"A-*\"]\n[defaults]\n{good}"))), "{good}");
        assert!(!schema.is_valid(&json(&format!("[coupons.A]\n{bad}"))), "{bad}");
        assert!(!schema.is_valid(&json(&format!("[defaults]\n{bad}"))), "{bad}");
    }
    assert!(!schema.is_valid(&json("scopes = [\"A\"]")) && !schema.is_valid(&json("scope = []")));
    // What the schema accepts, the command accepts too.
    for good in ["discount = \"12.50\"", "catalogLimit = { products = \"none\", categories = [1] }"] {
        place.ok(&["plan", &place.file("good.toml", &format!("[coupons.A]\nname = \"A\"\n{good}"))]);
    }
}

#[test]
fn some_coupons_are_pulled() {
    let place = Place::new(&[]);
    for code in ["SUMMER-1", "summer-2", "WINTER", "VIP"] {
        place.ok(&["create", "--name", "Name", "--code", code, "--discount", "1.50", "--total-limit", "0.1"]);
    }
    let outcome = place.sandbox.run(&["pull", "--codes", "Summer-*", "vip", "none"]);
    assert!(outcome.err.contains("no coupon has the code `none`"), "{}", outcome.err);
    let text = outcome.ok();
    assert!(text.contains("\n# scope = [\"Summer-*\",\"vip\",\"none\"]\n"), "{text}");
    let codes: Vec<_> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(codes, ["[coupons.SUMMER-1]", "[coupons.summer-2]", "[coupons.VIP]"]);
    // Numbers of TOML would lose a zero.
    assert!(text.contains("\ndiscount = \"1.50\"\ntotalLimit = 0.1\n"), "{text}");
    // Without a pattern, the codes are looked up.
    let text = place.ok(&["pull", "--codes", "WINTER"]);
    assert!(text.contains("[coupons.WINTER]") && !text.contains("VIP"), "{text}");
    let error = place.sandbox.run(&["pull", "--format", "json"]).failed(2);
    assert!(error.contains("`--format` cannot be used with `pull`"), "{error}");
}

/// Returns two values of a field in TOML.
fn values(field: &Field, kind: &Kind) -> [String; 2] {
    let quoted = |text: &str| format!("{text:?}");
    match kind {
        Kind::Boolean => ["true".to_owned(), "false".to_owned()],
        Kind::Integer => ["7".to_owned(), "8".to_owned()],
        Kind::Decimal => ["12.5".to_owned(), quoted("7.250")],
        Kind::DateTime => [quoted("2098-01-01"), "2097-05-05T10:00:00+02:00".to_owned()],
        Kind::Enum(known) => {
            let is_declared =
                |value: &&&str| !Coupon::is_set_by_store(field.name, &RawJson::from_value(value).unwrap());
            let mut known = known.iter().filter(is_declared).map(|value| quoted(value));
            [known.next().unwrap(), known.next().unwrap()]
        }
        Kind::List(item) => values(field, item).map(|value| format!("[{value}]")),
        Kind::Object(fields) => {
            let member = |number: usize| {
                let members =
                    fields.iter().map(|field| format!("{} = {}", field.name, values(field, &field.kind)[number]));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            };
            [member(0), member(1)]
        }
        _ => [quoted("One"), quoted("Two")],
    }
}

#[test]
fn every_field_is_set_changed_cleared_and_left_out() {
    let place = Place::new(&[]);
    let fields: Vec<_> = CouponUpdate::FIELDS.iter().filter(|it| !["code", "orderCount"].contains(&it.name)).collect();
    let declare = |value: &dyn Fn(&Field) -> Option<String>| {
        let mut text = "[defaults]\nname = \"Name\"\ndiscountType = \"PERCENT\"\n".to_owned();
        for field in &fields {
            text.push_str(&format!("[coupons.F-{}]\n", field.name));
            if let Some(value) = value(field) {
                text.push_str(&format!("{} = {value}\n", field.name));
            }
        }
        place.file("fields.toml", &text)
    };
    let stored = || -> BTreeMap<_, _> {
        let coupons = place.coupons();
        let of = |field: &&&Field| coupons[&format!("F-{}", field.name)][field.name].clone();
        fields.iter().map(|field| (field.name, of(&field))).collect()
    };
    let all = fields.len();
    let file = declare(&|field| Some(values(field, &field.kind)[0].clone()));
    assert!(place.apply(&file).ends_with(&format!("{all} coupons: {all} created\n")));
    let first = stored();
    assert_eq!((&first["discount"], &first["status"]), (&12.5.into(), &"ACTIVE".into()));
    assert_eq!(first["launchDate"], "2098-01-01 00:00:00 +0000");
    assert_eq!(first["expirationDate"], "2098-01-01 23:59:59 +0000");

    let file = declare(&|field| Some(values(field, &field.kind)[1].clone()));
    let plan = place.sandbox.run(&["plan", &file, "--exit-code"]);
    assert_eq!(plan.code, 9, "{plan:?}");
    assert!(
        plan.out.ends_with(&format!("Plan: 0 to create, {all} to change, 0 to remove, 0 as they are\n")),
        "{plan:?}"
    );
    assert!(plan.out.contains("~ F-discount: discount: 12.5 → 7.250\n"), "{plan:?}");
    place.apply(&file);
    let second = stored();
    assert!(fields.iter().all(|field| first[field.name] != second[field.name]), "{second:?}");

    // A field that is not named is left as it is.
    let file = declare(&|_| None);
    let of_defaults = |name: &str| ["name", "discountType"].contains(&name);
    place.apply(&file);
    assert!(fields.iter().all(|it| of_defaults(it.name) || stored()[it.name] == second[it.name]), "{:?}", stored());

    let file = declare(&|field| field.clearable.then(|| "\"none\"".to_owned()));
    let clearable = fields.iter().filter(|field| field.clearable).count();
    let plan = place.ok(&["plan", &file]);
    assert!(plan.contains(&format!("0 to create, {clearable} to change")), "{plan}");
    assert!(plan.contains("~ F-expirationDate: expirationDate: \"2097-05-05 08:00:00 +0000\" → nothing\n"), "{plan}");
    place.apply(&file);
    let cleared = stored();
    let is_cleared = |value: &Value| value.is_null() || *value == 0;
    assert!(fields.iter().filter(|field| field.clearable).all(|it| is_cleared(&cleared[it.name])), "{cleared:?}");

    // Coupons that are created with cleared fields.
    for field in &fields {
        place.ok(&["delete", &format!("F-{}", field.name)]);
    }
    place.apply(&file);
}

#[test]
fn keys_are_codes() {
    let place = Place::new(&[]);
    let keys =
        ["NO", "on", "1E10", "00123", "2026-01-01", "0x1F", "1_000", "true", "\"1.5\"", "\"A B\"", "\"ä \\\"x\\\"\""];
    let tables = keys.map(|key| format!("[coupons.{key}]\nname = \"none\"\n"));
    place.apply(&place.file("codes.toml", &tables.concat()));
    let coupons = place.coupons();
    let expected = ["NO", "on", "1E10", "00123", "2026-01-01", "0x1F", "1_000", "true", "1.5", "A B", "ä \"x\""];
    assert_eq!(coupons.len(), expected.len());
    // For a name, `none` is a name.
    assert!(expected.iter().all(|code| coupons[*code]["name"] == "none"), "{coupons:?}");
    let pulled = place.ok(&["pull"]);
    assert!(keys.iter().all(|key| pulled.contains(&format!("[coupons.{key}]")) || key.contains('ä')), "{pulled}");
    place.apply(&place.file("pulled.toml", &pulled));
}

#[test]
fn wrong_files_are_refused_with_the_place() {
    let place = Place::new(&[]);
    for (text, expected) in [
        (
            "[coupons.A]\nname = \"A\"\n  discuont = 1\n",
            "line 3, column 3: unknown field: `discuont` (did you mean `discount`?)",
        ),
        ("[coupons.A]\nid = 1\n", "line 2, column 1: only the store sets `id`"),
        ("[coupons.A]\norderCount = 1\n", "only the store sets `orderCount`"),
        ("[coupons.A]\ncode = \"B\"\n", "line 2, column 1: the name of the table is the code"),
        ("[coupons.1.5]\nname = \"A\"\n", "a code with a dot needs quotes, as in [coupons.\"1.5\"]"),
        ("[coupons.A]\nstatus = \"EXPIRED\"\n", "line 2, column 10: only the store sets `status` to \"EXPIRED\""),
        ("[coupons.A]\ndiscount = \"ten\"\n", "line 2, column 12: discount: invalid decimal: `ten`"),
        ("[coupons.A]\ndiscount = inf\n", "invalid decimal: `inf`"),
        ("[coupons.A]\ndiscount = true\n", "`discount` is true (expected a number such as 12.5"),
        ("[coupons.A]\nname = 5\n", "`name` is the number 5 (expected text in quotes)"),
        (
            "[defaults]\nusesLimit = \"ONCE\"\n",
            "line 2, column 13: usesLimit: unknown value `ONCE` (expected one of UNLIMITED",
        ),
        ("[coupons.A]\nusesLimit = \"none\"\n", "unknown value `none`"),
        ("[coupons.A]\nexpirationDate = 10:00:00\n", "line 2, column 18: expirationDate: invalid date"),
        (
            "[coupons.A]\ncatalogLimit = { products = [] }\n",
            "`catalogLimit.products` is empty (expected values, or \"none\"",
        ),
        ("[coupons.A]\ncatalogLimit = { product = [1] }\n", "(did you mean `catalogLimit.products`?)"),
        ("[coupons.A]\ncatalogLimit = [1]\n", "expected a table such as { products = [1, 2] }"),
        (
            "[coupons.A]\nname = \"A\"\n[coupons.a]\nname = \"A\"\n",
            "line 3, column 10: the codes `A` (line 1) and `a` are the same",
        ),
        ("[coupon.A]\nname = \"A\"\n", "line 1, column 2: unknown key: `coupon` (did you mean `coupons`?)"),
        ("[A]\nname = \"A\"\n", "the table of a coupon is [coupons.A]"),
        ("scope = \"A\"\n", "`scope` is not a list of patterns"),
        ("scope = [\"\"]\n", "a pattern is empty"),
        ("[coupons.A\n", "line 1, column 11: "),
        ("coupons = 5\n", "the number 5 (expected a table"),
        ("[coupons.A]\nname = \"\"\n", "coupon `A`, name: `name` is missing (line 1)"),
        ("\n[coupons.A]\ndiscount = 5\n", "coupon `A`, name: no coupon has the code, and a new one needs a name"),
        (
            "[coupons.A]\nname = \"A\"\nrepeatCustomerOnly = true\napplicationLimit = \"UNLIMITED\"\n",
            "`true` contradicts the applicationLimit",
        ),
    ] {
        let file = place.file("wrong.toml", text);
        for command in ["plan", "apply"] {
            let error = place.sandbox.run(&[command, &file]).failed(2);
            assert!(error.contains("wrong.toml`: ") && error.contains(expected), "{text}: {error}");
        }
    }
    assert_eq!(place.coupons().len(), 0);
    let error = place.sandbox.run(&["plan", "/no/such/file.toml"]).failed(2);
    assert!(error.contains("cannot read `/no/such/file.toml`") && error.contains("`ecwid-coupons pull`"), "{error}");
}

#[test]
fn a_plan_is_printed_for_programs() {
    let place = Place::new(&[]);
    place.ok(&["create", "--name", "Old", "--code", "OLD", "--discount", "5"]);
    place.ok(&["create", "--name", "Other", "--code", "OTHER", "--order-count", "2"]);
    let text = "scope = [\"O*\"]\n[coupons.old]\ndiscount = 6\n[coupons.NEW]\nname = \"New\"\ndiscount = 5\n";
    let file = place.file("coupons.toml", text);
    let plan = "~ old: discount: 5 → 6\n+ NEW: name: \"New\", discount: 5, discountType: \"ABS\" by default\n\
                ? OTHER: in the scope, but not in the file; left alone (ACTIVE, used by 2 orders)\n\
                Plan: 1 to create, 1 to change, 0 to remove, 0 as they are\n";
    assert_eq!(place.ok(&["plan", &file]), plan);
    let dry = place.sandbox.run(&["apply", &file, "--dry-run"]);
    assert!(dry.err.contains("nothing was changed"), "{}", dry.err);
    assert_eq!(dry.ok(), plan);
    let rows: Value = serde_json::from_str(&place.ok(&["plan", &file, "--format", "json"])).unwrap();
    let actions: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["action"].as_str().unwrap(), row["code"].as_str().unwrap()))
        .collect();
    assert_eq!(actions, [("update", "old"), ("create", "NEW"), ("leave", "OTHER")]);
    assert_eq!(rows[0]["changes"], serde_json::json!({"discount": {"old": 5, "new": 6}}));
    let lines = place.ok(&["apply", &file, "--format", "jsonl"]);
    let outcomes: Vec<_> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].clone()).collect();
    assert_eq!(outcomes, ["created", "updated"]);
    // Standard input is a file too.
    let mut from_input = place.sandbox.program(&["plan", "-"]);
    let outcome = program::run_with_input(&mut from_input, text);
    assert!(outcome.ok().ends_with("0 to create, 0 to change, 0 to remove, 2 as they are\n"));
}

#[test]
fn a_job_keeps_the_outcomes() {
    let place = Place::new(&[]);
    let file = place.file("coupons.toml", "[coupons.A]\nname = \"A\"\n[coupons.B]\nname = \"B\"\n");
    let job = place.path("apply.job");
    place.ok(&["apply", &file, "--job", &job]);
    let report = place.ok(&["job", "report", &job, "--format", "csv"]);
    let outcomes: Vec<_> = report.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).collect();
    assert_eq!((outcomes[0][1], outcomes[0][3], outcomes[1][1], outcomes[1][3]), ("A", "created", "B", "created"));
    // Nothing is left to do, so there is no second job.
    place.ok(&["apply", &file, "--job", &place.path("second.job")]);
    assert!(!Path::new(&place.path("second.job")).exists());
}

#[test]
fn a_saved_plan_is_refused_if_the_store_has_changed() {
    let place = Place::new(&[]);
    for code in ["A", "B", "C", "D"] {
        place.ok(&["create", "--name", "Name", "--code", code, "--discount", "1"]);
    }
    let text = "scope = [\"*\"]\n[coupons.A]\ndiscount = 2\n[coupons.B]\ndiscount = 2\n[coupons.NEW]\nname = \"New\"\n[coupons.C]\ndiscount = 1\n";
    let file = place.file("coupons.toml", text);
    let saved = place.path("plan.json");
    let plan = ["plan", &file, "--prune", "delete", "--out", &saved];
    let shown = place.ok(&plan);
    assert!(shown.ends_with("Plan: 1 to create, 2 to change, 1 to remove, 1 as they are\n"), "{shown}");
    assert!(!fs::read_to_string(&saved).unwrap().contains(TOKEN));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&saved).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let error = place.sandbox.run(&["plan", &saved]).failed(2);
    assert!(error.contains("the file is a plan, not a declaration"), "{error}");
    let error = place.sandbox.run(&["apply", &saved, "--prune", "pause"]).failed(2);
    assert!(error.contains("`--prune` cannot be used with a plan"), "{error}");
    let mut other = place.sandbox.program(&["apply", &saved]);
    let error = run(other.env("ECWID_STORE_ID", "1004")).failed(2);
    assert!(error.contains("the plan is for store 1003 at"), "{error}");
    for (from, to, expected) in [
        ("\"version\": 1", "\"version\": 2", "it has version 2 (expected 1)"),
        ("\"code\": \"NEW\"", "\"kode\": \"NEW\"", "unknown field `kode`"),
    ] {
        let text = fs::read_to_string(&saved).unwrap().replace(from, to);
        let error = place.sandbox.run(&["apply", &place.file("wrong.json", &text)]).failed(2);
        assert!(error.contains(expected), "{error}");
    }

    // All changes are named, and nothing is done.
    place.ok(&["update", "A", "--discount", "1.5"]);
    place.ok(&["create", "--name", "Mine", "--code", "new"]);
    place.ok(&["update", "D", "--order-count", "1"]);
    place.ok(&["update", "B", "--order-count", "1"]);
    place.ok(&["update", "C", "--discount", "9"]);
    let before = place.coupons();
    let error = place.sandbox.run(&["apply", &saved]).failed(4);
    // B was used, which its update does not depend on, and C is not in the plan.
    assert!(error.contains("made: `A`: discount 1 → 1.5; `NEW` exists; `D`: an order used it"), "{error}");
    assert_eq!(place.coupons(), before);
    place.ok(&["delete", "B", "-y"]);
    assert!(place.sandbox.run(&["apply", &saved]).failed(4).contains("`B` does not exist"));

    // A new plan is made and applied.
    place.ok(&["create", "--name", "Name", "--code", "B", "--discount", "1"]);
    place.ok(&["delete", "new", "-y"]);
    place.ok(&["update", "D", "--order-count", "0"]);
    place.ok(&plan);
    let out = place.ok(&["apply", &saved]);
    assert!(out.contains("Plan: 1 to create, 3 to change, 1 to remove, 0 as they are\n"), "{out}");
    let coupons = place.coupons();
    assert_eq!(coupons.keys().collect::<Vec<_>>(), ["A", "B", "C", "NEW"]);
    assert_eq!((&coupons["A"]["discount"], &coupons["C"]["discount"]), (&2.into(), &1.into()));
    let error = place.sandbox.run(&["apply", &saved]).failed(4);
    assert!(error.contains("make a new plan with `ecwid-coupons plan`"), "{error}");
}
