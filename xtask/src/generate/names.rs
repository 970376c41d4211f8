//! The Rust names of the fields, parameters and enum values of the document.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// Field names that get a trailing underscore.
///
/// Each field has a setter with its name. The setter must not collide with `extra`, `new`, the methods of the object's traits,
/// or the hand-written methods in `coupon.rs` of the client.
pub(super) const RESERVED_FIELDS: &str = "extra new \
    clone check default deserialize eq fmt hash inline_schema json_schema ne normalize read_unchecked schema_id schema_name serialize \
    from_fields is_set_by_store absolute activate between copy_of differences empty_limit empty_limits for_categories \
    for_new_customers for_products for_shipping_methods free_shipping once_per_customer pause percent \
    single_use";

/// The variant for values that an enum does not know.
pub(super) const CATCH_ALL: &str = "Unknown";

/// Returns the Rust name of a parameter, by the rules of progenitor.
pub(super) fn rust_name(name: &str) -> String {
    let name = name.to_snake_case();
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if is_identifier(&name) {
        name
    } else {
        format!("{name}_")
    }
}

/// Returns the Rust name of a property.
pub(super) fn field_name(name: &str) -> anyhow::Result<String> {
    let mut field = rust_name(name);
    if RESERVED_FIELDS.split(' ').any(|reserved| reserved == field) {
        field.push('_');
    }
    ensure!(is_identifier(&field), "no Rust name for the property `{name}`");
    Ok(field)
}

/// Returns the Rust name of an enum value.
pub(super) fn variant_name(value: &str) -> String {
    let name = value.to_upper_camel_case();
    let rest = name.trim_start_matches(|first: char| first.is_ascii_digit());
    let digits = &name[..name.len() - rest.len()];
    if !digits.is_empty() {
        format!("V{digits}{}", rest.to_upper_camel_case())
    } else if name == CATCH_ALL || name == "Self" {
        format!("{name}Value")
    } else {
        name
    }
}

/// Returns whether a name is valid in Rust. `gen` is a keyword that syn does not know.
pub(super) fn is_identifier(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Fails if two names of the document have the same Rust name. Each item is a Rust name and its name in the document.
pub(super) fn ensure_distinct<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> anyhow::Result<()> {
    let mut known = BTreeMap::new();
    for (rust, name) in names {
        if let Some(first) = known.insert(rust, name) {
            bail!("same Rust name for `{first}` and `{name}`: `{rust}`");
        }
    }
    Ok(())
}
