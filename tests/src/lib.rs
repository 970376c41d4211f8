//! What the tests that cross crates share.

pub mod page_writer;
pub mod pages;
pub mod scripted_server;
pub mod tls_front;

/// The Rust blocks of the documentation site, which run as tests. `python/tests/test_site.py` runs the other blocks.
#[cfg(doctest)]
mod site {
    #[doc = include_str!("../../docs/compare/from-go.md")]
    mod compare {}
    #[doc = include_str!("../../docs/guides/errors.md")]
    mod errors {}
    #[doc = include_str!("../../docs/start/rust.md")]
    mod start {}
    #[doc = include_str!("../../docs/guides/testing.md")]
    mod testing {}
    #[doc = include_str!("../../docs/guides/webhooks.md")]
    mod webhooks {}
}

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// Says that a test did not run, past the test runner, which shows nothing of a test that passes.
pub fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}

/// The target folder that this program was built in.
pub fn target() -> PathBuf {
    // This program is in target/debug/deps.
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(3).map(Path::to_path_buf).unwrap_or_default()
}

/// Cargo, to be run in the folder of a workspace with a target folder.
///
/// A copy of this workspace must have a target folder of its own: cargo tells packages apart by where they are in their
/// workspace, so that what it builds of a copy would be taken for what it built of the original.
pub fn cargo(workspace: &Path, target: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace).env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    // What cargo said of this package is not true of the one that is built next, and would build some of it anew.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name.to_string_lossy().starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}
