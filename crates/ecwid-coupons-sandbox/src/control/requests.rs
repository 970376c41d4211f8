//! `/_sandbox/requests`: the journal of the last requests and their responses.

use std::sync::Arc;

use crate::{
    RecordedRequest,
    app::App,
    http::{
        parameters::Query,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
    journal::Journal,
};

/// The oldest first, and of those no more than `last`.
pub(super) async fn get(app: &Arc<App>, query: Option<&str>) -> JsonResult {
    let last = Query::read(query)?.number("last")?.and_then(|last| usize::try_from(last).ok());
    let app = Arc::clone(app);
    let read = move || {
        let mut requests = app.journal.last(last.unwrap_or(usize::MAX));
        requests.reverse();
        JsonResponse::new(&requests)
    };
    tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?
}

pub(super) fn clear(journal: &Journal) -> JsonResult {
    journal.clear();
    JsonResponse::new::<[RecordedRequest; 0]>(&[])
}
