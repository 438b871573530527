"""Opening and saving files with LibreOffice: many files a start."""

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
