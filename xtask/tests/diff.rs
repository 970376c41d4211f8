//! `pages diff` on a long page: dozens of tables, of which one thing at a time is changed.

use std::{fs, path::Path};

use xtask::{
    pages::diff::{self, Change, Effect},
    report::Format,
};

/// A page with a table for the answer, and below it a table for each object: twenty of them, three deep.
fn page() -> String {
    let mut page = String::from(
        "# Get gift card\n\n<mark>`GET`</mark> `https://app.example.com/api/v3/{storeId}/gift_cards/{cardId}`&#x20;\n\n\
         ### Required access scopes\n\nThe app needs: `read_cards`\n\n\
         ### Path params\n\nAll path params are required.\n\n\
         | Param | Type | Description |\n| --- | --- | --- |\n| storeId | number | The store. |\n| cardId | number | The card. |\n\n\
         ### Query params\n\nAll query params are optional.\n\n\
         <table><thead><tr><th>Name</th><th>Type</th><th>Description</th></tr></thead><tbody>\
         <tr><td>limit</td><td>number</td><td>How many. The maximum is <code>50</code>, the default is <code>20</code>.</td></tr>\
         <tr><td>lang</td><td>string</td><td>A language.</td></tr></tbody></table>\n\n\
         ```json\n{\"id\": 5, \"secret\": \"x\"}\n```\n\n\
         ### Response JSON\n\nAn object:\n\n\
         | Field | Type | Description |\n| --- | --- | --- |\n| id | number | The card's id. |\n\
         | state | string | <p>The state.<br><br>One of:<br><code>NEW\\_CARD</code><br><code>SPENT</code></p> |\n",
    );
    for object in 0..10 {
        page += &format!("| object{object} | object [object{object}](#object{object}) | Object {object}. |\n");
    }
    for object in 0..10 {
        page += &format!(
            "\n#### object{object}\n\n<table><thead><tr><th>Field</th><th>Type</th><th>Description</th></tr></thead><tbody>\
             <tr><td>id</td><td>number</td><td>The id of object {object}.</td></tr>\
             <tr><td>name{object}</td><td>string</td><td>Its name.</td></tr>\
             <tr><td>inner</td><td>array of objects <a href=\"#inner{object}\">inner{object}</a></td><td>What is in it.</td></tr>\
             </tbody></table>\n\n\
             #### inner{object}\n\n| Field | Type | Description |\n| --- | --- | --- |\n\
             | id | number | An id. |\n| price{object} | number | A price. |\n"
        );
    }
    page
}

fn compare(old: &str, new: &str) -> diff::Diff {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    diff::run(&write("old.md", old), &write("new.md", new)).unwrap()
}

/// The changes of a page in which one text stands in the place of another.
fn changes(from: &str, to: &str) -> Vec<Change> {
    let old = page();
    assert!(old.contains(from), "{from}");
    compare(&old, &old.replacen(from, to, 1)).changes
}

fn shown(changes: &[Change]) -> Vec<(&str, Effect, &str, &str)> {
    changes.iter().map(|it| (&*it.kind, it.effect.unwrap(), &*it.subject, &*it.place)).collect()
}

#[test]
fn a_page_is_what_it_is_however_it_is_laid_out() {
    let old = page();
    let same = [
        old.clone(),
        old.replace('\n', "\r\n"),
        old.replace("</tr><tr>", "</tr>\n\n  <tr>\n"),
        old.replace(" | number |", " |  number   |"),
        old.replace("&#x20;", ""),
    ];
    for new in same {
        let diff = compare(&old, &new);
        assert_eq!((diff.changes.as_slice(), diff.exit_code()), (&[][..], 0));
    }
    let reworded = compare(&old, &old.replace("A price.", "What it costs."));
    assert_eq!((reworded.changes.len(), reworded.exit_code()), (10, 0), "words alone are no change of the API");
    assert!(reworded.changes.iter().all(|it| it.effect == Some(Effect::Wording)));
}

