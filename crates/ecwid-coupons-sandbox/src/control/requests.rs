//! `/_sandbox/requests`: the journal of the last requests and answers.

use ecwid_coupons::Json;

use crate::{journal::Journal, parameters::Query, problem::Problem};

/// The oldest first, and of those no more than `last`.
pub(super) fn get(journal: &Journal, query: Option<&str>) -> Result<Json, Problem> {
    let last = Query::read(query)?.number("last")?.and_then(|last| usize::try_from(last).ok());
    let mut exchanges = journal.last(last.unwrap_or(usize::MAX));
    exchanges.reverse();
    super::answer(&exchanges)
}

pub(super) fn forget(journal: &Journal) -> Result<Json, Problem> {
    journal.forget();
    get(journal, None)
}
