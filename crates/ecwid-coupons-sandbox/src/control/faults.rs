//! `/_sandbox/faults`: what goes wrong on demand.

use bytes::Bytes;

use crate::{
    Error, Fault,
    faults::Faults,
    http::{
        parameters,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
};

pub(super) fn get(faults: &Faults) -> JsonResult {
    JsonResponse::new(&faults.report())
}

/// Adds a fault, or several in a list.
pub(super) fn add(faults: &Faults, body: &Bytes) -> JsonResult {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let added: Vec<Fault> = if is_list { parameters::body(body)? } else { vec![parameters::body(body)?] };
    faults.add(added).map_err(|error: Error| Problem::wrong_parameter(format!("Wrong body: {error}")))?;
    get(faults)
}

/// Ends a fault by its id.
pub(super) fn remove(faults: &Faults, id: &str) -> JsonResult {
    if id.parse().is_ok_and(|id| faults.remove(id)) { get(faults) } else { Err(Problem::fault_not_found(id)) }
}

pub(super) fn clear(faults: &Faults) -> JsonResult {
    faults.clear();
    get(faults)
}
