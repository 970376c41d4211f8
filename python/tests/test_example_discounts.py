"""Examples create the discount that their name says. Without a type, a discount of 10 is an amount of money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("benches", "crates", "openapi", "python/examples", "python/src", "xtask/src")
SUFFIXES = {".ipynb", ".md", ".py", ".pyi", ".rs", ".yaml"}
# The coupon in the vendor's documentation.
VENDORS_OWN = '{"id": 162428889, "name": "10% OFF", "code": "DISC", "discountType": "ABS"'

PERCENT_IN_NAME = re.compile(r"[\d}] ?%\s?off", re.IGNORECASE)
SAYS_PERCENT = re.compile("percent", re.IGNORECASE)
MAKES_A_COUPON = re.compile(r"\bcreate(_or_get|_many)?\(|\bcreate --|newcoupon|\bcode\W", re.IGNORECASE)
# The discount in a call, a row, a flag or an object that creates a coupon.
DISCOUNT = re.compile(r"""(\bdiscount=|discount\\?"\s?:|--discount\s)""")
CREATES = re.compile(r"\bcreate(_or_get|_many)?\(|\bcreate --")
SAYS_TYPE = re.compile(r"discount_?-?type", re.IGNORECASE)


def files() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    yield from (ROOT / "python").glob("*.md")
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            parts = path.relative_to(ROOT).parts
            if path.suffix in SUFFIXES and "tests" not in parts and "target" not in parts and path.is_file():
                yield path


def statement(lines: list[str], at: int) -> str:
    """Returns the line, with adjacent lines if its brackets are not balanced."""
    line = lines[at]
    is_whole = all(line.count(opening) == line.count(closing) for opening, closing in ("()", "[]", "{}"))
    is_part = line.rstrip().endswith(",")
    return "\n".join(lines[max(0, at - 5) : at + 6]) if is_part or not is_whole else line


def wrong_examples(text: str) -> Iterator[str]:
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if VENDORS_OWN in line:
            continue
        there = statement(lines, at)
        is_coupon = MAKES_A_COUPON.search(there)
        is_other = PERCENT_IN_NAME.search(line) and is_coupon and not SAYS_PERCENT.search(there)
        is_silent = CREATES.search(line) and DISCOUNT.search(line) and not SAYS_TYPE.search(line)
        if is_other or is_silent:
            yield line.strip()


def test_each_example_creates_what_its_name_says() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in files()
        for line in wrong_examples(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_check_finds_examples() -> None:
    texts = [path.read_text(encoding="utf-8") for path in files()]
    percents = sum(bool(PERCENT_IN_NAME.search(line)) for text in texts for line in text.splitlines())
    assert percents > 60


@pytest.mark.parametrize(
    "line",
    [
        '>>> _ = coupons.create(name="10% OFF", code="TEN", discount=10)',
        '    >>> coupons.create(name=\\"10% OFF\\", code=\\"TEN\\", discount_type=\\"ABS\\", discount=10)',
        'coupons.create_many([{"name": "Thank you", "code": "A", "discount": 5}])',
        '/// coupons.create(&NewCoupon::new("10% OFF", "TEN").discount(10)).await?;',
        "$ ecwid-coupons create --name Ten --code TEN --discount 10",
        'coupons.create(\n    name="15% off",\n    code="X",\n    discount=15,\n)',
        'r#"it looks like {"name": "10% OFF", "code": "DISC"}"#',
    ],
)
def test_a_wrong_example_is_found(line: str) -> None:
    assert len(list(wrong_examples(line))) == 1
