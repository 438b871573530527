"""What a Word document says and how each piece of it looks, with what it inherits from its styles worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_BODY_SIZE = 10.5
_SINGLE = 1.25  # of the size: what Word calls one line of Chinese text
_PAGE_FIELD = "PAGE"

# Of a paragraph: its own, and what that is based on.
Styles = tuple[ParagraphStyle, ...]


@dataclass(frozen=True)
class Piece:
    """Text of one look; ``size`` in points, ``colour`` as RRGGBB. A tab is a tab, a line break ``\\n``."""

    text: str
    font: str
    size: float
    is_bold: bool
    colour: str


@dataclass(frozen=True)
class Block:
    """A paragraph; all lengths in points. ``rule``: the colour of a line below it, null: there is none."""

    pieces: tuple[Piece, ...]
    align: WD_ALIGN_PARAGRAPH
    size: float
    leading: float
    first_indent: float
    left_indent: float
    before: float
    after: float
    rule: str | None
    starts_page: bool

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(piece.text for piece in self.pieces)


class StyledDocument:
    """A Word document, its styles looked up once each."""

    def __init__(self, document: Document) -> None:
        self.sections = [*document.sections]
        normal = document.styles["Normal"]
        self._size = normal.font.size.pt if isinstance(normal, ParagraphStyle) and normal.font.size else _BODY_SIZE
        self._chains: dict[str | None, Styles] = {}

    def block_of(self, paragraph: Paragraph) -> Block:
        """A paragraph with its own layout over that of its styles, the nearest first."""
        styles = self._styles_of(paragraph)
        pieces = tuple(self._piece(run, styles) for run in paragraph.runs if run.text)
        size = max((piece.size for piece in pieces), default=self._size_of(styles))
        formats = [paragraph.paragraph_format, *(style.paragraph_format for style in styles)]
        return Block(
            pieces=pieces,
            align=_first(formats, "alignment") or WD_ALIGN_PARAGRAPH.LEFT,
            size=size,
            leading=_leading(_first(formats, "line_spacing"), size),
            first_indent=_points(_first(formats, "first_line_indent")),
            left_indent=_points(_first(formats, "left_indent")),
            before=_points(_first(formats, "space_before")),
            after=_points(_first(formats, "space_after")),
            rule=_rule(paragraph),
            starts_page=bool(_first(formats, "page_break_before")),
        )

    def _styles_of(self, paragraph: Paragraph) -> Styles:
        name = paragraph._p.style
        if name not in self._chains:
            self._chains[name] = tuple(_chain(paragraph))
        return self._chains[name]

    def _piece(self, run: Run, styles: Styles) -> Piece:
        fonts = [run.font, *(style.font for style in styles)]
        size = run.font.size.pt if run.font.size else self._size_of(styles)
        colour = next((font.color.rgb for font in fonts if font.color.rgb), None)
        return Piece(run.text, _font_name(run, styles), size, bool(_first(fonts, "bold")), str(colour or "000000"))

    def _size_of(self, styles: Styles) -> float:
        size = _first([style.font for style in styles], "size")
        return float(size.pt) if size else self._size


def footer_of(section: Section) -> str:
    """The footer's text, with ``{page}`` where the number of the page stands."""
    return "".join(text for paragraph in section.footer.paragraphs for text in _with_fields(paragraph))


def _with_fields(paragraph: Paragraph) -> Iterator[str]:
    """Text, and ``{page}`` for the field; what Word last showed in a field is left out."""
    is_result = False
    for node in paragraph._p.iter():
        if node.tag == qn("w:fldChar"):
            is_result = node.get(qn("w:fldCharType")) == "separate"
        elif _PAGE_FIELD in (node.get(qn("w:instr")) or "") or (
            node.tag == qn("w:instrText") and _PAGE_FIELD in node.text
        ):
            yield "{page}"
        elif node.tag == qn("w:t") and not is_result and not _is_in_field(node):
            yield node.text or ""


def _is_in_field(node: Any) -> bool:
    return any(parent.tag == qn("w:fldSimple") for parent in node.iterancestors())


def _chain(paragraph: Paragraph) -> Iterator[ParagraphStyle]:
    style = paragraph.style
    while isinstance(style, ParagraphStyle):
        yield style
        style = style.base_style


def _first(levels: Iterable[Any], name: str) -> Any:
    """What the first of them says that says anything."""
    return next((value for one in levels if (value := getattr(one, name)) is not None), None)


def _font_name(run: Run, styles: Styles) -> str:
    """The font for Chinese text; empty where none is named."""
    properties = (run._r.rPr, *(style.element.rPr for style in styles))
    for fonts in (one.rFonts for one in properties if one is not None):
        if fonts is not None and (name := fonts.get(qn("w:eastAsia"))):
            return str(name)
    return ""


def _leading(spacing: Length | float | None, size: float) -> float:
    if isinstance(spacing, Length):
        return float(spacing.pt)
    return size * _SINGLE * (spacing or 1.0)


def _points(length: Length | None) -> float:
    return float(length.pt) if length is not None else 0.0


def _rule(paragraph: Paragraph) -> str | None:
    below = paragraph._p.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    return None if below is None else str(below.get(qn("w:color")) or "000000")
