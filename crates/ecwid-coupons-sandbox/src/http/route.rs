//! [`Route`]: every path with a method that the sandbox serves.

use ecwid_coupons::operations::OPERATIONS;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a route is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// The API that a store has.
    Api,
    /// The control API, for programs.
    Control,
    /// The web page, for people.
    WebPage,
}

impl Area {
    /// What its paths stand below.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Api => "/api/v3",
            Self::Control => "/_sandbox",
            Self::WebPage => "",
        }
    }
}

/// The scope for what tells of coupons.
const READ: &[&str] = &["read_discount_coupons"];

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
    CancelBatchGroup,
    DeleteBatch,
    ListDeletedDiscountCoupons,
    ListDeletedCoupons,
    GetLatestStats,
    GetClock,
    SetClock,
    ResetClock,
    AdvanceClock,
    GetLimits,
    SetLimits,
    GetRequests,
    ForgetRequests,
    PlaceOrder,
    GetFaults,
    AddFaults,
    ClearFaults,
    RemoveFault,
    GetWebhook,
    SetWebhook,
    RemoveWebhook,
    DumpStores,
    LoadStores,
    ResetSandbox,
    ShowWebPage,
    ShowStyle,
    SubmitClock,
    SubmitFaults,
    SubmitLimits,
    SubmitOrder,
    SubmitRequests,
    SubmitWebhook,
    SubmitContents,
}

/// Where a route is, and what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) method: &'static str,
    /// The path below that of the area.
    pub(crate) path: &'static str,
    pub(crate) area: Area,
    /// The scopes that a token needs.
    pub(crate) scopes: &'static [&'static str],
}

impl Route {
    /// The name in the document, in snake case.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it is an operation on batches, which no batch can contain.
    pub(crate) fn is_of_batches(self) -> bool {
        matches!(self, Self::CreateBatchRequest | Self::GetBatchStatus | Self::CancelBatchGroup | Self::DeleteBatch)
    }

    /// Whether a path below that of a store is one of the operations on batches.
    pub(crate) fn is_of_batches_at(path: &str) -> bool {
        let mut places = Self::VARIANTS.iter().filter(|route| route.is_of_batches()).filter_map(|route| route.place());
        places.any(|place| place.path.strip_prefix("/{storeId}") == Some(path))
    }

    /// Where it is; nothing for an operation that the document does not have any more.
    pub(crate) fn place(self) -> Option<Place> {
        let control = |method, path| Some(Place { method, path, area: Area::Control, scopes: &[] });
        let page = |method, path| Some(Place { method, path, area: Area::WebPage, scopes: &[] });
        // Of the API too, and not in the document, which is held against pages that are at hand.
        let beside = |method, path, scopes| Some(Place { method, path, area: Area::Api, scopes });
        match self {
            Self::CancelBatchGroup => beside("POST", "/{storeId}/batch/cancel-group", &[]),
            Self::DeleteBatch => beside("DELETE", "/{storeId}/batch", &[]),
            Self::ListDeletedDiscountCoupons => beside("GET", "/{storeId}/discount_coupons/deleted", READ),
            Self::ListDeletedCoupons => beside("GET", "/{storeId}/coupons/deleted", READ),
            Self::GetLatestStats => beside("GET", "/{storeId}/latest-stats", &["read_store_profile"]),
            Self::GetClock => control("GET", "/clock"),
            Self::SetClock => control("PUT", "/clock"),
            Self::ResetClock => control("DELETE", "/clock"),
            Self::AdvanceClock => control("POST", "/clock/advance"),
            Self::GetLimits => control("GET", "/limits"),
            Self::SetLimits => control("PUT", "/limits"),
            Self::GetRequests => control("GET", "/requests"),
            Self::ForgetRequests => control("DELETE", "/requests"),
            Self::GetWebhook => control("GET", "/webhook"),
            Self::SetWebhook => control("PUT", "/webhook"),
            Self::RemoveWebhook => control("DELETE", "/webhook"),
            Self::GetFaults => control("GET", "/faults"),
            Self::AddFaults => control("POST", "/faults"),
            Self::ClearFaults => control("DELETE", "/faults"),
            Self::RemoveFault => control("DELETE", "/faults/{id}"),
            Self::PlaceOrder => control("POST", "/orders"),
            Self::DumpStores => control("GET", "/dump"),
            Self::LoadStores => control("POST", "/load"),
            Self::ResetSandbox => control("POST", "/reset"),
            Self::ShowWebPage => page("GET", "/"),
            Self::ShowStyle => page("GET", "/page/style.css"),
            Self::SubmitClock => page("POST", "/page/clock"),
            Self::SubmitFaults => page("POST", "/page/faults"),
            Self::SubmitLimits => page("POST", "/page/limits"),
            Self::SubmitOrder => page("POST", "/page/order"),
            Self::SubmitRequests => page("POST", "/page/requests"),
            Self::SubmitWebhook => page("POST", "/page/webhook"),
            Self::SubmitContents => page("POST", "/page/contents"),
            documented => {
                let operation = OPERATIONS.iter().find(|operation| operation.name == documented.name())?;
                let (method, path, scopes) = (operation.method, operation.path, operation.scopes);
                Some(Place { method, path, area: Area::Api, scopes })
            }
        }
    }
}
