//! The parameters of a search, by the names that its callers use in every language, and the filters in Rust.

use std::fmt::Write as _;

use anyhow::Context as _;
use heck::ToSnakeCase as _;

use super::{
    doc_comment::write_doc,
    document::{Document, Parameter},
    field_type::FieldType,
};

const OPERATION: &str = "search_discount_coupons";

/// Parameters that callers know by another name than the API's: by the field that they filter, or by a shorter one.
const RENAMED: &[(&str, &str)] = &[("availability", "status"), ("responseFields", "fields")];

/// Parameters that choose a part of what a search finds. All others are filters.
const PARTS: &[&str] = &["offset", "limit", "responseFields"];

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

/// Returns the filters, in the document's order.
pub(super) fn filters(document: &Document) -> anyhow::Result<Vec<SearchParameter<'_>>> {
    let mut filters = parameters(document)?;
    filters.retain(|filter| !PARTS.contains(&filter.parameter.name.as_str()));
    Ok(filters)
}

impl SearchParameter<'_> {
    /// What it does, for callers that give several values as a list.
    pub(super) fn description(&self) -> String {
        self.parameter.description.replace(", as a comma-separated list", "; one, or several in a list")
    }

    /// Which second of a day a date without a time stands for, if it is a bound by time.
    pub(super) fn day_bound(&self) -> Option<&'static str> {
        let bound = if self.parameter.name.ends_with("To") { "End" } else { "Start" };
        (self.parameter.field_type == FieldType::TimeFilter).then_some(bound)
    }
}

pub(super) fn write_filters(document: &Document) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! The filters of a search.\n\n/// Calls a macro with the filters: what callers call each, its type, and the parameter that it \
         is sent as. After `as`\n/// is the second of a day that a date without a time stands for.\nmacro_rules! with_filters {\n    \
         ($macro:ident) => {\n        $macro! {\n",
    );
    for filter in filters(document)? {
        write_doc(&mut out, "            ", &filter.description());
        let SearchParameter { name, parameter, .. } = &filter;
        if *name != parameter.field {
            write_doc(&mut out, "            ", &format!("\nThe API calls it `{}`.", parameter.name));
        }
        let bound = filter.day_bound().map(|bound| format!(" as {bound}")).unwrap_or_default();
        let rust_type = parameter.field_type.rust_path();
        let _ = writeln!(out, "            {name}: {rust_type}{bound} => {},", parameter.field);
    }
    out.push_str("        }\n    };\n}\n\npub(crate) use with_filters;\n");
    Ok(out)
}
