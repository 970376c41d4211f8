"""What can go wrong with a sandbox itself."""

from __future__ import annotations


class SandboxError(RuntimeError):
    """The sandbox could not be started, or refused what it was told. The text says why, and what to try.

    Example:
        >>> try:
        ...     sandbox.add_fault(Status(99))
        ... except SandboxError as error:
        ...     error.status
        400
    """

    def __init__(self, message: str, *, status: int | None = None, code: str | None = None) -> None:
        """An error with what is known of it."""
        super().__init__(message)
        self.status = status
        """The HTTP status of the control API's refusal, if there was one."""
        self.code = code
        """The ``errorCode`` of the refusal, if it has one."""


class CommandNotFoundError(SandboxError, FileNotFoundError):
    """The command ``ecwid-coupons`` is not installed.

    Example:
        >>> try:
        ...     Sandbox(command="/no/such/program")
        ... except CommandNotFoundError as error:
        ...     print(error)
        command: '/no/such/program' is no program; ...
    """
