//! [`Store`]: the coupons, in SQLite.
//!
//! A coupon is kept as its JSON, so that every field of the document is kept with no column of its own; what a search filters
//! by stands beside it in columns.

mod deleted;
mod orders;
mod past;

use std::{
    cell::RefCell,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use ecwid_coupons::{EcwidDateTime, Json, types::Coupon};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Row, ToSql, TransactionBehavior, params};

pub(crate) use deleted::Period;
pub(crate) use orders::History;
use past::{Past, Undo};

use crate::{fidelity::Rule, problem::Problem, rules};

/// Written into a file, so that the file of another program is not taken for one of the sandbox. It reads `ECWC`.
const APPLICATION_ID: i64 = 0x4543_5743;

/// Written into a file, so that the file of another version is not taken for one of this.
const SCHEMA_VERSION: i64 = 4;

/// How long a file may be busy when it is opened. SQLite waits as long for a lock.
const BUSY: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
    CREATE TABLE coupons (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        store_id      INTEGER NOT NULL,
        code_key      TEXT NOT NULL,
        discount_type TEXT NOT NULL,
        status        TEXT NOT NULL,
        expires       INTEGER,
        created       INTEGER NOT NULL,
        updated       INTEGER NOT NULL,
        body          TEXT NOT NULL,
        UNIQUE (store_id, code_key)
    ) STRICT;
    CREATE INDEX coupons_in_order ON coupons (store_id, id);
    CREATE INDEX coupons_created ON coupons (store_id, created);
    CREATE INDEX coupons_updated ON coupons (store_id, updated);
    CREATE TABLE orders (
        number    INTEGER PRIMARY KEY AUTOINCREMENT,
        store_id  INTEGER NOT NULL,
        email     TEXT,
        coupon_id INTEGER,
        created   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX orders_by_customer ON orders (store_id, email);
    CREATE TABLE deleted (
        store_id  INTEGER NOT NULL,
        coupon_id INTEGER NOT NULL,
        date      INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX deleted_by_date ON deleted (store_id, date);
    INSERT INTO sqlite_sequence (name, seq) VALUES ('coupons', 100000000);
";

/// The coupons of a store.
#[derive(Clone)]
pub(crate) struct Store {
    store_id: i64,
    /// All stores are in one file.
    connection: Arc<Mutex<Connection>>,
    past: Arc<Past>,
    /// How far its reads lag behind.
    lag: Option<Duration>,
}

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
    /// Opens a file, or a database in memory, for a store and all others that are in it.
    pub(crate) fn open(path: Option<&Path>, store_id: i64) -> Result<Self, OpenError> {
        let since = Instant::now();
        loop {
            match Self::open_once(path) {
                // SQLite waits for most locks by itself, but several starts at once on one new file were refused now and then.
                Err(OpenError::Sqlite(error)) if is_busy(&error) && since.elapsed() < BUSY => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                done => {
                    let connection = Arc::new(Mutex::new(done?));
                    return Ok(Self { store_id, connection, past: Arc::default(), lag: None });
                }
            }
        }
    }

    fn open_once(path: Option<&Path>) -> Result<Connection, OpenError> {
        let mut connection = match path {
            None => Connection::open_in_memory()?,
            Some(path) => {
                refuse_other_file(path)?;
                Connection::open(path)?
            }
        };
        // An answered write outlives a power cut.
        connection.pragma_update(None, "synchronous", "full")?;
        // One transaction: a first start that breaks off leaves an empty file, and of several at once one makes the tables.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match ids(&transaction)? {
            (APPLICATION_ID, SCHEMA_VERSION) => {}
            (0, 0) if transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))? => {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
                transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            }
            _ => return Err(OpenError::OtherFile),
        }
        transaction.commit()?;
        // So that reads need not wait for writes. A file that another sandbox uses just now is switched by the next start.
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error) if is_busy(&error) => {}
            done => done?,
        }
        Ok(connection)
    }

    /// The store's id.
    pub(crate) fn id(&self) -> i64 {
        self.store_id
    }

    /// Another store of the same file.
    pub(crate) fn of(&self, store_id: i64) -> Self {
        Self { store_id, ..self.clone() }
    }

    /// The same store, whose reads lag behind.
    pub(crate) fn lagging(&self, lag: Option<Duration>) -> Self {
        Self { lag, ..self.clone() }
    }

    /// Reads coupons as they are at one moment; it waits for no write of another process.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let (lag, past) = (self.lag, Arc::clone(&self.past));
        let work = move |coupons: &Coupons<'_>| {
            lag.map_or(Ok(()), |lag| coupons.go_back(&past, lag))?;
            work(coupons)
        };
        self.transaction(TransactionBehavior::Deferred, false, work).await
    }

    /// Does something with the coupons in one transaction, which an error undoes.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        // Not upgraded from a read, which would fail when another process has written in between.
        self.transaction(TransactionBehavior::Immediate, true, work).await
    }

    async fn transaction<T, F>(&self, behavior: TransactionBehavior, is_kept: bool, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Coupons<'_>) -> Result<T, Problem> + Send + 'static,
    {
        let (store_id, connection, past) = (self.store_id, Arc::clone(&self.connection), Arc::clone(&self.past));
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(behavior)?;
            let coupons = Coupons { store_id, connection: &transaction, changes: RefCell::default() };
            let result = work(&coupons)?;
            if is_kept {
                let changes = coupons.changes.into_inner();
                transaction.commit()?;
                past.add(changes);
            }
            Ok(result)
        });
        task.await.map_err(Problem::internal)?
    }
}

