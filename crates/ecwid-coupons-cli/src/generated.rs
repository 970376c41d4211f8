// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! The flags of the search filters.

use clap::Args;
use ecwid_coupons::{DayBound, Search, types};

use crate::filter_values;

/// The search filters.
#[derive(Args, Clone, Debug)]
pub(crate) struct Filters {
    /// Match coupons with this code
    #[arg(long = "code", value_name = "CODE", value_parser = filter_values::text())]
    code: Option<String>,

    /// Match coupons with one of these discount types
    #[arg(long = "discount-type", value_name = "TYPE,…", value_delimiter = ',', ignore_case = true, value_parser = filter_values::known(types::DiscountType::KNOWN, types::DiscountType::as_str))]
    discount_type: Option<Vec<types::DiscountType>>,

    /// Match coupons with one of these statuses
    #[arg(long = "status", visible_alias = "availability", value_name = "STATUS,…", value_delimiter = ',', ignore_case = true, value_parser = filter_values::known(types::CouponStatus::KNOWN, types::CouponStatus::as_str))]
    status: Option<Vec<types::CouponStatus>>,

    /// Match coupons created at this time or later
    #[arg(long = "created-from", value_name = "TIME")]
    created_from: Option<ecwid_coupons::TimeFilter>,

    /// Match coupons created at this time or earlier
    #[arg(long = "created-to", value_name = "TIME")]
    created_to: Option<ecwid_coupons::TimeFilter>,

    /// Match coupons last updated at this time or later
    #[arg(long = "updated-from", value_name = "TIME")]
    updated_from: Option<ecwid_coupons::TimeFilter>,

    /// Match coupons last updated at this time or earlier
    #[arg(long = "updated-to", value_name = "TIME")]
    updated_to: Option<ecwid_coupons::TimeFilter>,
}

impl Filters {
    /// Sets the given filters.
    pub(crate) fn set(self, mut search: Search) -> Search {
        if let Some(value) = self.code {
            search = search.code(value);
        }
        if let Some(value) = self.discount_type {
            search = search.discount_type(value);
        }
        if let Some(value) = self.status {
            search = search.status(value);
        }
        if let Some(value) = self.created_from {
            search = search.created_from(value);
        }
        if let Some(value) = self.created_to {
            search = search.created_to(value);
        }
        if let Some(value) = self.updated_from {
            search = search.updated_from(value);
        }
        if let Some(value) = self.updated_to {
            search = search.updated_to(value);
        }
        search
    }

    /// Returns the flags that take a time. `DayBound` is the second of the day that a date without a time means.
    pub(crate) fn times(&self) -> Vec<(&'static str, Option<ecwid_coupons::TimeFilter>, DayBound)> {
        vec![
            ("--created-from", self.created_from, DayBound::Start),
            ("--created-to", self.created_to, DayBound::End),
            ("--updated-from", self.updated_from, DayBound::Start),
            ("--updated-to", self.updated_to, DayBound::End),
        ]
    }
}
