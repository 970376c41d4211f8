//! The versions of what a benchmark measured.

use std::{collections::BTreeMap, fs};

use anyhow::Context as _;
use serde_json::Value;

use crate::{
    command,
    tools::{node::Packages, python::Venv},
    workspace,
};

/// Versions by name.
pub(super) type Versions = BTreeMap<String, String>;

/// Prints the versions of Python and of the packages in its arguments.
const PYTHON: &str = "
import json, platform, sys
from importlib.metadata import version
print(json.dumps({'Python': platform.python_version()} | {name: version(name) for name in sys.argv[1:]}))
";

/// Returns the versions of Rust and of these crates.
pub(super) fn crates(names: &[&str]) -> anyhow::Result<Versions> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let lock: toml::Table = lock.parse().context("cannot read Cargo.lock")?;
    let locked = lock.get("package").and_then(toml::Value::as_array).context("no packages in Cargo.lock")?;
    let mut versions = rust()?;
    for name in names {
        let package = locked.iter().find(|package| package.get("name").and_then(toml::Value::as_str) == Some(name));
        let version = package.and_then(|package| package.get("version")?.as_str());
        versions.insert((*name).to_owned(), version.with_context(|| format!("no {name} in Cargo.lock"))?.to_owned());
    }
    Ok(versions)
}

/// Returns the versions of Rust, Python and these Python packages.
pub(super) fn packages(venv: &Venv, names: &[&str]) -> anyhow::Result<Versions> {
    let found = command::ask(command::command(venv.program("python")).args(["-c", PYTHON]).args(names))?;
    let mut versions = rust()?;
    versions.extend(serde_json::from_str::<Versions>(&found)?);
    Ok(versions)
}

/// Returns the versions of Rust, Node.js and Prism.
pub(super) fn prism(packages: &Packages) -> anyhow::Result<Versions> {
    let path = packages.folder().join("node_modules/@stoplight/prism-cli/package.json");
    let manifest = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Value = serde_json::from_str(&manifest)?;
    let version = manifest.get("version").and_then(Value::as_str).context("no version in the package of Prism")?;
    let node = command::ask(&mut packages.node_evaluating("console.log(process.versions.node)"))?;
    let mut versions = rust()?;
    versions.insert("Node.js".to_owned(), node.trim().to_owned());
    versions.insert("Prism".to_owned(), version.to_owned());
    Ok(versions)
}

fn rust() -> anyhow::Result<Versions> {
    let version = command::ask(command::command("rustc").arg("--version"))?;
    let number = version.split_whitespace().nth(1).context("no version was printed by rustc")?;
    Ok(Versions::from([("Rust".to_owned(), number.to_owned())]))
}
