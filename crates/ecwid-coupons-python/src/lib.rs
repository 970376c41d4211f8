//! The extension module of the Python package `ecwid-coupons`. Converts between Python and the client, and waits for results.

mod client;
mod config;
mod fork;
mod from_python;
// The generator formats this file.
#[rustfmt::skip]
mod generated;
mod job;
mod logging;
mod runtime;
mod to_python;
mod webhook;

use pyo3::{exceptions::PyImportError, ffi, prelude::*};

use crate::{
    from_python::fields,
    to_python::{
        changes, coupon_list, coupon_schema, coupon_stream, creation_report, deleted_coupons, errors, file_table,
        job_report, pages,
    },
};

/// The native part of `ecwid_coupons`. Private: use the names of the package.
// Adds its classes by hand, because pyo3 would create declared classes before the check.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    check_interpreter()?;
    // The package warns about builds without optimization.
    module.add("IS_DEBUG_BUILD", cfg!(debug_assertions))?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<coupon_schema::CouponSchema>()?;
    module.add_class::<creation_report::CreationReport>()?;
    module.add_class::<changes::Changes>()?;
    module.add_class::<coupon_list::CouponIterator>()?;
    module.add_class::<coupon_list::CouponList>()?;
    module.add_class::<coupon_list::CouponTable>()?;
    module.add_class::<deleted_coupons::DeletedCouponList>()?;
    module.add_class::<file_table::FileTable>()?;
    module.add_class::<job_report::JobReport>()?;
    module.add_class::<pages::Pages>()?;
    module.add_class::<coupon_stream::CouponStream>()?;
    generated::add_classes(module)?;
    module.add_function(wrap_pyfunction!(fields::plain_scalar, module)?)?;
    module.add_function(wrap_pyfunction!(coupon_schema::schema, module)?)?;
    module.add_function(wrap_pyfunction!(errors::hide_tokens, module)?)?;
    module.add_function(wrap_pyfunction!(config::store_names, module)?)?;
    module.add_function(wrap_pyfunction!(file_table::read_table, module)?)?;
    module.add_function(wrap_pyfunction!(job::job_report, module)?)?;
    module.add_function(wrap_pyfunction!(job::job_status, module)?)?;
    module.add_function(wrap_pyfunction!(webhook::verify_webhook, module)?)?;
    // pyo3 would list private names too.
    module.delattr("__all__")?;
    runtime::register(module)
}

/// Refuses an import in a subinterpreter. The runtime's threads enter the main interpreter, and the end of a subinterpreter would
/// wait for them forever.
fn check_interpreter() -> PyResult<()> {
    /// The id of the main interpreter.
    const MAIN: i64 = 0;
    #[expect(unsafe_code, reason = "pyo3 has no safe name for it")]
    // SAFETY: both functions require a thread that is attached to an interpreter. Python initializes a module on such a thread.
    let interpreter = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if interpreter == MAIN {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "ecwid_coupons cannot be imported in a subinterpreter; hint: import it in the main interpreter, or use processes",
    ))
}
