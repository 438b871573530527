"""What a revision holds, as a hash: equal contents are the same publication."""

from __future__ import annotations

import hashlib
from pathlib import Path

from minsheng.publication.revisions import SCHEMA


def content_hash(folder: Path) -> str:
    """From the Parquet files and the schema: a DuckDB file's own bytes depend on how it was written."""
    total = hashlib.sha256()
    for path in sorted([*folder.glob("*.parquet"), folder / SCHEMA]):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:12]
