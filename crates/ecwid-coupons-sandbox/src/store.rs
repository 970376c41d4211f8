//! [`Store`]: the coupons, in SQLite.
//!
//! A coupon is kept as its JSON, so that every field of the document is kept with no column of its own; what a search filters
//! by stands beside it in columns.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use ecwid_coupons::{EcwidDateTime, Json, types::Coupon};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, TransactionBehavior, params};

use crate::{problem::Problem, rules};

/// Written into a file, so that the file of another version is not taken for one of this.
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS coupons (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        code_key      TEXT NOT NULL UNIQUE,
        discount_type TEXT NOT NULL,
        status        TEXT NOT NULL,
        expires       INTEGER,
        created       INTEGER NOT NULL,
        updated       INTEGER NOT NULL,
        body          TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS coupons_created ON coupons (created);
    CREATE INDEX IF NOT EXISTS coupons_updated ON coupons (updated);
    INSERT INTO sqlite_sequence (name, seq)
        SELECT 'coupons', 100000000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'coupons');
";

/// The coupons of the store.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("it is the database of another program, or of another version of the sandbox")]
    OtherFile,
}

/// What a search looks for.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) code: Option<String>,
    pub(crate) discount_types: Option<Vec<String>>,
    pub(crate) statuses: Option<Vec<String>>,
    pub(crate) created_from: Option<i64>,
    pub(crate) created_to: Option<i64>,
    pub(crate) updated_from: Option<i64>,
    pub(crate) updated_to: Option<i64>,
    pub(crate) offset: i64,
    pub(crate) limit: i64,
}

impl Store {
    /// Opens a file, or a database in memory.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, OpenError> {
        let connection = match path {
            None => Connection::open_in_memory()?,
            Some(path) => {
                let connection = Connection::open(path)?;
                // An answered write outlives a power cut.
                connection.pragma_update(None, "journal_mode", "wal")?;
                connection.pragma_update(None, "synchronous", "full")?;
                connection
            }
        };
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 && version != SCHEMA_VERSION {
            return Err(OpenError::OtherFile);
        }
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does something with the coupons in one transaction, which an error undoes.
    pub(crate) async fn with<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let connection = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&Coupons(&transaction))?;
            transaction.commit()?;
            Ok(result)
        });
        task.await.map_err(Problem::internal)?
    }
}

/// The coupons within a transaction.
pub(crate) struct Coupons<'a>(&'a Connection);

