"""The paper a bulletin is printed on: the template that ships, and the PDF made of what was filled in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import reportlab
from docx import Document
from docx.shared import Mm
from reportlab.lib import textsplit

from minsheng.core.errors import UserError
from minsheng.views.bulletin.document import SHIPPED, template_of
from minsheng.views.bulletin.fonts import fonts_in
from minsheng.views.bulletin.pdf import to_pdf
from scripts.make_bulletin_template import make

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def written(*lines: str) -> bytes:
    document, content = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(content)
    return content.getvalue()


def test_the_template_that_ships_is_the_one_that_is_made() -> None:
    assert SHIPPED.read_bytes() == make()


def test_a_county_has_its_own_template_or_the_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "lushan.docx").write_bytes(b"its own")
    assert template_of(tmp_path, "lushan") == b"its own"
    assert template_of(tmp_path / "lushan.docx", "elsewhere") == b"its own"
    assert template_of(tmp_path, "elsewhere") == template_of(None, "lushan") == SHIPPED.read_bytes()
    with pytest.raises(UserError, match="读不出来"):
        template_of(tmp_path / "none.docx", "lushan")


def test_equal_documents_are_equal_pdfs_and_need_no_font() -> None:
    document = written("民生实事", "", "甲\t乙")
    made = to_pdf(document, "通报", fonts_in(None))
    assert made == to_pdf(document, "通报", fonts_in(None))
    assert b"STSong-Light" in made and b"FontFile" not in made


def test_no_line_of_a_pdf_begins_with_a_mark_that_ends_a_phrase() -> None:
    for mark in "，；：！？％》”’。、）":
        text = f"{'字' * 10}{mark}{'字' * 5}"
        (line, *_) = textsplit.wordSplit(text, [100], "STSong-Light", 10)
        assert line[1].endswith(mark), mark


def test_the_table_of_the_template_is_as_wide_for_every_program() -> None:
    tables = Document(str(SHIPPED)).tables
    assert len(tables) == 2  # with last year's figures, and without
    for table in tables:
        widths = [cell.width for cell in table.rows[0].cells]
        assert [column.width for column in table.columns] == widths
        assert abs(sum(width or 0 for width in widths) - Mm(267)) < Mm(1)


def test_a_county_puts_its_fonts_into_the_pdf(tmp_path: Path) -> None:
    (tmp_path / "仿宋.ttf").write_bytes(VERA.read_bytes())
    fonts = fonts_in(tmp_path)
    assert b"FontFile2" in to_pdf(written("a line"), "paper", fonts)
    assert (fonts.named("仿宋"), fonts.named("楷体")) == ("county-仿宋", "county-仿宋")
    assert (fonts.lacks_heavy("黑体"), fonts.lacks_heavy("仿宋")) == (True, False)
    (tmp_path / "黑体.ttf").write_bytes(b"no font")
    with pytest.raises(UserError, match=r"黑体\.ttf：不能放进 PDF"):
        fonts_in(tmp_path)
