//! `cargo xtask generate`: from the OpenAPI document to the generated parts of the client, the command and the Python package.
//!
//! A module each: `document` reads the document and checks what the generator needs of it, `types` writes the Rust types,
//! `operations` has progenitor write the operations over them, `search` writes the filters of a search, `command` their flags, and
//! `python` what the Python package has of all of them.

mod answer_fields;
mod command;
mod doc_comment;
mod document;
mod extensions;
mod field_type;
mod names;
mod operations;
mod python;
mod search;
mod types;

use std::{fs, path::Path};

use anyhow::{Context, bail};

use self::{document::Document, field_type::FieldType};
use crate::workspace::{self, DOCUMENT};

const OUTPUT: &str = "crates/ecwid-coupons/src/generated";

/// Components of the document that are hand-written types of the client.
///
/// A component that is not in the document is an error: progenitor itself would ignore the line in silence.
const VALUE_TYPES: &[(&str, FieldType)] = &[
    ("CouponRef", FieldType::CouponRef),
    ("Decimal", FieldType::Decimal),
    ("EcwidDateTime", FieldType::DateTime),
    ("Json", FieldType::Json),
    ("ResponseFields", FieldType::ResponseFields),
    ("TimeFilter", FieldType::TimeFilter),
];

/// Writes the generated files, or with `check` compares them with what is there.
pub fn run(check: bool) -> anyhow::Result<()> {
    let root = workspace::root();
    let files = generate(&read_document()?, VALUE_TYPES)?;

    if check {
        return compare(&root, &files);
    }
    fs::create_dir_all(root.join(OUTPUT)).with_context(|| format!("cannot make the folder {OUTPUT}"))?;
    for (path, content) in &files {
        write_if_changed(&root.join(path), content)?;
    }
    Ok(())
}

/// The fields that the document does not describe. The generated code says of them no more than their names.
pub(crate) fn undescribed_fields() -> anyhow::Result<Vec<String>> {
    Ok(read(&read_document()?, VALUE_TYPES)?.undescribed_fields())
}

fn read_document() -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))
}

