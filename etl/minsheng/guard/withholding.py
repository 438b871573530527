"""Whether a file may be stored, and what is known of one that may not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby

from minsheng.core.text import remembered
from minsheng.guard.contacts import Signed, contacts
from minsheng.guard.neighbours import is_amount, split_numbers
from minsheng.guard.numbers import kind_in, kind_of
from minsheng.guard.persons import Places, places
from minsheng.guard.pieces import below, many_pieces
from minsheng.guard.remainder import Cells, read_remainder, remainder, sheet_names
from minsheng.guard.rosters import rosters
from minsheng.guard.sentences import kind_told
from minsheng.landing import PersonalData, Withheld
from minsheng.parsing.form import named_period
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadCell, ReadForm
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import Grid, address
from minsheng.spreadsheet.kinds import is_opaque
from minsheng.spreadsheet.numbers import CellValue

# Kind, sheet and cell of one place: no sheet for the file's name and for a text without cells, no cell for a note.
_Place = tuple[str, str, str]
_MOST_NAMED = 20
_OUTSIDE_CELLS = "批注、页眉页脚、下拉列表、名称、属性、链接或缓存"
_EMBEDDED = "嵌入的文件"
_PICTURE = "图片"
# What the reporter may say of himself where he signs.
_OF_REPORTER = frozenset({"phone", "contact"})

# What programs number documents by, and decimal numbers: their digits are nobody's.
_SERIAL = re.compile(
    r"\b[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}(?:_\d{1,4})?\b"
    r"|(?<![^|])-?\d+\.\d+(?:[Ee]-\d+)?(?![^|])"
)


def withhold(book: Book, file_name: str, lexicon: Lexicon) -> Withheld | None:
    """Why this file must not be stored: it holds personal data, or nobody can look into it; None: it may be.

    What is found in a message is told, although no message is kept, for it may hold other files.
    """
    if book.reading != "ok" and book.is_binary:
        return Withheld(book.reading)
    if book.notes_reading != "ok":
        return Withheld(book.notes_reading)
    known = places(lexicon)
    beside = _beside_cells(book, known) if book.reading == "ok" else _in_page(book, known)
    grids = _in_grids(book.sheets, lexicon, known)
    found = [*_in_name(file_name, known), *(place for places in grids for place in places), *beside]
    if not found:
        return Withheld(book.reading) if is_opaque(book.reading) else None
    grouped = groupby(sorted(found, key=_kind_and_sheet), key=_kind_and_sheet)
    cells = [_cells_of(grid, places, known) for grid, places in zip(book.sheets, grids, strict=True)]
    return Withheld(
        "personal_data",
        named_period(book, lexicon),
        tuple(PersonalData(kind, sheet, tuple(cell for *_, cell in places)) for (kind, sheet), places in grouped),
        remainder(book, cells, file_name, lexicon),
    )


def withheld_reading(withheld: Withheld) -> ReadForm:
    """What is known of a file whose bytes were not kept: its month, the places to be cleared, and what else was kept.

    Raises ValueError when that is not what was written.
    """
    cells = tuple(
        ReadCell(one.sheet, one.cells[0] or None, None, "withheld", one.kind, "personal_data", text_value=_named(one))
        for one in withheld.found
    )
    if withheld.remainder is None:
        return ReadForm(withheld.reading, period=withheld.period, cells=cells)
    form = read_remainder(withheld.remainder)
    reading = withheld.reading if form.reading == "ok" else form.reading
    return replace(form, reading=reading, period=withheld.period, cells=(*cells, *form.cells))


def _kind_and_sheet(place: _Place) -> tuple[str, str]:
    return place[:2]


def _named(data: PersonalData) -> str:
    """Where, in words: the cells, or what has none."""
    named = "、".join(filter(None, data.cells[:_MOST_NAMED])) or data.sheet or "文件名或正文"
    return f"{named} 等 {len(data.cells)} 处" if len(data.cells) > _MOST_NAMED else named


def _in_name(file_name: str, known: Places) -> Iterator[_Place]:
    if kind := _kind_in(file_name, known):
        yield kind, "", ""


def _beside_cells(book: Book, known: Places) -> Iterator[_Place]:
    """Whatever a workbook holds besides cells."""
    for kind in _kinds_in_notes(book, known):
        yield kind, _OUTSIDE_CELLS, ""
    if book.has_embedded:
        yield "embedded", _EMBEDDED, ""
    if book.has_picture:
        yield "picture", _PICTURE, ""


def _in_page(book: Book, known: Places) -> Iterator[_Place]:
    """A page or text that is no workbook, but is kept as received all the same."""
    in_cells = {kind for table in book.tables for kind, *_ in _in_grid(table, "", frozenset, known)}
    pictures = {"picture"} if book.has_picture else set()
    yield from ((kind, "", "") for kind in in_cells | pictures | _kinds_in_notes(book, known))


def _kinds_in_notes(book: Book, known: Places) -> set[str]:
    return {kind for text in book.notes if (kind := _kind_in_note(text, known))}


@remembered
def _kind_in_note(text: str, known: Places) -> str | None:
    return _kind_in(_SERIAL.sub("", text), known)


def kind_in_words(text: str, lexicon: Lexicon) -> str | None:
    """What kind of personal data a text holds that nobody has stored yet; None: none that is found."""
    return _kind_in(text, places(lexicon))


def _kind_in(text: str, known: Places) -> str | None:
    return kind_in(text) or kind_told(text, known)


def _in_grids(grids: Sequence[Grid], lexicon: Lexicon, known: Places) -> list[list[_Place]]:
    """The places of each sheet."""
    form = lexicon.forms[-1]
    return [
        [*_in_grid(grid, name, cache(partial(contacts, grid, form, lexicon)), known)]
        for grid, name in zip(grids, sheet_names(grids, lexicon), strict=True)
    ]


def _cells_of(grid: Grid, places: Sequence[_Place], known: Places) -> Cells:
    """The cells of a sheet in which something of a person stands, with every piece of a number that was cut up.

    What stands from a roster on downwards may be its own, and so may what looks like a number in more pieces.
    """
    pieces = (cell for _, cells in split_numbers(grid, known) for cell in cells)
    heads = [cell for kind, _, cell in places if kind == "roster"]
    listed = below(grid, heads) if heads else ()
    return Cells(frozenset((*(cell for *_, cell in places), *pieces)), frozenset((*listed, *many_pieces(grid))))


def _in_grid(grid: Grid, name: str, signed: Signed, known: Places) -> Iterator[_Place]:
    if kind := _kind_in(grid.name, known):
        yield kind, name, ""
    yield from (("roster", name, cell) for cell in rosters(grid, known, signed))
    yield from ((kind, name, cells[0]) for kind, cells in split_numbers(grid, known))
    for row, filled in enumerate(grid.filled):
        for column, _ in filled:
            if (kind := _kind_of(grid.rows[row][column], known)) and not is_amount(grid, row, column):
                cell = address(row, column)
                if not (kind in _OF_REPORTER and cell in signed()):
                    yield kind, name, cell


def _kind_of(value: CellValue, known: Places) -> str | None:
    return _kind_of_text(value, known) if isinstance(value, str) else kind_of(value)


@remembered
def _kind_of_text(text: str, known: Places) -> str | None:
    return kind_of(text) or kind_told(text, known)
