//! `openapi/contradictions.toml`: missing and stale entries are found.

use std::fs;

use ecwid_coupons_tests::page_writer::Style;
use serde::Deserialize;
use serde_json::{Value, json};
use xtask_verify::{
    Finding, LEDGER, Report,
    lock::Lock,
    pages::{Member, Operation, PageType, Part},
    run,
};

use super::{Folder, Root, lock, operation_of, options, shown};

#[derive(Debug, Deserialize)]
struct Ledger {
    contradiction: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    pages: Vec<Claim>,
}

#[derive(Clone, Debug, Deserialize)]
struct Claim {
    operations: Vec<String>,
    at: String,
    differs: bool,
    present: Option<bool>,
    #[serde(rename = "type")]
    type_: Option<String>,
    value: Option<String>,
    default: Option<i64>,
}

impl Claim {
    fn part(&self) -> Part {
        let part = self.at.split(' ').next().unwrap();
        let parts = [Part::Path, Part::Query, Part::Headers, Part::Request, Part::Response];
        parts.into_iter().find(|it| it.name() == part).unwrap()
    }

    /// Returns the names of the objects around the member, and the name of the member.
    fn path(&self) -> Vec<&str> {
        self.at.split([' ', '.']).skip(1).collect()
    }

    /// Returns the subject of a finding about this claim.
    fn subject(&self) -> &str {
        self.value.as_deref().unwrap_or_else(|| self.path().last().copied().unwrap())
    }

    /// Changes a page so that it no longer makes this claim.
    fn end(&self, operation: &mut Operation) {
        let path = self.path();
        let (name, around) = path.split_last().unwrap();
        let mut object = String::new();
        for name in around {
            let table = operation.tables.iter().find(|it| it.part == self.part() && it.object == object).unwrap();
            object = table.members.iter().find(|it| it.name == *name).unwrap().object.clone().unwrap();
        }
        let mut tables = operation.tables.iter_mut();
        let table = tables.find(|it| it.part == self.part() && it.object == object).unwrap();
        let member = table.members.iter_mut().find(|it| it.name == *name);
        match (self, member) {
            (Self { present: Some(false), .. }, None) => {
                let mut added = Member::default();
                (added.name, added.type_) = ((*name).to_owned(), Some(PageType::String));
                table.members.push(added);
            }
            (Self { present: Some(true), .. }, Some(member)) => member.name.push_str("Again"),
            (Self { type_: Some(_), .. }, Some(member)) => {
                (member.type_, member.object) = (Some(PageType::Boolean), None);
            }
            (Self { value: Some(value), .. }, Some(member)) => member.values.retain(|it| it != value),
            (Self { default: Some(_), .. }, Some(member)) => member.default = Some(1),
            other => panic!("{other:?}"),
        }
    }
}

fn text() -> String {
    fs::read_to_string(ecwid_coupons_tests::workspace().join(LEDGER)).unwrap()
}

fn ledger() -> Ledger {
    toml::from_str(&text()).unwrap()
}

fn has_stale(report: &Report, id: &str, subject: &str) -> bool {
    let is_it = |it: &Finding| it.kind == "stale" && it.subject == subject && it.message.contains(&format!("`{id}`"));
    report.exit_code() == 1 && report.findings.iter().any(is_it)
}

#[test]
fn a_removed_entry_is_missed() {
    let text = text();
    let folder = Folder::written(&lock(), Style::Html);
    let root = Root::new();
    let mut needed = 0;
    for entry in ledger().contradiction {
        let others = text.split("[[contradiction]]\n").filter(|it| !it.contains(&format!("id = \"{}\"", entry.id)));
        fs::write(root.file(LEDGER), others.collect::<Vec<_>>().join("[[contradiction]]\n")).unwrap();
        for pages in [None, Some(folder.path())] {
            let report = run(&options(root.path(), pages)).unwrap();
            let differing: Vec<_> = entry.pages.iter().filter(|claim| claim.differs).collect();
            for claim in &differing {
                for operation in &claim.operations {
                    let is_it =
                        |it: &Finding| it.subject == claim.subject() && it.operation.as_ref() == Some(operation);
                    assert!(report.findings.iter().any(is_it), "{} {claim:?}: {}", entry.id, shown(&report));
                    needed += 1;
                }
            }
            // If the document follows the page, only another source disagrees.
            assert_eq!(report.exit_code(), u8::from(!differing.is_empty()), "{}: {}", entry.id, shown(&report));
        }
    }
    assert!(needed >= 2 * 17, "{needed}");
}

#[test]
fn an_entry_whose_claim_is_no_longer_on_the_page_is_stale() {
    let lock = lock();
    let root = Root::new();
    let mut claims = 0;
    for entry in ledger().contradiction {
        for claim in &entry.pages {
            for id in &claim.operations {
                let mut changed: Lock = lock.clone();
                for page in changed.pages.iter_mut().filter(|page| operation_of(page) == *id) {
                    claim.end(&mut page.operations[0]);
                }
                let what = format!("{} {id} {}", entry.id, claim.at);
                // Change the lock, and then the pages.
                fs::write(root.file(xtask_verify::lock::PATH), toml::to_string(&changed).unwrap()).unwrap();
                let report = run(&options(root.path(), None)).unwrap();
                assert!(has_stale(&report, &entry.id, claim.subject()), "{what}: {}", shown(&report));
                let is_of_it = |it: &&Finding| it.kind == "stale" && it.message.contains(&format!("`{}`", entry.id));
                let of_it = report.findings.iter().filter(is_of_it).filter(|it| it.subject == claim.subject());
                assert!(of_it.clone().all(|it| it.page.is_some()), "{what} is not said to agree: {}", shown(&report));
                for style in [Style::Pipe, Style::Text] {
                    let page = changed.pages.iter().find(|page| operation_of(page) == *id).unwrap();
                    let writer = ecwid_coupons_tests::page_writer::Writer::new(style, &lock);
                    let folder = Folder::new();
                    folder.write(&writer.file(page), &writer.write(&mut page.clone()));
                    let mut options = options(&ecwid_coupons_tests::workspace(), Some(folder.path()));
                    options.operations.push(id.clone());
                    let report = run(&options).unwrap();
                    assert!(has_stale(&report, &entry.id, claim.subject()), "{what}, {style:?}: {}", shown(&report));
                }
                claims += 1;
            }
        }
    }
    assert!(claims >= 39, "{claims}");
}

