//! Reads the vendor's documentation pages.

mod blocks;
mod cell;
mod examples;
mod markdown;
mod page;
pub(crate) mod paste;
mod rendered;
mod sections;

use std::{fs, path::Path};

use anyhow::{Context as _, ensure};

pub(crate) use self::page::sha256;
pub use self::{
    cell::PageType,
    examples::{Example, Json, Request},
    page::{Format, Member, Operation, Page, Scopes, Table},
    sections::Part,
};

/// Reads all pages in a folder and its subfolders, which are the files `.md` and `.txt`, sorted by name.
pub fn read_folder(folder: &Path) -> anyhow::Result<Vec<Page>> {
    ensure!(folder.exists(), "no such file or folder: {}", folder.display());
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    ensure!(!files.is_empty(), "no pages in {} (expected .md or .txt files)", folder.display());
    files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(folder).unwrap_or(file);
            let name = if name.as_os_str().is_empty() { Path::new(file.file_name().unwrap_or_default()) } else { name };
            Page::read(&name.to_string_lossy().replace('\\', "/"), &bytes)
        })
        .collect()
}

fn collect(path: &Path, files: &mut Vec<std::path::PathBuf>) -> anyhow::Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot read the folder {}", path.display()))? {
        let path = entry.with_context(|| format!("cannot read the folder {}", path.display()))?.path();
        let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
        if path.is_dir() || matches!(extension.as_deref(), Some("md" | "txt")) {
            collect(&path, files)?;
        }
    }
    Ok(())
}
