"""What formulas last came to, put back into a saved workbook: openpyxl writes formulas without their results.

A spreadsheet program calculates them anew; a preview on a telephone does not, and neither do we when the file
comes back as it was sent.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from xml.sax.saxutils import escape

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel

from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue

# A cell with a formula as openpyxl writes it.
_FORMULA = re.compile(
    r'<c r="(?P<cell>[A-Z]+[0-9]+)"(?P<style>(?: s="[0-9]+")?)(?: t="[a-z]+")?>(?P<formula><f[^>]*>[^<]*</f>)<v ?/></c>'
)


def with_results(content: bytes, grids: Mapping[str, Grid], epoch: datetime) -> bytes:
    """The same workbook with results.

    ``grids``: the sheets as read, by the part openpyxl saves each in; ``epoch``: from when its dates are counted.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename in grids:
                cell = partial(_cell, grid=grids[part.filename], epoch=epoch)
                data = _FORMULA.sub(cell, data.decode()).encode()
            target.writestr(part, data)
    return written.getvalue()


def _cell(match: re.Match[str], grid: Grid, epoch: datetime) -> str:
    row, column = coordinate_to_tuple(match["cell"])
    value = grid.at(row - 1, column - 1)
    if value in (None, "") or grid.broken_at(row - 1, column - 1) in ("error", "no_value"):
        return match[0]
    kind, text = _result(value, epoch)
    return f'<c r="{match["cell"]}"{match["style"]}{kind}>{match["formula"]}<v>{escape(text)}</v></c>'


def _result(value: CellValue, epoch: datetime) -> tuple[str, str]:
    """The cell's type and the result as XML has them."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    if isinstance(value, str):
        return ' t="str"', value
    return "", repr(to_excel(value, epoch))  # type: ignore[no-untyped-call]
