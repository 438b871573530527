"""Words beside the numbers that say what these are counted in: 单位：万人次, 数据均以万计, 累计数（万人）.

They may stand above or below the table, in its title or headings, in a line's remark or on a sheet of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from minsheng.core.text import remembered
from minsheng.parsing.annotations import note, pieces_beside, texts
from minsheng.parsing.reading import NoteReading, ReadCell
from minsheng.parsing.tables import Table
from minsheng.parsing.units import SCALE, UNIT, ZEROS, kind_of, name_and_unit, same
from minsheng.plan.form import label_key
from minsheng.spreadsheet.book import Book
from minsheng.spreadsheet.grid import Grid, address
from minsheng.spreadsheet.numbers import fold

# 填报单位 and 实施单位 are organisations: a unit of measure is called that, or just 单位, also behind a title.
_OF_NUMBERS = "(?:计量|计数|度量|统计|数量|数据|数字|数值|指标|[此该各]数|[本该此][行列表项])的?单位"
_LABEL = rf"(?:{_OF_NUMBERS}|(?:(?<![\u4e00-\u9fff])|(?<=表))单位)(?:均|都|一律)?[:为是]*"
_LABELS = re.compile(_LABEL)
_LABELLED = re.compile(_LABEL + r"[(\[【]?(?P<words>[^()\[\]【】;。:]*)")
# What people put a unit in: 以“万人次”为单位.
_QUOTE = "[“”\"'‘’「」]?"
# A scale without a unit may be a piece of how a number is shown.
_ALONE = re.compile(f"{SCALE}{UNIT}")
_BETWEEN = re.compile(r"[、,/和及或与]")
# 以万计, 按千人填报, 以万人次为单位.
_BY = re.compile(
    rf"[以按用]照?{_QUOTE}(?P<unit>{SCALE}{UNIT}?){_QUOTE}"
    r"(?:为(?:计量|统计|数据)?单位|来?计(?:算|数|量)?|统计|填|报|列|表示|记|的?口径)"
)
# 均为万元, 数据都是万人; but each of them may well be 十人.
_ARE = re.compile(
    rf"(?:均|都|全部?|一律|数据|数字|数值|各数|数量)(?:均|都|全部?)?[为是:]{_QUOTE}(?P<unit>[十百]?[千万亿]{UNIT}?){_QUOTE}(?![\u4e00-\u9fff])"
)
# 以上均为百人次数, 数字为百人次: of the numbers themselves nobody says how many they are.
_ALL_ARE = re.compile(
    rf"(?:数据|数字|数值|各数|(?<![\u4e00-\u9fff\d])(?:以上|上述))(?:均|都|全部?|一律)?[为是]{_QUOTE}"
    rf"(?P<unit>[十百千万亿拾佰仟]+{UNIT})数?{_QUOTE}(?![\u4e00-\u9fff])"
)
_ARE_COUNTS = re.compile(
    rf"(?:均|都|一律)[为是]{_QUOTE}(?P<unit>[十百千万亿拾佰仟]+{UNIT})数{_QUOTE}(?![\u4e00-\u9fff])"
)
# 各数已除以10000, 缩小了一万倍.
_DIVIDED = re.compile(rf"(?:除以|缩小|扩大|乘以?)了?一?(?P<unit>{SCALE})倍?")
# 实际数=表中数×100.
_TIMES = re.compile(
    rf"(?:实际|真实|表[中内]|本表|填报|各)的?(?:数[字值据量]?|人次|人数)[^。;,×*x]{{0,9}}[×*x]\(?(?P<unit>{SCALE})"
)
# 省略了后面两个零.
_WITHOUT_ZEROS = re.compile(rf"(?:省略?|省去|略去|去掉?|少写?|不写|舍去)了?(?:后面|末尾|最后|后)?的?(?P<unit>{ZEROS})")
_PHRASES = (_BY, _ARE, _ALL_ARE, _ARE_COUNTS, _DIVIDED, _TIMES, _WITHOUT_ZEROS)
_BRACKETED = re.compile(r"[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]")
_BRACKETED_AS_WRITTEN = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_REACH = 6
_MONEY = re.compile(r"资金|投资|投入|经费|金额|补助|补贴|产值|收入|支出|拨付|拨款|费用")
_TEXTS = frozenset({"correction_reason", "progress", "issue", "evidence", "remark"})
# A sheet with numbers is another table of the unit's; what it says of these is not said of the form's, unless by name.
_OF_FORM = re.compile(r"填报|报送|本表|上报|月报")


def read_measures(table: Table, lines: Sequence[ReadCell]) -> Iterator[ReadCell]:
    """Notes that name another unit than the lines do; reading ``factor`` if the numbers may be many times off."""
    fields = {cell.cell_ref: cell.field for cell in lines}
    units = units_of(lines)
    for row, column, text in texts(table.grid, range(len(table.grid.rows))):
        if not _may_say(text):
            continue
        field = fields.get(address(row, column))
        if row == table.header_row:
            said = _in_heading(table, column, text)
        elif field is None:
            said = (*_labelled(table.grid, row, column, fold(text)), *_above(table, row, column, fold(text)))
        else:
            said = _in_line(text) if field in _TEXTS else ()
        yield from _notes(table.grid, (row, column, text), said, units, is_line=field is not None)


def read_elsewhere(grid: Grid, units: frozenset[str]) -> Iterator[ReadCell]:
    """The same of a sheet that is no table of the form, of which the lines' units are ``units``."""
    numbers = (
        isinstance(grid.rows[row][column], int | float)
        for row, filled in enumerate(grid.filled)
        for column, _ in filled
    )
    is_table = sum(numbers) > 1
    for row, column, text in texts(grid, range(len(grid.rows))):
        if _may_say(text) and (not is_table or _OF_FORM.search(text)):
            yield from _notes(
                grid, (row, column, text), (*_labelled(grid, row, column, fold(text)),), units, is_line=False
            )


