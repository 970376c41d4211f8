//! CHANGELOG.md in the form of Keep a Changelog: a section for each version, newest first, under the section of unreleased changes.

use std::{fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use cargo_metadata::semver::Version;
use chrono::NaiveDate;
use parse_changelog::Release;

pub(super) const FILE: &str = "CHANGELOG.md";

/// The title of the section of unreleased changes.
const UNRELEASED: &str = "Unreleased";

/// The start of an entry for a breaking change.
const BREAKING: &str = "- Breaking: ";

/// The sections of a changelog whose form has been checked.
pub(super) struct Changelog {
    text: String,
}

impl Changelog {
    /// Reads the changelog in a folder, and checks its form.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        Self::parse(fs::read_to_string(root.join(FILE)).with_context(|| format!("cannot read {FILE}"))?)
    }

    fn parse(text: String) -> anyhow::Result<Self> {
        let sections = parse_changelog::parse(&text).with_context(|| format!("cannot read {FILE}"))?;
        let titles = text.lines().filter_map(|line| line.strip_prefix("## "));
        for title in titles {
            // The parser takes a heading that names no version for a part of the section above.
            ensure!(sections.values().any(|section| section.title == title), wrong_section(title));
        }
        let mut sections = sections.values();
        let first = sections.next().map(|section| section.title);
        ensure!(
            first == Some(UNRELEASED),
            "wrong first section of {FILE}: `## {}` (expected `## {UNRELEASED}`)",
            first.unwrap_or_default()
        );
        let mut newer: Option<(Version, NaiveDate)> = None;
        for section in sections {
            let (version, date) = version_and_date(section)?;
            if let Some((newer, newer_date)) = newer {
                ensure!(
                    version < newer && date <= newer_date,
                    "wrong order in {FILE}: {version} of {date} is below {newer} of {newer_date} (expected the newest first)"
                );
            }
            newer = Some((version, date));
        }
        Ok(Self { text })
    }

    /// Returns the entries of a released version.
    pub(super) fn notes(&self, version: &Version) -> anyhow::Result<&str> {
        let notes = self.section(&version.to_string());
        let notes = notes
            .with_context(|| format!("no section for {version} in {FILE} (expected `## {version} - YYYY-MM-DD`)"))?;
        ensure!(count(notes) > 0, "no entry for {version} in {FILE} (expected a line that starts with `- `)");
        Ok(notes)
    }

    /// Returns the entries of a version, which are none if it has no section.
    pub(super) fn entries(&self, version: &Version) -> Entries<'_> {
        Entries(self.section(&version.to_string()).unwrap_or_default())
    }

    /// Returns the text of the changelog in which the unreleased entries are those of a version.
    pub(super) fn released(&self, version: &Version, date: NaiveDate) -> String {
        let heading = format!("## {UNRELEASED}\n");
        self.text.replacen(&heading, &format!("{heading}\n## {version} - {date}\n"), 1)
    }

    fn section(&self, title: &str) -> Option<&str> {
        let sections = parse_changelog::parse(&self.text).ok()?;
        sections.get(title).map(|section| section.notes)
    }
}

/// The section of a version.
pub(super) struct Entries<'a>(&'a str);

impl Entries<'_> {
    pub(super) fn count(&self) -> usize {
        count(self.0)
    }

    pub(super) fn name_breaking_changes(&self) -> bool {
        self.0.lines().any(|line| line.starts_with(BREAKING))
    }
}

fn count(notes: &str) -> usize {
    notes.lines().filter(|line| line.starts_with("- ")).count()
}

/// Reads the title of a section, such as `0.1.0 - 2026-01-31`.
fn version_and_date(section: &Release<'_>) -> anyhow::Result<(Version, NaiveDate)> {
    let parts = section.title.split_once(" - ").map(|(version, date)| (version.parse(), date.parse()));
    match parts {
        Some((Ok(version), Ok(date))) => Ok((version, date)),
        _ => bail!(wrong_section(section.title)),
    }
}

fn wrong_section(title: &str) -> String {
    format!("wrong section of {FILE}: `## {title}` (expected `## VERSION - YYYY-MM-DD`)")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Changelog

The form.

## Unreleased

### Command

- Breaking: a.
- b, which
  is long.

## 0.1.0 - 2026-01-31

- The first.
";

    fn error(text: &str) -> String {
        Changelog::parse(text.to_owned()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_unreleased_section_becomes_that_of_a_version() {
        let changelog = Changelog::parse(TEXT.to_owned()).unwrap();
        assert_eq!(changelog.notes(&Version::new(0, 1, 0)).unwrap(), "- The first.");

        let version = Version::new(0, 2, 0);
        assert!(changelog.notes(&version).is_err());
        let released = changelog.released(&version, NaiveDate::from_ymd_opt(2026, 2, 28).unwrap());
        let expected = TEXT.replace("## Unreleased\n", "## Unreleased\n\n## 0.2.0 - 2026-02-28\n");
        assert_eq!(released, expected);
        let released = Changelog::parse(released).unwrap();
        assert_eq!(released.entries(&version).count(), 2);
        assert!(released.entries(&version).name_breaking_changes());
        let older = released.entries(&Version::new(0, 1, 0));
        assert_eq!((older.count(), older.name_breaking_changes()), (1, false));
        assert_eq!(released.notes(&version).unwrap(), "### Command\n\n- Breaking: a.\n- b, which\n  is long.");
    }

    #[test]
    fn a_section_without_an_entry_has_no_notes() {
        let version = Version::new(0, 1, 0);
        for (old, new) in [("- The first.\n", "The first.\n"), ("- The first.\n", "")] {
            let changelog = Changelog::parse(TEXT.replace(old, new)).unwrap();
            assert!(changelog.notes(&version).unwrap_err().to_string().starts_with("no entry for 0.1.0"));
            assert_eq!(changelog.entries(&version).count(), 0);
        }
    }

    #[test]
    fn another_form_is_an_error() {
        for (old, new, expected) in [
            ("## Unreleased\n", "", "wrong first section of CHANGELOG.md: `## 0.1.0 - 2026-01-31`"),
            (" - 2026-01-31", "", "`## 0.1.0` (expected `## VERSION - YYYY-MM-DD`)"),
            ("2026-01-31", "2026-02-31", "expected `## VERSION - YYYY-MM-DD`"),
            ("0.1.0 -", "0.1 -", "expected `## VERSION - YYYY-MM-DD`"),
            ("## 0.1.0", "## 0.0.9 - 2026-01-31\n\n- Older.\n\n## 0.1.0", "0.1.0 of 2026-01-31 is below 0.0.9"),
            ("## 0.1.0", "## 0.2.0 - 2026-01-30\n\n- Newer.\n\n## 0.1.0", "is below 0.2.0 of 2026-01-30"),
        ] {
            let message = error(&TEXT.replacen(old, new, 1));
            assert!(message.contains(expected), "{message}");
        }
        assert_eq!(error(TEXT), "");
    }
}
