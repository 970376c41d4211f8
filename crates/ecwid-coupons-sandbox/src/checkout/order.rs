//! [`Order`] and [`PlacedOrder`].

use ecwid_coupons::{Decimal, rust_decimal, types::Coupon};
use serde::{Deserialize, Serialize};

use super::{Reason, rules::Discount};
use crate::http::problem::Problem;

/// The largest price or shipping rate. With this limit, all sums are exact.
const MOST: i64 = 1_000_000_000;

/// The maximum number of decimal places of a price or a shipping rate. With this limit, all sums are exact.
const PLACES: u32 = 6;

/// The maximum number of items in an order, and the largest quantity of an item.
const MOST_ITEMS: usize = 1000;
const MOST_OF_AN_ITEM: u32 = 1_000_000;

/// An order to place. Amounts are in the currency of the store, at most 1,000,000,000 with at most six decimal places.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons::types::NewCoupon;
/// # use ecwid_coupons_sandbox::{Sandbox, checkout::{Order, OrderItem, Reason}};
/// # let sandbox = Sandbox::start().await?;
/// sandbox.client()?.create(&NewCoupon::absolute("5 off toys", "TOYS", 5).for_categories([7])).await?;
/// let toy = OrderItem::new(1, 20).category_ids([7]).quantity(2);
/// let placed = sandbox.place_order(Order::new([toy]).shipping("post", 4).coupon_code("toys")).await?;
/// assert_eq!((placed.subtotal, placed.coupon_discount, placed.total), (40.into(), 5.into(), 39.into()));
///
/// let placed = sandbox.place_order(Order::new([OrderItem::new(2, 20)]).coupon_code("toys")).await?;
/// assert_eq!(placed.reason, Some(Reason::NoMatchingItems));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Order {
    /// The store of the order. Defaults to the first store.
    pub store_id: Option<i64>,
    /// The coupon code, in any letter case.
    pub coupon_code: Option<String>,
    /// The customer's email address. It identifies the customer.
    pub email: Option<String>,
    /// The items of the order.
    pub items: Vec<OrderItem>,
    /// The shipping method and its rate. Defaults to no shipping.
    pub shipping_option: Option<ShippingOption>,
}

/// A quantity of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct OrderItem {
    /// The product's id.
    pub product_id: i64,
    /// The categories of the product. The id 0 is the front page of the store.
    #[serde(default)]
    pub category_ids: Vec<i64>,
    /// The price of one piece, without tax.
    pub price: Decimal,
    /// The number of pieces. Defaults to 1.
    #[serde(default = "one")]
    pub quantity: u32,
}

/// A shipping method and its rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ShippingOption {
    /// The id of the shipping method.
    pub shipping_method_id: String,
    /// The rate before the coupon.
    pub shipping_rate: Decimal,
}

fn one() -> u32 {
    1
}

impl Order {
    /// Creates an order with these items.
    pub fn new(items: impl IntoIterator<Item = OrderItem>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    /// Sets the coupon code.
    #[must_use]
    pub fn coupon_code(mut self, code: impl Into<String>) -> Self {
        self.coupon_code = Some(code.into());
        self
    }

    /// Sets the customer's email address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets the id and the rate of the shipping method.
    #[must_use]
    pub fn shipping(mut self, method_id: impl Into<String>, rate: impl Into<Decimal>) -> Self {
        self.shipping_option =
            Some(ShippingOption { shipping_method_id: method_id.into(), shipping_rate: rate.into() });
        self
    }

    /// Sets the store of the order.
    #[must_use]
    pub fn store_id(mut self, store_id: i64) -> Self {
        self.store_id = Some(store_id);
        self
    }
}

impl OrderItem {
    /// Creates an item with a quantity of 1.
    pub fn new(product_id: i64, price: impl Into<Decimal>) -> Self {
        Self { product_id, category_ids: Vec::new(), price: price.into(), quantity: 1 }
    }

    /// Sets the number of pieces.
    #[must_use]
    pub fn quantity(mut self, quantity: u32) -> Self {
        self.quantity = quantity;
        self
    }

    /// Sets the categories of the product.
    #[must_use]
    pub fn category_ids(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.category_ids = ids.into_iter().collect();
        self
    }
}

/// A placed order. Amounts are in the currency of the store. Discounts are rounded to cents.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlacedOrder {
    /// The number of the order.
    pub order_number: i64,
    /// The store of the order.
    pub store_id: i64,
    /// The price of all items, without shipping and before the coupon.
    pub subtotal: Decimal,
    /// The discount on the items.
    pub coupon_discount: Decimal,
    /// The discount on the shipping.
    pub shipping_discount: Decimal,
    /// The shipping rate after the discount.
    pub shipping_rate: Decimal,
    /// The amount to pay.
    pub total: Decimal,
    /// The coupon that was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_coupon: Option<AppliedCoupon>,
    /// Why the coupon was not applied. `None` if it was, or if the order has no code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
    /// The discount on each item, in the order of the items.
    pub items: Vec<PlacedItem>,
}

