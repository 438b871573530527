"""What may be kept of each cell that was read from a file that is not kept: a list of what stays (docs/adr/0059).

Kept are whole words of the form and the plan, what the reader says in words of his own, and of a column of numbers a
number of few digits on a line that the plan knows. Of anything else it is kept that it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

from minsheng.parsing.annotations import SUFFIXES
from minsheng.parsing.lexicon import Lexicon
from minsheng.parsing.reading import ReadCell, ReadForm
from minsheng.plan.form import Form, label_key
from minsheng.plan.reasons import no_data_reasons
from minsheng.spreadsheet.numbers import MARKS, fold, plain
from minsheng.words.chinese import chinese

# A county has fewer inhabitants than this many digits say, and a telephone with its area code, a birthday, a piece of
# an identity number that tells more than a district have more.
_MOST_DIGITS = 7
_MOST_PLACES = 3
_NUMBER = re.compile(r"-?\d++(?:\.\d++)?")
_LETTERS = re.compile(r"[A-Z]++")
_QUOTED = re.compile(r"“[^“”]*+”")
# Where the reader of the form says himself what he has seen: rows, columns, sheets by their number.
_SEEN = frozenset({"rows", "columns", "sheet"})
_LISTED = "、"

# A sheet, by what it is called from now on, and a cell.
Place = tuple[str, str]


def kept(form: ReadForm, doubtful: Collection[Place], lexicon: Lexicon) -> ReadForm:
    """The form in words that may be kept; ``doubtful``: cells whose numbers may be a person's, and so are not."""
    keeper = _Keeper(lexicon, frozenset(doubtful))
    return replace(
        form,
        template_version=keeper.said(form.template_version),
        form_unit=keeper.said(form.form_unit),
        form_period=keeper.month(form.form_period),
        period=form.period if form.period in keeper.months else None,
        cells=tuple(told for cell in form.cells if (told := keeper.told(cell)) is not None),
    )


class _Keeper:
    """Tells a cell in words that may be kept."""

    def __init__(self, lexicon: Lexicon, doubtful: frozenset[Place]) -> None:
        self.months = frozenset(_months(lexicon.year))
        self._year = str(lexicon.year)
        self._known = frozenset(map(label_key, _vocabulary(lexicon)))
        self._indicators, self._members = lexicon.measures.keys(), frozenset(lexicon.members.values())
        self._fields = frozenset(_number_fields(lexicon))
        self._doubtful = doubtful
        self._doubtful_sheets = frozenset(sheet for sheet, _ in doubtful)

    def said(self, text: str | None) -> str | None:
        """A whole word of the form or the plan, or that something stands there."""
        return text if text is None or label_key(text) in self._known else _withheld()

    def month(self, text: str | None) -> str | None:
        """The same of a month, of which those about the plan's year are known."""
        return text if text in self.months else self.said(text)

    def told(self, cell: ReadCell) -> ReadCell | None:
        """The cell; None: not even that it stands there."""
        named = replace(
            cell,
            raw_text=self._raw(cell),
            item_code=self.said(cell.item_code),
            indicator_code=self.said(cell.indicator_code),
            member_code=self.said(cell.member_code),
        )
        if cell.section == "total":
            return self._total(cell, named)
        if cell.field in self._fields and cell.section not in ("heading", "note"):
            return self._counted(cell, named)
        if cell.section == "note" and cell.field in ("title_month", "cut_off"):
            return named if self._is_of_year(cell.text_value or "") else None
        return replace(named, number_value=None, text_value=self._text(cell))

    def _raw(self, cell: ReadCell) -> str | None:
        """What is seen in the cell."""
        text = cell.raw_text
        if cell.field == "content_kind":
            is_known = not text or any(text.lower() in suffixes for suffixes in SUFFIXES.values())
            return text if is_known else _withheld()
        if (cell.section == "sheet" and cell.field in _SEEN) or _is_own_column(cell):
            return text
        return self.month(text) if cell.field == "period" else self.said(text)

    def _text(self, cell: ReadCell) -> str | None:
        """What was made of it."""
        text = cell.text_value
        if text is None or cell.reading == "shifted" or cell.field == "content_kind":
            return text
        if cell.section == "file" and cell.field == "places":
            return _QUOTED.sub(f"“{_withheld()}”", text)
        if cell.section == "note" and cell.field == "repeated":
            return self._numbers_of(cell, text)
        if cell.section == "note" and cell.field == "measure":
            return _LISTED.join(self.said(unit) or "" for unit in text.split(_LISTED))
        return self.month(text) if cell.field in ("period", "file_period") else self.said(text)

    def _numbers_of(self, cell: ReadCell, text: str) -> str:
        """What two lines say, in words of ours, with the numbers that may be kept."""
        may_tell = self._is_of_plan(cell) and cell.sheet_name not in self._doubtful_sheets

        def shown(number: re.Match[str]) -> str:
            return number[0] if may_tell and _is_count(Decimal(number[0])) else _withheld()

        return "，".join(
            line.partition("行")[0] + "行" + _NUMBER.sub(shown, line.partition("行")[2]) for line in text.split("，")
        )

    def _counted(self, cell: ReadCell, named: ReadCell) -> ReadCell:
        """A cell of a column of numbers; one that is not told is not taken for an empty one."""
        number = cell.number_value
        if number is None:
            return replace(named, text_value=self._text(cell))
        is_doubtful = (cell.sheet_name, cell.cell_ref) in self._doubtful
        if is_doubtful or not self._is_of_plan(cell) or not _is_count(number):
            return replace(named, raw_text=_withheld(), reading="unkept", number_value=None, text_value=None)
        return replace(named, raw_text=_as_number(cell.raw_text, number), text_value=plain(number))

    def _total(self, cell: ReadCell, named: ReadCell) -> ReadCell | None:
        """A total, if both it and what its lines come to may be kept."""
        number, lines = cell.number_value, Decimal(cell.text_value or 0)
        if number is None or cell.sheet_name in self._doubtful_sheets or not (_is_count(number) and _is_count(lines)):
            return None
        return replace(named, raw_text=_as_number(cell.raw_text, number))

    def _is_of_plan(self, cell: ReadCell) -> bool:
        return cell.indicator_code in self._indicators or cell.member_code in self._members

    def _is_of_year(self, day: str) -> bool:
        """Whether a month, 05 or 2022-05, or a day is of the plan's year."""
        return len(day) == len("05") or day.startswith(self._year)


