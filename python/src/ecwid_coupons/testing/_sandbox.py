"""The sandbox."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from threading import TIMEOUT_MAX
from typing import Any, Self, TypeVar, Unpack

from ecwid_coupons._arguments import check_count, check_type, shown
from ecwid_coupons._async_client import AsyncClient
from ecwid_coupons._base_client import ClientSettings
from ecwid_coupons._client import Client
from ecwid_coupons._models import Coupon
from ecwid_coupons._types import Instant

from . import _wire
from ._command import find_command
from ._control import Control
from ._dump import files_of, replacing
from ._faults import EFFECTS, Effect, Fault, FaultReport
from ._orders import OrderItem, PlacedOrder, Shipping
from ._process import Process
from ._results import Clock, Delivery, Limits, RecordedRequest

Item = TypeVar("Item")

# The rate limit of a client for a sandbox without a rate limit: the highest that it accepts.
_UNLIMITED = 2**32 - 1

# The maximum of an id, and of other integers.
_MOST_ID, _MOST = 2**63 - 1, 2**32 - 1


class Sandbox:
    """A sandbox on this machine: a local store that behaves like a store at Ecwid.

    It runs the command ``ecwid-coupons sandbox`` on a free port, and accepts requests as soon as it is made. It stops
    with `stop`, at the end of a ``with`` block, and at the end of this process. Threads can share a sandbox. After a
    fork, it belongs to the parent process.

    Args:
        store_id: The store's id.
        token: The access token.
        seed: The number of generated coupons that the store has at first. The data is deterministic. Defaults to none.
        load: A file with the initial state of the store. It is written by `dump`, or has coupons as a JSON array or as
            one JSON object per line.
        config: A TOML file of the command's option ``--config``, such as one with several stores, each with a token and
            a seed of its own. The other arguments take precedence, also `requests_per_minute` over the limits in it.
        database: The SQLite file of the store. It is created if it does not exist. Defaults to a database in memory.
        scopes: The access scopes of the token. Defaults to all scopes.
        requests_per_minute: The maximum number of requests in any 60 seconds. None for no limit.
        host: The address to listen on. With an address other than a loopback address, such as ``0.0.0.0``, other
            machines and containers can reach the sandbox.
        allow_hosts: Names under which others reach the sandbox, such as ``host.docker.internal``. Loopback addresses,
            ``localhost`` and `host` are always accepted.
        webhook: The http URL to notify of created, updated and deleted coupons. Defaults to no notifications.
        client_secret: The secret that signs the notifications.
        command: The path of the command. Defaults to the path in ``ECWID_COUPONS_COMMAND``, then to the command in the
            environment of this Python, then to the command in ``PATH``.
        timeout: The time limit for the start, in seconds.

    Raises:
        CommandNotFoundError: The command is not installed.
        SandboxError: The sandbox did not start. The error contains its output.

    Examples:
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
        config: str | os.PathLike[str] | None = None,
        database: str | os.PathLike[str] | None = None,
        scopes: Sequence[str] | None = None,
        requests_per_minute: int | None = 600,
        host: str = "127.0.0.1",
        allow_hosts: Sequence[str] = (),
        webhook: str | None = None,
        client_secret: str = "client_secret_sandbox",
        command: str | os.PathLike[str] | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Starts the sandbox and waits until it accepts requests."""
        for name, secret in {"token": token, "client_secret": client_secret}.items():
            if not isinstance(secret, str):
                raise TypeError(f"invalid {name}: a value of the type {type(secret).__name__} (expected a string)")
        check_count("store_id", _wire.plain(store_id), 1, _MOST_ID)
        for name, count in {"seed": seed, "requests_per_minute": requests_per_minute}.items():
            if count is not None:
                check_count(name, _wire.plain(count), 0 if name == "seed" else 1, _MOST)
        for name, file in {"load": load, "config": config, "database": database, "command": command}.items():
            if file is not None:
                check_type(name, file, (str, os.PathLike), "a path")
        if scopes is not None:
            _check_texts("scopes", scopes)
        check_type("host", host, str, "a string")
        _check_texts("allow_hosts", allow_hosts)
        timeout = _wire.plain(timeout)
        expected = f"a number of seconds above 0 and up to {TIMEOUT_MAX:.0f}"
        check_type("timeout", timeout, (int, float), expected)
        if not 0 < timeout <= TIMEOUT_MAX:
            raise ValueError(f"invalid timeout: `{shown(timeout)}` (expected {expected})")
        arguments = [find_command(command), "sandbox", "--port", "0", "--host", host]
        arguments += ["--store-id", str(store_id), "--requests-per-minute", str(requests_per_minute or 0)]
        given = {"--seed": seed, "--load": load, "--config": config, "--db": database, "--webhook": webhook}
        for flag, value in given.items():
            if value is not None:
                arguments += [flag, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
        for name in allow_hosts:
            arguments += ["--allow-host", name]
        if scopes is not None:
            arguments += ["--scopes", ",".join(scopes)]
        # Not as flags, because other users can see command-line arguments.
        secrets = {"ECWID_SANDBOX_TOKEN": token, "ECWID_SANDBOX_CLIENT_SECRET": client_secret}
        self.store_id: int = int(store_id)
        """The store's id."""
        self.token = token
        """The access token."""
        self._files = files_of("load", load) | files_of("config", config) | files_of("database", database)
        self._process = Process(arguments, secrets, timeout=timeout)
        self._control = Control(self.base_url)

    @property
    def base_url(self) -> str:
        """The base URL, for `base_url` of a client.

        Examples:
            >>> sandbox.base_url
            'http://127.0.0.1:.../api/v3'
        """
        return self._process.base_url

    @property
    def pid(self) -> int:
        """The id of the process.

        Examples:
            >>> import os
            >>> sandbox.pid != os.getpid()
            True
        """
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that `Client.from_env` and the command read.

        Examples:
            >>> import os
            >>> os.environ.update(sandbox.environment)
            >>> Client.from_env().search().count()
            0
        """
        return {"ECWID_STORE_ID": str(self.store_id), "ECWID_TOKEN": self.token, "ECWID_BASE_URL": self.base_url}

    def client(self, **settings: Unpack[ClientSettings]) -> Client:
        """Returns a client for the store. Its rate limit defaults to the current limit of the sandbox.

        Args:
            settings: The settings of a `Client`.

        Examples:
            >>> sandbox.client(timeout=5).search().count()
            0
        """
        return Client(self.store_id, self.token, base_url=self.base_url, **self._paced(settings))

    def async_client(self, **settings: Unpack[ClientSettings]) -> AsyncClient:
        """Returns an `AsyncClient` for the store. See `client`.

        Examples:
            >>> async with sandbox.async_client(timeout=5) as coupons:
            ...     await coupons.search().count()
            0
        """
        return AsyncClient(self.store_id, self.token, base_url=self.base_url, **self._paced(settings))

    def _paced(self, settings: ClientSettings) -> ClientSettings:
        for name in ("store_id", "token", "base_url"):
            if name in settings:
                raise TypeError(f"Sandbox.client() sets `{name}` itself; to pass another value, make a `Client`")
        # The sandbox may listen on an address of the network, and it has no https.
        settings = {"allow_http": True, **settings}
        if "requests_per_minute" in settings:
            return settings
        allowed = self.limits().requests_per_minute
        return {**settings, "requests_per_minute": _UNLIMITED if allowed is None else allowed}

    def add_token(self, store_id: int, token: str, *, scopes: Sequence[str] | None = None) -> None:
        """Adds an access token while the sandbox runs. Its store is created if it does not exist.

        Args:
            store_id: The id of the token's store.
            token: The access token.
            scopes: The access scopes of the token. Defaults to all scopes.

        Raises:
            SandboxError: The token is not valid, it is already a token of the sandbox, or the installed command is too
                old.

        Examples:
            >>> sandbox.add_token(1004, "secret_other")
            >>> with Client(1004, "secret_other", base_url=sandbox.base_url) as other:
            ...     other.search().count()
            0
        """
        check_count("store_id", _wire.plain(store_id), 1, _MOST_ID)
        if not isinstance(token, str):
            raise TypeError(f"invalid token: a value of the type {type(token).__name__} (expected a string)")
        sent: dict[str, Any] = {"storeId": int(store_id), "token": token}
        if scopes is not None:
            _check_texts("scopes", scopes)
            sent["scopes"] = list(scopes)
        self._control.call("POST", "/tokens", sent)

    def clock(self) -> Clock:
        """Returns the time of the sandbox's clock.

        Examples:
            >>> sandbox.clock().is_stopped
            False
        """
        return _clock(self._control.call("GET", "/clock"))

    def set_time(self, time: Instant) -> Clock:
        """Stops the clock at a time. The sandbox expires coupons and writes dates by this clock.

        Raises:
            ValueError: The time is a `datetime` without a time zone, or has fractions of a second.
            SandboxError: The time is not between the years 1970 and 9999.

        Examples:
            >>> sandbox.set_time("2030-01-01 08:00:00 +0000").now
            datetime.datetime(2030, 1, 1, 8, 0, tzinfo=datetime.timezone.utc)
        """
        return _clock(self._control.call("PUT", "/clock", {"now": _wire.instant(time)}))

    def advance(self, step: timedelta) -> Clock:
        """Moves the clock forward, or back if the step is negative. A running clock keeps running.

        Raises:
            ValueError: The step has fractions of a second.
            SandboxError: The new time is not between the years 1970 and 9999.

        Examples:
            >>> _ = coupons.create(name="For January", code="JAN", expiration_date="2030-01-31")
            >>> _ = sandbox.set_time("2030-01-31 12:00:00 +0000")
            >>> _ = sandbox.advance(timedelta(days=1))
            >>> coupons.get("JAN").status
            'EXPIRED'
        """
        return _clock(self._control.call("POST", "/clock/advance", {"seconds": _wire.seconds(step)}))

    def reset_time(self) -> Clock:
        """Sets the clock to the time of the machine, and starts it.

        Examples:
            >>> _ = sandbox.set_time("2030-01-01 08:00:00 +0000")
            >>> sandbox.reset_time().is_stopped
            False
        """
        return _clock(self._control.call("DELETE", "/clock"))

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
        """Adds a fault: a failure on demand. See `Fault` for the arguments.

        Returns:
            The fault, with its seed.

        Raises:
            ValueError: An integer is outside its range. The error names the field and the range.
            SandboxError: The sandbox refused the fault. The error says why.

        Examples:
            >>> _ = sandbox.add_fault(Status(503), operations=["create_discount_coupon"], times=1)
            >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
            'created'
            >>> [report.fired for report in sandbox.faults()]
            [1]
        """
        check_type("effect", effect, (*EFFECTS, Mapping), "an effect, such as Status(503)")
        _check_texts("operations", operations)
        fault = Fault(effect, operations, skip, times, probability, seed)
        return _reports(self._control.call("POST", "/faults", fault._to_json()))[-1].fault

    def faults(self) -> list[FaultReport]:
        """Returns the faults, and how often each fired.

        Examples:
            >>> _ = sandbox.add_fault(Status(503), operations=["get_discount_coupon"], times=3)
            >>> [(report.fault.effect, report.fault.times, report.fired) for report in sandbox.faults()]
            [(Status(status=503, code=None, retry_after=None, after_work=False), 3, 0)]
        """
        return _reports(self._control.call("GET", "/faults"))

    def clear_faults(self) -> None:
        """Removes all faults.

        Examples:
            >>> _ = sandbox.add_fault(Status(503))
            >>> sandbox.clear_faults()
            >>> coupons.search().count()
            0
        """
        self._control.call("DELETE", "/faults")

    def place_order(
        self,
        items: Sequence[OrderItem],
        *,
        coupon_code: str | None = None,
        email: str | None = None,
        shipping: Shipping | None = None,
    ) -> PlacedOrder:
        """Places an order, and applies a coupon if its limits allow it.

        Args:
            items: The items of the order.
            coupon_code: The code that the customer enters, in any letter case.
            email: The customer's email address, which identifies the customer.
            shipping: The shipping. Defaults to an order without shipping.

        Returns:
            The order, with the discount of the coupon or the reason why it does not apply.

        Raises:
            ValueError: An amount is not a number, or has too many digits, or an integer is outside its range.
            SandboxError: The order is not valid. For example, it has no items.

        Examples:
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

    def limits(self) -> Limits:
        """Returns the rate limits.

        Examples:
            >>> Sandbox().limits().requests_per_minute
            600
        """
        return _wire.from_json(Limits, self._control.call("GET", "/limits"))

    def set_limits(self, limits: Limits) -> Limits:
        """Sets the rate limits. Existing clients keep their own limit.

        Raises:
            ValueError: A limit is outside its range.

        Examples:
            >>> sandbox.set_limits(Limits(requests_per_minute=1)).requests_per_minute
            1
            >>> hasty = sandbox.client(requests_per_minute=600, deadline=5)
            >>> [hasty.search().count() for _ in range(2)]
            Traceback (most recent call last):
            ...
            ecwid_coupons._errors.RateLimitError: ...
        """
        check_type("limits", limits, Limits, "Limits, such as Limits(requests_per_minute=60)")
        # None is sent too, because it means no limit.
        sent = {"requestsPerMinute": None, **_wire.to_json(limits)}
        return _wire.from_json(Limits, self._control.call("PUT", "/limits", sent))

    def set_webhook(self, url: str, *, client_secret: str = "client_secret_sandbox") -> None:
        """Sets the http URL to notify of created, updated and deleted coupons.

        Args:
            url: A URL such as ``http://127.0.0.1:3000/hook``. It must respond with a status from 200 to 299 within a
                few seconds.
            client_secret: The secret that signs the notifications.

        Raises:
            SandboxError: The URL does not begin with ``http://``.

        Examples:
            >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [(delivery.event_type, delivery.state) for delivery in sandbox.deliveries()]
            [('discount_coupon.created', 'PENDING')]
        """
        self._control.call("PUT", "/webhook", {"url": url, "clientSecret": client_secret})

    def remove_webhook(self) -> None:
        """Stops the notifications.

        Examples:
            >>> sandbox.set_webhook("http://127.0.0.1:9/hook")
            >>> sandbox.remove_webhook()
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> sandbox.deliveries()
            []
        """
        self._control.call("DELETE", "/webhook")

    def deliveries(self) -> list[Delivery]:
        """Returns the last 1000 notifications, the oldest first.

        Examples:
            >>> sandbox.deliveries()  # no webhook was set
            []
        """
        return [_wire.from_json(Delivery, found) for found in self._control.call("GET", "/webhook")["deliveries"]]

    def received_requests(self, last: int | None = None) -> list[RecordedRequest]:
        """Returns the recorded requests with their responses, the oldest first.

        Args:
            last: The maximum number of requests to return. Defaults to all recorded requests: the last 1000, or fewer
                if they exceed 4 MiB.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> [(request.method, request.status) for request in sandbox.received_requests(1)]
            [('POST', 200)]
        """
        if last is not None:
            check_count("last", _wire.plain(last), 0, _MOST_ID)
        found = self._control.call("GET", "/requests" if last is None else f"/requests?last={last}")
        return [RecordedRequest._from_json(request) for request in found]

    def clear_requests(self) -> None:
        """Removes the recorded requests.

        Examples:
            >>> coupons.search().count()
            0
            >>> sandbox.clear_requests()
            >>> sandbox.received_requests()
            []
        """
        self._control.call("DELETE", "/requests")

    def load(self, coupons: Iterable[Coupon | Mapping[str, Any]]) -> None:
        """Adds coupons unchanged, including the fields that only a store sets: ids, dates, statuses and order counts.

        Adds all coupons or none.

        Args:
            coupons: The coupons, or mappings with the field names of the API. Their JSON can have up to 4 MiB. Pass
                larger data as a file, with `load` of a new `Sandbox`.

        Raises:
            SandboxError: A coupon cannot be added, for example because its code exists, or the installed command is too
                old.

        Examples:
            >>> sandbox.load([{"id": 7, "name": "Old", "code": "OLD", "status": "EXPIRED", "orderCount": 3}])
            >>> coupons.get("OLD").order_count
            3
        """
        found = _all("coupons", coupons, (Coupon, Mapping))
        texts = (coupon.to_json() if isinstance(coupon, Coupon) else json.dumps(coupon) for coupon in found)
        self._control.send("POST", "/load", f"[{','.join(texts)}]")

    def dump(self, file: str | os.PathLike[str]) -> None:
        """Writes the whole state of the store to a file, for `load` of a new `Sandbox`.

        An existing file is replaced when the dump is complete. If the dump fails, it is unchanged. Only the current
        user can read the new file, because it contains email addresses of customers.

        Raises:
            ValueError: The file is the one that this sandbox loaded, or its database.
            SandboxError: The sandbox was stopped, or the installed command is too old.
            OSError: The file cannot be written.

        Examples:
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
        """Restores the initial coupons, tokens, clock, faults, limits and webhook.

        Raises:
            SandboxError: The installed command is too old. Make a new `Sandbox` instead.

        Examples:
            >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
            >>> sandbox.reset()
            >>> coupons.search().count()
            0
        """
        self._control.call("POST", "/reset")

    @property
    def is_running(self) -> bool:
        """Whether the sandbox is running.

        Examples:
            >>> sandbox.is_running
            True
        """
        return self._process.is_running

    def stop(self) -> None:
        """Stops the sandbox. Does nothing if it was stopped before.

        Examples:
            >>> sandbox.stop()
            >>> sandbox.is_running
            False
        """
        self._process.stop()

    def __enter__(self) -> Self:
        """Returns the sandbox."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stops the sandbox."""
        self.stop()

    def __repr__(self) -> str:
        """Returns the store's id and the base URL, without the token."""
        if not self.is_running:
            return f"<{type(self).__name__}, stopped>"
        return f"<{type(self).__name__} store_id={self.store_id} base_url={self.base_url!r}>"


def _check_texts(name: str, value: object) -> None:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"invalid {name}: `{shown(value)}` (expected a list of strings)")
    for text in value:
        check_type(name, text, str, "a string")


def _all(name: str, values: Iterable[Item], kinds: type | tuple[type, ...]) -> list[Item]:
    """Returns the values as a list, and checks their types."""
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    expected = " or ".join(kind.__name__ for kind in kinds)
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes, Mapping)):
        raise TypeError(f"invalid {name}: `{shown(values)}` (expected a list of {expected})")
    found = list(values)
    for index, value in enumerate(found):
        check_type(f"{name}[{index}]", value, kinds, expected)
    return found


def _clock(found: dict[str, Any]) -> Clock:
    return Clock(_wire.read_instant(found["now"]), bool(found["isStopped"]))


def _reports(found: Sequence[dict[str, Any]]) -> list[FaultReport]:
    return [FaultReport._from_json(report) for report in found]
