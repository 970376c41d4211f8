//! Writes `_new_coupon.py`: the class of coupons to create.

use std::fmt::Write as _;

use super::{
    calls::new_arguments,
    classes::{is_required, object, used_enums},
    deprecated,
    docstring::description,
};
use crate::generate::document::{Document, ObjectType};

/// The fields that have parameters of their own in the constructors `percent`, `absolute` and `free_shipping`.
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
    let tail = "        extra: Mapping[str, Any] | None = None,\n    ) -> None:";
    let (head, mut overloads) = ("def __init__(\n        self,\n        *,\n", String::new());
    if deprecated::is_any(&arguments) {
        overloads = deprecated::overloads(head, &arguments, &format!("{tail} ..."), None) + "\n";
    }
    let warnings = deprecated::warnings("NewCoupon", None, &arguments);
    let import = deprecated::import(&format!("{overloads}{warnings}"));
    let overload = if overloads.is_empty() { "" } else { ", overload" };
    let arguments = deprecated::lines(&arguments);
    let is_named = |name: &String| arguments.contains(&format!(": {name} "));
    let mut enums: Vec<_> = used_enums(document, models).iter().map(|it| format!("{}Value", it.name)).collect();
    enums.retain(is_named);
    let mut models: Vec<_> = models.iter().map(|it| it.name.clone()).collect();
    models.retain(is_named);
    models.sort();
    let (enums, models) = (enums.join(", "), models.join(", "));
    let collections = if arguments.contains("Sequence[") { "Mapping, Sequence" } else { "Mapping" };
    Ok(format!(
        r#""""The coupon to create."""

from __future__ import annotations

from collections.abc import {collections}
from typing import Any, Self, TypedDict, Unpack{overload}

from ._arguments import check_type
{import}from ._enums import {enums}
from ._models import {models}
from ._types import Amount, Instant

__all__ = ["NewCoupon", "NewCouponFields", "fields_of"]


class NewCouponFields(TypedDict, total=False):
    """The optional fields of the constructors of `NewCoupon`."""

{others}    extra: Mapping[str, Any] | None


class NewCoupon(dict[str, Any]):
    """A coupon to create, for `create`, `create_or_get` and the rows of `create_many`.

    It is a dict of the fields that are set.

    Args:
{docs}        extra: Extra fields, which this version does not know, by their names in the API.

    Examples:
        >>> ten = NewCoupon.percent("10% OFF", "TEN", 10, uses_limit="SINGLE")
        >>> ten["discount_type"], ten["uses_limit"]
        ('PERCENT', 'SINGLE')
        >>> ten == NewCoupon(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10, uses_limit="SINGLE")
        True
    """
{overloads}
    {head}{arguments}{tail}
        """Makes a coupon without sending a request."""
{warnings}        values: dict[str, Any] = {{
{values}            "extra": extra,
        }}
        super().__init__((name, value) for name, value in values.items() if value is not None)

    @classmethod
    def percent(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon with a percentage off the subtotal.

        Examples:
            >>> coupons.create(NewCoupon.percent("10% OFF", "TEN", 10)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="PERCENT", discount=discount, **fields)

    @classmethod
    def absolute(cls, name: str, code: str, discount: Amount, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon with a fixed amount off the subtotal, in the store's currency.

        Examples:
            >>> coupons.create(NewCoupon.absolute("5 off", "FIVE", "5.00", total_limit=50)).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="ABS", discount=discount, **fields)

    @classmethod
    def free_shipping(cls, name: str, code: str, **fields: Unpack[NewCouponFields]) -> Self:
        """Makes a coupon with free shipping.

        Examples:
            >>> coupons.create(NewCoupon.free_shipping("Free shipping", "SHIP")).outcome
            'created'
        """
        return cls(name=name, code=code, discount_type="SHIPPING", **fields)


def fields_of(coupon: NewCoupon | None, values: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields of a coupon to create, given as a `NewCoupon` or as arguments.

    Raises:
        TypeError: `coupon` is not a `NewCoupon`, or both forms are given.
    """
    if coupon is None:
        return values
    check_type("coupon", coupon, NewCoupon, "a NewCoupon")
    for name, value in values.items():
        if value is not None:
            raise TypeError(f"unexpected argument with a NewCoupon: `{{name}}`; hint: set it on the NewCoupon")
    return coupon
"#
    ))
}
