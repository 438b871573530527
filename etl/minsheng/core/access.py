"""How other people's servers are entered: by Airflow's connections, or without Airflow by files only we may read."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from minsheng.core.contracts import Strict, load
from minsheng.core.errors import UserError

GUIDE = "docs/sources.md"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Access:
    """Where a server is and how one logs in there. What may be secret is not shown where it is printed.

    ``database`` is for databases; ``extra`` holds what only some kinds of source ask for, as text: ``host_key``,
    ``known_hosts``, ``private_key``, ``private_key_passphrase``, ``ca_file``, ``implicit``, ``region``, ``starttls``,
    ``access_token``.
    """

    host: str = ""
    port: int | None = None
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    scheme: str = ""
    database: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no among the extras."""
        return str(self.extra.get(name, default)).lower() in ("true", "1", "yes")


# Gives the access to a server by the name of its connection; raises UserError when there is none.
FindAccess = Callable[[str], Access]


class AccessFile(Strict):
    """One file of the folder of credentials, called after the connection."""

    host: str = ""
    port: Annotated[int, Field(gt=0, lt=65536)] | None = None
    login: str = ""
    password: str = ""
    scheme: str = ""
    database: str = ""
    extra: dict[str, str] = Field(default_factory=dict)


def access_in(folder: Path | None) -> FindAccess:
    """How to find it in a folder with one YAML file a connection; null: there is no such folder."""

    def access(connection: str) -> Access:
        if folder is None:
            raise UserError("credentials_unset", connection)
        path = folder / f"{connection}.yaml"
        _require_private(path)
        return Access(**dict(load(path, AccessFile, GUIDE)))

    return access


def _require_private(path: Path) -> None:
    """Raises UserError for a file that others on this machine may read."""
    if path.exists() and path.stat().st_mode & _OTHERS:
        raise UserError("credentials_open", path)
