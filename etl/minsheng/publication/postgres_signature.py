"""What PostgreSQL holds of ours: signed, so that nothing of anybody else's is touched (docs/adr/0009)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, Inspector, column, insert, inspect, table, text

from minsheng.core.errors import UserError
from minsheng.publication.revisions import Revision

SCHEMA_NAME = "minsheng"
SIGNATURE_TABLE = """
    create table publication (
        revision varchar not null, as_of timestamptz not null, copied_at timestamptz not null default now(),
        tables_sha256 varchar not null, views_sha256 varchar not null, made varchar[] not null
    );
    comment on table publication is '本库现有的发布版本';
    comment on column publication.revision is '发布版本，与 published/current 的文件夹同名';
    comment on column publication.as_of is '数据时点';
    comment on column publication.copied_at is '写入本库的时间';
    comment on column publication.tables_sha256 is '各表定义的指纹，变了才重建各表';
    comment on column publication.views_sha256 is '各视图定义的指纹，变了才重建各视图';
    comment on column publication.made is '系统在本模式中建立的表和视图，只有这些会被重建'
"""


@dataclass(frozen=True)
class Signature:
    """Which revision PostgreSQL holds, by which definitions of tables and views, and what was made for it."""

    revision: str
    tables_sha256: str
    views_sha256: str
    made: list[str]


def held_signature(connection: Connection) -> Signature | None:
    """What is there now; None in a schema without anything.

    Raises UserError when it holds something and no signature of ours: it may be the account's own schema.
    """
    inspector = inspect(connection)
    found = {*inspector.get_table_names(SCHEMA_NAME), *inspector.get_view_names(SCHEMA_NAME)}
    found.update(inspector.get_materialized_view_names(SCHEMA_NAME))
    if not found:
        return None
    names = [field.name for field in fields(Signature)]
    if not _is_signed(inspector, names):
        raise UserError("postgres_not_ours", f"模式 {SCHEMA_NAME}", count=len(found), first=min(found))
    row = connection.execute(text(f"select {', '.join(names)} from {SCHEMA_NAME}.publication")).first()
    if row is None:
        raise UserError("postgres_not_ours", f"模式 {SCHEMA_NAME}", count=len(found), first=min(found))
    return Signature(*row)


def _is_signed(inspector: Inspector, names: list[str]) -> bool:
    if not inspector.has_table("publication", SCHEMA_NAME):
        return False
    return {one["name"] for one in inspector.get_columns("publication", SCHEMA_NAME)}.issuperset(names)


def is_whole_in(connection: Connection, held: Signature) -> bool:
    """Whether everything that was made is still there."""
    inspector = inspect(connection)
    found = {*inspector.get_table_names(SCHEMA_NAME), *inspector.get_view_names(SCHEMA_NAME)}
    return found.issuperset(held.made)


def sign(connection: Connection, signature: Signature, revision: Revision) -> None:
    """Have the schema say what it holds now."""
    signed = table("publication", *(column(name) for name in (*asdict(signature), "as_of")), schema=SCHEMA_NAME)
    connection.execute(signed.delete())
    connection.execute(insert(signed), asdict(signature) | {"as_of": revision.as_of})


def execute(connection: Connection, statement: str) -> None:
    """As it stands: a colon or a percent sign in a comment is no parameter."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
