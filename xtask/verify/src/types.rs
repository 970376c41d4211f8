//! Compares the generated Rust types with the document, to find errors of the generator.
//!
//! An example program of the client prints JSON Schemas that are derived from its types. They show missing fields and other types.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;
use xtask::command;

use crate::{
    document::{Document, escape},
    finding::Finding,
};

/// The JSON values that a schema accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shape {
    /// The type. For a list, it includes the type of the items.
    type_: String,
    values: Vec<String>,
    null: bool,
    members: Option<BTreeMap<String, Member>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Member {
    shape: Shape,
    required: bool,
    read_only: bool,
}

/// Compares the schemas of the client with the schemas of the document.
pub(crate) fn compare(document: &Document, printed: &Value) -> anyhow::Result<Vec<Finding>> {
    let schemas = document.value.pointer("/components/schemas").and_then(Value::as_object);
    let requests = requests(&document.value);
    let mut findings = Vec::new();
    let mut compared = 0;
    for (name, schema) in schemas.into_iter().flatten() {
        let pointer = format!("/components/schemas/{}", escape(name));
        let wanted = shape(schema, &document.value);
        if wanted.members.is_none() && wanted.values.is_empty() {
            // Its type is hand-written. It is compared as part of the fields that use it.
            continue;
        }
        compared += 1;
        let partial = schema["x-partial-update"] == true;
        for (contract, writes) in [("deserialize", false), ("serialize", true)] {
            let about = About { name, pointer: &pointer, contract };
            let Some(derived) = printed[contract].get(name) else {
                findings.push(about.finding("type-missing", &pointer, name, [None, Some(name)], "has no type in Rust"));
                continue;
            };
            let derived = shape(derived, derived);
            about.values(&wanted, &derived, &mut findings);
            if let Some(members) = &wanted.members {
                let sent = requests.contains(name);
                about.members(members, &derived, &Rules { sent, writes, partial }, &mut findings);
            }
        }
    }
    anyhow::ensure!(compared > 0, "no schemas of generated types in the document");
    // Most findings occur in both contracts.
    findings.sort_by_key(Finding::order);
    findings.dedup_by_key(|finding| (finding.kind.clone(), finding.pointer.clone(), finding.subject.clone()));
    Ok(findings)
}

/// The rules for the fields of an object.
struct Rules {
    /// The object is a request body, which has no read-only fields.
    sent: bool,
    /// The object is written, not read.
    writes: bool,
    /// The object is a partial update, which can write null for each field.
    partial: bool,
}

struct About<'a> {
    name: &'a str,
    pointer: &'a str,
    contract: &'a str,
}

impl About<'_> {
    fn values(&self, wanted: &Shape, derived: &Shape, findings: &mut Vec<Finding>) {
        let pointer = format!("{}/enum", self.pointer);
        for value in wanted.values.iter().filter(|value| !derived.values.contains(value)) {
            let says = [None, Some(value.as_str())];
            findings.push(self.finding("enum-value-missing", &pointer, value, says, "is not a value in Rust"));
        }
        for value in derived.values.iter().filter(|value| !wanted.values.contains(value)) {
            let says = [Some(value.as_str()), None];
            findings.push(self.finding("enum-value-added", &pointer, value, says, "is a value only in Rust"));
        }
    }

    fn members(&self, wanted: &BTreeMap<String, Member>, derived: &Shape, rules: &Rules, findings: &mut Vec<Finding>) {
        let none = BTreeMap::new();
        let derived = derived.members.as_ref().unwrap_or(&none);
        let wanted: BTreeMap<_, _> = wanted.iter().filter(|(_, member)| !(rules.sent && member.read_only)).collect();
        for (name, member) in &wanted {
            let pointer = format!("{}/properties/{}", self.pointer, escape(name));
            let Some(found) = derived.get(*name) else {
                let shown = member.shape.type_.as_str();
                findings.push(self.finding(
                    "field-missing",
                    &pointer,
                    name,
                    [None, Some(shown)],
                    "is not a field in Rust",
                ));
                continue;
            };
            if found.shape.type_ != member.shape.type_ {
                let (rust, document) = (found.shape.type_.as_str(), member.shape.type_.as_str());
                let what = format!("is {rust} in Rust, {document} in the document");
                findings.push(self.finding("type", &pointer, name, [Some(rust), Some(document)], &what));
            }
            self.values(&member.shape, &found.shape, findings);
            if found.required != member.required {
                let word = |required: bool| if required { "required" } else { "optional" };
                let (rust, document) = (word(found.required), word(member.required));
                let what = format!("is {rust} in Rust, {document} in the document");
                findings.push(self.finding("required", &pointer, name, [Some(rust), Some(document)], &what));
            }
            // Null can be read for all fields. It can be written only in partial updates.
            let (null, any) = (found.shape.null, found.shape.type_ == "any");
            let lost = !null && (rules.partial || member.shape.null && !rules.writes);
            let gained = null && rules.writes && !rules.partial;
            if !any && !member.required && (lost || gained) {
                let what = if lost { "cannot be null in Rust" } else { "can be written as null in Rust" };
                let word = |null: bool| if null { "null or a value" } else { "a value" };
                findings.push(self.finding("nullable", &pointer, name, [Some(word(null)), Some(word(lost))], what));
            }
        }
        for name in derived.keys().filter(|name| !wanted.contains_key(name)) {
            let pointer = self.pointer;
            findings.push(self.finding("field-added", pointer, name, [Some(name), None], "is a field only in Rust"));
        }
    }

    fn finding(
        &self,
        kind: &str,
        pointer: &str,
        subject: &str,
        [rust, document]: [Option<&str>; 2],
        what: &str,
    ) -> Finding {
        let message = format!("generated types: `{subject}` of {} {what} ({})", self.name, self.contract);
        // The finding names the Rust type instead of a page, because the document is compared with the type.
        let finding = Finding::new(format!("generated-{kind}"), subject, message).at(pointer).says(rust, document);
        finding.help("run `cargo xtask generate`; if that does not help, fix the generator")
    }
}

