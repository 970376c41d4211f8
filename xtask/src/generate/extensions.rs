//! The extensions of the document, and the checks of their use.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};

/// The extensions that the document can use. The first lines of the document describe them.
pub(super) const EXTENSIONS: &[&str] = &[
    "x-sources",
    "x-source",
    "x-required-scopes",
    "x-enum-descriptions",
    "x-enum-varnames",
    "x-partial-update",
    "x-deprecated",
];

/// Checks that all extensions are known, that each `x-source` names a source of `x-sources`, that all sources are used, and that
/// `deprecated` comes with `x-deprecated`.
pub(super) fn check_extensions(document: &serde_norway::Value) -> anyhow::Result<()> {
    use serde_norway::Value;

    fn walk<'a>(value: &'a Value, known: &BTreeSet<&str>, used: &mut BTreeSet<&'a str>) -> anyhow::Result<()> {
        match value {
            Value::Mapping(entries) => {
                ensure!(
                    (value["deprecated"] == true) == value["x-deprecated"].is_string(),
                    "`deprecated: true` and `x-deprecated` belong together\nhint: write what to use instead in x-deprecated, such as \
                     \"use `applicationLimit`\""
                );
                for (key, value) in entries {
                    let key = key.as_str().unwrap_or_default();
                    ensure!(
                        !key.starts_with("x-") || EXTENSIONS.contains(&key),
                        "unknown extension: `{key}` (expected {})",
                        EXTENSIONS.join(", ")
                    );
                    if key == "x-source" {
                        let claims =
                            value.as_mapping().context("invalid x-source (expected a map of claims to sources)")?;
                        for (claim, source) in claims {
                            let source = source.as_str().unwrap_or_default();
                            ensure!(
                                known.contains(source),
                                "x-source of {claim:?}: unknown source: `{source}` (expected a source in x-sources)"
                            );
                            used.insert(source);
                        }
                    }
                    walk(value, known, used)?;
                }
            }
            Value::Sequence(items) => items.iter().try_for_each(|item| walk(item, known, used))?,
            _ => {}
        }
        Ok(())
    }

    let sources = document.get("x-sources").and_then(Value::as_mapping);
    let known: BTreeSet<_> = sources.into_iter().flatten().filter_map(|(name, _)| name.as_str()).collect();
    let mut used = BTreeSet::new();
    walk(document, &known, &mut used)?;
    if let Some(unused) = known.difference(&used).next() {
        bail!("unused source in x-sources: `{unused}`");
    }
    Ok(())
}
