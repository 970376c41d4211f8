//! `cargo xtask release`: what a release consists of, and the checks before it.

mod changelog;
mod placeholders;

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use cargo_metadata::semver::Version;
use clap::Args;

use self::changelog::Changelog;
use crate::{command, workspace};

#[derive(Args, Debug)]
#[group(required = true)]
pub struct Arguments {
    /// Check that the work tree can be released as this tag, for example `v0.1.0`
    #[arg(long, value_name = "TAG", group = "what")]
    check_tag: Option<String>,

    /// Print the release notes of a version, which are its section in CHANGELOG.md
    #[arg(long, value_name = "VERSION", group = "what")]
    notes: Option<Version>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(tag) = &arguments.check_tag {
        return check_tag(tag);
    }
    if let Some(version) = &arguments.notes {
        println!("{}", Changelog::read(&workspace::root())?.notes(version)?);
    }
    Ok(())
}

/// Checks that a tag names the version of the work tree, and that nothing of the version is missing.
fn check_tag(tag: &str) -> anyhow::Result<()> {
    let root = workspace::root();
    let version = version()?;
    ensure!(tag == format!("v{version}"), "wrong tag: `{tag}` (expected `v{version}`, the version in Cargo.toml)");
    Changelog::read(&root)?.notes(&version)?;
    let placeholders = placeholders::find(&root)?;
    for placeholder in &placeholders {
        println!("{}:{}: {}", placeholder.file, placeholder.line, placeholder.text);
    }
    let files: BTreeSet<_> = placeholders.iter().map(|it| &it.file).collect();
    ensure!(placeholders.is_empty(), "{} placeholders in {} files, see above", placeholders.len(), files.len());
    println!("{tag} can be released");
    Ok(())
}

/// Returns the version of the workspace.
fn version() -> anyhow::Result<Version> {
    let metadata = command::metadata("--no-deps")?;
    let package = metadata.packages.first().context("no package in the workspace")?;
    Ok(package.version.clone())
}
