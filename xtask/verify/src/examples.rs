//! Compares the examples of a page with the document: the operation of each request, and the JSON with the schemas.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use jsonc_parser::{ast, common::Ranged as _};
use jsonschema::{Draft, Validator, error::ValidationErrorKind};
use openapi_schema_to_json_schema::{Options, from_schema};
use serde_json::{Map, Value, json};

use crate::{
    compare::{Comparison, Pair},
    document::{Document, Member, Operation},
    finding::Finding,
    ledger::{Fact, Place},
    pages::{Example, Json, Part, Request},
};

/// The schemas of the document, converted to JSON Schema draft 4, on which OpenAPI 3.0 is based.
#[derive(Default)]
pub(crate) struct Schemas {
    /// The targets of references.
    components: Map<String, Value>,
    validators: HashMap<String, Validator>,
}

impl Schemas {
    /// Returns the validator for the schema at a place of the document.
    fn validator(&mut self, document: &Document, pointer: &str) -> anyhow::Result<&Validator> {
        if self.components.is_empty() {
            let components = document.value.pointer("/components/schemas").and_then(Value::as_object);
            for (name, schema) in components.into_iter().flatten() {
                let converted = from_schema(schema.clone(), &Options::new());
                let converted = converted.with_context(|| format!("cannot convert the schema `{name}`"))?;
                self.components.insert(name.clone(), converted);
            }
        }
        if !self.validators.contains_key(pointer) {
            let at = document.value.pointer(pointer).with_context(|| format!("no schema at {pointer}"))?;
            let schema = json!({
                "$schema": "http://json-schema.org/draft-04/schema#",
                "components": { "schemas": self.components },
                "allOf": [from_schema(at.clone(), &Options::new())?],
            });
            let validator = jsonschema::options()
                .with_draft(Draft::Draft4)
                .build(&schema)
                .map_err(|error| anyhow::anyhow!("cannot use the schema at {pointer}: {error}"))?;
            self.validators.insert(pointer.to_owned(), validator);
        }
        self.validators.get(pointer).context("a validator")
    }
}

/// An example, its operation, and the name of the page in reports.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) page: &'a str,
    pub(crate) example: &'a Example,
    pub(crate) operation: &'a Operation,
}