#[test]
fn an_entry_that_the_document_no_longer_needs_is_stale() {
    let batch = "/components/schemas/BatchStatus/properties/responses";
    let search = "/paths/~1{storeId}~1discount_coupons/get/parameters";
    let coupon = "/components/schemas/Coupon/properties";
    for (id, subject, pointer, value) in [
        (
            "coupon-by-id-or-code",
            "discountCouponId",
            "/components/parameters/discountCouponId/schema",
            json!({ "type": "integer" }),
        ),
        ("name-of-the-ticket", "ticketId", "/paths/~1{storeId}~1batch/get/parameters/0/name", json!("ticketId")),
        (
            "responses-of-a-batch-are-a-list",
            "responses",
            batch,
            json!({ "$ref": "#/components/schemas/BatchResponse" }),
        ),
        (
            "body-in-a-batch",
            "body",
            "/components/schemas/BatchRequestItem/properties/body",
            json!({ "type": "string" }),
        ),
        (
            "lists-in-filters",
            "discount_type",
            &format!("{search}/3/schema"),
            json!({ "$ref": "#/components/schemas/DiscountType" }),
        ),
        (
            "lists-in-filters",
            "availability",
            &format!("{search}/4/schema"),
            json!({ "$ref": "#/components/schemas/CouponStatus" }),
        ),
        ("dates-that-the-store-sets", "creationDate", &format!("{coupon}/creationDate/readOnly"), json!(false)),
        ("dates-that-the-store-sets", "updateDate", &format!("{coupon}/updateDate/readOnly"), json!(false)),
        // The place of the entry no longer exists.
        (
            "repeat-customer-only-in-responses",
            "repeatCustomerOnly",
            &format!("{coupon}/repeatCustomerOnly"),
            Value::Null,
        ),
        (
            "repeat-customer-only-in-requests",
            "repeatCustomerOnly",
            &format!("{coupon}/repeatCustomerOnly"),
            Value::Null,
        ),
    ] {
        let root = Root::new();
        root.change_document(|document| match value.clone() {
            Value::Null => {
                let (around, name) = pointer.rsplit_once('/').unwrap();
                document.pointer_mut(around).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            }
            value => *document.pointer_mut(pointer).unwrap() = value,
        });
        let report = run(&options(root.path(), None)).unwrap();
        assert!(has_stale(&report, id, subject), "{id} {subject}: {}", shown(&report));
    }
}

#[test]
fn an_invalid_entry_is_an_error() {
    let root = Root::new();
    let entry = |with: &str| {
        let entry = "[[contradiction]]\nid = \"made-up\"\nclaim = \"C\"\nreading = \"R\"\nwhy = \"W\"\n\
             shows = \"/components/schemas/Coupon\"\n[contradiction.sources]\npages = \"P\"\n[[contradiction.pages]]\n\
             operations = [\"getDiscountCoupon\"]\nat = \"response id\"\ntype = \"number\"\ndiffers = false\n";
        let (from, to) = with.split_once(" => ").unwrap();
        assert!(entry.contains(from), "{from}");
        fs::write(root.file(LEDGER), text() + "\n" + &entry.replacen(from, to, 1)).unwrap();
        run(&options(root.path(), None))
    };
    assert_eq!(entry("C => C").unwrap().exit_code(), 0);
    for (with, named) in [
        ("getDiscountCoupon => getGiftCard", "getGiftCard"),
        ("pages = \"P\" => hearsay = \"H\"", "hearsay"),
        ("pages = \"P\" => slate = \"S\"", "without the source `pages`"),
        ("\"C\" => \" \"", "empty claim, reading or why"),
        ("made-up => default-page-size", "default-page-size"),
    ] {
        let error = format!("{:#}", entry(with).unwrap_err());
        assert!(error.contains(named) && error.contains(LEDGER), "{with}: {error}");
        assert!(error.contains("made-up") || with.starts_with("made-up"), "{with}: {error}");
    }
    // The message for an entry with invalid syntax has its line.
    for (with, named) in [
        ("why = \"W\" => because = \"W\"", "because"),
        ("differs = false => differs = false\ncolor = 1", "color"),
        ("response id => cookie id", "cookie"),
        ("response id => id", "expected a part and a name"),
        ("type = \"number\" => ", "one of present, type, value"),
        ("type = \"number\" => type = \"number\"\npresent = true", "one of present, type, value"),
    ] {
        let error = format!("{:#}", entry(with).unwrap_err());
        assert!(error.contains(named) && error.contains(LEDGER), "{with}: {error}");
        assert!(error.contains("line"), "{with}: {error}");
    }
    let report = entry("schemas/Coupon => schemas/Voucher").unwrap();
    assert!(has_stale(&report, "made-up", "id"), "{}", shown(&report));
}
