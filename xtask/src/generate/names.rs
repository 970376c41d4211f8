//! The Rust names of what the document names.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// Fields that get an underscore behind their name.
///
/// A field is also a setter, which would clash with what each object has beside its fields, or hide it: `extra`, `new`,
/// the methods of its traits, and the methods written by hand in the client's `coupon.rs`.
pub(super) const RESERVED_FIELDS: &str = "extra new \
    clone default deserialize eq fmt inline_schema json_schema ne schema_id schema_name serialize \
    from_fields is_set_by_store try_from absolute activate empty_limit empty_limits for_categories \
    for_new_customers for_products for_shipping_methods free_shipping once_per_customer pause percent \
    single_use";

/// The variant that keeps a value which an enum does not know.
pub(super) const CATCH_ALL: &str = "Unknown";

/// The Rust name of a parameter, as progenitor makes it.
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

/// The Rust name of a property.
pub(super) fn field_name(name: &str) -> anyhow::Result<String> {
    let mut field = rust_name(name);
    if RESERVED_FIELDS.split(' ').any(|reserved| reserved == field) {
        field.push('_');
    }
    ensure!(is_identifier(&field), "no Rust name can be made of the property `{name}`");
    Ok(field)
}

/// The Rust name of an enum's value.
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

/// Whether Rust takes it for a name; `gen` is a keyword that syn does not know.
pub(super) fn is_identifier(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Names of the document that are one name in Rust are an error. Each comes behind its Rust name.
pub(super) fn ensure_distinct<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> anyhow::Result<()> {
    let mut known = BTreeMap::new();
    for (rust, name) in names {
        if let Some(first) = known.insert(rust, name) {
            bail!("`{first}` and `{name}` are both `{rust}` in Rust");
        }
    }
    Ok(())
}
