//! The parts of the OpenAPI document that the generator uses, in the order of the document.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use openapiv3::OpenAPI;
use serde_norway::{Value, from_value};

use super::{
    extensions::check_extensions,
    field_type::FieldType,
    names::{CATCH_ALL, ensure_distinct, field_name, is_identifier, rust_name, variant_name},
};

/// The methods of a path, in the order in which progenitor writes their operations.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(crate) struct Document {
    pub(crate) api: OpenAPI,
    pub(crate) enums: Vec<EnumType>,
    pub(crate) objects: Vec<ObjectType>,
    pub(crate) components: Vec<(String, FieldType)>,
    pub(crate) operations: Vec<Operation>,
}

pub(crate) struct EnumType {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) variants: Vec<Variant>,
}

pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) description: String,
}

pub(crate) struct ObjectType {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) role: Role,
    pub(crate) members: Vec<Member>,
}

/// Where an object occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is the body of a request.
    Request,
    /// It is a part of a request.
    Part,
    /// It is in responses only.
    Response,
}

#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) field: String,
    pub(crate) presence: Presence,
    pub(crate) field_type: FieldType,
    pub(crate) description: Option<String>,
    /// What to use instead, if the property is deprecated.
    pub(crate) deprecated: Option<String>,
}

impl Member {
    /// Returns the names of the setters in Rust: one that sets a value, and in requests one that sets an optional value and
    /// one that clears the property.
    pub(crate) fn setters(&self, role: Role) -> Vec<String> {
        let Self { field, presence, .. } = self;
        let bare = field.trim_matches('_');
        if role == Role::Response {
            // A setter with the name of the property looks like a getter.
            return vec![format!("with_{bare}")];
        }
        let maybe = (*presence != Presence::Required).then(|| format!("maybe_{bare}"));
        let clear = (*presence == Presence::Clearable).then(|| format!("clear_{bare}"));
        [Some(field.clone()), maybe, clear].into_iter().flatten().collect()
    }
}

/// Which values a property can have besides those of its type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// The property can be absent, which keeps the value, or null.
    Patch,
    /// The property can be absent, which keeps the value, or null, which clears it.
    Clearable,
}

pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    /// What to use instead, if the operation is deprecated.
    pub(crate) deprecated: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// The description of the request body.
    pub(crate) body: Option<String>,
    /// The component that is the schema of the response.
    pub(crate) response: Option<String>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) field: String,
    pub(crate) field_type: FieldType,
    pub(crate) description: String,
    /// What to use instead, if the parameter is deprecated.
    pub(crate) deprecated: Option<String>,
    /// Whether the parameter is in the query. Other parameters are in the path.
    pub(crate) in_query: bool,
}

impl Operation {
    /// Returns the description of an argument of the builder.
    pub(crate) fn argument(&self, field: &str) -> Option<&str> {
        let parameter = self.parameters.iter().find(|parameter| parameter.field == field);
        parameter.map(|it| it.description.as_str()).or_else(|| self.body.as_deref().filter(|_| field == "body"))
    }
}

