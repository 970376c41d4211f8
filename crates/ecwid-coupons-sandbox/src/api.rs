//! The operations of the API that a store has.

pub(crate) mod batch;
pub(crate) mod coupons;
pub(crate) mod deleted;
pub(crate) mod store_context;
