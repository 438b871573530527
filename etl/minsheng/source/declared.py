"""``sources.yaml``: from where a county's reports are taken, one entry a source (docs/adr/0032)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from minsheng.core.contracts import Strict, load, written
from minsheng.plan.dated import Code

if TYPE_CHECKING:
    from minsheng.source.senders import Senders

GUIDE = "docs/sources.md"
AfterFetch = Literal["keep", "delete", "move"]
SourceKind = Literal["folder", "sftp", "ftp", "ftps", "webdav", "http", "s3", "smb", "imap", "imaps", "database"]

# It is shown before file names, and names the source in its memory, in Airflow and on the command line.
SourceName = Annotated[
    str, written(re.compile(r"[\w\u4e00-\u9fff-]{1,30}"), "1 至 30 个汉字、字母、数字、“-”或“_”，如 市平台SFTP")
]
ConnectionId = Annotated[
    str, written(re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"), "连接名：字母、数字、_ . -，如 lushan_sftp")
]


Dialect = Annotated[str, written(re.compile(r"[a-z0-9]+(\+[a-z0-9_]+)?"), "数据库种类，如 postgresql、mysql+pymysql")]


FolderName = Annotated[str, written(re.compile(r"[\w\u4e00-\u9fff-]{1,30}"), "一个文件夹名，如 已取")]
_EDITABLE = frozenset({"folder", "sftp", "ftp", "ftps", "webdav", "smb"})  # what can be renamed there in one step


class DeclaredSource(Strict):
    """One source. ``where``: the place there; ``unit`` or ``folders``: whose its files are, see ``Senders``.

    ``after_fetch``: whether what has landed is left there, deleted, or moved into the folder ``moved_to`` at its root,
    into which nobody looks, also when nothing is moved any more.
    Of a database ``dialect`` says which, as SQLAlchemy calls it, and ``key`` the column that names the month.
    """

    name: SourceName
    kind: SourceKind
    where: str = ""
    connection: ConnectionId | None = None
    unit: Code | None = None
    folders: dict[str, Code] = Field(default_factory=dict)
    dialect: Dialect | None = None
    key: str = "报送期"
    after_fetch: AfterFetch = "keep"
    moved_to: FolderName | None = None

    @property
    def senders(self) -> Senders:
        """Whose its files are."""
        from minsheng.source.senders import Senders  # every DAG file reads the declaration, and never needs it

        return Senders(self.unit, self.folders)

    @model_validator(mode="after")
    def _is_complete(self) -> DeclaredSource:
        if self.kind == "folder" and not self.where:
            raise ValueError("folder（文件夹）来源要写 where：文件夹的路径")
        if self.kind != "folder" and self.connection is None:
            raise ValueError(f"{self.kind} 来源要写 connection：Airflow 连接（或凭据文件）的名称")
        if self.kind in ("imap", "imaps") and (self.unit or self.folders):
            raise ValueError("邮箱不写 unit 和 folders：发件人的地址说明是哪个单位的")
        if self.kind == "database" and not (self.unit and self.where and self.dialect):
            raise ValueError("database（数据库）来源要写 unit、where（表）和 dialect（如 postgresql）")
        if self.after_fetch != "keep" and self.kind not in _EDITABLE:
            raise ValueError(f"{self.kind} 来源不能写 after_fetch：只看，不动")
        if self.after_fetch == "move" and self.moved_to is None:
            raise ValueError("after_fetch 写 move 的，要写 moved_to：移到来源根下的哪个文件夹，如 已取")
        if self.unit and self.folders:
            raise ValueError("unit 和 folders 只能写一个：整个来源属于一个单位，或者各文件夹属于各单位")
        return self


class Sources(Strict):
    """All sources of a county; taken one after the other, in this order, where no Airflow deals them out."""

    sources: tuple[DeclaredSource, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Sources:
        twice = sorted(name for name, count in Counter(one.name for one in self.sources).items() if count > 1)
        if twice:
            raise ValueError(f"名称重复：{'、'.join(twice)}；每个来源要有自己的名称")
        return self


def declared_sources(path: Path | None, county: str) -> tuple[DeclaredSource, ...] | None:
    """A county's declared sources: ``<county>.yaml`` in the folder the settings name, or the file where there is one.

    None if the settings name nothing. Raises UserError when there is no such file, or it is faulty.
    """
    if path is None:
        return None
    return load(path / f"{county}.yaml" if path.is_dir() else path, Sources, GUIDE).sources
