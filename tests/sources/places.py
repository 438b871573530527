"""Where a unit leaves its files: a place of each kind, the source that takes from it, and what breaks the way there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy

from minsheng.core.access import Access
from minsheng.source.content import FileContent
from minsheng.source.database import DatabaseSource
from minsheng.source.delivery import Source
from minsheng.source.folder import FolderSource
from minsheng.source.held import HeldDelivery
from minsheng.source.mailbox import MailboxSource
from minsheng.source.putting_away import KEPT, Away
from tests.postgres import postgres_in
from tests.sources.conftest import NOON, Server
from tests.sources.faults import Fault, line_to
from tests.sources.mailbox import KNOWN, LOGIN, PASSWORD, Mailbox, serving_mail
from tests.sources.serve import HOST
from tests.sources.test_kinds import made, serving_kind

DELETING = "deleting-"  # what has landed
_TABLE = 'create table "月报" ("报送期" varchar(7), "指标编码" varchar(10), "本月数" numeric)'


class Place(Protocol):
    """Where a unit leaves its files."""

    def put(self, name: str, content: bytes) -> tuple[str, str]:
        """Leave something there; as what it is to land: its name, and the hash of its bytes."""

    def remove(self, name: str) -> bool:
        """Take away what is to land under this name; whether that can be done there."""


@dataclass
class Breaking:
    """A place, the source that is taken from it by a way that breaks, and whose the files are."""

    place: Place
    source: Source
    break_at: Callable[[Fault, int], None]
    unit: str = "RSJ"


@contextmanager
def breaking(kind: str, secrets: Path, folder: Path) -> Iterator[Breaking]:
    """A place of this kind."""
    others = {"folder": _folder, "imap": _mailbox, "database": _database}
    with others[kind](folder) if kind in others else _server(kind, secrets, folder) as opened:
        yield opened


@dataclass
class _OnServer:
    server: Server

    def put(self, name: str, content: bytes) -> tuple[str, str]:
        self.server.put(f"RSJ/{name}", content)
        return name, sha256(content).hexdigest()

    def remove(self, name: str) -> bool:
        try:
            self.server.remove(f"RSJ/{name}")
        except FileNotFoundError:  # it has been taken, and deleted
            return False
        return True


@contextmanager
def _server(kind: str, secrets: Path, folder: Path) -> Iterator[Breaking]:
    is_deleting, kind = kind.startswith(DELETING), kind.removeprefix(DELETING)
    away = Away("delete") if is_deleting else KEPT
    with serving_kind(kind, secrets, folder, "writable") as port, line_to(port) as line:
        through = replace(made(kind, folder / "files", line.port).source(), away=away)
        yield Breaking(_OnServer(made(kind, folder / "files", port)), through, line.break_at)


@dataclass
class _Mounted:
    """A shared folder; what breaks is the mount, or the unit's folder is a link for a while."""

    base: Path

    def put(self, name: str, content: bytes) -> tuple[str, str]:
        (self.base / "RSJ").mkdir(parents=True, exist_ok=True)
        (self.base / "RSJ" / name).write_bytes(content)
        return name, sha256(content).hexdigest()

    def remove(self, name: str) -> bool:
        (self.base / "RSJ" / name).unlink()
        return True

    def break_at(self, fault: Fault, left: int) -> None:
        for away, back in ((self.base, self.base), (self.base / "RSJ", self.base / "RSJ")):
            if (hidden := away.with_name(f"{away.name}.away")).exists():
                away.unlink(missing_ok=True)
                hidden.rename(back)
        if fault == "refused":
            self.base.rename(self.base.with_name(f"{self.base.name}.away"))
        if fault == "cut":
            (self.base / "RSJ").rename(self.base / "RSJ.away")
            (self.base / "RSJ").symlink_to(self.base / "RSJ.away")


@contextmanager
def _folder(folder: Path) -> Iterator[Breaking]:
    mounted = _Mounted(folder / "mounted")
    yield Breaking(mounted, FolderSource(mounted.base, "共享目录"), mounted.break_at)


@dataclass
class _ByMail:
    box: Mailbox
    sent: int = 0

    def put(self, name: str, content: bytes) -> tuple[str, str]:
        self.sent += 1
        message = EmailMessage()
        message["From"], message["Subject"] = "rsj@lushan.example", "报表"
        message.set_content("见附件")
        message.add_attachment(content, "application", "octet-stream", filename=name)
        self.box.receive(message, NOON + timedelta(minutes=self.sent))
        return name, sha256(content).hexdigest()

    def remove(self, name: str) -> bool:
        return False


@contextmanager
def _mailbox(folder: Path) -> Iterator[Breaking]:
    with serving_mail() as port, line_to(port) as line:
        box = Mailbox(port, "报送")
        source = MailboxSource("邮箱", Access(HOST, line.port, LOGIN, PASSWORD), box.folder, KNOWN, is_secure=False)
        yield Breaking(_ByMail(box), source, line.break_at)
        box.server.logout()


@dataclass
class _InTable:
    """A row for each of three months; what it is to land as is what the database gives by a way that holds."""

    engine: sqlalchemy.Engine
    source: DatabaseSource

    def put(self, name: str, content: bytes) -> tuple[str, str]:
        month = f"2022-0{1 + sum(name.encode()) % 3}"
        number = int.from_bytes(sha256(content).digest()[:4])
        self._run('delete from "月报" where "报送期" = :month', month=month)
        self._run("insert into \"月报\" values (:month, 'M03-01', :number)", month=month, number=number)
        with self.source.open({}) as opened:
            files = [one for one in opened.deliveries() if isinstance(one, HeldDelivery) and month in one.name]
        read = files[0].read()
        assert isinstance(read, FileContent)
        return files[0].name, read.sha256

    def remove(self, name: str) -> bool:
        self._run('delete from "月报" where "报送期" = :month', month=name[-11:-4])
        return True

    def _run(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(sqlalchemy.text(statement), values)


@contextmanager
def _database(folder: Path) -> Iterator[Breaking]:
    short = folder.parent / "pg"  # the path of a socket has a limit
    short.mkdir(mode=0o700)
    with postgres_in(short) as server:
        url = sqlalchemy.make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(_TABLE))
        host = str(url.query.get("host") or url.host)
        near = Access(host, url.port, url.username or "", "", database=url.database or "")
        source = DatabaseSource("城管库", "CGJ", "月报", "报送期", "postgresql+psycopg2", near)
        with line_to(f"{host}/.s.PGSQL.{url.port or 5432}") as line:
            far = replace(source, access=replace(near, host=HOST, port=line.port))
            yield Breaking(_InTable(engine, source), far, line.break_at, "CGJ")
        engine.dispose()
