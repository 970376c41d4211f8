//! [`Form`]: what a form was filled in with.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::problem::Problem;

/// The fields of a form.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field without blanks around it; empty where it is left out.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that may stand there several times, but for empty ones.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(known, value)| known == name && !value.is_empty());
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// A number as JSON; null where the field is empty.
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
