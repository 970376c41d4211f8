//! [`Answer`]: what an operation answers.

use axum::response::{IntoResponse, Response};
use ecwid_coupons::{Json, ResponseFields};
use http::{StatusCode, header};
use serde::Serialize;

use crate::{fidelity::Rule, problem::Problem, response_fields::select};

/// The JSON text of an answer. It is not read again, which would take longer than to find a page of coupons.
pub(crate) struct Answer(String);

impl Answer {
    /// A value as JSON.
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Ok(Self(serde_json::to_string(value)?))
    }

    /// What is JSON already.
    pub(crate) fn of_json(text: String) -> Self {
        Self(text)
    }

    /// The JSON text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The part of it that is asked for, or all of it.
    pub(crate) fn selected(self, fields: Option<&ResponseFields>) -> Result<Self, Problem> {
        let Some(fields) = fields else { return Ok(self) };
        Rule::ResponseFieldsSelect.trace();
        let json: Json = self.0.parse()?;
        Ok(Self(select(&json, fields)?.to_string()))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json;charset=utf-8")], self.0).into_response()
    }
}

/// A value as the JSON of an answer that is no success.
pub(crate) fn with_status<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => (status, Answer(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
