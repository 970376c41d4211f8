//! Loads a dump or plain coupons.

use std::{
    collections::BTreeSet,
    fmt,
    io::{BufRead, BufReader, Read},
};

use ecwid_coupons::{
    __private::{
        in_words,
        input_file::{COUPONS_LIMIT, TextReader},
        read_json,
    },
    RawJson, schema,
    types::Coupon,
};
use serde::{
    Deserialize, Deserializer as _, Serialize,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor},
};

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
        let unreadable = |error: &dyn fmt::Display| Problem::wrong_parameter(error.to_string());
        let is_array = starts_with_a_bracket(&mut source).map_err(|error| unreadable(&error))?;
        let mut loader = Loader { transaction: self, stores, entries: 0 };
        let mut deserializer = serde_json::Deserializer::from_reader(source);
        let done = if is_array {
            deserializer.deserialize_seq(&mut loader).and_then(|()| deserializer.end())
        } else {
            let load =
                |entry: Result<RawJson, serde_json::Error>| loader.add(&entry?).map_err(serde_json::Error::custom);
            deserializer.into_iter().try_for_each(load)
        };
        done.map_err(|error| if error.is_io() { unreadable(&error) } else { wrong(loader.entries, &error) })
    }

    /// Loads a coupon with its id and dates.
    pub(crate) fn load_coupon(&self, coupon: Coupon) -> Result<(), Problem> {
        if coupon.code.as_deref().is_none_or(str::is_empty) {
            return Err(Problem::wrong_parameter(format!("a coupon has no code (its id: {:?})", coupon.id)));
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
fn starts_with_a_bracket(source: &mut impl BufRead) -> std::io::Result<bool> {
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

/// Reads an entry. The error has no line and column, because they refer to the entry and not to the source.
fn read<T: DeserializeOwned>(json: &RawJson) -> Result<T, String> {
    read_json(json.as_str().as_bytes()).map_err(|wrong| wrong.without_place())
}

fn wrong(entry: usize, error: &impl fmt::Display) -> Problem {
    Problem::wrong_parameter(format!("invalid entry {entry}: {}", in_words(&error.to_string())))
}

struct Loader<'a> {
    transaction: &'a StoreTransaction<'a>,
    stores: &'a BTreeSet<i64>,
    /// The number of entries so far, including the current one.
    entries: usize,
}

impl Loader<'_> {
    fn add(&mut self, json: &RawJson) -> Result<(), String> {
        self.entries += 1;
        let mut entry: Entry = read(json)?;
        if entry.coupon.is_none() && entry.order.is_none() && entry.deletion.is_none() && entry.last_id.is_none() {
            // The entry is a plain coupon.
            entry.coupon = Some(read(json)?);
        }
        if let Some(problem) = entry.coupon.as_ref().and_then(misspelled) {
            return Err(problem);
        }
        let store_id = entry.store_id.unwrap_or(self.transaction.store_id);
        if !self.stores.contains(&store_id) {
            return Err(format!("unknown store: `{store_id}`"));
        }
        let transaction = StoreTransaction::new(store_id, self.transaction.connection);
        transaction.add(entry).map_err(Problem::into_message)?;
        transaction.into_changes().into_iter().for_each(|change| self.transaction.keep(change));
        Ok(())
    }
}

/// Finds a misspelled field, which would otherwise be kept as an extra field.
fn misspelled(coupon: &Coupon) -> Option<String> {
    let unknown = coupon.extra.keys();
    let (name, known) = unknown.filter_map(|name| Some((name, schema::find(Coupon::FIELDS, name)?.name))).next()?;
    Some(format!("unknown field: `{name}` (did you mean `{known}`?)"))
}

impl<'de> Visitor<'de> for &mut Loader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of coupons")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element::<RawJson>()? {
            self.add(&entry).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}
