//! `openapi/pages.lock.toml`: what each page claimed when it was last read. Facts only, none of the pages' sentences.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::pages::{Format, Operation, Part};

pub const PATH: &str = "openapi/pages.lock.toml";

const HEADER: &str = "\
# What the vendor's pages claimed when they were last read: names, types, values, limits, scopes and hashes of examples,
# each with its line. Written by `cargo xtask verify --pages DIR --update-lock`; not edited by hand.

";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The pages, by address.
    #[serde(default, rename = "page")]
    pub pages: Vec<LockedPage>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPage {
    /// The page's address; empty where neither the document nor an earlier lock knows it.
    pub address: String,
    /// What the page was written in.
    pub format: Format,
    pub sha256: String,
    /// The day it was read, in UTC.
    pub read: String,
    #[serde(default, rename = "operation", skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    #[serde(default, rename = "example", skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<LockedExample>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedExample {
    /// The operation it is of, by its id in the document.
    pub operation: String,
    pub part: Part,
    pub line: usize,
    /// The SHA-256 of the JSON as it is printed.
    pub sha256: String,
    pub members: Vec<String>,
}

impl Lock {
    /// Reads the lock; one that is not there yet is empty.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let path = root.join(PATH);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {PATH}"))?;
        toml::from_str(&text).with_context(|| {
            format!("{PATH} is no lock; write it anew with `cargo xtask verify --pages DIR --update-lock`")
        })
    }

    pub(crate) fn write(&self, root: &Path) -> anyhow::Result<()> {
        let text = format!("{HEADER}{}", self.to_toml()?);
        fs::write(root.join(PATH), text).with_context(|| format!("cannot write {PATH}"))
    }

    /// The lock as TOML with a line for each row of a table, so that a change of a page is a change of lines.
    fn to_toml(&self) -> anyhow::Result<String> {
        let mut document: DocumentMut = toml::to_string(self)?.parse()?;
        inline(document.as_table_mut(), &["member", "example", "scopes", "names"]);
        Ok(document.to_string())
    }
}

/// Turns the tables of these names into inline ones, and their arrays into arrays with one to a line.
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
