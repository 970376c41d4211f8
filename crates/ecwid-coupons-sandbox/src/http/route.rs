//! The routes of the sandbox: [`ApiRoute`], [`ControlRoute`] and [`PageRoute`].
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

/// The routes of an area.
pub(crate) trait Route: Copy + Into<&'static str> + Send + Sync + VariantArray {
    /// The common prefix of all paths.
    const BASE: &'static str;

    /// Returns the method, path and scopes. `None` for an operation that the document no longer has.
    fn endpoint(self) -> Option<Endpoint>;

    /// Returns the name in snake case.
    fn name(self) -> &'static str {
        self.into()
    }
}

/// The method, path and scopes of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    /// The path without the prefix of the area.
    pub(crate) path: &'static str,
    /// The scopes that a token must have.
    pub(crate) scopes: &'static [&'static str],
}

const fn endpoint(method: &'static str, path: &'static str) -> Endpoint {
    Endpoint { method, path, scopes: &[] }
}

/// The routes of the store's API. Operations of the document have the names from the document.
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
    GetDeletedItemsHistory,
    GetLatestStoreUpdateStats,
    ListDeletedCoupons,
}

impl Route for ApiRoute {
    const BASE: &'static str = "/api/v3";

    fn endpoint(self) -> Option<Endpoint> {
        // The first arms are operations of the API that are not in the document.
        Some(match self {
            Self::CancelBatchGroup => endpoint("POST", "/{storeId}/batch/cancel-group"),
            Self::DeleteBatch => endpoint("DELETE", "/{storeId}/batch"),
            Self::ListDeletedCoupons => {
                Endpoint { path: "/{storeId}/coupons/deleted", ..Self::GetDeletedItemsHistory.endpoint()? }
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

    /// Returns whether a path relative to the store is an operation on batches.
    pub(crate) fn is_of_batches_at(path: &str) -> bool {
        let mut endpoints =
            Self::VARIANTS.iter().filter(|route| route.is_of_batches()).filter_map(|route| route.endpoint());
        endpoints.any(|endpoint| endpoint.path.strip_prefix("/{storeId}") == Some(path))
    }
}

/// Defines the routes of an area: the name, method and path of each.
macro_rules! routes {
    ($(#[$doc:meta])* $area:ident below $base:literal: $($route:ident: $method:literal $path:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
        #[strum(serialize_all = "snake_case")]
        pub(crate) enum $area {
            $($route,)*
        }

        impl Route for $area {
            const BASE: &'static str = $base;

            fn endpoint(self) -> Option<Endpoint> {
                Some(match self {
                    $(Self::$route => endpoint($method, $path),)*
                })
            }
        }
    };
}

routes! {
    /// The control API.
    ControlRoute below "/_sandbox":
    GetHealth: "GET" "/health";
    GetClock: "GET" "/clock";
    SetClock: "PUT" "/clock";
    ResetClock: "DELETE" "/clock";
    AdvanceClock: "POST" "/clock/advance";
    AddToken: "POST" "/tokens";
    GetLimits: "GET" "/limits";
    SetLimits: "PUT" "/limits";
    GetRequests: "GET" "/requests";
    ClearRequests: "DELETE" "/requests";
    PlaceOrder: "POST" "/orders";
    GetFaults: "GET" "/faults";
    AddFaults: "POST" "/faults";
    ClearFaults: "DELETE" "/faults";
    RemoveFault: "DELETE" "/faults/{id}";
    GetWebhook: "GET" "/webhook";
    SetWebhook: "PUT" "/webhook";
    RemoveWebhook: "DELETE" "/webhook";
    DumpStores: "GET" "/dump";
    LoadStores: "POST" "/load";
    ResetSandbox: "POST" "/reset";
}

routes! {
    /// The web page.
    PageRoute below "":
    ShowWebPage: "GET" "/";
    ShowStyle: "GET" "/page/style.css";
    ShowDocument: "GET" "/openapi.yaml";
    SubmitClock: "POST" "/page/clock";
    SubmitFaults: "POST" "/page/faults";
    SubmitLimits: "POST" "/page/limits";
    SubmitOrder: "POST" "/page/order";
    SubmitRequests: "POST" "/page/requests";
    SubmitWebhook: "POST" "/page/webhook";
    SubmitContents: "POST" "/page/contents";
}

/// Creates a router that passes the requests of an area to a handler.
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
        // axum has a filter for every method of the API.
        let method = Method::from_bytes(endpoint.method.as_bytes()).ok();
        let Some(filter) = method.and_then(|method| MethodFilter::try_from(method).ok()) else { continue };
        let handler = handler.clone();
        let path = format!("{}{}", R::BASE, endpoint.path);
        let handler = move |State(state), request| handler(state, route, endpoint, request);
        router = router.route(&path, on(filter, handler));
    }
    router
}
