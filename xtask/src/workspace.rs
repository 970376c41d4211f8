//! The paths of the workspace.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The path of the OpenAPI document, from the root of the workspace.
pub const DOCUMENT: &str = "openapi/ecwid-coupons.yaml";

/// Returns the root folder of the workspace.
///
/// In a copy of the workspace, this is the folder of the copy, because cargo passes the folder of the package at run time.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = Path::new(&package);
    package.ancestors().find(|folder| folder.join(DOCUMENT).is_file()).unwrap_or(package).to_path_buf()
}

/// Returns the folder of the vendor's documentation pages, which are not part of the workspace. Defaults to `../shared/docs`
/// unless `ECWID_PAGES` is set. Returns `None` if the folder does not exist.
pub fn pages() -> Option<PathBuf> {
    let folder = env::var_os("ECWID_PAGES").map_or_else(|| root().join("../shared/docs"), PathBuf::from);
    folder.is_dir().then_some(folder)
}
