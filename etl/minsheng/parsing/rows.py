"""The lines of a table as cells; totals, signatures and notes are never data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from minsheng.core.codes import CellReading
from minsheng.core.text import remembered
from minsheng.parsing.labels import has_label
from minsheng.parsing.lexicon import Lexicon, Measure
from minsheng.parsing.reading import ReadCell
from minsheng.parsing.shifts import tell_shift
from minsheng.parsing.tables import Table, repeats_headings
from minsheng.plan.form import Column, Form, label_key
from minsheng.plan.reasons import no_data_reasons
from minsheng.spreadsheet.formats import LIKE
from minsheng.spreadsheet.grid import address, as_text
from minsheng.spreadsheet.numbers import MARKS, CellValue, fold, plain, read_number, read_target
from minsheng.words.chinese import chinese

_TOTALS = ("合计", "总计", "小计", "共计")
_PARTS = ("其中",)
# What a line may be called that has no code; with one it may well be an indicator: 累计培训人次.
_TOTAL_NAME = re.compile(
    r"(?:全[县市区]|各[乡镇街道单位项]+|本[页表]|以上)?(?:[合总小共]计|汇总|累计|计|total)(?:数|值)?",
)
_NO_TOTAL_NAME = re.compile(r"(?:全[县市区]|各[乡镇街道单位项]+)?平均(?:数|值)?")
# A check box is stored as TRUE or FALSE, and drawn in several ways.
_YES = frozenset({"是", "y", "yes", "√", "✓", "✔", "true", "☑"})
_NO = frozenset({"否", "n", "no", "false", "☐", "□"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_", "-"))
_NAMES = frozenset({"item_name", "indicator_name", "member_name"})
_IN_FORMULA: Mapping[str, CellReading] = {"error": "error", "no_value": "no_value", "external": "external"}


@dataclass(frozen=True)
class Keys:
    """What a line speaks of, as written in the file; null: not written."""

    item_code: str | None
    indicator_code: str | None
    member_code: str | None


def read_rows(table: Table, form: Form, lexicon: Lexicon) -> Iterator[ReadCell]:
    """The cells of every line that is data, in order."""
    for row, keys in data_rows(table, form, lexicon):
        yield from tell_shift(table, tuple(line_cells(table, row, keys, lexicon)), lexicon)


def data_rows(table: Table, form: Form, lexicon: Lexicon) -> Iterator[tuple[int, Keys]]:
    """Every line that is data, and what it speaks of."""
    rows = range(table.header_row + 1, len(table.grid.rows))
    codes = Counter(_code(table.text(row, "indicator_code")) for row in rows)
    for row in rows:
        keys = line_keys(table, row, lexicon)
        # A line that has the code of an indicator to itself is that, whatever it is called.
        is_alone = keys.indicator_code in lexicon.measures and codes[keys.indicator_code] == 1
        is_part = _begins_with(table, row, _PARTS) and not (is_alone and table.value(row, "indicator_code"))
        if not is_part and _is_data(table, form, row, keys, lexicon):
            yield row, keys


def is_filled(table: Table, form: Form, lexicon: Lexicon) -> bool:
    """Whether any number has been entered."""
    numbers = {column.code for column in table.sheet.columns if column.is_input and column.type == "number"}
    return any(cell.field in numbers and cell.reading != "empty" for cell in read_rows(table, form, lexicon))


def _is_data(table: Table, form: Form, row: int, keys: Keys, lexicon: Lexicon) -> bool:
    """A line that names something the form asks about, or that holds input without naming anything."""
    if is_total(table, row) or _is_called(table, row, _NO_TOTAL_NAME):
        return False
    if has_label(table.grid, form.signature_codes, row) and not _is_of_plan(keys, lexicon):
        return False
    if repeats_headings(table, row):
        return False
    named = keys.indicator_code or keys.item_code
    looks_like_code = named is not None and named.isascii() and any(map(str.isdigit, named)) and len(named) <= 12
    return looks_like_code or _has_input(table, row)


def _is_of_plan(keys: Keys, lexicon: Lexicon) -> bool:
    """Whether the line names what the plan knows; words of the signature line may then stand in its remarks."""
    return keys.indicator_code in lexicon.measures or keys.member_code in lexicon.members.values()


def is_total(table: Table, row: int) -> bool:
    """Whether the line names itself the sum of others."""
    return _begins_with(table, row, _TOTALS) or _is_called(table, row, _TOTAL_NAME)


def _begins_with(table: Table, row: int, words: tuple[str, ...]) -> bool:
    return any(text.startswith(words) for text in table.first_keys[row])


def _is_called(table: Table, row: int, name: re.Pattern[str]) -> bool:
    """Whether the first words of a line are such a name."""
    first = next(filter(None, table.first_keys[row]), "")
    return name.fullmatch(first.rstrip(":")) is not None


def _has_input(table: Table, row: int) -> bool:
    inputs = (column for column in table.sheet.columns if column.is_input)
    return any(fold(table.text(row, column.code)) for column in inputs)


def line_keys(table: Table, row: int, lexicon: Lexicon) -> Keys:
    """What the line speaks of, a merged cell counting for every line it covers."""
    member_code = _code(table.text(row, "member_code"))
    if member_code is None:
        member_code = lexicon.members.get(label_key(table.text(row, "member_name")))
    return Keys(
        _code(table.spread_text(row, "item_code")),
        _code(table.spread_text(row, "indicator_code")),
        member_code,
    )


@remembered
def _code(text: str) -> str | None:
    return fold(text).translate(_DASHES).upper() or None


def line_cells(table: Table, row: int, keys: Keys, lexicon: Lexicon) -> Iterator[ReadCell]:
    """The cells of one line, in the form's order."""
    measure = lexicon.measure(keys.indicator_code)
    for column in table.sheet.columns:
        place = table.columns.get(column.code)
        if place is None or column.is_calculated:
            continue
        value, broken = table.grid.at(row, place), _broken(table, row, place, column, measure)
        number, text, reading = _read(value, column, keys, lexicon) if broken is None else (None, None, broken)
        yield ReadCell(
            sheet_name=table.grid.name,
            cell_ref=address(row, place),
            row_no=row + 1,
            section=table.sheet.code,
            field=column.code,
            reading=reading,
            item_code=keys.item_code,
            indicator_code=keys.indicator_code,
            member_code=keys.member_code,
            raw_text=_shown(value, reading) or None,
            number_value=number,
            text_value=text,
        )


