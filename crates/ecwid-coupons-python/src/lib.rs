//! The extension module of the Python package `ecwid-coupons`: conversion between Python and the client, and waiting for it.

mod arguments;
mod arrow;
mod client;
mod creations;
mod errors;
mod forking;
// Formatted by the generator.
#[rustfmt::skip]
mod generated;
mod input;
mod list;
mod logging;
mod model;
mod results;
mod rows;
mod runtime;
mod search;
mod stream;
mod value;

use pyo3::prelude::*;

/// The native part of `ecwid_coupons`. Private: what it has is used by way of the package.
#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::{
        client::NativeClient,
        creations::{CreationReport, CreationRow},
        errors::hide_tokens,
        forking::{forked_in_parent, forking},
        list::{CouponIterator, CouponList, CouponTable},
        results::{CreationResult, WithdrawalResult},
        runtime::{ending, forked},
        search::PageWalk,
        stream::CouponStream,
    };

    /// Whether this was built without optimisation, and is slow.
    #[pymodule_export]
    const IS_DEBUG_BUILD: bool = cfg!(debug_assertions);

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::generated::add_classes(module)?;
        // A list of all names, private ones too, which is none to import by.
        module.delattr("__all__")?;
        crate::runtime::register(module.py(), module)
    }
}
