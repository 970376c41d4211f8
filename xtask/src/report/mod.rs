//! What the commands find, in the formats that other programs read.

mod github;
mod junit;
mod sarif;
mod yaml;

use clap::ValueEnum;
use serde_json::{Map, Value};

pub(crate) use self::yaml::YamlLines;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// As JSON
    Json,
    /// As SARIF 2.1.0, for code scanning
    Sarif,
    /// As annotations of GitHub Actions
    Github,
    /// As a JUnit report
    Junit,
}

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) level: Level,
    /// What kind it is, in words with dashes between.
    pub(crate) kind: String,
    /// The name or value at issue.
    pub(crate) subject: String,
    /// What it is about, such as an operation.
    pub(crate) group: String,
    pub(crate) message: String,
    /// The file and the line that it is about.
    pub(crate) place: Option<(String, usize)>,
    /// Another place that has to do with it, and what that is.
    pub(crate) related: Option<(String, usize, &'static str)>,
    /// What else there is to say of it, by name.
    pub(crate) properties: Map<String, Value>,
}

/// Everything that a command found.
pub(crate) struct Findings {
    /// The command.
    pub(crate) command: &'static str,
    /// What was looked at, with or without a finding.
    pub(crate) groups: Vec<String>,
    pub(crate) items: Vec<Item>,
}

impl Findings {
    /// The findings in a format for programs; nothing for those that each command writes by itself.
    pub(crate) fn write(&self, format: Format) -> anyhow::Result<Option<String>> {
        Ok(match format {
            Format::Text | Format::Json => None,
            Format::Sarif => Some(sarif::write(self)?),
            Format::Github => Some(github::write(self)),
            Format::Junit => Some(junit::write(self)?),
        })
    }
}
