//! Where things are in the workspace.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The OpenAPI document, from the workspace's root.
pub const DOCUMENT: &str = "openapi/ecwid-coupons.yaml";

/// Returns the folder of the workspace.
///
/// A copy of the workspace that is run in place finds itself, not the original, because cargo tells the folder of the package
/// at run time.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = Path::new(&package);
    package.ancestors().find(|folder| folder.join(DOCUMENT).is_file()).unwrap_or(package).to_path_buf()
}

/// Returns the folder of the vendor's pages, which are not part of the workspace: the one that `ECWID_PAGES` names, or else
/// `../shared/docs`.
pub fn pages() -> Option<PathBuf> {
    let folder = env::var_os("ECWID_PAGES").map_or_else(|| root().join("../shared/docs"), PathBuf::from);
    folder.is_dir().then_some(folder)
}
