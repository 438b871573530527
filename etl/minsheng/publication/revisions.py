"""The revisions on disk, and the link that says which of them counts (docs/adr/0004)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from minsheng.core.clock import county_time
from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import digest, switch_link
from minsheng.core.home import Publisher
from minsheng.warehouse.connection import LACKING, Connection, Row, open_to_read

DATABASE = "marts.duckdb"
MANIFEST = "manifest.json"
SCHEMA = "schema.sql"

_NAME = re.compile(r"\d{6}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Revision:
    """A publication on disk, named ``<number>-<first digits of its content's hash>``."""

    folder: Path

    @property
    def name(self) -> str:
        """What it is called everywhere: in the manifest, in PostgreSQL, on the command line."""
        return self.folder.name

    @property
    def number(self) -> int:
        """Counts up from 1 with every change of content."""
        return int(self.name.split("-")[0])

    @property
    def content(self) -> str:
        """What it holds, as a hash: equal contents are the same publication."""
        return self.name.split("-")[1]

    @property
    def as_of(self) -> datetime:
        """The moment it speaks of, in the county's time; raises DamagedError when it does not say."""
        try:
            return county_time(datetime.fromisoformat(self.manifest["as_of"]))
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(MANIFEST, error) from error

    @property
    def months(self) -> frozenset[tuple[str, str]]:
        """The months open in it, as plan and period; of an earlier version those that somebody reported for."""
        reported = ((row["plan_id"], row["period"]) for row in self.inputs if row["period"])
        return frozenset((plan_id, period) for plan_id, period in self.manifest.get("months") or reported)

    @property
    def inputs(self) -> list[Row]:
        """The accepted submissions it rests on."""
        return list(self.manifest.get("inputs", ()))

    @property
    def manifest(self) -> dict[str, Any]:
        """What it says of itself, see ``minsheng.publication.manifest``; raises DamagedError if it cannot be read."""
        try:
            found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            found.keys()
        except (OSError, ValueError, AttributeError) as error:
            raise self._damaged(MANIFEST, error) from error
        return found

    def require_whole(self) -> Revision:
        """Itself; raises DamagedError naming the first file that is missing, or not as it was published."""
        for name, sha256 in self.manifest.get("files", {}).items():
            path = self.folder / name
            if not path.is_file():
                raise DamagedError("revision_file_missing", path)
            if digest(path) != sha256:
                raise DamagedError("revision_file_damaged", path)
        return self

    @property
    def is_whole(self) -> bool:
        """Whether every file is there and as it was published."""
        try:
            self.require_whole()
        except DamagedError:
            return False
        return True

    def _damaged(self, name: str, reason: object) -> DamagedError:
        return DamagedError("revision_unreadable", self.folder / name, reason=reason)


@contextmanager
def open_revision(revision: Revision) -> Iterator[Connection]:
    """What it holds, to read; raises UserError when it lacks what this version of minsheng reads."""
    try:
        with open_to_read(revision.folder / DATABASE) as connection:
            yield connection
    except LACKING as error:
        lacking = str(error).splitlines()[0]
        raise of_earlier_version(revision, lacking) from error


def of_earlier_version(revision: Revision, lacking: str) -> UserError:
    """How to say that a revision lacks what this version of minsheng reads."""
    return UserError("revision_of_earlier_version", revision.name, lacking=lacking)


def folder_of(publisher: Publisher) -> Path:
    """Where the revisions lie, whole ones under their names, half ones under hidden names."""
    return publisher.published / "revisions"


def all_revisions(publisher: Publisher) -> list[Revision]:
    """Every whole revision, oldest first."""
    folder = folder_of(publisher)
    found = [Revision(path) for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.exists() else []
    return sorted(found, key=lambda revision: revision.number)


def find(publisher: Publisher, name: str) -> Revision:
    """A revision by its name or its number; raises UserError when there is none."""
    known = all_revisions(publisher)
    for revision in known:
        if name in (revision.name, f"{revision.number}", f"{revision.number:06d}"):
            return revision
    raise UserError("revision_unknown", "发布版本", name=name, known=[revision.name for revision in known])


def last_readable(publisher: Publisher) -> Revision | None:
    """What readers saw last: the current revision, or the newest where the link or what it points to is lost.

    Only one that says what it rests on.
    """
    standing = current(publisher)
    for revision in filter(None, (standing, *reversed(all_revisions(publisher)))):
        with suppress(DamagedError):
            if revision.manifest:
                return revision
    return None


def current(publisher: Publisher) -> Revision | None:
    """The revision readers are on; None before the first publication, or when what the link points to is gone.

    Raises UserError when it is no link to one.
    """
    if not publisher.current.exists():
        return None
    if not publisher.current.is_symlink():
        raise UserError("current_no_link", publisher.current)
    return Revision(publisher.current.resolve())


def require_current(publisher: Publisher) -> Revision:
    """The same, for those who cannot do without: raises UserError when nothing is published."""
    revision = current(publisher)
    if revision is None and publisher.current.is_symlink():
        raise DamagedError("current_dangling", publisher.current, target=publisher.current.readlink())
    if revision is None:
        raise UserError("nothing_published", publisher.current)
    return revision


def point(publisher: Publisher, revision: Revision) -> bool:
    """Send readers to a revision in one step; False if they are there already.

    The folder they leave takes the time of the switch: retention gives its last readers a day.
    """
    left = current(publisher)
    if left == Revision(revision.folder.resolve()):
        return False
    if left:
        os.utime(left.folder)
    switch_link(publisher.current, Path("revisions") / revision.name)
    return True
