//! The step `msrv`: checks that the `rust-version` of the published crates is the version that their dependencies require.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Context, bail};
use cargo_metadata::{DependencyKind, Metadata, Package, semver::Version};

use super::outcome::{Skipped, StepResult};
use crate::command;

/// Compares the versions, and checks the crates with the compiler of the version if it is installed.
pub(super) fn run() -> StepResult {
    let mut skipped = Vec::new();
    for (name, declared) in check(&command::metadata("--all-features")?)? {
        match toolchain(&declared) {
            Ok(toolchain) => {
                let check = ["cargo", "check", "--package", &name, "--all-features", "--locked"];
                command::run(rustup(&["run", &toolchain]).args(check))?;
            }
            Err(reason) => {
                let reason = format!("{name}: {reason}");
                skipped.push(Skipped { part: "compilation with the declared version", reason });
            }
        }
    }
    Ok(skipped)
}

fn toolchain(version: &Version) -> Result<String, String> {
    let list = rustup(&["toolchain", "list"]).output().map_err(|error| format!("cannot start `rustup` ({error})"))?;
    String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| is_toolchain_of(name, version))
        .map(str::to_owned)
        .ok_or_else(|| {
            let version = shown(version);
            format!("Rust {version} is not installed; install it with `rustup toolchain install {version}`")
        })
}

/// Returns a rustup command that does not install toolchains automatically.
fn rustup(arguments: &[&str]) -> Command {
    let mut rustup = command::command("rustup");
    rustup.args(arguments).env("RUSTUP_AUTO_INSTALL", "0");
    rustup
}

/// Returns the declared version of each published crate, and fails unless it is the highest version that a dependency requires.
///
/// Dependencies of all platforms and features count. Dev-dependencies do not count, because users do not build them.
fn check(metadata: &Metadata) -> anyhow::Result<Vec<(String, Version)>> {
    let mut versions = Vec::new();
    for package in metadata.workspace_packages().iter().filter(|package| command::is_published(package)) {
        let Package { name, rust_version, .. } = package;
        let (highest, needs_most) = highest(metadata, package)?;
        let needed = shown(&highest);
        let write = format!("write `rust-version = \"{needed}\"` into its Cargo.toml");
        let declared =
            rust_version.as_ref().with_context(|| format!("missing rust-version of {name}\nhint: {write}"))?;
        if *declared < highest {
            bail!(
                "rust-version of {name} is too low: {} (expected {needed}, because of {needs_most})\nhint: {write}",
                shown(declared)
            );
        }
        if *declared > highest {
            bail!(
                "rust-version of {name} is too high: {} (expected {needed}, because of {needs_most})\nhint: {write}",
                shown(declared)
            );
        }
        println!("{name}: rust-version {needed} is required by {needs_most}");
        versions.push((name.to_string(), highest));
    }
    Ok(versions)
}

/// Returns the highest version that a dependency of a crate declares, and the dependency.
fn highest(metadata: &Metadata, of: &Package) -> anyhow::Result<(Version, String)> {
    let nodes = &metadata.resolve.as_ref().context("cargo metadata resolves nothing")?.nodes;
    let (mut highest, mut seen, mut open) = (None, BTreeSet::new(), vec![&of.id]);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.iter().find(|node| node.id == *id);
        let node = node.with_context(|| format!("cargo metadata does not resolve {id}"))?;
        let used = node.deps.iter().filter(|it| it.dep_kinds.iter().any(|it| it.kind != DependencyKind::Development));
        open.extend(used.map(|dependency| &dependency.pkg));
        // The version of the crate itself is being checked.
        if *id != of.id
            && let Some(version) = &metadata[id].rust_version
        {
            let dependency = format!("{} {}", metadata[id].name, metadata[id].version);
            highest = highest.max(Some((version.clone(), dependency)));
        }
    }
    highest.context("no dependency has a rust-version")
}

/// Returns the short form of a Rust version, such as 1.89 or 1.71.1.
fn shown(version: &Version) -> String {
    let Version { major, minor, patch, .. } = version;
    if *patch > 0 { version.to_string() } else { format!("{major}.{minor}") }
}

/// Returns whether a toolchain with this name has the version, or a later patch of it.
fn is_toolchain_of(name: &str, version: &Version) -> bool {
    let mut numbers = name.split(['.', '-']).map_while(|number| number.parse().ok());
    (numbers.next(), numbers.next()) == (Some(version.major), Some(version.minor))
        && numbers.next().unwrap_or(0) >= version.patch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the metadata of a published and a private crate. The published crate depends on `old` and, with this kind, on `new`.
    fn metadata(declared: &str, kind: Option<&str>) -> Metadata {
        let package = |id: &str, rust_version: Option<&str>, publish: Option<&[&str]>| {
            json!({
                "id": id, "name": id, "version": "1.0.0", "rust_version": rust_version, "publish": publish,
                "dependencies": [], "targets": [], "features": {}, "manifest_path": "Cargo.toml",
            })
        };
        let on = |id: &str, kind: Option<&str>| json!({ "name": id, "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("client", Some(declared), None),
                package("private", Some(declared), Some(&[])),
                package("old", Some("1.71.1"), None),
                package("new", Some("1.88"), None),
                package("newest", Some("1.90"), None),
            ],
            "workspace_members": ["client", "private"],
            "workspace_root": "",
            "target_directory": "",
            "version": 1,
            "resolve": { "nodes": [
                { "id": "client", "dependencies": [], "deps": [on("old", None), on("new", kind)] },
                { "id": "private", "dependencies": [], "deps": [on("newest", None)] },
                { "id": "old", "dependencies": [], "deps": [] },
                { "id": "new", "dependencies": [], "deps": [] },
                { "id": "newest", "dependencies": [], "deps": [] },
            ] },
        });
        serde_json::from_value(metadata).unwrap()
    }

    fn message(declared: &str, kind: Option<&str>) -> String {
        check(&metadata(declared, kind)).unwrap_err().to_string()
    }

    #[test]
    fn the_declared_version_is_the_highest_version_of_the_dependencies() {
        let version = |declared, kind| shown(&check(&metadata(declared, kind)).unwrap()[0].1);
        assert_eq!(version("1.88", None), "1.88");
        assert_eq!(version("1.88.0", Some("build")), "1.88");
        assert_eq!(version("1.71.1", Some("dev")), "1.71.1");
    }

    #[test]
    fn an_error_names_the_dependency_and_the_expected_version() {
        let low = message("1.87", None);
        let expected = "(expected 1.88, because of new 1.0.0)\nhint: write `rust-version = \"1.88\"`";
        assert!(low.contains("too low: 1.87") && low.contains(expected), "{low}");
        let high = message("1.89", None);
        assert!(high.contains("too high: 1.89") && high.contains(expected), "{high}");
    }

    #[test]
    fn a_toolchain_is_identified_by_its_name() {
        let version = Version::new(1, 89, 0);
        assert!(is_toolchain_of("1.89.0-x86_64-unknown-linux-gnu", &version));
        assert!(is_toolchain_of("1.89-aarch64-apple-darwin", &version));
        assert!(!is_toolchain_of("1.90.0-x86_64-unknown-linux-gnu", &version));
        assert!(!is_toolchain_of("stable-x86_64-unknown-linux-gnu", &version));
    }
}