fn read(document: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Document> {
    Document::read(document, value_types).with_context(|| format!("in {DOCUMENT}"))
}

/// The generated files, by their paths from the root.
fn generate(document: &str, value_types: &[(&str, FieldType)]) -> anyhow::Result<Vec<(String, String)>> {
    let document = read(document, value_types)?;
    for field in document.undescribed_fields() {
        eprintln!("warning: {field} has no description");
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
            format!("{comment} Generated from {from} by `cargo xtask generate`. Change {what}, not this file.");
        *content = format!("{header}\n\n{content}");
    }
    Ok(files)
}

/// What a generated file is made of, by its path and in a word.
fn source(path: &str) -> (&'static str, &'static str) {
    if path.ends_with("_native.pyi") {
        (python::native::SIGNATURES, "the extension")
    } else {
        (DOCUMENT, "the document")
    }
}

/// Leaves the time stamp of an unchanged file alone, so that nothing is built again for it.
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
            stale.push(format!("{path} (no longer generated: delete it)"));
        }
    }
    if stale.is_empty() {
        println!("the generated code is what {DOCUMENT} says");
        return Ok(());
    }
    bail!("not what {DOCUMENT} says:\n  {}\nrun `cargo xtask generate` and commit what it writes", stale.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> String {
        fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap()
    }

    /// The error of a document in which one text stands in the place of another.
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
    fn each_file_names_the_command_that_wrote_it() {
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
        // Without its line, a component that is no plain type has none.
        let missing: Vec<_> = VALUE_TYPES.iter().filter(|(name, _)| *name != "TimeFilter").cloned().collect();
        let error = format!("{:#}", generate(&document(), &missing).unwrap_err());
        assert!(error.contains("the schema TimeFilter") && error.contains("VALUE_TYPES"), "{error}");
    }

    #[test]
    fn what_the_generator_cannot_use_is_named() {
        for (from, to, part) in [
            ("default: kotlin }", "default: hearsay }", "`hearsay` is not in x-sources"),
            (
                "      x-required-scopes: [create_discount_coupons]\n",
                "",
                "createDiscountCoupon has no x-required-scopes",
            ),
            ("required: [name, code]", "required: [name, kode]", "the required property kode"),
            (
                "#/components/schemas/UsesLimit\"",
                "#/components/schemas/UsesLimits\"",
                "UsesLimits is not in the document",
            ),
            ("          description: Only coupons with this code.\n", "", "the parameter code has no description"),
            ("x-enum-varnames: [Active, Paused,", "x-enum-varnames: [Active,", "x-enum-varnames and enum differ"),
            (
                "- name: code\n          in: query",
                "- name: send\n          in: query",
                "the parameter send has the name of a method",
            ),
            ("x-partial-update: true", "x-partial-updates: true", "`x-partial-updates` is none of the extensions"),
            (
                "        USEDUP: A coupon",
                "        USED_UP: A coupon",
                "describes `USED_UP`, which is no value of the enum",
            ),
            ("x-source: { header only: changelog }", "x-source: {}", "`changelog`, which no x-source names"),
        ] {
            let error = error_with(from, to);
            assert!(error.contains(part) && error.contains(DOCUMENT), "{error}");
        }
        let renamed = document().replace("UpdateResult", "update_result");
        let error = format!("{:#}", generate(&renamed, VALUE_TYPES).unwrap_err());
        assert!(error.contains("`update_result` has no UpperCamelCase name, such as `UpdateResult`"), "{error}");
    }

    #[test]
    fn the_document_says_what_each_extension_means() {
        for extension in extensions::EXTENSIONS {
            assert!(document().contains(&format!("\n#   {extension} ")), "{extension}");
        }
    }

    #[test]
    fn a_type_without_a_component_is_named() {
        let code = "Only coupons with this code.\n          schema: { type: string }";
        let body = "            schema: { $ref: \"#/components/schemas/NewCoupon\" }";
        for (from, to, part) in [
            (code, code.replace("string", "string, enum: [A, B]"), "searchDiscountCoupons: in the parameter code"),
            (
                body,
                "            schema: { type: object, properties: { name: { type: string } } }".to_owned(),
                "types::CreateDiscountCouponBody",
            ),
        ] {
            let error = error_with(from, &to);
            assert!(error.contains(part) && error.contains("a component of its own"), "{error}");
        }
    }

    #[test]
    fn a_parameter_of_another_rust_type_is_named_with_its_way_out() {
        let offset = "schema: { type: integer, format: int64, minimum: 0, default: 0 }";
        for (schema, way_out) in [
            ("{ type: number }", "write `$ref: \"#/components/schemas/Decimal\"`"),
            ("{ type: array, items: { type: number } }", "write `$ref: \"#/components/schemas/Decimal\"`"),
            ("{ type: integer, format: int64, minimum: 1 }", "leave the minimum at 0"),
            ("{ type: string, format: uuid }", "leave the format out"),
        ] {
            let error = error_with(offset, &format!("schema: {schema}"));
            assert!(error.contains("searchDiscountCoupons: in the parameter offset"), "{error}");
            assert!(error.contains(way_out), "{error}");
        }
    }

    /// The types of a document in which the coupon has one more field and the discount type one more value.
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
    fn a_name_that_rust_cannot_have_is_changed_by_rule() {
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
            assert!(types.contains(&format!(" {field}: bool = {name:?},")), "{name}");
            syn::parse_str::<syn::Ident>(field).unwrap();
        }
        for (value, variant) in [("UNKNOWN", "UnknownValue"), ("self", "SelfValue"), ("2FOR1", "V2For1"), ("10", "V10")]
        {
            let types = types_with("other", value).unwrap();
            assert!(types.contains(&format!("        {variant} = {value:?},")), "{value}");
        }
    }

    #[test]
    fn two_names_that_are_one_in_rust_are_an_error_with_both() {
        for (field, value, part) in [
            (
                "order_count",
                "OTHER",
                "in the schema Coupon: `orderCount` and `order_count` are both `order_count` in Rust",
            ),
            ("$", "OTHER", "in the schema Coupon: no Rust name can be made of the property `$`"),
            ("other", "abs", "DiscountType: name each in x-enum-varnames: `ABS` and `abs` are both `Abs` in Rust"),
            ("other", "%", "DiscountType: the value `%` cannot be called"),
        ] {
            let error = format!("{:#}", types_with(field, value).unwrap_err());
            assert!(error.contains(part), "{error}");
        }
        let error = error_with("x-enum-varnames: [Active, Paused,", "x-enum-varnames: [Active, Unknown,");
        assert!(error.contains("the value `PAUSED` cannot be called `Unknown`"), "{error}");
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
        let text = document().replace("          description: The new coupon's code.\n", "");
        assert_eq!(read(&text, VALUE_TYPES).unwrap().undescribed_fields(), ["CreatedCoupon.code"]);
        let types = types::write(&read(&text, VALUE_TYPES).unwrap());
        assert!(types.contains("/// The field `code`.\n"));
    }

    #[test]
    fn every_type_hands_out_its_json_schema() {
        let document = read(&document(), VALUE_TYPES).unwrap();
        let types = types::write(&document);
        let (_, schemas) = types.split_once("pub fn json_schemas(").unwrap();
        let objects = document.objects.iter().map(|definition| &definition.name);
        for name in objects.chain(document.enums.iter().map(|definition| &definition.name)) {
            assert!(schemas.contains(&format!("({name:?}, generator().into_root_schema_for::<{name}>()),")), "{name}");
        }
    }

    #[test]
    fn every_field_of_what_is_answered_in_part_can_be_asked_for() {
        let types = types::write(&read(&document(), VALUE_TYPES).unwrap());
        let (_, fields) = types.split_once("pub enum CouponField {").unwrap();
        let (fields, rest) = fields.split_once("\n    }").unwrap();
        assert!(!rest.contains("field_enum!"), "a page is no object of its own");
        assert!(fields.contains(r#"UpdateDate = "updateDate""#), "{fields}");
        assert!(fields.contains(r#"CatalogLimitProducts = "catalogLimit.products""#), "{fields}");
    }

    #[test]
    fn what_the_store_sets_alone_is_not_sent() {
        let types = types::write(&read(&document(), VALUE_TYPES).unwrap());
        let (_, new) = types.split_once("pub struct NewCoupon {").unwrap();
        let (new, _) = new.split_once("\n    }").unwrap();
        assert!(new.contains("required name: String") && new.contains("optional order_count: i64"), "{new}");
        assert!(!new.contains("creationDate") && !new.contains("\"id\""), "{new}");
        assert!(types.contains("clearable expiration_date: crate::EcwidDateTime"));
        assert!(types.contains("patch uses_limit: UsesLimit"));
    }
}
