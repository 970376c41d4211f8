"""The notebook runs from its first cell to its last, and shows what it says."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import nbformat
import pytest
from ecwid_coupons.testing._command import find_command
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "examples" / "campaigns.ipynb"


@pytest.fixture(scope="module")
def executed() -> dict[str, nbformat.NotebookNode]:
    """The cells by their ids, with what they put out."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # The kernel is that of this interpreter, whatever others are installed.
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": NOTEBOOK.parent}}
    )
    client.execute(
        env={
            **os.environ,
            "ECWID_COUPONS_COMMAND": find_command(),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
    )
    return {cell["id"]: cell for cell in notebook.cells}


def text(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)


def test_it_finds_what_expired_in_campaigns_that_run(executed: dict[str, nbformat.NotebookNode]) -> None:
    found = re.findall(r"\b([A-Z]+)-(\d{3})\b", text(executed["find"]))
    assert len(found) == len(set(found)) == 17
    # SPRING is over, and VIP has none that ended.
    assert {campaign for campaign, _ in found} == {"BACK", "NEWS", "SUMMER"}


def test_it_issues_fifty(executed: dict[str, nbformat.NotebookNode]) -> None:
    assert text(executed["fifty"]) == "50 codes issued, 125 coupons in the store\n"


def test_it_shows_one_chart(executed: dict[str, nbformat.NotebookNode]) -> None:
    (output,) = executed["chart"].outputs
    image = base64.b64decode(output["data"]["image/png"])
    assert image.startswith(b"\x89PNG")
    # Of some size, which an empty one has not.
    assert len(image) > 10_000
    folder = os.environ.get("ECWID_COUPONS_CHARTS")
    if folder:
        (Path(folder) / "campaigns.png").write_bytes(image)


def test_it_is_kept_without_output() -> None:
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
