"""The notebook and the guide to notebooks run and show the expected results."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import nbformat
import pytest
from ecwid_coupons.testing import Sandbox
from ecwid_coupons.testing._command import find_command
from nbclient import NotebookClient
from test_site import blocks

NOTEBOOK = Path(__file__).parents[1] / "examples" / "campaigns.ipynb"


@pytest.fixture(scope="module")
def executed() -> dict[str, nbformat.NotebookNode]:
    """The executed cells by id."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    execute(notebook)
    return {cell["id"]: cell for cell in notebook.cells}


def execute(notebook: nbformat.NotebookNode, **variables: str) -> None:
    """Executes the cells with the kernel of this interpreter, and with these environment variables."""
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": NOTEBOOK.parent}}
    )
    client.execute(
        env={
            **os.environ,
            "ECWID_COUPONS_COMMAND": find_command(),
            # A build without optimization warns.
            "PYTHONWARNINGS": "ignore",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            **variables,
        }
    )


def text(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)


def test_it_finds_expired_coupons_of_active_campaigns(executed: dict[str, nbformat.NotebookNode]) -> None:
    found = re.findall(r"\b([A-Z]+)-(\d{3})\b", text(executed["find"]))
    assert len(found) == len(set(found)) == 17
    # The campaign SPRING has ended, and no coupon of VIP expires.
    assert {campaign for campaign, _ in found} == {"BACK", "NEWS", "SUMMER"}


def test_it_issues_fifty_codes(executed: dict[str, nbformat.NotebookNode]) -> None:
    assert text(executed["fifty"]) == "50 codes issued, 125 coupons in the store\n"


def test_it_shows_one_chart(executed: dict[str, nbformat.NotebookNode]) -> None:
    (output,) = executed["chart"].outputs
    image = base64.b64decode(output["data"]["image/png"])
    assert image.startswith(b"\x89PNG")
    # An empty chart is smaller.
    assert len(image) > 10_000
    folder = os.environ.get("ECWID_COUPONS_CHARTS")
    if folder:
        (Path(folder) / "campaigns.png").write_bytes(image)


def test_it_shows_a_search_as_a_table(executed: dict[str, nbformat.NotebookNode]) -> None:
    (output,) = executed["search"].outputs
    markup = output["data"]["text/html"]
    assert "Search(status=&#x27;EXPIRED&#x27;): 29 coupons, the first 20" in markup
    assert markup.count("<tr>") == 1 + 20
    # Elsewhere, a search is shown by its filters.
    assert output["data"]["text/plain"] == "<Search(status='EXPIRED')>"


def test_the_committed_notebook_has_the_output_of_a_run(executed: dict[str, nbformat.NotebookNode]) -> None:
    # To update it, see CONTRIBUTING.md.
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            assert shown(cell) == shown(executed[cell["id"]])


def shown(cell: nbformat.NotebookNode) -> list[dict[str, str]]:
    """Returns the outputs. The bytes of an image depend on the fonts."""
    return [
        {
            kind: "" if kind == "image/png" else value
            for kind, value in output.get("data", {"text": output.get("text")}).items()
        }
        for output in cell.outputs
    ]


def test_the_blocks_of_the_guide_are_the_cells_of_a_notebook() -> None:
    sources = [block.text for block in blocks("guides/notebooks.md") if block.language == "python"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    with Sandbox() as sandbox:
        execute(notebook, **sandbox.environment)
    outputs = str([output for cell in notebook.cells for output in cell.outputs])
    # The tables of a search, of a frame and of a report.
    assert "Search(status=&#x27;ACTIVE&#x27;): " in outputs
    assert 'class="dataframe"' in outputs
    created = re.search(r"&lt;CreationReport of (\d+): (\d+) created&gt;", outputs)
    assert created
    assert created[1] == created[2]
    # The progress bars of the search and of the creation.
    assert "150/150" in outputs
    assert f"{created[1]}/{created[1]}" in outputs
    assert "secret_" not in outputs
