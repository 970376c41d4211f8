//! Changes of pages that do not change their claims, and must not cause findings.

use std::fs;

use ecwid_coupons_tests::page_writer::Style;
use serde_json::{Value, json};
use xtask_verify::pages::{Json, Page};

use super::{Folder, LAYOUTS, assert_agrees, convert, folders, lock, verify};

/// Changes all pages of all folders, and expects no findings.
#[track_caller]
fn assert_harmless(test: &str, change: impl Fn(&str, &str) -> String) {
    assert_harmless_where(test, |_| true, change);
}

/// Does the same for some of the folders.
#[track_caller]
fn assert_harmless_where(test: &str, wanted: impl Fn(&str) -> bool, change: impl Fn(&str, &str) -> String) {
    for (what, folder) in folders(&LAYOUTS).into_iter().filter(|(what, _)| wanted(what)) {
        let mut changed = 0;
        for file in folder.files() {
            let text = folder.read(&file);
            let with = change(&file, &text);
            changed += usize::from(with != text);
            folder.write(&file, &with);
        }
        assert!(changed > 0, "{test}: nothing was changed of {what}");
        assert_agrees(&verify(folder.path()), &format!("{test}, {what}"));
    }
}

/// Changes the lines of a page that are not code.
fn outside_of_code(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut fenced, mut shown) = (false, false);
    let lines = text.lines().map(|line| {
        let is_fence = line.starts_with("```");
        fenced ^= is_fence;
        let is_request = line.contains(" HTTP/1.1") || line.starts_with("curl ");
        shown = (shown || is_request || line.starts_with(['{', '['])) && !line.is_empty();
        if fenced || is_fence || shown { line.to_owned() } else { change(line) }
    });
    lines.map(|line| line + "\n").collect()
}

#[test]
fn line_breaks_and_trailing_spaces_do_not_matter() {
    assert_harmless("CRLF", |_, text| text.replace('\n', "\r\n"));
    assert_harmless("CR", |_, text| text.replace('\n', "\r"));
    assert_harmless("trailing spaces", |_, text| text.replace('\n', "   \n"));
    assert_harmless("trailing tabs", |_, text| text.replace('\n', "\t\n"));
    assert_harmless("no line break at the end", |_, text| text.trim_end().to_owned());
    assert_harmless("more empty lines", |_, text| {
        outside_of_code(text, |line| line.to_owned()).replace("\n\n", "\n\n\n")
    });
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    assert_harmless("a BOM", |_, text| format!("\u{feff}{text}"));
}

#[test]
fn tabs_do_not_matter() {
    assert_harmless("indentation", |_, text| text.replace("\n    ", "\n\t\t").replace("\n  ", "\n\t"));
    assert_harmless("between words", |file, text| {
        let is_cell = |line: &str| file.ends_with(".txt") && line.split(' ').count() < 5;
        outside_of_code(text, |line| if is_cell(line) { line.to_owned() } else { line.replace(' ', "\t") })
    });
}

#[test]
fn line_wrapping_does_not_matter() {
    for width in [20, 40, 60] {
        assert_harmless(&format!("paragraphs of {width} columns"), |_, text| {
            outside_of_code(text, |line| {
                let is_prose = !line.starts_with(['#', '|', '<', '{', ' ', '-', '*']);
                if is_prose { wrapped(line, width) } else { line.to_owned() }
            })
        });
    }
}

fn wrapped(line: &str, width: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in line.split(' ') {
        let fits = length == 0 || length + 1 + word.chars().count() <= width;
        if !out.is_empty() {
            out.push(if fits { ' ' } else { '\n' });
        }
        length = if fits { length + 1 } else { 0 } + word.chars().count();
        out.push_str(word);
    }
    out
}

#[test]
fn the_levels_of_headings_do_not_matter() {
    for (from, to) in [("\n### ", "\n## "), ("\n### ", "\n#### "), ("\n#### ", "\n##### "), ("\n#### ", "\n### ")] {
        for (what, folder) in folders(&LAYOUTS).into_iter().filter(|(what, _)| what != "Text") {
            for file in folder.files() {
                folder.write(&file, &folder.read(&file).replace(from, to));
            }
            assert_agrees(&verify(folder.path()), &format!("{from:?} as {to:?}, {what}"));
        }
    }
}

#[test]
fn the_layout_of_tables_does_not_matter() {
    assert_harmless("other tables", convert::tables);
    // HTML on many lines with empty lines between, which end other HTML in Markdown.
    assert_harmless_where(
        "html tables over many lines",
        |what| !matches!(what, "Pipe" | "Text"),
        |_, text| {
            ["<thead>", "<tr>", "</td>", "</th>", "<br>"]
                .iter()
                .fold(text.to_owned(), |text, tag| {
                    let is_table = |line: &str| line.starts_with("<table");
                    let lines = text.split('\n').map(|line| match is_table(line) {
                        true => line.replace(tag, &format!("{tag}\r")),
                        false => line.to_owned(),
                    });
                    lines.collect::<Vec<_>>().join("\n")
                })
                .replace('\r', "\n\n")
        },
    );
}

#[test]
fn the_words_of_descriptions_do_not_matter() {
    assert_harmless("other words", convert::words);
    assert_harmless("other words and tables", |file, text| convert::tables(file, &convert::words(file, text)));
}

