//! The OpenAPI document as what it claims of each operation, each claim with its place in the document.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use url::Url;

use crate::pages::{PageType, Part, Request};

/// The document.
pub(crate) struct Document {
    pub(crate) value: Value,
    pub(crate) server: String,
    pub(crate) operations: Vec<Operation>,
}

/// An operation.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// The path, with its parameters in braces.
    pub(crate) path: String,
    pub(crate) pointer: String,
    /// The address of the page that describes it.
    pub(crate) address: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// The header that carries the token.
    pub(crate) headers: Vec<Member>,
    pub(crate) path_parameters: Vec<Member>,
    pub(crate) query: Vec<Member>,
    pub(crate) request: Option<Body>,
    pub(crate) response: Option<Body>,
}

/// The body of a request or an answer.
pub(crate) struct Body {
    /// Where its schema is.
    pub(crate) pointer: String,
    /// The fields; those of the items, when it is a list.
    pub(crate) members: Vec<Member>,
}

/// A parameter, or a field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) type_: PageType,
    /// The values and where they are, when it is an enum.
    pub(crate) values: Vec<String>,
    pub(crate) values_pointer: String,
    pub(crate) default: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) required: bool,
    /// Claims that come from other sources than the current pages.
    pub(crate) sourced: Vec<String>,
    pub(crate) members: Vec<Member>,
}

impl Operation {
    /// The members of a part.
    pub(crate) fn members(&self, part: Part) -> &[Member] {
        match part {
            Part::Path => &self.path_parameters,
            Part::Query => &self.query,
            Part::Headers => &self.headers,
            Part::Request => self.request.as_ref().map_or(&[], |body| &body.members),
            Part::Response => self.response.as_ref().map_or(&[], |body| &body.members),
        }
    }

    /// Where the members of a part are.
    pub(crate) fn part_pointer(&self, part: Part) -> String {
        match part {
            Part::Request => self.request.as_ref().map(|body| body.pointer.clone()),
            Part::Response => self.response.as_ref().map(|body| body.pointer.clone()),
            Part::Query => Some(format!("{}/parameters", self.pointer)),
            Part::Path => self.path_parameters.last().map(|member| member.pointer.clone()),
            Part::Headers => self.headers.first().map(|member| member.pointer.clone()),
        }
        .unwrap_or_else(|| self.pointer.clone())
    }
}

impl Document {
    /// Reads the document.
    pub(crate) fn read(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_norway::from_str(text)?;
        let version = value["openapi"].as_str().unwrap_or_default();
        ensure!(version.starts_with("3.0."), "it is no OpenAPI 3.0 document: `openapi` is {version:?}");
        let server = value.pointer("/servers/0/url").and_then(Value::as_str).context("it names no server")?.to_owned();
        let reader = Reader { root: &value };
        let mut operations = Vec::new();
        for (path, item) in value["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if matches!(method.as_str(), "get" | "post" | "put" | "delete" | "patch" | "head") {
                    let pointer = format!("/paths/{}/{method}", escape(path));
                    let read = reader.operation(path, method, &pointer, item, operation);
                    operations.push(read.with_context(|| format!("in {method} {path}"))?);
                }
            }
        }
        Ok(Self { server, operations, value })
    }

    /// The operation of this id.
    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The operation that a request goes to.
    pub(crate) fn operation_of(&self, request: &Request) -> Option<&Operation> {
        let base = Url::parse(&self.server).ok()?;
        let path = request.path.strip_prefix(base.path())?;
        let alike = self.operations.iter().filter(|operation| {
            let (known, sent): (Vec<_>, Vec<_>) = (operation.path.split('/').collect(), path.split('/').collect());
            operation.method == request.method
                && known.len() == sent.len()
                && known.iter().zip(&sent).all(|(known, sent)| known == sent || known.starts_with('{'))
        });
        // The one whose path has the fewest parameters is meant.
        alike.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Every page address that the document names.
    pub(crate) fn addresses(&self) -> Vec<String> {
        fn walk(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(entries) => {
                    for (key, value) in entries {
                        if key == "externalDocs" {
                            found.extend(value["url"].as_str().map(str::to_owned));
                        }
                        walk(value, found);
                    }
                }
                Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.value, &mut found);
        found
    }
}

/// A URL as a page writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlParts {
    /// All before the query.
    pub(crate) base: String,
    /// The names of the query parameters.
    pub(crate) query: Vec<String>,
}

