//! The parameters of a search, by the names that its callers use in every language.

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use super::document::{Document, Parameter};

/// The operation, by its id in Rust.
const OPERATION: &str = "search_discount_coupons";

/// Parameters that callers know by another name than the API's: by the field that they filter, or by a shorter one.
const RENAMED: &[(&str, &str)] = &[("availability", "status"), ("responseFields", "fields")];

/// A parameter of a search.
pub(super) struct SearchParameter<'a> {
    /// What callers call it.
    pub(super) name: String,
    pub(super) parameter: &'a Parameter,
}

/// Returns the parameters in the query, in the document's order.
pub(super) fn parameters(document: &Document) -> anyhow::Result<Vec<SearchParameter<'_>>> {
    let search = document.operations.iter().find(|operation| operation.name == OPERATION);
    let search = search.with_context(|| format!("there is no operation `{OPERATION}`"))?;
    let in_query = search.parameters.iter().filter(|parameter| parameter.in_query);
    let named = in_query.map(|parameter| {
        let renamed = RENAMED.iter().find(|(name, _)| *name == parameter.name);
        SearchParameter {
            name: renamed.map_or_else(|| parameter.name.to_snake_case(), |(_, name)| (*name).to_owned()),
            parameter,
        }
    });
    Ok(named.collect())
}

impl SearchParameter<'_> {
    /// What it does, for callers that give several values as a list.
    pub(super) fn description(&self) -> String {
        self.parameter.description.replace(", as a comma-separated list", "; one, or several in a list")
    }
}