/// Refuses a file that is neither empty nor one of the sandbox, without changing it or anything beside it.
fn refuse_other_file(path: &Path) -> Result<(), OpenError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        // The usual way of opening could roll a journal of the other program back, and leave files of its own.
        let uri = format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        // What cannot be read at all fails again when it is opened, and then its name can be read.
        if let Ok(connection) = Connection::open_with_flags(uri, flags)
            && ids(&connection)? != (APPLICATION_ID, SCHEMA_VERSION)
        {
            return Err(OpenError::OtherFile);
        }
    }
    Ok(())
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Whose file it is, and of which version.
fn ids(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let id = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((id("application_id")?, id("user_version")?))
}

/// The coupons of a store within a transaction.
pub(crate) struct Coupons<'a> {
    store_id: i64,
    connection: &'a Connection,
    /// What undoes the changes that were made here.
    changes: RefCell<Vec<Undo>>,
}

impl Coupons<'_> {
    /// Puts a coupon in and gives its id: its own, or a new one.
    pub(crate) fn insert(&self, coupon: &Coupon) -> Result<i64, Problem> {
        let statement = "INSERT INTO coupons (id, store_id, code_key, discount_type, status, expires, created,
                         updated, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.write(statement, coupon.id, coupon)?;
        let id = self.connection.last_insert_rowid();
        self.remember(id, None);
        Ok(id)
    }

    /// Puts a coupon in the place of the one with this id.
    pub(crate) fn replace(&self, id: i64, coupon: &Coupon) -> Result<(), Problem> {
        let statement = "UPDATE coupons SET code_key = ?3, discount_type = ?4, status = ?5, expires = ?6, created = ?7,
                         updated = ?8, body = ?9 WHERE id = ?1 AND store_id = ?2";
        let before = self.find_by_id(id)?;
        self.write(statement, Some(id), coupon)?;
        self.remember(id, before);
        Ok(())
    }

    /// Keeps what a coupon was before a change.
    fn remember(&self, id: i64, before: Option<Coupon>) {
        self.changes.borrow_mut().push(Undo { store_id: self.store_id, id, before });
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
            self.store_id,
            rules::code_key(code),
            coupon.discount_type.as_ref().map(|value| value.as_str()).unwrap_or_default(),
            coupon.status.as_ref().map(|value| value.as_str()).unwrap_or_default(),
            seconds(&coupon.expiration_date),
            seconds(&coupon.creation_date).unwrap_or_default(),
            seconds(&coupon.update_date).unwrap_or_default(),
            body.as_str(),
        ];
        match self.connection.prepare_cached(statement)?.execute(parameters) {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                Err(Problem::wrong_value("id", id.unwrap_or_default(), "an id that no other coupon has"))
            }
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                Err(Problem::code_taken(code))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The coupon that a path names: digits are an id first, then a code; all else is a code.
    pub(crate) fn find(&self, reference: &str) -> Result<Option<Coupon>, Problem> {
        Rule::IdOrCode.trace();
        let is_id = reference.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(id)) = (is_id, reference.parse::<i64>())
            && let Some(coupon) = self.find_by_id(id)?
        {
            Rule::DigitsAreAnIdFirst.trace();
            return Ok(Some(coupon));
        }
        self.find_by_code(reference)
    }

    /// The coupon of an id.
    fn find_by_id(&self, id: i64) -> Result<Option<Coupon>, Problem> {
        self.one("SELECT id, body FROM coupons WHERE store_id = ?1 AND id = ?2", &id)
    }

    /// The coupon of a code.
    pub(crate) fn find_by_code(&self, code: &str) -> Result<Option<Coupon>, Problem> {
        Rule::CodesInAnyCase.trace();
        self.one("SELECT id, body FROM coupons WHERE store_id = ?1 AND code_key = ?2", &rules::code_key(code))
    }

    fn one(&self, statement: &str, key: &dyn ToSql) -> Result<Option<Coupon>, Problem> {
        let found = self
            .connection
            .prepare_cached(statement)?
            .query_row(params![self.store_id, key], id_and_body)
            .optional()?;
        found.map(coupon).transpose()
    }

    /// How many coupons a search finds, and those of its page, by id.
    pub(crate) fn search(&self, filter: Filter, now: DateTime<Utc>) -> Result<(i64, Vec<Coupon>), Problem> {
        let mut condition = Condition::default();
        condition.and("store_id = ?", self.store_id);
        if let Some(code) = filter.code {
            Rule::CodeFilterFindsWholeCodes.trace();
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
        let total = self.connection.prepare(&total)?.query_row(condition.parameters().as_slice(), |row| row.get(0))?;
        Rule::OrderIsById.trace();
        let page = format!(
            "SELECT id, body FROM coupons {} ORDER BY id LIMIT {} OFFSET {}",
            condition.text, filter.limit, filter.offset
        );
        let mut statement = self.connection.prepare(&page)?;
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
