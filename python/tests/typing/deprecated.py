"""What type checkers mark as deprecated. mypy reports a comment on a line that it does not mark."""

# mypy: enable-error-code="deprecated"

from ecwid_coupons import AsyncClient, Client, Coupon, NewCoupon


def marked(coupons: Client, coupon: Coupon) -> None:
    _ = coupon.repeat_customer_only  # type: ignore[deprecated]
    Coupon(repeat_customer_only=True)  # type: ignore[deprecated]
    NewCoupon(name="Ten", code="TEN", repeat_customer_only=True)  # type: ignore[deprecated]
    coupons.create(name="Ten", code="TEN", repeat_customer_only=True)  # type: ignore[deprecated]
    coupons.create_or_get(name="Ten", code="TEN", repeat_customer_only=True)  # type: ignore[deprecated]
    coupons.issue("A-[*]", job="a.job", count=1, name="Ten", repeat_customer_only=True)  # type: ignore[deprecated]
    coupons.update("TEN", repeat_customer_only=None)  # type: ignore[deprecated]


def not_marked(coupons: Client, coupon: Coupon) -> None:
    _ = coupon.application_limit
    Coupon(application_limit="UNLIMITED")
    NewCoupon(name="Ten", code="TEN", application_limit="UNLIMITED")
    coupons.create(name="Ten", code="TEN", application_limit="UNLIMITED")
    coupons.create(NewCoupon(name="Ten", code="TEN"))
    coupons.issue("A-[*]", job="a.job", count=1, name="Ten", application_limit="UNLIMITED")
    coupons.update("TEN", application_limit=None)
    coupons.search(code="TEN")


async def in_asyncio(coupons: AsyncClient) -> None:
    await coupons.update("TEN", repeat_customer_only=True)  # type: ignore[deprecated]
    await coupons.update("TEN", application_limit="UNLIMITED")
