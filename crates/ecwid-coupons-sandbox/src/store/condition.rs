//! [`Condition`]: a WHERE clause and the values of its question marks.

use rusqlite::ToSql;

/// A WHERE clause and the values of its question marks.
#[derive(Default)]
pub(super) struct Condition {
    text: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Condition {
    /// The clause.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// One more condition, with a question mark for the value.
    pub(super) fn and(&mut self, text: &str, value: impl ToSql + 'static) {
        self.join(text);
        self.values.push(Box::new(value));
    }

    /// The condition that an expression has one of these values.
    pub(super) fn any_of(&mut self, expression: &str, values: &[String]) {
        self.join(&format!("{expression} IN ({})", vec!["?"; values.len()].join(", ")));
        self.values.extend(values.iter().map(|value| Box::new(value.clone()) as Box<dyn ToSql>));
    }

    /// The values in the order of the question marks.
    pub(super) fn values(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }

    fn join(&mut self, text: &str) {
        self.text.push_str(if self.text.is_empty() { "WHERE " } else { " AND " });
        self.text.push_str(text);
    }
}
