//! Writes the YAML that the document lacks, to paste into the document.

use super::{cell::PageType, sections::Part};

pub(crate) fn member(part: Part, name: &str, type_: Option<&PageType>, values: &[String]) -> String {
    let described = "description: # in your own words";
    match part {
        Part::Query | Part::Path | Part::Headers => {
            let place = match part {
                Part::Path => "path",
                Part::Headers => "header",
                _ => "query",
            };
            let schema = schema(name, type_, values).join(", ");
            format!("- name: {name}\n  in: {place}\n  {described}\n  schema: {{ {schema} }}")
        }
        Part::Request | Part::Response => {
            let lines = schema(name, type_, values);
            format!("{name}:\n  {described}\n  {}", lines.join("\n  "))
        }
    }
}

fn schema(name: &str, type_: Option<&PageType>, values: &[String]) -> Vec<String> {
    if !values.is_empty() {
        return vec!["type: string".to_owned(), format!("enum: [{}]", values.join(", "))];
    }
    match type_ {
        Some(PageType::String) => vec!["type: string".to_owned()],
        Some(PageType::Boolean) => vec!["type: boolean".to_owned()],
        Some(PageType::Number) => number(name),
        Some(PageType::Array(items)) => {
            let items = schema(name, items.as_deref(), &[]).join(", ");
            vec!["type: array".to_owned(), format!("items: {{ {items} }}")]
        }
        Some(PageType::Object) => vec!["type: object".to_owned()],
        Some(PageType::Either(types)) => {
            let types: Vec<_> =
                types.iter().map(|it| format!("{{ {} }}", schema(name, Some(it), &[]).join(", "))).collect();
            vec![format!("oneOf: [{}]", types.join(", "))]
        }
        Some(PageType::Json) | None => vec!["allOf: [{ $ref: \"#/components/schemas/Json\" }]".to_owned()],
        Some(PageType::Other(other)) => vec![format!("type: string # on the page: {other:?}")],
    }
}

/// Guesses from the name whether a number is an integer, because the pages do not distinguish integers from decimals.
fn number(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let whole = ["id", "ids", "count", "offset", "limit", "uses", "quantity", "number", "products", "categories"];
    if whole.iter().any(|word| lower.ends_with(word)) {
        vec!["type: integer".to_owned(), "format: int64".to_owned()]
    } else {
        vec!["allOf: [{ $ref: \"#/components/schemas/Decimal\" }]".to_owned()]
    }
}
