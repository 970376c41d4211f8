//! `_new_coupon.py`: a coupon to create, as a value.

use std::fmt::Write as _;

use super::{
    calls::new_arguments,
    classes::{is_required, object, used_enums},
    docstring::description,
};
use crate::generate::document::{Document, ObjectType};

/// The fields that the constructors of a kind of coupon take by themselves.
const NAMED: [&str; 4] = ["name", "code", "discount_type", "discount"];

pub(super) fn write(document: &Document, models: &[&ObjectType]) -> anyhow::Result<String> {
    let new = object(document, "NewCoupon")?;
    let (mut others, mut values, mut docs) = (String::new(), String::new(), String::new());
    for member in &new.members {
        let field = &member.field;
        if !NAMED.contains(&field.as_str()) {
            let _ = writeln!(others, "    {field}: {} | None", member.field_type.python_input());
        }
        let _ = writeln!(values, "            {field:?}: {field},");
        let _ = writeln!(docs, "        {field}: {}", description(member));
    }
    let arguments = new_arguments(&new.members, is_required);
    let is_named = |name: &String| arguments.contains(&format!(": {name} "));
    let mut enums: Vec<_> = used_enums(document, models).iter().map(|it| format!("{}Value", it.name)).collect();
    enums.retain(is_named);
    let mut models: Vec<_> = models.iter().map(|it| it.name.clone()).collect();
    models.retain(is_named);
    models.sort();
    let (enums, models) = (enums.join(", "), models.join(", "));
    let collections = if arguments.contains("Sequence[") { "Mapping, Sequence" } else { "Mapping" };
    Ok(format!(
        r#""""A coupon to create, as a value."""

from __future__ import annotations

from collections.abc import {collections}
from typing import Any, Self, TypedDict, Unpack

from ._arguments import check_type
from ._enums import {enums}
from ._models import {models}
from ._types import Amount, Instant

__all__ = ["NewCoupon", "NewCouponFields", "fields_of"]


class NewCouponFields(TypedDict, total=False):
    """The fields of a `NewCoupon` that are not in the name of its constructor."""

{others}    extra: Mapping[str, Any] | None


class NewCoupon(dict[str, Any]):
    """A coupon to create: for `create` and `create_or_get`, and a row of `create_many`.

    It is a dict of the fields that are set.

    Args:
{docs}        extra: Fields that this version does not know, by their names in the API.

    Example:
        >>> ten = NewCoupon.percent("10% OFF", "TEN", 10, uses_limit="SINGLE")
        >>> ten["discount_type"], ten["uses_limit"]
        ('PERCENT', 'SINGLE')
        >>> ten == NewCoupon(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10, uses_limit="SINGLE")
        True
    """

    def __init__(
        self,
        *,
{arguments}        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Makes one; nothing is sent."""
        values: dict[str, Any] = {{
{values}            "extra": extra,
        }}
        super().__init__((name, value) for name, value in values.items() if value is not None)

    @classmethod
    def percent(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon that takes a percentage off the subtotal.

        Example:
            >>> coupons.create(NewCoupon.percent("10% OFF", "TEN", 10)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="PERCENT", discount=discount, **fields)

    @classmethod
    def absolute(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon that takes an amount of the store's currency off the subtotal.

        Example:
            >>> coupons.create(NewCoupon.absolute("5 off", "FIVE", "5.00", total_limit=50)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="ABS", discount=discount, **fields)

    @classmethod
    def free_shipping(cls, name: str, code: str, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon for free shipping.

        Example:
            >>> coupons.create(NewCoupon.free_shipping("Free shipping", "SHIP")).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="SHIPPING", **fields)


def fields_of(coupon: NewCoupon | None, values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a coupon to create, which are given as a whole or one by one.

    Raises:
        TypeError: It is no `NewCoupon`, or both are given.
    """
    if coupon is None:
        return values
    check_type("coupon", coupon, NewCoupon, "a NewCoupon")
    for name, value in values.items():
        if value is not None:
            raise TypeError(f"{{name}}: it is given besides a NewCoupon; give it to the NewCoupon")
    return coupon
"#
    ))
}
