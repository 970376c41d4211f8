//! `cargo xtask generate`: from the OpenAPI document to the generated part of the Rust client.
//!
//! Three steps, one module each: [`document`] reads the document and checks what the generator needs of it, [`types`]
//! writes the Rust types, [`operations`] has progenitor write the operations over them.

mod document;
mod operations;
mod types;

use std::{fs, path::Path};

use anyhow::{Context, bail};

use crate::workspace;

const DOCUMENT: &str = "openapi/ecwid-coupons.yaml";
const OUTPUT: &str = "crates/ecwid-coupons/src/generated";

/// Components of the document that are hand-written types of the client, and the paths of those.
///
/// A component that is not in the document is an error: progenitor itself would ignore the line in silence.
const VALUE_TYPES: &[(&str, &str)] = &[
    ("CouponRef", "crate::CouponRef"),
    ("CouponStatusList", "crate::CommaList<crate::types::CouponStatus>"),
    ("Decimal", "crate::Decimal"),
    ("DiscountTypeList", "crate::CommaList<crate::types::DiscountType>"),
    ("EcwidDateTime", "crate::EcwidDateTime"),
    ("Json", "crate::Json"),
    ("ResponseFields", "crate::ResponseFields"),
    ("TimeFilter", "crate::TimeFilter"),
];

/// Writes the generated files, or with `check` compares them with what is there.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let root = workspace::root();
    let text = fs::read_to_string(root.join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let files = generate(&text, VALUE_TYPES)?;

    let output = root.join(OUTPUT);
    if check {
        return compare(&output, &files);
    }
    fs::create_dir_all(&output).with_context(|| format!("cannot make the folder {OUTPUT}"))?;
    for (name, content) in &files {
        write_if_changed(&output.join(name), content)?;
    }
    Ok(())
}

fn generate(document: &str, value_types: &[(&str, &str)]) -> anyhow::Result<Vec<(&'static str, String)>> {
    let document = document::Document::read(document, value_types).with_context(|| format!("in {DOCUMENT}"))?;
    let header =
        format!("// Generated from {DOCUMENT} by `cargo xtask generate`. Change the document, not this file.\n\n");
    Ok(vec![
        ("mod.rs", format!("{header}{}", "pub mod operations;\npub mod types;\n")),
        ("operations.rs", format!("{header}{}", operations::write(&document)?)),
        ("types.rs", format!("{header}{}", types::write(&document))),
    ])
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

fn compare(output: &Path, files: &[(&str, String)]) -> anyhow::Result<()> {
    let mut stale = Vec::new();
    for (name, content) in files {
        if fs::read_to_string(output.join(name)).ok().as_deref() != Some(content) {
            stale.push(format!("{OUTPUT}/{name}"));
        }
    }
    for entry in fs::read_dir(output).into_iter().flatten() {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.iter().any(|(known, _)| *known == name) {
            stale.push(format!("{OUTPUT}/{name} (no longer generated: delete it)"));
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
            assert!(first.contains("cargo xtask generate") && first.contains(DOCUMENT), "{name}: {first}");
        }
    }

    #[test]
    fn a_misspelt_value_type_is_an_error() {
        let misspelt = [VALUE_TYPES, &[("Decimall", "crate::Decimal")]].concat();
        let error = format!("{:#}", generate(&document(), &misspelt).unwrap_err());
        assert!(error.contains("`Decimall`"), "{error}");
        // Without its line, a component that is no plain type has none.
        let missing: Vec<_> = VALUE_TYPES.iter().copied().filter(|(name, _)| *name != "TimeFilter").collect();
        let error = format!("{:#}", generate(&document(), &missing).unwrap_err());
        assert!(error.contains("the schema TimeFilter") && error.contains("VALUE_TYPES"), "{error}");
    }

    #[test]
    fn what_the_generator_cannot_use_is_named() {
        for (from, to, part) in [
            ("x-source: { default: kotlin }", "x-source: { default: hearsay }", "`hearsay` is not in x-sources"),
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
        ] {
            let error = error_with(from, to);
            assert!(error.contains(part) && error.contains(DOCUMENT), "{error}");
        }
    }

    #[test]
    fn what_the_store_sets_alone_is_not_sent() {
        let types = types::write(&document::Document::read(&document(), VALUE_TYPES).unwrap());
        let (_, new) = types.split_once("pub struct NewCoupon {").unwrap();
        let (new, _) = new.split_once("\n    }").unwrap();
        assert!(new.contains("required name: String") && new.contains("optional order_count: i64"), "{new}");
        assert!(!new.contains("creationDate") && !new.contains("\"id\""), "{new}");
        assert!(types.contains("patch expiration_date: crate::EcwidDateTime"));
    }
}
