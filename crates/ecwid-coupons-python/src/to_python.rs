//! What the client gives, as Python objects.

pub(crate) mod columns;
pub(crate) mod coupon_list;
pub(crate) mod coupon_stream;
pub(crate) mod creation_report;
pub(crate) mod errors;
pub(crate) mod model;
pub(crate) mod outcomes;
pub(crate) mod pages;
pub(crate) mod table;
pub(crate) mod value;
