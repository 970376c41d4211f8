//! Creating a coupon exactly once, by its natural key: the code, which a store has once.

use std::collections::BTreeMap;

use serde::Serialize;
use tokio::time::Instant;

use crate::{
    Client, Error, Json,
    schema::{Field, Kind},
    types::{Coupon, CreatedCoupon, NewCoupon},
};

/// The operation that errors of a create are of.
const OPERATION: &str = "create_discount_coupon";

/// What became of a create.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Creation {
    /// The store said that it created the coupon.
    Created(CreatedCoupon),
    /// The coupon is there, with all that was sent. Either this create made it and the store's answer was lost, or it was
    /// there before.
    AlreadyThere(Box<Coupon>),
}

impl Creation {
    /// The coupon's id.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Created(created) => created.id,
            Self::AlreadyThere(coupon) => coupon.id,
        }
    }

    /// The coupon's code, as the store has it.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Created(created) => created.code.as_deref(),
            Self::AlreadyThere(coupon) => coupon.code.as_deref(),
        }
    }

    /// Whether the store said that it created the coupon.
    pub fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}

/// A field in which the coupon of the store is not the one that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The field's name in JSON; that of an inner field stands behind a dot.
    pub field: String,
    /// What was sent.
    pub sent: Json,
    /// What the store has; nothing when it has none.
    pub stored: Option<Json>,
}

impl Client {
    /// Creates a coupon, or finds that the store has it as it is to be made.
    ///
    /// With `existing`, a coupon that was there before counts; without, it is the store's error.
    pub(crate) async fn create_once(&self, coupon: &NewCoupon, existing: bool) -> Result<Creation, Error> {
        let transport = &self.api.inner;
        let start = Instant::now();
        let left = || transport.deadline().saturating_sub(start.elapsed());
        let mut attempts = 0;
        let mut ambiguous: Option<Error> = None;
        let mut round = 0;
        loop {
            round += 1;
            let request = self.with_deadline(left());
            let error = match request.api.create_discount_coupon().body(coupon.clone()).send().await {
                Ok(created) => return Ok(Creation::Created(created.into_inner())),
                Err(error) => error,
            };
            attempts += error.attempts();
            let error = error.after_attempts(attempts, start.elapsed());
            // The code is taken: by the coupon of an attempt before this one, or by another.
            let taken = error.is_conflict() && (existing || ambiguous.is_some());
            if !taken && !error.may_have_taken_effect() {
                // What could not be sent again leaves open what became of the attempt before.
                return Err(ambiguous.filter(|_| error.is_network()).unwrap_or(error));
            }
            match self.with_deadline(left()).by_code(&coupon.code).await {
                Ok(Some(stored)) => return compare(coupon, stored, &error),
                // Not there, so that another attempt makes no second one: the store has a code once.
                Ok(None) if !taken && round < transport.max_attempts() => {
                    if !transport.wait_for_retry(round, left()).await {
                        return Err(error);
                    }
                    ambiguous = Some(error);
                }
                // What has the code cannot be seen: it is not known what became of the create.
                Ok(None) | Err(_) => return Err(ambiguous.unwrap_or(error)),
            }
        }
    }

    /// The coupon of a code. By a search, since a code of digits in a path may be taken for an id.
    async fn by_code(&self, code: &str) -> Result<Option<Coupon>, Error> {
        let found = self.search().code(code).page().await?.items.unwrap_or_default();
        let same =
            |coupon: &Coupon| coupon.code.as_deref().is_some_and(|known| known.to_lowercase() == code.to_lowercase());
        Ok(found.into_iter().find(same))
    }
}

/// What a coupon with the code says of a create that failed.
fn compare(sent: &NewCoupon, stored: Coupon, error: &Error) -> Result<Creation, Error> {
    let mut differences = Vec::new();
    differ("", Coupon::FIELDS, &members(sent), &members(&stored), &mut differences);
    if differences.is_empty() {
        return Ok(Creation::AlreadyThere(Box::new(stored)));
    }
    let id = error.request_id().unwrap_or_default().to_owned();
    let (attempts, elapsed) = (error.attempts(), error.elapsed());
    Err(Error::conflict(&sent.code, differences).on(OPERATION, &id).after_attempts(attempts, elapsed))
}

