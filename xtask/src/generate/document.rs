//! The OpenAPI document as the generator needs it, in the document's own order.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use openapiv3::{
    AdditionalProperties, IntegerFormat, OpenAPI, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind,
    StatusCode, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::{
    extensions::check_extensions,
    field_type::FieldType,
    names::{CATCH_ALL, ensure_distinct, field_name, is_identifier, rust_name, variant_name},
};

/// The document, read and checked.
pub(crate) struct Document {
    /// The document as the OpenAPI library read it.
    pub(crate) api: OpenAPI,
    /// Every string enum among the components.
    pub(crate) enums: Vec<EnumType>,
    /// Every object among the components.
    pub(crate) objects: Vec<ObjectType>,
    /// Every component and its type.
    pub(crate) components: Vec<(String, FieldType)>,
    /// Every operation.
    pub(crate) operations: Vec<Operation>,
}

/// A string enum.
pub(crate) struct EnumType {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) variants: Vec<Variant>,
}

/// A value of a string enum.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) description: String,
}

/// An object.
pub(crate) struct ObjectType {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) members: Vec<Member>,
}

/// A property of an object.
pub(crate) struct Member {
    /// The name in JSON.
    pub(crate) name: String,
    /// The name in Rust.
    pub(crate) field: String,
    pub(crate) presence: Presence,
    pub(crate) field_type: FieldType,
    pub(crate) description: Option<String>,
}

/// What may stand in the place of a property's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The property must be there.
    Required,
    /// The property may be missing.
    Optional,
    /// The property may be missing, which keeps what is there, or null.
    Patch,
    /// The property may be missing, which keeps what is there, or null, which clears it.
    Clearable,
}

/// An operation.
pub(crate) struct Operation {
    /// The operation's id in Rust.
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// What the body of the request is, if there is one.
    pub(crate) body: Option<String>,
    /// The schema of the answer, where it is a component.
    pub(crate) answer: Option<String>,
}

/// A parameter of an operation.
pub(crate) struct Parameter {
    /// The name in the API.
    pub(crate) name: String,
    /// The name in Rust.
    pub(crate) field: String,
    pub(crate) field_type: FieldType,
    pub(crate) description: String,
    /// Whether it stands in the query, and not in the path.
    pub(crate) in_query: bool,
}

impl Operation {
    /// The description of an argument of its builder.
    pub(crate) fn argument(&self, field: &str) -> Option<&str> {
        let parameter = self.parameters.iter().find(|parameter| parameter.field == field);
        parameter.map(|it| it.description.as_str()).or_else(|| self.body.as_deref().filter(|_| field == "body"))
    }
}

