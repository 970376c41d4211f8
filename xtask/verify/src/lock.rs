//! `openapi/pages.lock.toml`: the claims of each page when it was last read. The lock has facts only, and no sentences of the
//! pages.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::pages::{Format, Operation, Part};

pub const PATH: &str = "openapi/pages.lock.toml";

const HEADER: &str = "\
# The claims of the vendor's documentation pages when they were last read: names, types, values, limits, scopes and hashes
# of examples, each with its line. Written by `cargo xtask verify --pages DIR --update-lock`. Do not edit by hand.

";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The pages, sorted by address.
    #[serde(default, rename = "page")]
    pub pages: Vec<LockedPage>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPage {
    /// The address of the page. It is empty if neither the document nor an earlier lock has it.
    pub address: String,
    /// The format of the page.
    pub format: Format,
    pub sha256: String,
    /// The day on which the page was read, in UTC.
    pub read: String,
    #[serde(default, rename = "operation", skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    #[serde(default, rename = "example", skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<LockedExample>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedExample {
    /// The id of the operation in the document.
    pub operation: String,
    pub part: Part,
    pub line: usize,
    /// The SHA-256 of the JSON text.
    pub sha256: String,
    pub members: Vec<String>,
}

impl Lock {
    /// Reads the lock. A missing file is an empty lock.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let path = root.join(PATH);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {PATH}"))?;
        toml::from_str(&text).with_context(|| {
            format!("invalid lock: {PATH}; write it with `cargo xtask verify --pages DIR --update-lock`")
        })
    }

    pub(crate) fn write(&self, root: &Path) -> anyhow::Result<()> {
        let text = format!("{HEADER}{}", self.to_toml()?);
        fs::write(root.join(PATH), text).with_context(|| format!("cannot write {PATH}"))
    }

    /// Returns the lock as TOML. Each row of a table has its own line, so that a change of a row is a change of one line.
    fn to_toml(&self) -> anyhow::Result<String> {
        let mut document: DocumentMut = toml::to_string(self)?.parse()?;
        inline(document.as_table_mut(), &["member", "example", "scopes", "names"]);
        Ok(document.to_string())
    }
}

/// Converts the tables with these names to inline tables, and arrays of them to arrays with one table per line.
fn inline(table: &mut Table, names: &[&str]) {
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Table(table) => inline(table, names),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|table| inline(table, names)),
            _ => {}
        }
        if !names.contains(&key.get()) {
            continue;
        }
        key.leaf_decor_mut().set_suffix(" ");
        if let Item::Table(table) = item {
            *item = Item::Value(Value::InlineTable(std::mem::take(table).into_inline_table()));
        } else if let Item::ArrayOfTables(tables) = item {
            let mut array = Array::new();
            for table in std::mem::take(tables) {
                let mut value = Value::InlineTable(table.into_inline_table());
                value.decor_mut().set_prefix("\n  ");
                array.push_formatted(value);
            }
            array.set_trailing("\n");
            array.set_trailing_comma(true);
            *item = Item::Value(Value::Array(array));
        }
    }
}
