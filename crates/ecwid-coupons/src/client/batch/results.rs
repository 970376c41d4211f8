//! The results of the requests of a batch. What the response to a request means is decided here only.

use std::{
    sync::atomic::Ordering,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode};

use super::item::{BatchResult, Request};
use crate::{
    Client, CreateOutcome, Error, ResponseValue,
    client::{create::OPERATION, difference},
    transport::{
        read_error,
        response::{Response, Sent},
        retry::DEFAULT_RETRY_AFTER,
        write_response,
    },
    types::{
        BatchResponse, BatchResponseStatus, BatchStatus, Coupon, CouponPage, CreatedCoupon, DeleteResult, NewCoupon,
        UpdateResult,
    },
    value::coupon_ref::is_same_code,
};

pub(super) type ItemResult = Result<BatchResult, Error>;

/// The times of a response and of a coupon have whole seconds, and the store may take some time to tell its own. A coupon that
/// somebody else created in this time counts as created by the batch, if it has the same content.
const SLACK: Duration = Duration::from_secs(5);

/// Returns the results of a completed batch.
pub(super) async fn of_batch(
    client: &Client,
    items: &[Request],
    response: ResponseValue<BatchStatus>,
) -> Vec<ItemResult> {
    let sent = response.sent().clone();
    let mut responses = vec![None; items.len()];
    for response in response.into_inner().responses.unwrap_or_default() {
        // By id, because Ecwid does not document an order for parallel requests.
        let index = response.id.as_deref().and_then(|id| id.parse::<usize>().ok());
        if let Some(known) = index.and_then(|index| responses.get_mut(index)) {
            *known = Some(response);
        }
    }
    let mut results = Vec::with_capacity(items.len());
    for (request, response) in items.iter().zip(responses) {
        let sent = sent.of_item(request.operation());
        let result = read(client, request, response, &sent).await;
        results.push(result.map_err(|error| sent.complete(error)));
    }
    let is_limited = |result: &ItemResult| result.as_ref().is_err_and(Error::is_rate_limited);
    if results.iter().any(is_limited) {
        let settings = &client.api.transport.settings;
        settings.counts_batch_items.store(true, Ordering::Relaxed);
        settings.rate_limiter.pause(DEFAULT_RETRY_AFTER);
    }
    results
}

/// Returns the results of a batch that the store does not know any more, or that it may never have received.
pub(super) fn of_lost_batch(items: &[Request], error: &Error) -> Vec<ItemResult> {
    let lost = |request: &Request| {
        let lost = Error::invalid_response("the store does not know the batch");
        Err(Sent::of_item_after(error, request.operation()).complete(lost))
    };
    items.iter().map(lost).collect()
}

/// Reads the response to a request of a batch.
async fn read(client: &Client, request: &Request, response: Option<BatchResponse>, sent: &Sent) -> ItemResult {
    let response = received(client, response, sent)?;
    write_response::check(request.operation(), &response)?;
    match request {
        Request::Create { coupon, .. } => {
            let created: CreatedCoupon = response.read()?;
            match created.code.as_deref().filter(|code| !is_same_code(code.trim(), coupon.code.trim())) {
                None => Ok(BatchResult::Created(CreateOutcome::Created(created))),
                Some(other) => {
                    Err(response.decode_error(&format!("it created the code {other:?} (expected {:?})", coupon.code)))
                }
            }
        }
        Request::Find { code } => {
            let page: CouponPage = response.read()?;
            let total = page.total.unwrap_or_default();
            let items = page.items.unwrap_or_default();
            let is_whole = i64::try_from(items.len()).is_ok_and(|count| count >= total);
            let found = items.into_iter().find(|it| it.code.as_deref().is_some_and(|known| is_same_code(known, code)));
            match found {
                None if !is_whole => Ok(BatchResult::Found(client.by_code(code).await?.map(Box::new))),
                found => Ok(BatchResult::Found(found.map(Box::new))),
            }
        }
        Request::Update { .. } => {
            let updated: UpdateResult = response.read()?;
            match updated.update_count {
                Some(0) => Err(Error::not_updated().with_status(response.status)),
                _ => Ok(BatchResult::Updated(updated)),
            }
        }
        Request::Delete { .. } => Ok(BatchResult::Deleted(response.read::<DeleteResult>()?)),
    }
}

