"""The fixture ``ecwid_sandbox`` for pytest, which finds it by itself where this package is installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Tells pytest of the mark."""
    config.addinivalue_line(
        "markers", "ecwid_sandbox(**settings): what `ecwid_sandbox` is made with, such as seed=100 or store_id=7"
    )


@pytest.fixture
def ecwid_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A store of its own for this test: a sandbox, which ends with the test.

    The mark ``@pytest.mark.ecwid_sandbox(seed=100)`` says what it is made with, as `Sandbox` takes it.
    """
    mark = request.node.get_closest_marker("ecwid_sandbox")
    with Sandbox(**(mark.kwargs if mark else {})) as sandbox:
        yield sandbox