def _broken(table: Table, row: int, place: int, column: Column, measure: Measure) -> CellReading | None:
    """Why the cell's content is not to be taken for what it seems; that a target is shown in percent is no harm."""
    if column.code in table.repeated:
        return "repeated"
    broken = table.grid.broken_at(row, place)
    if broken is None and table.grid.text(row, place) and table.grid.is_covered(row, place):
        broken = "scaled"
    if broken is None or broken in _IN_FORMULA:
        return _IN_FORMULA.get(broken or "")
    if not (column.is_input and column.type == "number"):
        return None
    if broken.startswith(LIKE):
        return None if _may_read(broken[len(LIKE) :], measure) else "scaled"
    return "percent" if broken == "percent" else "scaled"


def _may_read(shown: str, measure: Measure) -> bool:
    """Whether what is shown would be read if it were typed: 1人 of persons, but not 1户 or $1; money may have a ¥."""
    amount = shown.removeprefix("¥") if "元" in measure.names else shown
    return read_number(amount, measure.units, whole=True).value is not None


def _shown(value: CellValue, reading: str) -> str:
    """What the clerk sees in the cell."""
    if reading == "percent" and isinstance(value, int | float):
        return as_text(value * 100) + "%"
    return as_text(value) or (f"（{chinese().cell_reading[_IN_FORMULA[reading]]}）" if reading in _IN_FORMULA else "")


def _read(
    value: CellValue, column: Column, keys: Keys, lexicon: Lexicon
) -> tuple[Decimal | None, str | None, CellReading]:
    """Number, text and reading of one cell, by what its column asks for."""
    if column.type == "number":
        measure = lexicon.measure(keys.indicator_code)
        read = read_target if column.code == "target" else read_number
        number = read(value, measure.units, whole=measure.whole)
        return number.value, None if number.value is None else plain(number.value), number.reading
    if column.type == "choice":
        return (None, *_read_choice(fold(as_text(value))))
    if column.type == "reason":
        return (None, *_read_reason(as_text(value)))
    text = as_text(value).strip()
    if fold(text) in MARKS:
        return None, None, "empty"
    if column.code == "unit_of_measure" and not lexicon.measure(keys.indicator_code).may_be_called(text):
        return None, text, "unit_mismatch"
    return None, lexicon.spelled(text) if column.code in _NAMES else text, "ok"


def _read_reason(text: str) -> tuple[str | None, CellReading]:
    """The code of a reason; some are called what elsewhere marks an empty cell."""
    if reason := no_data_reasons().named(text):
        return reason.code, "ok"
    return None, "empty" if fold(text) in MARKS else "unknown_choice"


def _read_choice(word: str) -> tuple[str | None, CellReading]:
    if word in MARKS:
        return None, "empty"
    chosen = "是" if word in _YES else "否" if word in _NO else None
    return chosen, "ok" if chosen else "unknown_choice"
