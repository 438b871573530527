"""How the cells of an xlsb look: its parts of styles and of shared texts."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from minsheng.spreadsheet.appearance import Look, Looks
from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.formats import BUILT_IN, shown_as, text_shown_as
from minsheng.spreadsheet.xlsb_records import read_records, wide_text

_TEXT, _FONT, _FORMAT, _STYLE, _CONDITIONAL = 19, 43, 44, 47, 507
_BEGIN_STYLES, _END_STYLES = 617, 618
_STRUCK_OUT = 0x08
# What a conditional look consists of: properties of a number, a size and a value.
_STRIKES, _FORMAT_CODE, _FORMAT_NUMBER = 29, 38, 41


def read_looks(styles: bytes, texts: bytes, budget: Budget) -> Looks[int]:
    """The looks by the numbers that cells give; nothing is said of either by a part that is empty."""
    shown = dict(BUILT_IN)
    texts_shown: dict[int, str] = {}
    fonts: list[bool] = []
    cells: list[tuple[int, int]] = []
    conditional: list[bytes] = []
    is_for_cells = False
    for kind, body in read_records(styles, budget):
        if kind == _FORMAT:
            number, code = unpack_from("<H", body)[0], wide_text(body, 2)
            shown[number], texts_shown[number] = shown_as(code) or "", text_shown_as(code) or ""
        elif kind == _FONT:
            fonts.append(bool(body[2] & _STRUCK_OUT or unpack_from("<H", body, 6)[0]))
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            is_for_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and is_for_cells:
            cells.append(unpack_from("<HH", body, 2))
        elif kind == _CONDITIONAL:
            conditional.append(body)
    marked = frozenset(number for number, is_marked in enumerate(fonts) if is_marked)
    return Looks(
        {number: how for number, (one, _) in enumerate(cells) if (how := shown.get(one))},
        frozenset(number for number, (_, font) in enumerate(cells) if font in marked),
        _marked_texts(texts, marked, budget),
        {number: _conditional_look(body, shown) for number, body in enumerate(conditional)},
        marked,
        {number: how for number, (one, _) in enumerate(cells) if (how := texts_shown.get(one))},
    )


def fonts_of_runs(text: bytes) -> Iterator[int]:
    """The fonts of a text's runs; one that begins behind the last character is none."""
    if text[0] & 1:
        length = unpack_from("<L", text, 1)[0]
        place = 5 + 2 * length
        for number in range(unpack_from("<L", text, place)[0]):
            first, font = unpack_from("<HH", text, place + 4 + 4 * number)
            if first < length:
                yield font


def _marked_texts(texts: bytes, fonts: frozenset[int], budget: Budget) -> frozenset[int]:
    if not fonts:
        return frozenset()
    bodies = (body for kind, body in read_records(texts, budget) if kind == _TEXT)
    return frozenset(number for number, body in enumerate(bodies) if not fonts.isdisjoint(fonts_of_runs(body)))


def _conditional_look(body: bytes, shown: dict[int, str]) -> Look:
    look, place = Look(), 6
    for _ in range(unpack_from("<H", body, 4)[0]):
        kind, size = unpack_from("<HH", body, place)
        value = body[place + 4 : place + size]
        if kind == _STRIKES:
            look = Look(look.number, bool(value[0]))
        elif kind == _FORMAT_CODE:
            look = Look(shown_as(value[2 : 2 + 2 * unpack_from("<H", value)[0]].decode("utf-16-le")), look.is_marked)
        elif kind == _FORMAT_NUMBER and not look.number:
            look = Look(shown.get(unpack_from("<H", value)[0]) or None, look.is_marked)
        place += size
    return look
