//! The changes of a job without batches, for stores that do not accept them.

use ecwid_coupons::{BatchResult, Client, CreationReport, Error, RowOutcome, types::NewCoupon};

use super::RowChange;

/// Makes each change by a request of its own. Returns the results in the order of the changes.
pub(super) async fn results(
    client: &Client,
    changes: Vec<RowChange>,
) -> Result<Vec<Result<BatchResult, Error>>, Error> {
    let new = changes.iter().filter_map(|change| match change {
        RowChange::Create(coupon) => Some(coupon.clone()),
        _ => None,
    });
    let mut created = creates(client, new.collect()).await?.into_iter();
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        results.extend(match change {
            RowChange::Create(_) => created.next(),
            RowChange::Update { id, update } => Some(client.update(id, &update).await.map(BatchResult::Updated)),
            RowChange::Delete { id } => Some(client.delete(id).await.map(BatchResult::Deleted)),
            RowChange::Keep { .. } => None,
        });
    }
    Ok(results)
}

async fn creates(client: &Client, coupons: Vec<NewCoupon>) -> Result<Vec<Result<BatchResult, Error>>, Error> {
    let many = client.create_many(coupons).accept_existing();
    let report = many.report();
    let mut created = many.stream()?;
    while created.next().await.is_some() {}
    Ok(report.rows().into_iter().map(|row| create(row, &report)).collect())
}

/// Converts the outcome of a single create to that of a request in a batch.
fn create(row: RowOutcome, report: &CreationReport) -> Result<BatchResult, Error> {
    match row {
        RowOutcome::Succeeded(created) => Ok(BatchResult::Created(created)),
        RowOutcome::Failed(error) => Err(error),
        // The run stops before it attempts a row only because of an error of another row.
        _ => Err(report.stopped_by().expect("a run that ends has attempted all rows, or has a reason")),
    }
}
