//! [`Form`]: a submitted form.

use std::convert::Infallible;

use bytes::Bytes;
use ecwid_coupons::__private::input_file::{self, FILE_LIMIT};
use futures_util::stream;
use http::{HeaderMap, header};
use multer::Multipart;
use serde_json::{Value, json};

use crate::http::problem::Problem;

/// The fields of a form. The value of a file is its text.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Parses a form. A form with a file is in multipart format.
    pub(super) async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self, Problem> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        match content_type.and_then(|content_type| multer::parse_boundary(content_type).ok()) {
            Some(boundary) => Self::read_parts(body, boundary).await,
            None => Ok(Self(form_urlencoded::parse(&body).into_owned().collect())),
        }
    }

    async fn read_parts(body: Bytes, boundary: String) -> Result<Self, Problem> {
        let wrong = |error: multer::Error| Problem::wrong_parameter(format!("Wrong form: {error}"));
        let mut parts = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            let text = input_file::read_text(&*part.bytes().await.map_err(wrong)?, FILE_LIMIT)
                .map_err(|error| Problem::wrong_parameter(format!("Wrong form: a field is not UTF-8: {error}")))?;
            fields.push((name, text));
        }
        Ok(Self(fields))
    }

    /// Returns a field without surrounding spaces, or an empty text if it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Returns all values of a field that are not empty.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(known, value)| known == name && !value.is_empty());
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// Returns a number as JSON, or null if the field is empty.
    pub(super) fn number(&self, name: &str) -> Result<Value, Problem> {
        match self.text(name) {
            "" => Ok(Value::Null),
            text => {
                let whole = text.parse::<i64>().map(|number| json!(number));
                let number = whole.or_else(|_| text.parse::<f64>().map(|number| json!(number)));
                number.map_err(|_| Problem::wrong_value(name, text, "a number"))
            }
        }
    }
}
