"""The errors of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Self

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "ConfigurationError",
    "ConflictError",
    "CursorError",
    "DecodeError",
    "Difference",
    "EcwidError",
    "InvalidRequestError",
    "InvalidRowsError",
    "JobError",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "RowProblem",
    "ServerError",
    "SyncError",
    "WebhookError",
]

_SHOWN_PROBLEMS = 20


class Difference(NamedTuple):
    """A field that differs between the coupon in the store and the coupon that was sent. The values are JSON.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     coupons.create_or_get(name="10% OFF", code="TEN", discount_type="PERCENT", discount=15)
        ... except ConflictError as error:
        ...     error.differences
        (Difference(field='discount', sent='15', stored='10'),)
    """

    field: str
    """The field's name in the API, such as ``"catalogLimit.products"``."""
    sent: str
    """The value that was sent."""
    stored: str | None
    """The value in the store. None if the store has no value."""


class EcwidError(Exception):
    """The base class of all errors of a call.

    Every call can raise these errors:

    - `InvalidRequestError`: an argument is not valid. No request was sent.
    - `APIConnectionError`: the store could not be reached, or the connection broke.
    - `APITimeoutError`: the deadline of the call has passed.
    - `DecodeError`: the response could not be read.
    - `PermissionDeniedError`: the token is not valid, or lacks an access scope.
    - `PaymentRequiredError`: the store's plan lacks the feature, or the store is suspended.
    - `RateLimitError`: the token sent too many requests, or the client's own limit does not allow a request before the
      deadline.
    - `ServerError`: the store failed.
    - `APIStatusError`: the response has another error status.

    An argument of a wrong type raises `TypeError`, and some wrong values raise `ValueError`. A closed client raises
    `RuntimeError`.

    The message says what failed, in which operation, and what to try. It never contains the token or a response header.
    Most classes are also subclasses of a built-in exception, such as `TimeoutError`.

    After a failed write, check `may_have_taken_effect`. If it is true, the store may have processed the request.

    Examples:
        >>> try:
        ...     coupons.get("NONE")
        ... except EcwidError as error:
        ...     error.status, error.code, error.operation, error.attempts, error.may_have_taken_effect
        (404, 'DISCOUNT_COUPON_NOT_FOUND', 'get_discount_coupon', 1, False)
    """

    operation: str | None = None
    """The operation, such as ``"get_discount_coupon"``."""
    status: int | None = None
    """The HTTP status, if a response was received."""
    code: str | None = None
    """Ecwid's error code, such as ``"DISCOUNT_COUPON_NOT_FOUND"``."""
    error_message: str | None = None
    """The error message of the server."""
    request_id: str | None = None
    """The id of the request. Ecwid's support can find the request by it."""
    attempts: int = 0
    """The number of attempts. 0 if no request was sent."""
    elapsed: float = 0.0
    """The duration of the call, in seconds."""
    retry_after: float | None = None
    """The delay before the next request that the server asked for, in seconds."""
    hint: str | None = None
    """A suggestion of what to try."""
    body: str | None = None
    """The first part of the response body, if it does not have the format of Ecwid's errors."""
    may_have_taken_effect: bool = False
    """Whether the store may have processed the request."""
    differences: tuple[Difference, ...] = ()
    """The fields in which the existing coupon with the code differs from the new coupon, if they were compared."""

    def __init__(self, message: str, **details: Any) -> None:
        """Makes an error with a message and with values of the attributes above."""
        super().__init__(message)
        for name, value in details.items():
            if name not in EcwidError.__annotations__:
                raise TypeError(f"unknown detail of an error: `{name}`")
            setattr(self, name, value)
        self.differences = tuple(Difference(*difference) for difference in self.differences)


class ConfigurationError(EcwidError, ValueError):
    """A setting of a client is not valid, such as the store id, the token or the base URL.

    Examples:
        >>> try:
        ...     Client(store_id=0, token="secret_1")
        ... except ConfigurationError as error:
        ...     print(error)
        invalid store_id: `0` (expected an integer from 1 to 9223372036854775807)
    """


