//! `/_sandbox/requests`: the journal of the last requests and answers.

use std::sync::Arc;

use crate::{
    Exchange,
    http::{parameters::Query, problem::Problem, response::Answer, server::App},
    journal::Journal,
};

/// The oldest first, and of those no more than `last`.
pub(super) async fn get(app: Arc<App>, query: Option<&str>) -> Result<Answer, Problem> {
    let last = Query::read(query)?.number("last")?.and_then(|last| usize::try_from(last).ok());
    let read = move || {
        let mut exchanges = app.journal.last(last.unwrap_or(usize::MAX));
        exchanges.reverse();
        Answer::of(&exchanges)
    };
    tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?
}

pub(super) fn forget(journal: &Journal) -> Result<Answer, Problem> {
    journal.forget();
    Answer::of::<[Exchange; 0]>(&[])
}
