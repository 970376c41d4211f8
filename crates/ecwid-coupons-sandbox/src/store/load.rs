//! Loads a dump or plain coupons.

use std::{
    cell::Cell,
    collections::BTreeSet,
    fmt,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use ecwid_coupons::{
    __private::{
        in_words,
        input_file::{COUPONS_LIMIT, TextReader},
        place_of, read_json,
    },
    schema,
    types::Coupon,
};
use serde::{
    Deserialize, Deserializer as _, Serialize,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor},
};

use serde_json::value::RawValue;

use super::transaction::{StoreTransaction, check_counted};
use crate::http::problem::Problem;

/// An entry of a dump: a coupon, an order, a deletion or the last id.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// The store of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) store_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) coupon: Option<Coupon>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order: Option<Order>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deletion: Option<Deletion>,
    /// The last id that was given to a coupon of any store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_id: Option<i64>,
}

/// The parts of an order that matter for coupons.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Order {
    pub(super) number: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) coupon_id: Option<i64>,
    /// The time as a Unix timestamp.
    pub(super) created: i64,
}

/// A deleted coupon.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Deletion {
    pub(super) coupon_id: i64,
    /// The time as a Unix timestamp.
    pub(super) date: i64,
}

impl StoreTransaction<'_> {
    /// Loads a dump, or coupons as a JSON array or JSON Lines. Entries without a store go into this one. `stores` are
    /// the existing stores.
    pub(crate) fn load(&self, source: impl Read, stores: &BTreeSet<i64>) -> Result<(), Problem> {
        let mut source = BufReader::new(TextReader::new(source, COUPONS_LIMIT));
        let unreadable = |error: &dyn fmt::Display| Problem::source(error.to_string());
        let is_array = starts_with_a_bracket(&mut source).map_err(|error| unreadable(&error))?;
        let position = Rc::new(Cell::new(Position::START));
        let source = Positions { source, position: Rc::clone(&position) };
        let mut loader = Loader { transaction: self, stores, entries: 0, position, problem: None };
        let mut deserializer = serde_json::Deserializer::from_reader(source);
        let done = if is_array {
            deserializer.deserialize_seq(&mut loader).and_then(|()| deserializer.end())
        } else {
            deserializer.into_iter().try_for_each(|entry: Result<Box<RawValue>, _>| loader.add(&entry?))
        };
        done.map_err(|error| match loader.problem {
            Some(problem) => Problem::wrong_parameter(format!("invalid entry {}: {problem}", loader.entries)),
            None if error.is_io() => unreadable(&error),
            None => Problem::wrong_parameter(format!("invalid JSON: {}", in_words(&error.to_string()))),
        })
    }

    /// Loads a coupon with its id and dates.
    pub(crate) fn load_coupon(&self, coupon: Coupon) -> Result<(), Problem> {
        if coupon.code.as_deref().is_none_or(str::is_empty) {
            let id = coupon.id.map_or_else(String::new, |id| format!(" (its id is {id})"));
            return Err(Problem::wrong_parameter(format!("a coupon has no code{id}")));
        }
        self.insert(coupon).map(drop)
    }

    fn add(&self, entry: Entry) -> Result<(), Problem> {
        if let Some(coupon) = entry.coupon {
            self.load_coupon(coupon)?;
        }
        if let Some(Order { number, email, coupon_id, created }) = entry.order {
            check_counted("number", number)?;
            self.add_order(Some(number), email.as_deref(), coupon_id, created)?;
        }
        if let Some(Deletion { coupon_id, date }) = entry.deletion {
            self.add_deletion(coupon_id, date)?;
        }
        if let Some(last_id) = entry.last_id {
            check_counted("lastId", last_id)?;
            let statement = "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'coupons'";
            self.connection.prepare_cached(statement)?.execute([last_id])?;
        }
        Ok(())
    }
}

/// Returns whether the source begins with an array.
fn starts_with_a_bracket(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let (read, first) = {
            let text = source.fill_buf()?;
            let spaces = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            (spaces, text.get(spaces).copied())
        };
        match first {
            Some(byte) => {
                source.consume(read);
                return Ok(byte == b'[');
            }
            None if read == 0 => return Ok(false),
            None => source.consume(read),
        }
    }
}

