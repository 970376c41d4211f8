//! Conversion of outcomes to the package's classes, which are Python classes.

use ecwid_coupons::{CreateOutcome, DeleteOutcome};
use pyo3::prelude::*;

use crate::{
    generated::Coupon,
    to_python::{AnyResult, model::BlockRef},
};

/// The outcome of a write.
pub(crate) enum Outcome {
    Created(CreateOutcome),
    Deleted(DeleteOutcome),
}

impl<'py> IntoPyObject<'py> for Outcome {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> AnyResult<'py> {
        let classes = py.import("ecwid_coupons._outcomes")?;
        match self {
            Self::Created(outcome) => {
                let status = outcome.status().map(ToString::to_string);
                let values = (outcome.as_str(), outcome.id(), outcome.code(), status, outcome.order_count());
                classes.call_method1("CreateOutcome", values)
            }
            Self::Deleted(outcome) => {
                let coupon = outcome.coupon().map(|coupon| Coupon(BlockRef::alone(coupon.clone())));
                classes.call_method1("DeleteOutcome", (outcome.as_str(), coupon))
            }
        }
    }
}
