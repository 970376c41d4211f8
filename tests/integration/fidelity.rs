//! The fidelity ledger: that it is whole, and that what it names is there.

use std::{collections::BTreeSet, fs, path::Path};

use ecwid_coupons::operations::OPERATIONS;
use ecwid_coupons_sandbox::{
    Sandbox,
    fidelity::{Basis, Behaviour, NOT_SIMULATED, ledger},
};
use ecwid_coupons_tests::workspace;

use super::plain_http::http_client;

/// Pages of the vendor's that have no table of an operation, so that the lock leaves them out.
const WITHOUT_CLAIMS: [&str; 4] = [
    "https://docs.ecwid.com/api-reference",
    "https://docs.ecwid.com/api-reference/rest-api/batch-requests",
    "https://docs.ecwid.com/api-reference/rest-api/rest-api-error-codes",
    "https://docs.ecwid.com/develop-apps/app-settings",
];

/// The file that a row's test is in, and the test's name.
fn place_of(test: &str) -> (String, &str) {
    let (module, name) = test.rsplit_once("::").unwrap_or_else(|| panic!("{test} has no module"));
    let path = workspace().join("tests/integration").join(format!("{}.rs", module.replace("::", "/")));
    (fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())), name)
}

/// The text of a function that is a test; nothing where there is none of the name.
fn test_of<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let start = source.find(&format!("fn {name}("))?;
    let attributes = source[..start].rsplit("\n\n").next()?;
    let end = source[start..].find("\n}\n").map_or(source.len(), |length| start + length);
    (attributes.contains("test]") || attributes.contains("test(")).then_some(&source[start..end])
}

/// The sources of the sandbox outside of the ledger.
fn sources_outside_of_the_ledger(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != "fidelity" {
            sources_outside_of_the_ledger(&path, found);
        } else if path.is_file() {
            found.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

fn in_camel_case(name: &str) -> String {
    name.split(['-', '_']).map(|word| word[..1].to_uppercase() + &word[1..].to_lowercase()).collect()
}

#[test]
fn every_operation_of_the_document_has_a_row() {
    let ids: Vec<_> = ledger().into_iter().map(|row| row.id).collect();
    for operation in OPERATIONS {
        assert!(ids.contains(&format!("route.{}", operation.name)), "{}", operation.name);
    }
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
}

#[test]
fn every_row_names_a_test_that_is_there() {
    for Behaviour { id, test, .. } in ledger() {
        let (source, name) = place_of(test);
        assert!(test_of(&source, name).is_some(), "{id}: there is no test {test}");
        if let Some(code) = id.strip_prefix("error.") {
            assert!(
                source.contains(&format!("\"{code}\"")) || source.contains(&format!("\\\"{code}\\\"")),
                "{id}: {test}"
            );
        }
    }
}

#[test]
fn a_test_that_is_not_there_is_found_out() {
    let source = "#[tokio::test]\nasync fn one() {\n}\n\nfn two() {\n}\n\n// fn three(\n";
    assert!(test_of(source, "one").is_some());
    for name in ["two", "three", "four", "on"] {
        assert_eq!(test_of(source, name), None, "{name}");
    }
}

#[test]
fn every_rule_and_code_is_named_where_the_sandbox_goes_by_it() {
    let mut sources = String::new();
    sources_outside_of_the_ledger(&workspace().join("crates/ecwid-coupons-sandbox/src"), &mut sources);
    for Behaviour { id, .. } in ledger() {
        let (kind, name) = id.split_once('.').unwrap();
        let named = match kind {
            "route" => format!("Route::{}", in_camel_case(name)),
            "error" => format!("ErrorCode::{}", in_camel_case(name)),
            "checkout" => format!("Reason::{}", in_camel_case(name)),
            "rule" => format!("Rule::{}", in_camel_case(name)),
            _ => panic!("{id} is of no kind that is known"),
        };
        let is_whole = |end: usize| !sources[end..].starts_with(|next: char| next.is_alphanumeric());
        assert!(sources.match_indices(&named).any(|(start, _)| is_whole(start + named.len())), "{named} is nowhere");
    }
}

#[test]
fn every_documented_page_is_one_that_is_known() {
    let lock = fs::read_to_string(workspace().join("openapi/pages.lock.toml")).unwrap();
    let lock: toml::Table = lock.parse().unwrap();
    let mut known: BTreeSet<&str> =
        lock["page"].as_array().unwrap().iter().map(|page| page["address"].as_str().unwrap()).collect();
    known.extend(WITHOUT_CLAIMS);
    for row in ledger() {
        let Basis::Documented { page, section } = row.basis else { continue };
        assert!(!section.is_empty(), "{}", row.id);
        assert!(known.contains(page), "{}: {page}", row.id);
    }
}

#[test]
fn the_readme_lists_what_is_not_simulated() {
    let readme = fs::read_to_string(workspace().join("crates/ecwid-coupons-sandbox/README.md")).unwrap();
    let section = readme.split("## What the sandbox does not simulate\n").nth(1).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let listed: Vec<_> = section.lines().filter_map(|line| line.strip_prefix("- ")).collect();
    let expected: Vec<_> = NOT_SIMULATED.iter().map(|row| format!("{}: {}.", row.what, row.instead)).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn a_sandbox_that_fails_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    rusqlite::Connection::open(&file).unwrap().execute_batch("DROP TABLE coupons; DROP TABLE tally").unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let answer = http_client().get(url).bearer_auth("secret_sandbox").send().await.unwrap();
    assert_eq!(answer.status(), 500);
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(answer["errorCode"], "INTERNAL_ERROR");
}

#[tokio::test]
async fn every_operation_of_the_document_is_served() {
    let sandbox = Sandbox::start().await.unwrap();
    for operation in OPERATIONS {
        let path = operation.path.replace("{storeId}", "1003").replace("{discountCouponId}", "NONE");
        let request = http_client().request(operation.method.parse().unwrap(), format!("{}{path}", sandbox.base_url()));
        let status = request.bearer_auth("secret_sandbox").send().await.unwrap().status();
        assert!(status.is_success() || status.is_client_error() && status != 405, "{}: {status}", operation.name);
    }
}
