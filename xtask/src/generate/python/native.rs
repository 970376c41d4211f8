//! Writes `_native.pyi`: the signatures of the extension, with the doc comments of its Rust sources as docstrings.

use std::{collections::HashMap, fs, path::Path};

use anyhow::Context as _;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Type};

use super::docstring::docstring;

/// The hand-written signatures. They are not generated, because pyo3's introspection supports neither overloads nor imports of
/// the names in annotations.
pub(crate) const SIGNATURES: &str = "crates/ecwid-coupons-python/signatures.pyi";

const SOURCES: &str = "crates/ecwid-coupons-python/src";

/// Doc comments by the name of the function or class, or by `Class.member`.
type Docs = HashMap<String, String>;

pub(super) fn write(root: &Path) -> anyhow::Result<String> {
    let signatures = fs::read_to_string(root.join(SIGNATURES)).with_context(|| format!("cannot read {SIGNATURES}"))?;
    let mut docs = Docs::new();
    read_folder(&root.join(SOURCES), &mut docs)?;
    Ok(with_docs(&signatures, &docs))
}

fn read_folder(folder: &Path, docs: &mut Docs) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(&path, docs)?;
        } else {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let file = syn::parse_file(&text).with_context(|| format!("cannot parse {} as Rust", path.display()))?;
            file.items.iter().for_each(|item| read_item(item, docs));
        }
    }
    Ok(())
}

fn read_item(item: &Item, docs: &mut Docs) {
    match item {
        Item::Fn(function) if has(&function.attrs, "pyfunction") => {
            docs.insert(function.sig.ident.to_string(), doc(&function.attrs));
        }
        Item::Struct(class) if has(&class.attrs, "pyclass") => {
            docs.insert(class.ident.to_string(), doc(&class.attrs));
            for field in &class.fields {
                let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                docs.insert(format!("{}.{name}", class.ident), doc(&field.attrs));
            }
        }
        Item::Impl(methods) if has(&methods.attrs, "pymethods") => {
            let Type::Path(class) = &*methods.self_ty else { return };
            let class = class.path.segments.last().map(|class| class.ident.to_string()).unwrap_or_default();
            for item in &methods.items {
                if let ImplItem::Fn(method) = item {
                    docs.insert(format!("{class}.{}", method.sig.ident), doc(&method.attrs));
                }
            }
        }
        _ => {}
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn doc(attributes: &[Attribute]) -> String {
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines = docs.filter_map(|doc| match &doc.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    });
    lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect::<Vec<_>>().join("\n")
}

fn with_docs(signatures: &str, docs: &Docs) -> String {
    let (mut out, mut class, mut name) = (String::new(), "", String::new());
    for line in signatures.lines() {
        let declared = line.trim_start();
        let indent = &line[..line.len() - declared.len()];
        if let Some(declared) = declared.strip_prefix("class ") {
            class = declared.trim_end_matches(':');
            out.push_str(&format!("{line}\n"));
            out.extend(docs.get(class).map(|doc| docstring("    ", doc)));
            continue;
        }
        if let Some((function, _)) = declared.strip_prefix("def ").and_then(|it| it.split_once('(')) {
            name = if indent.is_empty() { function.to_owned() } else { format!("{class}.{function}") };
        }
        // This is also the last line of a signature that has several lines.
        let doc = docs.get(&name).filter(|doc| !doc.is_empty() && line.ends_with(": ..."));
        match doc {
            Some(doc) => out.push_str(&format!(
                "{}\n{}",
                line.trim_end_matches(" ..."),
                docstring(&format!("{indent}    "), doc)
            )),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}
