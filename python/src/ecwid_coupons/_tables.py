"""Files with tables of coupons or recipients."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from typing import Literal

from . import _native
from ._arguments import check_choice, check_type, shown
from ._errors import InvalidRequestError
from ._jobs import path_of
from ._native import FileTable


def read_table(
    path: str | PathLike[str],
    *,
    text: bool = False,
    fields: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: Literal["point", "comma"] | None = None,
    dates: Literal["dmy", "mdy"] | None = None,
    carry_unknown: bool = False,
    percent_cells: bool = False,
    numeric_codes: bool = False,
    unicode_codes: bool = False,
) -> FileTable:
    r"""Reads a CSV, JSON Lines or XLSX file of coupons without a guess.

    Codes such as ``00123``, ``1E10`` and ``TRUE`` stay what they are, amounts such as ``12,50`` and ``1.000,00`` are
    exact, and dates such as ``31.12.2026`` are read. What can be read in two ways, and what a spreadsheet has
    destroyed, is an error that names the place and the argument that settles it.

    The table has the columns of a search. Pass it to `Client.create_many`, or to any library that reads Arrow data.

    Args:
        path: The path of the file. Its content says the format.
        text: Whether all columns are text, as for the rows of `Client.issue`. The file needs no coupons then.
        fields: The field of columns, such as ``{"Rabatt": "discount"}``.
        sheet: The sheet of a workbook, if several have cells.
        encoding: The encoding of a text file, such as ``"windows-1252"``. Defaults to UTF-8, or as the first bytes say.
        delimiter: The character between the cells of a CSV file. Defaults to the one that fits the first row.
        decimal: The decimal mark of amounts such as ``1.000``.
        dates: The order of day and month in dates such as ``01/02/2026``.
        carry_unknown: Whether columns that are no fields of a coupon are kept as text. Otherwise they are errors.
        percent_cells: Whether a cell that a workbook shows as ``15%``, and stores as 0.15, is 15.
        numeric_codes: Whether codes may be numbers in a workbook. They get the leading zeros of their format.
        unicode_codes: Whether codes may have letters other than those of ASCII.

    Raises:
        OSError: The file cannot be read.
        InvalidRequestError: The file has problems. The error names their places.

    Examples:
        >>> from pathlib import Path
        >>> _ = Path("coupons.csv").write_text("Code;Name;Rabatt\n00123;Ten;12,50\n")
        >>> table = read_table("coupons.csv", fields={"Rabatt": "discount"})
        >>> coupons.create_many(table).counts["created"]
        1
        >>> coupons.get("00123").discount == Decimal("12.50")
        True
    """
    place = path_of("path", path)
    for name, value in (("sheet", sheet), ("encoding", encoding), ("delimiter", delimiter)):
        if value is not None:
            check_type(name, value, str, "a string")
    if delimiter is not None and (len(delimiter) != 1 or not delimiter.isascii()):
        raise ValueError(f"invalid delimiter: `{shown(delimiter)}` (expected one ASCII character)")
    if decimal is not None:
        check_choice("decimal", decimal, ("point", "comma"))
    if dates is not None:
        check_choice("dates", dates, ("dmy", "mdy"))
    flags = (percent_cells, numeric_codes, unicode_codes, carry_unknown)
    names = ("percent_cells", "numeric_codes", "unicode_codes", "carry_unknown", "text")
    for name, flag in zip(names, (*flags, text), strict=True):
        check_type(name, flag, bool, "True or False")
    if fields is not None:
        check_type("fields", fields, Mapping, "a mapping of columns to fields")
    columns = [(str(column), str(field)) for column, field in (fields or {}).items()]
    with open(place, "rb") as file:
        content = file.read()
    try:
        return _native.read_table(place, content, text, sheet, encoding, delimiter, columns, decimal, dates, flags)
    except InvalidRequestError as error:
        raise InvalidRequestError(_in_python(str(error))) from None


def _in_python(message: str) -> str:
    """Replaces the flags of the command in a message by arguments."""
    message = re.sub(r"--map '(.*?)=(.*?)'", r'fields={"\1": "\2"}', message)
    message = re.sub(r"--(decimal|dates|encoding|sheet) ([\w-]+)", r'\1="\2"', message)
    message = re.sub(r"--(delimiter) ('.*?')", r"\1=\2", message)
    flags = r"--(carry|numeric|percent|unicode)-(unknown|codes|cells)"
    return re.sub(flags, r"\1_\2=True", message)