#[test]
fn the_names_of_files_do_not_matter() {
    for (what, folder) in folders(&LAYOUTS) {
        for (index, file) in folder.files().into_iter().enumerate() {
            let text = folder.read(&file);
            folder.remove(&file);
            let extension = file.rsplit('.').next().unwrap();
            folder.write(&format!("{}/page {index}.{extension}", index % 3), &text);
        }
        assert_agrees(&verify(folder.path()), &what);
    }
}

#[test]
fn the_values_of_examples_do_not_matter() {
    assert_harmless("examples", |file, text| {
        let page = Page::read(file, text.as_bytes()).unwrap();
        let examples = page.operations.iter().flat_map(|operation| &operation.examples).chain(&page.examples);
        let mut out = text.to_owned();
        for Json { text, .. } in examples.flat_map(|example| [&example.body, &example.response]).flatten() {
            assert!(out.contains(text), "{file}: {text}");
            let other = other("", &serde_json::from_str(text).unwrap());
            out = out.replacen(text, &serde_json::to_string_pretty(&other).unwrap(), 1);
        }
        out.replace("/DISC", "/162428889").replace("/1003/", "/4711/").replace("ticket=1", "ticket=2")
    });
}

/// Returns another value of the same type.
fn other(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), other(name, value))).collect(),
        Value::Array(items) => items.iter().map(|item| other(name, item)).collect(),
        Value::Number(_) => json!(value.as_f64().unwrap() as i64 * 2 + 7),
        Value::Bool(value) => json!(!value),
        Value::String(_) if name.ends_with("Date") => json!("2001-02-03 04:05:06 +0000"),
        Value::String(text) if text.bytes().all(|it| it.is_ascii_uppercase() || it == b'_') => value.clone(),
        Value::String(_) => json!("something else"),
        Value::Null => Value::Null,
    }
}

#[test]
fn more_sections_do_not_matter() {
    assert_harmless("more sections", |file, text| match file.ends_with(".txt") {
        true => {
            let more = "\n\nHow calls are counted\n\nThey are, by the minute. See there.\n\n\
                        Changes\n\nThere were some, lately.\n\n";
            ["\n\nHeaders\n\n", "\n\nRequest headers\n\n"]
                .iter()
                .fold(text.to_owned(), |text, heading| text.replace(heading, &format!("{more}{}", &heading[2..])))
        }
        false => {
            let prose = "### Changes\n\nThere were some, lately:\n\n- a call was added\n\
                         - `another_one` was taken away\n\n```\nnone\n```\n\n";
            let table = format!("{prose}| Day | What |\n| --- | --- |\n| Monday | `ACTIVE` is gone |\n\n");
            // Within a section, the table would belong to an object.
            text.replace("### Headers", &format!("{prose}### Headers"))
                .replace("### Required access", &format!("{table}### Required access"))
                .replace("### Request headers", &format!("{prose}### Request headers"))
                .replace("### Access scopes", &format!("{table}### Access scopes"))
                + "\n"
                + prose
        }
    });
}

#[test]
fn a_sentence_about_an_object_is_not_about_its_part() {
    let lock = lock();
    for style in [Style::Pipe, Style::Html, Style::Text] {
        let folder = Folder::written(&lock, style);
        for file in folder.files() {
            let text = folder.read(&file);
            for heading in ["\ncatalogLimit\n\n", "\n#### catalogLimit\n\n"] {
                folder.write(&file, &text.replace(heading, &format!("{heading}All of its fields are required.\n\n")));
                assert_agrees(&verify(folder.path()), &format!("{style:?} {file}"));
            }
            folder.write(&file, &text);
        }
    }
}

#[test]
fn paragraphs_of_a_description_do_not_matter() {
    let folder = Folder::written(&lock(), Style::Text);
    for file in folder.files() {
        let mut text = folder.read(&file);
        for word in ["Required", "Optional", "Possible values:", "The default is"] {
            text = text.replace(&format!(" {word}"), &format!("\n\n{word}"));
        }
        folder.write(&file, &text);
    }
    assert_agrees(&verify(folder.path()), "paragraphs");
}

#[test]
fn a_page_of_another_operation_is_ignored() {
    let markdown = "# Find gift cards\n\n`GET` `https://app.ecwid.com/api/v3/{storeId}/gift_cards`\n\n\
                    ### Access scopes\n\nIt takes `read_gift_cards`.\n\n### Path parameters\n\nEach is required.\n\n\
                    | Parameter | Type | Description |\n| --- | --- | --- |\n| storeId | number | A store. |\n\n\
                    ### Response body\n\n| Field | Type | Description |\n| --- | --- | --- |\n\
                    | cards | array of objects | The cards. |\n| balance | number | What is left. |\n";
    let text = "Find gift cards\n\nGET https://app.ecwid.com/api/v3/{storeId}/gift_cards\n\nAccess scopes\n\n\
                It takes read_gift_cards.\n\nResponse body\n\nField\nType\nDescription\n\n\
                balance\n\nnumber\n\nWhat is left.\n";
    for (what, folder) in folders(&LAYOUTS) {
        let before = verify(folder.path()).not_ours.len();
        folder.write("gift-cards.md", markdown);
        folder.write("gift-cards-too.txt", text);
        let report = verify(folder.path());
        assert_agrees(&report, &what);
        assert_eq!(report.not_ours.len(), before + 2, "{what}: {:?}", report.not_ours);
        assert!(report.not_ours.contains(&"gift-cards.md".to_owned()));
        fs::remove_dir_all(folder.path()).unwrap();
    }
}
