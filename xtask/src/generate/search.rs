//! The search parameters with the names that callers use in all languages, and the generated filters of the client.

use std::fmt::Write as _;

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use super::{
    deprecated::attribute,
    doc_comment::write_doc,
    document::{Document, Parameter},
    field_type::FieldType,
};

pub(super) const OPERATION: &str = "search_discount_coupons";

/// Parameters whose names differ from the API: by the field that they filter, or by a shorter name.
const RENAMED: &[(&str, &str)] = &[("availability", "status"), ("responseFields", "fields")];

/// Parameters that select a part of the search results. All other parameters are filters.
const PARTS: &[&str] = &["offset", "limit", "responseFields"];

pub(super) struct SearchParameter<'a> {
    /// The name that callers use.
    pub(super) name: String,
    pub(super) parameter: &'a Parameter,
}

/// Returns the query parameters in the order of the document.
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

/// Returns the filters in the order of the document.
pub(super) fn filters(document: &Document) -> anyhow::Result<Vec<SearchParameter<'_>>> {
    let mut filters = parameters(document)?;
    filters.retain(|filter| !PARTS.contains(&filter.parameter.name.as_str()));
    Ok(filters)
}

impl SearchParameter<'_> {
    /// Returns the description for languages in which callers pass a list.
    pub(super) fn description(&self) -> String {
        self.parameter.description.replace(", as a comma-separated list", ", given as a single value or a list")
    }

    /// Returns which second of the day a date without a time means, if the filter is a time.
    pub(super) fn day_bound(&self) -> Option<&'static str> {
        let bound = if self.parameter.name.ends_with("To") { "End" } else { "Start" };
        (self.parameter.field_type == FieldType::TimeFilter).then_some(bound)
    }
}

pub(super) fn write_filters(document: &Document) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! The search filters.\n\n/// Calls a macro with the search filters: for each filter its name, the name of its setter for \
         an optional value, its\n/// type, and the parameter that sends it. `as Start` means that a date without a time is the first \
         second of the day, and\n/// `as End` the last second.\nmacro_rules! with_filters {\n    \
         ($macro:ident) => {\n        $macro! {\n",
    );
    for filter in filters(document)? {
        write_doc(&mut out, "            ", &filter.description());
        let SearchParameter { name, parameter, .. } = &filter;
        if *name != parameter.field {
            write_doc(&mut out, "            ", &format!("\nThe name in the API is `{}`.", parameter.name));
        }
        out.push_str(&attribute("            ", parameter.deprecated.as_deref()));
        let bound = filter.day_bound().map(|bound| format!(" as {bound}")).unwrap_or_default();
        let rust_type = parameter.field_type.rust_path();
        let _ = writeln!(out, "            {name}, maybe_{name}: {rust_type}{bound} => {},", parameter.field);
    }
    out.push_str("        }\n    };\n}\n\npub(crate) use with_filters;\n");
    Ok(out)
}
