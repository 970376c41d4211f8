//! The status of a batch, the list of batches, and how batches are canceled and deleted.

use chrono::{DateTime, Utc};
use ecwid_coupons::types::{BatchResponse, BatchResponseStatus, BatchState, BatchStatus, DeleteResult, UpdateResult};
use serde_json::json;

use super::batches::{Batch, Batches};
use crate::{
    http::{
        error_code::ErrorCode,
        parameters::Query,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
    lock::lock,
    rule::Rule,
};

/// The maximum and the default number of batches in a list.
const LIMIT: i64 = 100;

/// Returns the status of a batch, or lists the batches with a status.
pub(crate) fn get(batches: &Batches, store_id: i64, now: DateTime<Utc>, query: &Query) -> JsonResult {
    match ticket(query) {
        Some(ticket) => status(batches, store_id, now, ticket, query),
        None if query.text("status").is_some() => list(batches, store_id, now, query),
        None => {
            Err(Problem::wrong_value("ticket", "", "the ticket of a batch request, or a status to list batches by"))
        }
    }
}

/// Ecwid's table has the name `ticketId`, and its URL has the name `ticket`.
fn ticket(query: &Query) -> Option<&str> {
    query.text("ticket").or_else(|| query.text("ticketId"))
}

fn list(batches: &Batches, store_id: i64, now: DateTime<Utc>, query: &Query) -> JsonResult {
    Rule::BatchesAreListedByStatus.trace();
    let states: Vec<_> = BatchState::KNOWN.iter().map(BatchState::as_str).collect();
    let wanted = query.list("status", &states)?.unwrap_or_default();
    let offset = usize::try_from(query.number("offset")?.unwrap_or(0)).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.number("limit")?.unwrap_or(LIMIT).min(LIMIT)).unwrap_or_default();
    let remembered = batches.remembered(now);
    let of_store = remembered.iter().filter(|(_, batch)| batch.store_id == store_id);
    let listed = of_store.map(|(ticket, batch)| (ticket, state(batch).0));
    let wanted = listed.filter(|(_, status)| wanted.iter().any(|state| state == status.as_str()));
    let item = |(ticket, status): (&String, BatchState)| json!({ "ticket": ticket, "status": status });
    JsonResponse::new(&json!({ "items": wanted.skip(offset).take(limit).map(item).collect::<Vec<_>>() }))
}

/// Returns the state of a batch and the number of requests that have run.
fn state(batch: &Batch) -> (BatchState, usize) {
    // This is read first, so a completed batch has all its responses.
    let is_completed = batch.is_completed();
    let responses = lock(&batch.responses);
    let done = responses.iter().filter(|response| is_done(response)).count();
    let state = match done {
        _ if is_completed => BatchState::Completed,
        0 => BatchState::Queued,
        _ => BatchState::InProgress,
    };
    (state, done)
}

fn is_done(response: &BatchResponse) -> bool {
    response.status != Some(BatchResponseStatus::NotExecuted)
}

/// Cancels all batches of a group, or the one with this ticket.
pub(crate) fn cancel_group(batches: &Batches, store_id: i64, now: DateTime<Utc>, query: &Query) -> JsonResult {
    let group =
        query.text("groupId").ok_or_else(|| Problem::wrong_value("groupId", "", "the id of a group of batches"))?;
    let ticket = ticket(query);
    let mut count = 0;
    for (known, batch) in batches.remembered(now).iter() {
        let is_meant = batch.store_id == store_id
            && batch.group.as_deref() == Some(group)
            && ticket.is_none_or(|ticket| ticket == known);
        if is_meant && !batch.is_completed() {
            batch.complete();
            count = 1;
        }
    }
    JsonResponse::new(&UpdateResult::default().with_update_count(count))
}

/// Cancels a batch and removes it.
pub(crate) fn delete(batches: &Batches, store_id: i64, now: DateTime<Utc>, query: &Query) -> JsonResult {
    let ticket = ticket(query).ok_or_else(|| Problem::wrong_value("ticketId", "", "the ticket of a batch request"))?;
    let mut remembered = batches.remembered(now);
    let is_there = remembered.get(ticket).is_some_and(|batch| batch.store_id == store_id);
    if is_there && let Some(batch) = remembered.shift_remove(ticket) {
        batch.complete();
    }
    JsonResponse::new(&DeleteResult::default().with_delete_count(i64::from(is_there)))
}

fn status(batches: &Batches, store_id: i64, now: DateTime<Utc>, ticket: &str, query: &Query) -> JsonResult {
    let escaped = query.boolean("escapedJson", false)?;
    let batch = batches.remembered(now).get(ticket).filter(|batch| batch.store_id == store_id).cloned();
    let batch = batch.ok_or_else(|| {
        let message = format!("No batch request has the ticket '{ticket}'");
        Problem::new(ErrorCode::NotFound, message)
    })?;

    let (state, done) = state(&batch);
    let mut responses = lock(&batch.responses).clone();
    if state != BatchState::Completed {
        responses.retain(is_done);
    }
    let mut status = BatchStatus::default()
        .with_status(state)
        .with_total_requests(i64::try_from(batch.total)?)
        .with_completed_requests(i64::try_from(done)?);
    // Ecwid's example without `escapedJson` has no responses.
    if !escaped {
        Rule::BatchStatusNeedsEscapedJson.trace();
    } else {
        if batches.settings.shuffled && batch.is_parallel {
            Rule::BatchResponsesCanBeShuffled.trace();
            fastrand::shuffle(&mut responses);
        }
        status = status.with_responses(responses);
    }
    JsonResponse::new(&status)
}
