//! Changed examples, which differ from the document.

use ecwid_coupons_tests::page_writer::{Style, Writer};
use xtask_verify::pages::{Example, Json, Page};

use super::{FORMATS, Folder, camel_case, folders, lock, shown, verify, verify_alone};

/// Returns all examples of the pages in a folder, each with its page, the text of the page and the operation.
fn examples(folder: &Folder) -> Vec<(Page, String, String, Example)> {
    let mut all = Vec::new();
    for file in folder.files() {
        let text = folder.read(&file);
        let page = Page::read(&file, text.as_bytes()).unwrap();
        let of_operations = page.operations.iter().flat_map(|operation| &operation.examples);
        for example in of_operations.chain(page.examples.iter().filter(|it| it.request.is_some())) {
            let operation = match page.operations.first() {
                Some(_) => camel_case(page.title.split(' ')),
                None => "createDiscountCoupon".to_owned(),
            };
            all.push((page.clone(), text.clone(), operation, example.clone()));
        }
    }
    all
}

/// Expects a finding at a line of a page.
#[track_caller]
fn assert_found(page: &Page, text: &str, operation: &str, line: usize, subject: &str) {
    let report = verify_alone(&page.file, text, operation);
    let what = format!("{}:{line} `{subject}`", page.file);
    assert_eq!(report.exit_code(), 1, "{what}: {}", shown(&report));
    let is_it = |it: &xtask_verify::Finding| {
        (it.kind.as_str(), it.subject.as_str()) == ("example", subject)
            && it.page.as_deref() == Some(&page.file)
            && it.line == Some(line)
            && it.operation.as_deref() == Some(operation)
    };
    assert!(report.findings.iter().any(is_it), "{what}: {}", shown(&report));
}

/// Returns the place of the JSON of an example on its page.
fn place(json: &Json, text: &str) -> usize {
    let above: usize = text.split_inclusive('\n').take(json.line - 1).map(str::len).sum();
    above + text[above..].find(&json.text).unwrap_or_else(|| panic!("{} is not at line {}", json.text, json.line))
}

#[test]
fn an_unknown_field_is_found() {
    let mut found = 0;
    for (_, folder) in folders(&FORMATS) {
        for (page, text, operation, example) in examples(&folder) {
            for json in [&example.body, &example.response].into_iter().flatten() {
                // Add a first field to each object, except objects that can be any JSON.
                for (at, _) in json.text.match_indices('{').filter(|(at, _)| !json.text[..*at].ends_with("\"body\": "))
                {
                    let start = place(json, &text) + at + 1;
                    let line = json.line + json.text[..at].matches('\n').count() + 1;
                    let changed = format!("{}\n  \"maxUses\": 5,{}", &text[..start], &text[start..]);
                    assert_found(&page, &changed, &operation, line, "maxUses");
                    found += 1;
                }
            }
        }
    }
    assert!(found >= 32, "{found}");
}

#[test]
fn a_value_of_another_type_or_enum_is_found() {
    let mut found = 0;
    for (_, folder) in folders(&FORMATS) {
        for (page, text, operation, example) in examples(&folder) {
            for json in [&example.body, &example.response].into_iter().flatten() {
                let mut at = place(json, &text);
                let mut in_anything = false;
                for (index, line) in json.text.split('\n').enumerate() {
                    let start = at;
                    at += line.len() + 1;
                    let Some((name, value)) = line.trim().trim_end_matches(',').split_once(": ") else { continue };
                    let name = name.trim_matches('"');
                    // The body of a request in a batch can be any JSON.
                    in_anything |= name == "body";
                    if in_anything || value.starts_with(['{', '[']) {
                        continue;
                    }
                    let is_text = value.starts_with('"');
                    let is_enum =
                        matches!(name, "discountType" | "status" | "usesLimit" | "applicationLimit" | "method");
                    let mut others = vec![(if is_text { "17" } else { "\"text\"" }, name)];
                    others.extend(is_enum.then_some(("\"SLEEPING\"", "SLEEPING")));
                    for (other, subject) in others {
                        let from = start + line.find(value).unwrap();
                        let changed = format!("{}{other}{}", &text[..from], &text[from + value.len()..]);
                        assert_found(&page, &changed, &operation, json.line + index, subject);
                        found += 1;
                    }
                }
            }
        }
    }
    assert!(found >= 160, "{found}");
}

#[test]
fn invalid_json_is_found() {
    for (_, folder) in folders(&FORMATS) {
        for (page, text, operation, example) in examples(&folder) {
            for (json, part) in [(&example.body, "request"), (&example.response, "response")] {
                let Some(json) = json else { continue };
                let start = place(json, &text);
                let end = start + json.text.len();
                // Remove the last bracket, and then the first colon.
                let cut = format!("{}{}", &text[..end - 1], &text[end..]);
                assert_found(&page, &cut, &operation, json.line, part);
                let colon = start + json.text.find(':').unwrap();
                let changed = format!("{} {}", &text[..colon], &text[colon + 1..]);
                assert_found(&page, &changed, &operation, json.line, part);
            }
        }
    }
}

