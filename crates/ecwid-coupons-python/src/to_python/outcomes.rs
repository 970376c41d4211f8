//! What became of single writes, as the package's own classes, which are written in Python.

use ecwid_coupons::{CreateOutcome, DeleteOutcome};
use pyo3::prelude::*;

use crate::{
    generated::Coupon,
    to_python::{AnyResult, model::BlockRef},
};

/// What became of a create.
pub(crate) struct Created(pub(crate) CreateOutcome);

/// What `delete_if_unused` found, and did.
pub(crate) struct Deleted(pub(crate) DeleteOutcome);

impl<'py> IntoPyObject<'py> for Created {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> AnyResult<'py> {
        let Self(outcome) = self;
        let status = outcome.status().map(ToString::to_string);
        let values = (outcome.as_str(), outcome.id(), outcome.code(), status, outcome.order_count());
        outcomes(py)?.call_method1("CreateOutcome", values)
    }
}

impl<'py> IntoPyObject<'py> for Deleted {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> AnyResult<'py> {
        let Self(outcome) = self;
        let coupon = outcome.coupon().map(|coupon| Coupon(BlockRef::alone(coupon.clone())));
        outcomes(py)?.call_method1("DeleteOutcome", (outcome.as_str(), coupon))
    }
}

fn outcomes(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("ecwid_coupons._outcomes")
}
