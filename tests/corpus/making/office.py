"""Opening and saving files with programs: LibreOffice, many files a start, Gnumeric, and what web pages use."""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

# Comma, double quote, UTF-8, from the first line, cells as they are shown.
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
_FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "ods": "ods:calc8",
    "csv": _CSV,
    "html": "html:HTML (StarCalc)",
}
_GNUMERIC = {
    "xlsx": "Gnumeric_Excel:xlsx2",
    "ods": "Gnumeric_OpenCalc:odf",
    "strict-ods": "Gnumeric_OpenCalc:openoffice",
    "xls": "Gnumeric_Excel:excel_biff8",
    "biff7-xls": "Gnumeric_Excel:excel_biff7",
    "gnumeric": "Gnumeric_XmlIO:sax",
    "slk": "Gnumeric_sylk:sylk",
    "csv": "Gnumeric_stf:stf_csv",
}
_SHEETJS = {"xls": "biff8", "biff5-xls": "biff5"}
_CONVERT = Path(__file__).with_name("convert.cjs")


def saved_by(program: str, contents: Mapping[str, bytes], form: str) -> dict[str, bytes]:
    """Each xlsx opened and saved by a program: ``lo``, ``gnm``, ``sheetjs`` or ``exceljs``."""
    if program == "lo":
        return saved_by_libreoffice(contents, form)
    return {name: _saved_alone(program, content, form) for name, content in contents.items()}


def _saved_alone(program: str, content: bytes, form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        draft, saved = Path(folder) / "draft.xlsx", Path(folder) / f"saved.{form.rpartition('-')[2]}"
        draft.write_bytes(content)
        subprocess.run(_command(program, form, draft, saved), check=True, capture_output=True)
        return saved.read_bytes()


def _command(program: str, form: str, draft: Path, saved: Path) -> list[str]:
    if program == "gnm":
        return ["ssconvert", "-T", _GNUMERIC[form], str(draft), str(saved)]
    return ["node", str(_CONVERT), program, _SHEETJS.get(form, form), str(draft), str(saved)]


def saved_by_libreoffice(contents: Mapping[str, bytes], suffix: str) -> dict[str, bytes]:
    """Each xlsx opened and saved in a format, by name; every formula is calculated."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        # A name with dots in it would lose its last part.
        drafts = {name: root / f"{number}.xlsx" for number, name in enumerate(contents)}
        for name, path in drafts.items():
            path.write_bytes(contents[name])
        command = ["soffice", f"-env:UserInstallation={(root / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", _FILTERS[suffix], "--outdir", str(root / "out"), *map(str, drafts.values())]
        subprocess.run(command, check=True, capture_output=True)
        saved = {name: (root / "out" / f"{path.stem}.{suffix}").read_bytes() for name, path in drafts.items()}
    return {name: _without_picture(one) for name, one in saved.items()} if suffix == "ods" else saved


def _without_picture(content: bytes) -> bytes:
    """The same without the preview, which is half of an ods and is read by nobody here."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if not member.filename.startswith("Thumbnails/"):
                target.writestr(member, source.read(member))
    return stream.getvalue()
