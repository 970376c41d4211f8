//! The step `msrv`: the `rust-version` that the published crates declare is the one that their dependencies need.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    process::Command,
    str::FromStr,
};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::outcome::{Skipped, StepResult};
use crate::command;

/// Compares the versions, and lets the compiler of that version check the client where it is installed.
pub(super) fn run() -> StepResult {
    let metadata = command::ask(&mut command::cargo("metadata --format-version 1 --all-features --locked"))?;
    let mut skipped = Vec::new();
    for (name, declared) in check(&serde_json::from_str(&metadata)?)? {
        match toolchain(declared) {
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

/// The installed toolchain of a Rust version, or why there is none to use.
fn toolchain(version: Version) -> Result<String, String> {
    let list = rustup(&["toolchain", "list"]).output().map_err(|error| format!("no `rustup` here ({error})"))?;
    String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| version.is_of_toolchain(name))
        .map(str::to_owned)
        .ok_or_else(|| format!("Rust {version} is not installed here; `rustup toolchain install {version}` does it"))
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
    let published = metadata
        .packages
        .iter()
        .filter(|package| metadata.workspace_members.contains(&package.id))
        .filter(|package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty()));
    let mut versions = Vec::new();
    for package in published {
        let Package { name, rust_version, .. } = package;
        let (needed, needs_most) = highest(metadata, package)?;
        let write = format!("write `rust-version = \"{needed}\"` into its Cargo.toml");
        let declared = rust_version.as_deref().with_context(|| format!("{name} declares no rust-version: {write}"))?;
        let declared: Version = declared.parse()?;
        if declared < needed {
            bail!("{name} declares rust-version {declared}, but {needs_most} needs {needed}: {write}");
        }
        if declared > needed {
            bail!(
                "{name} declares rust-version {declared}, higher than its dependencies need; the most, {needed}, is \
                 needed by {needs_most}: {write}"
            );
        }
        println!("{name}: rust-version {needed} is what its dependencies need, the most {needs_most}");
        versions.push((name.clone(), needed));
    }
    Ok(versions)
}

/// The highest version that a dependency of a crate declares, and the dependency.
fn highest(metadata: &Metadata, of: &Package) -> anyhow::Result<(Version, String)> {
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|it| (it.id.as_str(), it)).collect();
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|it| (it.id.as_str(), it)).collect();

    let mut highest = None;
    let mut seen = BTreeSet::new();
    let mut open = vec![of.id.as_str()];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.get(id).with_context(|| format!("cargo metadata does not resolve {id}"))?;
        let used = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|it| it.kind.as_deref() != Some("dev"));
        open.extend(node.deps.iter().filter(used).map(|dependency| dependency.pkg.as_str()));

        let package = packages.get(id).with_context(|| format!("cargo metadata does not describe {id}"))?;
        // What the crate itself declares is what is being checked.
        if let Some(version) = package.rust_version.as_deref()
            && package.id != of.id
        {
            let dependency = format!("{} {}", package.name, package.version);
            highest = highest.max(Some((version.parse()?, dependency)));
        }
    }
    highest.context("no dependency declares a rust-version")
}

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    rust_version: Option<String>,
    /// The registries it may be published to: null is any, an empty list is none.
    publish: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// `dev`, `build`, or null for a normal dependency.
    kind: Option<String>,
}

/// A version of Rust, such as 1.89 or 1.71.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Whether a toolchain of this name has the version; patches of it are as good.
    fn is_of_toolchain(self, name: &str) -> bool {
        let channel: Option<Self> = name.split('-').next().and_then(|channel| channel.parse().ok());
        channel.is_some_and(|it| (it.major, it.minor) == (self.major, self.minor) && it.patch >= self.patch)
    }
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok(&[major, minor]) => Ok(Self { major, minor, patch: 0 }),
            Ok(&[major, minor, patch]) => Ok(Self { major, minor, patch }),
            _ => bail!("{text:?} is no version of Rust"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 { write!(f, ".{}", self.patch) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A published crate and a private one: the one depends on `old`, and on `new` as `kind` says.
    fn metadata(declared: &str, kind: Option<&str>) -> Metadata {
        let package = |id: &str, rust_version: Option<&str>, publish: Option<&[&str]>| json!({ "id": id, "name": id, "version": "1.0.0", "rust_version": rust_version, "publish": publish });
        let on = |id: &str, kind: Option<&str>| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package("client", Some(declared), None),
                package("private", Some(declared), Some(&[])),
                package("old", Some("1.71.1"), None),
                package("new", Some("1.88"), None),
                package("newest", Some("1.90"), None),
            ],
            "workspace_members": ["client", "private"],
            "resolve": { "nodes": [
                { "id": "client", "deps": [on("old", None), on("new", kind)] },
                { "id": "private", "deps": [on("newest", None)] },
                { "id": "old", "deps": [] },
                { "id": "new", "deps": [] },
                { "id": "newest", "deps": [] },
            ] },
        });
        serde_json::from_value(metadata).unwrap()
    }

    fn message(declared: &str, kind: Option<&str>) -> String {
        check(&metadata(declared, kind)).unwrap_err().to_string()
    }

    #[test]
    fn the_declared_version_is_the_highest_of_the_dependencies() {
        let version = |declared, kind| check(&metadata(declared, kind)).unwrap()[0].1.to_string();
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
        let version: Version = "1.89".parse().unwrap();
        assert!(version.is_of_toolchain("1.89.0-x86_64-unknown-linux-gnu"));
        assert!(version.is_of_toolchain("1.89-aarch64-apple-darwin"));
        assert!(!version.is_of_toolchain("1.90.0-x86_64-unknown-linux-gnu"));
        assert!(!version.is_of_toolchain("stable-x86_64-unknown-linux-gnu"));
    }
}
