//! Passes the commit and its date to the compiler, for `--version`.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    };
    // A package from a registry is in no repository, or in one of another project.
    let is_clone = git(&["ls-files", "--error-unmatch", "Cargo.toml"]).is_some();
    if let (true, Some(head), Some(commit)) =
        (is_clone, git(&["rev-parse", "--git-path", "logs/HEAD"]), git(&["log", "-1", "--format=%h %cs", "--abbrev=9"]))
    {
        println!("cargo::rerun-if-changed={head}");
        println!("cargo::rustc-env=ECWID_COUPONS_COMMIT={} ({commit})", env!("CARGO_PKG_VERSION"));
    }
}