impl Document {
    /// Reads and checks the document. `value_types` are the components that are hand-written types of the client.
    pub(crate) fn read(text: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Self> {
        let root = serde_norway::from_str(text)?;
        check_extensions(&root)?;
        let api: OpenAPI = serde_norway::from_str(text)?;
        let reader = Reader::new(&root, value_types);

        let (mut enums, mut objects, mut components) = (Vec::new(), Vec::new(), Vec::new());
        for (name, schema) in entries(&root["components"]["schemas"]) {
            // progenitor would change any other name, and the replacement of its type would have no effect.
            ensure!(
                is_identifier(name) && name.to_upper_camel_case() == name,
                "invalid name of a schema: `{name}` (expected UpperCamelCase, such as `{}`)",
                name.to_upper_camel_case()
            );
            let field_type = reader.component_type(name, schema)?;
            match &field_type {
                FieldType::Enum(own) if own == name => enums.push(reader.enum_type(name, schema)?),
                FieldType::Object(own) if own == name => {
                    objects.push(reader.object_type(name, schema).with_context(|| format!("in the schema `{name}`"))?);
                }
                _ => {}
            }
            components.push((name.to_owned(), field_type));
        }
        for (component, _) in value_types {
            ensure!(
                components.iter().any(|(name, _)| name == component),
                "unknown schema in VALUE_TYPES: `{component}` (expected a component of the document)"
            );
        }
        set_roles(&mut objects, &components, &reader.request_bodies);
        for object in &objects {
            object.check_setters().with_context(|| format!("in the schema `{}`", object.name))?;
        }
        let operations = reader.paths().map(|(path, item, method, it)| reader.operation(path, item, method, it));
        let operations = operations.collect::<anyhow::Result<_>>()?;
        Ok(Self { enums, objects, components, operations, api })
    }

    /// Returns the fields that have no description, as `Object.field`.
    pub(crate) fn undescribed_fields(&self) -> Vec<String> {
        let members = self.objects.iter().flat_map(|object| object.members.iter().map(move |member| (object, member)));
        let undescribed = members.filter(|(_, member)| member.description.is_none());
        undescribed.map(|(object, member)| format!("{}.{}", object.name, member.name)).collect()
    }

    pub(crate) fn object(&self, name: &str) -> Option<&ObjectType> {
        self.objects.iter().find(|object| object.name == name)
    }
}

/// Sets the role of each object that is a request body or a part of one.
fn set_roles(objects: &mut [ObjectType], components: &[(String, FieldType)], bodies: &BTreeSet<&str>) {
    let mut parts: Vec<String> = Vec::new();
    for body in bodies {
        match components.iter().find(|(name, _)| name == body) {
            Some((_, FieldType::Object(name))) => {
                if let Some(object) = objects.iter_mut().find(|object| object.name == *name) {
                    object.role = Role::Request;
                    parts.extend(object.inner_objects());
                }
            }
            Some((_, list)) => parts.extend(list.object().map(str::to_owned)),
            None => {}
        }
    }
    while let Some(name) = parts.pop() {
        let object = objects.iter_mut().find(|object| object.name == name && object.role == Role::Response);
        if let Some(object) = object {
            object.role = Role::Part;
            parts.extend(object.inner_objects());
        }
    }
}

impl ObjectType {
    /// Returns the names of the objects in its properties.
    fn inner_objects(&self) -> impl Iterator<Item = String> {
        self.members.iter().filter_map(|member| member.field_type.object().map(str::to_owned))
    }

    /// Fails if two setters have the same name.
    fn check_setters(&self) -> anyhow::Result<()> {
        let setters = self.members.iter().flat_map(|member| {
            let setters = member.setters(self.role).into_iter();
            setters.map(move |setter| (setter, member.name.as_str()))
        });
        let setters: Vec<_> = setters.collect();
        ensure_distinct(setters.iter().map(|(setter, name)| (setter.as_str(), *name)))
    }
}

struct Reader<'a> {
    root: &'a Value,
    value_types: &'a [(&'a str, FieldType)],
    /// The names of the schemas of request bodies.
    request_bodies: BTreeSet<&'a str>,
    /// The names of the lists that are sent as one comma-separated query parameter.
    comma_lists: BTreeSet<&'a str>,
}

