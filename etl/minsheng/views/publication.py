"""What is published, and what was on a day: in lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from minsheng.core.errors import UserError
from minsheng.core.home import Home, Publisher
from minsheng.publication.hold import held_text, hold_in_force
from minsheng.publication.log import entries
from minsheng.publication.revisions import Revision, current, find, open_revision
from minsheng.publication.spans import ShownSpan, in_force, spans
from minsheng.words import display
from minsheng.words.chinese import chinese

_LAST_MONTH = """
    select period, status_label, count(*) as indicator_count
    from pub_indicator_completion_v1
    where period = (select max(period) from pub_indicator_completion_v1)
    group by period, status_code, status_label
    order by indicator_count desc, status_label
"""


def shown_at(publisher: Publisher, moment: datetime) -> Iterator[str]:
    """Which revision readers were on at a moment, since and until when, where it lies, and what it said.

    Raises UserError when nothing was published yet.
    """
    span = in_force(spans(entries(publisher)), moment)
    if span is None:
        raise UserError("nothing_published_then", display.moment(moment))
    until = f"到 {display.moment(span.ends)} 为止" if span.ends else "现在仍是"
    yield f"{display.moment(moment)} 读者看到的是 {span.revision}"
    yield f"展示：自 {display.moment(span.begins)} 起（{chinese().change_code[span.change]}），{until}{_reason(span)}"
    if span.frozen:
        yield f"定稿：{'、'.join(sorted(period for _, period in span.frozen))}"
    yield from _content(publisher, span.revision)


def standing(home: Home, postgres_url: str | None) -> Iterator[str]:
    """Whether a roll-back holds and what waits behind it, and which revision PostgreSQL has, where there is one."""
    if hold := hold_in_force(home):
        yield f"{held_text(home, hold)}。退回原因：{hold.reason or display.NOTHING}"
    if postgres_url:
        yield _in_postgres(home, postgres_url)


def _reason(span: ShownSpan) -> str:
    return f"；原因：{span.reason}" if span.reason else ""


def _content(publisher: Publisher, name: str) -> Iterator[str]:
    try:
        revision = find(publisher, name)
    except UserError:
        yield "文件夹：已清理，不再保留"
        return
    yield f"文件夹：{revision.folder}"
    yield f"内容：{_summary(revision)}，数据时点 {display.moment(revision.as_of)}"


def _summary(revision: Revision) -> str:
    """The indicators of its last month, by status."""
    with open_revision(revision) as connection:
        rows = connection.execute(_LAST_MONTH).fetchall()
    if not rows:
        return "没有已开的月份"
    counts = "、".join(f"{label} {count}" for _, label, count in rows)
    return f"{rows[0][0]} 共 {sum(count for *_, count in rows)} 项：{counts}"


def _in_postgres(home: Home, url: str) -> str:
    """That the server is away is told and stops nothing."""
    from minsheng.publication.postgres import copied

    try:
        found, wanted = copied(url), current(home.installation) or current(home)
    except UserError as error:
        return f"PostgreSQL：{error}"
    if found is None:
        return "PostgreSQL：还没有抄送过；运行 minsheng publication copy"
    if wanted is not None and found.revision == wanted.name:
        return f"PostgreSQL：{found.revision}，与现行版本一致（{display.moment(found.copied_at)} 抄送）"
    shown = wanted.name if wanted else display.NOTHING
    return f"PostgreSQL：{found.revision}，不是现行版本 {shown}；运行 minsheng publication copy"
