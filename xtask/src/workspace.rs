//! Where things are in the workspace.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::command;

/// The OpenAPI document, from the workspace's root.
pub const DOCUMENT: &str = "openapi/ecwid-coupons.yaml";

/// The folder of the workspace's `Cargo.toml`.
///
/// A copy of the workspace that is run in place finds itself, not the original: cargo tells the folder at run time.
pub fn root() -> PathBuf {
    let xtask =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// Cargo's target folder.
///
/// # Errors
///
/// When cargo does not say which it is.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    let metadata = command::ask(&mut command::cargo("metadata --format-version 1 --no-deps --locked"))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    metadata["target_directory"].as_str().map(PathBuf::from).context("cargo metadata names no target folder")
}