/// Returns the response to a request of a batch like the one to a single request.
fn received(client: &Client, response: Option<BatchResponse>, sent: &Sent) -> Result<Response, Error> {
    let Some(response) = response else {
        return Err(Error::invalid_response("the store did not respond to this request of the batch"));
    };
    if response.status == Some(BatchResponseStatus::NotExecuted) {
        return Err(Error::invalid_response("the store did not run this request of the batch"));
    }
    let status = response.http_status_code.and_then(|code| u16::try_from(code).ok());
    let Some(status) = status.and_then(|code| StatusCode::from_u16(code).ok()) else {
        return Err(Error::invalid_response("the response to this request of the batch has no HTTP status"));
    };
    let text = response.escaped_http_body.or_else(|| response.http_body.map(|json| json.to_string()));
    let text = text.unwrap_or_default();
    let redactor = client.redactor();
    if !status.is_success() {
        let mut api_error = read_error(&text);
        if text.trim().is_empty() {
            api_error.error_message = response.http_status_line;
        }
        return Err(Error::api(status, api_error, None, &text, redactor));
    }
    let (redactor, sent, body) = (redactor.clone(), sent.clone(), text.into());
    Ok(Response { redactor, sent, guard: None, status, headers: HeaderMap::new(), body })
}

/// Returns the creates with an unclear outcome.
pub(super) fn unclear(items: &[Request], results: &[ItemResult]) -> Vec<usize> {
    let is_unclear =
        |result: &ItemResult| result.as_ref().is_err_and(|error| error.is_conflict() || error.may_have_taken_effect());
    let creates = items.iter().zip(results).enumerate().filter(|(_, (it, _))| matches!(it, Request::Create { .. }));
    creates.filter(|(_, (_, result))| is_unclear(result)).map(|(index, _)| index).collect()
}

/// Returns the result of a create with an unclear outcome after a lookup of its code.
///
/// `since` is when the batch was intended to be sent, by the clock of the store.
pub(super) fn settled(
    client: &Client,
    request: &Request,
    error: Error,
    found: Option<ItemResult>,
    since: Option<SystemTime>,
) -> ItemResult {
    let Request::Create { coupon, existing } = request else { return Err(error) };
    match found {
        Some(Ok(BatchResult::Found(Some(stored)))) => {
            let is_older = since.map(|since| is_created_before(&stored, since));
            let is_ours = match error.is_conflict() {
                true => is_older == Some(false),
                // The store may never have received the create.
                false => !(*existing && is_older == Some(true)),
            };
            compare(coupon, stored, error, is_ours, *existing).map_err(|error| error.redacted(client.redactor()))
        }
        // The store responds that a coupon has the code, but the lookup does not find it.
        Some(Ok(_)) if error.is_conflict() => Err(error),
        Some(Ok(_)) => Err(error.without_coupon()),
        // The outcome remains unknown.
        Some(Err(_)) | None => Err(error.with_uncertain_attempt(true)),
    }
}

/// Compares the sent coupon with the stored one, and returns the result of the failed create.
fn compare(sent: &NewCoupon, stored: Box<Coupon>, error: Error, is_ours: bool, existing: bool) -> ItemResult {
    let differences = difference::of_new(sent, &stored);
    match (differences.is_empty(), is_ours) {
        (true, true) => Ok(BatchResult::Created(CreateOutcome::Recovered(stored))),
        (true, false) if existing => Ok(BatchResult::Created(CreateOutcome::AlreadyExists(stored))),
        (false, _) if existing || is_ours => {
            Err(Sent::of_item_after(&error, OPERATION).complete(Error::conflict(&sent.code, differences)))
        }
        (_, _) => Err(error),
    }
}

fn is_created_before(stored: &Coupon, time: SystemTime) -> bool {
    let created = stored.creation_date.as_ref().and_then(crate::EcwidDateTime::to_utc).map(SystemTime::from);
    created.is_none_or(|created| created + SLACK < time)
}
