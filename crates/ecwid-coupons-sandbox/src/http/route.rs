//! The paths and methods that the sandbox serves: [`ApiRoute`], [`ControlRoute`] and [`PageRoute`].
//!
//! Each route has a row in the fidelity ledger.

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::{MethodFilter, on},
};
use ecwid_coupons::schema::OPERATIONS;
use http::Method;
use strum::{IntoStaticStr, VariantArray};

/// The routes of one area.
pub(crate) trait Route: Copy + Into<&'static str> + Send + Sync + VariantArray {
    /// What the paths are below.
    const BASE: &'static str;

    /// Where the route is; `None` for an operation that the document no longer has.
    fn endpoint(self) -> Option<Endpoint>;

    /// The name in snake case.
    fn name(self) -> &'static str {
        self.into()
    }
}

/// Where a route is, and what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    /// The path below that of the area.
    pub(crate) path: &'static str,
    /// The scopes that a token needs.
    pub(crate) scopes: &'static [&'static str],
}

const fn endpoint(method: &'static str, path: &'static str) -> Endpoint {
    Endpoint { method, path, scopes: &[] }
}

/// The scope of what tells of coupons.
const READ: &[&str] = &["read_discount_coupons"];

/// The API that a store has. The operations of the document have the names that it gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ApiRoute {
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
}

impl Route for ApiRoute {
    const BASE: &'static str = "/api/v3";

    fn endpoint(self) -> Option<Endpoint> {
        // Those of the API that are not in the document come first.
        Some(match self {
            Self::CancelBatchGroup => endpoint("POST", "/{storeId}/batch/cancel-group"),
            Self::DeleteBatch => endpoint("DELETE", "/{storeId}/batch"),
            Self::ListDeletedDiscountCoupons => {
                Endpoint { scopes: READ, ..endpoint("GET", "/{storeId}/discount_coupons/deleted") }
            }
            Self::ListDeletedCoupons => Endpoint { scopes: READ, ..endpoint("GET", "/{storeId}/coupons/deleted") },
            Self::GetLatestStats => {
                Endpoint { scopes: &["read_store_profile"], ..endpoint("GET", "/{storeId}/latest-stats") }
            }
            documented => {
                let operation = OPERATIONS.iter().find(|operation| operation.name == documented.name())?;
                Endpoint { scopes: operation.scopes, ..endpoint(operation.method, operation.path) }
            }
        })
    }
}

impl ApiRoute {
    /// Returns whether this is an operation on batches. A batch cannot contain one.
    pub(crate) fn is_of_batches(self) -> bool {
        matches!(self, Self::CreateBatchRequest | Self::GetBatchStatus | Self::CancelBatchGroup | Self::DeleteBatch)
    }

    /// Whether a path below that of a store is one of the operations on batches.
    pub(crate) fn is_of_batches_at(path: &str) -> bool {
        let mut endpoints =
            Self::VARIANTS.iter().filter(|route| route.is_of_batches()).filter_map(|route| route.endpoint());
        endpoints.any(|endpoint| endpoint.path.strip_prefix("/{storeId}") == Some(path))
    }
}

/// The control API, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ControlRoute {
    GetClock,
    SetClock,
    ResetClock,
    AdvanceClock,
    GetLimits,
    SetLimits,
    GetRequests,
    ClearRequests,
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
}

impl Route for ControlRoute {
    const BASE: &'static str = "/_sandbox";

    fn endpoint(self) -> Option<Endpoint> {
        Some(match self {
            Self::GetClock => endpoint("GET", "/clock"),
            Self::SetClock => endpoint("PUT", "/clock"),
            Self::ResetClock => endpoint("DELETE", "/clock"),
            Self::AdvanceClock => endpoint("POST", "/clock/advance"),
            Self::GetLimits => endpoint("GET", "/limits"),
            Self::SetLimits => endpoint("PUT", "/limits"),
            Self::GetRequests => endpoint("GET", "/requests"),
            Self::ClearRequests => endpoint("DELETE", "/requests"),
            Self::PlaceOrder => endpoint("POST", "/orders"),
            Self::GetFaults => endpoint("GET", "/faults"),
            Self::AddFaults => endpoint("POST", "/faults"),
            Self::ClearFaults => endpoint("DELETE", "/faults"),
            Self::RemoveFault => endpoint("DELETE", "/faults/{id}"),
            Self::GetWebhook => endpoint("GET", "/webhook"),
            Self::SetWebhook => endpoint("PUT", "/webhook"),
            Self::RemoveWebhook => endpoint("DELETE", "/webhook"),
            Self::DumpStores => endpoint("GET", "/dump"),
            Self::LoadStores => endpoint("POST", "/load"),
            Self::ResetSandbox => endpoint("POST", "/reset"),
        })
    }
}

/// The web page, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum PageRoute {
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

impl Route for PageRoute {
    const BASE: &'static str = "";

    fn endpoint(self) -> Option<Endpoint> {
        Some(match self {
            Self::ShowWebPage => endpoint("GET", "/"),
            Self::ShowStyle => endpoint("GET", "/page/style.css"),
            Self::SubmitClock => endpoint("POST", "/page/clock"),
            Self::SubmitFaults => endpoint("POST", "/page/faults"),
            Self::SubmitLimits => endpoint("POST", "/page/limits"),
            Self::SubmitOrder => endpoint("POST", "/page/order"),
            Self::SubmitRequests => endpoint("POST", "/page/requests"),
            Self::SubmitWebhook => endpoint("POST", "/page/webhook"),
            Self::SubmitContents => endpoint("POST", "/page/contents"),
        })
    }
}

/// Routes the requests of an area to a handler.
pub(crate) fn router<R, S, H, F>(is_wanted: impl Fn(R) -> bool, handler: H) -> Router<S>
where
    R: Route,
    S: Clone + Send + Sync + 'static,
    H: Fn(S, R, Endpoint, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let mut router = Router::new();
    for &route in R::VARIANTS.iter().filter(|route| is_wanted(**route)) {
        let Some(endpoint) = route.endpoint() else { continue };
        // A method that axum has no filter for would be one that the API does not have either.
        let method = Method::from_bytes(endpoint.method.as_bytes()).ok();
        let Some(filter) = method.and_then(|method| MethodFilter::try_from(method).ok()) else { continue };
        let handler = handler.clone();
        let path = format!("{}{}", R::BASE, endpoint.path);
        let handler = move |State(state), request| handler(state, route, endpoint, request);
        router = router.route(&path, on(filter, handler));
    }
    router
}
