"""One file as a form: what it says of itself, and every cell of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from minsheng.parsing.alignment import misaligned
from minsheng.parsing.annotations import kind_cell, of_file, sheet_cells
from minsheng.parsing.doubts import read_doubts
from minsheng.parsing.explanations import read_explanations
from minsheng.parsing.garbled import garbled_cells, has_lost_words
from minsheng.parsing.header import read_header, told_above, told_in
from minsheng.parsing.labels import read_labels
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.measures import read_elsewhere, read_measures, read_outside, units_of
from minsheng.parsing.periods import period_in_name
from minsheng.parsing.reading import AnyReading, FileReading, ReadCell, ReadForm
from minsheng.parsing.repeats import read_once
from minsheng.parsing.rows import is_filled, read_rows
from minsheng.parsing.tables import Table, find_tables
from minsheng.parsing.totals import read_totals
from minsheng.parsing.unknown_columns import read_strangers, renamed
from minsheng.plan.form import Form
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import Grid, address
from minsheng.words.chinese import chinese

_FEW = 5


def read_form(book: Book, file_name: str, lexicon: Lexicon) -> ReadForm:
    """Read a unit's file as the form; whatever is wrong with it is in the answer, never an exception.

    The list of faults that we put into a returned workbook quotes what was wrong: nothing in it is said by the unit.
    """
    grids = book.sheets
    if book.reading != "ok":
        return ReadForm(book.reading)
    form, period, tables = _found(grids, lexicon)
    counts = Counter(table.sheet.code for table in tables)
    if not tables:
        return ReadForm("garbled" if has_lost_words(grids) else "no_form")
    ragged = [place for table in tables for place in misaligned(table, form, lexicon)]
    if ragged:
        return _refused("ragged", "；".join(ragged[:_FEW]))
    about_file = (kind_cell(book.kind, file_name), *_named_period(file_name, lexicon), *_absent(tables, form))
    lines = [cell for table in tables for cell in _table_cells(table, form, lexicon)]
    lines += [*read_doubts(book, tables, lines, lexicon.year, period)]
    theirs = tuple(grid for grid in grids if grid.name != chinese().thing["checklist"])
    elsewhere = (*_said_elsewhere(theirs, tables, lines), *read_outside(replace(book, sheets=theirs), units_of(lines)))
    beside = (*_garbled(theirs), *elsewhere, *read_explanations(grids, lines))
    rivals = [_named(table) for table in tables if counts[table.sheet.code] > 1]
    return _read((*lines, *beside, *about_file), rivals, lexicon)


def named_period(book: Book, lexicon: Lexicon) -> str | None:
    """The month a file names, as ``read_form`` tells it; the lines of its tables are not read for that."""
    form, _, tables = _found(book.sheets, lexicon)
    if book.reading != "ok" or any(misaligned(table, form, lexicon) for table in tables):
        return None
    told = told_in(cell for table in tables for cell in read_header(table.grid, form, table.header_row, lexicon))
    return told["period"].text_value if "period" in told else None


def _found(grids: tuple[Grid, ...], lexicon: Lexicon) -> tuple[Form, str | None, tuple[Table, ...]]:
    """The form a file is of, the month it seems to be for, and the tables in it."""
    told = told_above(grids, lexicon)
    period = told.get("period")
    form = lexicon.form(told.get("template_version"), period)
    return form, period, _filled_once(find_tables(grids, form, period), form, lexicon)


def _garbled(grids: tuple[Grid, ...]) -> Iterator[ReadCell]:
    """The first cells of the file whose text is no longer what was written."""
    cells = ((grid.name, *cell) for grid in grids for cell in garbled_cells(grid))
    for name, row, column, text in islice(cells, _FEW):
        yield ReadCell(name, address(row, column), row + 1, "note", "garbled", "garbled", raw_text=text)


def _refused(reading: FileReading, places: str) -> ReadForm:
    """A form that cannot be read, and where it is so."""
    return ReadForm(reading, cells=(of_file("places", places),))


def _named(table: Table) -> str:
    return table.grid.name + ("（隐藏）" if table.grid.is_hidden else "")


def _filled_once(tables: tuple[Table, ...], form: Form, lexicon: Lexicon) -> tuple[Table, ...]:
    """Of several tables of one kind those filled in; all of them when none is."""
    counts = Counter(table.sheet.code for table in tables)
    if max(counts.values(), default=0) <= 1:
        return tables
    filled = [table for table in tables if is_filled(table, form, lexicon)]
    has_filled = {table.sheet.code for table in filled}
    return tuple(table for table in tables if table in filled or table.sheet.code not in has_filled)


def _said_elsewhere(grids: tuple[Grid, ...], tables: tuple[Table, ...], lines: list[ReadCell]) -> Iterator[ReadCell]:
    """What the sheets without a table of the form say of its numbers."""
    names = {table.grid.name for table in tables}
    for grid in grids:
        if grid.name not in names:
            yield from read_elsewhere(grid, units_of(lines))


def _read(cells: tuple[ReadCell, ...], rivals: Sequence[str], lexicon: Lexicon) -> ReadForm:
    """``rivals``: tables of one kind, of which nobody knows which is to stay; all of them are read."""
    told = told_in(cells)
    texts = {field: cell.text_value for field, cell in told.items()}
    in_force = lexicon.form(None, texts.get("period")).template_version
    places = (of_file("places", "、".join(rivals)),) if rivals else ()
    return ReadForm(
        "several_forms" if rivals else "ok",
        template_version=texts.get("template_version"),
        form_unit=told["unit_name"].raw_text if "unit_name" in told else None,
        form_period=told["period"].raw_text if "period" in told else None,
        period=texts.get("period"),
        cells=(*cells, *places, of_file("form_version", in_force), *_accepted_version(texts, lexicon)),
    )


def _accepted_version(told: Mapping[str, str | None], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The version the file names, if the form of the month is taken in it."""
    version = told.get("template_version")
    if version is not None and lexicon.is_accepted(version, told.get("period")):
        yield of_file("accepted_version", version)


