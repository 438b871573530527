"""What a revision holds, as a hash: equal contents are the same publication.

When readers were shown what is told in every revision and is no part of its content: a new line of the log must not
make new content, or every publication would call for the next (docs/adr/0029).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from minsheng.publication.revisions import SCHEMA

# By published table, the columns that only tell when readers were shown something; none: the table tells nothing else,
# or of mails, which go out after every publication.
TOLD_OF_SHOWING: dict[str, tuple[str, ...]] = {
    "pub_indicator_history_v1": ("published_from",),
    "pub_mail_v1": (),
    "pub_publication_v1": (),
}


def content_hash(folder: Path) -> str:
    """From the Parquet files and the schema: a DuckDB file's own bytes depend on how it was written."""
    total = hashlib.sha256()
    for path in sorted([*folder.glob("*.parquet"), folder / SCHEMA]):
        if TOLD_OF_SHOWING.get(path.stem) != ():
            total.update(path.name.encode() + _content(path))
    return total.hexdigest()[:12]


def _content(path: Path) -> bytes:
    """The file's bytes, or its rows where a column is left out."""
    if path.stem not in TOLD_OF_SHOWING:
        return path.read_bytes()
    import pyarrow.parquet as pq

    table = pq.read_table(path, partitioning=None)
    left_out = [name for name in TOLD_OF_SHOWING[path.stem] if name in table.column_names]
    if not left_out:
        return path.read_bytes()  # of an earlier version, which had all of it in its hash
    rows = table.drop_columns(left_out).to_pylist()
    return json.dumps(rows, default=str, ensure_ascii=False).encode()
