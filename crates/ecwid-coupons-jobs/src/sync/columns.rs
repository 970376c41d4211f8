//! The columns of a coupon in SQLite, derived from the fields of a coupon.

use ecwid_coupons::{
    __private::{dotted, flatten, leaves},
    EcwidDateTime, RawJson,
    schema::Kind,
    types::Coupon,
};
use heck::ToSnakeCase as _;
use rusqlite::types::Value;

use super::{SyncError, time_text};

/// A column of the table.
#[derive(Debug)]
pub(super) struct Column {
    /// The name, such as `catalog_limit_products`.
    pub(super) name: String,
    /// The names of the fields, such as `catalogLimit.products`.
    path: String,
    kind: Kind,
}

/// The column of unknown fields.
pub(super) const EXTRA: &str = "extra";

/// Returns the columns of the fields, without those of unknown fields.
pub(super) fn columns() -> Vec<Column> {
    let column = |path: &Vec<&ecwid_coupons::schema::Field>| {
        let names: Vec<_> = path.iter().map(|field| field.name.to_snake_case()).collect();
        Some(Column { name: names.join("_"), path: dotted(path), kind: path.last()?.kind })
    };
    leaves(Coupon::FIELDS).iter().filter_map(column).collect()
}

impl Column {
    /// Returns the type in SQLite.
    pub(super) fn sql_type(&self) -> &'static str {
        match self.kind {
            Kind::Boolean | Kind::Integer => "INTEGER",
            _ => "TEXT",
        }
    }

    pub(super) fn is_decimal(&self) -> bool {
        self.kind == Kind::Decimal
    }

    fn value(&self, json: &RawJson) -> Result<Value, serde_json::Error> {
        let text = json.as_str();
        Ok(match self.kind {
            _ if text == "null" => Value::Null,
            Kind::Boolean => Value::Integer(json.deserialize::<bool>()?.into()),
            Kind::Integer => Value::Integer(json.deserialize()?),
            Kind::DateTime => {
                let date: EcwidDateTime = json.deserialize()?;
                Value::Text(date.to_utc().map_or_else(|| date.to_string(), time_text))
            }
            _ if text.starts_with('"') => Value::Text(json.deserialize()?),
            _ => Value::Text(text.to_owned()),
        })
    }
}

/// Returns the values of the columns, and then that of the unknown fields.
pub(super) fn values(columns: &[Column], coupon: &Coupon) -> Result<Vec<Value>, SyncError> {
    let read = || {
        // The JSON text preserves all digits.
        let (values, rest) = flatten(RawJson::from_value(coupon)?.deserialize()?, Coupon::FIELDS)?;
        let value = |column: &Column| values.get(&column.path).map_or(Ok(Value::Null), |json| column.value(json));
        let mut row = columns.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        row.push(if rest.is_empty() { Value::Null } else { Value::Text(serde_json::to_string(&rest)?) });
        Ok(row)
    };
    read().map_err(|error: serde_json::Error| SyncError::Coupon(format!("{}: {error}", coupon.id.unwrap_or_default())))
}
