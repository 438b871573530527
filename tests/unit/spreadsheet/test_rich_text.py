"""A number typed as text of which some digits are struck out or raised, in the two binary formats."""

from struct import pack

import pytest

from tests.books import open_grids
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import only

PLAIN, STRUCK, RAISED = (0, 0), (0x08, 0), (0, 1)
CELLS = range(7)
# Fonts 1 and 2 of xlsb, 5 and 6 of xls: struck out and raised. The last run begins behind the last digit.
TEXTS = ("120", "45", "602", "7", "座205", "88", "9")


def runs(struck: int, raised: int) -> list[list[tuple[int, int]]]:
    return [[], [(0, struck), (1, 0)], [(2, raised)], [(0, 0)], [(1, 0), (2, struck)], [(0, 0), (1, 3)], [(1, struck)]]


TOLD = {(0, 1): "scaled", (0, 2): "scaled", (0, 4): "scaled"}


def font(flags: int, raised: int) -> binary.Record:
    return 0x31, pack("<5HB", 200, flags, 0, 400, raised, 0) + bytes(5)


def in_xls(*bodies: bytes) -> bytes:
    shared = [(0xFC if number == 0 else 0x3C, body) for number, body in enumerate(bodies)]
    cells = [(0xFD, pack("<HHHL", 0, number, 0, number)) for number in CELLS]
    return binary.xls(cells, books=[*(font(*look) for look in (*[PLAIN] * 4, STRUCK, RAISED)), *shared])


def shared_texts() -> list[bytes]:
    texts = zip(TEXTS, runs(5, 6), strict=True)
    return [binary.rich_in_xls(text, *those, wide=not text.isascii()) for text, those in texts]


HEAD = pack("<LL", len(TEXTS), len(TEXTS))


def test_digits_struck_out_or_raised_are_told_in_xls() -> None:
    grid = only(in_xls(HEAD + b"".join(shared_texts())))
    assert grid.rows == [list(TEXTS)]
    assert grid.features.broken == TOLD


def test_texts_that_go_on_in_another_record_are_read_on() -> None:
    texts = shared_texts()
    before, fifth, after = HEAD + b"".join(texts[:4]), texts[4], b"".join(texts[5:])
    inside = 9 + 2 * 2  # behind two of its characters
    grid = only(in_xls(before, fifth[:inside], b"\x01" + fifth[inside:], after))
    assert grid.rows == [list(TEXTS)]
    assert grid.features.broken == TOLD


def test_texts_that_end_too_soon_are_damaged() -> None:
    assert open_grids(in_xls(HEAD + b"".join(shared_texts())[:-9])) == ((), "damaged")


def test_digits_struck_out_or_raised_are_told_in_xlsb() -> None:
    texts = [binary.rich(text, *those) for text, those in zip(TEXTS, runs(1, 2), strict=True)]
    cells = [(7, number, 0, pack("<L", number)) for number in CELLS]
    grid = only(binary.xlsb([(0, 0, cells)], texts=texts, fonts=[PLAIN, STRUCK, RAISED]))
    assert grid.rows == [list(TEXTS)]
    assert grid.features.broken == TOLD


@pytest.mark.parametrize("look", [STRUCK, RAISED])
def test_a_font_that_strikes_out_or_raises_is_told_in_xlsb(look: tuple[int, int]) -> None:
    cells = [(5, 0, 0, pack("<d", 5)), (5, 1, 2, pack("<d", 5)), (7, 2, 2, pack("<L", 0))]
    grid = only(binary.xlsb([(0, 0, cells)], texts=[binary.rich("5")], fonts=[PLAIN, look]))
    assert grid.features.broken == {(0, 1): "scaled", (0, 2): "scaled"}
