//! Writes the generated code of the command: the flags of the search filters.

use std::fmt::Write as _;

use anyhow::bail;
use heck::ToKebabCase as _;

use super::{
    deprecated::allow,
    document::Document,
    field_type::FieldType,
    search::{SearchParameter, filters},
};

pub(super) const PATH: &str = "crates/ecwid-coupons-cli/src/generated.rs";

const HEAD: &str = "//! The flags of the search filters.

use clap::Args;
use ecwid_coupons::{DayBound, Search, types};

use crate::filter_values;

/// The search filters.
#[derive(Args, Clone, Debug)]
pub(crate) struct Filters {
";

pub(super) fn write(document: &Document) -> anyhow::Result<String> {
    let (mut flags, mut set, mut times) = (String::new(), String::new(), String::new());
    let filters = filters(document)?;
    for filter in &filters {
        let SearchParameter { name, parameter, .. } = filter;
        let (rust_type, settings) = flag(name, &parameter.field_type)?;
        let alias = parameter.name.to_kebab_case();
        let flag = name.to_kebab_case();
        let alias = if alias == flag { String::new() } else { format!(", visible_alias = {alias:?}") };
        let _ = write!(
            flags,
            "    /// {}\n    #[arg(long = {flag:?}{alias}, {settings})]\n    {name}: Option<{rust_type}>,\n\n",
            help(&parameter.description, parameter.deprecated.as_deref())
        );
        let _ = write!(
            set,
            "        if let Some(value) = self.{name} {{\n            search = search.{name}(value);\n        }}\n"
        );
        if let Some(bound) = filter.day_bound() {
            let _ = writeln!(times, "            (\"--{flag}\", self.{name}, DayBound::{bound}),");
        }
    }
    Ok(format!(
        "{HEAD}{}}}

impl Filters {{
    /// Sets the given filters.
{}    pub(crate) fn set(self, mut search: Search) -> Search {{
{set}        search
    }}

    /// Returns the flags that take a time. `DayBound` is the second of the day that a date without a time means.
    pub(crate) fn times(&self) -> Vec<(&'static str, Option<ecwid_coupons::TimeFilter>, DayBound)> {{
        vec![
{times}        ]
    }}
}}
",
        flags.trim_end_matches('\n').to_owned() + "\n",
        allow("    ", filters.iter().map(|filter| &filter.parameter.deprecated))
    ))
}

/// Returns the type and the settings of a flag.
fn flag(name: &str, field_type: &FieldType) -> anyhow::Result<(String, String)> {
    let rust_type = field_type.rust("ecwid_coupons::", "types::");
    // The last word of a name such as `discount_type` describes the value.
    let word = name.rsplit('_').next().unwrap_or(name).to_uppercase();
    let of = |value: &str| format!("value_name = {value:?}");
    Ok(match field_type {
        FieldType::Text => (rust_type, format!("{}, value_parser = filter_values::text()", of(&word))),
        FieldType::TimeFilter => (rust_type, of("TIME")),
        FieldType::Boolean => (rust_type, of("BOOL")),
        FieldType::Int32 | FieldType::Int64 | FieldType::Decimal => {
            (rust_type, format!("{}, allow_negative_numbers = true", of("N")))
        }
        FieldType::CommaList(item) if matches!(**item, FieldType::Enum(_)) => {
            let item = item.rust("ecwid_coupons::", "types::");
            let parser =
                format!("ignore_case = true, value_parser = filter_values::known({item}::KNOWN, {item}::as_str)");
            (format!("Vec<{item}>"), format!("{}, value_delimiter = ',', {parser}", of(&format!("{word},…"))))
        }
        other => bail!("no flag for the filter `{name}`: the command does not support the type {other:?}"),
    })
}

/// Returns the first sentence of a description as a help text, in the imperative. A deprecated flag gets the mark that the command
/// looks for.
fn help(description: &str, deprecated: Option<&str>) -> String {
    let text = description.replace(", as a comma-separated list", "");
    let sentence = text.split_once(". ").map_or(text.as_str(), |(sentence, _)| sentence);
    let sentence = sentence.trim_end_matches('.').replacen("Matches", "Match", 1);
    deprecated.map_or_else(|| sentence.clone(), |note| format!("{sentence} [deprecated: {note}]"))
}
