//! `cargo xtask release`: prepares a release in the work tree, and checks that it can be released.
//!
//! The release is prepared and checked in a copy first. RELEASING.md describes what happens before and after.

mod api;
mod changelog;
mod copy;
mod placeholders;
mod report;
mod version;

use std::{env, fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use cargo_metadata::{DependencyKind, Package, semver::Version};
use chrono::Utc;
use clap::Args;

use self::{
    api::{Comparison, LastRelease},
    changelog::Changelog,
    report::{Check, Outcome, Report},
    version::Bump,
};
use crate::{command, workspace};

#[derive(Args, Debug)]
pub struct Arguments {
    /// Set this version
    #[arg(value_name = "VERSION", group = "what", required_unless_present_any = ["dry_run", "what"])]
    version: Option<Version>,

    /// Increase this part of the version
    #[arg(long, value_name = "PART", group = "what")]
    bump: Option<Bump>,

    /// Prepare the release in target/next-release only, and print what would be released
    ///
    /// Without a version, the next version is the lowest one that fits the changes of the interfaces. The exit code is 0 if the
    /// checks pass, even if something blocks the release, such as a placeholder.
    #[arg(long)]
    dry_run: bool,

    /// Check that the work tree can be released with this tag, for example `v0.1.0`
    #[arg(long, value_name = "TAG", group = "what", conflicts_with = "dry_run")]
    check_tag: Option<String>,

    /// Print the release notes of a version, which are its section of CHANGELOG.md
    #[arg(long, value_name = "VERSION", group = "what", conflicts_with = "dry_run")]
    notes: Option<Version>,
}

/// The version of the next release.
enum Wanted {
    Version(Version),
    Bump(Bump),
    /// The lowest version that fits the changes of the interfaces.
    Lowest,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(tag) = &arguments.check_tag {
        return check_tag(tag);
    }
    if let Some(version) = &arguments.notes {
        println!("{}", Changelog::read(&workspace::root())?.notes(version)?);
        return Ok(());
    }
    let wanted = match (&arguments.version, arguments.bump) {
        (Some(version), _) => Wanted::Version(version.clone()),
        (_, Some(bump)) => Wanted::Bump(bump),
        _ => Wanted::Lowest,
    };
    let root = workspace::root();
    if !arguments.dry_run {
        let changed = command::ask(command::command("git").args(["status", "--porcelain"]))?;
        ensure!(changed.is_empty(), "the work tree has uncommitted changes:\n{changed}hint: commit or stash them");
    }
    let report = prepare_copy(&wanted, true)?;
    if arguments.dry_run {
        return Ok(());
    }
    let blocked = report.names(|outcome| matches!(outcome, Outcome::Blocked));
    ensure!(blocked.is_empty(), "the release is blocked: {}; see above", blocked.join(", "));
    prepare(&root, &report.version)?;
    println!(
        "\nThe work tree contains release {0}. Nothing is committed or uploaded.\n\
         Next: read `git diff`, run `cargo xtask ci`, commit, and push the tag `v{0}`. See RELEASING.md.",
        report.version
    );
    Ok(())
}

/// Prepares the next release in a copy, prints the report without the archives, and returns what was skipped or blocks the release.
pub(crate) fn dry_run() -> anyhow::Result<Vec<String>> {
    let report = prepare_copy(&Wanted::Lowest, false)?;
    let open = report.checks.into_iter().filter_map(|check| match check.outcome {
        Outcome::Skipped => Some(format!("{}: {}", check.name, check.summary)),
        Outcome::Blocked => Some(format!("{} would block a release: {}", check.name, check.summary)),
        _ => None,
    });
    Ok(open.collect())
}

/// Prepares a release in a copy, and prints a report about it. Fails if a check fails.
fn prepare_copy(wanted: &Wanted, with_archives: bool) -> anyhow::Result<Report> {
    let root = workspace::root();
    let metadata = command::metadata("--no-deps")?;
    let published = metadata.packages.iter().filter(|package| command::is_published(package));
    let crates = in_publish_order(published.collect());
    let current = &crates.first().context("no published package in the workspace")?.version;

    let last = api::last_release()?;
    let (released, compared) = match &last {
        Ok(LastRelease { tag, version }) => (Some(version), api::compare(&crates, tag)?),
        Err(_) => (None, Vec::new()),
    };
    let changelog = Changelog::read(&root)?;
    let is_prepared = released != Some(current) && changelog.notes(current).is_ok();
    let is_breaking = compared.iter().any(|it| it.breaking.is_some());
    let version = next(current, released, is_prepared, is_breaking, wanted)?;

    let copy = copy::create(&root)?;
    if !is_prepared {
        prepare(&copy, &version)?;
    }
    let changelog = Changelog::read(&copy)?;
    let entries = changelog.entries(&version);
    let mut checks = vec![check_version(&copy, current, &version)?, check_changelog(entries.count())];
    match &last {
        Err(reason) => checks.push(Check::new("interfaces", Outcome::Skipped, reason)),
        Ok(last) => {
            checks.extend(compared.iter().map(|it| check_api(it, last, &version, entries.name_breaking_changes())))
        }
    }
    checks.push(check_placeholders(&copy)?);
    if with_archives {
        checks.push(check_archives(&copy)?);
    }
    let report = Report {
        released: released.cloned(),
        entries: entries.count(),
        checks,
        files: files(&crates, &version),
        version,
        is_prepared,
    };
    println!("\n{report}The prepared files are in {}.", copy.display());
    let failed = report.names(|outcome| matches!(outcome, Outcome::Failed));
    ensure!(failed.is_empty(), "the checks of the release failed: {}; see above", failed.join(", "));
    Ok(report)
}

/// Returns the version of the next release.
fn next(
    current: &Version,
    released: Option<&Version>,
    is_prepared: bool,
    is_breaking: bool,
    wanted: &Wanted,
) -> anyhow::Result<Version> {
    let next = match wanted {
        Wanted::Version(version) => version.clone(),
        Wanted::Bump(bump) => version::bumped(released.unwrap_or(current), *bump),
        Wanted::Lowest => match released {
            Some(released) if released == current => {
                let bump = if is_breaking { version::breaking_bump(released) } else { Bump::Patch };
                version::bumped(released, bump)
            }
            // The version in Cargo.toml has not been released yet.
            _ => current.clone(),
        },
    };
    if is_prepared && !matches!(wanted, Wanted::Lowest) {
        bail!(
            "cannot prepare {next}, because {current} is prepared and has no tag\nhint: tag it, or revert its commit"
        );
    }
    if let Some(released) = released.filter(|released| next <= **released) {
        bail!("wrong version: {next} (expected a version above {released}, the last release)");
    }
    Ok(next)
}

/// Writes the version and the changelog of a release.
fn prepare(root: &Path, version: &Version) -> anyhow::Result<()> {
    version::write(root, version)?;
    let changelog = Changelog::read(root)?.released(version, Utc::now().date_naive());
    fs::write(root.join(changelog::FILE), changelog)?;
    Ok(())
}

/// Checks that all packages and lock files have the version, and that no text names the old one.
fn check_version(root: &Path, current: &Version, version: &Version) -> anyhow::Result<Check> {
    let wrong = version::deviations(root, version)?;
    if !wrong.is_empty() {
        return Ok(Check::new("version", Outcome::Failed, format!("not {version} everywhere")).with(wrong));
    }
    let named = if current == version { Vec::new() } else { version::named(root, current)? };
    if !named.is_empty() {
        let summary = format!("{} lines name {current}, which will be out of date", named.len());
        return Ok(Check::new("version", Outcome::Blocked, summary).with(named));
    }
    Ok(Check::new("version", Outcome::Passed, "the crates, the Python packages and the lock files have it"))
}

fn check_changelog(entries: usize) -> Check {
    match entries {
        0 => Check::new("changelog", Outcome::Blocked, "no entry under `## Unreleased`"),
        _ => Check::new("changelog", Outcome::Passed, "it has entries for the version and the right form"),
    }
}

fn check_api(compared: &Comparison, last: &LastRelease, version: &Version, is_announced: bool) -> Check {
    let LastRelease { tag, version: released } = last;
    let (outcome, summary) = match &compared.breaking {
        None => (Outcome::Passed, format!("no breaking change since {tag}")),
        Some(_) if !version::announces_breaking_changes(released, version) => {
            let expected = version::bumped(released, version::breaking_bump(released));
            (Outcome::Failed, format!("breaking changes since {tag} (expected version {expected} or higher)"))
        }
        Some(_) if !is_announced => (
            Outcome::Failed,
            format!("breaking changes since {tag}, but no entry of the changelog starts with `Breaking:`"),
        ),
        Some(_) => {
            (Outcome::Passed, format!("breaking changes since {tag}, which the version and the changelog announce"))
        }
    };
    let details = compared.breaking.iter().flat_map(|output| output.lines()).map(str::to_owned).collect();
    Check::new(&compared.interface, outcome, summary).with(details)
}

fn check_placeholders(root: &Path) -> anyhow::Result<Check> {
    let found = placeholders::find(root)?;
    let Some(first) = found.keys().next() else {
        return Ok(Check::new("placeholders", Outcome::Passed, "none"));
    };
    let lines: usize = found.values().map(Vec::len).sum();
    let summary = format!("{lines} lines in {} files, such as {first}", found.len());
    let numbers = |lines: &[usize]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let lines = found.iter().map(|(file, lines)| format!("{file}: {}", numbers(lines))).collect();
    Ok(Check::new("placeholders", Outcome::Blocked, summary).with(lines))
}

/// Packs the copy with its own files. The compiled dependencies are those of the workspace.
fn check_archives(copy: &Path) -> anyhow::Result<Check> {
    let mut packages = command::command(env::current_exe()?);
    packages.args(["packages", "--check"]).current_dir(copy);
    packages.env("CARGO_MANIFEST_DIR", copy.join("xtask")).env("CARGO_TARGET_DIR", command::target()?);
    Ok(match command::run_shown(&mut packages) {
        Ok(_) => Check::new("archives", Outcome::Passed, "packed, compiled and complete"),
        Err(error) => Check::new("archives", Outcome::Failed, format!("{error:#}; see above")),
    })
}

/// Checks that a tag names the version of the work tree, and that nothing of the release is missing.
fn check_tag(tag: &str) -> anyhow::Result<()> {
    let root = workspace::root();
    let metadata = command::metadata("--no-deps")?;
    let version = &metadata.packages.first().context("no package in the workspace")?.version;
    ensure!(tag == format!("v{version}"), "wrong tag: `{tag}` (expected `v{version}`, the version in Cargo.toml)");
    Changelog::read(&root)?.notes(version)?;
    let placeholders = check_placeholders(&root)?;
    if !matches!(placeholders.outcome, Outcome::Passed) {
        placeholders.details.iter().for_each(|line| println!("{line}"));
        bail!("placeholders: {}; see above", placeholders.summary);
    }
    println!("{tag} can be released");
    Ok(())
}

/// Returns the packages so that each one follows its dependencies.
fn in_publish_order(mut packages: Vec<&Package>) -> Vec<&Package> {
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    let mut ordered: Vec<&Package> = Vec::new();
    while let Some(ready) = packages.iter().position(|package| {
        let mut needed = package.dependencies.iter().filter(|it| it.kind != DependencyKind::Development);
        needed.all(|dependency| packages.iter().all(|it| it.name != dependency.name))
    }) {
        ordered.push(packages.remove(ready));
    }
    ordered
}

/// Returns the names of the files that the registries get.
fn files(crates: &[&Package], version: &Version) -> Vec<(&'static str, Vec<String>)> {
    let crates = crates.iter().map(|package| format!("{}-{version}.crate", package.name)).collect();
    let python = ["ecwid_coupons", "ecwid_coupons_cli"].into_iter().flat_map(|name| {
        [format!("{name}-{version}.tar.gz"), format!("{name}-{version}-*.whl, a wheel for each platform")]
    });
    vec![("crates.io", crates), ("PyPI", python.collect())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(current: &str, released: Option<&str>, is_breaking: bool, wanted: Wanted) -> Result<String, String> {
        let version = |text: &str| text.parse::<Version>().unwrap();
        let released = released.map(version);
        let next = next(&version(current), released.as_ref(), false, is_breaking, &wanted);
        next.map(|version| version.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_lowest_version_fits_the_changes() {
        for (current, released, is_breaking, expected) in [
            ("0.1.0", None, false, "0.1.0"),
            ("0.1.0", Some("0.1.0"), false, "0.1.1"),
            ("0.1.0", Some("0.1.0"), true, "0.2.0"),
            ("1.1.0", Some("1.1.0"), true, "2.0.0"),
            ("0.3.0", Some("0.1.0"), true, "0.3.0"),
        ] {
            let next = next_of(current, released, is_breaking, Wanted::Lowest);
            assert_eq!(next.as_deref(), Ok(expected), "{current} {released:?} {is_breaking}");
        }
    }

    #[test]
    fn a_version_is_above_the_last_release() {
        let bumped = next_of("0.1.0", Some("0.1.0"), false, Wanted::Bump(Bump::Minor));
        assert_eq!(bumped.as_deref(), Ok("0.2.0"));
        let low = next_of("0.1.0", Some("0.1.0"), false, Wanted::Version(Version::new(0, 1, 0)));
        assert!(low.unwrap_err().contains("expected a version above 0.1.0"));
    }

    #[test]
    fn a_prepared_version_is_released_first() {
        let (current, released) = (Version::new(0, 2, 0), Version::new(0, 1, 0));
        let next = |wanted| next(&current, Some(&released), true, false, &wanted);
        assert_eq!(next(Wanted::Lowest).unwrap(), current);
        for wanted in [Wanted::Bump(Bump::Minor), Wanted::Version(current.clone())] {
            let error = next(wanted).unwrap_err().to_string();
            assert!(error.starts_with("cannot prepare 0.2.0, because 0.2.0 is prepared"), "{error}");
        }
    }

    #[test]
    fn a_breaking_change_is_announced_by_the_version_and_the_changelog() {
        let last = LastRelease { tag: "v0.1.0".to_owned(), version: Version::new(0, 1, 0) };
        let is_ok = |breaking: Option<&str>, minor, patch, is_announced| {
            let compared = Comparison { interface: "API".to_owned(), breaking: breaking.map(str::to_owned) };
            let check = check_api(&compared, &last, &Version::new(0, minor, patch), is_announced);
            matches!(check.outcome, Outcome::Passed)
        };
        assert!(is_ok(None, 1, 1, false));
        assert!(is_ok(Some("a change"), 2, 0, true));
        assert!(!is_ok(Some("a change"), 2, 0, false));
        assert!(!is_ok(Some("a change"), 1, 1, true));
    }

    #[test]
    fn a_package_is_published_after_its_dependencies() {
        let metadata = command::metadata("--no-deps").unwrap();
        let published = metadata.packages.iter().filter(|package| command::is_published(package));
        let names: Vec<_> = in_publish_order(published.collect()).iter().map(|it| it.name.to_string()).collect();
        let expected = ["ecwid-coupons", "ecwid-coupons-jobs", "ecwid-coupons-sandbox", "ecwid-coupons-cli"];
        assert_eq!(names, expected);
    }
}
