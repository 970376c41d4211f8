//! Reads responses whose values have another JSON type than documented, but the same meaning.
//!
//! The types are strict, because the sandbox and the command read requests with them. If a response cannot be read, its
//! values are rewritten by the kinds of its fields, and it is read again. Usual responses are read at full speed.

use std::{collections::BTreeMap, fmt};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{
    Decimal, EcwidDateTime, JsonObject, RawJson,
    error::json::{JsonProblem, read_json},
    schema::{Field, Kind, kind_of},
    text::{escape::escape_untrusted, redact::Redactor},
    types::{Coupon, CouponPage},
};

/// The members of an object and the items of a list, as JSON.
type Members<'a> = BTreeMap<String, &'a RawValue>;
type Items<'a> = Vec<&'a RawValue>;

/// The maximum length of a code in a message, in characters.
const SHOWN_CODE: usize = 100;

/// Parses JSON from a store, and tolerates deviations from the document.
///
/// The following deviations are accepted. Digits are kept.
///
/// - a number as text (`"10.00"`), and text as a number
/// - an integer with a zero fraction or an exponent (`1.0`, `1e2`)
/// - a boolean as text, 0 or 1
/// - an empty list in place of an empty object, and the reverse
///
/// Null among the ids of a list is an error, because the limit would change without it.
///
/// # Errors
///
/// The JSON cannot be read. The problem names the coupon and the field.
pub fn read_lenient<T: DeserializeOwned>(json: &[u8], kind: &Kind) -> Result<T, JsonProblem> {
    read_json(json).or_else(|strict| {
        let mended = std::str::from_utf8(json).ok().and_then(|text| mend_root(text, kind));
        let Some(mended) = mended else { return Err(strict) };
        read_json(mended.as_bytes()).map_err(|problem| {
            // Positions in the rewritten text are meaningless.
            let mut problem = if strict.is_alike(&problem) { strict } else { problem.placeless() };
            match identity(&mended, problem.path()) {
                (None, None) => {}
                (id, code) => problem.coupon = Some(shown(id, code.as_deref())),
            }
            problem
        })
    })
}

/// A coupon that a search could not read and has skipped: see
/// [`Search::skip_unreadable`](crate::Search::skip_unreadable).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedCoupon {
    /// The id, if it is readable.
    pub id: Option<i64>,
    /// The code, if it is readable.
    pub code: Option<String>,
    /// The unreadable field, such as `catalogLimit.products[0]`. `None` if the whole coupon is unreadable.
    pub field: Option<String>,
    /// Why the coupon is unreadable.
    pub problem: String,
    /// The JSON of the coupon.
    pub json: RawJson,
}

impl SkippedCoupon {
    /// Logs the skipped coupon.
    pub(crate) fn log(&self) {
        tracing::warn!("skipped an unreadable coupon: {}", escape_untrusted(&self.to_string()));
    }

    /// Redacts the code and the problem. The JSON remains unchanged.
    fn redacted(mut self, redactor: &Redactor) -> Self {
        self.code = self.code.map(|code| redactor.redact(&code));
        self.problem = redactor.redact(&self.problem);
        self
    }
}

impl fmt::Display for SkippedCoupon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", shown(self.id, self.code.as_deref()))?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.problem)
    }
}

/// A coupon of a page, or a skipped coupon.
pub(crate) type PageItem = Result<Coupon, Box<SkippedCoupon>>;

/// A page that may have unreadable coupons.
pub(crate) struct PartialPage {
    /// The page with an empty list of coupons.
    pub(crate) page: CouponPage,
    pub(crate) items: Vec<PageItem>,
}

impl PartialPage {
    /// Returns a page whose coupons are all readable.
    pub(crate) fn of(mut page: CouponPage) -> Self {
        let items = page.items.as_mut().map(std::mem::take).unwrap_or_default();
        Self { page, items: items.into_iter().map(Ok).collect() }
    }