class InvalidRequestError(EcwidError, ValueError):
    """An argument is not valid. No request was sent.

    Examples:
        >>> try:
        ...     coupons.get("TEN", fields=["codee"])
        ... except InvalidRequestError as error:
        ...     print(error)
        get_discount_coupon: unknown field: `codee` ...
    """


class RowProblem(NamedTuple):
    """The problem of a row of `Client.create_many`.

    Examples:
        >>> try:
        ...     coupons.create_many([{"name": "Ten"}])
        ... except InvalidRowsError as error:
        ...     error.problems
        (RowProblem(row=0, column='code', problem='`code` is missing'),)
    """

    row: int | None
    """The number of the row. The first row is 0. None if the problem concerns a whole column."""
    column: str | None
    """The column. None if the problem concerns a whole row."""
    problem: str
    """The problem."""

    def __str__(self) -> str:
        """Returns the row, the column and the problem."""
        row = None if self.row is None else f"row {self.row}"
        column = None if self.column is None else f"column {self.column}" if row is None else self.column
        if self.problem.startswith(f"`{column}`"):
            column = None  # The problem names it.
        return f"{', '.join(part for part in (row, column) if part)}: {self.problem}"


class InvalidRowsError(InvalidRequestError):
    """Some rows of `Client.create_many` are not valid. No request was sent.

    Examples:
        >>> try:
        ...     coupons.create_many([{"name": "Ten", "code": "TEN", "discount_type": "ABS", "discount": "ten"}])
        ... except InvalidRowsError as error:
        ...     [(problem.row, problem.column) for problem in error.problems]
        [(0, 'discount')]
    """

    problems: tuple[RowProblem, ...] = ()
    """The problems of all rows, sorted by row. Problems of whole columns are first."""

    @classmethod
    def _of(cls, problems: Sequence[tuple[int | None, str | None, str]], rows: int) -> Self:
        """Makes an error for these problems in this number of rows."""
        found = tuple(RowProblem(*problem) for problem in problems)
        shown = "".join(f"\n  {problem}" for problem in found[:_SHOWN_PROBLEMS])
        more = f"\n  and {len(found) - _SHOWN_PROBLEMS} more, in `problems`" if len(found) > _SHOWN_PROBLEMS else ""
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        all_rows = "1 row" if rows == 1 else f"{rows} rows"
        error = cls(f"invalid rows: {count} in {all_rows}, counted from 0; no request was sent:{shown}{more}")
        error.problems = found
        return error


class JobError(EcwidError):
    """The file of a job cannot be used.

    It cannot be read or written, it is not a job, another process runs the job, or the job is of another store.

    Examples:
        >>> try:
        ...     coupons.resume("spring.job")
        ... except JobError as error:
        ...     error.path
        'spring.job'
    """

    path: str | None = None
    """The path of the file."""


class CursorError(EcwidError, ValueError):
    """A cursor of `Client.changes` cannot be continued. Start a new copy without a cursor.

    The text is not a cursor, the cursor is of another store, or it is so old that the store no longer lists all
    deletions since then.

    Examples:
        >>> try:
        ...     coupons.changes("{}")
        ... except CursorError as error:
        ...     print(error)
        invalid cursor: `{}`: missing field `version` ...
    """


class SyncError(EcwidError):
    """A store cannot be copied by `sync`. Its copy is unchanged.

    More coupons are missing than may be deleted at once, or another program has changed the copy in the meantime.

    Examples:
        >>> import duckdb
        >>> connection = duckdb.connect()
        >>> for code in ("A", "B"):
        ...     _ = coupons.create(name=code, code=code)
        >>> _ = sync(coupons, connection)
        >>> for coupon in coupons.search():
        ...     _ = coupons.delete(coupon)
        >>> print(sync(coupons, connection)[0].error)
        the store 1003 no longer has 2 of 2 coupons, and at most 0 may be deleted at once; ...
    """


