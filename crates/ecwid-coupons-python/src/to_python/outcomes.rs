//! What became of single writes, as the package's own classes, which are written in Python.

use ecwid_coupons::{CreateOutcome, DeleteOutcome};
use pyo3::{prelude::*, types::PyDict};

use crate::{generated::Coupon, to_python::model::BlockRef};

/// What became of a create.
pub(crate) struct Created(pub(crate) CreateOutcome);

/// What `delete_if_unused` found, and did.
pub(crate) struct Deleted(pub(crate) DeleteOutcome);

impl<'py> IntoPyObject<'py> for Created {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Self(outcome) = self;
        let values = PyDict::new(py);
        values.set_item("outcome", outcome.as_str())?;
        values.set_item("id", outcome.id())?;
        values.set_item("code", outcome.code())?;
        values.set_item("status", outcome.status().map(ToString::to_string))?;
        values.set_item("order_count", outcome.order_count())?;
        make(py, "CreateOutcome", &values)
    }
}

impl<'py> IntoPyObject<'py> for Deleted {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Self(outcome) = self;
        let values = PyDict::new(py);
        values.set_item("outcome", outcome.as_str())?;
        values.set_item("coupon", outcome.coupon().map(|coupon| Coupon(BlockRef::alone(coupon.clone()))))?;
        make(py, "DeleteOutcome", &values)
    }
}

fn make<'py>(py: Python<'py>, class: &str, values: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    py.import("ecwid_coupons._outcomes")?.getattr(class)?.call((), Some(values))
}
