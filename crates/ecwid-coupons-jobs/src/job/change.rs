//! [`RowChange`]: what a job does with the coupon of a row.

use ecwid_coupons::{
    __private::Unchecked,
    BatchItem,
    types::{CouponUpdate, NewCoupon},
};
use serde::{Deserialize, Serialize};

use super::Row;

/// What a job does with the coupon of a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RowChange {
    /// Creates a coupon, unless it exists with the same content.
    Create(NewCoupon),
    /// Changes a coupon.
    Update {
        /// The coupon's id.
        id: i64,
        /// The fields that change.
        update: CouponUpdate,
    },
    /// Deletes a coupon.
    Delete {
        /// The coupon's id.
        id: i64,
    },
    /// Leaves an existing coupon as it is. Nothing is sent, and the report says so.
    Keep {
        /// The coupon's id.
        id: i64,
        /// Why the coupon is kept although it differs, if it does.
        reason: Option<String>,
    },
}

/// A row of a job that was planned from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRow {
    /// The code of the coupon.
    pub code: String,
    /// What the job does with the coupon.
    pub change: RowChange,
    /// The columns that the report has beside the code.
    pub columns: Row,
}

/// A change as the file of a job has it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Written<'a> {
    Create(&'a NewCoupon),
    Update { id: i64, update: &'a CouponUpdate },
    Delete { id: i64 },
    Keep { id: i64, reason: &'a Option<String> },
}

/// The values were checked when the job was planned.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    Create(Unchecked<NewCoupon>),
    Update { id: i64, update: Unchecked<CouponUpdate> },
    Delete { id: i64 },
    Keep { id: i64, reason: Option<String> },
}

impl RowChange {
    /// Writes the change as JSON.
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&match self {
            Self::Create(coupon) => Written::Create(coupon),
            Self::Update { id, update } => Written::Update { id: *id, update },
            Self::Delete { id } => Written::Delete { id: *id },
            Self::Keep { id, reason } => Written::Keep { id: *id, reason },
        })
    }

    /// Reads a change that was written by [`to_json`](Self::to_json).
    pub(super) fn from_json(json: &str) -> serde_json::Result<Self> {
        Ok(match serde_json::from_str(json)? {
            Read::Create(Unchecked(coupon)) => Self::Create(coupon),
            Read::Update { id, update: Unchecked(update) } => Self::Update { id, update },
            Read::Delete { id } => Self::Delete { id },
            Read::Keep { id, reason } => Self::Keep { id, reason },
        })
    }

    /// Returns the request that makes the change, and nothing for a coupon that is kept.
    pub(super) fn item(&self) -> Option<BatchItem> {
        Some(match self {
            Self::Create(coupon) => BatchItem::create_or_get(coupon.clone()),
            Self::Update { id, update } => BatchItem::update(*id, update.clone()),
            Self::Delete { id } => BatchItem::delete(*id),
            Self::Keep { .. } => return None,
        })
    }
}