#[test]
fn one_change_of_one_table_is_one_change_with_its_place() {
    use Effect::{Additive, Breaking};
    for (from, to, expected) in [
        (
            "<tr><td>name7</td>",
            "<tr><td>maxUses</td><td>number</td><td>How often.</td></tr><tr><td>name7</td>",
            vec![("field-added", Additive, "maxUses", "response object7")],
        ),
        ("| price3 | number | A price. |\n", "", vec![("field-removed", Breaking, "price3", "response object3.inner")]),
        (
            "| price4 | number |",
            "| price4 | string |",
            vec![("field-retyped", Breaking, "price4", "response object4.inner")],
        ),
        (
            "<td>name2</td>",
            "<td>title</td>",
            vec![
                ("field-removed", Breaking, "name2", "response object2"),
                ("field-added", Additive, "title", "response object2"),
            ],
        ),
        (
            "<code>SPENT</code>",
            "<code>SPENT</code><br><code>SCHEDULED</code>",
            vec![("enum-value-added", Additive, "SCHEDULED", "response")],
        ),
        ("<code>NEW\\_CARD</code><br>", "", vec![("enum-value-removed", Breaking, "NEW_CARD", "response")]),
        (
            "<td>lang</td>",
            "<td>language</td>",
            vec![("parameter-removed", Breaking, "lang", "query"), ("parameter-added", Additive, "language", "query")],
        ),
        ("| cardId | number |", "| cardId | string |", vec![("parameter-retyped", Breaking, "cardId", "path")]),
        ("<code>50</code>", "<code>100</code>", vec![("maximum", Additive, "limit", "query")]),
        ("<code>50</code>", "<code>25</code>", vec![("maximum", Breaking, "limit", "query")]),
        ("<code>20</code>", "<code>10</code>", vec![("default", Breaking, "limit", "query")]),
        ("`read_cards`", "`read_cards` and `read_secrets`", vec![("scope-added", Breaking, "read_secrets", "scopes")]),
        ("`read_cards`", "nothing", vec![("scope-removed", Additive, "read_cards", "scopes")]),
        (
            "v3/{storeId}/gift_cards/",
            "v3/{storeId}/cards/",
            vec![("url", Breaking, "https://app.example.com/api/v3/{storeId}/cards/{cardId}", "operation")],
        ),
        ("`GET`", "`POST`", vec![("method", Breaking, "POST", "operation")]),
        ("\"secret\": \"x\"", "\"secret\": 1", vec![("example", Breaking, "secret", "response example")]),
        ("\"id\": 5", "\"id\": 6", vec![("example", Effect::Wording, "response", "response example")]),
        (
            "| id | number | The card's id. |",
            "| id | number | The card's id.<br>**Required** |",
            vec![("wording", Effect::Wording, "id", "response")],
        ),
    ] {
        let changes = changes(from, to);
        let mut found = shown(&changes);
        let mut expected = expected;
        found.sort_by_key(|it| (it.0.to_owned(), it.2.to_owned()));
        expected.sort_by_key(|it| (it.0.to_owned(), it.2.to_owned()));
        assert_eq!(found, expected, "{from} -> {to}");
        let old = page();
        let line = |text: &str, of: &str| text[..text.find(of).unwrap()].matches('\n').count() + 1;
        for change in &changes {
            let place = change.line.or(change.old_line).unwrap();
            assert!(change.kind == "example" || place == line(&old, from), "{change:?}");
            assert_eq!(change.operation.as_deref().map(|it| it.contains("/{storeId}/")), Some(true));
        }
    }
}

#[test]
fn a_field_that_moves_to_another_object_moved() {
    let row = "<tr><td>name5</td><td>string</td><td>Its name.</td></tr>";
    let old = page();
    let new = old.replace(row, "").replace("<tr><td>name6</td>", &format!("{row}<tr><td>name6</td>"));
    let changes = compare(&old, &new).changes;
    assert_eq!(shown(&changes), [("field-moved", Effect::Breaking, "name5", "response object6")]);
    assert_eq!(changes[0].old.as_deref(), Some("response object5"));
}

#[test]
fn a_table_keeps_its_field_when_its_heading_is_renamed() {
    let old = page();
    let new =
        old.replace("#### object8\n", "#### theEighth\n").replace("[object8](#object8)", "[theEighth](#theeighth)");
    assert_eq!(compare(&old, &new).changes, []);
}

