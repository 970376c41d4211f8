//! The document's extensions: which there are, and that their sources are known.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};

/// The extensions that the document may use. Its first lines say what each means.
pub(super) const EXTENSIONS: &[&str] =
    &["x-sources", "x-source", "x-required-scopes", "x-enum-descriptions", "x-enum-varnames", "x-partial-update"];

/// Every extension is known, every `x-source` names a source that `x-sources` describes, and each of those is named.
pub(super) fn check_extensions(document: &serde_norway::Value) -> anyhow::Result<()> {
    use serde_norway::Value;

    fn walk<'a>(value: &'a Value, known: &BTreeSet<&str>, used: &mut BTreeSet<&'a str>) -> anyhow::Result<()> {
        match value {
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    let key = key.as_str().unwrap_or_default();
                    ensure!(
                        !key.starts_with("x-") || EXTENSIONS.contains(&key),
                        "`{key}` is none of the extensions {}",
                        EXTENSIONS.join(", ")
                    );
                    if key == "x-source" {
                        let claims = value.as_mapping().context("x-source is a map from claim to source")?;
                        for (claim, source) in claims {
                            let source = source.as_str().unwrap_or_default();
                            ensure!(known.contains(source), "x-source of {claim:?}: `{source}` is not in x-sources");
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
        bail!("x-sources describes `{unused}`, which no x-source names");
    }
    Ok(())
}
