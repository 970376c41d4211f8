//! Writes `generated.rs` of the extension: the classes, the search filters, and the table columns.

use std::fmt::Write as _;

use anyhow::ensure;

use super::{
    classes::{Example, ROW, class_doc, column_name, example, leaves, object},
    docstring::description,
};
use crate::generate::{
    deprecated::allow,
    document::{Document, ObjectType, Presence},
    field_type::FieldType,
    search::{SearchParameter, filters},
};

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! The Python classes, the search filters, and the table columns.\n\n\
         use ecwid_coupons::Search;\nuse pyo3::prelude::*;\n\n\
         use crate::{\n    from_python::filter::filter,\n    to_python::{model::model, value::enums},\n};\n",
    );
    for model in models {
        out.push_str("\nmodel! {\n");
        for line in class_doc(model)?.lines() {
            let _ = writeln!(out, "    {}", format!("/// {line}").trim_end());
        }
        let Example { given, json, dict, .. } = example(model)?;
        let _ = write!(out, "    #[example({given:?}, {json:?}, {dict:?})]\n    pub class {} {{\n", model.name);
        for member in &model.members {
            ensure!(
                member.presence == Presence::Optional,
                "required field in a Python class: `{}.{}` (expected optional fields only, because a response can omit any field)",
                model.name,
                member.name
            );
            let _ = writeln!(out, "        /// {}\n        {},", description(member), member.field);
        }
        out.push_str("    }\n}\n");
    }
    let enums: Vec<_> = document.enums.iter().map(|definition| format!("    {}\n", definition.name)).collect();
    let _ = write!(out, "\nenums! {{\n{}}}\n", enums.concat());
    out.push_str("\n/// Adds the classes to the module.\npub(crate) fn add_classes(module: &Bound<'_, PyModule>) -> PyResult<()> {\n");
    for model in models {
        let _ = writeln!(out, "    module.add_class::<{}>()?;", model.name);
    }
    out.push_str("    Ok(())\n}\n");
    write_filters(&mut out, document)?;
    write_columns(&mut out, document)?;
    Ok(out)
}

fn write_filters(out: &mut String, document: &Document) -> anyhow::Result<()> {
    let filters = filters(document)?;
    out.push_str("\n/// Sets a search filter by its name. Returns `None` if there is no such filter.\n");
    out.push_str(&allow("", filters.iter().map(|filter| &filter.parameter.deprecated)));
    out.push_str(
        "pub(crate) fn with_filter(search: Search, name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<Search>> {\n    \
         Ok(Some(match name {\n",
    );
    for SearchParameter { name, parameter, .. } in filters {
        let rust_type = parameter.field_type.rust("ecwid_coupons::", "ecwid_coupons::types::");
        let _ = writeln!(out, "        {name:?} => search.{name}(filter::<{rust_type}>(name, value)?),");
    }
    out.push_str("        _ => return Ok(None),\n    }))\n}\n");
    Ok(())
}

fn write_columns(out: &mut String, document: &Document) -> anyhow::Result<()> {
    out.push_str(
        "\n/// The table columns: one for each field, and one for each field of an inner object.\npub(crate) mod columns {\n    \
         use arrow_array::ArrayRef;\n    use arrow_schema::{DataType, Field};\n    use ecwid_coupons::types::Coupon;\n\n    \
         use crate::to_python::columns::{ColumnType, Layout, column, texts};\n\n",
    );
    let (mut fields, mut arrays) = (String::new(), String::new());
    let leaves = leaves(document, object(document, ROW)?);
    let used = leaves.iter().flat_map(|(path, leaf)| path.iter().chain([leaf])).map(|member| &member.deprecated);
    let allow = allow("    ", used);
    for (path, leaf) in leaves {
        let name = column_name(&path, leaf);
        let way: String = path.iter().map(|member| format!("{}.as_ref()?.", member.field)).collect();
        let get = format!("it.{way}{}.as_ref()", leaf.field);
        if matches!(leaf.field_type, FieldType::Enum(_)) {
            let _ = writeln!(fields, "            Field::new({name:?}, DataType::Utf8, true),");
            let _ = writeln!(arrays, "            texts(coupons.iter().map(|it| {get}), |it| it.as_str()),",);
        } else {
            let rust_type = leaf.field_type.rust("ecwid_coupons::", "ecwid_coupons::types::");
            let _ = writeln!(fields, "            Field::new({name:?}, <{rust_type}>::data_type(layout), true),");
            let _ = writeln!(arrays, "            column::<{rust_type}>({name:?}, coupons, layout, |it| {get})?,");
        }
    }
    let _ = write!(
        out,
        "    /// Returns the names and types of the columns.\n    pub(crate) fn fields(layout: Layout) -> Vec<Field> {{\n        vec![\n{fields}        ]\n    }}\n\n    /// Returns the values of the columns.\n{allow}    \
         pub(crate) fn arrays(coupons: &[&Coupon], layout: Layout) -> Result<Vec<ArrayRef>, String> {{\n        Ok(vec![\n{arrays}        ])\n    }}\n}}\n"
    );
    Ok(())
}
