"""A file in a folder of this machine: read from the folder in which it was listed, and put away once it has landed."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.content import ChangingError, FileContent, NotAFileError, read_file
from minsheng.source.entries import LINK, SPECIAL
from minsheng.source.local import Leaving
from minsheng.source.memory import Mark, entry_key


@dataclass(frozen=True)
class FolderDelivery:
    """A file below a sender's folder. ``name``: its path from there on; ``source``: shown before it, if one is."""

    unit_code: str
    name: str
    folder: int
    raw: bytes
    leaving: Leaving
    source: str = ""

    @property
    def key(self) -> str:
        """Made from its path."""
        return entry_key(self.unit_code, self.name)

    @property
    def mark(self) -> Mark | None:
        """Nothing: whoever reads it, at home, has it as fast as its size and time."""
        return None

    @property
    def changed_at(self) -> datetime | None:
        """When it was last written, where several sources may have files of one name."""
        if not self.source:
            return None
        with suppress(OSError):
            seconds = os.stat(self.raw, dir_fd=self.folder, follow_symlinks=False).st_mtime
            return datetime.fromtimestamp(seconds, UTC)
        return None

    @property
    def references(self) -> tuple[str, ...]:
        """None: a file answers nothing."""
        return ()

    def label_of(self, name: str) -> str:
        """Sender and name as they may be shown and kept."""
        return "/".join(filter(None, (self.source, self.unit_code, name)))

    @property
    def label(self) -> str:
        """The same with its own name."""
        return self.label_of(storable_name(self.name))

    @property
    def stays(self) -> bool:
        """Unless the declaration asks for something else."""
        return self.leaving.away.after == "keep"

    def put_away(self, sha256: str) -> Outcome | None:
        """Delete or move it; gives why that could not be done."""
        return self.leaving.put_away(self.label, self.unit_code, sha256)

    def read(self) -> FileContent | Outcome:
        """What it holds, or why it cannot be taken; raises OSError when the system refuses it."""
        try:
            return read_file(self.raw, self.folder)
        except ChangingError:
            return Outcome(self.label, "busy", "文件正在写入，下次再取")
        except NotAFileError:
            return Outcome(self.label, "misplaced", SPECIAL)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return Outcome(self.label, "misplaced", LINK)
            raise


def unreadable(label: str, error: OSError) -> Outcome:
    """What is said of a file or folder the system does not let us read."""
    return Outcome(label, "unreadable", f"{error.strerror}，文件仍在收件目录")
