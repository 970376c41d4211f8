//! The order section of the page.

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::{form::Form, view::View};
use crate::{
    app::App,
    checkout::PlacedOrder,
    http::{parameters, problem::Problem},
};

pub(super) fn show(view: &View) -> Markup {
    html! {
        section aria-labelledby="order" {
            h2 #order { "Order" }
            form method="post" action="/page/order" {
                (view.back_to())
                label { "Coupon code" input name="couponCode" placeholder="none" autocomplete="off"; }
                div.row {
                    label { "Price" input type="number" name="price" value="25" min="0" step="any" required; }
                    label { "Quantity" input type="number" name="quantity" value="1" min="1" required; }
                }
                details {
                    summary { "Customer, product and shipping" }
                    label { "Customer's email" input type="email" name="email" placeholder="none" autocomplete="off"; }
                    div.row {
                        label { "Product id" input type="number" name="productId" value="1" required; }
                        label { "Category ids" input name="categoryIds" placeholder="7, 8" autocomplete="off"; }
                        label { "Shipping method" input name="shippingMethodId" placeholder="none" autocomplete="off"; }
                        label { "Shipping rate" input type="number" name="shippingRate" min="0" step="any" placeholder="0"; }
                    }
                }
                button { "Place the order" }
            }
        }
    }
}

/// Places the order that a form describes, and returns a description of the result.
pub(super) async fn place(app: &App, view: &View, form: &Form) -> Result<Markup, Problem> {
    let order = order(view, form)?;
    let placed = app.place_order(parameters::body(&order.to_string().into())?).await?;
    Ok(told(form.text("couponCode"), &placed))
}

/// Returns the order that a form describes, as JSON for the control API.
fn order(view: &View, form: &Form) -> Result<Value, Problem> {
    let mut order = Map::from_iter([("storeId".to_owned(), json!(view.store_id))]);
    for name in ["couponCode", "email"] {
        if !form.text(name).is_empty() {
            order.insert(name.to_owned(), json!(form.text(name)));
        }
    }
    let item = json!({
        "productId": form.number("productId")?,
        "categoryIds": ids(form.text("categoryIds"))?,
        "price": form.number("price")?,
        "quantity": form.number("quantity")?,
    });
    order.insert("items".to_owned(), json!([item]));
    let method = form.text("shippingMethodId");
    let rate = form.number("shippingRate")?;
    if !method.is_empty() || !rate.is_null() {
        let rate = if rate.is_null() { json!(0) } else { rate };
        order.insert("shippingOption".to_owned(), json!({ "shippingMethodId": method, "shippingRate": rate }));
    }
    Ok(Value::Object(order))
}

/// Parses a comma-separated list of ids.
fn ids(text: &str) -> Result<Vec<i64>, Problem> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| part.parse().map_err(|_| Problem::wrong_value("categoryIds", part, "an integer"));
    parts.map(read).collect()
}

fn told(code: &str, placed: &PlacedOrder) -> Markup {
    let PlacedOrder { order_number, subtotal, coupon_discount, shipping_discount, shipping_rate, total, .. } = placed;
    html! {
        strong { "Order " (order_number) " was placed. The total is " (total) ". " }
        "Items: " (subtotal) ", discount " (coupon_discount) ". Shipping: " (shipping_rate) ", discount " (shipping_discount) ". "
        @match (&placed.discount_coupon, placed.reason) {
            (Some(coupon), _) => { "The coupon " code { (coupon.code) } " was applied." }
            (None, Some(reason)) => {
                "The coupon " code { (code) } " was not applied (" code { (reason.as_str()) } "): " (reason.message()) "."
            }
            (None, None) => { "The order has no coupon." }
        }
    }
}
