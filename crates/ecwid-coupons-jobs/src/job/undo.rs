//! Deletes what a job created.

use std::collections::HashMap;

use ecwid_coupons::{Batch, BatchItem, BatchResult, Client, types::CouponStatus};
use rusqlite::params;

use super::{JobError, file::JobFile};

/// What [`Job::undo`](super::Job::undo) reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UndoEvent {
    /// So many coupons of the job are done, out of so many.
    Done {
        /// The coupons that were deleted or remain.
        done: usize,
        /// The coupons that the job created.
        total: usize,
    },
    /// A coupon remains.
    Remains {
        /// The coupon's code.
        code: String,
        /// Why it remains.
        reason: String,
    },
}

pub(super) async fn undo(
    file: &mut JobFile,
    client: &Client,
    mut progress: impl FnMut(UndoEvent),
) -> Result<(), JobError> {
    let total = count(file)?;
    let mut from = -1;
    let mut done = total.saturating_sub(remaining(file)?);
    loop {
        let created = file.created_after(from, Batch::MAX_ITEMS)?;
        let Some(last) = created.last() else { return Ok(()) };
        from = last.row;
        let mut remains = HashMap::new();
        let (mut unused, mut gone) = (Vec::new(), Vec::new());
        let found = client.batch(created.iter().map(|coupon| BatchItem::find(&coupon.code))).await?;
        for (coupon, found) in created.iter().zip(found) {
            match found? {
                BatchResult::Found(Some(stored)) if stored.id == Some(coupon.id) => {
                    let orders = stored.order_count.unwrap_or_default();
                    let is_open = matches!(stored.status, Some(CouponStatus::Active | CouponStatus::Paused));
                    match (orders, is_open) {
                        (0, true) => unused.push(coupon),
                        (0, false) => drop(remains.insert(coupon.row, "it is used up or expired".to_owned())),
                        (1, _) => drop(remains.insert(coupon.row, "1 order used it".to_owned())),
                        (orders, _) => drop(remains.insert(coupon.row, format!("{orders} orders used it"))),
                    }
                }
                // Somebody has deleted it, so another coupon may have its code.
                _ => gone.push(coupon.row),
            }
        }
        write(file, &gone)?;
        if !unused.is_empty() {
            let deleted = client.batch(unused.iter().map(|coupon| BatchItem::delete(coupon.id))).await?;
            let mut failed = None;
            let mut gone = Vec::new();
            for (coupon, deleted) in unused.iter().zip(deleted) {
                match deleted {
                    Ok(_) => gone.push(coupon.row),
                    Err(error) => failed = Some(error),
                }
            }
            write(file, &gone)?;
            if let Some(error) = failed {
                return Err(error.into());
            }
        }
        done += created.len();
        for coupon in created {
            if let Some(reason) = remains.remove(&coupon.row) {
                progress(UndoEvent::Remains { code: coupon.code, reason });
            }
        }
        progress(UndoEvent::Done { done, total });
    }
}

fn count(file: &JobFile) -> Result<usize, JobError> {
    number(file, "SELECT count(*) FROM outcomes WHERE outcome = 'created'")
}

fn remaining(file: &JobFile) -> Result<usize, JobError> {
    number(file, "SELECT count(*) FROM outcomes WHERE outcome = 'created' AND row NOT IN (SELECT row FROM undone)")
}

fn number(file: &JobFile, select: &str) -> Result<usize, JobError> {
    let count: i64 = file.connection.query_row(select, [], |row| row.get(0)).map_err(|error| file.failed(error))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Writes that the coupons of rows are gone.
fn write(file: &JobFile, rows: &[i64]) -> Result<(), JobError> {
    let write = || {
        let transaction = file.connection.unchecked_transaction()?;
        for row in rows {
            let insert = "INSERT OR REPLACE INTO undone (row, outcome) VALUES (?1, 'deleted')";
            transaction.execute(insert, params![row])?;
        }
        transaction.commit()
    };
    write().map_err(|error| file.failed(error))
}