#[test]
fn a_request_to_another_url_is_found() {
    for (_, folder) in folders(&FORMATS) {
        for (page, text, operation, example) in examples(&folder) {
            let request = example.request.as_ref().unwrap();
            let start: usize = text.split_inclusive('\n').take(example.line - 1).map(str::len).sum();
            let replaced = |from: &str, to: &str| {
                assert!(text[start..].contains(from), "{}:{} {from}", page.file, example.line);
                format!("{}{}", &text[..start], text[start..].replacen(from, to, 1))
            };
            let path = request.path.as_str();
            if !page.operations.is_empty() {
                let elsewhere = format!("{path}/archived");
                assert_found(&page, &replaced(path, &elsewhere), &operation, example.line, &elsewhere);
                if request.curl.is_none() {
                    let other = replaced(&format!("{} /", request.method), "PATCH /");
                    assert_found(&page, &other, &operation, example.line, path);
                }
            }
            let sign = if request.query.is_empty() { '?' } else { '&' };
            let query = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
            let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) };
            let more = replaced(&target, &format!("{target}{sign}maxUses=1"));
            assert_found(&page, &more, &operation, example.line, "maxUses");
            if operation == "searchDiscountCoupons" {
                for (name, value) in
                    [("limit", "many"), ("limit", "1000"), ("availability", "SLEEPING"), ("offset", "-1")]
                {
                    let changed = replaced(&target, &format!("{target}{sign}{name}={value}"));
                    assert_found(&page, &changed, &operation, example.line, name);
                }
            }
            if path.contains("/1003/") {
                let store = replaced("/1003/", "/my-store/");
                assert_found(&page, &store, &operation, example.line, "storeId");
            }
        }
    }
}

#[test]
fn a_missing_required_field_is_found() {
    let lock = lock();
    for style in [Style::Html, Style::Text] {
        let folder = Folder::written(&lock, style);
        let (page, text, operation, example) =
            examples(&folder).into_iter().find(|(_, _, operation, _)| operation == "createBatchRequest").unwrap();
        let json = example.body.unwrap();
        for name in ["path", "method"] {
            let field = json.text.lines().find(|line| line.contains(&format!("\"{name}\":"))).unwrap();
            let (start, without) = (place(&json, &text), format!("{field}\n"));
            let rest = text[start..].replacen(&without, "", 1);
            // Remove a trailing comma of the object.
            let rest = rest.replacen(",\n  }", "\n  }", 1);
            let item = json.line + json.text[..json.text.find('{').unwrap()].matches('\n').count();
            assert_found(&page, &format!("{}{rest}", &text[..start]), &operation, item, name);
        }
    }
}

#[test]
fn json_samples_in_rows_are_checked() {
    let lock = lock();
    for style in Style::ALL {
        let page = lock.pages.iter().find(|page| page.address.ends_with("/update-discount-coupon")).unwrap();
        let writer = Writer { examples: false, ..Writer::new(style, &lock) };
        let mut page = page.clone();
        let text = writer.write(&mut page);
        let about = "A word or two about products.";
        assert_eq!(text.matches(about).count(), 1);
        let (file, operation) = (writer.file(&page), "updateDiscountCoupon");
        let with = |sample: &str| verify_alone(&file, &text.replace(about, &format!("Such as {sample}.")), operation);
        assert_eq!(with("[1,22,333]").exit_code(), 0, "{}", shown(&with("[1,22,333]")));
        let report = with("[\"1-2\"]");
        let products =
            page.operations[0].tables.iter().flat_map(|table| &table.members).find(|it| it.name == "products");
        let line = products.unwrap().line;
        let is_it =
            |it: &xtask_verify::Finding| it.kind == "example" && it.subject == "products" && it.line == Some(line);
        assert!(report.exit_code() == 1 && report.findings.iter().any(is_it), "{style:?}: {}", shown(&report));
    }
}

#[test]
fn an_example_on_a_guide_is_checked() {
    let folder = Folder::written(&lock(), Style::Html);
    folder.write(
        "how-to.md",
        "# How to look\n\n```http\nGET /api/v3/1003/discount_coupons?limit=500 HTTP/1.1\nHost: app.ecwid.com\n```\n\n\
         ```json\n{\n  \"total\": \"many\"\n}\n```\n",
    );
    let report = verify(folder.path());
    let found: Vec<_> = report.findings.iter().map(|it| (it.subject.as_str(), it.line.unwrap())).collect();
    assert_eq!(found, [("limit", 4), ("total", 10)], "{}", shown(&report));
    assert!(report.examples_only.contains(&"how-to.md".to_owned()));
}
