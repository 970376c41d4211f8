//! The fidelity ledger: it is complete, and its sources and tests exist.

use std::{collections::BTreeSet, fs, path::Path};

use ecwid_coupons::schema::OPERATIONS;
use ecwid_coupons_sandbox::{
    Sandbox,
    fidelity::{Basis, Behavior, NOT_SIMULATED, ledger},
};
use ecwid_coupons_tests::workspace;

use super::plain_http::http_client;

/// Documentation pages that are not in the lock, with the headings and fields that rows of the ledger name.
const NOT_IN_THE_LOCK: [(&str, &[&str]); 12] = [
    ("https://docs.ecwid.com/api-reference", &["REST API overview"]),
    ("https://docs.ecwid.com/api-reference/rest-api/batch-requests", &["Batch requests"]),
    (
        "https://docs.ecwid.com/api-reference/rest-api/batch-requests/search-batch-requests-by-status",
        &["Query params, `status`"],
    ),
    (
        "https://docs.ecwid.com/api-reference/rest-api/batch-requests/stop-and-delete-batch-request",
        &["Stop and delete batch request"],
    ),
    (
        "https://docs.ecwid.com/api-reference/rest-api/batch-requests/stop-batch-request",
        &["Query params, `ticketId` and `groupId`"],
    ),
    (
        "https://docs.ecwid.com/api-reference/rest-api/rest-api-error-codes",
        &["General REST API errors", "Promotions/discount coupons"],
    ),
    (
        "https://docs.ecwid.com/api-reference/rest-api/store-profile/store-reports/get-deleted-items-history",
        &["Path params, `entity`", "Query params", "Response JSON"],
    ),
    (
        "https://docs.ecwid.com/api-reference/rest-api/store-profile/store-reports/get-latest-store-update-stats",
        &["Response JSON, `discountCouponsUpdated`"],
    ),
    ("https://docs.ecwid.com/develop-apps/app-settings", &["Access tokens"]),
    (
        "https://docs.ecwid.com/discounts-and-tips/customize-discounts/limit-the-number-of-discount-coupon-uses",
        &["Limit the number of discount coupon uses"],
    ),
    (
        "https://docs.ecwid.com/webhook-automations/learn-ecwid-webhooks/event-data-in-webhooks",
        &["Webhook JSON examples, discount coupon events"],
    ),
    (
        "https://docs.ecwid.com/webhook-automations/setup-webhooks/how-to-process-webhooks",
        &["Step 1. Respond with status 200", "Step 3. Verify webhook signature"],
    ),
];

/// The help page, which is not part of the API documentation.
const HELP: (&str, &[&str]) = ("https://support.ecwid.com/hc/en-us/articles/207806525", &["How discount coupons work"]);

/// The headings of a page in the lock, and the part of the operation below each.
const HEADINGS: [(&str, &str); 4] =
    [("Path params", "path"), ("Query params", "query"), ("Request JSON", "request"), ("Response JSON", "response")];

/// Returns the source file and the name of a row's test.
fn place_of(test: &str) -> (String, &str) {
    let (module, name) = test.rsplit_once("::").unwrap_or_else(|| panic!("{test} has no module"));
    let path = workspace().join("tests/integration").join(format!("{}.rs", module.replace("::", "/")));
    (fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())), name)
}

/// Returns the source of a test function, or `None` if there is no such test.
fn test_of<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let start = source.find(&format!("fn {name}("))?;
    let attributes = source[..start].rsplit("\n\n").next()?;
    let end = source[start..].find("\n}\n").map_or(source.len(), |length| start + length);
    (attributes.contains("test]") || attributes.contains("test(")).then_some(&source[start..end])
}

/// Collects the sources of the sandbox outside of the ledger.
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
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id is not unique");
}

