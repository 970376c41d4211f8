// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! The search filters.

/// Calls a macro with the search filters: for each filter its name, the name of its setter for an optional value, its
/// type, and the parameter that sends it. `as Start` means that a date without a time is the first second of the day, and
/// `as End` the last second.
macro_rules! with_filters {
    ($macro:ident) => {
        $macro! {
            /// Matches coupons with this code.
            code, maybe_code: String => code,
            /// Matches coupons with one of these discount types, given as a single value or a list.
            discount_type, maybe_discount_type: crate::CommaList<crate::types::DiscountType> => discount_type,
            /// Matches coupons with one of these statuses, given as a single value or a list.
            ///
            /// The name in the API is `availability`.
            status, maybe_status: crate::CommaList<crate::types::CouponStatus> => availability,
            /// Matches coupons created at this time or later. A date without a time means 00:00:00 UTC of that day.
            created_from, maybe_created_from: crate::TimeFilter as Start => created_from,
            /// Matches coupons created at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            created_to, maybe_created_to: crate::TimeFilter as End => created_to,
            /// Matches coupons last updated at this time or later. A date without a time means 00:00:00 UTC of that day.
            updated_from, maybe_updated_from: crate::TimeFilter as Start => updated_from,
            /// Matches coupons last updated at this time or earlier. A date without a time means 23:59:59 UTC of that day.
            updated_to, maybe_updated_to: crate::TimeFilter as End => updated_to,
        }
    };
}

pub(crate) use with_filters;
