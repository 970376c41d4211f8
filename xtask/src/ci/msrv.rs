//! The step `msrv`: the `rust-version` that the published crates declare is the one that their dependencies need.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Context, bail};
use cargo_metadata::{DependencyKind, Metadata, Package, semver::Version};

use super::outcome::{Skipped, StepResult};
use crate::command;

/// Compares the versions, and lets the compiler of that version check the client where it is installed.
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
                skipped.push(Skipped { part: "compiling with the declared version", reason });
            }
        }
    }
    Ok(skipped)
}

fn toolchain(version: &Version) -> Result<String, String> {
    let list = rustup(&["toolchain", "list"]).output().map_err(|error| format!("no `rustup` here ({error})"))?;
    String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| is_toolchain_of(name, version))
        .map(str::to_owned)
        .ok_or_else(|| {
            let version = shown(version);
            format!("Rust {version} is not installed here; `rustup toolchain install {version}` does it")
        })
}

/// A rustup that downloads nothing on its own.
fn rustup(arguments: &[&str]) -> Command {
    let mut rustup = command::command("rustup");
    rustup.args(arguments).env("RUSTUP_AUTO_INSTALL", "0");
    rustup
}

/// Answers the version that each published crate declares, when it is the highest that a dependency of it needs.
///
/// Dependencies for every platform count, and those of every feature; those for tests do not, as nobody else builds
/// them.
fn check(metadata: &Metadata) -> anyhow::Result<Vec<(String, Version)>> {
    let is_published = |package: &&&Package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty());
    let mut versions = Vec::new();
    for package in metadata.workspace_packages().iter().filter(is_published) {
        let Package { name, rust_version, .. } = package;
        let (highest, needs_most) = highest(metadata, package)?;
        let needed = shown(&highest);
        let write = format!("write `rust-version = \"{needed}\"` into its Cargo.toml");
        let declared = rust_version.as_ref().with_context(|| format!("{name} declares no rust-version: {write}"))?;
        if *declared < highest {
            bail!("{name} declares rust-version {}, but {needs_most} needs {needed}: {write}", shown(declared));
        }
        if *declared > highest {
            bail!(
                "{name} declares rust-version {}, higher than its dependencies need; the most, {needed}, is needed by \
                 {needs_most}: {write}",
                shown(declared)
            );
        }
        println!("{name}: rust-version {needed} is what its dependencies need, the most {needs_most}");
        versions.push((name.to_string(), highest));
    }
    Ok(versions)
}

/// The highest version that a dependency of a crate declares, and the dependency.
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
        // What the crate itself declares is what is being checked.
        if *id != of.id
            && let Some(version) = &metadata[id].rust_version
        {
            let dependency = format!("{} {}", metadata[id].name, metadata[id].version);
            highest = highest.max(Some((version.clone(), dependency)));
        }
    }
    highest.context("no dependency declares a rust-version")
}

/// A version of Rust as people write it, such as 1.89 or 1.71.1.
fn shown(version: &Version) -> String {
    let Version { major, minor, patch, .. } = version;
    if *patch > 0 { version.to_string() } else { format!("{major}.{minor}") }
}

/// Whether a toolchain of this name has the version; patches of it are as good.
fn is_toolchain_of(name: &str, version: &Version) -> bool {
    let mut numbers = name.split(['.', '-']).map_while(|number| number.parse().ok());
    (numbers.next(), numbers.next()) == (Some(version.major), Some(version.minor))
        && numbers.next().unwrap_or(0) >= version.patch
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A published crate and a private one: the one depends on `old`, and on `new` as `kind` says.
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
    fn the_declared_version_is_the_highest_of_the_dependencies() {
        let version = |declared, kind| shown(&check(&metadata(declared, kind)).unwrap()[0].1);
        assert_eq!(version("1.88", None), "1.88");
        assert_eq!(version("1.88.0", Some("build")), "1.88");
        assert_eq!(version("1.71.1", Some("dev")), "1.71.1");
    }

    #[test]
    fn another_version_is_an_error_that_names_the_crate_and_the_version_to_write() {
        let low = message("1.87", None);
        assert!(low.contains("new 1.0.0 needs 1.88: write `rust-version = \"1.88\"`"), "{low}");
        let high = message("1.89", None);
        assert!(high.contains("higher than") && high.contains("write `rust-version = \"1.88\"`"), "{high}");
    }

    #[test]
    fn a_toolchain_of_the_version_is_known_by_its_name() {
        let version = Version::new(1, 89, 0);
        assert!(is_toolchain_of("1.89.0-x86_64-unknown-linux-gnu", &version));
        assert!(is_toolchain_of("1.89-aarch64-apple-darwin", &version));
        assert!(!is_toolchain_of("1.90.0-x86_64-unknown-linux-gnu", &version));
        assert!(!is_toolchain_of("stable-x86_64-unknown-linux-gnu", &version));
    }
}
