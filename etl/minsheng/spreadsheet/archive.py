"""The parts of a zip file, unpacked once for all who look into them."""

from __future__ import annotations

import io
import zipfile
from copy import copy
from typing import IO

from minsheng.spreadsheet.features import CHUNK_BYTES

# Of all parts together; a workbook with more is unpacked again for whoever looks into it.
_MOST_KEPT_BYTES = 8 << 20


class Archive(zipfile.ZipFile):
    """A zip file in memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self._unpacked: dict[str, bytes] = {}
        self._room = _MOST_KEPT_BYTES

    def is_as_declared(self, member: zipfile.ZipInfo) -> bool:
        """Whether a part unpacks to what the directory says: that is only a claim, and calamine reads on past it.

        Keeps the part. Raises what zipfile does for a part that cannot be unpacked.
        """
        claimed = copy(member)
        claimed.file_size += 1  # where zipfile stops reading
        is_kept = member.file_size <= self._room
        pieces, count = [], 0
        with super().open(claimed) as part:
            while piece := part.read(CHUNK_BYTES):
                count += len(piece)
                pieces += [piece] if is_kept else []
        if count == member.file_size and is_kept:
            self._room -= count
            self._unpacked[member.filename] = b"".join(pieces)
        return count == member.file_size

    def kept(self, name: str) -> bytes | None:
        """A part that was kept when it was looked at; None: it has to be unpacked again."""
        return self._unpacked.get(name)

    def unpacked(self, name: str) -> bytes:
        """A part; raises KeyError when there is none of this name, and what zipfile does."""
        kept = self.kept(name)
        return self.read(name) if kept is None else kept

    def stream(self, name: str) -> IO[bytes]:
        """A part, as a stream; raises as ``unpacked``."""
        kept = self.kept(name)
        return self.open(name) if kept is None else io.BytesIO(kept)
