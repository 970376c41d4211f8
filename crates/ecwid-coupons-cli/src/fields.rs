//! The fields of a coupon by name: flattened for flags and columns, and chosen by `--fields`.

use std::str::FromStr;

use ecwid_coupons::{
    ResponseFields,
    schema::{Field, Kind},
    types::Coupon,
};
use heck::{ToKebabCase as _, ToLowerCamelCase as _};

use crate::exit;

/// A field that holds a value, behind the fields that it is inside of, such as `catalogLimit`.
pub(crate) type FieldPath = Vec<&'static Field>;

/// The fields of an object that hold values, those inside of its objects included.
pub(crate) fn leaves(fields: &'static [Field]) -> Vec<FieldPath> {
    let leaves = fields.iter().flat_map(|field| match field.kind {
        Kind::Object(inside) => leaves(inside).into_iter().map(|rest| [vec![field], rest].concat()).collect(),
        _ => vec![vec![field]],
    });
    leaves.collect()
}

/// The names on the way to a field, with dots between them.
pub(crate) fn dotted(path: &[&Field]) -> String {
    path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
}

/// A field's name as it stands in a flag, such as `discount-type`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_kebab_case()
}

/// Which fields to show, as `--fields` gives them: `id,name,catalogLimit.products`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSelection(pub(crate) ResponseFields);

/// The most names of a path, which is far more than the API needs.
const MAX_DEPTH: usize = 16;

impl FromStr for FieldSelection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(chosen).collect::<Result<_, _>>().map(Self)
    }
}

/// A field by its path, with dots between the names.
fn chosen(path: &str) -> Result<(String, Option<ResponseFields>), String> {
    let is_name = |name: &&str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
    };
    let names: Vec<_> = path.split('.').map(str::trim).collect();
    if names.len() > MAX_DEPTH || !names.iter().all(is_name) {
        let path = path.trim();
        return Err(format!("invalid field: `{path}` (expected names such as id,name,catalogLimit.products)"));
    }
    let mut names = names.into_iter().rev().map(json_name);
    let last = (names.next().unwrap_or_default(), None);
    Ok(names.fold(last, |below, name| (name, Some(ResponseFields::from_iter([below])))))
}

impl FieldSelection {
    /// Says which of the fields this version does not know: one may be new, and one may be misspelt.
    pub(crate) fn note_unknown(&self) {
        for (name, _) in self.0.iter().filter(|(name, _)| !Coupon::FIELDS.iter().any(|field| field.name == *name)) {
            exit::note(&format!("no field `{name}` is known; it is shown if the store has it"));
        }
    }
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
    fn fields_are_chosen_by_their_paths() {
        let read = |text: &str| text.parse::<FieldSelection>().unwrap().0.to_string();
        assert_eq!(read("id,name,status"), "id,name,status");
        assert_eq!(
            read(" id , discount-type,catalogLimit.products, catalog-limit . categories,x"),
            "id,discountType,catalogLimit(products,categories),x"
        );
        assert_eq!(read("catalogLimit.products,catalogLimit"), "catalogLimit");
        for wrong in ["", "id,", "a..b", ".a", "a.", "catalogLimit(products)", "a b", &"a.".repeat(100_000)] {
            assert!(wrong.parse::<FieldSelection>().is_err(), "{wrong}");
        }
    }
}
