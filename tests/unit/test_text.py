"""What no workbook, page or database can hold never gets past the reader."""

import io
import zipfile

import pytest

from minsheng.core.text import on_one_line, printable
from tests.books import open_grids, refuse_container
from tests.workbooks import as_bytes, manholes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第一行\x0b第二行\x0c第三行", "第一行\n第二行\n第三行"),
        ("\x00空\x1b[31m", "\ufffd空\ufffd[31m"),
        ("半个\ud83d字\uffff", "半个\ufffd字\ufffd"),
        ("照旧\t一\r\n二\u3000😀", "照旧\t一\r\n二\u3000😀"),
    ],
)
def test_soft_returns_are_line_breaks_and_what_nothing_shows_is_seen_to_be_missing(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_names_have_no_line_breaks() -> None:
    assert on_one_line("甲\r\n乙\x07") == "甲\ufffd\ufffd乙\ufffd"


def test_a_soft_return_as_excel_keeps_it_is_a_line_break() -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_bytes(manholes(121, 521)))) as made, zipfile.ZipFile(book, "w") as changed:
        for part in made.infolist():
            content = made.read(part)
            changed.writestr(
                part, content.replace("窨井设施维护改造数".encode(), "窨井设施_x000B_维护_x0001_".encode())
            )
    grids, reading = open_grids(book.getvalue())
    texts = [value for grid in grids for row in grid.rows for value in row if isinstance(value, str)]
    assert reading == "ok"
    assert "窨井设施\n维护\ufffd" in texts


def test_control_characters_in_a_csv_of_two_bytes_a_character_are_replaced() -> None:
    (grid,), reading = open_grids("\ufeff指标,数\nA\x00B,1\x1b2\n".encode("utf-16-le"))
    assert (reading, grid.rows[1]) == ("ok", ["A\ufffdB", "1\ufffd2"])


def test_a_page_behind_ever_so_many_comments_is_told_at_once() -> None:
    """Each comment more once doubled the time: sixty took longer than anybody waits."""
    assert refuse_container(b"<!---->" * 60 + b"x,1\n") is None
    assert refuse_container(b"<!-- a -->\n" * 60 + b"<table>") == "html"