impl Comparison<'_> {
    pub(crate) fn example(&mut self, shown: Shown<'_>) -> anyhow::Result<()> {
        let Shown { example, operation, .. } = shown;
        if let Some(request) = &example.request {
            self.request(shown, request)?;
        }
        for (json, part, body) in [
            (&example.body, Part::Request, &operation.request),
            (&example.response, Part::Response, &operation.response),
        ] {
            let Some(json) = json else { continue };
            self.checked += 1;
            let Some(body) = body else {
                let message = "the operation has no such body in the document";
                self.wrong(shown, json.line, &operation.pointer, part.name(), &json.text, message);
                continue;
            };
            // `body.members` are the fields of the items if the body is a list, so the whole schema is used here.
            let whole = match part {
                Part::Request => "/requestBody/content/application~1json/schema",
                _ => "/responses/200/content/application~1json/schema",
            };
            self.json(shown, json, part, &body.members, &format!("{}{whole}", operation.pointer))?;
        }
        Ok(())
    }

    fn request(&mut self, shown: Shown<'_>, request: &Request) -> anyhow::Result<()> {
        let Shown { example, operation, .. } = shown;
        self.checked += 1;
        if self.document.operation_of(request).is_none_or(|found| found.id != operation.id) {
            let message = format!(
                "the request does not match the operation: {} {} (expected {} {})",
                request.method, request.path, operation.method, operation.path
            );
            self.wrong(shown, example.line, &operation.pointer, &request.path, &request.path, &message);
            return Ok(());
        }
        let base = self.document.server.splitn(4, '/').nth(3).map_or(0, |path| path.split('/').count());
        let sent = request.path.split('/').skip(1 + base);
        for (known, sent) in operation.path.split('/').skip(1).zip(sent) {
            let Some(name) = known.strip_prefix('{').and_then(|known| known.strip_suffix('}')) else { continue };
            // A name in capitals is a placeholder.
            let placeholder = sent.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            if let Some(parameter) = operation.path_parameters.iter().find(|parameter| parameter.name == name)
                && !(placeholder && name == "storeId")
            {
                self.value(shown, parameter, sent)?;
            }
        }
        for (name, value) in &request.query {
            match operation.query.iter().find(|parameter| parameter.name == *name) {
                Some(parameter) => self.value(shown, parameter, value)?,
                None => {
                    let message = format!("unknown query parameter in the request: `{name}`");
                    self.wrong(shown, example.line, &operation.part_pointer(Part::Query), name, name, &message);
                }
            }
        }
        Ok(())
    }

    /// Checks the value of a parameter. The text can represent a number, a boolean or a list.
    fn value(&mut self, shown: Shown<'_>, parameter: &Member, text: &str) -> anyhow::Result<()> {
        self.checked += 1;
        let list: Vec<_> = text.split(',').collect();
        let read = serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean());
        let validator = self.schemas.validator(self.document, &format!("{}/schema", parameter.pointer))?;
        let fits = read.into_iter().chain([json!(text), json!(list)]).any(|value| validator.is_valid(&value));
        if !fits {
            let message = format!("invalid value in the request: `{}={text}`", parameter.name);
            self.wrong(shown, shown.example.line, &parameter.pointer, &parameter.name, text, &message);
        }
        Ok(())
    }

    /// Checks a JSON sample in a row of a table, such as a list of ids.
    pub(crate) fn sample(&mut self, shown: Shown<'_>, json: &Json, member: &Member) -> anyhow::Result<()> {
        self.checked += 1;
        self.validate(shown, json, &member.pointer, |_| (member.pointer.clone(), member.name.clone()))
    }

    fn json(
        &mut self,
        shown: Shown<'_>,
        json: &Json,
        part: Part,
        members: &[Member],
        pointer: &str,
    ) -> anyhow::Result<()> {
        let root = match parse(&json.text) {
            Ok(root) => root,
            Err(error) => {
                let message = format!("invalid JSON of the {}: {error}", part.name());
                self.wrong(shown, json.line, pointer, part.name(), &first_line(&json.text), &message);
                return Ok(());
            }
        };
        let mut unknown = Vec::new();
        walk(&root, members, "", &mut |path, property| unknown.push((path, property)));
        for (path, range) in unknown {
            self.checked += 1;
            let place = Place::new(part, &path);
            let pair = Pair { name: shown.page, copied: false, page: &Default::default(), operation: shown.operation };
            if self.explain(pair, &place, &Fact::Present(true)) {
                continue;
            }
            let line = json.line + json.text[..range].matches('\n').count();
            let message = format!("the field `{path}` is in the example, but not in the document");
            self.wrong(shown, line, pointer, place.name(), place.name(), &message);
        }
        let place = |path: &str| {
            let member = find(members, path);
            let name = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).filter(|part| !part.is_empty());
            (member.map_or(pointer, |member| &member.pointer).to_owned(), name.unwrap_or(part.name()).to_owned())
        };
        self.validate(shown, json, pointer, place)
    }

    fn validate(
        &mut self,
        shown: Shown<'_>,
        json: &Json,
        pointer: &str,
        place: impl Fn(&str) -> (String, String),
    ) -> anyhow::Result<()> {
        let value: Value = match serde_json::from_str(&json.text) {
            Ok(value) => value,
            Err(error) => {
                let (shown_text, message) = (first_line(&json.text), format!("invalid JSON: {error}"));
                self.wrong(shown, json.line, pointer, &shown_text, &shown_text, &message);
                return Ok(());
            }
        };
        let mut found = Vec::new();
        for error in self.schemas.validator(self.document, pointer)?.iter_errors(&value) {
            let path = error.instance_path().to_string();
            let (at, name) = place(&path);
            let subject = match error.kind() {
                ValidationErrorKind::Enum { .. } => error.instance().as_str().map(str::to_owned),
                ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
                _ => None,
            };
            let shown = first_line(&error.instance().to_string());
            found.push((line_of(json, &path), at, subject.unwrap_or(name), shown, error.to_string()));
        }
        for (line, at, subject, in_page, message) in found {
            let message = format!("the example does not match the schema: {message}");
            self.wrong(shown, line, &at, &subject, &in_page, &message);
        }
        Ok(())
    }

    fn wrong(&mut self, shown: Shown<'_>, line: usize, pointer: &str, subject: &str, in_page: &str, message: &str) {
        let known = self.document.value.pointer(pointer).map(|value| first_line(&value.to_string()));
        let finding = Finding::new("example", subject, message).at(pointer).says(Some(in_page), known.as_deref());
        let finding = finding.on(shown.page, line).of(shown.operation);
        self.findings.push(finding.help("if the example is right, change the document"));
    }
}

