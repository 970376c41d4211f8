//! [`ResponseFields`]: the fields that a request selects.
//!
//! ```text
//! list  := field ("," field)*
//! field := name | name "(" list ")"
//! ```

use std::{
    collections::HashMap,
    fmt::{self, Display},
    str::FromStr,
};

use serde::{Serialize, Serializer};

use crate::value::{message_error, try_from_text};

/// The maximum depth of parentheses. Responses have three levels.
const MAX_DEPTH: usize = 16;

/// The selected fields of a response in Ecwid's notation: `id,name` or `total,items(id,catalogLimit(products))`.
///
/// A name without parentheses selects the whole field. Selections of the same name are merged.
///
/// # Example
///
/// ```
/// use ecwid_coupons::ResponseFields;
///
/// let fields: ResponseFields = "items( id, name )".parse()?;
/// assert_eq!(fields.with("total").to_string(), "total,items(id,name)");
/// assert!("items(id".parse::<ResponseFields>().is_err());
/// # Ok::<(), ecwid_coupons::ResponseFieldsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseFields(Vec<(String, Option<Self>)>);

impl ResponseFields {
    /// Returns the names with their nested selection. `None` selects the whole field.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&Self>)> {
        self.0.iter().map(|(name, below)| (name.as_str(), below.as_ref()))
    }

    /// Whether a field is selected, as a whole or in part.
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|(known, _)| known == name)
    }

    /// Adds a whole field at the front, unless it is selected already.
    #[must_use]
    pub fn with(mut self, name: &str) -> Self {
        if !self.contains(name) {
            self.0.insert(0, (name.to_owned(), None));
        }
        self
    }

    /// Merges duplicate names, in the order of their first occurrence. Takes linear time.
    fn merged(fields: impl IntoIterator<Item = (String, Option<Self>)>) -> Self {
        let (mut places, mut all) = (HashMap::new(), Vec::<(String, Option<Vec<_>>)>::new());
        for (name, below) in fields {
            let below = below.map(|below| below.0);
            let place = *places.entry(name.clone()).or_insert(all.len());
            match all.get_mut(place) {
                None => all.push((name, below)),
                Some((_, known)) => match (known.as_mut(), below) {
                    (Some(known), Some(below)) => known.extend(below),
                    // One of the two selects the whole field.
                    _ => *known = None,
                },
            }
        }
        Self(all.into_iter().map(|(name, below)| (name, below.map(Self::merged))).collect())
    }
}

impl ResponseFields {
    /// Returns the selection of these fields. The error names the one that is invalid.
    pub(crate) fn of<F, I>(fields: I) -> Result<Self, String>
    where
        I: IntoIterator<Item: TryInto<F, Error: Display>>,
        Self: FromIterator<F>,
    {
        let fields = fields.into_iter().map(TryInto::try_into).collect::<Result<Self, _>>();
        match fields.map_err(|error| error.to_string())? {
            Self(none) if none.is_empty() => Err("no field is selected; select at least one".to_owned()),
            fields => Ok(fields),
        }
    }

    /// Returns the selection of the fields at these paths, which have dots between the names.
    pub(crate) fn from_paths<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        paths
            .filter_map(|path| {
                let mut names = path.rsplit('.');
                let last = (names.next()?.to_owned(), None);
                Some(names.fold(last, |below, name| (name.to_owned(), Some(Self(vec![below])))))
            })
            .collect()
    }
}

impl FromIterator<(String, Option<Self>)> for ResponseFields {
    fn from_iter<I: IntoIterator<Item = (String, Option<Self>)>>(fields: I) -> Self {
        Self::merged(fields)
    }
}

impl Display for ResponseFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, below)) in self.iter().enumerate() {
            write!(f, "{}{name}", if index == 0 { "" } else { "," })?;
            if let Some(below) = below {
                write!(f, "({below})")?;
            }
        }
        Ok(())
    }
}

impl Serialize for ResponseFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

message_error! {
    /// The error of a text that is not a selection of fields.
    ResponseFieldsError
}

impl FromStr for ResponseFields {
    type Err = ResponseFieldsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut reader = Reader { rest: text };
        let fields = reader.list(0).filter(|_| reader.rest.trim().is_empty());
        fields.ok_or_else(|| {
            let text: String = text.chars().take(100).collect();
            ResponseFieldsError(format!(
                "invalid response fields: `{text}` (expected names such as `id,name` or `items(id,name)`)"
            ))
        })
    }
}

try_from_text!(ResponseFields, ResponseFieldsError: &str, String);

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(&mut self, depth: usize) -> Option<ResponseFields> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            let name = self.name()?;
            let below = if self.skip('(') {
                let below = self.list(depth + 1)?;
                if !self.skip(')') {
                    return None;
                }
                Some(below)
            } else {
                None
            };
            fields.push((name, below));
            if !self.skip(',') {
                return Some(ResponseFields::merged(fields));
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let text = self.rest.trim_start();
        let end = text.find(|next: char| !(next.is_alphanumeric() || "_-".contains(next))).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn skip(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseFields;

    #[test]
    fn the_notation_is_parsed_and_written() {
        let written = |text: &str| text.parse::<ResponseFields>().unwrap().to_string();
        assert_eq!(written("id,name"), "id,name");
        assert_eq!(
            written(" total , items ( id , catalogLimit(products) ) "),
            "total,items(id,catalogLimit(products))"
        );
        assert_eq!(written("items(id),total,items(name,id)"), "items(id,name),total");
        assert_eq!(written("items(id),items"), "items");
        assert_eq!(written("items,items(id)"), "items");
        let deep = format!("{}x{}", "a(".repeat(16), ")".repeat(16));
        assert_eq!(written(&deep), deep);
    }

    #[test]
    fn invalid_notation_is_refused() {
        for text in [
            "", " ", "(", ")", "a(", "a(b", "a)", "a,,b", ",a", "a,", "a()", "a(b))", "a b", "a b(c)", "a(b)c", "é!",
            "a;b",
        ] {
            assert!(text.parse::<ResponseFields>().is_err(), "{text}");
        }
        let error = "a(".repeat(100_000).parse::<ResponseFields>().unwrap_err().to_string();
        assert!(error.len() < 300, "{error}");
    }
}
