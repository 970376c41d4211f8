//! The five operations on coupons.

use bytes::Bytes;
use ecwid_coupons::{
    ResponseFields,
    types::{Coupon, CouponPage, CouponStatus, CreatedCoupon, DeleteResult, DiscountType, UpdateResult},
};

use crate::{
    api::store_context::Shop,
    coupon_rules,
    http::{parameters::Query, problem::Problem, response::Answer},
    rule::Rule,
    store::{Filter, Found},
    webhooks::EventType,
};

/// The most coupons of a page, and how many there are unless the request says.
const LIMIT: i64 = 100;

pub(crate) async fn search(shop: &Shop, query: &Query) -> Result<Answer, Problem> {
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
    let (offset, limit, now) = (filter.offset, filter.limit, shop.now());
    let Found { total, count, items } = shop.store.search(filter, now).await?;
    let page = CouponPage::default().total(total).count(count).offset(offset).limit(limit).items(Vec::new());
    let page = serde_json::to_string(&page)?;
    // Coupons stand in the store as the JSON that they are answered as.
    let (before, after) = page.split_once("[]").ok_or_else(|| Problem::internal("a page has no list"))?;
    Answer::of_json([before.as_bytes(), b"[", &items, b"]", after.as_bytes()].concat()).selected(fields.as_ref())
}

pub(crate) async fn get(shop: &Shop, coupon: String, query: &Query) -> Result<Answer, Problem> {
    let (fields, now) = (response_fields(query)?, shop.now());
    let found = shop.store.read(move |coupons| coupons.find_json(&coupon, now)).await?;
    Answer::of_json(found.ok_or_else(Problem::coupon_not_found)?).selected(fields.as_ref())
}

pub(crate) async fn create(shop: &Shop, body: &Bytes) -> Result<Answer, Problem> {
    let coupon = coupon_rules::create(body, shop.now())?;
    let code = coupon.code.clone().unwrap_or_default();
    let id = shop.store.write(move |coupons| coupons.insert(coupon)).await?;
    shop.tell(EventType::Created, id);
    Answer::of(&CreatedCoupon::default().id(id).code(code))
}

pub(crate) async fn update(shop: &Shop, coupon: String, body: Bytes) -> Result<Answer, Problem> {
    let clock = shop.clock.clone();
    let change = move |old: &Coupon| coupon_rules::update(&body, old, clock.now());
    let updated = shop.store.write(move |coupons| {
        let old = coupons.find(&coupon)?.ok_or_else(Problem::coupon_not_found)?;
        let Some(new) = change(&old)? else {
            Rule::EmptyUpdatesChangeNothing.trace();
            return Ok(None);
        };
        let id = old.id.unwrap_or_default();
        coupons.replace(id, new)?;
        Ok(Some(id))
    });
    let updated = updated.await?;
    updated.inspect(|id| shop.tell(EventType::Updated, *id));
    Answer::of(&UpdateResult::default().update_count(i64::from(updated.is_some())))
}

pub(crate) async fn delete(shop: &Shop, coupon: String) -> Result<Answer, Problem> {
    let clock = shop.clock.clone();
    let deleted = shop.store.write(move |coupons| {
        let Some(found) = coupons.find(&coupon)? else {
            Rule::DeletingNothingSucceeds.trace();
            return Ok(None);
        };
        let id = found.id.unwrap_or_default();
        coupons.delete(id, clock.now())?;
        Ok(Some(id))
    });
    let deleted = deleted.await?;
    deleted.inspect(|id| shop.tell(EventType::Deleted, *id));
    Answer::of(&DeleteResult::default().delete_count(i64::from(deleted.is_some())))
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
