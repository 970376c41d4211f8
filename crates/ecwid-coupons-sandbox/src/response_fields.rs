//! `responseFields`: which fields of an answer are sent.
//!
//! ```text
//! list  := field ("," field)*
//! field := name | name "(" list ")"
//! ```
//!
//! A name without parentheses stands for all that is below it. Names that the answer does not have are passed over.

use ecwid_coupons::Json;
use indexmap::IndexMap;

use crate::problem::Problem;

/// How deep parentheses may be nested; answers are three deep.
const MAX_DEPTH: usize = 16;

/// The fields to send, each with those below it, or with all when there are none.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fields(Vec<(String, Option<Fields>)>);

impl Fields {
    /// Reads the notation; nothing when no fields are named, which stands for all.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, Problem> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let mut reader = Reader { rest: text };
        let fields = reader.list(0).filter(|_| reader.rest.trim().is_empty());
        let wrong = || {
            Problem::wrong_value("responseFields", text, "names separated by commas, such as id,name or items(id,name)")
        };
        fields.map(Some).ok_or_else(wrong)
    }

    /// The part of an answer that is to be sent, with every value as it is.
    pub(crate) fn select(&self, json: &Json) -> Result<Json, serde_json::Error> {
        match json.as_str().as_bytes().first() {
            Some(b'{') => {
                let mut selected = IndexMap::new();
                for (name, value) in json.read::<IndexMap<String, Json>>()? {
                    match self.0.iter().find(|(known, _)| *known == name) {
                        Some((_, Some(below))) => selected.insert(name, below.select(&value)?),
                        Some((_, None)) => selected.insert(name, value),
                        None => None,
                    };
                }
                Json::from_value(&selected)
            }
            Some(b'[') => {
                let items = json.read::<Vec<Json>>()?;
                Json::from_value(&items.iter().map(|item| self.select(item)).collect::<Result<Vec<_>, _>>()?)
            }
            _ => Ok(json.clone()),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(&mut self, depth: usize) -> Option<Fields> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut fields = Fields::default();
        loop {
            let end = self.rest.find([',', '(', ')']).unwrap_or(self.rest.len());
            let name = self.rest[..end].trim().to_owned();
            if name.is_empty() {
                return None;
            }
            self.rest = &self.rest[end..];
            let below = if self.skip("(") {
                let below = self.list(depth + 1)?;
                if !self.skip(")") {
                    return None;
                }
                Some(below)
            } else {
                None
            };
            fields.0.push((name, below));
            if !self.skip(",") {
                return Some(fields);
            }
        }
    }

    fn skip(&mut self, text: &str) -> bool {
        match self.rest.trim_start().strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    fn select(fields: &str, json: &str) -> String {
        let fields = Fields::read(fields).expect("the fields are valid").expect("fields are named");
        fields.select(&json.parse().expect("the JSON is valid")).expect("the JSON can be read").to_string()
    }

    #[test]
    fn names_choose_fields_in_the_order_of_the_answer() {
        let page = r#"{"total":2,"items":[{"id":1,"discount":10.00,"catalogLimit":{"products":[1],"categories":[]}}]}"#;
        assert_eq!(select("items(discount,id)", page), r#"{"items":[{"id":1,"discount":10.00}]}"#);
        assert_eq!(select("total,items", page), page);
        assert_eq!(select("items(catalogLimit(products))", page), r#"{"items":[{"catalogLimit":{"products":[1]}}]}"#);
        assert_eq!(select("nothing", page), "{}");
        assert_eq!(select(" total , items ( id ) ", page), r#"{"total":2,"items":[{"id":1}]}"#);
    }

    #[test]
    fn a_notation_that_is_not_one_is_refused() {
        for text in
            ["(", ")", "a(", "a(b", "a)", "a,,b", ",a", "a,", "a()", "a(b))", "a b(", "a(b)c", &"a(".repeat(100_000)]
        {
            assert!(Fields::read(text).is_err(), "{text:.20}");
        }
        assert_eq!(Fields::read("  ").expect("nothing is valid"), None);
    }
}
