//! Examples made from the names of their fields.

use serde_json::{Map, Value, json};
use xtask_verify::{
    lock::{Lock, LockedExample},
    pages::{Member, Operation, PageType, Part, Table},
};

use super::{
    markup::{Out, Piece},
    stem,
};

/// The bodies that are lists; a lock tells the names in a body alone.
const LISTS: [(&str, Part); 1] = [("createBatchRequest", Part::Request)];

/// Writes examples, and tells them with their lines.
pub(super) fn write(out: &mut Out, lock: &Lock, mut examples: Vec<LockedExample>) -> Vec<LockedExample> {
    // A response belongs to the request above it, when that has none yet.
    let mut open = false;
    for example in &mut examples {
        let Some(operation) = operation(lock, &example.operation) else { continue };
        let whole = body(example, operation);
        let shown = serde_json::to_string_pretty(&whole).unwrap_or_default();
        if example.part == Part::Request || !open {
            out.paragraph(&[Piece::text("What is sent:")]);
        }
        if example.part == Part::Request {
            let line = out.code("http", &format!("{}\n\n{shown}", request(operation)));
            example.line = line + request(operation).lines().count() + 1;
            open = true;
            continue;
        }
        if !open {
            out.code("http", &request(operation));
        }
        out.paragraph(&[Piece::text("What is responded:")]);
        example.line = out.code("json", &shown);
        open = false;
    }
    examples
}

/// The operation of an id, which is the last part of its page's address in other words.
fn operation<'a>(lock: &'a Lock, id: &str) -> Option<&'a Operation> {
    let same = |address: &str| address.replace('-', "").eq_ignore_ascii_case(id);
    lock.pages.iter().find(|page| same(stem(page)))?.operations.first()
}

fn request(operation: &Operation) -> String {
    let path = operation.url.find("/api/").map_or("", |at| &operation.url[at..]);
    let mut sent = String::new();
    for (index, part) in path.split(['{', '}']).enumerate() {
        sent.push_str(if index % 2 == 1 { "1003" } else { part });
    }
    format!("{} {sent} HTTP/1.1\nHost: app.ecwid.com\nAuthorization: Bearer secret_token", operation.method)
}

fn body(example: &LockedExample, operation: &Operation) -> Value {
    let object = object(operation, operation.table(example.part), "", &example.members);
    let is_list = LISTS.iter().any(|(id, part)| *id == example.operation && *part == example.part);
    if is_list { json!([object]) } else { object }
}

/// The object whose fields have names that begin with the prefix.
fn object(operation: &Operation, table: Option<&Table>, prefix: &str, names: &[String]) -> Value {
    let mut fields = Map::new();
    for name in names.iter().filter_map(|name| name.strip_prefix(prefix)).filter(|name| !name.contains('.')) {
        let row = table.and_then(|table| table.members.iter().find(|row| row.name == name));
        let inner = format!("{prefix}{name}.");
        let value = if names.iter().any(|other| other.starts_with(&inner)) {
            let table = row.and_then(|row| row.object.as_deref()).zip(table);
            let table = table.and_then(|(object, around)| operation.object(around.part, object));
            let value = object(operation, table, &inner, names);
            if matches!(row.and_then(|row| row.type_.as_ref()), Some(PageType::Array(_))) {
                json!([value])
            } else {
                value
            }
        } else {
            row.map_or(json!(false), value)
        };
        fields.insert(name.to_owned(), value);
    }
    Value::Object(fields)
}

fn value(row: &Member) -> Value {
    match &row.type_ {
        Some(PageType::String) => json!(row.values.first().map_or("text", String::as_str)),
        Some(PageType::Number | PageType::Either(_)) => json!(1),
        Some(PageType::Boolean) => json!(true),
        Some(PageType::Array(Some(items))) if **items == PageType::Number => json!([1]),
        Some(PageType::Array(Some(items))) if **items == PageType::String => json!(["text"]),
        Some(PageType::Array(_)) => json!([]),
        _ => json!({}),
    }
}
