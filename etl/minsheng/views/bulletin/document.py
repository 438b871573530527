"""The bulletin in Word: a county's template, or the one that ships, filled in (docs/adr/0052)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.files import digest
from minsheng.views.bulletin.names import Bulletin

SHIPPED = Path(__file__).with_name("bulletin.docx")

# Word shows no moment of a part; without a fixed one, equal bulletins would differ in every byte that says when.
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def template_of(path: Path | None, county: str) -> bytes:
    """A county's template. ``path``: a file, or a folder with ``<county>.docx`` for each that has its own; null: none.

    Raises UserError when the file that is named cannot be read.
    """
    own = path / f"{county}.docx" if path and path.is_dir() else path
    if own is None or (path != own and not own.exists()):
        return SHIPPED.read_bytes()
    try:
        return own.read_bytes()
    except OSError as error:
        raise UserError("file_unreadable", own, reason=error.strerror or error) from error


def font_files(folder: Path | None) -> list[Path]:
    """The font files of a folder; null: there are none."""
    return sorted(folder.glob("*.tt[fc]")) if folder else []


def font_hashes(folder: Path | None) -> dict[str, str]:
    """The hash of each font file of a folder, by name."""
    return {path.name: digest(path) for path in font_files(folder)}


def fill_in(template: bytes, bulletin: Bulletin) -> bytes:
    """The template with its names filled in; equal bulletins are equal bytes.

    What the template names and the bulletin does not have is refused, never left empty: raises UserError.
    """
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    written = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        strict = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        document.render(bulletin.names, strict, autoescape=True)
        document.save(written)
    except (TemplateError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UserError("bulletin_template", "通报模板", reason=error) from error
    return without_moments(written.getvalue())


def without_moments(document: bytes) -> bytes:
    """A Word file without the moments of its parts."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in parts.infolist():
            target.writestr(zipfile.ZipInfo(part.filename, _NO_MOMENT), parts.read(part), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
