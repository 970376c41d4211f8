//! The types of single values: numbers, dates, references to coupons, lists and filters.

pub(crate) mod comma_list;
pub(crate) mod coupon_ref;
pub(crate) mod date_time;
pub(crate) mod decimal;
pub(crate) mod json;
pub(crate) mod patch;
pub(crate) mod response_fields;
pub(crate) mod time_filter;
