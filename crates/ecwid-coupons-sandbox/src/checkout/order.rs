//! [`Order`] and [`PlacedOrder`]: what is bought, and what it costs.

use ecwid_coupons::{Decimal, rust_decimal, types::Coupon};
use serde::{Deserialize, Serialize};

use super::{Reason, rules::Discount};
use crate::http::problem::Problem;

/// The most of a price or a shipping rate, so that no sum is too large to be exact.
const MOST: i64 = 1_000_000_000;

/// The most decimal places of a price or a shipping rate, for the same reason.
const PLACES: u32 = 6;

/// The most items of an order, and the most of a quantity.
const MOST_ITEMS: usize = 1000;
const MOST_OF_AN_ITEM: u32 = 1_000_000;

/// An order to place. Amounts are in the currency of the store, of six decimal places and a billion at most.
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
    /// The store that it is placed in; the first one unless set.
    pub store_id: Option<i64>,
    /// The code that the customer gives, in any letter case.
    pub coupon_code: Option<String>,
    /// The customer's e-mail address, by which a customer is known.
    pub email: Option<String>,
    /// What is bought.
    pub items: Vec<OrderItem>,
    /// How it is shipped; nothing when nothing is.
    pub shipping_option: Option<ShippingOption>,
}

/// What is bought of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct OrderItem {
    /// The product's id.
    pub product_id: i64,
    /// The categories that the product is in; 0 is the store's front page.
    #[serde(default)]
    pub category_ids: Vec<i64>,
    /// The price of one, without tax.
    pub price: Decimal,
    /// How many: 1 unless set.
    #[serde(default = "one")]
    pub quantity: u32,
}

/// How an order is shipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ShippingOption {
    /// The shipping method's id.
    pub shipping_method_id: String,
    /// What it costs without a coupon.
    pub shipping_rate: Decimal,
}

fn one() -> u32 {
    1
}

impl Order {
    /// An order of these items.
    pub fn new(items: impl IntoIterator<Item = OrderItem>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    /// The code that the customer gives.
    #[must_use]
    pub fn coupon_code(mut self, code: impl Into<String>) -> Self {
        self.coupon_code = Some(code.into());
        self
    }

    /// The customer's e-mail address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// The shipping method's id, and what it costs.
    #[must_use]
    pub fn shipping(mut self, method_id: impl Into<String>, rate: impl Into<Decimal>) -> Self {
        self.shipping_option =
            Some(ShippingOption { shipping_method_id: method_id.into(), shipping_rate: rate.into() });
        self
    }

    /// The store that it is placed in.
    #[must_use]
    pub fn store_id(mut self, store_id: i64) -> Self {
        self.store_id = Some(store_id);
        self
    }
}

impl OrderItem {
    /// One of a product.
    pub fn new(product_id: i64, price: impl Into<Decimal>) -> Self {
        Self { product_id, category_ids: Vec::new(), price: price.into(), quantity: 1 }
    }

    /// So many of it.
    #[must_use]
    pub fn quantity(mut self, quantity: u32) -> Self {
        self.quantity = quantity;
        self
    }

    /// The categories that it is in.
    #[must_use]
    pub fn category_ids(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.category_ids = ids.into_iter().collect();
        self
    }
}

/// An order that was placed. Amounts are in the currency of the store; what is taken off is rounded to cents.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlacedOrder {
    /// The order's number.
    pub order_number: i64,
    /// The store that it was placed in.
    pub store_id: i64,
    /// What the items cost together, without shipping and before the coupon.
    pub subtotal: Decimal,
    /// What the coupon takes off the items.
    pub coupon_discount: Decimal,
    /// What the coupon takes off the shipping.
    pub shipping_discount: Decimal,
    /// What the shipping costs then.
    pub shipping_rate: Decimal,
    /// What is to be paid.
    pub total: Decimal,
    /// The coupon that applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_coupon: Option<AppliedCoupon>,
    /// Why the coupon did not apply, when a code was given and it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The same, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
    /// What the coupon takes off each item, in the order of the items.
    pub items: Vec<PlacedItem>,
}

/// The coupon that applied to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppliedCoupon {
    /// Its id.
    pub id: i64,
    /// Its code, as the store writes it.
    pub code: String,
}

/// An item of an order that was placed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlacedItem {
    /// The product's id.
    pub product_id: i64,
    /// Whether the coupon covers it.
    pub coupon_applied: bool,
    /// What the coupon takes off it, all of its quantity together.
    pub coupon_amount: Decimal,
}

/// An order in exact numbers.
pub(super) struct Cart {
    pub(super) lines: Vec<Line>,
    pub(super) shipping: Option<Shipping>,
}

/// All of one item.
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
    /// Refuses what cannot be bought.
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

    /// What the items cost, without shipping.
    pub(super) fn subtotal(&self) -> rust_decimal::Decimal {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// The order with what a coupon takes off, or why it takes nothing off.
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
