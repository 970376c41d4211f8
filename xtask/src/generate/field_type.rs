//! The type of a field or a parameter, and its name in each language.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldType {
    Boolean,
    Int32,
    Int64,
    Text,
    /// A number of any precision.
    Decimal,
    DateTime,
    /// Any JSON value.
    Json,
    /// The id or the code of a coupon.
    CouponRef,
    /// Field names in the vendor's notation.
    ResponseFields,
    /// A time in a search filter.
    TimeFilter,
    /// A string enum of the document.
    Enum(String),
    /// An object of the document.
    Object(String),
    List(Box<Self>),
    /// A list that is sent as one comma-separated value.
    CommaList(Box<Self>),
    /// Values by name.
    Map(Box<Self>),
}

impl FieldType {
    /// Returns the type in Rust. `values` is the path of the client's value types, `types` that of its enums and objects.
    pub(super) fn rust(&self, values: &str, types: &str) -> String {
        let inner = |inner: &Self| inner.rust(values, types);
        match self {
            Self::Boolean => "bool".to_owned(),
            Self::Int32 => "i32".to_owned(),
            Self::Int64 => "i64".to_owned(),
            Self::Text => "String".to_owned(),
            Self::Decimal => format!("{values}Decimal"),
            Self::DateTime => format!("{values}EcwidDateTime"),
            Self::Json => format!("{values}RawJson"),
            Self::CouponRef => format!("{values}CouponRef"),
            Self::ResponseFields => format!("{values}ResponseFields"),
            Self::TimeFilter => format!("{values}TimeFilter"),
            Self::Enum(name) | Self::Object(name) => format!("{types}{name}"),
            Self::List(item) => format!("Vec<{}>", inner(item)),
            Self::CommaList(item) => format!("{values}CommaList<{}>", inner(item)),
            Self::Map(value) => format!("std::collections::BTreeMap<String, {}>", inner(value)),
        }
    }

    /// Returns the type in Rust by its full path in the client.
    pub(super) fn rust_path(&self) -> String {
        self.rust("crate::", "crate::types::")
    }

    /// Returns the Python type of a value that is read.
    pub(super) fn python_output(&self) -> String {
        match self {
            Self::Boolean => "bool".to_owned(),
            Self::Int32 | Self::Int64 => "int".to_owned(),
            Self::Text => "str".to_owned(),
            Self::Decimal => "Decimal".to_owned(),
            Self::DateTime => "datetime".to_owned(),
            Self::Enum(name) => format!("{name}Value"),
            Self::Object(name) => name.clone(),
            Self::List(item) => format!("tuple[{}, ...]", item.python_output()),
            _ => "Any".to_owned(),
        }
    }

    /// Returns the Python type of an argument.
    pub(super) fn python_input(&self) -> String {
        match self {
            Self::Decimal => "Amount".to_owned(),
            Self::DateTime => "Instant".to_owned(),
            Self::TimeFilter => "datetime | date | int | str".to_owned(),
            Self::ResponseFields => "Sequence[CouponField]".to_owned(),
            Self::Object(name) => format!("{name} | Mapping[str, Any]"),
            Self::List(item) => format!("Sequence[{}]", item.python_input()),
            Self::CommaList(item) => format!("{0} | Sequence[{0}]", item.python_input()),
            other => other.python_output(),
        }
    }

    /// Returns the name of the object, or of the objects in the list.
    pub(super) fn object(&self) -> Option<&str> {
        match self {
            Self::Object(name) => Some(name),
            Self::List(item) => item.object(),
            _ => None,
        }
    }

    /// Returns the name of the enum, or of the enums in the list.
    pub(super) fn enumeration(&self) -> Option<&str> {
        match self {
            Self::Enum(name) => Some(name),
            Self::List(item) | Self::CommaList(item) => item.enumeration(),
            _ => None,
        }
    }
}
