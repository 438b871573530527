"""What the workbooks handed out say beforehand, as the warehouse remembers it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from minsheng.template.content import Content
from minsheng.warehouse.connection import Connection, append

_ONE = "plan_id = ? and period = ? and unit_code = ?"


@dataclass(frozen=True)
class HandedOut:
    """A workbook and what it says; where it was made again, what it said ``before`` and the mail it goes out with."""

    plan_id: str
    period: str
    unit_code: str
    content: Content
    made_at: datetime
    before: Content | None = None
    mail_id: str | None = None


def known_content(connection: Connection, plan_id: str, period: str, unit_code: str) -> Content | None:
    """What a unit's workbook for a month said when it was handed out; None: nothing is remembered of it."""
    found = connection.execute(f"select content from raw.form where {_ONE}", [plan_id, period, unit_code]).fetchone()
    return json.loads(found[0]) if found else None


def remember(connection: Connection, form: HandedOut) -> None:
    """Note what a workbook says, in place of what was noted of it, inside the caller's transaction."""
    connection.execute(f"delete from raw.form where {_ONE}", [form.plan_id, form.period, form.unit_code])
    row = {
        "plan_id": form.plan_id,
        "period": form.period,
        "unit_code": form.unit_code,
        "content": _text(form.content),
        "former_content": None if form.before is None else _text(form.before),
        "mail_id": form.mail_id,
        "made_at": form.made_at,
    }
    append(connection, "raw.form", [row])


def _text(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False)
