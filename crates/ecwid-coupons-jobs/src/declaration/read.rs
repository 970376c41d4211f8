//! Reads a declaration. Each error has the position of the wrong key or value.

use std::{borrow::Cow, collections::HashMap};

use ecwid_coupons::{
    __private::{UnknownName, line_and_column},
    EcwidDateTime, FieldInput, JsonObject, RawJson,
    schema::{self, Field, Kind},
    types::{Coupon, CouponUpdate},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{CodeScope, Declaration, DeclarationError};
use crate::{
    WantedCoupon,
    wanted::{key, text},
};

/// The text that clears a field.
pub(super) const NONE: &str = "none";

/// The keys of the file.
const KEYS: &str = "`scope`, `defaults` or `coupons`";

/// A problem, and where it is in the file.
struct Problem {
    offset: usize,
    text: String,
}

type Read<T> = Result<T, Problem>;

/// The fields of a table, each with its value and the offset of the value.
type Fields = Vec<(&'static Field, RawJson, usize)>;

pub(super) fn parse(text: &str) -> Result<Declaration, DeclarationError> {
    let at = |problem: Problem| {
        let (line, column) = line_and_column(text, problem.offset);
        DeclarationError { line, column, problem: problem.text }
    };
    let table = DeTable::parse(text).map_err(|error| {
        at(Problem { offset: error.span().map_or(0, |span| span.start), text: error.message().to_owned() })
    })?;
    document(table.get_ref(), text).map_err(at)
}

fn document(table: &DeTable<'_>, text: &str) -> Read<Declaration> {
    let (mut scope, mut defaults, mut coupons) = (None, Fields::new(), Vec::new());
    for (name, value) in table {
        match name.get_ref().as_ref() {
            "scope" => scope = Some(scope_of(value)?),
            "defaults" => defaults = fields(value, CouponUpdate::FIELDS, "")?,
            "coupons" => coupons = in_order(table_of(value)?),
            other => return Err(problem(name, unknown_key(other, value.get_ref()))),
        }
    }
    // Wrong defaults are wrong without coupons too.
    coupon(&Fields::new(), &defaults)?;
    let mut declaration = Declaration { scope, coupons: Vec::new(), places: Vec::new(), days: Vec::new() };
    let mut codes: HashMap<String, (usize, &str)> = HashMap::new();
    for (code, value) in coupons {
        let place = line_and_column(text, code.span().start);
        if let Some((line, first)) = codes.insert(key(code.get_ref()), (place.0, code.get_ref())) {
            let twin =
                format!("the codes `{first}` (line {line}) and `{}` are the same in any letter case", code.get_ref());
            return Err(problem(code, twin));
        }
        let own = fields(value, CouponUpdate::FIELDS, "")?;
        let (update, days) = coupon(&own, &defaults)?;
        for day in days {
            if !declaration.days.contains(&day) {
                declaration.days.push(day);
            }
        }
        declaration.coupons.push(WantedCoupon { code: code.get_ref().to_string(), fields: update });
        declaration.places.push(place);
    }
    Ok(declaration)
}

/// Returns the error of a key that a file does not have.
fn unknown_key(name: &str, value: &DeValue<'_>) -> String {
    // A table with values is a coupon.
    if value.as_table().is_some_and(|table| table.values().any(|value| !value.get_ref().is_table())) {
        return format!("unknown key: `{name}` (expected {KEYS}; the table of a coupon is [coupons.{name}])");
    }
    let message = format!("unknown field `{name}`, expected {KEYS}");
    match UnknownName::parse(&message).and_then(|unknown| unknown.meant) {
        Some(meant) => format!("unknown key: `{name}` (did you mean `{meant}`?)"),
        None => format!("unknown key: `{name}` (expected {KEYS})"),
    }
}

fn scope_of(value: &Spanned<DeValue<'_>>) -> Read<CodeScope> {
    let expected =
        || problem(value, "`scope` is not a list of patterns (expected one such as [\"SUMMER-*\"])".to_owned());
    let patterns = value.get_ref().as_array().ok_or_else(expected)?;
    let patterns = patterns.iter().map(|pattern| pattern.get_ref().as_str().map(str::to_owned).ok_or_else(expected));
    CodeScope::new(patterns.collect::<Read<Vec<_>>>()?).map_err(|text| problem(value, format!("`scope`: {text}")))
}

/// Returns the fields of a coupon and the dates without a time. Its own fields replace the defaults.
fn coupon(own: &Fields, defaults: &Fields) -> Read<(CouponUpdate, Vec<(String, EcwidDateTime)>)> {
    let mut input = FieldInput::new(CouponUpdate::FIELDS);
    let is_own = |field: &Field| own.iter().any(|(known, ..)| known.name == field.name);
    let all = own.iter().chain(defaults.iter().filter(|(field, ..)| !is_own(field)));
    let mut first = 0;
    for (field, value, offset) in all {
        first = *offset;
        let at = |text: String| Problem { offset: *offset, text };
        if Coupon::is_set_by_store(field.name, value) {
            return Err(at(format!("only the store sets `{}` to {value} (expected ACTIVE or PAUSED)", field.name)));
        }
        input.set(&[field], value.clone()).map_err(|error| at(error.to_string()))?;
    }
    let update = input.read().map_err(|error| Problem { offset: first, text: error.to_string() })?;
    Ok((update, input.days().to_vec()))
}

/// Reads the fields of a table. The names of nested fields have a prefix.
fn fields(value: &Spanned<DeValue<'_>>, known: &'static [Field], prefix: &str) -> Read<Fields> {
    let mut read = Fields::new();
    for (name, value) in in_order(table_of(value)?) {
        let field = known.iter().find(|field| field.name == name.get_ref());
        let Some(field) = field.filter(|field| !matches!(field.name, "code" | "orderCount")) else {
            return Err(problem(name, unknown_field(known, prefix, name.get_ref(), value.get_ref())));
        };
        read.push((
            field,
            json(value, &field.kind, &format!("{prefix}{}", field.name), field.clearable)?,
            value.span().start,
        ));
    }
    Ok(read)
}

fn unknown_field(known: &[Field], prefix: &str, name: &str, value: &DeValue<'_>) -> String {
    if prefix.is_empty() && name == "code" {
        return "the name of the table is the code (expected no field `code`)".to_owned();
    }
    if prefix.is_empty() && Coupon::FIELDS.iter().any(|field| field.name == name) {
        return format!("only the store sets `{name}` (expected no such field)");
    }
    match schema::nearest(known, name) {
        Some(meant) => format!("unknown field: `{prefix}{name}` (did you mean `{prefix}{meant}`?)"),
        None if value.is_table() => {
            format!("unknown field: `{prefix}{name}` (a code with a dot needs quotes, as in [coupons.\"1.5\"])")
        }
        None => {
            let names: Vec<_> = known.iter().map(|field| field.name).collect();
            format!("unknown field: `{prefix}{name}` (expected one of {})", names.join(", "))
        }
    }
}

/// Converts a value to JSON of a kind. `NONE` clears what can be cleared.
fn json(value: &Spanned<DeValue<'_>>, kind: &Kind, name: &str, can_be_cleared: bool) -> Read<RawJson> {
    let wrong =
        |expected: &str| problem(value, format!("`{name}` is {} (expected {expected})", described(value.get_ref())));
    let number = |text: &str| kind.parse_text(text).map_err(|error| problem(value, format!("{name}: {error}")));
    Ok(match (kind, value.get_ref()) {
        (Kind::Text, DeValue::String(given)) => text(given),
        (Kind::Text, _) => return Err(wrong("text in quotes")),
        (_, DeValue::String(given)) if given == NONE && can_be_cleared => raw(&()),
        (Kind::Decimal | Kind::Integer, DeValue::String(given)) => number(given)?,
        (Kind::Decimal | Kind::Integer, DeValue::Integer(given)) if given.radix() == 10 => number(given.as_str())?,
        (Kind::Decimal, DeValue::Float(given)) => number(given.as_str())?,
        (Kind::Decimal | Kind::Integer, _) => return Err(wrong("a number such as 12.5, or its text in quotes")),
        (Kind::Boolean, DeValue::Boolean(given)) => raw(given),
        (Kind::Boolean, _) => return Err(wrong("true or false")),
        (Kind::Enum(_) | Kind::DateTime, DeValue::String(given)) => text(given),
        (Kind::Enum(known), _) => return Err(wrong(&format!("one of {} in quotes", known.join(", ")))),
        (Kind::DateTime, DeValue::Datetime(given)) => text(&given.to_string()),
        (Kind::DateTime, _) => return Err(wrong("a date such as \"2026-12-31 23:59:59 +0000\", or \"none\"")),
        (Kind::List(item), DeValue::Array(items)) => {
            if items.is_empty() {
                return Err(problem(value, format!("`{name}` is empty (expected values, or \"none\" for no limit)")));
            }
            raw(&items.iter().map(|value| json(value, item, name, false)).collect::<Read<Vec<_>>>()?)
        }
        (Kind::List(_), _) => return Err(wrong("a list such as [1, 2], or \"none\"")),
        (Kind::Object(inside), DeValue::Table(_)) => {
            let inside = nested(value, inside, name)?;
            // A limit whose lists are all cleared is none.
            if inside.is_empty() { raw(&()) } else { raw(&inside) }
        }
        (Kind::Object([field, ..]), _) => {
            return Err(wrong(&format!("a table such as {{ {} = [1, 2] }}, or \"none\"", field.name)));
        }
        _ => return Err(wrong("a field that this version can declare")),
    })
}

/// Returns the members of a nested object that are not cleared.
fn nested(value: &Spanned<DeValue<'_>>, known: &'static [Field], name: &str) -> Read<JsonObject> {
    let table = table_of(value)?;
    if table.is_empty() {
        return Err(problem(value, format!("`{name}` is empty (expected values, or \"none\" for no limit)")));
    }
    let mut members = JsonObject::new();
    let prefix = format!("{name}.");
    for (name, value) in in_order(table) {
        let Some(field) = known.iter().find(|field| field.name == name.get_ref()) else {
            return Err(problem(name, unknown_field(known, &prefix, name.get_ref(), value.get_ref())));
        };
        let json = json(value, &field.kind, &format!("{prefix}{}", field.name), true)?;
        if json.as_str() != "null" {
            members.insert(field.name.to_owned(), json);
        }
    }
    Ok(members)
}

/// Returns the keys and values of a table in the order of the file.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<(&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn table_of<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> Read<&'a DeTable<'i>> {
    let expected = "a table such as [coupons.SUMMER-10] with fields";
    let wrong = || problem(value, format!("invalid value: {} (expected {expected})", described(value.get_ref())));
    value.get_ref().as_table().ok_or_else(wrong)
}

fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(given) => format!("the text {given:?}"),
        DeValue::Integer(given) => format!("the number {given}"),
        DeValue::Float(given) => format!("the number {given}"),
        DeValue::Boolean(given) => given.to_string(),
        DeValue::Datetime(given) => format!("the date {given}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn problem<T>(place: &Spanned<T>, text: String) -> Problem {
    Problem { offset: place.span().start, text }
}

fn raw(value: &(impl serde::Serialize + ?Sized)) -> RawJson {
    RawJson::from_value(value).expect("the value is JSON")
}
