"""What the workbooks handed out say beforehand, as the warehouse remembers it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from minsheng.template.content import Content
from minsheng.warehouse.connection import Connection, append

_ONE = "plan_id = ? and period = ? and unit_code = ?"
_MONTHS = "select distinct plan_id, period from raw.form"


@dataclass(frozen=True)
class HandedOut:
    """A unit's workbook for a month, and what it says."""

    plan_id: str
    period: str
    unit_code: str
    content: Content
    made_at: datetime

    @property
    def key(self) -> dict[str, str]:
        """Which workbook it is."""
        return {"plan_id": self.plan_id, "period": self.period, "unit_code": self.unit_code}


def known_content(connection: Connection, plan_id: str, period: str, unit_code: str) -> Content | None:
    """What a unit's workbook for a month said when it was handed out; None: nothing is remembered of it."""
    found = connection.execute(f"select content from raw.form where {_ONE}", [plan_id, period, unit_code]).fetchone()
    return json.loads(found[0]) if found else None


def remembered_months(connection: Connection) -> set[tuple[str, str]]:
    """The plans and months of which any workbook is remembered."""
    return {(plan_id, period) for plan_id, period in connection.execute(_MONTHS).fetchall()}


def remember(connection: Connection, forms: Iterable[HandedOut]) -> None:
    """Note what workbooks say, in place of what was noted of them, inside the caller's transaction."""
    said: list[dict[str, object]] = []
    for form in forms:
        connection.execute(f"delete from raw.form where {_ONE}", [*form.key.values()])
        said.append({**form.key, "content": as_text(form.content), "made_at": form.made_at})
    append(connection, "raw.form", said)


def forget_forms(connection: Connection) -> None:
    """Forget what all workbooks say: what was sent since they were first handed out is not known any more."""
    connection.execute("delete from raw.form")


def as_text(content: Content) -> str:
    """A content as it is kept and compared."""
    return json.dumps(content, ensure_ascii=False)
