"""Pictures in a workbook. Nobody can see whether one is a seal, a photograph of a card or a list of persons."""

from __future__ import annotations

import re

from minsheng.spreadsheet.container import Container

_PICTURE = re.compile(
    r"(?:.*/)?media/.+|Pictures/.+|.*\.(?:png|jpe?g|jfif|gif|bmp|tiff?|webp|heic|svg|emf|wmf|emz|wmz|ico)", re.I
)
# What a program draws of the file for its own list of files.
_THUMBNAIL = re.compile(r"(?:docProps|Thumbnails)/[^/]*", re.I)
# The entry of one picture in the drawings of an xls: its kind, and the mark of such an entry.
_ENTRY_IN_XLS = re.compile(rb"[\x22\x32\x42\x52\x62\x72]\x00\x07\xf0")


def has_picture(container: Container) -> bool:
    """Whether a workbook holds a picture."""
    if container.kind == "xls":
        return _ENTRY_IN_XLS.search(container.content) is not None
    return any(_PICTURE.fullmatch(name) and not _THUMBNAIL.fullmatch(name) for name in container.part_names)
