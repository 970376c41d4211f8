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