/// Returns the names of all fields of a JSON text, each after the names of the objects around it.
pub(crate) fn members(json: &Json) -> Vec<String> {
    let mut names = BTreeSet::new();
    if let Ok(root) = parse(&json.text) {
        walk(&root, &[], "", &mut |path, _| {
            names.insert(path);
        });
    }
    names.into_iter().collect()
}

/// Parses JSON into values with positions. serde_json checks the text first, because the parser accepts more than JSON.
fn parse(text: &str) -> anyhow::Result<ast::Value<'_>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)?;
    let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())?;
    parsed.value.context("the text is empty")
}

/// Calls `unknown` with the path and the offset of each field that is not among the members.
fn walk(value: &ast::Value<'_>, members: &[Member], path: &str, unknown: &mut impl FnMut(String, usize)) {
    match value {
        ast::Value::Array(array) => array.elements.iter().for_each(|item| walk(item, members, path, unknown)),
        ast::Value::Object(object) => {
            for property in &object.properties {
                let name = property.name.as_str();
                let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                match members.iter().find(|member| member.name == name) {
                    // A member that can be any JSON has no known fields.
                    Some(member) if member.members.is_empty() => {}
                    Some(member) => walk(&property.value, &member.members, &path, unknown),
                    None => {
                        unknown(path.clone(), property.range().start);
                        if members.is_empty() {
                            walk(&property.value, &[], &path, unknown);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

/// Returns the member at a path of names and indexes.
fn find<'a>(members: &'a [Member], path: &str) -> Option<&'a Member> {
    let mut names = path.split('/').filter(|part| !part.is_empty() && part.parse::<usize>().is_err());
    let mut found = members.iter().find(|member| Some(member.name.as_str()) == names.next())?;
    for name in names {
        found = found.members.iter().find(|member| member.name == name)?;
    }
    Some(found)
}

/// Returns the line of the value at a path.
fn line_of(json: &Json, path: &str) -> usize {
    let Ok(root) = parse(&json.text) else { return json.line };
    let mut value = &root;
    let mut offset = value.start();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let next = match value {
            ast::Value::Object(object) => object.get(&part).map(|property| (property.start(), &property.value)),
            ast::Value::Array(array) => {
                part.parse::<usize>().ok().and_then(|at| array.elements.get(at)).map(|item| (item.start(), item))
            }
            _ => None,
        };
        let Some((start, inner)) = next else { break };
        (offset, value) = (start, inner);
    }
    json.line + json.text[..offset].matches('\n').count()
}

/// Returns the start of a text, for a message.
fn first_line(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST && line.len() == text.trim_end().len() {
        return line.to_owned();
    }
    format!("{}…", line.chars().take(LONGEST).collect::<String>())
}
