//! [`CouponSchema`]: the columns of a table of coupons.

use pyo3::prelude::*;

use crate::to_python::{
    columns::Layout,
    table::{self, Capsule},
};

/// The Arrow schema of a table of coupons. Returned by `schema`.
///
/// Examples:
///     >>> import pyarrow
///     >>> from ecwid_coupons import schema
///     >>> pyarrow.schema(schema()).field("discount").type
///     Decimal128Type(decimal128(38, 9))
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct CouponSchema(());

/// Returns the Arrow schema of a table of coupons without sending a request. Needs neither a store nor a token.
///
/// The columns are those of `Search.to_arrow` and `Search.stream` with their default arguments.
///
/// Examples:
///     >>> import pyarrow
///     >>> from ecwid_coupons import schema
///     >>> pyarrow.schema(schema()) == coupons.search().to_arrow().schema
///     True
#[pyfunction]
pub(crate) fn schema() -> CouponSchema {
    CouponSchema(())
}

#[pymethods]
impl CouponSchema {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &table::schema(Layout::default()))
    }

    fn __repr__(&self) -> String {
        format!("<CouponSchema of {} columns>", table::schema(Layout::default()).fields().len())
    }
}
