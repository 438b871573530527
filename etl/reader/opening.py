"""Opening a unit's file so that no file can end the process it is opened in."""

from __future__ import annotations

from etl.reader.apart import read_apart
from etl.reader.container import content_kind, refuse_container
from etl.reader.features import OverBudgetError, light
from etl.reader.separated import read_separated
from etl.reader.workbook import Grid, read_grids


def open_grids(content: bytes) -> tuple[tuple[Grid, ...], str]:
    """All sheets, and ``ok`` or the reason why there are none.

    A csv, and an xlsx that costs no more than forms do, is read here. Of what else it takes to read a file nobody
    can be sure, so a process of its own does it, at a tenth of a second a file.
    """
    refusal = refuse_container(content)
    if refusal is not None:
        return (), refusal
    kind = content_kind(content)
    if kind == "csv":
        return read_separated(content)
    if kind != "xlsx":
        return read_apart(content)
    try:
        return read_grids(content, light())
    except OverBudgetError:
        return read_apart(content)
