//! `cargo xtask generate`: generates code of the client, the command and the Python package from the OpenAPI document.
//!
//! `document` reads and checks the document. `types` writes the Rust types, and `operations` generates the operations with
//! progenitor. `search` writes the search filters, and `command` writes their flags. `python` writes the files of the Python
//! package.

mod command;
mod deprecated;
mod doc_comment;
mod document;
mod extensions;
mod field_type;
mod names;
mod operations;
mod python;
mod response_fields;
mod search;
mod types;

use std::{fs, path::Path};

use anyhow::{Context, bail};

use self::{document::Document, field_type::FieldType};
use crate::workspace::{self, DOCUMENT};

const OUTPUT: &str = "crates/ecwid-coupons/src/generated";

/// A copy of the document, which the sandbox serves. A package contains only files of its own folder, and a symbolic link would be a
/// text file in a checkout on Windows.
const COPY: &str = "crates/ecwid-coupons-sandbox/src/web/openapi.yaml";

/// Components of the document that are hand-written types of the client.
///
/// A name that is not in the document is an error. progenitor would ignore it silently.
const VALUE_TYPES: &[(&str, FieldType)] = &[
    ("CouponRef", FieldType::CouponRef),
    ("Decimal", FieldType::Decimal),
    ("EcwidDateTime", FieldType::DateTime),
    ("Json", FieldType::Json),
    ("ResponseFields", FieldType::ResponseFields),
    ("TimeFilter", FieldType::TimeFilter),
];

/// Writes the generated files. With `check`, compares them with the existing files instead.
pub fn run(check: bool) -> anyhow::Result<()> {
    let root = workspace::root();
    let document = read_document()?;
    let mut files = generate(&document, VALUE_TYPES)?;
    files.push((COPY.to_owned(), document));

    if check {
        return compare(&root, &files);
    }
    fs::create_dir_all(root.join(OUTPUT)).with_context(|| format!("cannot make the folder {OUTPUT}"))?;
    for (path, content) in &files {
        write_if_changed(&root.join(path), content)?;
    }
    Ok(())
}

/// Returns the fields that have no description in the document.
pub(crate) fn undescribed_fields() -> anyhow::Result<Vec<String>> {
    Ok(read(&read_document()?, VALUE_TYPES)?.undescribed_fields())
}

fn read_document() -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))
}

