//! The tables and the view of a copy, derived from the columns of a coupon.

use rusqlite::Connection;

use super::columns::{Column, EXTRA};

const STATE: &str = "
CREATE TABLE sync_state (
    store_id INTEGER PRIMARY KEY,
    name TEXT,
    cursor TEXT,
    as_of TEXT,
    complete_as_of TEXT,
    coupons INTEGER,
    finished_at TEXT,
    failed_at TEXT,
    error TEXT
) STRICT;
";

/// Makes the tables of a new file.
pub(super) fn create(connection: &Connection, columns: &[Column]) -> rusqlite::Result<()> {
    let definitions = definitions(columns).filter(|(name, _)| *name != "id");
    let definitions: Vec<_> = definitions.map(|(name, sql_type)| format!("{name} {sql_type}")).collect();
    connection.execute_batch(STATE)?;
    connection.execute_batch(&format!(
        "CREATE TABLE coupons (store_id INTEGER NOT NULL, id INTEGER NOT NULL, {}, first_seen TEXT NOT NULL,
         as_of TEXT NOT NULL, deleted_at TEXT, PRIMARY KEY (store_id, id)) STRICT",
        definitions.join(", ")
    ))
}

/// Adds the columns of the fields that the API has got since the file was made.
pub(super) fn add_columns(connection: &Connection, columns: &[Column]) -> rusqlite::Result<()> {
    let known = connection
        .prepare("SELECT name FROM pragma_table_info('coupons')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for (name, sql_type) in definitions(columns).filter(|(name, _)| !known.iter().any(|known| known == name)) {
        connection.execute_batch(&format!("ALTER TABLE coupons ADD COLUMN {name} {sql_type}"))?;
    }
    Ok(())
}

/// Makes the view of the coupons that exist.
pub(super) fn create_view(connection: &Connection, columns: &[Column]) -> rusqlite::Result<()> {
    let numbers = columns.iter().filter(|column| column.is_decimal());
    let numbers = numbers.map(|column| format!("CAST(coupons.{0} AS REAL) AS {0}_real", column.name));
    let shown: Vec<_> = definitions(columns).map(|(name, _)| format!("coupons.{name}")).chain(numbers).collect();
    connection.execute_batch(&format!(
        "DROP VIEW IF EXISTS current_coupons;
         CREATE VIEW current_coupons AS SELECT coupons.store_id, {}, coupons.first_seen,
         max(coupons.as_of, coalesce(sync_state.complete_as_of, coupons.as_of)) AS as_of,
         coalesce(coupons.expiration_date < strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 0) AS expired_now
         FROM coupons LEFT JOIN sync_state USING (store_id) WHERE coupons.deleted_at IS NULL;",
        shown.join(", ")
    ))
}

/// Makes the temporary tables that collect changes.
pub(super) fn create_stage(connection: &Connection, columns: &[Column]) -> rusqlite::Result<()> {
    // Without the types of the columns, SQLite would not use the primary key to compare ids.
    let definitions: Vec<_> = definitions(columns).map(|(name, sql_type)| format!("{name} {sql_type}")).collect();
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE staged_coupons (store_id INTEGER NOT NULL, {}, PRIMARY KEY (store_id, id))
         STRICT, WITHOUT ROWID;
         CREATE TEMP TABLE staged_deletions (store_id INTEGER NOT NULL, id INTEGER NOT NULL, date TEXT,
         PRIMARY KEY (store_id, id)) STRICT, WITHOUT ROWID;",
        definitions.join(", ")
    ))
}

/// Returns the names and types of the columns of a coupon.
fn definitions(columns: &[Column]) -> impl Iterator<Item = (&str, &'static str)> {
    let fields = columns.iter().map(|column| (column.name.as_str(), column.sql_type()));
    fields.chain([(EXTRA, "TEXT")])
}