impl UrlParts {
    pub(crate) fn of(url: &str) -> Self {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
        Self { base: base.trim_end_matches('/').to_owned(), query: names.map(str::to_owned).collect() }
    }
}

/// A name as a part of a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A schema and where it is.
#[derive(Clone)]
struct Schema<'a> {
    pointer: String,
    value: &'a Value,
}

struct Reader<'a> {
    root: &'a Value,
}

impl<'a> Reader<'a> {
    fn operation(
        &self,
        path: &str,
        method: &str,
        pointer: &str,
        item: &'a Value,
        operation: &'a Value,
    ) -> anyhow::Result<Operation> {
        let mut path_parameters = Vec::new();
        let mut query = Vec::new();
        let item_pointer = format!("/paths/{}", escape(path));
        for (holder, at) in [(item, item_pointer.as_str()), (operation, pointer)] {
            for (index, parameter) in holder["parameters"].as_array().into_iter().flatten().enumerate() {
                let parameter =
                    self.resolve(Schema { pointer: format!("{at}/parameters/{index}"), value: parameter })?;
                let member = self.parameter(&parameter)?;
                match parameter.value["in"].as_str() {
                    Some("path") => path_parameters.push(member),
                    Some("query") => query.push(member),
                    other => bail!("the parameter {} is in {other:?}", member.name),
                }
            }
        }
        let scopes = operation["x-required-scopes"].as_array().into_iter().flatten();
        let json = |holder: &'a Value, at: String, request| {
            let schema = holder.pointer("/content/application~1json/schema");
            let pointer = format!("{at}/content/application~1json/schema");
            schema.map(|value| self.body(Schema { pointer, value }, request)).transpose()
        };
        Ok(Operation {
            id: operation["operationId"].as_str().context("it has no operationId")?.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            address: operation.pointer("/externalDocs/url").and_then(Value::as_str).map(str::to_owned),
            scopes: scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect(),
            headers: self.headers(),
            path_parameters,
            query,
            request: json(&operation["requestBody"], format!("{pointer}/requestBody"), true)?,
            response: json(&operation["responses"]["200"], format!("{pointer}/responses/200"), false)?,
            pointer: pointer.to_owned(),
        })
    }

    /// The header of each security scheme.
    fn headers(&self) -> Vec<Member> {
        let schemes = self.root.pointer("/components/securitySchemes").and_then(Value::as_object);
        let headers = schemes.into_iter().flatten().filter_map(|(name, scheme)| {
            let pointer = format!("/components/securitySchemes/{}", escape(name));
            let header = match scheme["type"].as_str()? {
                "http" => "Authorization",
                "apiKey" => scheme["name"].as_str()?,
                _ => return None,
            };
            let type_ = PageType::Other(scheme["scheme"].as_str().unwrap_or_default().to_owned());
            Some(Member { type_, ..Member::new(header, &pointer) })
        });
        headers.collect()
    }

    fn parameter(&self, parameter: &Schema<'a>) -> anyhow::Result<Member> {
        let name = parameter.value["name"].as_str().context("a parameter has no name")?;
        let schema = Schema { pointer: format!("{}/schema", parameter.pointer), value: &parameter.value["schema"] };
        let mut member = self.member(name, &parameter.pointer, schema, false, &mut Vec::new())?;
        member.required = parameter.value["required"] == true;
        member.sourced.extend(sourced(parameter.value));
        Ok(member)
    }

    /// A body; what is `readOnly` is no part of a request.
    fn body(&self, schema: Schema<'a>, request: bool) -> anyhow::Result<Body> {
        let mut schema = self.resolve(schema)?;
        if schema.value["type"] == "array" {
            schema =
                self.resolve(Schema { pointer: format!("{}/items", schema.pointer), value: &schema.value["items"] })?;
        }
        Ok(Body { members: self.members(&schema, request, &mut Vec::new())?, pointer: schema.pointer })
    }

    /// Follows references, and `allOf` of a single one, which is how a description is put beside a reference.
    fn resolve(&self, mut schema: Schema<'a>) -> anyhow::Result<Schema<'a>> {
        for _ in 0..32 {
            let reference = match schema.value["allOf"].as_array().map(Vec::as_slice) {
                Some([one]) => &one["$ref"],
                _ => &schema.value["$ref"],
            };
            let Some(reference) = reference.as_str() else { return Ok(schema) };
            let pointer = reference.strip_prefix('#').with_context(|| format!("{reference} is in another file"))?;
            let value = self.root.pointer(pointer).with_context(|| format!("{reference} is not in the document"))?;
            schema = Schema { pointer: pointer.to_owned(), value };
        }
        bail!("the reference at {} leads to itself", schema.pointer)
    }

    /// The fields of an object and of all that it is made of.
    fn members(&self, schema: &Schema<'a>, request: bool, open: &mut Vec<String>) -> anyhow::Result<Vec<Member>> {
        let schema = self.resolve(schema.clone())?;
        let mut members: Vec<Member> = Vec::new();
        for (index, part) in schema.value["allOf"].as_array().into_iter().flatten().enumerate() {
            let part = Schema { pointer: format!("{}/allOf/{index}", schema.pointer), value: part };
            for member in self.members(&part, request, open)? {
                match members.iter_mut().find(|known| known.name == member.name) {
                    // A later part may add a default or a requirement to what the first says.
                    Some(known) => {
                        known.default = known.default.or(member.default);
                        known.required |= member.required;
                    }
                    None => members.push(member),
                }
            }
        }
        for (name, property) in schema.value["properties"].as_object().into_iter().flatten() {
            if request && property["readOnly"] == true {
                continue;
            }
            let pointer = format!("{}/properties/{}", schema.pointer, escape(name));
            let schema = Schema { pointer: pointer.clone(), value: property };
            members.push(self.member(name, &pointer, schema, request, open)?);
        }
        for required in schema.value["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if let Some(member) = members.iter_mut().find(|member| member.name == required) {
                member.required = true;
            }
        }
        Ok(members)
    }

    fn member(
        &self,
        name: &str,
        pointer: &str,
        schema: Schema<'a>,
        request: bool,
        open: &mut Vec<String>,
    ) -> anyhow::Result<Member> {
        let outer = schema.value;
        let schema = self.resolve(schema)?;
        let mut member = Member::new(name, pointer);
        member.type_ = self.type_of(&schema)?;
        let is_list = schema.value["type"] == "array";
        let inner = if is_list {
            self.resolve(Schema { pointer: format!("{}/items", schema.pointer), value: &schema.value["items"] })?
        } else {
            schema.clone()
        };
        if let Some(values) = inner.value["enum"].as_array() {
            member.values = values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
            member.values_pointer = format!("{}/enum", inner.pointer);
        }
        let number = |key: &str| outer[key].as_i64().or_else(|| schema.value[key].as_i64());
        member.default = number("default");
        member.maximum = number("maximum");
        member.sourced = sourced(outer);
        // A type that holds itself is described once.
        if !open.contains(&inner.pointer) {
            open.push(inner.pointer.clone());
            member.members = self.members(&inner, request, open)?;
            open.pop();
        }
        Ok(member)
    }

    fn type_of(&self, schema: &Schema<'a>) -> anyhow::Result<PageType> {
        let value = schema.value;
        Ok(match value["type"].as_str() {
            Some("string") => PageType::String,
            Some("integer" | "number") => PageType::Number,
            Some("boolean") => PageType::Boolean,
            Some("object") => PageType::Object,
            Some("array") => {
                let items = Schema { pointer: format!("{}/items", schema.pointer), value: &value["items"] };
                PageType::Array(Some(Box::new(self.type_of(&self.resolve(items)?)?)))
            }
            Some(other) => PageType::Other(other.to_owned()),
            None => match value["oneOf"].as_array().or_else(|| value["anyOf"].as_array()) {
                Some(choices) => {
                    let of = |choice| {
                        self.type_of(&self.resolve(Schema { pointer: schema.pointer.clone(), value: choice })?)
                    };
                    PageType::Either(choices.iter().map(of).collect::<Result<_, _>>()?)
                }
                None if value["allOf"].is_array() => PageType::Object,
                None => PageType::Json,
            },
        })
    }
}

impl Member {
    fn new(name: &str, pointer: &str) -> Self {
        Self {
            name: name.to_owned(),
            pointer: pointer.to_owned(),
            type_: PageType::Json,
            values: Vec::new(),
            values_pointer: pointer.to_owned(),
            default: None,
            maximum: None,
            required: false,
            sourced: Vec::new(),
            members: Vec::new(),
        }
    }
}

/// What `x-source` says of a schema or parameter, as claims.
fn sourced(value: &Value) -> Vec<String> {
    let claims: Option<BTreeMap<String, String>> = serde_json::from_value(value["x-source"].clone()).ok();
    claims.unwrap_or_default().into_keys().collect()
}