def read_outside(book: Book, units: frozenset[str]) -> Iterator[ReadCell]:
    """The same of what stands in no cell: comments, prompts, headers and footers, the names of sheets."""
    for grid in book.sheets:
        name = fold(grid.name)
        yield from _outside((grid.name, grid.name), (*_said(name), *_bracketed(name)), units)
    for piece in filter(_may_say, pieces_beside(book)):
        text = fold(piece)
        alone = text.strip("()[]【】")
        is_unit = _ALONE.fullmatch(alone) is not None
        yield from _outside(("", piece), (f"单位:{alone}",) if is_unit else (*_said(text),), units)


@remembered
def _may_say(text: str) -> bool:
    """Whether a text, wherever it stands, says anything of units at all; hardly any does."""
    words = fold(text)
    alone = words.strip("()[]【】")
    return (
        any(pattern.search(words) for pattern in (_LABELLED, *_PHRASES))
        or "scaled" in (kind_of(words), kind_of(alone))
        or any(_bracketed(words))
        or name_and_unit(label_key(text)) is not None
    )


def _bracketed(text: str) -> Iterator[str]:
    return (found[0] for found in _BRACKETED.finditer(text) if kind_of(found["unit"]) == "scaled")


def _said(text: str) -> Iterator[str]:
    """What a text by itself says of units, after a label or in so many words."""
    yield from (found[0] for found in _LABELLED.finditer(text))
    yield from _in_words(text)


def _outside(place: tuple[str, str], said: Sequence[str], units: frozenset[str]) -> Iterator[ReadCell]:
    """``place``: the sheet, where it is known, and the whole text."""
    sheet_name, text = place
    told = "、".join(sorted(units - {""}))
    for words in dict.fromkeys(said):
        if _contradicted(_words(words), units) == "factor":
            quoted = _as_written(words, text)
            yield ReadCell(sheet_name, None, None, "note", "measure", "factor", raw_text=quoted, text_value=told)


def units_of(lines: Sequence[ReadCell]) -> frozenset[str]:
    """What the lines say they are counted in; the empty word where none says anything."""
    named = (cell for cell in lines if cell.field == "unit_of_measure" and cell.section != "heading")
    units = {same(fold(cell.raw_text or "")) for cell in named}
    return frozenset(units or ({""} if lines else ()))


