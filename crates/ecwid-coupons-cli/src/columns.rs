//! The columns of CSV files and tables: one column for each field. Fields of nested objects have names such as
//! `catalogLimit.products`. The last column, `extra`, contains unknown fields.

use ecwid_coupons::{
    __private::{dotted, flatten, leaves},
    JsonObject, RawJson, ResponseFields,
    schema::{Field, Kind},
};
use serde::Serialize;

use crate::fields::FieldSelection;

/// The name of the column with unknown fields.
const EXTRA: &str = "extra";

/// The columns of a result.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    fields: &'static [Field],
    names: Vec<String>,
    /// The columns in front, which are no fields of the object.
    leading: Vec<String>,
    /// Whether there is a column for unknown fields.
    has_extra: bool,
}

impl Columns {
    /// Returns a column for each field, and one for unknown fields.
    pub(crate) fn all(fields: &'static [Field]) -> Self {
        let mut columns = Self::known(fields);
        columns.names.push(EXTRA.to_owned());
        Self { has_extra: true, ..columns }
    }

    /// Returns a column for each field.
    pub(crate) fn known(fields: &'static [Field]) -> Self {
        let names = leaves(fields).iter().map(|leaf| dotted(leaf)).collect();
        Self { fields, names, leading: Vec::new(), has_extra: false }
    }

    /// Returns columns with these names, which are no fields of a coupon.
    pub(crate) fn named<N: AsRef<str>>(names: impl DoubleEndedIterator<Item = N>) -> Self {
        names.rev().fold(Self::known(&[]), |columns, name| columns.led_by(name.as_ref()))
    }

    /// Returns a column for each selected field, in the given order.
    pub(crate) fn chosen(fields: &'static [Field], chosen: &FieldSelection) -> Self {
        let mut names = Vec::new();
        add_chosen(fields, &chosen.fields, "", &mut names);
        Self { fields, names, leading: Vec::new(), has_extra: false }
    }

    /// Adds a column in front.
    pub(crate) fn led_by(mut self, name: &str) -> Self {
        self.names.insert(0, name.to_owned());
        self.leading.push(name.to_owned());
        self
    }

    /// Returns the names of the columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the cells of a row, formatted by `to_cell`. The cell of an absent field is empty.
    pub(crate) fn cells<T: Serialize>(
        &self,
        row: &T,
        to_cell: impl Fn(&RawJson) -> Result<String, serde_json::Error>,
    ) -> Result<Vec<String>, serde_json::Error> {
        // Take the JSON text of the row, because it preserves all digits.
        let (mut values, mut rest) = flatten(RawJson::from_value(row)?.deserialize()?, self.fields)?;
        values.extend(self.leading.iter().filter_map(|name| rest.remove_entry(name.as_str())));
        if self.has_extra && !rest.is_empty() {
            values.insert(EXTRA.to_owned(), RawJson::from_value(&rest)?);
        }
        let cell = |name: &String| match values.get(name) {
            Some(json) => to_cell(json),
            // Unknown fields can be selected too.
            None if !self.has_extra => by_path(&rest, name).as_ref().map_or_else(|| Ok(String::new()), &to_cell),
            None => Ok(String::new()),
        };
        self.names.iter().map(cell).collect()
    }
}

fn add_chosen(fields: &'static [Field], chosen: &ResponseFields, prefix: &str, names: &mut Vec<String>) {
    for (name, inside) in chosen.iter() {
        let path = format!("{prefix}{name}");
        let inside_fields = match fields.iter().find(|field| field.name == name).map(|field| field.kind) {
            Some(Kind::Object(fields)) => Some(fields),
            _ => None,
        };
        match (inside, inside_fields) {
            (Some(inside), fields) => add_chosen(fields.unwrap_or_default(), inside, &format!("{path}."), names),
            (None, Some(fields)) => names.extend(leaves(fields).iter().map(|leaf| format!("{path}.{}", dotted(leaf)))),
            (None, None) => names.push(path),
        }
    }
}

/// Returns the field at a path such as `loyalty.points`.
fn by_path(object: &JsonObject, path: &str) -> Option<RawJson> {
    object.get(path).cloned().or_else(|| {
        let (name, rest) = path.split_once('.')?;
        by_path(&object.get(name)?.deserialize().ok()?, rest)
    })
}

/// Formats a value as a cell: text without quotes, anything else as JSON.
pub(crate) fn text(json: &RawJson) -> Result<String, serde_json::Error> {
    match json.as_str() {
        text if text.starts_with('"') => json.deserialize(),
        "null" => Ok(String::new()),
        text => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use ecwid_coupons::types::Coupon;

    use super::{Columns, text};

    fn coupon() -> Coupon {
        serde_json::from_str(
            r#"{"id":1,"name":"a \"b\"","discount":10.50,"catalogLimit":{"products":[1, 2],"brands":["x"]},
                "loyalty":{"points":2.0},"deep":null}"#,
        )
        .unwrap()
    }

    #[test]
    fn every_field_has_a_column_and_unknown_fields_are_kept() {
        let columns = Columns::all(Coupon::FIELDS);
        let cells = columns.cells(&coupon(), text).unwrap();
        let row: std::collections::BTreeMap<_, _> = columns.names().iter().map(String::as_str).zip(cells).collect();
        assert_eq!(row["id"], "1");
        assert_eq!(row["name"], "a \"b\"");
        assert_eq!(row["discount"], "10.50");
        assert_eq!(row["catalogLimit.products"], "[1,2]");
        assert_eq!(row["catalogLimit.categories"], "");
        assert_eq!(row["shippingLimit.shippingMethods"], "");
        assert_eq!(row["extra"], r#"{"catalogLimit":{"brands":["x"]},"deep":null,"loyalty":{"points":2.0}}"#);
    }

    #[test]
    fn a_deeply_nested_field_fits_into_a_cell() {
        let deep = |opening: &str, closing: &str| format!("{}1{}", opening.repeat(60_000), closing.repeat(60_000));
        for value in [deep("[", "]"), deep(r#"{"a":"#, "}")] {
            let coupon: Coupon = serde_json::from_str(&format!(r#"{{"id":1,"new":{value}}}"#)).unwrap();
            for (chosen, expected) in [("new", value.as_str()), ("id", "1"), ("new.b", "")] {
                let columns = Columns::chosen(Coupon::FIELDS, &chosen.parse().unwrap());
                assert!(columns.cells(&coupon, text).unwrap() == [expected], "{chosen}");
            }
            assert!(Columns::all(Coupon::FIELDS).cells(&coupon, text).unwrap().last().unwrap().len() > value.len());
        }
    }

    #[test]
    fn selected_columns_keep_their_order() {
        let chosen = "discount,catalogLimit.products,catalogLimit.brands,id,shippingLimit,loyalty.points,deeper"
            .parse()
            .unwrap();
        let columns = Columns::chosen(Coupon::FIELDS, &chosen);
        assert_eq!(
            columns.names(),
            [
                "discount",
                "catalogLimit.products",
                "catalogLimit.brands",
                "id",
                "shippingLimit.shippingMethods",
                "loyalty.points",
                "deeper"
            ]
        );
        assert_eq!(columns.cells(&coupon(), text).unwrap(), ["10.50", "[1,2]", "[\"x\"]", "1", "", "2.0", ""]);
    }
}
