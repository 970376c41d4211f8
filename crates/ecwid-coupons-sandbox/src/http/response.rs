//! [`JsonResponse`]: the response of an operation.

use axum::response::{IntoResponse, Response};
use ecwid_coupons::{ResponseFields, types::ApiError};
use http::{StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    http::{problem::Problem, response_fields::select},
    rule::Rule,
};

/// The JSON text of a response. It is not parsed again, because parsing takes longer than finding a page of coupons.
pub(crate) struct JsonResponse(pub(crate) Vec<u8>);

/// The response of an operation, or an error response.
pub(crate) type JsonResult = Result<JsonResponse, Problem>;

impl JsonResponse {
    /// Serializes a value.
    pub(crate) fn new<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Ok(Self(serde_json::to_vec(value)?))
    }

    /// Deserializes the response.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Ok(serde_json::from_slice(&self.0)?)
    }

    /// Returns the requested fields, or everything.
    pub(crate) fn selected(self, fields: Option<&ResponseFields>) -> Result<Self, Problem> {
        let Some(fields) = fields else { return Ok(self) };
        Rule::ResponseFieldsSelect.trace();
        Self::new(&select(&self.read()?, fields)?)
    }
}

impl IntoResponse for JsonResponse {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json;charset=utf-8")], self.0).into_response()
    }
}

/// Returns an error response, with a `Retry-After` header if `retry_after` is set.
pub(crate) fn error_response(status: StatusCode, error: &ApiError, retry_after: Option<u64>) -> Response {
    let retry_after = retry_after.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
    match JsonResponse::new(error) {
        Ok(response) => (status, retry_after, response).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
