//! Version numbers, and the files that contain the version of this project.

use std::{fs, path::Path};

use anyhow::Context as _;
use cargo_metadata::{MetadataCommand, semver::Version};
use clap::ValueEnum;
use toml_edit::{DocumentMut, Item, Value};

use crate::{command, packages::PYTHON_PACKAGES};

/// The workspaces with a lock file, from the root.
const WORKSPACES: [&str; 2] = ["Cargo.toml", "crates/ecwid-coupons/fuzz/Cargo.toml"];

/// Which part of the version increases.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Bump {
    Major,
    Minor,
    Patch,
}

/// Returns the next version.
pub(super) fn bumped(version: &Version, bump: Bump) -> Version {
    let Version { major, minor, patch, .. } = *version;
    match bump {
        Bump::Major => Version::new(major + 1, 0, 0),
        Bump::Minor => Version::new(major, minor + 1, 0),
        Bump::Patch => Version::new(major, minor, patch + 1),
    }
}

/// Returns the smallest bump that announces breaking changes. Before 1.0.0, it is a minor bump.
pub(super) fn breaking_bump(version: &Version) -> Bump {
    if version.major == 0 { Bump::Minor } else { Bump::Major }
}

/// Returns whether a version announces breaking changes since an older one.
pub(super) fn announces_breaking_changes(old: &Version, new: &Version) -> bool {
    *new >= bumped(old, breaking_bump(old))
}

/// Writes the version into the manifest of the workspace, which the crates and the Python packages take it from, and into the lock
/// files.
pub(super) fn write(root: &Path, version: &Version) -> anyhow::Result<()> {
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path)?;
    fs::write(&path, with_version(&text, version)?)?;
    for workspace in WORKSPACES {
        // Changes only the versions of the members and of their path dependencies.
        let mut update = command::cargo("update --workspace --quiet --manifest-path");
        command::run(update.arg(root.join(workspace)).current_dir(root))?;
    }
    Ok(())
}

/// Returns the manifest of the workspace with another version.
fn with_version(manifest: &str, version: &Version) -> anyhow::Result<String> {
    let mut manifest: DocumentMut = manifest.parse()?;
    let workspace = &mut manifest["workspace"];
    set(&mut workspace["package"]["version"], version);
    let dependencies = workspace["dependencies"].as_table_mut().context("no dependencies in the workspace")?;
    for (_, dependency) in dependencies.iter_mut() {
        let own = dependency.as_table_like_mut().filter(|it| it.contains_key("path"));
        if let Some(required) = own.and_then(|it| it.get_mut("version")) {
            set(required, version);
        }
    }
    Ok(manifest.to_string())
}

/// Replaces a version, and keeps the spaces and comments around it.
fn set(item: &mut Item, version: &Version) {
    let decor = item.as_value().map(|old| old.decor().clone()).unwrap_or_default();
    let mut new = Value::from(version.to_string());
    *new.decor_mut() = decor;
    *item = Item::Value(new);
}

/// Returns the published packages that have another version. Fails if a lock file has another version.
pub(super) fn deviations(root: &Path, version: &Version) -> anyhow::Result<Vec<String>> {
    let mut deviations = Vec::new();
    for workspace in WORKSPACES {
        let mut metadata = command::cargo("metadata --locked --format-version 1 --manifest-path");
        let metadata = command::ask(metadata.arg(root.join(workspace)).current_dir(root))?;
        let metadata = MetadataCommand::parse(metadata)?;
        let published = metadata.workspace_packages().into_iter().filter(|package| command::is_published(package));
        let others = published.filter(|package| package.version != *version);
        deviations.extend(others.map(|package| format!("{} has version {}", package.name, package.version)));
    }
    // A Python package takes its version from a crate, unless its pyproject.toml names one.
    for folder in PYTHON_PACKAGES {
        let file = format!("{folder}/pyproject.toml");
        let project: toml::Table = fs::read_to_string(root.join(&file))?.parse()?;
        deviations.extend(project["project"].get("version").map(|version| format!("{file} has version {version}")));
    }
    Ok(deviations)
}

/// Returns the lines of Markdown files, besides the changelog, that name a version.
pub(super) fn named(root: &Path, version: &Version) -> anyhow::Result<Vec<String>> {
    let mut grep = command::command("git");
    grep.args(["grep", "--line-number", "--fixed-strings", "--word-regexp"]).arg(version.to_string());
    grep.args(["--", "*.md", ":!CHANGELOG.md"]);
    // The exit code is 1 if there is no such line.
    let output = grep.current_dir(root).output()?;
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breaking_change_needs_a_minor_bump_before_1_0_and_a_major_bump_after() {
        let fits = |old: &str, new: &str| announces_breaking_changes(&old.parse().unwrap(), &new.parse().unwrap());
        for (old, right, wrong) in
            [("0.1.3", "0.2.0", "0.1.4"), ("1.2.3", "2.0.0", "1.3.0"), ("0.9.0", "1.0.0", "0.9.1")]
        {
            assert!(fits(old, right) && !fits(old, wrong), "{old}");
        }
        let old = Version::new(1, 2, 3);
        let versions = [Bump::Major, Bump::Minor, Bump::Patch].map(|bump| bumped(&old, bump).to_string());
        assert_eq!(versions, ["2.0.0", "1.3.0", "1.2.4"]);
    }

    #[test]
    fn the_version_is_written_for_the_packages_and_their_dependencies() {
        let manifest = "\
[workspace.package]
version = \"0.1.0\" # of all

[workspace.dependencies]
client = { path = \"client\", version = \"0.1.0\", default-features = false }
xtask = { path = \"xtask\" }
other = { version = \"0.1.0\" }
text = \"0.1.0\"
";
        let expected = manifest
            .replace("version = \"0.1.0\" # of all", "version = \"0.2.0\" # of all")
            .replace("\"client\", version = \"0.1.0\"", "\"client\", version = \"0.2.0\"");
        assert_eq!(with_version(manifest, &Version::new(0, 2, 0)).unwrap(), expected);
    }
}
