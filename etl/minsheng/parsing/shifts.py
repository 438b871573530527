"""A line that lost or gained a blank cell: everything behind it stands one column beside where it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from minsheng.parsing.lexicon import Lexicon, Measure
from minsheng.parsing.reading import ReadCell
from minsheng.parsing.tables import Table
from minsheng.plan.form import label_key
from minsheng.spreadsheet.grid import as_text, column_name
from minsheng.spreadsheet.numbers import read_number

# How far, in cells to the right, a line is looked at for its numbers; the likeliest first.
_STEPS = (-1, 1, -2, 2)
_ASKED = {"contribution": ("month", "cumulative"), "detail": ("value",)}
_LAST_SHARE = ("last_numerator", "last_denominator")
_LACKING = frozenset({"empty", "not_a_number"})


def tell_shift(table: Table, line: Sequence[ReadCell], lexicon: Lexicon) -> Iterator[ReadCell]:
    """The cells of a line; those that lack what seems to stand beside them have the reading ``shifted``.

    Their ``text_value`` says from where on and how far. Numbers in the line's other cells may be another's (``moved``);
    nothing is put back, for who knows what else has slipped? A line of which no cell is empty or words has not
    slipped, and what is wrong with a cell in another way stays said.
    """
    number, code = _numbers_shifted(table, line, lexicon), _code_shifted(table, line, lexicon)
    for cell in line:
        if code and cell.field == "indicator_code":
            yield replace(cell, reading="shifted", text_value=code)
        elif cell.field in number and cell.reading in _LACKING:
            yield replace(cell, reading="shifted", text_value=number[cell.field])
        else:
            yield _moved(cell) if cell.field in number and cell.number_value is not None else cell


def _moved(cell: ReadCell) -> ReadCell:
    return replace(cell, reading="moved", number_value=None, text_value=None)


def _numbers_shifted(table: Table, line: Sequence[ReadCell], lexicon: Lexicon) -> dict[str, str]:
    """Where the numbers seem to have gone, by the field that lacks one."""
    section, row = line[0].section, (line[0].row_no or 0) - 1
    measure = lexicon.measure(line[0].indicator_code)
    fields = _ASKED.get(section, measure.fields)
    places = [table.columns[field] for field in fields if field in table.columns]
    if not any(cell.field in fields and cell.reading in _LACKING for cell in line):
        return {}
    if not places or len(places) < len(fields) or _are_numbers(table, row, places, measure):
        return {}
    for step in _STEPS:
        for first_moved in range(len(places) if step > 0 else 1):
            moved = places[first_moved:]
            if _are_numbers(table, row, places[:first_moved], measure) and _have_moved(
                table, row, moved, step, measure
            ):
                return dict.fromkeys(fields, _words(min(moved[0], moved[0] + step), step))
    return {}


def _have_moved(table: Table, row: int, places: Sequence[int], step: int, measure: Measure) -> bool:
    """Whether all numbers stand ``step`` cells on, and what they left behind is empty of numbers."""
    moved = [place + step for place in places]
    left = [place for place in places if place not in moved]
    if moved[0] < 0 or not _are_numbers(table, row, moved, measure):
        return False
    return not any(_are_numbers(table, row, [place], measure) for place in left) and _may_be(table, row, moved)


def _may_be(table: Table, row: int, moved: Sequence[int]) -> bool:
    """Whether the numbers may be the line's own: none that is printed there, and a month is no more than its sum.

    Beside 上月累计, which a form is handed out with, a forgotten sum looks the same but for that.
    """
    if table.columns.get("target") in moved or _is_of_last_month(table, row, moved):
        return False
    numbers = [read_number(table.grid.at(row, place), whole=True).value or 0 for place in moved]
    return table.columns.get("last_cumulative") not in moved or numbers == sorted(numbers)


def _is_of_last_month(table: Table, row: int, moved: Sequence[int]) -> bool:
    """Whether numbers were printed as last month's: then one that is missing beside them looks like a shift."""
    printed = [table.columns[field] for field in _LAST_SHARE if field in table.columns]
    return any(place in moved for place in printed) and all(
        read_number(table.grid.at(row, place), whole=True).value is not None for place in printed
    )


def _are_numbers(table: Table, row: int, places: Sequence[int], measure: Measure) -> bool:
    values = (table.grid.at(row, place) for place in places)
    return all(read_number(value, measure.units, whole=measure.whole).value is not None for value in values)


def _code_shifted(table: Table, line: Sequence[ReadCell], lexicon: Lexicon) -> str | None:
    """Where the line's code seems to have gone; None if it stands in its place, or is nowhere near."""
    place, row = table.columns.get("indicator_code"), (line[0].row_no or 0) - 1
    if place is None or line[0].indicator_code in lexicon.measures:
        return None
    for step in (1, 2):
        if _text(table, row, place + step).upper() in lexicon.measures:
            return _words(place, step)
    has_lost_code = label_key(_text(table, row, place)) in lexicon.spellings and place == min(table.columns.values())
    return _words(place, -1) if has_lost_code else None


def _text(table: Table, row: int, place: int) -> str:
    return as_text(table.grid.at(row, place)).strip()


def _words(place: int, step: int) -> str:
    return f"{column_name(place)} 列起整行{'右' if step > 0 else '左'}移了 {abs(step)} 格"
