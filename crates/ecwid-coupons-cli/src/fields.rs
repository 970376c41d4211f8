//! The fields of a coupon by name: as paths for flags and columns, and as the selection of `--fields`.

use std::str::FromStr;

use ecwid_coupons::{
    ResponseFields,
    schema::{self, Field},
    types::Coupon,
};
use heck::{ToKebabCase as _, ToLowerCamelCase as _};

use crate::exit::{self, Failure};

/// The path to a field with a value: the objects that contain the field, such as `catalogLimit`, and the field.
pub(crate) type FieldPath = Vec<&'static Field>;

/// Returns the name of a field in the form of a flag, such as `discount-type`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_kebab_case()
}

/// The fields of `--fields`, such as `id,name,catalogLimit.products`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSelection {
    pub(crate) fields: ResponseFields,
    /// The argument.
    text: String,
}

/// The maximum number of names in a path. The API needs far fewer.
const MAX_DEPTH: usize = 16;

impl FromStr for FieldSelection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fields = text.split(',').map(chosen).collect::<Result<_, _>>()?;
        Ok(Self { fields, text: text.to_owned() })
    }
}

/// Parses the path of a field, with names separated by dots.
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
    /// Prints a note about each unknown field. It can be a new field or a misspelled one. The tokens must have been read.
    ///
    /// # Errors
    ///
    /// A name contains a token, which must not be sent.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        // Not the names, because a name in the form of a flag is converted.
        let shown = exit::redacted(&self.text);
        if shown != self.text {
            let message = format!("invalid fields: `{shown}` (expected names such as id,name,catalogLimit.products)");
            return Err(Failure::usage(message, "remove the token from `--fields`"));
        }
        for (name, _) in self.fields.iter().filter(|(name, _)| !Coupon::FIELDS.iter().any(|field| field.name == *name))
        {
            let meant = schema::nearest(Coupon::FIELDS, name).map(|meant| format!(" (did you mean `{meant}`?)"));
            exit::note(&format!("unknown field: `{name}`{}; it is requested anyway", meant.unwrap_or_default()));
        }
        Ok(())
    }
}

/// Returns the JSON name of a field that is written in JSON form or in the form of a flag.
fn json_name(name: &str) -> String {
    let is_flag =
        name.contains('-') || Coupon::FIELDS.iter().any(|field| field.name != name && kebab(field.name) == name);
    if is_flag { name.to_lower_camel_case() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::FieldSelection;

    #[test]
    fn fields_are_selected_by_their_paths() {
        let read = |text: &str| text.parse::<FieldSelection>().unwrap().fields.to_string();
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
