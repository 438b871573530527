"""A file on somebody else's server: read, and put away once it has landed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from minsheng.core.outcome import Outcome
from minsheng.source.content import FileContent, content_of, sketch
from minsheng.source.delivery import SentFile
from minsheng.source.line import ServerLine
from minsheng.source.memory import Mark
from minsheng.source.putting_away import CHANGED, NOT_PUT_AWAY, Away, ChangedError, Lying, put_away
from minsheng.source.store import Listed
from minsheng.source.troubles import StoreError
from minsheng.spreadsheet.container import MAX_BYTES

GROWING = "文件还在写入或刚刚变动，下次再取"
FORBIDDEN = "服务器不让读取（{reason}），请对方检查权限"
_GONE = "取件时不见了，可能正在改名或移动；下次再取"
_BROKEN = "读取时连接中断（{reason}），下次再取"


@dataclass(frozen=True)
class RemoteDelivery(SentFile):
    """A file on a server, as it was listed twice."""

    parent: str
    listed: Listed
    line: ServerLine
    root: str
    away: Away

    @property
    def stays(self) -> bool:
        """Unless the declaration asks for something else."""
        return self.away.after == "keep"

    @property
    def mark(self) -> Mark | None:
        """Size, time and tag; null where the server tells none."""
        return self.listed.mark if self.listed.mark != Mark() else None

    @property
    def changed_at(self) -> datetime | None:
        """When it was last changed, by the server's clock."""
        return self.listed.changed_at

    @property
    def references(self) -> tuple[str, ...]:
        """None: a file answers nothing."""
        return ()

    def read(self) -> FileContent | Outcome:
        """What it holds, or why it is not taken now; of one larger than anything we read nothing is fetched."""
        mark = self.listed.mark
        if mark.byte_count is not None and mark.byte_count > MAX_BYTES:
            return self._unread(mark.byte_count)
        try:
            data = self.line.read(self.listed.path, MAX_BYTES)
        except StoreError as error:
            return self._untaken(error)
        if mark.byte_count is None and len(data) > MAX_BYTES:
            return self._unread(len(data))
        if mark.byte_count not in (None, len(data)):
            return Outcome(self.label, "busy", GROWING)
        return content_of(data)

    def put_away(self, sha256: str) -> Outcome | None:
        """Delete or move it there; gives why that could not be done."""
        file = Lying(self.listed.path, self.listed.raw, self.unit_code, self.root)
        work = partial(put_away, away=self.away, file=file, sha256=sha256)
        try:
            self.line.apply(work)
        except ChangedError:
            return Outcome(self.label, "left", CHANGED)
        except StoreError as error:
            if error.trouble not in ("missing", "forbidden"):
                self.line.broke(error)
            return Outcome(self.label, "left", NOT_PUT_AWAY.format(reason=error.reason))
        return None

    def _unread(self, byte_count: int) -> FileContent:
        told = f"{self.listed.mark.stamp}\n{self.listed.mark.tag}".encode()
        return FileContent(None, sketch(byte_count, told), byte_count)

    def _untaken(self, error: StoreError) -> Outcome:
        if error.trouble == "missing":
            return Outcome(self.label, "busy", _GONE)
        if error.trouble == "forbidden":
            return Outcome(self.label, "unreadable", FORBIDDEN.format(reason=error.reason))
        self.line.broke(error)
        return Outcome(self.label, "unreadable", _BROKEN.format(reason=error.reason))
