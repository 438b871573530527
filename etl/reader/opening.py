"""Opening a unit's file so that no file can end the process it is opened in."""

from __future__ import annotations

from etl.reader.apart import read_apart
from etl.reader.container import refuse_container
from etl.reader.workbook import Grid, read_grids
from etl.reader.xlsx import RefusedError, follow_sheets


def open_grids(content: bytes) -> tuple[tuple[Grid, ...], str]:
    """All sheets, and ``ok`` or the reason why there are none.

    An xlsx is measured and then read here; of what cannot be measured (xls, xlsb, ods) nobody knows what reading
    it takes, so a process of its own does it, at a quarter of a second a file.
    """
    refusal = refuse_container(content)
    if refusal is not None:
        return (), refusal
    try:
        broken = follow_sheets(content)
    except RefusedError as refused:
        return (), refused.reading
    return read_apart(content) if broken is None else read_grids(content, broken)
