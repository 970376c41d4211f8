"""The sandbox."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from ecwid_coupons._arguments import check_type, shown
from ecwid_coupons._async_client import AsyncClient
from ecwid_coupons._client import Client
from ecwid_coupons._models import Coupon
from ecwid_coupons._settings import ClientSettings
from ecwid_coupons._types import Instant

from . import _wire
from ._clock import Clock
from ._command import find_command
from ._control import Control
from ._dump import files_of, replacing
from ._faults import EFFECTS, Effect, Fault, FaultReport
from ._limits import Limits
from ._orders import OrderItem, PlacedOrder, Shipping
from ._process import Process
from ._recorded_requests import RecordedRequest
from ._webhooks import Delivery

Item = TypeVar("Item")

# What a client keeps to for a store that has no limit: the largest that it takes.
_UNLIMITED = 2**32 - 1


class Sandbox:
    """A store in a box on this machine: the command ``ecwid-coupons sandbox``, on a port that is free.

    It takes requests when it is made, and ends with `stop`, with the ``with`` block, or with this process, however that
    ends. It can be used by threads; a child of a fork leaves it to its parent.

    Args:
        store_id: The store's id.
        token: The access token that it takes.
        seed: How many coupons it begins with, the same each time; none unless set.
        load: A file that it begins with: what `dump` wrote, or coupons as JSON, in an array or one to a line.
        database: The file to keep the coupons in, made when it is not there; they are in memory unless set.
        scopes: The access scopes of the token; all of them unless set.
        requests_per_minute: How many requests the token may send in any 60 seconds; None for as many as it likes.
        webhook: The http URL to tell of created, updated and deleted coupons; none unless set.
        client_secret: What events are signed with.
        command: The command's path; looked for unless set: what ``ECWID_COUPONS_COMMAND`` names, that of this Python's
            environment, or the first of ``PATH``.
        timeout: How long it may take to start, in seconds.

    Raises:
        CommandNotFoundError: The command is not installed.
        SandboxError: It did not start; the error has what it said.

    Example:
        >>> with Sandbox() as sandbox, sandbox.client() as coupons:
        ...     coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
        'created'
    """

    def __init__(
        self,
        *,
        store_id: int = 1003,
        token: str = "secret_sandbox",
        seed: int | None = None,
        load: str | os.PathLike[str] | None = None,
        database: str | os.PathLike[str] | None = None,
        scopes: Sequence[str] | None = None,
        requests_per_minute: int | None = 600,
        webhook: str | None = None,
        client_secret: str = "client_secret_sandbox",
        command: str | os.PathLike[str] | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Starts it, and waits until it takes requests."""
        for name, secret in {"token": token, "client_secret": client_secret}.items():
            if not isinstance(secret, str):
                raise TypeError(f"{name}: it is of the type {type(secret).__name__}, and not text")
        # 0 is not None, which is no limit.
        counts = {"store_id": (store_id, 1), "seed": (seed, 0), "requests_per_minute": (requests_per_minute, 1)}
        for name, (count, least) in counts.items():
            if count is not None:
                _check_count(name, count, least)
        for name, file in {"load": load, "database": database, "command": command}.items():
            if file is not None:
                check_type(name, file, (str, os.PathLike), "a path")
        if scopes is not None:
            _check_texts("scopes", scopes)
        timeout = _wire.plain(timeout)
        check_type("timeout", timeout, (int, float), "a number of seconds above 0")
        if not timeout > 0:
            raise ValueError(f"timeout: {timeout!r} is not a number of seconds above 0")
        arguments = [find_command(command), "sandbox", "--port", "0"]
        arguments += ["--store-id", str(store_id), "--requests-per-minute", str(requests_per_minute or 0)]
        given = {"--seed": seed, "--load": load, "--db": database, "--webhook": webhook}
        for flag, value in given.items():
            if value is not None:
                arguments += [flag, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
        if scopes is not None:
            arguments += ["--scopes", ",".join(scopes)]
        # Never as flags, which show in the list of processes.
        secrets = {"ECWID_SANDBOX_TOKEN": token, "ECWID_SANDBOX_CLIENT_SECRET": client_secret}
        self.store_id: int = int(store_id)
        """The store's id."""
        self.token = token
        """The access token that it takes."""
        self._files = [*files_of("load", load), *files_of("database", database)]
        self._process = Process(arguments, secrets, timeout=timeout)
        self._control = Control(self.base_url)

    @property
    def base_url(self) -> str:
        """The address that the store's paths are below, for ``base_url`` of a client.

        Example:
            >>> sandbox.base_url
            'http://127.0.0.1:.../api/v3'
        """
        return self._process.base_url

    @property
    def pid(self) -> int:
        """The id of its process.

        Example:
            >>> import os
            >>> sandbox.pid != os.getpid()
            True
        """
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The variables that `Client.from_env` and the command find the store by.

        Example:
            >>> sandbox.environment["ECWID_STORE_ID"]
            '1003'
            >>> import os
            >>> os.environ.update(sandbox.environment)
            >>> Client.from_env().search().count()
            0
        """
        return {"ECWID_STORE_ID": str(self.store_id), "ECWID_TOKEN": self.token, "ECWID_BASE_URL": self.base_url}

    def client(self, **settings: Unpack[ClientSettings]) -> Client:
        """A client of the store, at the pace that the sandbox allows now.

        Args:
            settings: As `Client` takes them.

        Example:
            >>> sandbox.client(timeout=5).search().count()
            0
        """
        return Client(self.store_id, self.token, base_url=self.base_url, **self._paced(settings))

    def async_client(self, **settings: Unpack[ClientSettings]) -> AsyncClient:
        """A client of the store for asyncio, at the pace that the sandbox allows now.

        Args:
            settings: As `AsyncClient` takes them.

        Example:
            >>> async with sandbox.async_client(timeout=5) as coupons:
            ...     await coupons.search().count()
            0
        """
        return AsyncClient(self.store_id, self.token, base_url=self.base_url, **self._paced(settings))

    def _paced(self, settings: ClientSettings) -> ClientSettings:
        if "requests_per_minute" in settings:
            return settings
        allowed = self.limits().requests_per_minute
        return {**settings, "requests_per_minute": _UNLIMITED if allowed is None else allowed}

    # The clock.

    def clock(self) -> Clock:
        """What its clock shows.

        Example:
            >>> sandbox.clock().is_stopped
            False
        """
        return _clock(self._control.call("GET", "/clock"))

    def set_time(self, time: Instant) -> Clock:
        """Stops the clock at a time.

        What a store does by date goes by it: which coupons are EXPIRED, and the dates that are written.

        Raises:
            ValueError: It is a `datetime` without a time zone, or not of whole seconds.
            SandboxError: It is not between the years 1970 and 9999.

        Example:
            >>> sandbox.set_time("2030-01-01 08:00:00 +0000").now
            datetime.datetime(2030, 1, 1, 8, 0, tzinfo=datetime.timezone.utc)
        """
        return _clock(self._control.call("PUT", "/clock", {"now": _wire.instant(time)}))

    def advance(self, step: timedelta) -> Clock:
        """Moves the clock on, or back where the step is negative; a clock that runs runs on.

        Raises:
            ValueError: The step is not of whole seconds.
            SandboxError: It leads out of the years 1970 to 9999.

        Example:
            >>> _ = coupons.create(name="For January", code="JAN", expiration_date="2030-01-31")
            >>> _ = sandbox.set_time("2030-01-31 12:00:00 +0000")
            >>> _ = sandbox.advance(timedelta(days=1))
            >>> coupons.get("JAN").status
            'EXPIRED'
        """
        return _clock(self._control.call("POST", "/clock/advance", {"seconds": _wire.seconds(step)}))

    def reset_time(self) -> Clock:
        """Goes back to the time of the machine.

        Example:
            >>> _ = sandbox.set_time("2030-01-01 08:00:00 +0000")
            >>> sandbox.reset_time().is_stopped
            False
        """
        return _clock(self._control.call("DELETE", "/clock"))

    # Faults.

    def add_fault(
        self,
        effect: Effect,
        *,
        operations: Sequence[str] = (),
        skip: int = 0,
        times: int | None = None,
        probability: float = 1.0,
        seed: int | None = None,
    ) -> Fault:
        """Makes something go wrong from now on.

        Args:
            effect: What goes wrong.
            operations: The operations that it is for, such as ``"create_discount_coupon"``; all of them unless given.
            skip: How many of their requests go well first.
            times: How often it comes about; without end unless set.
            probability: How likely it is for each request, from 0 to 1.
            seed: What its chances are drawn from; the same seed gives the same faults. One is chosen unless set.

        Returns:
            The fault, with the seed that it has.

        Raises:
            SandboxError: It cannot come about; the error says why.

        Example:
            >>> _ = sandbox.add_fault(Status(503), operations=["create_discount_coupon"], times=1)
            >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
            'created'
            >>> [report.fired for report in sandbox.faults()]
            [1]
        """
        check_type("effect", effect, EFFECTS, "an effect, such as Status(503)")
        _check_texts("operations", operations)
        fault = Fault(effect, operations, skip, times, probability, seed)
        return _reports(self._control.call("POST", "/faults", fault._to_json()))[-1].fault

    def faults(self) -> list[FaultReport]:
        """The faults that there are, and how often each came about.

        Example:
            >>> _ = sandbox.add_fault(Status(503), operations=["get_discount_coupon"], times=3)
            >>> [(report.fault.effect, report.fault.times, report.fired) for report in sandbox.faults()]
            [(Status(status=503, code=None, retry_after=None, after_work=False), 3, 0)]
        """
        return _reports(self._control.call("GET", "/faults"))

    def clear_faults(self) -> None:
        """Ends all faults.

        Example:
            >>> _ = sandbox.add_fault(Status(503))
            >>> sandbox.clear_faults()
            >>> coupons.search().count()
            0
        """
        self._control.call("DELETE", "/faults")

    # Orders.

    def place_order(
        self,
        items: Sequence[OrderItem],
        *,
        coupon_code: str | None = None,
        email: str | None = None,
        shipping: Shipping | None = None,
    ) -> PlacedOrder:
        """Places an order, and takes the coupon off it where its limits allow.

        Args:
            items: What is bought.
            coupon_code: The code that the customer gives, in any letter case.
            email: The customer's e-mail address, by which a customer is known.
            shipping: How it is shipped; not at all unless given.

        Returns:
            The order: what the coupon takes off, or the reason why it does not apply.

        Raises:
            ValueError: An amount is no number, or has too many digits.
            SandboxError: The order cannot be, such as one of no items.

        Example:
            >>> _ = coupons.create(name="5 off", code="FIVE", discount_type="ABS", discount=5, uses_limit="SINGLE")
            >>> order = sandbox.place_order([OrderItem(product_id=1, price=Decimal("12.50"))], coupon_code="FIVE")
            >>> order.total, sandbox.place_order([OrderItem(1, 12)], coupon_code="FIVE").reason
            (Decimal('7.5'), 'COUPON_USED_UP')
        """
        items = _all("items", items, OrderItem)
        if shipping is not None:
            check_type("shipping", shipping, Shipping, "a Shipping")
        order = {
            "storeId": self.store_id,
            "items": [item._to_json() for item in items],
            "couponCode": coupon_code,
            "email": email,
            "shippingOption": None if shipping is None else shipping._to_json(),
        }
        return PlacedOrder._from_json(self._control.call("POST", "/orders", order))

    # Limits.

    def limits(self) -> Limits:
        """How many requests it takes.

        Example:
            >>> Sandbox().limits().requests_per_minute
            600
        """
        return _wire.from_json(Limits, self._control.call("GET", "/limits"))

    def set_limits(self, limits: Limits) -> Limits:
        """Sets how many requests it takes. A client that was made before keeps its pace.

        Example:
            >>> sandbox.set_limits(Limits(requests_per_minute=1)).requests_per_minute
            1
            >>> hasty = sandbox.client(requests_per_minute=600, deadline=5)
            >>> [hasty.search().count() for _ in range(2)]
            Traceback (most recent call last):
            ...
            ecwid_coupons._errors.RateLimitError: ...
        """
        check_type("limits", limits, Limits, "Limits, such as Limits(requests_per_minute=60)")
        # None has a meaning here, and is sent.
        sent = {_wire.json_name(name): _wire.plain(getattr(limits, name)) for name in Limits.__dataclass_fields__}
        return _wire.from_json(Limits, self._control.call("PUT", "/limits", sent))

    # Webhooks.

    def set_webhook(self, url: str, *, client_secret: str = "client_secret_sandbox") -> None:
        """Tells this http URL of created, updated and deleted coupons from now on.

        Args:
            url: One like ``http://127.0.0.1:3000/hook``. It is answered with 200 to 299 within a few seconds.
            client_secret: What events are signed with.

        Raises:
            SandboxError: The URL is none that begins with ``http://``.

        Example:
            >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [(delivery.event_type, delivery.state) for delivery in sandbox.deliveries()]
            [('discount_coupon.created', 'PENDING')]
        """
        self._control.call("PUT", "/webhook", {"url": url, "clientSecret": client_secret})

    def remove_webhook(self) -> None:
        """Tells no URL any more.

        Example:
            >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
            >>> sandbox.remove_webhook()
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> sandbox.deliveries()
            []
        """
        self._control.call("DELETE", "/webhook")

    def deliveries(self) -> list[Delivery]:
        """What became of the last 1000 events, the oldest first.

        Example:
            >>> sandbox.deliveries()  # no webhook was set
            []
        """
        return [_wire.from_json(Delivery, found) for found in self._control.call("GET", "/webhook")["deliveries"]]

    # The journal.

    def received_requests(self, last: int | None = None) -> list[RecordedRequest]:
        """Returns the last requests with their responses, the oldest first: at most 1000, and 4 MiB.

        Args:
            last: No more than so many of them; all that are kept unless given.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [(request.method, request.status) for request in sandbox.received_requests(1)]
            [('POST', 200)]
        """
        found = self._control.call("GET", "/requests" if last is None else f"/requests?last={last}")
        return [RecordedRequest._from_json(request) for request in found]

    def clear_requests(self) -> None:
        """Removes the recorded requests, so that `received_requests` has only those of the next part of a test.

        Example:
            >>> coupons.search().count()
            0
            >>> sandbox.clear_requests()
            >>> sandbox.received_requests()
            []
        """
        self._control.call("DELETE", "/requests")

    # The sandbox itself.

    def load(self, coupons: Iterable[Coupon | Mapping[str, Any]]) -> None:
        """Puts coupons in as they stand, with what only a store can set: ids, dates, statuses, orders. All, or none.

        Args:
            coupons: Coupons, such as a `CouponList`, or mappings with the names of the API. 4 MiB of JSON at most; what
                is larger goes into a file, for `load` when a sandbox is made.

        Raises:
            SandboxError: One cannot be put in, such as one whose code is there; or the command is of a version whose
                sandbox cannot.

        Example:
            >>> sandbox.load([{"id": 7, "name": "Old", "code": "OLD", "status": "EXPIRED", "orderCount": 3}])
            >>> coupons.get("OLD").order_count
            3
        """
        found = _all("coupons", coupons, (Coupon, Mapping))
        texts = (coupon.to_json() if isinstance(coupon, Coupon) else json.dumps(coupon) for coupon in found)
        self._control.send("POST", "/load", f"[{','.join(texts)}]")

    def dump(self, file: str | os.PathLike[str]) -> None:
        """Writes all that is in the store to a file, for `load` when another sandbox is made.

        A file that is there is replaced once the dump is complete, and stays as it is if the dump fails. Only this user
        can read the new one, because it holds e-mail addresses of customers.

        Raises:
            ValueError: It is the file that this sandbox loads, or its database.
            SandboxError: The sandbox is gone, or the command is of a version whose sandbox cannot.
            OSError: The file cannot be written.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> sandbox.dump("store.json")
            >>> with Sandbox(load="store.json") as another:
            ...     another.client().get("TEN").name
            '10% OFF'
        """
        check_type("file", file, (str, os.PathLike), "a path")
        with replacing(file, self._files) as out:
            self._control.copy("/dump", out)

    def reset(self) -> None:
        """Goes back to how it began: its coupons, clock, faults, limits and webhook.

        Raises:
            SandboxError: The command is of a version whose sandbox cannot; make another `Sandbox` then.

        Example:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> sandbox.reset()
            >>> coupons.search().count()
            0
        """
        self._control.call("POST", "/reset")

    @property
    def is_running(self) -> bool:
        """Whether it was not stopped.

        Example:
            >>> sandbox.is_running
            True
        """
        return self._process.is_running

    def stop(self) -> None:
        """Ends it. Nothing happens when it was stopped before.

        Example:
            >>> sandbox.stop()
            >>> sandbox.is_running
            False
        """
        self._process.stop()

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None:
        """Ends it."""
        self.stop()

    def __repr__(self) -> str:
        """Where it is; without the token."""
        if not self.is_running:
            return f"<{type(self).__name__}, stopped>"
        return f"<{type(self).__name__} store_id={self.store_id} base_url={self.base_url!r}>"


def _check_count(name: str, value: object, least: int) -> None:
    value = _wire.plain(value)
    check_type(name, value, int, f"an integer from {least}")
    if isinstance(value, int) and value < least:
        raise ValueError(f"{name}: {value!r} is not an integer from {least}")


def _check_texts(name: str, value: object) -> None:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: {shown(value)} is not a list of texts")
    for text in value:
        check_type(name, text, str, "text")


def _all(name: str, values: Iterable[Item], kinds: type | tuple[type, ...]) -> list[Item]:
    """The values in a list; each is of one of these types."""
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    expected = "of the type " + " or ".join(kind.__name__ for kind in kinds)
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes, Mapping)):
        raise TypeError(f"{name}: {shown(values)} is not a list of what is {expected}")
    found = list(values)
    for index, value in enumerate(found):
        check_type(f"{name}[{index}]", value, kinds, expected)
    return found


def _clock(found: dict[str, Any]) -> Clock:
    return Clock(_wire.read_instant(found["now"]), bool(found["isStopped"]))


def _reports(found: Sequence[dict[str, Any]]) -> list[FaultReport]:
    return [FaultReport._from_json(report) for report in found]
