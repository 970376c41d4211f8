//! [`Condition`]: a WHERE clause and the values of its parameters.

use rusqlite::ToSql;

/// A WHERE clause and the values of its parameters.
pub(super) struct Condition {
    clause: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Condition {
    /// A first condition with numbered parameters.
    pub(super) fn new(text: &str, values: Vec<Box<dyn ToSql>>) -> Self {
        Self { clause: format!("WHERE {text}"), values }
    }

    pub(super) fn clause(&self) -> &str {
        &self.clause
    }

    /// The values in the order of the parameters.
    pub(super) fn values(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }

    /// Adds a condition with a `?` for the value.
    pub(super) fn and(&mut self, text: &str, value: impl ToSql + 'static) {
        self.clause.push_str(&format!(" AND {text}"));
        self.values.push(Box::new(value));
    }

    /// Adds the condition that an expression has one of these values.
    pub(super) fn any_of(&mut self, expression: &str, values: &[String]) {
        self.clause.push_str(&format!(" AND {expression} IN ({})", vec!["?"; values.len()].join(", ")));
        self.values.extend(values.iter().map(|value| Box::new(value.clone()) as Box<dyn ToSql>));
    }
}
