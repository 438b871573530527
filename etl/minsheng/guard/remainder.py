"""What of a file that must not be kept may be kept all the same, so that its other faults are told in the same answer.

What was found to be of persons is taken out before anything is read; of what is read then stays what
``minsheng.guard.keeping`` lists (docs/adr/0059).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from minsheng.guard.keeping import kept
from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadForm
from minsheng.plan.form import label_key
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import Grid, address
from minsheng.spreadsheet.numbers import CellValue
from minsheng.words.chinese import chinese

# Of forms longer than any that is handed out nothing is kept.
_MOST_CELLS = 20_000
_HAN = re.compile(r"[\u4e00-\u9fff]")

_DECODER = msgspec.json.Decoder(ReadForm)


@dataclass(frozen=True)
class Cells:
    """Cells of a sheet: in ``cleared`` stands something of a person, the numbers in ``doubtful`` may be one's."""

    cleared: Collection[str] = ()
    doubtful: Collection[str] = ()


def remainder(book: Book, cells: Sequence[Cells], file_name: str, lexicon: Lexicon) -> str | None:
    """The form as it is read without these cells of its sheets and without foreign words; as a text.

    None: nothing of it is kept.
    """
    names = sheet_names(book.sheets, lexicon)
    each = tuple(zip(book.sheets, names, cells, strict=True))
    sheets = tuple(_cleared(grid, name, ours.cleared) for grid, name, ours in each)
    form = read_form(replace(book, sheets=sheets, notes=(), notes_beside=(), tables=()), file_name, lexicon)
    if len(form.cells) > _MOST_CELLS:
        return None
    doubtful = [(name, cell) for _, name, ours in each for cell in ours.doubtful]
    return msgspec.json.encode(kept(form, doubtful, lexicon)).decode()


def read_remainder(text: str) -> ReadForm:
    """What ``remainder`` has written; raises ValueError for anything else."""
    return _DECODER.decode(text)


def sheet_names(grids: Iterable[Grid], lexicon: Lexicon) -> tuple[str, ...]:
    """The form's own name of each sheet; any other may be a person's, and its number stands for it."""
    ours = {key for sheet in lexicon.forms[-1].sheets for key in sheet.keys} | {label_key(chinese().thing["checklist"])}
    return tuple(
        grid.name if label_key(grid.name) in ours else f"第{number}张表" for number, grid in enumerate(grids, start=1)
    )


def _cleared(grid: Grid, name: str, cells: Collection[str]) -> Grid:
    rows = [
        [_emptied(value) if address(row, column) in cells else value for column, value in enumerate(values)]
        for row, values in enumerate(grid.rows)
    ]
    return replace(grid, name=name, rows=rows)


def _emptied(value: CellValue) -> CellValue:
    """A cell without its number; words among which one stood are still words."""
    return chinese().thing["withheld text"] if isinstance(value, str) and _HAN.search(value) else None
