//! The JSON Schemas of types with a hand-written JSON form.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Number, Value};

use crate::{CommaList, CouponRef, Decimal, EcwidDateTime, Patch, RawJson, ResponseFields, TimeFilter};

/// Gives each type the schema of another type with the same JSON form.
macro_rules! schemas {
    ($($name:ident $(<$parameter:ident>)?: $json:ty,)*) => { $(
        impl $(<$parameter: JsonSchema>)? JsonSchema for $name $(<$parameter>)? {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$json>::json_schema(generator)
            }
        }
    )* };
}

schemas! {
    CommaList<T>: Vec<T>,
    CouponRef: IntegerOrText,
    Decimal: Number,
    EcwidDateTime: String,
    RawJson: Value,
    Patch<T>: Option<T>,
    ResponseFields: String,
    TimeFilter: IntegerOrText,
}

// Without a doc comment, because that would become the description of the schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code)]
enum IntegerOrText {
    Integer(i64),
    Text(String),
}
