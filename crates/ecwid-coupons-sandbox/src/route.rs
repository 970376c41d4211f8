//! [`Route`]: every path with a method that the sandbox serves.

use ecwid_coupons::{operations::OPERATIONS, schema::Operation};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What the paths of the API stand below.
pub(crate) const API: &str = "/api/v3";

/// A path with a method. The names of the document's operations are those that the document gives them. Each has a row in the
/// fidelity ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Route {
    SearchDiscountCoupons,
    CreateDiscountCoupon,
    GetDiscountCoupon,
    UpdateDiscountCoupon,
    DeleteDiscountCoupon,
    CreateBatchRequest,
    GetBatchStatus,
}

impl Route {
    /// The name in the document, in snake case.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// The operation of the document that it is.
    pub(crate) fn operation(self) -> Option<&'static Operation> {
        OPERATIONS.iter().find(|operation| operation.name == self.name())
    }
}
