//! `schema`: prints the JSON Schema of declarations.

use ecwid_coupons_jobs::declaration_schema;

use crate::{exit::Failure, output};

pub(crate) fn run() -> Result<(), Failure> {
    output::print(&format!("{:#}", declaration_schema().to_value()))
}
