//! [`BatchItem`]: a request of a batch, and [`BatchResult`], what it did.

use crate::{
    Client, CreateOutcome, Error, RawJson,
    coupon::refuse_invalid,
    types::{BatchMethod, BatchRequestItem, Coupon, CouponUpdate, DeleteResult, NewCoupon, UpdateResult},
};

/// A request of a [`Batch`](crate::Batch).
#[derive(Clone, Debug)]
pub struct BatchItem(pub(super) Request);

#[derive(Clone, Debug)]
pub(super) enum Request {
    Create { coupon: NewCoupon, existing: bool },
    Find { code: String },
    Update { id: i64, update: CouponUpdate },
    Delete { id: i64 },
}

impl BatchItem {
    /// Returns a request that creates a coupon, like [`Client::create`](crate::Client::create).
    pub fn create(coupon: NewCoupon) -> Self {
        Self(Request::Create { coupon, existing: false })
    }

    /// Returns a request that creates a coupon unless it exists, like
    /// [`Client::create_or_get`](crate::Client::create_or_get).
    pub fn create_or_get(coupon: NewCoupon) -> Self {
        Self(Request::Create { coupon, existing: true })
    }

    /// Returns a request that finds the coupon with this code, in any letter case.
    pub fn find(code: impl Into<String>) -> Self {
        Self(Request::Find { code: code.into() })
    }

    /// Returns a request that changes the coupon with this id.
    pub fn update(id: i64, update: CouponUpdate) -> Self {
        Self(Request::Update { id, update })
    }

    /// Returns a request that deletes the coupon with this id.
    pub fn delete(id: i64) -> Self {
        Self(Request::Delete { id })
    }
}

/// What a request of a batch did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BatchResult {
    /// A [create](BatchItem::create) succeeded.
    Created(CreateOutcome),
    /// A [search by code](BatchItem::find) found this coupon, or no coupon has the code.
    Found(Option<Box<Coupon>>),
    /// An [update](BatchItem::update) succeeded.
    Updated(UpdateResult),
    /// A [delete](BatchItem::delete) succeeded. If the count is 0, no coupon had the id. The store sends a request of a
    /// batch again after a failure, so that may also be the result of its second attempt.
    Deleted(DeleteResult),
}

impl Request {
    /// Returns the operation that the request performs.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create_discount_coupon",
            Self::Find { .. } => "search_discount_coupons",
            Self::Update { .. } => "update_discount_coupon",
            Self::Delete { .. } => "delete_discount_coupon",
        }
    }

    /// Returns the code of the coupon that the request creates or finds.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Create { coupon, .. } => Some(&coupon.code),
            Self::Find { code } => Some(code),
            Self::Update { .. } | Self::Delete { .. } => None,
        }
    }

    /// Fails if the request has an invalid value.
    pub(super) fn check(&self, client: &Client) -> Result<(), Error> {
        let operation = self.operation();
        match self {
            Self::Create { coupon, .. } => client.refuse_new(coupon),
            Self::Update { update, .. } if *update == CouponUpdate::default() => {
                let message = "the update changes no field; set or clear at least one";
                Err(Error::invalid_request(message).with_operation(operation))
            }
            Self::Update { update, .. } => refuse_invalid(update, client, operation),
            Self::Find { .. } | Self::Delete { .. } => Ok(()),
        }
    }

    /// Returns the request in the form of the API. The index within the batch is its id.
    pub(super) fn in_batch(&self, index: usize) -> BatchRequestItem {
        let json = "a request body is JSON";
        let item = match self {
            Self::Create { coupon, .. } => BatchRequestItem::new("/discount_coupons", BatchMethod::Post)
                .body(RawJson::from_value(coupon).expect(json)),
            Self::Find { code } => {
                let query = form_urlencoded::Serializer::new(String::new()).append_pair("code", code).finish();
                BatchRequestItem::new(format!("/discount_coupons?{query}"), BatchMethod::Get)
            }
            Self::Update { id, update } => BatchRequestItem::new(format!("/discount_coupons/{id}"), BatchMethod::Put)
                .body(RawJson::from_value(update).expect(json)),
            Self::Delete { id } => BatchRequestItem::new(format!("/discount_coupons/{id}"), BatchMethod::Delete),
        };
        item.id(index.to_string())
    }
}
