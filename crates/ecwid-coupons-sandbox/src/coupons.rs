//! The five operations on coupons.

use bytes::Bytes;
use chrono::Utc;
use ecwid_coupons::{
    Json, ResponseFields,
    types::{Coupon, CouponPage, CouponStatus, CreatedCoupon, DeleteResult, DiscountType, UpdateResult},
};
use serde::Serialize;

use crate::{
    fidelity::Rule,
    parameters::Query,
    problem::Problem,
    response_fields::select,
    rules,
    store::{Filter, Store},
};

/// The most coupons of a page, and how many there are unless the request says.
const LIMIT: i64 = 100;

pub(crate) async fn search(store: &Store, query: &Query) -> Result<Json, Problem> {
    let fields = response_fields(query)?;
    let filter = Filter {
        code: query.text("code").map(str::to_owned),
        discount_types: query
            .list("discount_type", &DiscountType::KNOWN.iter().map(DiscountType::as_str).collect::<Vec<_>>())?,
        statuses: query
            .list("availability", &CouponStatus::KNOWN.iter().map(CouponStatus::as_str).collect::<Vec<_>>())?,
        created_from: query.time("createdFrom")?,
        created_to: query.time("createdTo")?,
        updated_from: query.time("updatedFrom")?,
        updated_to: query.time("updatedTo")?,
        offset: query.number("offset")?.unwrap_or(0),
        limit: limit(query)?,
    };
    let (offset, limit, now) = (filter.offset, filter.limit, Utc::now());
    let (total, mut coupons) = store.read(move |coupons| coupons.search(filter, now)).await?;
    coupons.iter_mut().for_each(|coupon| rules::status_now(coupon, now));
    let page = CouponPage::default()
        .total(total)
        .count(i64::try_from(coupons.len()).map_err(Problem::internal)?)
        .offset(offset)
        .limit(limit)
        .items(coupons);
    answer(&page, fields)
}

pub(crate) async fn get(store: &Store, coupon: String, query: &Query) -> Result<Json, Problem> {
    let fields = response_fields(query)?;
    let found = store.read(move |coupons| coupons.find(&coupon)).await?;
    let mut coupon = found.ok_or_else(Problem::coupon_not_found)?;
    rules::status_now(&mut coupon, Utc::now());
    answer(&coupon, fields)
}

pub(crate) async fn create(store: &Store, body: &Bytes) -> Result<Json, Problem> {
    let coupon = rules::create(body, Utc::now())?;
    let code = coupon.code.clone().unwrap_or_default();
    let id = store.write(move |coupons| coupons.insert(&coupon)).await?;
    answer(&CreatedCoupon::default().id(id).code(code), None)
}

pub(crate) async fn update(store: &Store, coupon: String, body: Bytes) -> Result<Json, Problem> {
    let change = move |old: &Coupon| rules::update(&body, old, Utc::now());
    let updated = store.write(move |coupons| {
        let old = coupons.find(&coupon)?.ok_or_else(Problem::coupon_not_found)?;
        let Some(new) = change(&old)? else {
            Rule::EmptyUpdatesChangeNothing.trace();
            return Ok(0);
        };
        coupons.replace(old.id.unwrap_or_default(), &new)?;
        Ok(1)
    });
    answer(&UpdateResult::default().update_count(updated.await?), None)
}

pub(crate) async fn delete(store: &Store, coupon: String) -> Result<Json, Problem> {
    let deleted = store.write(move |coupons| {
        let Some(found) = coupons.find(&coupon)? else {
            Rule::DeletingNothingSucceeds.trace();
            return Ok(0);
        };
        coupons.delete(found.id.unwrap_or_default())?;
        Ok(1)
    });
    answer(&DeleteResult::default().delete_count(deleted.await?), None)
}

fn answer<T: Serialize>(value: &T, fields: Option<ResponseFields>) -> Result<Json, Problem> {
    let json = Json::from_value(value)?;
    Ok(match fields {
        Some(fields) => {
            Rule::ResponseFieldsSelect.trace();
            select(&json, &fields)?
        }
        None => json,
    })
}

/// The most coupons that the page is to have.
fn limit(query: &Query) -> Result<i64, Problem> {
    let limit = query.number("limit")?.unwrap_or(LIMIT);
    if limit > LIMIT {
        Rule::LimitIsAtMost100.trace();
    }
    Ok(limit.min(LIMIT))
}

/// The fields that the answer is to have; nothing for all of them.
fn response_fields(query: &Query) -> Result<Option<ResponseFields>, Problem> {
    let parse = |text: &str| {
        let expected = "names separated by commas, such as id,name or items(id,name)";
        text.parse().map_err(|_| Problem::wrong_value("responseFields", text, expected))
    };
    query.text("responseFields").filter(|text| !text.trim().is_empty()).map(parse).transpose()
}
