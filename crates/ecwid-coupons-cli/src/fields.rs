//! The fields of a coupon by name: flattened for flags and columns, and chosen by `--fields`.

use std::str::FromStr;

use ecwid_coupons::{
    ResponseFields, ResponseFieldsError,
    schema::{Field, Kind},
    types::Coupon,
};
use heck::{ToKebabCase as _, ToLowerCamelCase as _};

use crate::exit;

/// A field that holds a value: one of the coupon's own, or one inside an object such as `catalogLimit`.
#[derive(Clone, Debug)]
pub(crate) struct FieldPath {
    /// The names on the way to it.
    pub(crate) path: Vec<&'static str>,
    /// The fields on the way to it, and itself.
    pub(crate) fields: Vec<&'static Field>,
    pub(crate) field: &'static Field,
}

/// The fields of an object that hold values, those inside of its objects included.
pub(crate) fn leaves(fields: &'static [Field]) -> Vec<FieldPath> {
    let mut found = Vec::new();
    for field in fields {
        match field.kind {
            Kind::Object(inside) => found.extend(leaves(inside).into_iter().map(|mut leaf| {
                leaf.path.insert(0, field.name);
                leaf.fields.insert(0, field);
                leaf
            })),
            _ => found.push(FieldPath { path: vec![field.name], fields: vec![field], field }),
        }
    }
    found
}

/// A field's name as it stands in a flag, such as `discount-type`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_kebab_case()
}

/// Which fields to show, as `--fields` gives them: `id,name,catalogLimit(products)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSelection(pub(crate) ResponseFields);

impl FromStr for FieldSelection {
    type Err = ResponseFieldsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fields: ResponseFields = text.parse()?;
        let mut names = fields.iter();
        // The vendor's notation for a search, where the coupons stand in `items`.
        let fields = match (names.next(), names.next()) {
            (Some(("items", Some(inside))), None) => inside,
            _ => &fields,
        };
        Ok(Self(in_json(fields)))
    }
}

impl FieldSelection {
    /// Says which of the fields this version does not know: one may be new, and one may be misspelt.
    pub(crate) fn note_unknown(&self) {
        for (name, _) in self.0.iter().filter(|(name, _)| !Coupon::FIELDS.iter().any(|field| field.name == *name)) {
            exit::note(&format!("no field `{name}` is known; it is shown if the store has it"));
        }
    }
}

fn in_json(fields: &ResponseFields) -> ResponseFields {
    fields.iter().map(|(name, inside)| (json_name(name), inside.map(in_json))).collect()
}

/// The name in JSON of a field that is named as in JSON or as in a flag.
fn json_name(name: &str) -> String {
    let is_flag =
        name.contains('-') || Coupon::FIELDS.iter().any(|field| field.name != name && kebab(field.name) == name);
    if is_flag { name.to_lower_camel_case() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::FieldSelection;

    #[test]
    fn fields_are_chosen_in_the_vendors_notation() {
        let read = |text: &str| text.parse::<FieldSelection>().unwrap().0.to_string();
        assert_eq!(read("id,name,status"), "id,name,status");
        assert_eq!(
            read(" id , discount-type,catalogLimit( products, categories ),x"),
            "id,discountType,catalogLimit(products,categories),x"
        );
        assert_eq!(read("items(id,catalog-limit(products))"), "id,catalogLimit(products)");
        assert!("id,".parse::<FieldSelection>().is_err());
    }
}
