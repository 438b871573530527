"""A bulletin in Word laid out as PDF, so that one template makes both; equal documents are equal bytes (docs/adr/0052).

Taken over: page size, margins and orientation of each section, its footer with page numbers, paragraphs with their
styles, tables with their column widths and repeated first row. Left out: pictures, text boxes, headers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from reportlab.lib import textsplit
from reportlab.lib.colors import HexColor, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
    paragraph,
)

from minsheng.views.bulletin.fonts import Fonts
from minsheng.views.bulletin.styled import Block, Piece, StyledDocument, footer_of

_ALIGNED = {
    WD_ALIGN_PARAGRAPH.LEFT: 0,
    WD_ALIGN_PARAGRAPH.CENTER: 1,
    WD_ALIGN_PARAGRAPH.RIGHT: 2,
    WD_ALIGN_PARAGRAPH.JUSTIFY: 4,
}
# What begins no line in Chinese: reportlab knows the marks of Japanese only.
for module in (textsplit, paragraph):
    module.ALL_CANNOT_START += "，；：！？％》”’"
_FOOTER_SIZE = 14
_CELL_PADDING = 2.0
_LINE = 0.5
_STROKE = 0.03  # of the size of the letters
_FILL_AND_STROKE = 2


def to_pdf(document: bytes, title: str, fonts: Fonts) -> bytes:
    """The document as PDF, in the county's fonts or, where there are none, in one that readers bring along."""
    paper, written = StyledDocument(Document(io.BytesIO(document))), io.BytesIO()
    target = BaseDocTemplate(written, title=title, author="minsheng", invariant=1)
    target.addPageTemplates([_page(str(number), one, fonts) for number, one in enumerate(paper.sections)])
    target.build([*_story(paper, fonts)])
    return written.getvalue()


def _page(name: str, section: Section, fonts: Fonts) -> PageTemplate:
    width, height = section.page_width, section.page_height
    left, right, top, bottom = section.left_margin, section.right_margin, section.top_margin, section.bottom_margin
    assert width and height and left and right and top and bottom
    frame = Frame(left.pt, bottom.pt, width.pt - left.pt - right.pt, height.pt - top.pt - bottom.pt, 0, 0, 0, 0)
    footer = footer_of(section)

    def number(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont(fonts.named(""), min(_FOOTER_SIZE, bottom.pt / 3))
        canvas.drawCentredString(width.pt / 2, bottom.pt / 2, footer.replace("{page}", str(canvas.getPageNumber())))

    return PageTemplate(name, [frame], onPage=number, pagesize=(width.pt, height.pt))


def _story(paper: StyledDocument, fonts: Fonts) -> Iterator[Flowable]:
    for number, section in enumerate(paper.sections):
        if number:
            yield from (NextPageTemplate(str(number)), PageBreak())
        for block in section.iter_inner_content():
            if isinstance(block, WordParagraph):
                yield from _paragraph(paper.block_of(block), _room(section), fonts)
            else:
                yield _table(block, paper, fonts)


def _room(section: Section) -> float:
    width, left, right = section.page_width, section.left_margin, section.right_margin
    assert width and left and right
    return float(width.pt - left.pt - right.pt)


def _paragraph(block: Block, room: float, fonts: Fonts) -> Iterator[Flowable]:
    if block.starts_page:
        yield PageBreak()
    left, tab, right = block.text.partition("\t")
    yield _both_edges(block, left, right, room, fonts) if tab else _flowing(block, fonts)
    if block.rule:
        yield HRFlowable("100%", 2, color=HexColor(f"#{block.rule}"), spaceBefore=4, spaceAfter=block.after)


def _flowing(block: Block, fonts: Fonts) -> Paragraph:
    name = block.pieces[0].font if block.pieces else ""
    style = ParagraphStyle(
        "block",
        fontName=fonts.named(name),
        fontSize=block.size,
        leading=block.leading,
        alignment=_ALIGNED.get(block.align, 0),
        firstLineIndent=block.first_indent,
        leftIndent=block.left_indent,
        spaceBefore=block.before,
        spaceAfter=0 if block.rule else block.after,
        textColor=HexColor(f"#{block.pieces[0].colour}") if block.pieces else black,
        wordWrap="CJK",
    )
    kind = HeavyParagraph if fonts.lacks_heavy(name) else Paragraph
    return kind("".join(_marked_up(piece, fonts) for piece in block.pieces), style)


class HeavyParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph whose letters are filled and drawn round: bold, where there is no bold font."""

    def draw(self) -> None:
        """As Paragraph does, on a canvas that strokes its text until it is done."""
        self.canv.saveState()
        self.canv.setLineWidth(self.style.fontSize * _STROKE)
        self.canv.setStrokeColor(self.style.textColor)
        strokes = self.canv.beginText()
        strokes.setTextRenderMode(_FILL_AND_STROKE)
        self.canv.drawText(strokes)
        super().draw()
        self.canv.restoreState()


def _both_edges(block: Block, left: str, right: str, room: float, fonts: Fonts) -> Table:
    """One line: what stands before the tab at the left edge, what stands after it at the right one."""
    piece = block.pieces[0]
    style = [
        ("FONT", (0, 0), (-1, -1), fonts.named(piece.font), piece.size),
        ("ALIGN", (1, 0), (1, 0), "RIGHT"),
        ("TEXTCOLOR", (0, 0), (-1, -1), HexColor(f"#{piece.colour}")),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    return Table([[left, right]], colWidths=[room / 2, room / 2], rowHeights=block.leading, style=TableStyle(style))


def _marked_up(piece: Piece, fonts: Fonts) -> str:
    text = escape(piece.text, quote=False).replace("\n", "<br/>")
    face = fonts.named(piece.font)
    return f'<font name="{face}" size="{piece.size:g}" color="#{piece.colour}">{text}</font>'


def _table(table: WordTable, paper: StyledDocument, fonts: Fonts) -> Table:
    rows = [
        [[_flowing(paper.block_of(paragraph), fonts) for paragraph in cell.paragraphs] for cell in row.cells]
        for row in table.rows
    ]
    widths = [cell.width.pt if cell.width else None for cell in table.rows[0].cells]
    style = [
        ("GRID", (0, 0), (-1, -1), _LINE, HexColor("#000000")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, -1), _CELL_PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    return Table(rows, colWidths=widths, repeatRows=1, style=TableStyle(style))