fn members(object: &impl Serialize) -> BTreeMap<String, Json> {
    let text = serde_json::to_string(object).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The fields that were sent and are not the same in the store. What was not sent is the store's own affair.
fn differ(
    path: &str,
    fields: &[Field],
    sent: &BTreeMap<String, Json>,
    stored: &BTreeMap<String, Json>,
    differences: &mut Vec<Difference>,
) {
    for (name, sent) in sent {
        let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let kind = fields.iter().find(|known| known.name == *name).map_or(Kind::Json, |known| known.kind);
        let found = stored.get(name);
        if let Kind::Object(inner) = kind {
            let members = |json: Option<&Json>| json.and_then(|json| json.read().ok()).unwrap_or_default();
            differ(&field, inner, &members(Some(sent)), &members(found), differences);
        } else if !same(&field, kind, sent, found) {
            differences.push(Difference { field, sent: sent.clone(), stored: found.cloned() });
        }
    }
}

fn same(field: &str, kind: Kind, sent: &Json, stored: Option<&Json>) -> bool {
    let Some(stored) = stored else {
        // An empty list is the same as none; the store leaves out what is not set.
        return matches!(kind, Kind::List(_)) && sent.read::<Vec<Json>>().is_ok_and(|list| list.is_empty());
    };
    fn equal<T: serde::de::DeserializeOwned + PartialEq>(one: &Json, other: &Json) -> bool {
        matches!((one.read::<T>(), other.read::<T>()), (Ok(one), Ok(other)) if one == other)
    }
    match kind {
        Kind::Decimal => equal::<crate::Decimal>(sent, stored),
        Kind::DateTime => equal::<crate::EcwidDateTime>(sent, stored),
        Kind::List(_) => {
            let sorted = |json: &Json| {
                let mut items: Vec<_> =
                    json.read::<Vec<Json>>().unwrap_or_default().iter().map(Json::to_string).collect();
                items.sort();
                items
            };
            sorted(sent) == sorted(stored)
        }
        // The store may write a code in other letters.
        Kind::Text if field == "code" => sent.to_string().to_lowercase() == stored.to_string().to_lowercase(),
        _ => equal::<serde_json::Value>(sent, stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ApplicationLimit, CouponStatus};

    fn differences(stored: Coupon) -> Vec<String> {
        let sent = NewCoupon::percent("Name", "CODE", "10.50".parse::<crate::Decimal>().unwrap())
            .launch_date("2024-06-06 08:00:00 +0400".parse::<crate::EcwidDateTime>().unwrap())
            .for_products([2, 1]);
        let mut found = Vec::new();
        differ("", Coupon::FIELDS, &members(&sent), &members(&stored), &mut found);
        found.into_iter().map(|it| it.field).collect()
    }

    fn stored() -> Coupon {
        serde_json::from_str(
            r#"{"id":1,"name":"Name","code":"code","discountType":"PERCENT","discount":10.5,"status":"ACTIVE","orderCount":0,
                "launchDate":"2024-06-06 04:00:00 +0000","catalogLimit":{"products":[1,2]},"applicationLimit":"UNLIMITED"}"#,
        )
        .unwrap()
    }

    #[test]
    fn the_same_content_is_the_same_however_it_is_written() {
        assert_eq!(differences(stored()), [""; 0]);
        let with_defaults = stored().status(CouponStatus::Paused).application_limit(ApplicationLimit::NewCustomerOnly);
        assert_eq!(differences(with_defaults), [""; 0], "what was not sent does not matter");
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(differences(stored().name("Other").discount(11)), ["discount", "name"]);
        let mut limited = stored();
        limited.catalog_limit = Some(crate::types::CatalogLimit::default().products(vec![1]));
        assert_eq!(differences(limited.clone()), ["catalogLimit.products"]);
        limited.catalog_limit = None;
        limited.launch_date = None;
        assert_eq!(differences(limited), ["catalogLimit.products", "launchDate"]);
    }
}
