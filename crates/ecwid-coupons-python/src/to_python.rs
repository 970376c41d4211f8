//! Conversion of results of the client to Python objects.

use pyo3::{Bound, PyAny, PyResult};

/// The result of a method that returns an object of any class.
pub(crate) type AnyResult<'py> = PyResult<Bound<'py, PyAny>>;

pub(crate) mod changes;
pub(crate) mod columns;
pub(crate) mod coupon_list;
pub(crate) mod coupon_schema;
pub(crate) mod coupon_stream;
pub(crate) mod creation_report;
pub(crate) mod deleted_coupons;
pub(crate) mod errors;
pub(crate) mod file_table;
pub(crate) mod job_report;
pub(crate) mod model;
pub(crate) mod outcomes;
pub(crate) mod pages;
mod read_ahead;
pub(crate) mod sequence;
pub(crate) mod table;
pub(crate) mod value;