/// The coupon that was applied to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppliedCoupon {
    /// The id of the coupon.
    pub id: i64,
    /// The code of the coupon, in the letter case of the store.
    pub code: String,
}

/// An item of a placed order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlacedItem {
    /// The product's id.
    pub product_id: i64,
    /// Whether the coupon covers the item.
    pub coupon_applied: bool,
    /// The discount on all pieces of the item together.
    pub coupon_amount: Decimal,
}

/// The items and the shipping of an order, with checked amounts.
pub(super) struct Cart {
    pub(super) lines: Vec<Line>,
    pub(super) shipping: Option<Shipping>,
}

/// An item with the price of all its pieces.
pub(super) struct Line {
    pub(super) product_id: i64,
    pub(super) category_ids: Vec<i64>,
    pub(super) amount: rust_decimal::Decimal,
}

pub(super) struct Shipping {
    pub(super) method_id: String,
    pub(super) rate: rust_decimal::Decimal,
}

impl Cart {
    /// Checks an order.
    pub(super) fn of(order: &Order) -> Result<Self, Problem> {
        if order.items.is_empty() || order.items.len() > MOST_ITEMS {
            return Err(Problem::wrong_value("items", order.items.len(), &format!("from 1 to {MOST_ITEMS} items")));
        }
        let lines = order.items.iter().enumerate().map(|(index, item)| line(index, item)).collect::<Result<_, _>>()?;
        let shipping = order.shipping_option.as_ref().map(|option| {
            let rate = amount("shippingOption.shippingRate", &option.shipping_rate)?;
            Ok::<_, Problem>(Shipping { method_id: option.shipping_method_id.clone(), rate })
        });
        Ok(Self { lines, shipping: shipping.transpose()? })
    }

    /// Returns the price of all items, without shipping.
    pub(super) fn subtotal(&self) -> rust_decimal::Decimal {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// Returns the placed order: with the discount of its coupon, or with the reason why the coupon does not apply.
    pub(super) fn placed(
        &self,
        order_number: i64,
        store_id: i64,
        outcome: Option<Result<(Coupon, Discount), Reason>>,
    ) -> PlacedOrder {
        let reason = outcome.as_ref().and_then(|outcome| outcome.as_ref().err().copied());
        let (coupon, discount) = outcome.and_then(Result::ok).unzip();
        let discount = discount.unwrap_or_default();
        let item = |(index, line): (usize, &Line)| {
            let amount = discount.items.get(index).copied().flatten();
            PlacedItem {
                product_id: line.product_id,
                coupon_applied: amount.is_some(),
                coupon_amount: amount.unwrap_or_default().into(),
            }
        };
        let coupon_discount: rust_decimal::Decimal = discount.items.iter().flatten().sum();
        let shipping = self.shipping.as_ref().map(|shipping| shipping.rate).unwrap_or_default() - discount.shipping;
        PlacedOrder {
            order_number,
            store_id,
            subtotal: self.subtotal().into(),
            coupon_discount: coupon_discount.into(),
            shipping_discount: discount.shipping.into(),
            shipping_rate: shipping.into(),
            total: (self.subtotal() - coupon_discount + shipping).into(),
            discount_coupon: coupon.map(|coupon| AppliedCoupon {
                id: coupon.id.unwrap_or_default(),
                code: coupon.code.unwrap_or_default(),
            }),
            message: reason.map(Reason::message),
            reason,
            items: self.lines.iter().enumerate().map(item).collect(),
        }
    }
}

fn line(index: usize, item: &OrderItem) -> Result<Line, Problem> {
    let price = amount(&format!("items[{index}].price"), &item.price)?;
    if item.quantity == 0 || item.quantity > MOST_OF_AN_ITEM {
        let name = format!("items[{index}].quantity");
        return Err(Problem::wrong_value(&name, item.quantity, &format!("from 1 to {MOST_OF_AN_ITEM}")));
    }
    Ok(Line {
        product_id: item.product_id,
        category_ids: item.category_ids.clone(),
        amount: price * rust_decimal::Decimal::from(item.quantity),
    })
}

fn amount(name: &str, amount: &Decimal) -> Result<rust_decimal::Decimal, Problem> {
    let fits = |value: &rust_decimal::Decimal| {
        *value >= rust_decimal::Decimal::ZERO
            && *value <= rust_decimal::Decimal::from(MOST)
            && value.normalize().scale() <= PLACES
    };
    amount.value().filter(fits).ok_or_else(|| {
        Problem::wrong_value(name, amount, &format!("from 0 to {MOST} with at most {PLACES} decimal places"))
    })
}
