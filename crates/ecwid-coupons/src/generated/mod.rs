// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

pub(crate) mod filters;
pub(crate) mod operation_table;
pub mod operations;
pub mod types;