impl<'a> Reader<'a> {
    fn new(root: &'a Value, value_types: &'a [(&'a str, FieldType)]) -> Self {
        let mut reader = Self { root, value_types, request_bodies: BTreeSet::new(), comma_lists: BTreeSet::new() };
        for (_, _, _, operation) in reader.paths() {
            reader.request_bodies.extend(body_of(operation));
            let joined = list(&operation["parameters"]).filter(|parameter| parameter["explode"] == false);
            reader.comma_lists.extend(joined.filter_map(|parameter| component(&parameter["schema"])));
        }
        reader
    }

    /// Returns each operation after its path, its path item and its method.
    fn paths(&self) -> impl Iterator<Item = (&'a str, &'a Value, &'static str, &'a Value)> + use<'a> {
        entries(&self.root["paths"]).flat_map(|(path, item)| {
            let operations = METHODS.into_iter().map(move |method| (path, item, method, &item[method]));
            operations.filter(|(_, _, _, operation)| !operation.is_null())
        })
    }

    /// Resolves a reference to a component, and returns the component with its name. Other values are returned without a name.
    fn resolve(&self, value: &'a Value) -> anyhow::Result<(Option<&'a str>, &'a Value)> {
        let Some(reference) = value["$ref"].as_str() else { return Ok((None, value)) };
        let place = reference.strip_prefix("#/components/").and_then(|place| place.split_once('/'));
        let found = place.map(|(kind, name)| (Some(name), &self.root["components"][kind][name]));
        found
            .filter(|(_, found)| !found.is_null())
            .with_context(|| format!("unknown reference: `{reference}` (expected a component of the document)"))
    }

    fn enum_type(&self, name: &str, schema: &Value) -> anyhow::Result<EnumType> {
        let values: Vec<_> = list(&schema["enum"]).filter_map(Value::as_str).collect();
        let names = match &schema["x-enum-varnames"] {
            Value::Null => values.iter().map(|value| variant_name(value)).collect(),
            names => from_value::<Vec<String>>(names.clone())
                .context("invalid x-enum-varnames (expected a list of names)")?,
        };
        ensure!(names.len() == values.len(), "{name}: x-enum-varnames and enum have different lengths");
        for (variant, value) in names.iter().zip(&values) {
            ensure!(
                is_identifier(variant) && variant != CATCH_ALL,
                "{name}: no Rust name for the value `{value}`: `{variant}`\nhint: name the value in x-enum-varnames"
            );
        }
        ensure_distinct(names.iter().map(String::as_str).zip(values.iter().copied()))
            .with_context(|| format!("{name}: values with the same Rust name (name each value in x-enum-varnames)"))?;
        let mut descriptions: BTreeMap<String, String> = match &schema["x-enum-descriptions"] {
            Value::Null => BTreeMap::new(),
            all => from_value(all.clone())
                .with_context(|| format!("{name}: invalid x-enum-descriptions (expected a map of values to text)"))?,
        };
        let variants = names.into_iter().zip(values).map(|(name, value)| {
            let description = descriptions.remove(value).unwrap_or_else(|| format!("The value `{value}`."));
            Variant { name, value: value.to_owned(), description }
        });
        let variants = variants.collect();
        if let Some(value) = descriptions.keys().next() {
            bail!("{name}: unknown value in x-enum-descriptions: `{value}`");
        }
        Ok(EnumType { name: name.to_owned(), description: description(schema, name), variants })
    }

    fn object_type(&self, name: &str, schema: &'a Value) -> anyhow::Result<ObjectType> {
        let partial = schema["x-partial-update"] == true;
        let is_sent = self.request_bodies.contains(name);
        let mut parts = Parts::default();
        self.collect(schema, &mut parts)?;
        if let Some(missing) = parts.required.iter().find(|name| !parts.properties.iter().any(|(it, _)| it == *name)) {
            bail!("unknown required property: `{missing}`");
        }
        let mut members = Vec::new();
        for (property, schema) in parts.properties {
            // Requests do not contain the fields that only the store sets.
            if is_sent && schema["readOnly"] == true {
                continue;
            }
            let presence = match () {
                () if parts.required.contains(property) => Presence::Required,
                () if partial && self.is_nullable(schema)? => Presence::Clearable,
                () if partial => Presence::Patch,
                () => Presence::Optional,
            };
            let field_type = self.field_type(schema).with_context(|| format!("in the property `{property}`"))?;
            let description = schema["description"].as_str().map(|text| text.trim().to_owned());
            // Callers who write a request body need the meaning of each value and the default.
            let description = match description {
                Some(text) if is_sent => {
                    let default = parts.defaults.get(property).map(|default| match default.as_str() {
                        Some(text) => Ok(format!(" Defaults to {text}.")),
                        None => serde_json::to_string(default).map(|default| format!(" Defaults to {default}.")),
                    });
                    Some(text + &self.meanings(&field_type)? + &default.transpose()?.unwrap_or_default())
                }
                other => other,
            };
            let field = field_name(property)?;
            let deprecated = self.deprecation(schema)?;
            members.push(Member { name: property.to_owned(), field, presence, field_type, description, deprecated });
        }
        ensure_distinct(members.iter().map(|member| (member.field.as_str(), member.name.as_str())))?;
        let role = Role::Response;
        Ok(ObjectType { name: name.to_owned(), description: description(schema, name), role, members })
    }

    /// Returns the meanings of the values of an enum, to append to a description. Returns an empty string for other types.
    fn meanings(&self, field_type: &FieldType) -> anyhow::Result<String> {
        let FieldType::Enum(name) = field_type else { return Ok(String::new()) };
        let variants = self.enum_type(name, &self.root["components"]["schemas"][name.as_str()])?.variants;
        Ok(variants.iter().map(|it| format!(" {}: {}", it.value, it.description)).collect())
    }

    /// Collects the properties of a schema and of its parts. The first occurrence of a property describes it.
    fn collect(&self, schema: &'a Value, parts: &mut Parts<'a>) -> anyhow::Result<()> {
        let is_object = schema["type"] == "object" || schema["allOf"].is_sequence();
        ensure!(is_object, "unsupported part of an object (expected an object)");
        parts.required.extend(list(&schema["required"]).filter_map(Value::as_str));
        for (name, property) in entries(&schema["properties"]) {
            if !property["default"].is_null() {
                parts.defaults.insert(name, &property["default"]);
            }
            if parts.properties.iter().all(|(known, _)| *known != name) {
                parts.properties.push((name, property));
            }
        }
        list(&schema["allOf"]).try_for_each(|part| self.collect(self.resolve(part)?.1, parts))
    }

    /// Returns what to use instead of a deprecated property, parameter or operation.
    ///
    /// A component that is deprecated marks all properties and parameters of its type.
    fn deprecation(&self, value: &'a Value) -> anyhow::Result<Option<String>> {
        let (_, value) = self.resolve(value)?;
        if value["deprecated"] == true {
            return Ok(value["x-deprecated"].as_str().map(str::to_owned));
        }
        let inner = only_part(value).or_else(|| ["schema", "items"].iter().find_map(|key| value.get(key)));
        inner.map_or(Ok(None), |inner| self.deprecation(inner))
    }

    fn is_nullable(&self, schema: &'a Value) -> anyhow::Result<bool> {
        let (_, schema) = self.resolve(schema)?;
        Ok(schema["nullable"] == true || only_part(schema).map_or(Ok(false), |part| self.is_nullable(part))?)
    }

    fn field_type(&self, schema: &'a Value) -> anyhow::Result<FieldType> {
        match self.resolve(schema)? {
            (Some(name), schema) => self.component_type(name, schema),
            (None, schema) => self.inline_type(schema),
        }
    }

    fn component_type(&self, name: &str, schema: &'a Value) -> anyhow::Result<FieldType> {
        if let Some((_, value_type)) = self.value_types.iter().find(|(component, _)| *component == name) {
            return Ok(value_type.clone());
        }
        if schema["type"] == "string" && !schema["enum"].is_null() {
            return Ok(FieldType::Enum(name.to_owned()));
        }
        if is_object(schema) {
            return Ok(FieldType::Object(name.to_owned()));
        }
        let field_type = self.inline_type(schema).with_context(|| {
            format!(
                "no type for the schema `{name}` (expected an enum, an object or a list)\nhint: add it to VALUE_TYPES"
            )
        })?;
        Ok(match field_type {
            FieldType::List(item) if self.comma_lists.contains(name) => FieldType::CommaList(item),
            other => other,
        })
    }

    fn inline_type(&self, schema: &'a Value) -> anyhow::Result<FieldType> {
        if let Some(part) = only_part(schema) {
            return self.field_type(part);
        }
        Ok(match schema["type"].as_str() {
            Some("boolean") => FieldType::Boolean,
            Some("number") => FieldType::Decimal,
            Some("integer") if schema["format"] == "int32" => FieldType::Int32,
            Some("integer") => FieldType::Int64,
            Some("string") => {
                ensure!(schema["enum"].is_null(), "inline enum (expected a component, because the type needs a name)");
                FieldType::Text
            }
            Some("array") => {
                ensure!(!schema["items"].is_null(), "array without `items`");
                FieldType::List(Box::new(self.field_type(&schema["items"])?))
            }
            Some("object") => {
                ensure!(!is_object(schema), "inline object (expected a component, because the type needs a name)");
                let values = &schema["additionalProperties"];
                ensure!(values.is_mapping(), "object without `properties` or `additionalProperties`");
                FieldType::Map(Box::new(self.field_type(values)?))
            }
            _ => bail!("unsupported type of a schema"),
        })
    }

    fn operation(&self, path: &str, item: &'a Value, method: &str, operation: &'a Value) -> anyhow::Result<Operation> {
        let id = operation["operationId"].as_str().with_context(|| format!("{method} {path}: missing operationId"))?;
        let scopes = &operation["x-required-scopes"];
        ensure!(!scopes.is_null(), "{id}: missing x-required-scopes (expected a list, `[]` for none)");
        let parameters = list(&item["parameters"]).chain(list(&operation["parameters"]));
        let parameters = parameters.map(|it| self.parameter(it)).collect::<anyhow::Result<_>>();
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        let body = body_of(operation).map(|name| description(&self.root["components"]["schemas"][name], name));
        Ok(Operation {
            name: id.to_snake_case(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text("summary"),
            description: text("description"),
            deprecated: self.deprecation(operation)?,
            scopes: from_value(scopes.clone()).with_context(|| format!("{id}: x-required-scopes"))?,
            parameters: parameters.with_context(|| id.to_owned())?,
            body,
            response: json(&operation["responses"]["200"]).map(str::to_owned),
        })
    }

    fn parameter(&self, parameter: &'a Value) -> anyhow::Result<Parameter> {
        let (_, parameter) = self.resolve(parameter)?;
        let name = parameter["name"].as_str().context("parameter without a name")?;
        let schema = &parameter["schema"];
        ensure!(!schema.is_null(), "parameter `{name}`: missing schema");
        check_inline(schema).with_context(|| format!("in the parameter `{name}`"))?;
        ensure!(
            !["new", "send"].contains(&name),
            "invalid name of a parameter: `{name}` (every builder has a method with this name)"
        );
        let text = parameter["description"].as_str();
        Ok(Parameter {
            name: name.to_owned(),
            field: rust_name(name),
            field_type: self.field_type(schema).with_context(|| format!("in the parameter `{name}`"))?,
            description: text.with_context(|| format!("parameter `{name}`: missing description"))?.trim().to_owned(),
            deprecated: self.deprecation(parameter)?,
            in_query: parameter["in"] == "query",
        })
    }
}

/// The parts of an object, collected from its schema.
#[derive(Default)]
struct Parts<'a> {
    properties: Vec<(&'a str, &'a Value)>,
    required: BTreeSet<&'a str>,
    /// The values that the store uses for absent properties.
    defaults: BTreeMap<&'a str, &'a Value>,
}

/// Returns whether a schema is an object with properties, or is made of such objects. A map has no properties.
fn is_object(schema: &Value) -> bool {
    schema["allOf"].is_sequence() || (schema["type"] == "object" && !schema["properties"].is_null())
}

/// Returns the part of an `allOf` with one part, which is the way to add a description to a reference.
fn only_part(schema: &Value) -> Option<&Value> {
    schema["allOf"].as_sequence().filter(|parts| parts.len() == 1)?.first()
}

fn description(schema: &Value, name: &str) -> String {
    schema["description"].as_str().map_or_else(|| format!("The schema `{name}`."), |text| text.trim().to_owned())
}

/// Rejects schemas that progenitor turns into other Rust types than the rest of the client uses.
fn check_inline(schema: &Value) -> anyhow::Result<()> {
    match schema["type"].as_str() {
        Some("number") => {
            bail!(
                "inline number, which would become a rounding f64\nhint: write `$ref: \"#/components/schemas/Decimal\"`"
            )
        }
        Some("integer") => ensure!(
            schema["minimum"].as_i64().unwrap_or(0) == 0 && schema["exclusiveMinimum"] != true,
            "minimum that changes the Rust type of the integer\nhint: leave the minimum at 0"
        ),
        Some("string") => ensure!(
            schema["format"].is_null(),
            "format that changes the Rust type of the string\nhint: leave the format out"
        ),
        Some("array") => check_inline(&schema["items"])?,
        _ => {}
    }
    Ok(())
}

fn body_of(operation: &Value) -> Option<&str> {
    json(&operation["requestBody"])
}

/// Returns the component that is the schema of a JSON body.
fn json(body: &Value) -> Option<&str> {
    component(&body["content"]["application/json"]["schema"])
}

fn component(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_mapping().into_iter().flatten().filter_map(|(name, value)| Some((name.as_str()?, value)))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten()
}
