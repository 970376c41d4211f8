//! `/_sandbox/orders`: places an order, with a coupon or without.

use bytes::Bytes;

use crate::{
    app::App,
    checkout::{self, PlacedOrder},
    http::{parameters, problem::Problem},
};

pub(crate) async fn place(app: &App, body: &Bytes) -> Result<PlacedOrder, Problem> {
    let order: checkout::Order = parameters::body(body)?;
    let store_id = order.store_id.unwrap_or(app.first_store);
    if !app.access.has_store(store_id) {
        return Err(Problem::store_not_found(store_id));
    }
    checkout::place(&app.store(store_id, None), order).await
}
