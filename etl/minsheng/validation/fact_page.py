"""The page that lists every fact a rule may use, made from ``sql/facts/``: ``docs/generated/facts.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.codes import Scope
from minsheng.core.declarations import ROOT
from minsheng.validation.facts import SCOPES, fact_tables
from minsheng.warehouse import sqlfiles
from minsheng.words.chinese import with_words

PAGE = ROOT / "docs" / "generated" / "facts.md"
_HEAD = """# 规则可用的列

由 `make docs` 从 `sql/facts/` 生成，请勿手改。规则怎样写，见
[expectations/README.md](../../expectations/README.md)；要用现在没有的量，见 [docs/extending.md](../extending.md)。
"""


def page() -> str:
    """The whole page: a section a scope, in it a table for each file whose columns are facts."""
    return "\n".join([_HEAD, *(line for scope in SCOPES for line in _section(scope))])


def meaning(table: sqlfiles.Model, column: str) -> str:
    """What a column says, by the head of its file, else by the dictionary; raises KeyError when neither knows it."""
    return with_words(table.header[column]) if column in table.header else sqlfiles.dictionary()[column].label


def _section(scope: Scope) -> Iterator[str]:
    told: set[str] = set()
    for table in fact_tables(scope):
        yield f"## `{scope}`：{table.comment.removeprefix('校验用：')}（`sql/facts/{table.name}.sql`）\n"
        yield "| 列 | 含义 |\n|---|---|"
        own = [column for column in sqlfiles.columns(table) if column not in told]
        yield from (f"| `{column}` | {meaning(table, column)} |" for column in own)
        yield ""
        told.update(own)
