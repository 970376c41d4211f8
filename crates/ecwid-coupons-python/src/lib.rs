//! The extension module of the Python package `ecwid-coupons`: conversion between Python and the client, and waiting for it.

mod client;
mod fork;
mod from_python;
// Formatted by the generator.
#[rustfmt::skip]
mod generated;
mod logging;
mod runtime;
mod to_python;

use pyo3::{exceptions::PyImportError, ffi, prelude::*};

use crate::{
    from_python::fields,
    to_python::{coupon_list, coupon_stream, creation_report, errors, pages},
};

/// The native part of `ecwid_coupons`. Private: what it has is used by way of the package.
// Its classes are added by hand, after the check: those that are exported would be made before any code of ours runs.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    check_interpreter()?;
    // Whether this was built without optimisation, and is slow.
    module.add("IS_DEBUG_BUILD", cfg!(debug_assertions))?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<creation_report::CreationReport>()?;
    module.add_class::<coupon_list::CouponIterator>()?;
    module.add_class::<coupon_list::CouponList>()?;
    module.add_class::<coupon_list::CouponTable>()?;
    module.add_class::<pages::Pages>()?;
    module.add_class::<coupon_stream::CouponStream>()?;
    generated::add_classes(module)?;
    module.add_function(wrap_pyfunction!(fields::plain_scalar, module)?)?;
    module.add_function(wrap_pyfunction!(errors::hide_tokens, module)?)?;
    // It would list the private names too.
    module.delattr("__all__")?;
    runtime::register(module)
}

/// Refuses to be imported in a sub-interpreter: the threads of the runtime enter Python by the main one, and the end of another one
/// would wait for them without end.
fn check_interpreter() -> PyResult<()> {
    /// What Python numbers the main interpreter with.
    const MAIN: i64 = 0;
    #[expect(unsafe_code, reason = "pyo3 has no safe name for it")]
    // SAFETY: a module is initialised by a thread that is attached to an interpreter, which is all that both ask for.
    let interpreter = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if interpreter == MAIN {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "ecwid_coupons cannot be imported in a subinterpreter; hint: import it in the main interpreter, or use processes",
    ))
}