def _named_period(file_name: str, lexicon: Lexicon) -> Iterator[ReadCell]:
    named = period_in_name(file_name, lexicon.year)
    if named is not None:
        yield of_file("file_period", str(named))


def _absent(tables: tuple[Table, ...], form: Form) -> Iterator[ReadCell]:
    """The tables of the form that the file has not, or not under headings one can read."""
    found = {table.sheet.code for table in tables}
    for sheet in form.sheets:
        if sheet.columns and sheet.code not in found:
            yield of_file(sheet.code, sheet.name, "no_table")


def _table_cells(table: Table, form: Form, lexicon: Lexicon) -> Iterator[ReadCell]:
    yield from read_header(table.grid, form, table.header_row, lexicon)
    yield from _headings(table)
    read = tuple(read_once(table, read_rows(table, form, lexicon), lexicon))
    yield from read
    lines = tuple(cell for cell in read if cell.section == table.sheet.code)
    yield from read_totals(table, lines, lexicon)
    yield from sheet_cells(table, lines)
    yield from read_measures(table, lines)
    yield from read_strangers(table, lines)
    yield from _signature(table, form)


def _headings(table: Table) -> Iterator[ReadCell]:
    """The columns of the form: found, there twice, or missing although needed; one that is renamed has a note."""
    for column in table.sheet.columns:
        place = table.columns.get(column.code)
        if place is None and (column not in table.needed or renamed(table, column)):
            continue
        reading: AnyReading = "missing" if place is None else "repeated" if column.code in table.repeated else "ok"
        yield ReadCell(
            table.grid.name,
            None if place is None else address(table.header_row, place),
            table.header_row + 1,
            "heading",
            column.code,
            reading,
            raw_text=None if place is None else table.grid.text(table.header_row, place),
            text_value=column.heading,
        )


def _signature(table: Table, form: Form) -> Iterator[ReadCell]:
    """Whether the signature fields are filled in; names and numbers of persons are not kept."""
    rows = range(table.header_row + 1, len(table.grid.rows))
    for found in read_labels(table.grid, form.signature_codes, rows):
        reading: AnyReading = "ok" if found.text else "empty"
        yield ReadCell(table.grid.name, found.cell_ref, found.row + 1, "signature", found.code, reading)
