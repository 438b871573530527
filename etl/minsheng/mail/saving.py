"""Saving a workbook so that the same content is the same bytes: no clock inside."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class _TimelessZip(ZipFile):
    """A zip archive whose members all carry the same date."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(ZipInfo(name, _ZIP_EPOCH), data, compress_type=ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


def workbook_bytes(workbook: Workbook, written_on: datetime) -> bytes:
    """The workbook as .xlsx; ``written_on`` is what its properties name as created and modified."""
    moment = written_on.replace(tzinfo=None)
    workbook.properties.created = moment
    workbook.properties.modified = moment
    buffer = BytesIO()
    ExcelWriter(workbook, _TimelessZip(buffer, "w")).save()
    return buffer.getvalue()