class WebhookError(EcwidError, ValueError):
    """A webhook request is not valid. Raised by `verify_webhook`.

    Examples:
        >>> try:
        ...     verify_webhook("secret", {}, "{}")
        ... except WebhookError as error:
        ...     error.reason
        'missing_signature'
    """

    reason: Literal["missing_signature", "wrong_signature", "unreadable_body"] | None = None
    """The reason. A signature is wrong if it does not match, is not Base64, or is there more than once."""


class APIConnectionError(EcwidError, ConnectionError):
    """The store could not be reached, or the connection broke.

    Examples:
        >>> nobody = Client(1003, "secret_1", base_url="http://127.0.0.1:9/api/v3", max_attempts=1)
        >>> try:
        ...     nobody.get("TEN")
        ... except APIConnectionError as error:
        ...     error.status, error.may_have_taken_effect
        (None, False)
    """


class APITimeoutError(EcwidError, TimeoutError):
    """The timeout of an attempt or the deadline of the call has passed.

    Examples:
        >>> _ = sandbox.add_fault(Latency(milliseconds=2000))
        >>> try:
        ...     sandbox.client(deadline=0.2).get("TEN")
        ... except TimeoutError as error:
        ...     type(error).__name__
        'APITimeoutError'
    """


class DecodeError(EcwidError, ValueError):
    """The response could not be read.

    Examples:
        >>> _ = sandbox.add_fault(Html(status=200))
        >>> try:
        ...     coupons.get("TEN")
        ... except DecodeError as error:
        ...     error.status, error.body is not None
        (200, True)
    """


class APIStatusError(EcwidError):
    """The response has an error status. The base class of the errors for single statuses.

    Examples:
        >>> _ = sandbox.add_fault(Status(418))
        >>> try:
        ...     coupons.get("TEN")
        ... except APIStatusError as error:
        ...     error.status
        418
    """


class PermissionDeniedError(APIStatusError, PermissionError):
    """The token is not valid, or lacks an access scope. The status is 401 or 403.

    Examples:
        >>> other = Client(1003, "another_token", base_url=base_url)
        >>> try:
        ...     other.get("TEN")
        ... except PermissionDeniedError as error:
        ...     error.status
        403
    """


class PaymentRequiredError(APIStatusError):
    """The store's plan lacks the feature, or the store is suspended. The status is 402.

    Examples:
        >>> _ = sandbox.add_fault(Status(402))
        >>> try:
        ...     coupons.get("TEN")
        ... except PaymentRequiredError as error:
        ...     error.status, error.hint is not None
        (402, True)
    """


class NotFoundError(APIStatusError, LookupError):
    """The coupon or the store does not exist. The status is 404.

    Examples:
        >>> try:
        ...     coupons.get("NONE")
        ... except NotFoundError as error:
        ...     error.code
        'DISCOUNT_COUPON_NOT_FOUND'
    """


class ConflictError(APIStatusError, ValueError):
    """Another coupon has the code. The status is 409, unless a lookup found the coupon.

    Examples:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     coupons.create_or_get(name="Another", code="TEN", discount_type="PERCENT", discount=10)
        ... except ConflictError as error:
        ...     [difference.field for difference in error.differences]
        ['name']
    """


class RateLimitError(APIStatusError):
    """The token sent too many requests. The status is 429, or None if the client did not send the request.

    The client sends no request if its own rate limit, or a pause that the store asked for, does not end before the
    deadline.

    Examples:
        >>> _ = sandbox.add_fault(Status(429, retry_after=3600))
        >>> try:
        ...     coupons.get("TEN")
        ... except RateLimitError as error:
        ...     error.status, error.retry_after
        (429, 3600.0)
    """


class ServerError(APIStatusError):
    """The store failed. The status is 500 or higher.

    Examples:
        >>> _ = sandbox.add_fault(Status(503))
        >>> try:
        ...     coupons.get("TEN")
        ... except ServerError as error:
        ...     error.status, error.attempts
        (503, 2)
    """
