"""Tables that hold what the last revision holds: their files are taken from there, not written again (docs/adr/0062).

They are copied, not linked: damage to the files of one revision must not be damage to another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from minsheng.core.declarations import code_version
from minsheng.core.files import naming
from minsheng.core.home import Publisher
from minsheng.publication.content import TOLD_OF_SHOWING
from minsheng.publication.revisions import last_readable
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection


@dataclass(frozen=True)
class Unchanged:
    """The ``tables`` that are in the last revision as they are now, its ``folder``, and the hash of each file there."""

    tables: frozenset[str] = frozenset()
    folder: Path = Path()
    hashes: Mapping[str, str] = field(default_factory=dict)

    def take(self, table: str, file_name: str, building: Path) -> bool:
        """Copy a file of a table; False if it has to be written: the table has changed, or the file is not whole."""
        content = self._content(file_name) if table in self.tables else None
        if content is None:
            return False
        with naming(building / file_name):
            (building / file_name).write_bytes(content)
        return True

    def _content(self, file_name: str) -> bytes | None:
        """The file as it was sealed; null: lost, damaged, or the disk does not give it."""
        try:
            content = (self.folder / file_name).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == self.hashes.get(file_name) else None


# Where there is no last revision, or everything is to be written.
NOTHING = Unchanged()


def row_digests(connection: Connection) -> dict[str, str]:
    """By published table a digest of its rows, in any order, and of what writes them: equal ones make equal files.

    Without the tables that tell when readers were shown something, which change with every publication.
    """
    asked = "select '{0.name}', count(*), sum(hash(held)::hugeint) from {0.full_name} as held"
    models = (model for model in sqlfiles.models("published") if model.name not in TOLD_OF_SHOWING)
    rows = connection.execute(" union all ".join(map(asked.format, models))).fetchall()
    ((engine,),) = connection.execute("select version()").fetchall()
    writer = f"{code_version()} {engine}"
    return {name: sha256(f"{writer} {count} {total}".encode()).hexdigest()[:16] for name, count, total in rows}


def find_unchanged(publisher: Publisher, digests: Mapping[str, str]) -> Unchanged:
    """The tables that the last revision noted the same digests of."""
    last = last_readable(publisher)
    if last is None:
        return NOTHING
    noted = last.manifest.get("row_digests", {})
    same = frozenset(name for name, digest in digests.items() if noted.get(name) == digest)
    return Unchanged(same, last.folder, last.manifest.get("files", {}))
