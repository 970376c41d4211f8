"""The errors of a sandbox."""

from __future__ import annotations


class SandboxError(RuntimeError):
    """The sandbox could not be started, or refused a request to its control API. The message says why, and what to do.

    Examples:
        >>> try:
        ...     sandbox.add_fault(Status(503), operations=["no such operation"])
        ... except SandboxError as error:
        ...     error.status
        400
    """

    def __init__(self, message: str, *, status: int | None = None, code: str | None = None) -> None:
        """Makes an error."""
        super().__init__(message)
        self.status = status
        """The HTTP status of the refusal."""
        self.code = code
        """The ``errorCode`` of the refusal."""


class CommandNotFoundError(SandboxError, FileNotFoundError):
    """The command ``ecwid-coupons`` is not installed.

    Examples:
        >>> try:
        ...     Sandbox(command="/no/such/program")
        ... except CommandNotFoundError as error:
        ...     print(error)
        invalid command: `/no/such/program` (expected the path of a program)
    """
