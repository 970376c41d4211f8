//! The claims of the OpenAPI document about each operation, each with its place in the document.

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use url::Url;

use crate::pages::{PageType, Part, Request};

pub(crate) struct Document {
    pub(crate) value: Value,
    pub(crate) server: String,
    pub(crate) operations: Vec<Operation>,
}

pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// The path, with the parameters in braces.
    pub(crate) path: String,
    pub(crate) pointer: String,
    /// The address of the documentation page.
    pub(crate) address: Option<String>,
    /// The source of the operation, if no page documents it alone.
    pub(crate) source: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// The header with the token.
    pub(crate) headers: Vec<Member>,
    pub(crate) path_parameters: Vec<Member>,
    pub(crate) query: Vec<Member>,
    pub(crate) request: Option<Body>,
    pub(crate) response: Option<Body>,
}

/// The body of a request or a response.
pub(crate) struct Body {
    pub(crate) pointer: String,
    /// The fields. For a list, these are the fields of its items.
    pub(crate) members: Vec<Member>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) type_: PageType,
    /// The values of an enum, and their place.
    pub(crate) values: Vec<String>,
    pub(crate) values_pointer: String,
    pub(crate) default: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) required: bool,
    /// The claims with a source other than the current documentation pages.
    pub(crate) sourced: Vec<String>,
    pub(crate) members: Vec<Member>,
}

impl Operation {
    pub(crate) fn members(&self, part: Part) -> &[Member] {
        match part {
            Part::Path => &self.path_parameters,
            Part::Query => &self.query,
            Part::Headers => &self.headers,
            Part::Request => self.request.as_ref().map_or(&[], |body| &body.members),
            Part::Response => self.response.as_ref().map_or(&[], |body| &body.members),
        }
    }

    /// Returns the place of the members of a part.
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
    pub(crate) fn read(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_norway::from_str(text)?;
        let version = value["openapi"].as_str().unwrap_or_default();
        ensure!(version.starts_with("3.0."), "unsupported version of OpenAPI: {version:?} (expected 3.0)");
        let server = value.pointer("/servers/0/url").and_then(Value::as_str).context("missing server")?.to_owned();
        let reader = Reader { root: Node { pointer: String::new(), value: &value } };
        let mut operations = Vec::new();
        for (path, item) in reader.root.get("paths").entries() {
            for (method, operation) in item.entries() {
                if matches!(method, "get" | "post" | "put" | "delete" | "patch" | "head") {
                    let read = reader.operation(path, &item, method, &operation);
                    operations.push(read.with_context(|| format!("in {method} {path}"))?);
                }
            }
        }
        Ok(Self { server, operations, value })
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the operation of a request.
    pub(crate) fn operation_of(&self, request: &Request) -> Option<&Operation> {
        let base = Url::parse(&self.server).ok()?;
        let path = request.path.strip_prefix(base.path())?;
        let alike = self.operations.iter().filter(|operation| {
            let (known, sent): (Vec<_>, Vec<_>) = (operation.path.split('/').collect(), path.split('/').collect());
            operation.method == request.method
                && known.len() == sent.len()
                && known.iter().zip(&sent).all(|(known, sent)| known == sent || known.starts_with('{'))
        });
        // Prefer the path with the fewest parameters.
        alike.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Returns the addresses of all documentation pages in the document.
    pub(crate) fn addresses(&self) -> Vec<String> {
        fn walk(value: &Value, found: &mut Vec<String>) {
            found.extend(value["externalDocs"]["url"].as_str().map(str::to_owned));
            match value {
                Value::Object(entries) => entries.values().for_each(|value| walk(value, found)),
                Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.value, &mut found);
        found
    }
}

/// The parts of a URL on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlParts {
    /// The part before the query.
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

/// Escapes a name for a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A value of the document and its place.
#[derive(Clone)]
struct Node<'a> {
    pointer: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    /// Returns the member of an object with this name, or null.
    fn get(&self, name: &str) -> Self {
        Self { pointer: format!("{}/{}", self.pointer, escape(name)), value: &self.value[name] }
    }

    /// Returns the items of the list with this name.
    fn list(&self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        let list = self.get(name);
        let items = list.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Node { pointer: format!("{}/{index}", list.pointer), value })
    }

    /// Returns the members of an object with their names.
    fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let names = self.value.as_object().into_iter().flat_map(|entries| entries.keys());
        names.map(|name| (name.as_str(), self.get(name)))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value[name].as_str().map(str::to_owned)
    }