/// Returns the names of the schemas of request bodies.
fn requests(document: &Value) -> Vec<String> {
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let bodies = operations.filter_map(|(_, operation)| {
        operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str)
    });
    bodies.filter_map(|reference| reference.strip_prefix("#/components/schemas/")).map(str::to_owned).collect()
}

/// Returns the shape of a schema of OpenAPI or JSON Schema. References are resolved in `root`.
fn shape(schema: &Value, root: &Value) -> Shape {
    let mut shape = Shape { null: schema["nullable"] == true, ..Shape::default() };
    if let Some(reference) = schema["$ref"].as_str() {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map(|target| self::shape(target, root)).unwrap_or_default();
    }
    let mut types: Vec<&str> = match &schema["type"] {
        Value::String(type_) => vec![type_],
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    shape.null |= types.contains(&"null");
    types.retain(|type_| *type_ != "null");
    shape.type_ = match types.as_slice() {
        ["array"] => format!("array of {}", self::shape(&schema["items"], root).type_),
        [one] => (*one).to_owned(),
        [] => "any".to_owned(),
        several => several.join("/"),
    };
    shape.values = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .chain([&schema["const"]])
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();

    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(choices) = choices {
        let choices: Vec<Shape> = choices.iter().map(|choice| self::shape(choice, root)).collect();
        let is_null = |choice: &&Shape| choice.null && choice.type_ == "any";
        shape.null |= choices.iter().any(|choice| choice.null);
        let mut rest: Vec<Shape> = choices.iter().filter(|choice| !is_null(choice)).cloned().collect();
        shape.values = rest.iter().flat_map(|choice| choice.values.clone()).collect();
        let mut types: Vec<_> = rest.iter().map(|choice| choice.type_.clone()).collect();
        types.dedup();
        shape.type_ = types.join("/");
        if rest.len() == 1 {
            shape.members = rest.remove(0).members;
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let part = self::shape(part, root);
        shape.null |= part.null;
        if part.type_ != "any" {
            shape.type_ = part.type_;
        }
        shape.values.extend(part.values);
        for (name, member) in part.members.into_iter().flatten() {
            let members = shape.members.get_or_insert_default();
            match members.get_mut(&name) {
                // A later part can require a property of an earlier part.
                Some(known) => known.required |= member.required,
                None => {
                    members.insert(name, member);
                }
            }
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        let members = shape.members.get_or_insert_default();
        for (name, property) in properties {
            let read_only = property["readOnly"] == true;
            let member = Member { shape: self::shape(property, root), required: false, read_only };
            members.entry(name.clone()).or_insert(member);
        }
    }
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if let Some(member) = shape.members.as_mut().and_then(|members| members.get_mut(required)) {
            member.required = true;
        }
    }
    // Inner objects are compared separately, under their own names.
    for member in shape.members.iter_mut().flat_map(BTreeMap::values_mut) {
        member.shape.members = None;
    }
    shape
}

/// Runs the program of the client that prints the schemas of its types.
pub(crate) fn printed(root: &std::path::Path) -> anyhow::Result<Value> {
    let arguments = "run --quiet --package ecwid-coupons --features schemars --example json_schema";
    let output = command::ask(command::cargo(arguments).current_dir(root))
        .context("cannot check the generated types, because the client does not build")?;
    serde_json::from_str(&output).context("cannot read the schemas of the client")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DOCUMENT: &str = r##"
openapi: 3.0.3
servers: [{ url: "https://example.com/api/v3" }]
paths:
  /things:
    post:
      operationId: createThing
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
      responses: { "200": { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } } }
components:
  schemas:
    Thing:
      type: object
      x-partial-update: true
      required: [name]
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string }
        price: { allOf: [{ $ref: "#/components/schemas/Money" }] }
        state: { allOf: [{ $ref: "#/components/schemas/State" }] }
        tags: { type: array, items: { type: string } }
    Money: { type: number, nullable: true }
    State: { type: string, enum: [ON, "OFF"] }
"##;

    fn printed() -> Value {
        let thing = json!({
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": "string" },
                "price": { "type": ["number", "null"] },
                "state": { "anyOf": [{ "$ref": "#/$defs/State" }, { "type": "null" }] },
                "tags": { "type": ["array", "null"], "items": { "type": "string" } },
            },
            "$defs": { "State": { "anyOf": [{ "type": "string", "const": "ON" }, { "const": "OFF", "type": "string" }, { "type": "string" }] } },
        });
        let types = json!({ "Thing": thing, "State": thing["$defs"]["State"] });
        json!({ "serialize": types, "deserialize": types })
    }

    fn found(change: impl Fn(&mut Value)) -> Vec<(String, String)> {
        let document = Document::read(DOCUMENT).unwrap();
        let mut printed = printed();
        change(&mut printed["serialize"]);
        change(&mut printed["deserialize"]);
        let findings = compare(&document, &printed).unwrap();
        findings.into_iter().map(|finding| (finding.kind, finding.subject)).collect()
    }

    #[test]
    fn types_that_match_the_document_have_no_findings() {
        assert_eq!(found(|_| ()), []);
    }

    #[test]
    fn missing_and_added_parts_are_found() {
        let properties = |types: &mut Value| types["Thing"]["properties"].as_object_mut().unwrap().clone();
        let set = |types: &mut Value, name: &str, schema: Value| types["Thing"]["properties"][name] = schema;
        type Change<'a> = Box<dyn Fn(&mut Value) + 'a>;
        let changes: Vec<(Change<'_>, &str, &str)> = vec![
            (
                Box::new(|types| {
                    types.as_object_mut().unwrap().remove("State");
                }),
                "generated-type-missing",
                "State",
            ),
            (
                Box::new(|types| {
                    types["Thing"]["properties"].as_object_mut().unwrap().remove("tags");
                }),
                "generated-field-missing",
                "tags",
            ),
            (Box::new(|types| set(types, "made_up", json!({ "type": "string" }))), "generated-field-added", "made_up"),
            (Box::new(|types| set(types, "id", json!({ "type": "integer" }))), "generated-field-added", "id"),
            (Box::new(|types| set(types, "price", json!({ "type": ["string", "null"] }))), "generated-type", "price"),
            (Box::new(|types| set(types, "price", json!({ "type": "number" }))), "generated-nullable", "price"),
            (
                Box::new(|types| set(types, "tags", json!({ "type": "array", "items": { "type": "integer" } }))),
                "generated-type",
                "tags",
            ),
            (
                Box::new(|types| {
                    types["State"]["anyOf"].as_array_mut().unwrap().remove(1);
                }),
                "generated-enum-value-missing",
                "OFF",
            ),
            (Box::new(|types| types["State"]["anyOf"][0]["const"] = json!("ONN")), "generated-enum-value-added", "ONN"),
            (Box::new(|types| types["Thing"]["required"] = json!([])), "generated-required", "name"),
        ];
        for (change, kind, subject) in changes {
            let found = found(|types| {
                assert!(!properties(types).is_empty());
                change(types);
            });
            assert!(found.contains(&(kind.to_owned(), subject.to_owned())), "{kind} {subject}: {found:?}");
        }
    }

    #[test]
    fn null_can_be_read_everywhere_and_written_only_in_partial_updates() {
        let whole = Document::read(&DOCUMENT.replace("x-partial-update: true", "description: A thing.")).unwrap();
        let mut printed = printed();
        let findings = compare(&whole, &printed).unwrap();
        let subjects: Vec<_> =
            findings.iter().map(|finding| (finding.kind.as_str(), finding.subject.as_str())).collect();
        let kind = "generated-nullable";
        assert_eq!(subjects, [(kind, "price"), (kind, "state"), (kind, "tags")]);

        let properties = &mut printed["serialize"]["Thing"]["properties"];
        properties["price"] = json!({ "type": "number" });
        properties["state"] = json!({ "$ref": "#/$defs/State" });
        properties["tags"] = json!({ "type": "array", "items": { "type": "string" } });
        assert_eq!(compare(&whole, &printed).unwrap(), []);

        let partial = Document::read(DOCUMENT).unwrap();
        assert_eq!(compare(&partial, &printed).unwrap().len(), 3);
    }
}