def _is_count(number: Decimal) -> bool:
    """Whether a number is short enough to be nobody's."""
    digits, places = plain(abs(number)).replace(".", "").lstrip("0"), plain(number).partition(".")[2]
    return len(digits) <= _MOST_DIGITS and len(places) <= _MOST_PLACES


def _as_number(text: str | None, number: Decimal) -> str:
    """The number as it is written, if that is all that is written."""
    is_plain = text is not None and fold(text) == plain(number)
    return text if text is not None and is_plain else _withheld()


def _is_own_column(cell: ReadCell) -> bool:
    """Whether a column without a name is called by its letters."""
    letters = _LETTERS.match(cell.cell_ref or "")
    is_column = cell.section == "note" and cell.field == "column"
    return is_column and letters is not None and cell.raw_text == f"{letters[0]} 列"


def _withheld() -> str:
    return chinese().thing["withheld text"]


def _months(year: int) -> Iterator[str]:
    """Every month of the year and of those beside it, as they are written in figures."""
    for each in (year - 1, year, year + 1):
        for month in range(1, 13):
            yield from (f"{each}-{month:02}", f"{each}年{month}月", f"{each}年{month:02}月")


def _number_fields(lexicon: Lexicon) -> Iterator[str]:
    sheets = (sheet for form in lexicon.forms for sheet in form.sheets)
    yield from (column.code for sheet in sheets for column in sheet.columns if column.type == "number")


def _vocabulary(lexicon: Lexicon) -> Iterator[str]:
    """Everything the form and the plan say themselves."""
    for form in lexicon.forms:
        yield from _of_form(form)
    yield from (*lexicon.names, *lexicon.unit_codes, *lexicon.spellings, *lexicon.members, *lexicon.members.values())
    for code, measure in lexicon.measures.items():
        yield from (code, code.rpartition("-")[0], *measure.names, *measure.units)
    for reason in no_data_reasons().reasons:
        yield from (reason.code, *reason.keys)
    yield from (*MARKS, *chinese().thing.values(), *(f"（{words}）" for words in chinese().cell_reading.values()))


def _of_form(form: Form) -> Iterator[str]:
    yield form.template_version
    for labelled in (*form.header, *form.signature):
        yield from labelled.keys
    for sheet in form.sheets:
        yield from sheet.keys
        for column in sheet.columns:
            yield from (*column.keys, *column.choices)
