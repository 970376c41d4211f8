//! Writes the pages to a file, for benchmarks in other languages.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::Context as _;

use crate::coupons::{Mix, pages};

/// Writes all pages, one per line.
pub(crate) fn write(path: &Path) -> anyhow::Result<()> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = BufWriter::new(file);
    for page in pages(Mix::Known) {
        writeln!(out, "{page}")?;
    }
    Ok(out.flush()?)
}
