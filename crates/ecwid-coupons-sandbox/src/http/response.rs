//! [`Answer`]: what an operation answers.

use axum::response::{IntoResponse, Response};
use ecwid_coupons::ResponseFields;
use http::{StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    http::{problem::Problem, response_fields::select},
    rule::Rule,
};

/// The JSON text of an answer, handed on as it was written: to read it again takes longer than to find a page of coupons.
pub(crate) struct Answer(Vec<u8>);

impl Answer {
    /// A value as JSON.
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Ok(Self(serde_json::to_vec(value)?))
    }

    /// What is JSON already.
    pub(crate) fn of_json(text: Vec<u8>) -> Self {
        Self(text)
    }

    /// Reads it as a value.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Ok(serde_json::from_slice(&self.0)?)
    }

    /// The part of it that is asked for, or all of it.
    pub(crate) fn selected(self, fields: Option<&ResponseFields>) -> Result<Self, Problem> {
        let Some(fields) = fields else { return Ok(self) };
        Rule::ResponseFieldsSelect.trace();
        Self::of(&select(&self.read()?, fields)?)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json;charset=utf-8")], self.0).into_response()
    }
}

/// A value as the JSON of an answer that is no success.
pub(crate) fn with_status<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match Answer::of(value) {
        Ok(answer) => (status, answer).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
