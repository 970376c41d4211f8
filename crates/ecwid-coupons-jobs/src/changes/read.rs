//! [`ChangesReader`]: decides what to read, and reads it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ecwid_coupons::{
    DeletedStream, EcwidDateTime, PageStream,
    chrono::{DateTime, Utc},
    types::DeletedCoupon,
};

use super::{Change, Changes, ChangesCursor, ChangesError, ChangesMode};

/// The number of coupons up to which [`ChangesMode::Auto`] reads all coupons of a changed store: 200 requests, which the
/// rate limit allows in 20 seconds.
const SMALL_STORE: u64 = 20_000;

/// How many seconds the search for changes goes back before the last change, because a store may show a change late.
const OVERLAP: i64 = 600;

/// How many seconds old a change must be so that the next change has a later date. Dates have whole seconds.
const SETTLED: i64 = 2;

/// How many days the store surely lists a deletion. Ecwid documents six months.
const LISTED_DAYS: i64 = 180;

const DAY: i64 = 86_400;

/// The maximum number of deletions in a [`Change`].
const DELETIONS: usize = 1_000;

/// The changes of a store, returned by [`Changes::read`].
#[must_use = "the changes are requested while they are read"]
#[derive(Debug)]
pub struct ChangesReader {
    part: Part,
    deletions: Option<DeletedStream>,
    cursor: ChangesCursor,
    is_complete: bool,
    is_unchanged: bool,
    as_of: Option<DateTime<Utc>>,
}

/// What is read next.
#[derive(Debug)]
enum Part {
    Upserts(PageStream),
    /// The stream, and the deletions that it has returned and that were not passed on.
    Deletions(DeletedStream, Vec<DeletedCoupon>),
    End,
    Failed,
}

/// What the store says about its last change.
struct Probe {
    /// When a coupon last changed, on the store's clock, as a Unix timestamp.
    changed: Option<i64>,
    /// The time of the response, on the store's clock.
    now: Option<DateTime<Utc>>,
}

impl Changes {
    /// Asks the store when it changed, and decides what to read.
    ///
    /// # Errors
    ///
    /// - The cursor is from another store.
    /// - The cursor is too old to list the deleted coupons, because Ecwid lists them for six months. Start a new copy
    ///   without a cursor, or use [`without_deletions_if_complete`](Self::without_deletions_if_complete).
    ///
    /// If the token lacks the access scope `read_store_profile`, all coupons are read each time.
    /// See [`Error`](ecwid_coupons::Error) for errors common to all calls.
    pub async fn read(&self) -> Result<ChangesReader, ChangesError> {
        let wanted = self.client.store_id();
        if let Some(given) = self.since.as_ref().map(ChangesCursor::store_id).filter(|given| *given != wanted) {
            return Err(ChangesError::OtherStore { wanted, given });
        }
        let probe = self.probe().await?;
        let mut cursor = self.since.clone().unwrap_or_else(|| ChangesCursor::new(wanted));
        let age = probe.now.zip(cursor.as_of).map(|(now, before)| now.timestamp().saturating_sub(before));
        cursor.as_of = probe.now.map(|now| now.timestamp());
        let is_complete = self.is_complete(&probe, age);
        let is_unchanged = !is_complete && self.is_unchanged(&probe);
        let (part, deletions, as_of) = (Part::End, None, probe.now);
        let mut reader = ChangesReader { part, deletions, cursor, is_complete, is_unchanged, as_of };
        if is_unchanged {
            return Ok(reader);
        }
        let since = reader.cursor.watermark.map(|last| last.min(probe.changed.unwrap_or(last)).saturating_sub(OVERLAP));
        let search = self.client.search();
        reader.part = Part::Upserts(match since {
            Some(since) if !is_complete => search.updated_from(since).pages(),
            _ => search.pages(),
        });
        if !is_complete || (self.lists_deletions && self.since.is_some() && probe.changed.is_some()) {
            let days = age.unwrap_or_default() / DAY;
            if days > LISTED_DAYS {
                return Err(ChangesError::TooOld { days });
            }
            reader.deletions = Some(self.client.deleted().from(since.unwrap_or_default()).stream());
        }
        let now = probe.now.map(|now| now.timestamp());
        reader.cursor.watermark = probe.changed.map(|changed| now.map_or(changed, |now| changed.min(now)));
        reader.cursor.is_settled = probe.changed.zip(now).is_some_and(|(changed, now)| now - changed >= SETTLED);
        if is_complete {
            (reader.cursor.complete, reader.cursor.total) = (unix_time(), 0);
        }
        Ok(reader)
    }

