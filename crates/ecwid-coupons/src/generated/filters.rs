// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Change the document, not this file.

//! The filters of a search.

/// Calls a macro with the filters: what callers call each, its type, and the parameter that it is sent as. After `as`
/// is the second of a day that a date without a time stands for.
macro_rules! with_filters {
    ($macro:ident) => {
        $macro! {
            /// Only coupons with this code.
            code: String => code,
            /// Only coupons of these discount types; one, or several in a list.
            discount_type: crate::CommaList<crate::types::DiscountType> => discount_type,
            /// Only coupons whose `status` is one of these; one, or several in a list.
            ///
            /// The API calls it `availability`.
            status: crate::CommaList<crate::types::CouponStatus> => availability,
            /// Only coupons created at this time or later. A date without a time is its first second, 00:00:00 UTC.
            created_from: crate::TimeFilter as Start => created_from,
            /// Only coupons created at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            created_to: crate::TimeFilter as End => created_to,
            /// Only coupons last updated at this time or later. A date without a time is its first second, 00:00:00 UTC.
            updated_from: crate::TimeFilter as Start => updated_from,
            /// Only coupons last updated at this time or earlier. A date without a time is its last second, 23:59:59 UTC.
            updated_to: crate::TimeFilter as End => updated_to,
        }
    };
}

pub(crate) use with_filters;
