//! [`ControlCall`]: a call of the control API.

use bytes::Bytes;

use crate::http::route::ControlRoute;

/// What a form asks of the control API.
pub(super) struct ControlCall {
    pub(super) route: ControlRoute,
    /// The last segment of its path.
    pub(super) id: String,
    pub(super) body: Bytes,
}

impl ControlCall {
    /// A call that has all in its body.
    pub(super) fn new(route: ControlRoute, body: &serde_json::Value) -> Self {
        Self { route, id: String::new(), body: body.to_string().into() }
    }
}