    /// Reads a page with unreadable coupons. Returns `None` if anything else is wrong.
    pub(crate) fn read(json: &[u8]) -> Option<Self> {
        let mut members: JsonObject = read_json(json).ok()?;
        let items = members.insert("items".to_owned(), "[]".parse().ok()?)?.deserialize::<Vec<RawJson>>().ok()?;
        let rest = serde_json::to_vec(&members).ok()?;
        let page = read_lenient(&rest, &Kind::Object(CouponPage::FIELDS)).ok()?;
        Some(Self { page, items: items.into_iter().map(read_coupon).collect() })
    }

    /// Skips coupons with an invalid date, and coupons without an id if `needs_id` is set. Redacts all skipped coupons.
    pub(crate) fn skip_invalid(mut self, needs_id: bool, redactor: &Redactor) -> Self {
        let items = self.items.into_iter().map(|item| item.and_then(|coupon| check(coupon, needs_id)));
        self.items = items.map(|item| item.map_err(|skipped| Box::new(skipped.redacted(redactor)))).collect();
        self
    }

    /// Returns the page with the readable coupons, and logs the others.
    pub(crate) fn into_page(self) -> CouponPage {
        let read = self.items.into_iter().filter_map(|item| item.inspect_err(|skipped| skipped.log()).ok());
        CouponPage { items: self.page.items.map(|_| read.collect()), ..self.page }
    }
}

fn read_coupon(json: RawJson) -> PageItem {
    let kind = Kind::Object(Coupon::FIELDS);
    read_lenient(json.as_str().as_bytes(), &kind).map_err(|problem| {
        let mended = mend_root(json.as_str(), &kind);
        let (id, code) = identity(mended.as_deref().unwrap_or_default(), None);
        let field = problem.path().map(str::to_owned);
        Box::new(SkippedCoupon { id, code, field, problem: problem.problem, json })
    })
}

/// Returns the coupon unless it has an invalid date. Such a date is kept as text, which a column of dates cannot hold.
fn check(coupon: Coupon, needs_id: bool) -> PageItem {
    let Ok(json) = RawJson::from_value(&coupon) else { return Ok(coupon) };
    let members: JsonObject = json.deserialize().unwrap_or_default();
    let is_wrong = |field: &&Field| {
        let date = members.get(field.name).filter(|_| field.kind == Kind::DateTime);
        date.is_some_and(|date| date.deserialize::<EcwidDateTime>().is_ok_and(|date| date.to_utc().is_none()))
    };
    let (field, problem) = match Coupon::FIELDS.iter().find(is_wrong) {
        Some(field) => (Some(field.name.to_owned()), format!("invalid date: {}", members[field.name])),
        None if needs_id && coupon.id.is_none() => (None, "missing field `id`".to_owned()),
        None => return Ok(coupon),
    };
    Err(Box::new(SkippedCoupon { id: coupon.id, code: coupon.code, field, problem, json }))
}

