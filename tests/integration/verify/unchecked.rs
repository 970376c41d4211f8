//! Claims that cannot be checked are reported, and never count as agreeing.

use std::fs;

use xtask_verify::{
    Finding, Report,
    pages::{Page, Part},
    run,
};

use super::{
    FORMATS, Folder, LAYOUTS, camel_case,
    edit::{Layout, line, rows},
    folders, lock, options, shown, verify, verify_alone,
};

/// Returns the pages of a folder that are in the lock, with their text.
fn known(folder: &Folder) -> Vec<(Page, String)> {
    let read = |file: String| {
        let text = folder.read(&file);
        (Page::read(&file, text.as_bytes()).unwrap(), text)
    };
    let is_known = |page: &Page| !page.operations.is_empty() || page.examples.iter().any(|it| it.request.is_some());
    folder.files().into_iter().map(read).filter(|(page, _)| is_known(page)).collect()
}

/// Checks that a report has a finding about an unchecked claim, and no difference.
#[track_caller]
fn assert_unchecked(report: &Report, what: &str, is_it: impl Fn(&Finding) -> bool) {
    assert_eq!(report.exit_code(), 2, "{what}: {}", shown(report));
    assert!(report.findings.iter().any(is_it), "{what}: {}", shown(report));
}

/// Changes each known page of each folder in turn.
#[track_caller]
fn assert_each_unchecked(test: &str, change: impl Fn(&Page, &str) -> String) {
    for (what, folder) in folders(&FORMATS) {
        let pages = known(&folder);
        assert!(pages.len() >= 8, "{what}: {}", pages.len());
        for (page, text) in pages {
            folder.write(&page.file, &change(&page, &text));
            let is_it = |finding: &Finding| finding.page.as_deref() == Some(&page.file);
            assert_unchecked(&verify(folder.path()), &format!("{test}, {what}, {}", page.file), is_it);
            folder.write(&page.file, &text);
        }
    }
}

#[test]
fn a_page_that_is_empty_is_not_checked() {
    assert_each_unchecked("empty", |_, _| String::new());
    assert_each_unchecked("blank", |_, _| "\u{feff} \r\n\t\n".to_owned());
}

#[test]
fn a_sign_in_form_is_not_checked() {
    assert_each_unchecked("HTML", |_, _| {
        "<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><h1>Log in</h1><form action=\"/session\">\
         <label>E-mail <input name=\"email\"></label><label>Password <input type=\"password\"></label>\
         <button>Log in</button></form></body></html>\n"
            .to_owned()
    });
    assert_each_unchecked("text", |_, _| {
        "Log in\n\nTo go on, tell who you are.\n\nE-mail\n\nPassword\n\nForgot it?\n".to_owned()
    });
}

#[test]
fn a_moved_page_is_not_checked() {
    assert_each_unchecked("moved", |page, _| match page.file.ends_with(".txt") {
        true => format!("{}\n\nIt is somewhere else now.\n", page.title),
        false => format!("# {}\n\nIt is [somewhere else](/elsewhere) now.\n", page.title),
    });
}

#[test]
fn an_incomplete_page_is_not_checked() {
    // Cut the page after the line of the operation, or of the example of a guide.
    assert_each_unchecked("cut off", |page, text| match page.operations.first() {
        Some(operation) => text[..line(text, operation.line).end].to_owned(),
        None => text[..line(text, page.examples[0].line).start].to_owned(),
    });
}

#[test]
fn a_heading_without_its_table_is_not_checked() {
    let mut tables = 0;
    for (what, folder) in folders(&LAYOUTS) {
        for (page, text) in known(&folder) {
            for operation in &page.operations {
                for (at, table) in operation.tables.iter().enumerate() {
                    let first = line(&text, table.line);
                    let last = rows(&text, operation, at).pop().unwrap();
                    let end = match Layout::of(&text, table) {
                        Layout::Html => first.end,
                        Layout::Pipe => last.whole.end,
                        Layout::Text => last.description.end,
                    };
                    let without = format!("{}{}", &text[..first.start], &text[end..]);
                    let report = verify_alone(&page.file, &without, &camel_case(page.title.split(' ')));
                    let name = format!("{what}, {}: {} {}", page.file, table.part.name(), table.object);
                    assert_unchecked(&report, &name, |it| it.page.as_deref() == Some(&page.file));
                    tables += 1;
                }
            }
        }
    }
    assert!(tables >= 111, "{tables}");
}

