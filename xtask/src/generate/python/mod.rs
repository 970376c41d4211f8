//! Writes the generated files of the Python package and its extension.

mod calls;
mod classes;
mod deprecated;
mod docstring;
mod enums;
mod extension;
mod models;
pub(super) mod native;
mod new_coupon;

use super::document::Document;
use crate::workspace;

const EXTENSION: &str = "crates/ecwid-coupons-python/src/generated.rs";
const PACKAGE: &str = "python/src/ecwid_coupons";

/// Returns the generated files by their paths from the root, without their headers.
pub(super) fn write(document: &Document) -> anyhow::Result<Vec<(String, String)>> {
    let models = classes::models(document)?;
    Ok(vec![
        (EXTENSION.to_owned(), extension::write(document, &models)?),
        (format!("{PACKAGE}/_enums.py"), enums::write(document, &models)),
        (format!("{PACKAGE}/_models.py"), models::write(&models)),
        (format!("{PACKAGE}/_models.pyi"), models::write_stub(document, &models)?),
        (format!("{PACKAGE}/_native.pyi"), native::write(&workspace::root())?),
        (format!("{PACKAGE}/_calls.py"), calls::write(document, &models)?),
        (format!("{PACKAGE}/_new_coupon.py"), new_coupon::write(document, &models)?),
    ])
}