#[test]
fn every_row_names_an_existing_test() {
    for Behavior { id, test, .. } in ledger() {
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
fn a_missing_test_is_detected() {
    let source = "#[tokio::test]\nasync fn one() {\n}\n\nfn two() {\n}\n\n// fn three(\n";
    assert!(test_of(source, "one").is_some());
    for name in ["two", "three", "four", "on"] {
        assert_eq!(test_of(source, name), None, "{name}");
    }
}

#[test]
fn every_rule_and_code_is_used_in_the_sandbox() {
    let mut sources = String::new();
    sources_outside_of_the_ledger(&workspace().join("crates/ecwid-coupons-sandbox/src"), &mut sources);
    for Behavior { id, .. } in ledger() {
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

fn lock() -> toml::Table {
    fs::read_to_string(workspace().join("openapi/pages.lock.toml")).unwrap().parse().unwrap()
}

/// Returns whether a page has each place of a section. A place is a heading with fields, and places are separated by
/// `;`.
fn is_on_the_page(lock: &toml::Table, address: &str, section: &str) -> bool {
    let list =
        |value: &toml::Value, name: &str| value.get(name).and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let pages = lock["page"].as_array().unwrap().iter();
    let tables: Vec<_> = pages
        .filter(|page| page["address"].as_str() == Some(address))
        .flat_map(|page| list(page, "operation"))
        .flat_map(|operation| list(&operation, "table"))
        .collect();
    let other = NOT_IN_THE_LOCK.into_iter().chain([HELP]).find(|(known, _)| *known == address);
    section.split("; ").all(|place| {
        if let Some((_, known)) = other {
            return known.contains(&place);
        }
        let (heading, fields) = place.split_once(", ").unwrap_or((place, ""));
        let Some((_, part)) = HEADINGS.iter().find(|(known, _)| *known == heading) else { return false };
        let below = tables.iter().filter(|table| table["part"].as_str() == Some(part));
        let members: BTreeSet<_> = below
            .flat_map(|table| list(table, "member"))
            .map(|member| format!("`{}`", member["name"].as_str().unwrap()))
            .collect();
        !members.is_empty() && fields.split(" and ").all(|field| field.is_empty() || members.contains(field))
    })
}

#[test]
fn every_documented_row_names_a_page_and_a_section_of_it() {
    let lock = lock();
    let mut unused: BTreeSet<_> = NOT_IN_THE_LOCK.into_iter().chain([HELP]).map(|(page, _)| page).collect();
    for row in ledger() {
        let Basis::Documented { page, section } = row.basis else { continue };
        assert!(is_on_the_page(&lock, page, section), "{}: {page} has no {section}", row.id);
        unused.remove(page);
    }
    assert!(unused.is_empty(), "no row names {unused:?}");
}

#[test]
fn a_missing_section_is_detected() {
    let lock = lock();
    let create = "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/create-discount-coupon";
    let overview = "https://docs.ecwid.com/api-reference";
    for (page, section, is_there) in [
        (create, "Request JSON", true),
        (create, "Request JSON, `launchDate` and `status`; Response JSON, `id`", true),
        (create, "Request JSON, `launchDate` and `state`", false),
        (create, "Query params", false),
        (create, "Request JSON; response", false),
        (create, "status", false),
        (create, "", false),
        (overview, "REST API overview", true),
        (overview, "", false),
        ("the vendor's pages", "REST API overview", false),
        ("", "Request JSON", false),
    ] {
        assert_eq!(is_on_the_page(&lock, page, section), is_there, "{page}: {section}");
    }
}

#[test]
fn every_other_row_has_a_source_or_a_reason() {
    for row in ledger() {
        match row.basis {
            Basis::Observed { at } => {
                let (place, _) = at.split_once(", ").unwrap_or((at, ""));
                let is_place = place.starts_with("https://") || place.starts_with("github.com/");
                assert!(is_place && !place.contains(' '), "{}: {at} is no place to look", row.id);
            }
            Basis::Assumed { because } => assert!(because.split(' ').count() >= 4, "{}: {because}", row.id),
            _ => {}
        }
    }
}

/// The page is a template over the output of `ecwid-coupons sandbox --fidelity --format json`.
#[test]
fn the_page_about_the_ledger_shows_each_basis_and_what_is_not_simulated() {
    let page = fs::read_to_string(workspace().join("docs/reference/fidelity.md")).unwrap();
    let bases: BTreeSet<_> =
        ledger().iter().map(|row| serde_json::to_value(row).unwrap()["basis"].to_string()).collect();
    assert_eq!(bases.len(), 4);
    for basis in bases {
        assert!(page.contains(&format!("  ({basis}, \"")), "the page has no table of {basis}");
    }
    let (_, section) = page.split_once("## Not simulated\n").expect("a section");
    for part in ["{% for row in data.fidelity.notSimulated -%}", "{{ row.what }}", "{{ row.instead }}"] {
        assert!(section.contains(part), "{part}");
    }
    assert!(!NOT_SIMULATED.is_empty());
}

#[tokio::test]
async fn an_internal_failure_is_a_500() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    rusqlite::Connection::open(&file).unwrap().execute_batch("DROP TABLE coupons").unwrap();
    let url = format!("{}/1003/discount_coupons", sandbox.base_url());
    let response = http_client().get(url).bearer_auth("secret_sandbox").send().await.unwrap();
    assert_eq!(response.status(), 500);
    let response: serde_json::Value = response.json().await.unwrap();
    assert_eq!(response["errorCode"], "INTERNAL_ERROR");
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
