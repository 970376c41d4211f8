"""What can go wrong with a call, one class for each thing that a program acts on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "Difference",
    "EcwidError",
    "InvalidRequestError",
    "InvalidRowsError",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "RowProblem",
    "ServerError",
]

_SHOWN_PROBLEMS = 20


class Difference(NamedTuple):
    """A field in which the coupon of the store is not the one that was sent. The values are JSON.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     coupons.create_or_get(name="10% OFF", code="TEN", discount_type="PERCENT", discount=15)
        ... except ConflictError as error:
        ...     error.differences
        (Difference(field='discount', sent='15', stored='10'),)
    """

    field: str
    """The field's name in the API; that of an inner field stands behind a dot."""
    sent: str
    """What was sent."""
    stored: str | None
    """What the store has; None when it has nothing."""


class EcwidError(Exception):
    """The base of all errors of a call. The text says what happened, on which operation, and what to try.

    A token or a response header is in none of them.

    Example:
        >>> try:
        ...     coupons.get("NONE")
        ... except EcwidError as error:
        ...     error.status, error.code, error.operation, error.attempts, error.may_have_taken_effect
        (404, 'DISCOUNT_COUPON_NOT_FOUND', 'get_discount_coupon', 1, False)
    """

    operation: str | None
    """The operation, such as ``"get_discount_coupon"``."""
    status: int | None
    """The HTTP status, if there was an answer."""
    code: str | None
    """The vendor's error code, such as ``"DISCOUNT_COUPON_NOT_FOUND"``."""
    error_message: str | None
    """What the server said of the error, as it said it."""
    request_id: str | None
    """The id that the request was sent with, which the vendor's support can find."""
    attempts: int
    """How often the request was sent: 0 when nothing was sent."""
    elapsed: float
    """How long the call took in all, in seconds."""
    retry_after: float | None
    """How long the server asked to wait before the next request, in seconds."""
    hint: str | None
    """What to try."""
    body: str | None
    """The first part of a body that is not the vendor's error."""
    may_have_taken_effect: bool
    """Whether the request may have done its work all the same."""
    differences: tuple[Difference, ...]
    """In what the coupon that has the code differs from the one that was to be created, where that was looked up."""

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        error_message: str | None = None,
        request_id: str | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        retry_after: float | None = None,
        hint: str | None = None,
        body: str | None = None,
        may_have_taken_effect: bool = False,
        differences: tuple[tuple[str, str, str | None], ...] = (),
    ) -> None:
        """An error with what is known of it."""
        super().__init__(message)
        self.operation = operation
        self.status = status
        self.code = code
        self.error_message = error_message
        self.request_id = request_id
        self.attempts = attempts
        self.elapsed = elapsed
        self.retry_after = retry_after
        self.hint = hint
        self.body = body
        self.may_have_taken_effect = may_have_taken_effect
        self.differences = tuple(Difference(*difference) for difference in differences)

    def __str__(self) -> str:
        """The text, whatever a built-in base would make of it."""
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles with all that is known."""
        return (_rebuild, (type(self), self.args[0], dict(self.__dict__)))


def _rebuild(kind: type[EcwidError], message: str, known: dict[str, Any]) -> EcwidError:
    error = kind(message)
    error.__dict__.update(known)
    return error


class ConfigurationError(EcwidError, ValueError):
    """The client's settings are not valid: a token, a store id, a base URL.

    Example:
        >>> try:
        ...     Client(store_id=0, token="secret_1")
        ... except ConfigurationError as error:
        ...     print(error)
        store_id: 0 is not an integer from 1 to ...
    """


class InvalidRequestError(EcwidError, ValueError):
    """A value of the request is not valid, and nothing was sent.

    Example:
        >>> try:
        ...     coupons.get("TEN", fields=["codee"])
        ... except InvalidRequestError as error:
        ...     print(error)
        get_discount_coupon: unknown field: `codee` ...
    """


class RowProblem(NamedTuple):
    """What is wrong with a row that was to be created.

    Example:
        >>> try:
        ...     coupons.create_many([{"name": "Ten"}])
        ... except InvalidRowsError as error:
        ...     error.problems
        (RowProblem(row=0, column='code', problem='it is missing'),)
    """

    row: int | None
    """The row, counted from 0; None when it is the whole column."""
    column: str | None
    """The column; None when it is the whole row."""
    problem: str
    """What is wrong with it."""

    def __str__(self) -> str:
        """The row, the column, and what is wrong."""
        row = None if self.row is None else f"row {self.row}"
        column = None if self.column is None else f"column {self.column}" if row is None else self.column
        return f"{', '.join(part for part in (row, column) if part)}: {self.problem}"


class InvalidRowsError(InvalidRequestError):
    """Rows that cannot be created, found before anything was sent. `problems` has all problems of all rows.

    Example:
        >>> try:
        ...     coupons.create_many([{"name": "Ten", "code": "TEN", "discount_type": "ABS", "discount": "ten"}])
        ... except InvalidRowsError as error:
        ...     [(problem.row, problem.column) for problem in error.problems]
        [(0, 'discount')]
    """

    problems: tuple[RowProblem, ...] = ()
    """What is wrong, by rows; what is wrong with a whole column comes first."""

    @classmethod
    def _of(cls, problems: Sequence[tuple[int | None, str | None, str]], rows: int) -> Self:
        """One of these problems among so many rows."""
        found = tuple(RowProblem(*problem) for problem in problems)
        shown = "".join(f"\n  {problem}" for problem in found[:_SHOWN_PROBLEMS])
        more = f"\n  and {len(found) - _SHOWN_PROBLEMS} more, in `problems`" if len(found) > _SHOWN_PROBLEMS else ""
        count = "is 1 problem" if len(found) == 1 else f"are {len(found)} problems"
        error = cls(f"nothing was sent, since there {count} in {rows} rows:{shown}{more}")
        error.problems = found
        return error


class APIConnectionError(EcwidError, ConnectionError):
    """The server could not be reached, or the connection broke.

    Example:
        >>> nobody = Client(1003, "secret_1", base_url="http://127.0.0.1:9/api/v3", max_attempts=1)
        >>> try:
        ...     nobody.get("TEN")
        ... except APIConnectionError as error:
        ...     error.status, error.may_have_taken_effect
        (None, False)
    """


class APITimeoutError(EcwidError, TimeoutError):
    """The time for the call ran out.

    Example:
        >>> _ = sandbox.add_fault(Latency(milliseconds=2000))
        >>> try:
        ...     sandbox.client(deadline=0.2).get("TEN")
        ... except TimeoutError as error:
        ...     type(error).__name__
        'APITimeoutError'
    """


class DecodeError(EcwidError, ValueError):
    """The server's answer could not be read.

    Example:
        >>> _ = sandbox.add_fault(Html(status=200))
        >>> try:
        ...     coupons.get("TEN")
        ... except DecodeError as error:
        ...     error.status, error.body is not None
        (200, True)
    """


class APIStatusError(EcwidError):
    """The server answered with another status than success.

    Example:
        >>> _ = sandbox.add_fault(Status(418))
        >>> try:
        ...     coupons.get("TEN")
        ... except APIStatusError as error:
        ...     error.status
        418
    """


class PermissionDeniedError(APIStatusError, PermissionError):
    """401 or 403: the token is not valid, or lacks an access scope.

    Example:
        >>> other = Client(1003, "another_token", base_url=base_url)
        >>> try:
        ...     other.get("TEN")
        ... except PermissionDeniedError as error:
        ...     error.status
        403
    """


class PaymentRequiredError(APIStatusError):
    """402: the store's plan lacks the feature, or the store is suspended.

    Example:
        >>> _ = sandbox.add_fault(Status(402))
        >>> try:
        ...     coupons.get("TEN")
        ... except PaymentRequiredError as error:
        ...     error.status, error.hint is not None
        (402, True)
    """


class NotFoundError(APIStatusError, LookupError):
    """404: there is no such coupon, or no such store.

    Example:
        >>> try:
        ...     coupons.get("NONE")
        ... except NotFoundError as error:
        ...     error.code
        'DISCOUNT_COUPON_NOT_FOUND'
    """


class ConflictError(APIStatusError, ValueError):
    """409, or found by looking: the code is that of another coupon.

    Example:
        >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
        >>> try:
        ...     coupons.create_or_get(name="Another", code="TEN", discount_type="PERCENT", discount=10)
        ... except ConflictError as error:
        ...     [difference.field for difference in error.differences]
        ['name']
    """


class RateLimitError(APIStatusError):
    """429: the token sent too many requests.

    Example:
        >>> _ = sandbox.add_fault(Status(429, retry_after=3600))
        >>> try:
        ...     coupons.get("TEN")
        ... except RateLimitError as error:
        ...     error.status, error.retry_after
        (429, 3600.0)
    """


class ServerError(APIStatusError):
    """5xx: the server failed.

    Example:
        >>> _ = sandbox.add_fault(Status(503))
        >>> try:
        ...     coupons.get("TEN")
        ... except ServerError as error:
        ...     error.status, error.attempts
        (503, 2)
    """
