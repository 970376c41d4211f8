//! The field of a coupon that a column has.

use ecwid_coupons::{
    schema::{self, Field},
    types::Coupon,
};

use super::{Column, Problem, TableOptions};

/// The column of unknown fields in the CSV files of the command.
const EXTRA: &str = "extra";

/// What a column has.
pub(super) enum Content {
    /// The code of a coupon.
    Code,
    /// A field of a coupon.
    Field(Vec<&'static Field>),
    /// Unknown fields, as a JSON object.
    Extra,
    /// Something else, which is kept for the report.
    Carried,
}

/// Returns the field with this name, in any spelling: `discountType`, `discount_type`, `Discount type` or
/// `Coupon discount type`.
pub(super) fn find(name: &str) -> Option<Vec<&'static Field>> {
    let letters: String = name.trim().chars().filter(|letter| !matches!(letter, ' ' | '-' | '_')).collect();
    let letters = letters.to_lowercase();
    let short = letters.strip_prefix("coupon").unwrap_or(&letters);
    schema::find_column(Coupon::FIELDS, &letters).or_else(|| schema::find_column(Coupon::FIELDS, short))
}

/// Returns what each column has.
pub(super) fn contents(columns: &[Column], options: &TableOptions) -> Result<Vec<Content>, Vec<Problem>> {
    let mut problems = Vec::new();
    for (column, field) in &options.fields {
        if !columns.iter().any(|it| it.name == *column) {
            problems.push(Problem::new("", format!("no column is named `{column}`, as in `--map '{column}={field}'`")));
        }
        if find(field).is_none() {
            let meant = schema::nearest(Coupon::FIELDS, field).map(|meant| format!(" (did you mean `{meant}`?)"));
            problems.push(Problem::new("", format!("unknown field: `{field}`{}", meant.unwrap_or_default())));
        }
    }
    let field = |column: &Column| {
        let mapped = options.fields.iter().find(|(name, _)| *name == column.name);
        mapped.map_or_else(|| find(&column.name), |(_, field)| find(field))
    };
    let found: Vec<_> = columns.iter().map(|column| (column, field(column))).collect();
    if !found.iter().any(|(_, field)| field.is_some()) {
        let message = "no column is a field of a coupon; has the first row the names of the columns? Write `code`, `name` and \
                       others, or name them with `--map 'Rabatt=discount'`";
        problems.push(Problem::new("", message));
        return Err(problems);
    }
    let mut seen: Vec<(String, &str)> = Vec::new();
    let mut contents = Vec::new();
    for (column, field) in found {
        let name = column.name.as_str();
        let Some(path) = field else {
            if name == EXTRA {
                contents.push(Content::Extra);
                continue;
            }
            if !options.carry_unknown {
                let meant = schema::nearest(Coupon::FIELDS, name).map(|meant| format!(" (did you mean `{meant}`?)"));
                let message = format!(
                    "unknown column: `{name}`{}; name its field with `--map '{name}=FIELD'`, or keep all such columns for \
                     the report with `--carry-unknown`",
                    meant.unwrap_or_default()
                );
                problems.push(Problem::new("", message));
            }
            contents.push(Content::Carried);
            continue;
        };
        let dotted = dotted(&path);
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == dotted) {
            problems
                .push(Problem::new("", format!("the columns `{other}` and `{name}` have the same field, `{dotted}`")));
        }
        contents.push(if dotted == "code" { Content::Code } else { Content::Field(path) });
        seen.push((dotted, name));
    }
    if !contents.iter().any(|content| matches!(content, Content::Code)) {
        problems.push(Problem::new("", "no column has the codes; name it, as in `--map 'Gutschein=code'`"));
    }
    if problems.is_empty() { Ok(contents) } else { Err(problems) }
}

/// Returns the name of a field, as in `catalogLimit.products`.
pub(super) fn dotted(path: &[&Field]) -> String {
    path.iter().map(|field| field.name).collect::<Vec<_>>().join(".")
}
