//! Writes coupons as a declaration.

use ecwid_coupons::{
    JsonObject, RawJson,
    schema::{Field, Kind},
    types::{Coupon, CouponUpdate},
};
use serde::{Serialize, Serializer};
use toml::Value;

/// Returns a [`Declaration`](crate::Declaration) of coupons, in TOML and in the given order.
///
/// The fields that the store sets are left out: see [`Coupon::is_set_by_store`]. So are `repeatCustomerOnly`, because it
/// follows from `applicationLimit`, fields that this version does not know, and coupons without a code.
///
/// # Example
///
/// ```
/// use ecwid_coupons_jobs::to_toml;
///
/// let coupon = serde_json::from_str(r#"{"id":1,"name":"Ten","code":"1E10","discount":10.50,"orderCount":3}"#)?;
/// assert_eq!(to_toml(&[coupon]), "[coupons.1E10]\nname = \"Ten\"\ndiscount = \"10.50\"\n");
/// # Ok::<_, serde_json::Error>(())
/// ```
pub fn to_toml(coupons: &[Coupon]) -> String {
    let tables = coupons.iter().filter_map(|coupon| Some((coupon.code.clone()?, fields(coupon))));
    let document = InOrder(vec![("coupons".to_owned(), InOrder(tables.collect()))]);
    toml::to_string(&document).expect("a coupon has no value that TOML lacks")
}

/// A table that keeps its order.
struct InOrder<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for InOrder<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

fn fields(coupon: &Coupon) -> InOrder<Value> {
    let mut members = members(&RawJson::from_value(coupon).expect("a coupon is JSON"));
    members.retain(|name, value| !Coupon::is_set_by_store(name, value));
    members.remove("code");
    if members.contains_key("applicationLimit") {
        members.remove("repeatCustomerOnly");
    }
    InOrder(values(CouponUpdate::FIELDS, &members).collect())
}

fn values(fields: &[Field], members: &JsonObject) -> impl Iterator<Item = (String, Value)> {
    fields.iter().filter_map(|field| Some((field.name.to_owned(), value(&field.kind, members.get(field.name)?)?)))
}

/// Converts a value. Returns `None` if there is nothing to declare.
fn value(kind: &Kind, json: &RawJson) -> Option<Value> {
    match kind {
        Kind::Boolean => json.deserialize().ok().map(Value::Boolean),
        Kind::Integer | Kind::Decimal => Some(number(json.as_str())).filter(|_| json.as_str() != "null"),
        Kind::Text | Kind::Enum(_) | Kind::DateTime => json.deserialize().ok().map(Value::String),
        Kind::List(item) => {
            let items: Vec<RawJson> = json.deserialize().ok()?;
            let items: Vec<_> = items.iter().filter_map(|json| value(item, json)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Kind::Object(fields) => {
            let table: toml::Table = values(fields, &members(json)).collect();
            (!table.is_empty()).then_some(Value::Table(table))
        }
        _ => None,
    }
}

/// Writes a number as text if a number of TOML would lose digits.
fn number(digits: &str) -> Value {
    if let Ok(integer) = digits.parse() {
        return Value::Integer(integer);
    }
    match digits.parse::<f64>() {
        Ok(float) if float.to_string() == digits => Value::Float(float),
        _ => Value::String(digits.to_owned()),
    }
}

fn members(json: &RawJson) -> JsonObject {
    json.deserialize().unwrap_or_default()
}
