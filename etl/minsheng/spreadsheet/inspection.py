"""Following a workbook before it is read: its kind told from its content, then each kind in its own way."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.container import Container
from minsheng.spreadsheet.features import Budget, RefusedError
from minsheng.spreadsheet.inspected import Followed
from minsheng.spreadsheet.ods import OdsSheet, read_ods
from minsheng.spreadsheet.xls import follow_xls
from minsheng.spreadsheet.xlsb import follow_xlsb
from minsheng.spreadsheet.xlsx import follow_xlsx

# What following raises for a file that no spreadsheet program writes.
UNFOLLOWED = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    ValueError,
)
_PACKAGES: dict[str, Callable[[Archive, Budget], Followed]] = {"xlsx": follow_xlsx, "xlsb": follow_xlsb}


def follow(container: Container, budget: Budget) -> Followed:
    """What is known of a workbook; raises RefusedError with the reason why the file must not be read."""
    try:
        if container.archive is None:
            return follow_xls(container.content, budget)
        return _PACKAGES[container.kind](container.archive, budget)
    except UNFOLLOWED as error:
        raise RefusedError("damaged") from error


def sheets_of_ods(archive: Archive, budget: Budget) -> list[OdsSheet]:
    """Every sheet of an OpenDocument spreadsheet with its values; raises as ``follow``."""
    try:
        return read_ods(archive, budget)
    except UNFOLLOWED as error:
        raise RefusedError("damaged") from error
