"""A list of persons in a sheet: by its headings, by names beside a sex or an age, by names one under another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from minsheng.core.text import remembered
from minsheng.guard.contacts import Signed
from minsheng.guard.persons import Places, words
from minsheng.plan.form import label_key
from minsheng.spreadsheet.grid import Grid, address
from minsheng.spreadsheet.numbers import CellValue, fold_width

# What only a person has, in a cell of its own: a sex, an age, a birthday.
_OF_ONE_PERSON = re.compile(
    r"[男女](?:性|孩|童|士)?|[MF]|[0-9]{1,3}\s?周?岁(?:[0-9]{1,2}个?月)?|[男女](?:性)?[,、 ]{1,2}[0-9]{1,3}\s?周?岁"
    r"|(?:19[1-9]\d|20[01]\d)(?:年[0-9]{1,2}月(?:[0-9]{1,2}日)?生?|[-./][0-9]{1,2}[-./][0-9]{1,2})"
)
# A title over a list: 马楼村学员名单 names a place, too.
_OF_PERSONS = re.compile(r"名册|名单|花名|人员|学员|人名")
_BORN_BEFORE = 2019
# Marks and numbers around the words of a heading: *姓名, 2.姓名（必填）.
_AROUND = re.compile(r"^[\d.、*()\s]+|\([^()]*\)|(?<![*:\s])[*:\s]++$|\[[^\[\]]*\]")
_FEWEST_PERSONS = 5
_FEWEST_NAMES = 8
_LABELS = frozenset(map(label_key, ("姓名", "名字", "学员姓名", "患者姓名", "儿童姓名", "户主姓名", "监护人姓名")))
_HEADING_ROWS = 12
_LONGEST_HEADING = 20
_LONGEST_PLACE = 4


def rosters(grid: Grid, known: Places, signed: Signed = frozenset) -> Iterator[str]:
    """The cells that head a list of persons, and the first name of one without headings; not what is signed."""
    yield from _unheaded(grid, known)
    for row, filled in enumerate(grid.filled):
        for column in (column for column, text in filled if _may_head(text)):
            is_head = _is_heading(grid, row, column, known) or _is_label(grid, row, column, known)
            if is_head and (cell := address(row, column)) not in signed():
                yield cell


@remembered
def _may_head(text: str) -> bool:
    """Whether these are the words of any heading or label, whatever stands beside or below; hardly any are."""
    return not _keys(text).isdisjoint(words().headings | words().headings_of_names | _LABELS)


@remembered
def _keys(heading: str) -> frozenset[str]:
    """A heading as it is compared, and without marks and numbers around its words."""
    return frozenset({label_key(heading), label_key(_AROUND.sub("", fold_width(heading)))})


def _is_heading(grid: Grid, row: int, column: int, known: Places) -> bool:
    value, below = grid.at(row, column), grid.text(row + 1, column).strip()
    if not isinstance(value, str) or not below or len(value) > _LONGEST_HEADING:
        return False
    keys = _keys(value)
    return bool(keys & words().headings) or (bool(keys & words().headings_of_names) and known.is_person(_closed(below)))


def _is_label(grid: Grid, row: int, column: int, known: Places) -> bool:
    """Whether a heading stands beside a name instead of over one, as in a form that one person fills in."""
    value, right = grid.at(row, column), _closed(grid.text(row, column + 1))
    return isinstance(value, str) and label_key(value) in _LABELS and known.is_person(right)


def _unheaded(grid: Grid, known: Places) -> Iterator[str]:
    """The first name of every column of names, none of which stands there often, as those of places do."""
    beside: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    alone: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for row, filled in enumerate(grid.filled):
        values = [(column, grid.rows[row][column]) for column, _ in filled]
        is_of_person = any(_tells_of_person(value) for _, value in values)
        texts = [(column, _closed(value)) for column, value in values if isinstance(value, str)]
        for column, text in ((column, text) for column, text in texts if text):
            alone[column].append((text, row))
            if is_of_person and not _is_of_one_person(text):
                beside[column].append((text, row))
    for column in sorted(alone):
        first = _first_name(beside[column], _FEWEST_PERSONS, known)
        first = _first_name(alone[column], _FEWEST_NAMES, known) if first is None else first
        if first is not None and not _is_of_places(grid, column, first, known):
            yield address(first, column)


def _tells_of_person(value: CellValue) -> bool:
    if isinstance(value, str):
        return _is_of_one_person(value.strip())
    return isinstance(value, date) and value.year < _BORN_BEFORE


@remembered
def _is_of_one_person(text: str) -> bool:
    return _OF_ONE_PERSON.fullmatch(fold_width(text)) is not None


def _first_name(texts: list[tuple[str, int]], fewest: int, known: Places) -> int | None:
    """The row of the first name, if most of a column's texts are names of persons, and most of those differ."""
    if len(texts) < fewest:
        return None
    names = [(text, row) for text, row in texts if known.is_person(text)]
    distinct = {text for text, _ in names}
    places = {text for text, _ in texts if _is_place(text, known)}
    is_list = known.are_persons(distinct, fewest) and 2 * len(distinct) > len(names) and len(distinct) > 2 * len(places)
    return names[0][1] if is_list else None


def _is_of_places(grid: Grid, column: int, first: int, known: Places) -> bool:
    """Whether the nearest words above the first name say that places, units or things stand in the column."""
    above = (_closed(grid.text(row, column)) for row in range(first, max(first - _HEADING_ROWS, -1), -1))
    heading = next((text for text in above if text and not known.is_person(text)), "")
    return words().headings_of_places.search(heading) is not None and _OF_PERSONS.search(heading) is None


def _is_place(text: str, known: Places) -> bool:
    return text in known.names or (len(text) <= _LONGEST_PLACE and text[-1] in words().place_endings)


@remembered
def _closed(text: str) -> str:
    """A name of two characters in one piece: 王　芳 is 王芳."""
    return "".join(text.split())
