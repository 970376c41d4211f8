//! Compares the coupons of a job with those of the store.

use ecwid_coupons::{Batch, BatchItem, BatchResult, Client};

use super::{JobError, RowChange, file::JobFile};

/// A coupon of a job that the store does not have as the job created it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobDifference {
    /// The row, counted from 0.
    pub row: usize,
    /// The code of the coupon.
    pub code: String,
    /// What differs, such as "the coupon does not exist".
    pub problem: String,
}

// Takes a mutable reference, because a connection of SQLite cannot be shared between the threads of a future.
pub(super) async fn verify(
    file: &mut JobFile,
    client: &Client,
    mut differs: impl FnMut(JobDifference),
) -> Result<usize, JobError> {
    let (mut from, mut verified) = (-1, 0);
    loop {
        let created = file.created_after(from, Batch::MAX_ITEMS)?;
        let Some(last) = created.last() else { return Ok(verified) };
        from = last.row;
        verified += created.len();
        let found = client.batch(created.iter().map(|coupon| BatchItem::find(&coupon.code))).await?;
        for (coupon, found) in created.into_iter().zip(found) {
            let BatchResult::Found(stored) = found? else { continue };
            let problem = match stored {
                None => "the coupon does not exist".to_owned(),
                Some(stored) if stored.id != Some(coupon.id) => {
                    let id = stored.id.unwrap_or_default();
                    format!("another coupon has the code: its id is {id} (created: {})", coupon.id)
                }
                Some(stored) => {
                    let RowChange::Create(created) = file.planned(coupon.row)?.change else { continue };
                    let differences = created.differences(&stored);
                    if differences.is_empty() {
                        continue;
                    }
                    let shown = differences.iter().map(|it| {
                        let stored = it.stored.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
                        format!("`{}` is {stored} (created: {})", it.field, it.sent)
                    });
                    shown.collect::<Vec<_>>().join("; ")
                }
            };
            let row = usize::try_from(coupon.row).unwrap_or_default();
            differs(JobDifference { row, code: coupon.code, problem });
        }
    }
}
