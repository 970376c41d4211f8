//! The configuration file, for `Client.from_config` and `Stores`.

use std::path::PathBuf;

use ecwid_coupons::{Config, Error};
use pyo3::prelude::*;

use crate::{from_python::arguments, logging, to_python::errors};

/// Reads the user's configuration file, or the file at this path.
pub(crate) fn read(path: Option<PathBuf>) -> Result<Config, Error> {
    path.map_or_else(Config::load, |path| Config::read(&path))
}

/// Reads the path of a configuration file.
pub(crate) fn path(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<PathBuf>> {
    value.map(|value| arguments::path("path", value)).transpose()
}

/// Returns the names of the stores in a configuration file.
#[pyfunction]
#[pyo3(signature = (path = None))]
pub(crate) fn store_names(py: Python<'_>, path: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let path = self::path(path)?;
    // Reading the file may write a log record, and another thread emits it.
    logging::set_up(py)?;
    let config = py.detach(|| read(path)).map_err(|error| errors::to_python(&error))?;
    Ok(config.stores().map(|store| store.name().to_owned()).collect())
}
