//! The formats of a report, and the lines of the YAML document that it names.

mod yaml;

use clap::ValueEnum;

pub(crate) use self::yaml::YamlLines;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// As JSON
    Json,
    /// As annotations of GitHub Actions
    Github,
}