impl Document {
    /// Reads the document; `value_types` are the components that are hand-written types of the client.
    pub(crate) fn read(text: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Self> {
        check_extensions(&serde_norway::from_str(text)?)?;
        let api: OpenAPI = serde_norway::from_str(text)?;
        let reader =
            Reader { api: &api, value_types, request_bodies: request_bodies(&api), comma_lists: comma_lists(&api) };

        let (mut enums, mut objects, mut components) = (Vec::new(), Vec::new(), Vec::new());
        for (name, schema) in reader.schemas() {
            // progenitor would give it another name, and the client's type of this one would not be found.
            ensure!(
                is_identifier(name) && name.to_upper_camel_case() == *name,
                "the schema `{name}` has no UpperCamelCase name, such as `{}`",
                name.to_upper_camel_case()
            );
            let field_type = reader.component_type(name, schema)?;
            match &field_type {
                FieldType::Enum(own) if own == name => enums.push(reader.enum_type(name, schema)?),
                FieldType::Object(own) if own == name => {
                    objects.push(reader.object_type(name, schema).with_context(|| format!("in the schema {name}"))?);
                }
                _ => {}
            }
            components.push((name.clone(), field_type));
        }
        for (component, _) in value_types {
            ensure!(
                components.iter().any(|(name, _)| name == component),
                "VALUE_TYPES names a schema `{component}`, which is not among the document's components"
            );
        }
        let operations = reader.operations()?;
        Ok(Self { enums, objects, components, operations, api })
    }

    /// The fields that have no description, as `Object.field`.
    pub(crate) fn undescribed_fields(&self) -> Vec<String> {
        let members = self.objects.iter().flat_map(|object| object.members.iter().map(move |member| (object, member)));
        let undescribed = members.filter(|(_, member)| member.description.is_none());
        undescribed.map(|(object, member)| format!("{}.{}", object.name, member.name)).collect()
    }

    /// The object of this name.
    pub(crate) fn object(&self, name: &str) -> Option<&ObjectType> {
        self.objects.iter().find(|object| object.name == name)
    }
}

struct Reader<'a> {
    api: &'a OpenAPI,
    value_types: &'a [(&'a str, FieldType)],
    request_bodies: BTreeSet<String>,
    /// The lists that parameters send as one value.
    comma_lists: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn schemas(&self) -> impl Iterator<Item = (&'a String, &'a Schema)> + use<'a> {
        let schemas = self.api.components.iter().flat_map(|components| &components.schemas);
        schemas.filter_map(|(name, schema)| Some((name, schema.as_item()?)))
    }

    fn schema(&self, reference: &str) -> anyhow::Result<(&'a str, &'a Schema)> {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or(reference);
        let found = self.schemas().find(|(known, _)| *known == name);
        found
            .map(|(name, schema)| (name.as_str(), schema))
            .with_context(|| format!("{reference} is not in the document"))
    }

    fn enum_type(&self, name: &str, schema: &Schema) -> anyhow::Result<EnumType> {
        let values = string_enum(schema).unwrap_or_default();
        let extensions = &schema.schema_data.extensions;
        let names = match extensions.get("x-enum-varnames") {
            Some(names) => serde_json::from_value(names.clone()).context("x-enum-varnames is not a list of names")?,
            None => values.iter().map(|value| variant_name(value)).collect::<Vec<_>>(),
        };
        ensure!(names.len() == values.len(), "{name}: x-enum-varnames and enum differ in length");
        for (variant, value) in names.iter().zip(&values) {
            ensure!(
                is_identifier(variant) && variant != CATCH_ALL,
                "{name}: the value `{value}` cannot be called `{variant}` in Rust: name it in x-enum-varnames"
            );
        }
        ensure_distinct(names.iter().zip(&values)).with_context(|| format!("{name}: name each in x-enum-varnames"))?;
        let mut descriptions: BTreeMap<String, String> = match extensions.get("x-enum-descriptions") {
            Some(all) => serde_json::from_value(all.clone())
                .with_context(|| format!("{name}: x-enum-descriptions is no map from value to text"))?,
            None => BTreeMap::new(),
        };
        let variants = names.into_iter().zip(values).map(|(name, value)| {
            let description = descriptions.remove(&value).unwrap_or_else(|| format!("The value `{value}`."));
            Variant { name, value, description }
        });
        let variants = variants.collect();
        if let Some(value) = descriptions.keys().next() {
            bail!("{name}: x-enum-descriptions describes `{value}`, which is no value of the enum");
        }
        Ok(EnumType { name: name.to_owned(), description: description(schema, name), variants })
    }

    fn object_type(&self, name: &str, schema: &Schema) -> anyhow::Result<ObjectType> {
        let partial = schema.schema_data.extensions.get("x-partial-update").is_some_and(|flag| flag == true);
        let mut parts = Parts::default();
        self.collect(schema, &mut parts)?;
        if let Some(missing) =
            parts.required.iter().find(|name| !parts.properties.iter().any(|(known, _)| *known == *name))
        {
            bail!("the required property {missing} is not among the properties");
        }
        let mut members = Vec::new();
        for (property, schema) in parts.properties {
            let inner = schema.as_item();
            // What the store alone sets is no part of what is sent.
            if self.request_bodies.contains(name) && inner.is_some_and(|schema| schema.schema_data.read_only) {
                continue;
            }
            let presence = match () {
                () if parts.required.contains(property) => Presence::Required,
                () if partial && self.is_nullable(schema)? => Presence::Clearable,
                () if partial => Presence::Patch,
                () => Presence::Optional,
            };
            let field_type = self.field_type(schema).with_context(|| format!("in the property {property}"))?;
            let mut description = inner.and_then(|schema| {
                let text = schema.schema_data.description.as_deref()?.trim();
                Some(if schema.schema_data.deprecated { format!("Deprecated. {text}") } else { text.to_owned() })
            });
            // Who fills a body sees there what each value means and what the store takes for none.
            if let Some(text) = description.as_mut().filter(|_| self.request_bodies.contains(name)) {
                text.push_str(&self.meanings(&field_type)?);
                if let Some(default) = parts.defaults.get(property) {
                    let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
                    text.push_str(&format!(" Defaults to {default}."));
                }
            }
            members.push(Member {
                name: property.clone(),
                field: field_name(property)?,
                presence,
                field_type,
                description,
            });
        }
        ensure_distinct(members.iter().map(|member| (&member.field, &member.name)))?;
        Ok(ObjectType { name: name.to_owned(), description: description(schema, name), members })
    }

    /// What each value of an enum means, to stand behind a description; nothing for another type.
    fn meanings(&self, field_type: &FieldType) -> anyhow::Result<String> {
        let FieldType::Enum(name) = field_type else { return Ok(String::new()) };
        let variants = self.enum_type(name, self.schema(name)?.1)?.variants;
        Ok(variants.iter().map(|it| format!(" {}: {}", it.value, it.description)).collect())
    }

    /// The properties of a schema and of all it is made of; the first that names a property describes it.
    fn collect(&self, schema: &'a Schema, parts: &mut Parts<'a>) -> anyhow::Result<()> {
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                parts.required.extend(object.required.iter().cloned());
                for (name, property) in &object.properties {
                    if let Some(default) = property.as_item().and_then(|schema| schema.schema_data.default.clone()) {
                        parts.defaults.insert(name, default);
                    }
                    if parts.properties.iter().all(|(known, _)| *known != name) {
                        parts.properties.push((name, unbox(property)));
                    }
                }
            }
            SchemaKind::AllOf { all_of } => {
                for part in all_of {
                    match part {
                        ReferenceOr::Reference { reference } => self.collect(self.schema(reference)?.1, parts)?,
                        ReferenceOr::Item(part) => self.collect(part, parts)?,
                    }
                }
            }
            _ => bail!("an object is made of objects only"),
        }
        Ok(())
    }

    fn is_nullable(&self, schema: Property<'a>) -> anyhow::Result<bool> {
        let schema = match schema {
            Property::Reference(reference) => self.schema(reference)?.1,
            Property::Inline(schema) => schema,
        };
        if schema.schema_data.nullable {
            return Ok(true);
        }
        match &schema.schema_kind {
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => self.is_nullable(Property::from(&all_of[0])),
            _ => Ok(false),
        }
    }

    fn field_type(&self, schema: Property<'a>) -> anyhow::Result<FieldType> {
        match schema {
            Property::Inline(schema) => self.inline_type(schema),
            Property::Reference(reference) => {
                let (name, schema) = self.schema(reference)?;
                self.component_type(name, schema)
            }
        }
    }

    fn component_type(&self, name: &str, schema: &'a Schema) -> anyhow::Result<FieldType> {
        if let Some((_, value_type)) = self.value_types.iter().find(|(component, _)| *component == name) {
            return Ok(value_type.clone());
        }
        if string_enum(schema).is_some() {
            return Ok(FieldType::Enum(name.to_owned()));
        }
        if is_object(schema) {
            return Ok(FieldType::Object(name.to_owned()));
        }
        let field_type = self.inline_type(schema).with_context(|| {
            format!("the schema {name} is no enum, object or list: name a type for it in VALUE_TYPES")
        })?;
        Ok(match field_type {
            FieldType::List(item) if self.comma_lists.contains(name) => FieldType::CommaList(item),
            other => other,
        })
    }

    fn inline_type(&self, schema: &'a Schema) -> anyhow::Result<FieldType> {
        Ok(match &schema.schema_kind {
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => self.field_type(Property::from(&all_of[0]))?,
            SchemaKind::Type(Type::Boolean(_)) => FieldType::Boolean,
            SchemaKind::Type(Type::Number(_)) => FieldType::Decimal,
            SchemaKind::Type(Type::Integer(integer)) => match integer.format {
                VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => FieldType::Int32,
                _ => FieldType::Int64,
            },
            SchemaKind::Type(Type::String(StringType { enumeration, .. })) => {
                ensure!(enumeration.is_empty(), "an enum is a component of its own, so that its type has a name");
                FieldType::Text
            }
            SchemaKind::Type(Type::Array(array)) => {
                let items = array.items.as_ref().context("an array says what its items are")?;
                FieldType::List(Box::new(self.field_type(unbox(items))?))
            }
            SchemaKind::Type(Type::Object(object)) if object.properties.is_empty() => {
                match &object.additional_properties {
                    Some(AdditionalProperties::Schema(values)) => {
                        FieldType::Map(Box::new(self.field_type(Property::from(&**values))?))
                    }
                    _ => bail!("an object without properties says what its additionalProperties are"),
                }
            }
            SchemaKind::Type(Type::Object(_)) => {
                bail!("an object is a component of its own, so that its type has a name")
            }
            _ => bail!("no type is known for this schema"),
        })
    }

    fn operations(&self) -> anyhow::Result<Vec<Operation>> {
        let mut operations = Vec::new();
        for (path, item) in &self.api.paths.paths {
            let item = item.as_item().with_context(|| format!("{path}: a path item is written in place"))?;
            for (method, operation) in item.iter() {
                let id =
                    operation.operation_id.as_deref().with_context(|| format!("{method} {path} has no operationId"))?;
                let scopes = operation.extensions.get("x-required-scopes");
                let scopes = scopes.with_context(|| format!("{id} has no x-required-scopes; write [] for none"))?;
                let parameters = item.parameters.iter().chain(&operation.parameters);
                let parameters = parameters.map(|it| self.parameter(it)).collect::<anyhow::Result<_>>();
                let body = body_of(operation).map(|name| anyhow::Ok(description(self.schema(name)?.1, name)));
                operations.push(Operation {
                    name: id.to_snake_case(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    summary: operation.summary.clone().unwrap_or_default(),
                    description: operation.description.clone().unwrap_or_default(),
                    scopes: serde_json::from_value(scopes.clone())
                        .with_context(|| format!("{id}: x-required-scopes"))?,
                    parameters: parameters.with_context(|| id.to_owned())?,
                    body: body.transpose()?,
                    answer: answer_of(operation).map(str::to_owned),
                });
            }
        }
        Ok(operations)
    }

    fn parameter(&self, parameter: &'a ReferenceOr<openapiv3::Parameter>) -> anyhow::Result<Parameter> {
        let parameter = self.resolved(parameter)?;
        let in_query = matches!(parameter, openapiv3::Parameter::Query { .. });
        let parameter = parameter.parameter_data_ref();
        let name = &parameter.name;
        let ParameterSchemaOrContent::Schema(schema) = &parameter.format else {
            bail!("the parameter {name} has no schema");
        };
        if let ReferenceOr::Item(schema) = schema {
            check_inline(schema).with_context(|| format!("in the parameter {name}"))?;
        }
        ensure!(
            !["new", "send"].contains(&name.as_str()),
            "the parameter {name} has the name of a method that every builder has"
        );
        let text = parameter.description.as_deref();
        Ok(Parameter {
            name: name.clone(),
            field: rust_name(name),
            field_type: self.field_type(schema.into()).with_context(|| format!("in the parameter {name}"))?,
            description: text.with_context(|| format!("the parameter {name} has no description"))?.trim().to_owned(),
            in_query,
        })
    }

    fn resolved(&self, parameter: &'a ReferenceOr<openapiv3::Parameter>) -> anyhow::Result<&'a openapiv3::Parameter> {
        match parameter {
            ReferenceOr::Item(parameter) => Ok(parameter),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/").unwrap_or(reference);
                let parameters = self.api.components.as_ref().map(|components| &components.parameters);
                let found = parameters.and_then(|all| all.get(name)).and_then(ReferenceOr::as_item);
                found.with_context(|| format!("{reference} is not in the document"))
            }
        }
    }
}

