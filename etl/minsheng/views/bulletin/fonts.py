"""The fonts of the PDF: files a county has put into a folder, or the one every Chinese PDF reader brings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from minsheng.core.errors import UserError
from minsheng.views.bulletin.document import font_files

# Of Adobe's Chinese character set: named in the file and not put into it.
_BROUGHT_ALONG = "STSong-Light"
# What heads a paper is set in these, see GB/T 9704.
_HEAVY = ("黑", "小标宋")


@dataclass(frozen=True)
class Fonts:
    """Which font stands for which name in the template; whatever is not there is the first there is."""

    faces: Mapping[str, str] = field(default_factory=dict)

    def named(self, font: str) -> str:
        """What a font of the template is called here."""
        return self.faces.get(font) or next(iter(self.faces.values()), _BROUGHT_ALONG)

    def lacks_heavy(self, font: str) -> bool:
        """Whether a font is heavier than the one that stands for it."""
        return font not in self.faces and any(name in font for name in _HEAVY)


def fonts_in(folder: Path | None) -> Fonts:
    """The TrueType files of a folder, each under its file's name: ``仿宋.ttf`` stands for 仿宋; null: there are none.

    Raises UserError when one of them cannot be put into a PDF.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(_BROUGHT_ALONG))
    return Fonts({path.stem: _registered(path) for path in font_files(folder)})


def _registered(path: Path) -> str:
    name = f"county-{path.stem}"
    try:
        pdfmetrics.registerFont(TTFont(name, str(path)))
    except (TTFError, OSError) as error:
        raise UserError("font_unfit", path, reason=error) from error
    return name
