"""The pytest fixture ``ecwid_sandbox``. pytest finds it in environments that have this package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ._sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Registers the mark."""
    config.addinivalue_line(
        "markers", "ecwid_sandbox(**settings): the arguments of the `Sandbox`, such as seed=100 or store_id=7"
    )


@pytest.fixture
def ecwid_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A new `Sandbox` for this test, which is stopped after the test.

    The mark ``@pytest.mark.ecwid_sandbox(seed=100)`` sets the arguments of `Sandbox`.
    """
    mark = request.node.get_closest_marker("ecwid_sandbox")
    with Sandbox(**(mark.kwargs if mark else {})) as sandbox:
        yield sandbox
