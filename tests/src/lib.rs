//! What the tests that cross crates share.

pub mod pages;

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

/// Cargo, to be run in a folder, on what was built for this program.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    // This program is in target/debug/deps.
    if let Some(target) = std::env::current_exe().ok().as_deref().and_then(|program| program.ancestors().nth(3)) {
        command.env("CARGO_TARGET_DIR", target);
    }
    // What cargo said of this package is not true of the one that is built next, and would build some of it anew.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name.to_string_lossy().starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}
