//! The report about a release: its version, its checks and its files.

use std::fmt;

use cargo_metadata::semver::Version;

/// The result of a check.
pub(super) enum Outcome {
    Passed,
    /// The check could not run.
    Skipped,
    /// Nothing can be released before this is done. It is no mistake in a change.
    Blocked,
    Failed,
}

/// A check with its result.
pub(super) struct Check {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// One line about the result.
    pub(super) summary: String,
    /// Lines about each problem.
    pub(super) details: Vec<String>,
}

impl Check {
    pub(super) fn new(name: impl Into<String>, outcome: Outcome, summary: impl Into<String>) -> Self {
        Self { name: name.into(), outcome, summary: summary.into(), details: Vec::new() }
    }

    pub(super) fn with(self, details: Vec<String>) -> Self {
        Self { details, ..self }
    }
}

/// What a release consists of.
pub(super) struct Report {
    /// The last released version.
    pub(super) released: Option<Version>,
    pub(super) version: Version,
    /// The number of entries in the changelog.
    pub(super) entries: usize,
    pub(super) checks: Vec<Check>,
    /// Whether the changelog of the work tree has a section for the version.
    pub(super) is_prepared: bool,
    /// The registries, and the files that each of them gets, in order.
    pub(super) files: Vec<(&'static str, Vec<String>)>,
}

impl Report {
    /// Returns the names of the checks with an outcome.
    pub(super) fn names(&self, is_wanted: impl Fn(&Outcome) -> bool) -> Vec<&str> {
        self.checks.iter().filter(|check| is_wanted(&check.outcome)).map(|check| check.name.as_str()).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.released {
            Some(released) => write!(f, "Release {released} -> {}", self.version)?,
            None => write!(f, "Release {} (the first one)", self.version)?,
        }
        writeln!(f, "; entries in the changelog: {}\n\nChecks:", self.entries)?;
        let width = self.checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
        for check in &self.checks {
            let outcome = match check.outcome {
                Outcome::Passed => "ok",
                Outcome::Skipped => "SKIPPED",
                Outcome::Blocked => "BLOCKED",
                Outcome::Failed => "FAILED",
            };
            writeln!(f, "  {outcome:<8}{:<width$}  {}", check.name, check.summary)?;
            for line in &check.details {
                writeln!(f, "            {line}")?;
            }
        }
        writeln!(f, "\nFiles to upload:")?;
        for (registry, files) in &self.files {
            for (index, file) in files.iter().enumerate() {
                writeln!(f, "  {:<11}{file}", if index == 0 { registry } else { "" })?;
            }
        }
        let open = self.names(|outcome| matches!(outcome, Outcome::Failed | Outcome::Blocked)).join(", ");
        writeln!(f)?;
        match (open.as_str(), self.is_prepared) {
            ("", true) => writeln!(f, "Next: tag the commit with `v{}`.", self.version),
            ("", false) => writeln!(f, "Next: `cargo xtask release {}`", self.version),
            (open, _) => writeln!(f, "Not ready: {open}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_the_version_the_checks_and_the_files() {
        let mut report = Report {
            released: Some(Version::new(0, 1, 0)),
            version: Version::new(0, 2, 0),
            is_prepared: false,
            entries: 3,
            checks: vec![
                Check::new("version", Outcome::Passed, "written"),
                Check::new("placeholders", Outcome::Blocked, "2 lines").with(vec!["README.md: 1, 2".to_owned()]),
            ],
            files: vec![("crates.io", vec!["a.crate".to_owned(), "b.crate".to_owned()])],
        };
        let expected = "\
Release 0.1.0 -> 0.2.0; entries in the changelog: 3

Checks:
  ok      version       written
  BLOCKED placeholders  2 lines
            README.md: 1, 2

Files to upload:
  crates.io  a.crate
             b.crate

Not ready: placeholders
";
        assert_eq!(report.to_string(), expected);
        assert_eq!(report.names(|it| matches!(it, Outcome::Blocked)), ["placeholders"]);

        report.checks.pop();
        assert!(report.to_string().ends_with("\nNext: `cargo xtask release 0.2.0`\n"));
        report.is_prepared = true;
        assert!(report.to_string().ends_with("\nNext: tag the commit with `v0.2.0`.\n"));
    }
}
