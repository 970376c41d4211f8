"""Jobs: many coupons, kept in a file."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple, overload

from ._arguments import check_type
from ._base_client import BaseClient
from ._errors import JobError
from ._native import JobReport, job_report, job_status
from ._search import Progress

if TYPE_CHECKING:
    from ._async_client import AsyncClient
    from ._client import Client


class JobStatus(NamedTuple):
    """How many rows of a job have which outcome.

    Examples:
        >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
        >>> status = Job("spring.job").status()
        >>> status.rows, status.counts["created"], status.is_complete
        (2, 2, True)
    """

    rows: int
    """The number of rows."""
    counts: dict[str, int]
    """The number of rows with each outcome. See `JobReport` for the outcomes."""
    is_complete: bool
    """Whether no row needs another run."""


class JobDifference(NamedTuple):
    """A coupon of a job that the store does not have as the job created it.

    Examples:
        >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
        >>> _ = coupons.delete(report.to_dicts()[1]["id"])
        >>> [(it.row, it.problem) for it in Job("spring.job").verify(coupons)]
        [(1, 'the coupon does not exist')]
    """

    row: int
    """The number of the row. The first row is 0."""
    code: str
    """The code of the coupon."""
    problem: str
    """What differs, such as ``"the coupon does not exist"``."""


class KeptCoupon(NamedTuple):
    """A coupon that `Job.undo` did not delete.

    Examples:
        >>> report = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
        >>> _ = sandbox.place_order([OrderItem(1, 50)], coupon_code=report.to_dicts()[1]["code"])
        >>> [it.reason for it in Job("spring.job").undo(coupons)]
        ['1 order used it']
    """

    code: str
    """The code of the coupon."""
    reason: str
    """Why it was kept."""


class Job:
    """A job in a file, written by `Client.issue` or by the command ``ecwid-coupons``.

    The file is open only during a call, so another program can use it meanwhile. `Client.resume` continues the job.

    Args:
        path: The path of the file.

    Examples:
        >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
        >>> job = Job("spring.job")
        >>> job.report()
        <JobReport of 2: 2 created>
        >>> job.undo(coupons)
        []
        >>> job.report()
        <JobReport of 2: 2 undone>
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        """Makes an object for a file. Does not read the file."""
        self.path: str = path_of("path", path)

    def __repr__(self) -> str:
        """Returns the path."""
        return f"Job({self.path!r})"

    def status(self) -> JobStatus:
        """Returns how many rows have which outcome.

        Raises:
            JobError: The file cannot be read, is not a job, or another process runs the job.

        Examples:
            >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> Job("spring.job").status().is_complete
            True
        """
        return JobStatus(*job_status(self.path))

    def report(self) -> JobReport:
        """Returns the outcome of every row, as a table.

        Raises:
            JobError: The file cannot be read, is not a job, or another process runs the job.

        Examples:
            >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> Job("spring.job").report().to_polars()["outcome"].to_list()
            ['created', 'created']
        """
        return job_report(self.path)

    @overload
    def verify(self, client: Client) -> list[JobDifference]: ...
    @overload
    def verify(self, client: AsyncClient) -> Awaitable[list[JobDifference]]: ...
    def verify(self, client: Client | AsyncClient) -> list[JobDifference] | Awaitable[list[JobDifference]]:
        """Compares the coupons that the job created with those of the store.

        Coupons that were undone are left out. Order counts, and coupons that are used up or expired, are no
        differences.

        Args:
            client: A client of the job's store. With an `AsyncClient`, the call must be awaited.

        Returns:
            The coupons that differ.

        Raises:
            JobError: The job is of another store, or the file cannot be read.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> Job("spring.job").verify(coupons)
            []
        """
        return checked(client)._verify(self.path)

    @overload
    def undo(self, client: Client, *, progress: Progress | None = None) -> list[KeptCoupon]: ...
    @overload
    def undo(self, client: AsyncClient, *, progress: Progress | None = None) -> Awaitable[list[KeptCoupon]]: ...
    def undo(
        self, client: Client | AsyncClient, *, progress: Progress | None = None
    ) -> list[KeptCoupon] | Awaitable[list[KeptCoupon]]:
        """Deletes the coupons that the job created and that no order has used.

        The call can be interrupted and repeated.

        Args:
            client: A client of the job's store. With an `AsyncClient`, the call must be awaited.
            progress: A function to call after each batch, with the number of coupons so far and the number of all
                coupons that the job created. With an `AsyncClient`, it is called on another thread.

        Returns:
            The coupons that were kept, each with the reason.

        Raises:
            JobError: The job is of another store, or the file cannot be written.
            EcwidError: See `EcwidError` for errors common to all calls.

        Examples:
            >>> _ = coupons.issue("SPRING-[*]", job="spring.job", count=2, name="Spring")
            >>> Job("spring.job").undo(coupons)
            []
            >>> Job("spring.job").status().counts["undone"]
            2
        """
        return checked(client)._undo(self.path, progress)


def checked(client: Client | AsyncClient) -> Client | AsyncClient:
    """Refuses an object that is not a client."""
    check_type("client", client, BaseClient, "a Client or an AsyncClient")
    return client


def path_of(name: str, path: str | PathLike[str]) -> str:
    """Returns the path of a job as text.

    Raises:
        TypeError: It is not a path.
    """
    check_type(name, path, (str, PathLike), "the path of a file")
    return os.fsdecode(path)


@contextmanager
def resumable(
    job: str | PathLike[str], *, is_new: bool = False, call: str = "coupons.resume({path!r})"
) -> Iterator[str]:
    """Yields the path of a job. Adds the call that continues the job as a note to an exception that interrupts it."""
    path = path_of("job", job)
    is_other = is_new and os.path.exists(path)
    try:
        yield path
    except JobError:
        raise  # Another call would fail too.
    except BaseException as error:
        if not is_other and os.path.exists(path):
            error.add_note(f"the job can be continued: {call.format(path=path)}")
        raise