/// What an object is made of.
#[derive(Default)]
struct Parts<'a> {
    properties: Vec<(&'a String, Property<'a>)>,
    required: BTreeSet<String>,
    /// What the store takes for a property that is left out.
    defaults: BTreeMap<&'a String, serde_json::Value>,
}

/// A schema in its place, or the name of one. The library has two types for it, one of them boxed.
#[derive(Clone, Copy)]
enum Property<'a> {
    Reference(&'a str),
    Inline(&'a Schema),
}

impl<'a> Property<'a> {
    fn as_item(self) -> Option<&'a Schema> {
        match self {
            Self::Reference(_) => None,
            Self::Inline(schema) => Some(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Schema>> for Property<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Inline(schema),
        }
    }
}

fn unbox(schema: &ReferenceOr<Box<Schema>>) -> Property<'_> {
    match schema {
        ReferenceOr::Reference { reference } => Property::Reference(reference),
        ReferenceOr::Item(schema) => Property::Inline(schema),
    }
}

fn string_enum(schema: &Schema) -> Option<Vec<String>> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) if !string.enumeration.is_empty() => {
            Some(string.enumeration.iter().flatten().cloned().collect())
        }
        _ => None,
    }
}

/// Objects with properties, and what is made of such; a map has none.
fn is_object(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => !object.properties.is_empty(),
        SchemaKind::AllOf { .. } => true,
        _ => false,
    }
}

