//! The five operations on coupons.

use bytes::Bytes;
use ecwid_coupons::{
    ResponseFields,
    types::{Coupon, CouponPage, CouponStatus, CreatedCoupon, DeleteResult, DiscountType, UpdateResult},
};

use crate::{
    api::store_context::StoreContext,
    coupon_rules,
    http::{
        parameters::Query,
        problem::Problem,
        response::{JsonResponse, JsonResult},
    },
    rule::Rule,
    store::{Filter, Found},
    webhooks::EventType,
};

/// The maximum and the default number of coupons on a page.
const LIMIT: i64 = 100;

pub(crate) async fn search(store: &StoreContext, query: &Query) -> JsonResult {
    let fields = response_fields(query)?;
    let limit = query.number("limit")?.unwrap_or(LIMIT);
    if limit > LIMIT {
        Rule::LimitIsAtMost100.trace();
    }
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
        limit: limit.min(LIMIT),
    };
    let (offset, limit, now) = (filter.offset, filter.limit, store.now());
    let Found { total, count, items } =
        store.database.read(move |transaction| transaction.search(&filter, now)).await?;
    let page = CouponPage::default()
        .with_total(total)
        .with_count(count)
        .with_offset(offset)
        .with_limit(limit)
        .with_items(Vec::new());
    let page = serde_json::to_string(&page)?;
    // Coupons are stored as the JSON of a response, so they are copied into the page as text.
    let (before, after) = page.split_once("[]").ok_or_else(|| Problem::internal("a page has no list"))?;
    JsonResponse([before.as_bytes(), b"[", &items, b"]", after.as_bytes()].concat()).selected(fields.as_ref())
}

pub(crate) async fn get(store: &StoreContext, coupon: String, query: &Query) -> JsonResult {
    let (fields, now) = (response_fields(query)?, store.now());
    let found = store.database.read(move |transaction| transaction.find_json(&coupon, now)).await?;
    JsonResponse(found.ok_or_else(Problem::coupon_not_found)?).selected(fields.as_ref())
}

pub(crate) async fn create(store: &StoreContext, body: &Bytes) -> JsonResult {
    let coupon = coupon_rules::create(body, store.now())?;
    let code = coupon.code.clone().unwrap_or_default();
    let id = store.database.write(move |transaction| transaction.insert(coupon)).await?;
    store.notify(EventType::Created, id);
    JsonResponse::new(&CreatedCoupon::default().with_id(id).with_code(code))
}

pub(crate) async fn update(store: &StoreContext, coupon: String, body: Bytes) -> JsonResult {
    let clock = store.clock.clone();
    let change = move |old: &Coupon| coupon_rules::update(&body, old, clock.now());
    let updated = store.database.write(move |transaction| {
        let old = transaction.find(&coupon)?.ok_or_else(Problem::coupon_not_found)?;
        let Some(new) = change(&old)? else {
            Rule::EmptyUpdatesChangeNothing.trace();
            return Ok(None);
        };
        let id = old.id.unwrap_or_default();
        transaction.replace(id, new)?;
        Ok(Some(id))
    });
    let updated = updated.await?;
    updated.inspect(|id| store.notify(EventType::Updated, *id));
    JsonResponse::new(&UpdateResult::default().with_update_count(i64::from(updated.is_some())))
}

pub(crate) async fn delete(store: &StoreContext, coupon: String) -> JsonResult {
    let clock = store.clock.clone();
    let deleted = store.database.write(move |transaction| {
        let Some(found) = transaction.find(&coupon)? else {
            Rule::DeletingNothingSucceeds.trace();
            return Ok(None);
        };
        let id = found.id.unwrap_or_default();
        transaction.delete(id, clock.now())?;
        Ok(Some(id))
    });
    let deleted = deleted.await?;
    deleted.inspect(|id| store.notify(EventType::Deleted, *id));
    JsonResponse::new(&DeleteResult::default().with_delete_count(i64::from(deleted.is_some())))
}

/// Returns the fields to respond with, or `None` for all fields.
fn response_fields(query: &Query) -> Result<Option<ResponseFields>, Problem> {
    let parse = |text: &str| {
        let expected = "names separated by commas, such as id,name or items(id,name)";
        text.parse().map_err(|_| Problem::wrong_value("responseFields", text, expected))
    };
    query.text("responseFields").filter(|text| !text.trim().is_empty()).map(parse).transpose()
}
