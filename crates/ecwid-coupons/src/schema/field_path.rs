//! [`FieldPath`]: the place of a field, for messages.

use std::fmt;

/// The names of a field and of the objects around it.
#[derive(Clone, Copy)]
pub(crate) struct FieldPath<'a> {
    object: Option<&'a FieldPath<'a>>,
    name: &'static str,
    allow_unknown: bool,
}

impl FieldPath<'_> {
    /// The path of a whole request.
    pub(crate) const ROOT: FieldPath<'static> = FieldPath { object: None, name: "", allow_unknown: false };

    /// The path of a whole request. Its enums may have unknown values if `allow_unknown` is true.
    pub(crate) fn root(allow_unknown: bool) -> FieldPath<'static> {
        FieldPath { allow_unknown, ..FieldPath::ROOT }
    }

    /// Whether enums may have unknown values.
    pub(crate) fn allow_unknown(self) -> bool {
        self.allow_unknown
    }

    /// Returns the path of a field of this object.
    pub(crate) fn field(&self, name: &'static str) -> FieldPath<'_> {
        FieldPath { object: Some(self), name, allow_unknown: self.allow_unknown }
    }

    /// Returns the name of this field.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// Returns the name of the field of the request that contains this field.
    pub(crate) fn outermost(self) -> &'static str {
        self.outer().map_or(self.name, |outer| outer.outermost())
    }

    /// Returns the field around this one, unless that is the whole request.
    fn outer(&self) -> Option<&FieldPath<'_>> {
        self.object.filter(|object| object.object.is_some())
    }
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer() {
            write!(f, "{outer}.")?;
        }
        f.write_str(self.name)
    }
}