#[test]
fn a_missing_section_is_not_checked() {
    let mut sections = 0;
    for (what, folder) in folders(&LAYOUTS) {
        for (page, text) in known(&folder).into_iter().filter(|(page, _)| !page.operations.is_empty()) {
            let operation = &page.operations[0];
            let scopes = operation.scopes.as_ref().map(|scopes| scopes.line);
            // A page without a section about headers requires only the token.
            let tables = operation.tables.iter().filter(|it| it.object.is_empty() && it.part != Part::Headers);
            for at in tables.map(|table| table.line).chain(scopes) {
                let start = (1..=at).rev().find(|at| is_section(&text[line(&text, *at)])).unwrap();
                let last = 1 + text.matches('\n').count();
                let end = (start + 1..last).find(|at| is_section(&text[line(&text, *at)])).unwrap_or(last);
                let without = format!("{}{}", &text[..line(&text, start).start], &text[line(&text, end).start..]);
                let report = verify_alone(&page.file, &without, &camel_case(page.title.split(' ')));
                let name = format!("{what}, {}: {}", page.file, &text[line(&text, start)]);
                assert_unchecked(&report, &name, |it| it.page.as_deref() == Some(&page.file));
                sections += 1;
            }
        }
    }
    assert!(sections >= 80, "{sections}");
}

/// Returns whether a line starts a section, which is a heading or an included file.
fn is_section(line: &str) -> bool {
    let heading = line.trim_start_matches("### ");
    let names = [" scopes", " params", " parameters", " headers", " JSON", " body"];
    let is_heading = heading.split(' ').count() <= 3 && names.iter().any(|name| heading.ends_with(name));
    let is_heading = is_heading || heading == "Headers";
    !line.starts_with(' ') && (is_heading || line.starts_with("{% include"))
}

#[test]
fn a_missing_page_is_not_checked() {
    for (what, folder) in folders(&FORMATS) {
        let pages = known(&folder);
        for (page, text) in &pages {
            // An operation with two pages is covered by the other page.
            let same = |other: &Page| other.title == page.title;
            if pages.iter().filter(|(other, _)| same(other)).count() > 1 {
                continue;
            }
            folder.remove(&page.file);
            let stem = page.title.to_lowercase().replace(' ', "-");
            let is_it = |it: &Finding| match (&it.operation, &it.page) {
                (Some(operation), _) => operation.eq_ignore_ascii_case(&stem.replace('-', "")),
                (None, Some(address)) => address.ends_with(&format!("/{stem}")),
                _ => false,
            };
            assert_unchecked(&verify(folder.path()), &format!("{what}, {}", page.file), is_it);
            folder.write(&page.file, text);
        }
        let twice = pages.iter().filter(|(page, _)| page.title.starts_with("Get discount"));
        twice.for_each(|(page, _)| folder.remove(&page.file));
        let is_it = |it: &Finding| it.operation.as_deref() == Some("getDiscountCoupon");
        assert_unchecked(&verify(folder.path()), &format!("{what}, all pages of an operation"), is_it);
    }
}

#[test]
fn a_folder_without_pages_is_an_error() {
    let folder = Folder::new();
    let error = |folder: &Folder| run(&options(&ecwid_coupons_tests::workspace(), Some(folder.path()))).unwrap_err();
    assert!(error(&folder).to_string().contains("no pages in"));
    folder.write("notes.pdf", "no page");
    assert!(error(&folder).to_string().contains("no pages in"));
    fs::remove_dir_all(folder.path()).unwrap();
    assert!(error(&folder).to_string().contains("no such file or folder"));
}

#[test]
fn differences_take_precedence_over_unchecked_claims() {
    let lock = lock();
    for style in ecwid_coupons_tests::page_writer::Style::ALL {
        let folder = Folder::written(&lock, style);
        let files = folder.files();
        let of = |operation: &str| files.iter().find(|file| file.starts_with(operation)).unwrap();
        folder.write(of("get-batch-status"), "");
        let update = of("update-discount-coupon");
        folder.write(update, &folder.read(update).replace("PAUSED", "SLEEPING"));
        let report = verify(folder.path());
        assert_eq!(report.exit_code(), 1, "{}", shown(&report));
        let has = |kind: &str, file: &str| {
            report.findings.iter().any(|it| it.kind == kind && it.page.as_deref() == Some(file))
        };
        assert!(has("could-not-check", of("get-batch-status")), "{}", shown(&report));
        assert!(has("enum-value-added", update) && has("enum-value-missing", update), "{}", shown(&report));
    }
}