    async fn probe(&self) -> Result<Probe, ChangesError> {
        let response = match self.client.api().get_latest_store_update_stats().send().await {
            Ok(response) => response,
            Err(error) if error.is_forbidden() => return Ok(Probe { changed: None, now: None }),
            Err(error) => return Err(error.into()),
        };
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        let now = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| date.to_utc());
        let changed = response.discount_coupons_updated.as_ref().and_then(EcwidDateTime::to_utc);
        Ok(Probe { changed: changed.map(|changed| changed.timestamp()), now })
    }

    /// Whether the store reports the change that the copy has as its last one.
    fn is_unchanged(&self, probe: &Probe) -> bool {
        let known = self.since.as_ref().filter(|cursor| cursor.is_settled).and_then(|cursor| cursor.watermark);
        known.is_some() && known == probe.changed
    }

    /// Whether all coupons are read. `age` is the number of seconds since the last read.
    fn is_complete(&self, probe: &Probe, age: Option<i64>) -> bool {
        let Some(cursor) = self.since.as_ref().filter(|cursor| cursor.watermark.is_some()) else { return true };
        if self.mode == ChangesMode::Full || probe.changed.is_none() {
            return true;
        }
        // Another way to find the deletions is left.
        if !self.lists_deletions && age.is_some_and(|age| age / DAY > LISTED_DAYS) {
            return true;
        }
        if self.mode == ChangesMode::Incremental {
            return false;
        }
        let age = unix_time().checked_sub(cursor.complete).and_then(|age| u64::try_from(age).ok());
        let is_recent = age.is_some_and(|age| Duration::from_secs(age) < self.refresh_every);
        !is_recent || (cursor.total <= SMALL_STORE && !self.is_unchanged(probe))
    }
}

impl ChangesReader {
    /// Returns the next part of the changes, and `None` at the end.
    ///
    /// If the future is dropped before it is ready, no change is lost. The next call continues.
    ///
    /// # Errors
    ///
    /// A request failed. See [`Error`](ecwid_coupons::Error) for errors common to all calls. There is no next part after
    /// an error.
    pub async fn try_next(&mut self) -> Result<Option<Change>, ChangesError> {
        let next = self.next_part().await;
        if next.is_err() {
            self.part = Part::Failed;
        }
        next
    }

    async fn next_part(&mut self) -> Result<Option<Change>, ChangesError> {
        loop {
            match &mut self.part {
                Part::Upserts(pages) => match pages.try_next().await? {
                    Some(page) => {
                        if self.is_complete {
                            self.cursor.total += page.coupons.len() as u64;
                        }
                        return Ok(Some(Change::Upserts(page.coupons)));
                    }
                    None => {
                        self.part =
                            self.deletions.take().map_or(Part::End, |stream| Part::Deletions(stream, Vec::new()))
                    }
                },
                Part::Deletions(stream, found) => {
                    while found.len() < DELETIONS
                        && let Some(deleted) = stream.try_next().await?
                    {
                        found.push(deleted);
                    }
                    match std::mem::take(found) {
                        found if found.is_empty() => self.part = Part::End,
                        found => return Ok(Some(Change::Deletions(found))),
                    }
                }
                Part::End => return Ok(None),
                Part::Failed => return Err(ChangesError::Unfinished),
            }
        }
    }

    /// Whether the upserts are all coupons of the store, so that all others in the copy are deleted.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether the store reported no change since the cursor, so that nothing was read.
    pub fn is_unchanged(&self) -> bool {
        self.is_unchanged
    }

    /// Returns when the read began, on the store's clock, if the store said it. The changes are at least as recent.
    pub fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    /// Returns the cursor after the changes.
    ///
    /// # Errors
    ///
    /// The changes were not read to their end.
    pub fn cursor(&self) -> Result<&ChangesCursor, ChangesError> {
        if matches!(self.part, Part::End) { Ok(&self.cursor) } else { Err(ChangesError::Unfinished) }
    }
}

/// Returns the time on the clock of this machine as a Unix timestamp.
fn unix_time() -> i64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
