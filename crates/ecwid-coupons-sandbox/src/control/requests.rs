//! `/_sandbox/requests`: the journal of the last requests and answers.

use crate::{answer::Answer, journal::Journal, parameters::Query, problem::Problem};

/// The oldest first, and of those no more than `last`.
pub(super) fn get(journal: &Journal, query: Option<&str>) -> Result<Answer, Problem> {
    let last = Query::read(query)?.number("last")?.and_then(|last| usize::try_from(last).ok());
    let mut exchanges = journal.last(last.unwrap_or(usize::MAX));
    exchanges.reverse();
    Answer::of(&exchanges)
}

pub(super) fn forget(journal: &Journal) -> Result<Answer, Problem> {
    journal.forget();
    get(journal, None)
}