    /// Returns the strings in the list with this name.
    fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).filter_map(|item| item.value.as_str().map(str::to_owned)).collect()
    }

    fn is_list(&self) -> bool {
        self.value["type"] == "array"
    }

    /// Returns the claims in `x-source`.
    fn sourced(&self) -> impl Iterator<Item = String> {
        self.value["x-source"].as_object().into_iter().flat_map(|claims| claims.keys().cloned())
    }
}

struct Reader<'a> {
    root: Node<'a>,
}

impl<'a> Reader<'a> {
    fn operation(&self, path: &str, item: &Node<'a>, method: &str, operation: &Node<'a>) -> anyhow::Result<Operation> {
        let (mut path_parameters, mut query) = (Vec::new(), Vec::new());
        for parameter in item.list("parameters").chain(operation.list("parameters")) {
            let parameter = self.resolve(parameter)?;
            let member = self.parameter(&parameter)?;
            match parameter.value["in"].as_str() {
                Some("path") => path_parameters.push(member),
                Some("query") => query.push(member),
                other => {
                    bail!("unsupported place of the parameter `{}`: {other:?} (expected path or query)", member.name)
                }
            }
        }
        let json = |holder: Node<'a>, request| {
            let schema = holder.get("content").get("application/json").get("schema");
            (!schema.value.is_null()).then(|| self.body(schema, request)).transpose()
        };
        Ok(Operation {
            id: operation.text("operationId").context("missing operationId")?,
            method: method.to_uppercase(),
            path: path.to_owned(),
            address: operation.get("externalDocs").text("url"),
            source: operation.get("x-source").text("operation"),
            scopes: operation.texts("x-required-scopes"),
            headers: self.headers(),
            path_parameters,
            query,
            request: json(operation.get("requestBody"), true)?,
            response: json(operation.get("responses").get("200"), false)?,
            pointer: operation.pointer.clone(),
        })
    }

    /// Returns the header of each security scheme.
    fn headers(&self) -> Vec<Member> {
        let schemes = self.root.get("components").get("securitySchemes");
        let headers = schemes.entries().filter_map(|(_, scheme)| {
            let name = match scheme.value["type"].as_str()? {
                "http" => "Authorization".to_owned(),
                "apiKey" => scheme.text("name")?,
                _ => return None,
            };
            let type_ = PageType::Other(scheme.text("scheme").unwrap_or_default());
            Some(Member { name, type_, pointer: scheme.pointer, ..Member::default() })
        });
        headers.collect()
    }

    fn parameter(&self, parameter: &Node<'a>) -> anyhow::Result<Member> {
        let name = parameter.text("name").context("parameter without a name")?;
        let mut member = self.member(&name, &parameter.pointer, parameter.get("schema"), false, &mut Vec::new())?;
        member.required = parameter.value["required"] == true;
        member.sourced.extend(parameter.sourced());
        Ok(member)
    }

    /// Reads a body. Fields that are `readOnly` are not part of a request.
    fn body(&self, schema: Node<'a>, request: bool) -> anyhow::Result<Body> {
        let schema = self.item_or_whole(self.resolve(schema)?)?;
        Ok(Body { members: self.members(&schema, request, &mut Vec::new())?, pointer: schema.pointer })
    }

    /// Returns the schema of the items of a list, and any other schema unchanged.
    fn item_or_whole(&self, schema: Node<'a>) -> anyhow::Result<Node<'a>> {
        if schema.is_list() { self.resolve(schema.get("items")) } else { Ok(schema) }
    }

    /// Follows references, and an `allOf` with one reference, which is the way to add a description to a reference.
    fn resolve(&self, mut schema: Node<'a>) -> anyhow::Result<Node<'a>> {
        for _ in 0..32 {
            let reference = match schema.value["allOf"].as_array().map(Vec::as_slice) {
                Some([one]) => &one["$ref"],
                _ => &schema.value["$ref"],
            };
            let Some(reference) = reference.as_str() else { return Ok(schema) };
            let pointer = reference.strip_prefix('#').with_context(|| {
                format!("unsupported reference: `{reference}` (expected a reference in the document)")
            })?;
            let value = self.root.value.pointer(pointer);
            let value = value.with_context(|| format!("unknown reference: `{reference}`"))?;
            schema = Node { pointer: pointer.to_owned(), value };
        }
        bail!("circular reference at {}", schema.pointer)
    }

    /// Returns the fields of an object and of the parts in its `allOf`.
    fn members(&self, schema: &Node<'a>, request: bool, open: &mut Vec<String>) -> anyhow::Result<Vec<Member>> {
        let schema = self.resolve(schema.clone())?;
        let mut members: Vec<Member> = Vec::new();
        for part in schema.list("allOf") {
            for member in self.members(&part, request, open)? {
                match members.iter_mut().find(|known| known.name == member.name) {
                    // A later part can add a default or a requirement to a field of an earlier part.
                    Some(known) => {
                        known.default = known.default.or(member.default);
                        known.required |= member.required;
                    }
                    None => members.push(member),
                }
            }
        }
        for (name, property) in schema.get("properties").entries() {
            if !(request && property.value["readOnly"] == true) {
                let pointer = property.pointer.clone();
                members.push(self.member(name, &pointer, property, request, open)?);
            }
        }
        for required in schema.texts("required") {
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
        outer: Node<'a>,
        request: bool,
        open: &mut Vec<String>,
    ) -> anyhow::Result<Member> {
        let schema = self.resolve(outer.clone())?;
        let inner = self.item_or_whole(schema.clone())?;
        let number = |key: &str| outer.value[key].as_i64().or_else(|| schema.value[key].as_i64());
        let is_enum = inner.value["enum"].is_array();
        let mut member = Member {
            name: name.to_owned(),
            type_: self.type_of(&schema)?,
            values: inner.texts("enum"),
            values_pointer: if is_enum { inner.get("enum").pointer } else { pointer.to_owned() },
            default: number("default"),
            maximum: number("maximum"),
            sourced: outer.sourced().collect(),
            pointer: pointer.to_owned(),
            ..Member::default()
        };
        // A type that contains itself is read once.
        if !open.contains(&inner.pointer) {
            open.push(inner.pointer.clone());
            member.members = self.members(&inner, request, open)?;
            open.pop();
        }
        Ok(member)
    }

    fn type_of(&self, schema: &Node<'a>) -> anyhow::Result<PageType> {
        Ok(match schema.value["type"].as_str() {
            Some("string") => PageType::String,
            Some("integer" | "number") => PageType::Number,
            Some("boolean") => PageType::Boolean,
            Some("object") => PageType::Object,
            Some("array") => PageType::Array(Some(Box::new(self.type_of(&self.resolve(schema.get("items"))?)?))),
            Some(other) => PageType::Other(other.to_owned()),
            None => {
                let choices = schema.list("oneOf").chain(schema.list("anyOf"));
                let choices = choices.map(|choice| self.type_of(&self.resolve(choice)?));
                match choices.collect::<anyhow::Result<Vec<_>>>()? {
                    choices if !choices.is_empty() => PageType::Either(choices),
                    _ if schema.value["allOf"].is_array() => PageType::Object,
                    _ => PageType::Json,
                }
            }
        })
    }
}