/// A position in the source, counted from 1.
#[derive(Clone, Copy)]
struct Position {
    line: usize,
    column: usize,
    /// The line and the column where the current entry starts, if it has started.
    entry: Option<(usize, usize)>,
}

impl Position {
    const START: Self = Self { line: 1, column: 1, entry: None };

    fn advance(&mut self, byte: u8) {
        if self.entry.is_none() && !byte.is_ascii_whitespace() && byte != b',' {
            self.entry = Some((self.line, self.column));
        }
        match byte {
            b'\n' => (self.line, self.column) = (self.line + 1, 1),
            // The first byte of a character counts.
            _ => self.column += usize::from(byte & 0xc0 != 0x80),
        }
    }
}

/// Keeps the position of what was read. The parser reads single bytes, and at most one byte after an entry.
struct Positions<R> {
    source: R,
    position: Rc<Cell<Position>>,
}

impl<R: Read> Read for Positions<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(out)?;
        let mut position = self.position.get();
        out[..count].iter().for_each(|byte| position.advance(*byte));
        self.position.set(position);
        Ok(count)
    }
}

/// A problem of an entry.
struct EntryProblem {
    text: String,
    /// The line and the column in the entry. By default, the problem is at the start.
    place: (usize, usize),
}

impl From<String> for EntryProblem {
    fn from(text: String) -> Self {
        Self { text, place: (1, 1) }
    }
}

/// Reads an entry.
fn read<T: DeserializeOwned>(json: &RawValue) -> Result<T, EntryProblem> {
    read_json(json.get().as_bytes())
        .map_err(|wrong| EntryProblem { text: wrong.without_place(), place: wrong.place().unwrap_or((1, 1)) })
}

struct Loader<'a> {
    transaction: &'a StoreTransaction<'a>,
    stores: &'a BTreeSet<i64>,
    /// The number of entries so far, including the current one.
    entries: usize,
    position: Rc<Cell<Position>>,
    /// The problem of the current entry. An error of the parser would add its own position.
    problem: Option<String>,
}

impl Loader<'_> {
    /// Loads an entry that has just been read.
    fn add(&mut self, json: &RawValue) -> Result<(), serde_json::Error> {
        self.entries += 1;
        let (line, column) = self.start_entry().unwrap_or((1, 1));
        self.load(json).map_err(|EntryProblem { text, place }| {
            let column = if place.0 == 1 { column + place.1 - 1 } else { place.1 };
            self.problem = Some(format!("{text} at line {} column {column}", line + place.0 - 1));
            serde_json::Error::custom("invalid entry")
        })
    }

    /// Returns where the last entry started. The next byte that is no separator starts the next entry.
    fn start_entry(&self) -> Option<(usize, usize)> {
        let position = self.position.get();
        self.position.set(Position { entry: None, ..position });
        position.entry
    }

    fn load(&self, json: &RawValue) -> Result<(), EntryProblem> {
        let mut entry: Entry = read(json)?;
        let is_plain =
            entry.coupon.is_none() && entry.order.is_none() && entry.deletion.is_none() && entry.last_id.is_none();
        if is_plain {
            entry.coupon = Some(read(json)?);
        }
        if let Some((name, text)) = entry.coupon.as_ref().and_then(misspelled) {
            let path = if is_plain { name } else { format!("coupon.{name}") };
            return Err(EntryProblem { text, place: place_of(json.get(), &path).unwrap_or((1, 1)) });
        }
        let store_id = entry.store_id.unwrap_or(self.transaction.store_id);
        if !self.stores.contains(&store_id) {
            return Err(format!("unknown store: `{store_id}`").into());
        }
        self.transaction.in_store(store_id, |store| store.add(entry)).map_err(|problem| problem.into_message().into())
    }
}

/// Finds a misspelled field, which would otherwise be kept as an extra field.
fn misspelled(coupon: &Coupon) -> Option<(String, String)> {
    let unknown = coupon.extra.keys();
    let (name, known) = unknown.filter_map(|name| Some((name, schema::find(Coupon::FIELDS, name)?.name))).next()?;
    Some((name.clone(), format!("unknown field: `{name}` (did you mean `{known}`?)")))
}

impl<'de> Visitor<'de> for &mut Loader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of coupons")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        // The bracket of the array is not an entry.
        self.start_entry();
        while let Some(entry) = entries.next_element::<Box<RawValue>>()? {
            self.add(&entry).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}