fn read(document: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Document> {
    Document::read(document, value_types).with_context(|| format!("in {DOCUMENT}"))
}

/// Returns the generated files by their paths from the root.
fn generate(document: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Vec<(String, String)>> {
    let document = read(document, value_types)?;
    for field in document.undescribed_fields() {
        eprintln!("warning: missing description: `{field}`");
    }
    let modules = "pub(crate) mod filters;\npub(crate) mod operation_table;\npub mod operations;\npub mod types;\n";
    let mut files = vec![
        (format!("{OUTPUT}/mod.rs"), modules.to_owned()),
        (format!("{OUTPUT}/filters.rs"), search::write_filters(&document)?),
        (format!("{OUTPUT}/operation_table.rs"), operations::write_table(&document)),
        (format!("{OUTPUT}/operations.rs"), operations::write(&document)?),
        (format!("{OUTPUT}/types.rs"), types::write(&document)),
        (command::PATH.to_owned(), command::write(&document)?),
    ];
    files.extend(python::write(&document)?);
    for (path, content) in &mut files {
        let comment = if path.ends_with(".rs") { "//" } else { "#" };
        let (from, what) = source(path);
        let header =
            format!("{comment} Generated from {from} by `cargo xtask generate`. Edit {what} instead of this file.");
        *content = format!("{header}\n\n{content}");
    }
    Ok(files)
}

/// Returns the path and the name of the source of a generated file.
fn source(path: &str) -> (&'static str, &'static str) {
    if path.ends_with("_native.pyi") {
        (python::native::SIGNATURES, "the extension")
    } else {
        (DOCUMENT, "the document")
    }
}

/// Writes a file unless its content is the same, because a new timestamp would cause a rebuild.
fn write_if_changed(path: &Path, content: &str) -> anyhow::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        println!("unchanged {}", path.display());
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    println!("wrote     {}", path.display());
    Ok(())
}

fn compare(root: &Path, files: &[(String, String)]) -> anyhow::Result<()> {
    let mut stale = Vec::new();
    for (path, content) in files {
        if fs::read_to_string(root.join(path)).ok().as_deref() != Some(content) {
            stale.push(path.clone());
        }
    }
    for entry in fs::read_dir(root.join(OUTPUT)).into_iter().flatten() {
        let path = format!("{OUTPUT}/{}", entry?.file_name().to_string_lossy());
        if !files.iter().any(|(known, _)| *known == path) {
            stale.push(format!("{path} (no longer generated; delete it)"));
        }
    }
    if stale.is_empty() {
        println!("the generated code is up to date with {DOCUMENT}");
        return Ok(());
    }
    bail!(
        "generated files are out of date with {DOCUMENT}:\n  {}\nhint: run `cargo xtask generate` and commit the result",
        stale.join("\n  ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> String {
        fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap()
    }

    /// Returns the error for a document in which one text replaces another.
    fn error_with(from: &str, to: &str) -> String {
        let text = document();
        assert!(text.contains(from), "{from}");
        format!("{:#}", generate(&text.replace(from, to), VALUE_TYPES).unwrap_err())
    }

    #[test]
    fn the_same_document_gives_the_same_files() {
        assert_eq!(generate(&document(), VALUE_TYPES).unwrap(), generate(&document(), VALUE_TYPES).unwrap());
    }

    #[test]
    fn each_file_names_its_source_and_command() {
        for (name, content) in generate(&document(), VALUE_TYPES).unwrap() {
            let first = content.lines().next().unwrap();
            assert!(first.contains("cargo xtask generate") && first.contains(source(&name).0), "{name}: {first}");
        }
    }

    #[test]
    fn a_misspelt_value_type_is_an_error() {
        let misspelt = [VALUE_TYPES, &[("Decimall", FieldType::Decimal)]].concat();
        let error = format!("{:#}", generate(&document(), &misspelt).unwrap_err());
        assert!(error.contains("`Decimall`"), "{error}");
        // Without its line in VALUE_TYPES, this component has no type.
        let missing: Vec<_> = VALUE_TYPES.iter().filter(|(name, _)| *name != "TimeFilter").cloned().collect();
        let error = format!("{:#}", generate(&document(), &missing).unwrap_err());
        assert!(error.contains("the schema `TimeFilter`") && error.contains("VALUE_TYPES"), "{error}");
    }

    #[test]
    fn an_error_names_the_unsupported_part() {
        for (from, to, part) in [
            ("default: kotlin }", "default: hearsay }", "unknown source: `hearsay`"),
            (
                "      x-required-scopes: [create_discount_coupons]\n",
                "",
                "createDiscountCoupon: missing x-required-scopes",
            ),
            ("required: [name, code]", "required: [name, kode]", "unknown required property: `kode`"),
            (
                "#/components/schemas/UsesLimit\"",
                "#/components/schemas/UsesLimits\"",
                "unknown reference: `#/components/schemas/UsesLimits`",
            ),
            ("          description: Matches coupons with this code.\n", "", "parameter `code`: missing description"),
            (
                "x-enum-varnames: [Active, Paused,",
                "x-enum-varnames: [Active,",
                "x-enum-varnames and enum have different lengths",
            ),
            (
                "- name: code\n          in: query",
                "- name: send\n          in: query",
                "invalid name of a parameter: `send`",
            ),
            ("x-partial-update: true", "x-partial-updates: true", "unknown extension: `x-partial-updates`"),
            (
                "        USEDUP: The coupon",
                "        USED_UP: The coupon",
                "unknown value in x-enum-descriptions: `USED_UP`",
            ),
            ("x-source: { header only: changelog }", "x-source: {}", "unused source in x-sources: `changelog`"),
            ("          deprecated: true\n", "", "`deprecated: true` and `x-deprecated` belong together"),
            (
                "          x-deprecated: use `applicationLimit`, which takes precedence\n",
                "",
                "`deprecated: true` and `x-deprecated` belong together",
            ),
        ] {
            let error = error_with(from, to);
            assert!(error.contains(part) && error.contains(DOCUMENT), "{error}");
        }
        let renamed = document().replace("UpdateResult", "update_result");
        let error = format!("{:#}", generate(&renamed, VALUE_TYPES).unwrap_err());
        assert!(
            error.contains(
                "invalid name of a schema: `update_result` (expected UpperCamelCase, such as `UpdateResult`)"
            ),
            "{error}"
        );
    }

    #[test]
    fn the_document_describes_each_extension() {
        for extension in extensions::EXTENSIONS {
            assert!(document().contains(&format!("\n#   {extension} ")), "{extension}");
        }
    }

    #[test]
    fn what_is_deprecated_is_marked_in_each_language() {
        let mut text = document();
        for (place, indent) in [
            ("        totalLimit:\n", 10),
            ("        - name: createdFrom\n", 10),
            ("      operationId: createDiscountCoupon\n", 6),
            ("    CatalogLimit:\n", 6),
        ] {
            let indent = " ".repeat(indent);
            assert_eq!(text.matches(place).count(), 1, "{place}");
            text =
                text.replace(place, &format!("{place}{indent}deprecated: true\n{indent}x-deprecated: use `other`\n"));
        }
        let files: std::collections::BTreeMap<_, _> = generate(&text, VALUE_TYPES).unwrap().into_iter().collect();
        let compact = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let python = |name: &str| format!("python/src/ecwid_coupons/{name}");
        let overload = |name: &str| format!("@overload @deprecated(\"`{name}` is deprecated: use `other`\") def");
        for (path, count, part) in [
            (format!("{OUTPUT}/types.rs"), 2, "#[deprecated(note = \"use `other`\")] optional total_limit"),
            // The component marks the fields of its type.
            (format!("{OUTPUT}/types.rs"), 1, "#[deprecated(note = \"use `other`\")] optional catalog_limit [with_"),
            (format!("{OUTPUT}/types.rs"), 1, "#[deprecated(note = \"use `other`\")] clearable catalog_limit"),
            (format!("{OUTPUT}/types.rs"), 1, "#[deprecated(note = \"use `other`\")] CatalogLimitProducts ="),
            (format!("{OUTPUT}/types.rs"), 1, "#[allow(deprecated)] pub fn new(name"),
            (
                format!("{OUTPUT}/filters.rs"),
                1,
                "#[deprecated(note = \"use `other`\")] created_from, maybe_created_from",
            ),
            (format!("{OUTPUT}/operation_table.rs"), 1, "deprecated: Some(\"use `other`\")"),
            (
                format!("{OUTPUT}/operations.rs"),
                1,
                "#[deprecated(note = \"use `other`\")] pub fn create_discount_coupon",
            ),
            (format!("{OUTPUT}/operations.rs"), 1, "#[deprecated(note = \"use `other`\")] pub fn created_from"),
            (
                command::PATH.to_owned(),
                1,
                "at this time or later [deprecated: use `other`] #[arg(long = \"created-from\"",
            ),
            (command::PATH.to_owned(), 1, "#[allow(deprecated)] pub(crate) fn set"),
            (
                "crates/ecwid-coupons-python/src/generated.rs".to_owned(),
                1,
                "#[allow(deprecated)] pub(crate) fn with_filter",
            ),
            (python("_models.pyi"), 1, "@property @deprecated(\"use `other`\") def total_limit"),
            (python("_models.pyi"), 1, &format!("{} __new__( cls, *, id", overload("total_limit"))),
            (python("_new_coupon.py"), 1, &format!("{} __init__", overload("catalog_limit"))),
            (python("_calls.py"), 1, &format!("{} update(", overload("total_limit"))),
            (python("_calls.py"), 2, &format!("{} search(", overload("created_from"))),
            (python("_calls.py"), 1, "@overload @deprecated(\"use `other`\") def create(self, coupon: NewCoupon"),
            (python("_calls.py"), 2, "warn_deprecated(\"create\", \"use `other`\")"),
            (python("_calls.py"), 2, "if created_from is not None: warn_deprecated(\"created_from\", \"use `other`\")"),
            (python("_calls.py"), 2, "if total_limit is not UNSET: warn_deprecated(\"total_limit\", \"use `other`\")"),
        ] {
            assert_eq!(compact(&files[&path]).matches(part).count(), count, "{path}: {part}");
        }
    }

    #[test]
    fn an_inline_type_is_an_error() {
        let code = "Matches coupons with this code.\n          schema: { type: string }";
        let body = "            schema: { $ref: \"#/components/schemas/NewCoupon\" }";
        for (from, to, part) in [
            (code, code.replace("string", "string, enum: [A, B]"), "searchDiscountCoupons: in the parameter `code`"),
            (
                body,
                "            schema: { type: object, properties: { name: { type: string } } }".to_owned(),
                "types::CreateDiscountCouponBody",
            ),
        ] {
            let error = error_with(from, &to);
            assert!(error.contains(part) && error.contains("component"), "{error}");
        }
    }

    #[test]
    fn a_parameter_with_another_rust_type_is_an_error_with_a_hint() {
        let offset = "schema: { type: integer, format: int64, minimum: 0, default: 0 }";
        for (schema, way_out) in [
            ("{ type: number }", "write `$ref: \"#/components/schemas/Decimal\"`"),
            ("{ type: array, items: { type: number } }", "write `$ref: \"#/components/schemas/Decimal\"`"),
            ("{ type: integer, format: int64, minimum: 1 }", "leave the minimum at 0"),
            ("{ type: string, format: uuid }", "leave the format out"),
        ] {
            let error = error_with(offset, &format!("schema: {schema}"));
            assert!(error.contains("searchDiscountCoupons: in the parameter `offset`"), "{error}");
            assert!(error.contains(way_out), "{error}");
        }
    }

    /// Returns the types for a document with an added field of the coupon and an added value of the discount type.
    fn types_with(field: &str, value: &str) -> anyhow::Result<String> {
        let text = document();
        let text = text.replace(
            "        catalogLimit:\n",
            &format!("        {field}: {{ type: boolean }}\n        catalogLimit:\n"),
        );
        let text = text.replace("enum: [ABS, PERCENT,", &format!("enum: [ABS, \"{value}\", PERCENT,"));
        Ok(types::write(&read(&text, VALUE_TYPES)?))
    }

    #[test]
    fn names_that_are_invalid_in_rust_are_changed() {
        for (name, field) in [
            ("extra", "extra_"),
            ("new", "new_"),
            ("default", "default_"),
            ("forProducts", "for_products_"),
            ("type", "type_"),
            ("gen", "gen_"),
            ("3dSecure", "_3d_secure"),
        ] {
            let types = types_with(name, "OTHER").unwrap();
            assert!(
                types.contains(&format!(" {field} [with_")) && types.contains(&format!("]: bool = {name:?},")),
                "{name}"
            );
            syn::parse_str::<syn::Ident>(field).unwrap();
        }
        for (value, variant) in [("UNKNOWN", "UnknownValue"), ("self", "SelfValue"), ("2FOR1", "V2For1"), ("10", "V10")]
        {
            let types = types_with("other", value).unwrap();
            assert!(types.contains(&format!("        {variant} = {value:?},")), "{value}");
        }
    }

    #[test]
    fn names_with_the_same_rust_name_are_an_error() {
        for (field, value, part) in [
            (
                "order_count",
                "OTHER",
                "in the schema `Coupon`: same Rust name for `orderCount` and `order_count`: `order_count`",
            ),
            ("$", "OTHER", "in the schema `Coupon`: no Rust name for the property `$`"),
            (
                "other",
                "abs",
                "DiscountType: values with the same Rust name (name each value in x-enum-varnames): same Rust name for `ABS` and `abs`",
            ),
            ("other", "%", "DiscountType: no Rust name for the value `%`"),
        ] {
            let error = format!("{:#}", types_with(field, value).unwrap_err());
            assert!(error.contains(part), "{error}");
        }
        let error = error_with("x-enum-varnames: [Active, Paused,", "x-enum-varnames: [Active, Unknown,");
        assert!(error.contains("no Rust name for the value `PAUSED`: `Unknown`"), "{error}");
    }

    #[test]
    fn no_field_takes_the_name_of_a_hand_written_method() {
        let path = workspace::root().join("crates/ecwid-coupons/src/coupon.rs");
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        for item in file.items {
            let syn::Item::Impl(item) = item else { continue };
            for item in item.items {
                let syn::ImplItem::Fn(function) = item else { continue };
                let name = function.sig.ident.to_string();
                assert!(
                    names::RESERVED_FIELDS.split(' ').any(|reserved| reserved == name),
                    "add {name} to RESERVED_FIELDS"
                );
            }
        }
    }

    #[test]
    fn fields_without_a_description_are_listed() {
        assert!(read(&document(), VALUE_TYPES).unwrap().undescribed_fields().is_empty());
        let text = document().replace("          description: The code of the new coupon.\n", "");
        assert_eq!(read(&text, VALUE_TYPES).unwrap().undescribed_fields(), ["CreatedCoupon.code"]);
        let types = types::write(&read(&text, VALUE_TYPES).unwrap());
        assert!(types.contains("/// The field `code`.\n"));
    }

    #[test]
    fn every_type_has_a_json_schema() {
        let document = read(&document(), VALUE_TYPES).unwrap();
        let types = types::write(&document);
        let (_, schemas) = types.split_once("pub fn json_schemas(").unwrap();
        let objects = document.objects.iter().map(|definition| &definition.name);
        for name in objects.chain(document.enums.iter().map(|definition| &definition.name)) {
            assert!(schemas.contains(&format!("({name:?}, generator().into_root_schema_for::<{name}>()),")), "{name}");
        }
    }

    #[test]
    fn every_field_of_a_coupon_can_be_selected() {
        let types = types::write(&read(&document(), VALUE_TYPES).unwrap());
        let (_, fields) = types.split_once("pub enum CouponField {").unwrap();
        let (fields, rest) = fields.split_once("\n    }").unwrap();
        assert!(!rest.contains("field_enum!"), "a page is not an object whose fields can be selected");
        assert!(fields.contains(r#"UpdateDate = "updateDate""#), "{fields}");
        assert!(fields.contains(r#"CatalogLimitProducts = "catalogLimit.products""#), "{fields}");
    }

    #[test]
    fn read_only_fields_are_not_sent() {
        let types = types::write(&read(&document(), VALUE_TYPES).unwrap());
        let (_, new) = types.split_once("pub struct NewCoupon as request {").unwrap();
        let (new, _) = new.split_once("\n    }").unwrap();
        assert!(new.contains("required name [name]: String"), "{new}");
        assert!(new.contains("optional order_count [order_count maybe_order_count]: i64"), "{new}");
        assert!(!new.contains("creationDate") && !new.contains("\"id\""), "{new}");
        let setters = "[expiration_date maybe_expiration_date clear_expiration_date]";
        assert!(types.contains(&format!("clearable expiration_date {setters}: crate::EcwidDateTime")));
        assert!(types.contains("patch uses_limit [uses_limit maybe_uses_limit]: UsesLimit"));
        for role in ["CatalogLimit as part", "BatchRequestItem as part", "Coupon as response"] {
            assert!(types.contains(&format!("pub struct {role} {{")), "{role}");
        }
    }
}