#[test]
fn what_is_additive_comes_with_its_yaml() {
    let yaml = |from: &str, to: &str| changes(from, to).into_iter().find_map(|it| it.yaml).unwrap();
    let row = |cells: &str| format!("| id | number | The card's id. |\n{cells}");
    let field = yaml("| id | number | The card's id. |\n", &row("| maxUses | number | How often. |\n"));
    assert!(field.starts_with("maxUses:\n") && field.contains("type: integer"), "{field}");
    let value = yaml("<code>SPENT</code>", "<code>SPENT</code><br><code>OLD</code>");
    assert_eq!(value, "enum: [NEW_CARD, SPENT, OLD]");
    let parameter = yaml("<td>lang</td>", "<td>sort</td><td>string</td><td>An order.</td></tr><tr><td>lang</td>");
    assert!(parameter.contains("- name: sort") && parameter.contains("in: query"), "{parameter}");
    // It must be YAML, and say what its description is to be without a word of the page.
    for text in [field, value, parameter] {
        serde_norway::from_str::<serde_norway::Value>(&text).unwrap();
        assert!(!text.contains("How often") && !text.contains("An order"), "{text}");
    }
}

#[test]
fn folders_are_matched_by_what_their_pages_document() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let other = page().replace("Get gift card", "Delete gift card").replace("`GET`", "`DELETE`");
    write("old/a.md", &page());
    write("old/gone.md", &other);
    write("new/under/another/name.md", &page().replace("| id | number |", "| id | string |"));
    write("new/codes.md", "# Codes\n\n| Name | Code | Description |\n| --- | --- | --- |\n| WRONG | 400 | Wrong. |\n");
    write(
        "old/codes.md",
        "# Codes\n\n| Name | Code | Description |\n| --- | --- | --- |\n| WRONG | 401 | Wrong. |\n| OLD | 404 | Old. |\n",
    );
    let diff = diff::run(&folder.path().join("old"), &folder.path().join("new")).unwrap();
    let shown: Vec<_> =
        diff.changes.iter().map(|it| (it.page.as_str(), it.kind.as_str(), it.subject.as_str())).collect();
    let gone = "DELETE /{storeId}/gift_cards/{cardId}";
    assert!(shown.contains(&("gone.md", "operation-removed", gone)), "{shown:?}");
    assert!(shown.contains(&("codes.md", "row-changed", "WRONG")), "{shown:?}");
    assert!(shown.contains(&("codes.md", "row-removed", "OLD")), "{shown:?}");
    assert!(shown.contains(&("under/another/name.md", "field-retyped", "id")), "{shown:?}");
    assert_eq!(diff.exit_code(), 1);
}

#[test]
fn what_cannot_be_compared_is_told() {
    for new in ["", "<!doctype html><title>Sign in</title><form><input name=\"password\"></form>"] {
        let diff = compare(&page(), new);
        assert_eq!(diff.exit_code(), 2, "{:?}", diff.changes);
        assert_eq!((diff.changes.len(), diff.changes[0].kind.as_str()), (1, "could-not-compare"));
    }
    let old = page();
    let start = old.find("| Field | Type |").unwrap();
    let without = format!("{}{}", &old[..start], "Nothing.\n");
    let diff = compare(&old, &without);
    assert_eq!((diff.exit_code(), diff.changes[0].kind.as_str()), (2, "could-not-compare"), "{:?}", diff.changes);
    assert!(diff::run(Path::new("no/such/page.md"), Path::new("no/such/page.md")).is_err());
}

#[test]
fn every_format_has_every_change_in_a_stable_order() {
    let old = page();
    let new = old.replace("string", "boolean").replace("read_cards", "read_all_cards");
    let diff = compare(&old, &new);
    assert!(diff.changes.len() > 10);
    for format in [Format::Text, Format::Json, Format::Sarif, Format::Github, Format::Junit] {
        let written = diff.write(format).unwrap();
        assert_eq!(written, compare(&old, &new).write(format).unwrap());
        for change in &diff.changes {
            assert!(written.contains(&change.subject), "{format:?} {}: {written}", change.subject);
        }
    }
    let json: serde_json::Value = serde_json::from_str(&diff.write(Format::Json).unwrap()).unwrap();
    assert_eq!(json["changes"].as_array().unwrap().len(), diff.changes.len());
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&diff.write(Format::Sarif).unwrap()).unwrap();
    assert_eq!(sarif.runs[0].results.as_ref().unwrap().len(), diff.changes.len());
}
