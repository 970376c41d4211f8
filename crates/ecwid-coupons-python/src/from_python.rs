//! Conversion of Python arguments to values of the client.

pub(crate) mod arguments;
pub(crate) mod arrow_rows;
pub(crate) mod arrow_table;
pub(crate) mod fields;
pub(crate) mod filter;
pub(crate) mod job_rows;
pub(crate) mod refusal;
pub(crate) mod rows;
pub(crate) mod scalars;
