//! Batch requests: one request that holds many requests, which run in the background.

mod batches;
mod runner;
mod status;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize},
};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use ecwid_coupons::types::{BatchMethod, BatchRequestItem, BatchResponse, BatchResponseStatus, BatchTicket};
use http::{HeaderMap, header};

use batches::Batch;
pub(crate) use batches::Batches;
use runner::{Counted, Runner};
pub(crate) use status::{cancel_group, delete, get};

use crate::{
    app::App,
    http::{
        error_code::ErrorCode,
        parameters::{self, Query},
        problem::Problem,
        response::{JsonResponse, JsonResult},
        route::{ApiRoute, Route as _},
    },
    identifier::new_identifier,
    lock::lock,
    rule::Rule,
};

/// The maximum number of requests in a batch.
const MAX_REQUESTS: usize = 500;

/// The maximum size of the requests of all unfinished batches together, in bytes.
const WAITING_BYTES: usize = 64 * 1024 * 1024;

/// The size of a stored response without its id and its body, in bytes.
const RESPONSE_SIZE: usize = size_of::<BatchResponse>() + 512;

/// Accepts a batch and starts it. The requests of the batch go to `router`.
pub(crate) fn create(
    app: &Arc<App>,
    router: Router,
    store_id: i64,
    now: DateTime<Utc>,
    headers: &HeaderMap,
    query: &Query,
    body: &Bytes,
) -> JsonResult {
    let batches = &app.batches;
    let settings = batches.settings;
    if !settings.accepted {
        Rule::BatchesCanBeRefused.trace();
        return Err(Problem::new(ErrorCode::InsufficientAppScope, "The store does not accept batches from this app"));
    }
    let parallel = query.boolean("allowParallelMode", false)?;
    let stop = query.boolean("stopOnFirstFailure", true)?;
    let items: Vec<BatchRequestItem> = parameters::body(body)?;
    let path = format!("{}/{store_id}", ApiRoute::BASE);
    check(&path, &items)?;

    let key = query.text("deduplicationKey").map(str::to_owned);
    let mut remembered = batches.remembered(now);
    let same = |batch: &Batch| {
        key.is_some() && batch.key == key && batch.store_id == store_id && now - batch.since < batches.remembered_for()
    };
    if let Some((ticket, _)) = remembered.iter().find(|(_, batch)| same(batch)) {
        Rule::BatchesAreDeduplicated.trace();
        return JsonResponse::new(&BatchTicket::default().with_ticket(ticket.clone()));
    }
    let waiting = remembered.values().filter(|batch| !batch.is_completed()).map(|batch| batch.request_bytes);
    if waiting.sum::<usize>() + body.len() > WAITING_BYTES {
        Rule::BatchesWaitForRoom.trace();
        return Err(Problem::rate_limited(
            1,
            "The unfinished batches are too large to accept another one; send this batch after they have finished",
        ));
    }
    let ticket = new_identifier();
    let ids = items.iter().map(|item| RESPONSE_SIZE + item.id.as_ref().map_or(0, String::len));
    let batch = Arc::new(Batch {
        store_id,
        key,
        group: query.text("groupId").map(str::to_owned),
        since: now,
        total: items.len(),
        is_parallel: parallel,
        request_bytes: body.len(),
        bytes: AtomicUsize::new(ids.sum()),
        responses: Mutex::new(items.iter().map(not_executed).collect()),
        completed: AtomicBool::new(false),
    });
    remembered.insert(ticket.clone(), Arc::clone(&batch));
    drop(remembered);
    let authorization = headers.get(header::AUTHORIZATION).cloned();
    let counted = settings.count_items.then(|| Counted { app: Arc::clone(app), headers: headers.clone() });
    let runner = Runner { router, path, authorization, parallel, stop, counted };
    let mut running = lock(&batches.running);
    while running.try_join_next().is_some() {}
    let batches = Arc::clone(batches);
    running.spawn(async move {
        let turn = batches.turn(store_id);
        let _turn = if settings.concurrent && parallel { None } else { Some(turn.lock().await) };
        if settings.foreign_seconds > 0 {
            Rule::BatchesWaitForOtherApps.trace();
            tokio::time::sleep(Duration::from_secs(settings.foreign_seconds.into())).await;
        }
        runner.run(&batch, items).await;
        batches.complete(&batch);
    });
    JsonResponse::new(&BatchTicket::default().with_ticket(ticket))
}

/// Checks the requests of a batch. Their paths are relative to `path`.
fn check(path: &str, items: &[BatchRequestItem]) -> Result<(), Problem> {
    if items.is_empty() || items.len() > MAX_REQUESTS {
        Rule::BatchesHoldUpTo500.trace();
        return Err(Problem::wrong_parameter(format!(
            "The batch has {} requests: expected from 1 to {MAX_REQUESTS}",
            items.len()
        )));
    }
    for (index, item) in items.iter().enumerate() {
        if matches!(item.method, BatchMethod::Unknown(_)) {
            return Err(Problem::wrong_value(
                &format!("[{index}].method"),
                &item.method,
                "one of GET, POST, PUT, DELETE",
            ));
        }
        // A path that is not valid is not refused here. The request gets an error response when it runs.
        let below = runner::uri(path, item).ok().and_then(|uri| uri.path().strip_prefix(path).map(str::to_owned));
        if item.path.trim_start_matches('/').is_empty() || below.is_some_and(|below| ApiRoute::is_of_batches_at(&below))
        {
            return Err(Problem::wrong_value(
                &format!("[{index}].path"),
                &item.path,
                "a path such as /discount_coupons, and not that of a batch",
            ));
        }
    }
    Ok(())
}

/// The response of a request that has not run.
fn not_executed(item: &BatchRequestItem) -> BatchResponse {
    let mut response = BatchResponse::default().with_status(BatchResponseStatus::NotExecuted);
    response.id.clone_from(&item.id);
    response
}