def _notes(
    grid: Grid, place: tuple[int, int, str], said: Sequence[str], units: frozenset[str], *, is_line: bool
) -> Iterator[ReadCell]:
    """``place``: row, column and text."""
    row, column, text = place
    told = "、".join(sorted(units - {""}))
    for words in dict.fromkeys(said):
        contradicted = _contradicted(_words(words), units)
        if contradicted == "factor" or (contradicted and not is_line):
            yield note(grid, row, column, "measure", contradicted, _as_written(words, text), told)


def _as_written(words: str, text: str) -> str:
    """Folded words as they stand in the text: by themselves, in brackets, or else all of it, with the cell beside."""
    label = fold(text)
    if words != label and words.startswith(label):
        return text.strip() + words.removeprefix(label)
    unit = words.removeprefix("单位:")
    bracketed = (found[0] for found in _BRACKETED_AS_WRITTEN.finditer(text) if unit in fold(found[0]))
    return words if words in text else next(bracketed, text)


def _in_heading(table: Table, column: int, text: str) -> tuple[str, ...]:
    found = name_and_unit(label_key(text))
    is_of_form = found and (column in table.columns.values() or table.sheet.column_under(found[0]))
    return (f"单位:{found[1]}",) if found and is_of_form else ()


def _in_line(text: str) -> tuple[str, ...]:
    """What a remark says of the number it stands beside: of money it may speak in 万元 as it likes."""
    words = fold(text)
    alone = words.strip("()[]【】")
    return (f"单位:{alone}", *_in_words(words)) if kind_of(alone) == "scaled" else (*_said(words),)


def _labelled(grid: Grid, row: int, column: int, text: str) -> Iterator[str]:
    """What a text says of units after a label, in the cell beside the label, or in so many words."""
    for found in _LABELLED.finditer(text):
        is_label = found[0] == text and not found["words"]
        beside = (grid.text(row, right) for right in range(column + 1, column + 1 + _REACH))
        yield text + fold(next(filter(None, beside), "")) if is_label else found[0]
    yield from _in_words(text)


def _in_words(text: str) -> Iterator[str]:
    found = [one for pattern in _PHRASES for one in pattern.finditer(text)]
    said_up_to = 0
    for one in sorted(found, key=lambda one: (one.start(), -one.end())):
        is_part, said_up_to = one.end() <= said_up_to, max(one.end(), said_up_to)
        if not is_part and not (one["unit"].endswith("元") and _MONEY.search(text)):
            yield one[0]


def _above(table: Table, row: int, column: int, text: str) -> Iterator[str]:
    """A unit that stands alone below the table or above a column of the form, or in brackets behind the title."""
    if row > table.header_row:
        yield from (text,) if kind_of(text.strip("()[]【】")) == "scaled" else ()
        return
    yield from _bracketed(text)
    if column in table.columns.values() and kind_of(text) == "scaled":
        labelled = any(_LABELLED.search(fold(other)) for _, _, other in texts(table.grid, (row,)))
        yield from () if labelled else (text,)


def _words(said: str) -> frozenset[str]:
    """The units in ``单位:万人次、个`` or ``均以万计``."""
    for pattern in (*_PHRASES, _BRACKETED):
        if found := pattern.fullmatch(said):
            return frozenset({same(found["unit"])})
    words = _BETWEEN.split(_LABELS.sub("", said).strip("()[]【】"))
    return frozenset(same(word.strip("“”\"'")) for word in words)


def _contradicted(said: Collection[str], units: Collection[str]) -> NoteReading | None:
    """Whether a unit is said that no line has, while some line's own is not said.

    Both parts of a share may be counted in anything, and so may a line that names no unit; but not in ten thousands.
    """
    strange = {kind_of(word) for word in said if word not in units} - {None}
    unsaid = {unit for unit in units if unit not in said}
    if not strange or not (unsaid if "scaled" in strange else unsaid - {"", "%"}):
        return None
    return "other" if strange == {"head"} else "factor"