impl Coupons<'_> {
    /// Puts a coupon in and gives its id: its own, or a new one.
    pub(crate) fn insert(&self, coupon: &Coupon) -> Result<i64, Problem> {
        let statement = "INSERT INTO coupons (id, code_key, discount_type, status, expires, created, updated, body)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.write(statement, coupon.id, coupon)?;
        Ok(self.0.last_insert_rowid())
    }

    /// Puts a coupon in the place of the one with this id.
    pub(crate) fn replace(&self, id: i64, coupon: &Coupon) -> Result<(), Problem> {
        let statement = "UPDATE coupons SET code_key = ?2, discount_type = ?3, status = ?4, expires = ?5, created = ?6,
                         updated = ?7, body = ?8 WHERE id = ?1";
        self.write(statement, Some(id), coupon)
    }

    fn write(&self, statement: &str, id: Option<i64>, coupon: &Coupon) -> Result<(), Problem> {
        let code = coupon.code.as_deref().unwrap_or_default();
        let seconds =
            |date: &Option<EcwidDateTime>| date.as_ref().and_then(EcwidDateTime::to_utc).map(|date| date.timestamp());
        let mut body = coupon.clone();
        body.id = None;
        let body = Json::from_value(&body)?;
        let parameters = params![
            id,
            rules::code_key(code),
            coupon.discount_type.as_ref().map(|value| value.as_str()).unwrap_or_default(),
            coupon.status.as_ref().map(|value| value.as_str()).unwrap_or_default(),
            seconds(&coupon.expiration_date),
            seconds(&coupon.creation_date).unwrap_or_default(),
            seconds(&coupon.update_date).unwrap_or_default(),
            body.as_str(),
        ];
        match self.0.prepare_cached(statement)?.execute(parameters) {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                Err(Problem::wrong_value("id", id.unwrap_or_default(), "an id that no other coupon has"))
            }
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::ConstraintViolation => {
                Err(Problem::code_taken(code))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The coupon that a path names: digits are an id first, then a code; all else is a code.
    pub(crate) fn find(&self, reference: &str) -> Result<Option<Coupon>, Problem> {
        let is_id = reference.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(id)) = (is_id, reference.parse::<i64>())
            && let Some(coupon) = self.one("SELECT id, body FROM coupons WHERE id = ?1", &id)?
        {
            return Ok(Some(coupon));
        }
        self.one("SELECT id, body FROM coupons WHERE code_key = ?1", &rules::code_key(reference))
    }

    fn one(&self, statement: &str, key: &dyn ToSql) -> Result<Option<Coupon>, Problem> {
        let found = self.0.prepare_cached(statement)?.query_row([key], id_and_body).optional()?;
        found.map(coupon).transpose()
    }

    /// Takes a coupon out.
    pub(crate) fn delete(&self, id: i64) -> Result<(), Problem> {
        self.0.prepare_cached("DELETE FROM coupons WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// How many coupons a search finds, and those of its page, by id.
    pub(crate) fn search(&self, filter: Filter, now: DateTime<Utc>) -> Result<(i64, Vec<Coupon>), Problem> {
        let mut condition = Condition::default();
        if let Some(code) = filter.code {
            condition.and("code_key = ?", rules::code_key(&code));
        }
        condition.any_of("discount_type", filter.discount_types);
        // The same as `rules::status_now`.
        let status =
            format!("CASE WHEN status = 'ACTIVE' AND expires <= {} THEN 'EXPIRED' ELSE status END", now.timestamp());
        condition.any_of(&status, filter.statuses);
        for (bound, value) in [
            ("created >= ?", filter.created_from),
            ("created <= ?", filter.created_to),
            ("updated >= ?", filter.updated_from),
            ("updated <= ?", filter.updated_to),
        ] {
            if let Some(value) = value {
                condition.and(bound, value);
            }
        }
        let total = format!("SELECT count(*) FROM coupons {}", condition.text);
        let total = self.0.prepare(&total)?.query_row(condition.parameters().as_slice(), |row| row.get(0))?;
        let page = format!(
            "SELECT id, body FROM coupons {} ORDER BY id LIMIT {} OFFSET {}",
            condition.text, filter.limit, filter.offset
        );
        let mut statement = self.0.prepare(&page)?;
        let rows = statement.query_map(condition.parameters().as_slice(), id_and_body)?;
        let coupons = rows.map(|row| coupon(row?)).collect::<Result<_, _>>()?;
        Ok((total, coupons))
    }
}

fn id_and_body(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn coupon((id, body): (i64, String)) -> Result<Coupon, Problem> {
    let mut coupon: Coupon = serde_json::from_str(&body)?;
    coupon.id = Some(id);
    Ok(coupon)
}

/// A WHERE clause and the values of its question marks.
#[derive(Default)]
struct Condition {
    text: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Condition {
    fn and(&mut self, text: &str, value: impl ToSql + 'static) {
        self.join(text);
        self.values.push(Box::new(value));
    }

    fn any_of(&mut self, expression: &str, values: Option<Vec<String>>) {
        let Some(values) = values else { return };
        self.join(&format!("{expression} IN ({})", vec!["?"; values.len()].join(", ")));
        self.values.extend(values.into_iter().map(|value| Box::new(value) as Box<dyn ToSql>));
    }

    fn join(&mut self, text: &str) {
        self.text.push_str(if self.text.is_empty() { "WHERE " } else { " AND " });
        self.text.push_str(text);
    }

    fn parameters(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }
}