fn description(schema: &Schema, name: &str) -> String {
    schema
        .schema_data
        .description
        .as_deref()
        .map_or_else(|| format!("The schema `{name}`."), |text| text.trim().to_owned())
}

/// Refuses what progenitor makes a Rust type of that no other part of the client uses for it.
fn check_inline(schema: &Schema) -> anyhow::Result<()> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Number(_)) => {
            bail!("a number would be an f64, which rounds: write `$ref: \"#/components/schemas/Decimal\"`")
        }
        SchemaKind::Type(Type::Integer(integer)) => ensure!(
            integer.minimum.unwrap_or(0) == 0 && !integer.exclusive_minimum,
            "the minimum would make another Rust type of the integer: leave the minimum at 0"
        ),
        SchemaKind::Type(Type::String(string)) => ensure!(
            matches!(string.format, VariantOrUnknownOrEmpty::Empty),
            "the format would make another library's type of the string: leave the format out"
        ),
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(ReferenceOr::Item(items)) = &array.items {
                check_inline(items)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The names of the schemas that stand in request bodies.
fn request_bodies(api: &OpenAPI) -> BTreeSet<String> {
    let items = api.paths.paths.values().filter_map(ReferenceOr::as_item);
    items.flat_map(|item| item.iter()).filter_map(|(_, operation)| body_of(operation)).map(str::to_owned).collect()
}

/// The names of the lists that stand in the query with commas between their items.
fn comma_lists(api: &OpenAPI) -> BTreeSet<String> {
    let operations = api.paths.paths.values().filter_map(ReferenceOr::as_item).flat_map(|item| item.iter());
    let parameters = operations.flat_map(|(_, operation)| &operation.parameters).filter_map(ReferenceOr::as_item);
    let joined = parameters.map(openapiv3::Parameter::parameter_data_ref).filter(|data| data.explode == Some(false));
    let schemas = joined.filter_map(|data| match &data.format {
        ParameterSchemaOrContent::Schema(schema) => component(schema),
        ParameterSchemaOrContent::Content(_) => None,
    });
    schemas.map(str::to_owned).collect()
}

fn body_of(operation: &openapiv3::Operation) -> Option<&str> {
    json(&operation.request_body.as_ref()?.as_item()?.content)
}

fn answer_of(operation: &openapiv3::Operation) -> Option<&str> {
    json(&operation.responses.responses.get(&StatusCode::Code(200))?.as_item()?.content)
}

/// The component that a body in JSON is.
fn json(content: &openapiv3::Content) -> Option<&str> {
    component(content.get("application/json")?.schema.as_ref()?)
}

fn component(schema: &ReferenceOr<Schema>) -> Option<&str> {
    match schema {
        ReferenceOr::Reference { reference } => reference.strip_prefix("#/components/schemas/"),
        ReferenceOr::Item(_) => None,
    }
}
