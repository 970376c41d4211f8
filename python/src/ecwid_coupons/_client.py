"""The client that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from ._calls import Calls
from ._enums import CouponField
from ._models import Coupon, DeleteResult
from ._native import NativeClient, Withdrawal

__all__ = ["Client"]


class Client(Calls):
    """The discount coupons of one store.

    Every call waits for its answer, with the GIL released; Ctrl-C ends the wait at once. A failed read, update or
    delete is sent again, with growing waits; a create only when that can make no second coupon. At most 600 requests
    are sent in any 60 seconds, which is the store's limit for a token.

    It can be shared by threads, and used after a fork. It does not pickle, since it holds a token: make one where it is
    used, with `from_env`.

    Args:
        store_id: The store's id.
        token: The access token of an app of the store.
        base_url: The address that the store's paths are below; the vendor's unless set.
        timeout: How long one attempt may take, in seconds; 60 unless set.
        deadline: How long a whole call may take, with its attempts and the waits between them, in seconds; 180 unless
            set. A page of a search is a call.
        max_attempts: How often a request is sent at most; 4 times unless set.
        requests_per_minute: How many requests are sent in any 60 seconds at most; 600 unless set. Give several programs
            with the same token a share each.
        max_body_size: The most bytes of an answer that are read, after unpacking; 32 MiB unless set.

    Raises:
        ConfigurationError: A setting is not valid. The token is never in the error.
    """

    def __init__(
        self,
        store_id: int,
        token: str,
        *,
        base_url: str | None = None,
        timeout: float | timedelta | None = None,
        deadline: float | timedelta | None = None,
        max_attempts: int | None = None,
        requests_per_minute: int | None = None,
        max_body_size: int | None = None,
    ) -> None:
        """Makes a client; nothing is sent."""
        self._native = NativeClient(
            store_id,
            token,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            max_attempts=max_attempts,
            requests_per_minute=requests_per_minute,
            max_body_size=max_body_size,
        )

    @classmethod
    def from_env(
        cls,
        *,
        timeout: float | timedelta | None = None,
        deadline: float | timedelta | None = None,
        max_attempts: int | None = None,
        requests_per_minute: int | None = None,
        max_body_size: int | None = None,
    ) -> Self:
        """A client of the store ``ECWID_STORE_ID`` with the token ``ECWID_TOKEN``.

        It is at ``ECWID_BASE_URL`` where that is set.

        Raises:
            ConfigurationError: A variable is missing or not valid; the error names it.
        """
        client = cls.__new__(cls)
        client._native = NativeClient.from_env(
            timeout=timeout,
            deadline=deadline,
            max_attempts=max_attempts,
            requests_per_minute=requests_per_minute,
            max_body_size=max_body_size,
        )
        return client

    @property
    def store_id(self) -> int:
        """The store's id."""
        return self._native.store_id

    def get(self, coupon: Coupon | int | str, *, fields: Sequence[CouponField] | None = None) -> Coupon:
        """Gets a coupon.

        Args:
            coupon: The coupon's id, its code, or the coupon itself. A code of digits alone is taken for an id first.
            fields: The fields to answer, by name; all of them when left out.

        Raises:
            NotFoundError: There is no such coupon.
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> coupons.get("TEN").discount
            Decimal('10')
            >>> coupons.get("TEN", fields=["code", "catalog_limit.products"])
            Coupon(code='TEN')
        """
        result: Coupon = self._native.get(coupon, fields, True)
        return result

    def delete(self, coupon: Coupon | int | str) -> DeleteResult:
        """Deletes a coupon.

        Args:
            coupon: The coupon's id, its code, or the coupon itself. A code of digits alone is taken for an id first.

        Returns:
            How many were deleted: 0 when there was no such coupon.

        Raises:
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount=10)
            >>> coupons.delete("TEN").delete_count, coupons.delete("TEN").delete_count
            (1, 0)
        """
        result: DeleteResult = self._native.delete(coupon, True)
        return result

    def withdraw_if_unused(self, coupon: Coupon | int | str) -> Withdrawal:
        """Deletes a coupon that no order has used, and whose status is ACTIVE or PAUSED; leaves any other alone.

        The API has no delete with a condition, so this is a look and then a delete. An order that is placed between the
        two uses the coupon and does not save it.

        Raises:
            EcwidError: As every call can fail.

        Example:
            >>> _ = coupons.create(name="For order 1017", code="THANKS-1017", discount=5)
            >>> coupons.withdraw_if_unused("THANKS-1017").outcome
            'withdrawn'
            >>> coupons.withdraw_if_unused("THANKS-1017").outcome
            'not_there'
        """
        result: Withdrawal = self._native.withdraw_if_unused(coupon, True)
        return result

    def close(self) -> None:
        """Lets go of the connections. A call after that is a `RuntimeError`."""
        self._native.close()

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None:
        """Closes the client."""
        self.close()

    def __repr__(self) -> str:
        """What it is of; without the token."""
        name = type(self).__name__
        if self._native.is_closed:
            return f"<{name}, closed>"
        return f"{name}(store_id={self.store_id}, base_url={self._native.base_url!r})"

    def __reduce__(self) -> str:
        """Refuses to be pickled, since a pickle would hold the token."""
        message = "a client is not pickled, since it holds a token; make one where it is used, with Client.from_env()"
        raise TypeError(message)