/// Returns the id and the code of the coupon that a path points to, if they are readable.
fn identity(json: &str, path: Option<&str>) -> (Option<i64>, Option<String>) {
    let path = path.unwrap_or_default();
    let index = path.strip_prefix("items").unwrap_or(path).strip_prefix('[');
    let index = index.and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
    let coupon = match index {
        None => serde_json::from_str(json).ok(),
        Some(index) => {
            let items = serde_json::from_str::<Members<'_>>(json).ok().and_then(|page| page.get("items").copied());
            let items = items.map_or(json, RawValue::get);
            let items = serde_json::from_str::<Items<'_>>(items).unwrap_or_default();
            items.get(index).and_then(|item| serde_json::from_str::<Members<'_>>(item.get()).ok())
        }
    };
    let coupon = coupon.unwrap_or_default();
    let id = coupon.get("id").and_then(|id| serde_json::from_str(id.get()).ok());
    (id, coupon.get("code").and_then(|code| serde_json::from_str(code.get()).ok()))
}

fn shown(id: Option<i64>, code: Option<&str>) -> String {
    let code = code.map(|code| code.chars().take(SHOWN_CODE).collect::<String>());
    match (id, code) {
        (Some(id), Some(code)) => format!("coupon {id} (code {code:?})"),
        (Some(id), None) => format!("coupon {id}"),
        (None, Some(code)) => format!("coupon {code:?}"),
        (None, None) => "a coupon without id and code".to_owned(),
    }
}

/// Rewrites a whole response, whose own type must be the documented one.
fn mend_root(json: &str, kind: &Kind) -> Option<String> {
    let raw = serde_json::from_str::<&RawValue>(json).ok()?.get();
    match kind {
        Kind::Object(_) if !raw.starts_with('{') => None,
        Kind::List(_) if !raw.starts_with('[') => None,
        _ => mend(raw, kind),
    }
}

/// Rewrites a value for its kind. Returns `None` if the value stays as it is.
fn mend(json: &str, kind: &Kind) -> Option<String> {
    let is_text = json.starts_with('"');
    match kind {
        Kind::Boolean if is_text => match serde_json::from_str::<String>(json).ok()?.as_str() {
            "true" | "1" => Some("true".to_owned()),
            "false" | "0" => Some("false".to_owned()),
            _ => None,
        },
        Kind::Boolean => match json {
            "1" => Some("true".to_owned()),
            "0" => Some("false".to_owned()),
            _ => None,
        },
        Kind::Integer => {
            let number = if is_text { serde_json::from_str(json).ok()? } else { json.to_owned() };
            let number: Decimal = number.parse().ok()?;
            let whole = number.value().filter(|number| number.fract().is_zero())?;
            i64::try_from(whole).ok().map(|whole| whole.to_string())
        }
        Kind::Decimal if is_text => {
            let number: Decimal = serde_json::from_str::<String>(json).ok()?.parse().ok()?;
            Some(number.to_string())
        }
        // A number is not a date. It is kept as text.
        Kind::Text | Kind::Enum(_) | Kind::DateTime if json.parse::<Decimal>().is_ok() => Some(format!("\"{json}\"")),
        // An object in place of the coupons of a page is not an empty page.
        Kind::List(item) if !matches!(item, Kind::Object(_)) && is_empty(json, '{') => Some("[]".to_owned()),
        Kind::Object(_) | Kind::Map(_) if is_empty(json, '[') => Some("{}".to_owned()),
        Kind::List(item) => {
            let items: Items<'_> = serde_json::from_str(json).ok()?;
            let items = items.into_iter().map(|json| mended(json, item));
            Some(format!("[{}]", items.collect::<Vec<_>>().join(",")))
        }
        Kind::Object(fields) => mend_members(json, |name| kind_of(fields, name)),
        Kind::Map(value) => mend_members(json, |_| Some(**value)),
        _ => None,
    }
}

fn mended(json: &RawValue, kind: &Kind) -> String {
    mend(json.get(), kind).unwrap_or_else(|| json.get().to_owned())
}

fn mend_members(json: &str, kind: impl Fn(&str) -> Option<Kind>) -> Option<String> {
    let members: Members<'_> = serde_json::from_str(json).ok()?;
    let members = members.into_iter().map(|(name, value)| {
        let value = kind(&name).map_or_else(|| value.get().to_owned(), |kind| mended(value, &kind));
        serde_json::to_string(&name).map(|name| format!("{name}:{value}"))
    });
    Some(format!("{{{}}}", members.collect::<Result<Vec<_>, _>>().ok()?.join(",")))
}

/// Whether JSON is an empty object or list.
fn is_empty(json: &str, bracket: char) -> bool {
    let inside = json.strip_prefix(bracket).and_then(|rest| rest.strip_suffix(['}', ']']));
    inside.is_some_and(|inside| inside.trim().is_empty())
}
