"""Which figures are asked for: an indicator, all that a unit leads, or a whole month; each by its code or its name."""

from __future__ import annotations

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.publication.revisions import open_revision, require_current
from minsheng.warehouse.connection import Row, rows_of

_LED = """
    select indicator_code, indicator_name, lead_unit_code, lead_unit_name
    from pub_indicator_completion_v1
    where plan_id = $plan_id and period = $period
    order by indicator_code
"""


def indicators_asked(
    home: Home, plan_id: str | None, period: str, indicator: str | None, unit: str | None = None
) -> list[str]:
    """The codes of the indicators in question, in order; null of both: all of the month.

    An indicator that is not known is handed on as it is, and refused where it is read. Raises UserError for a unit
    that leads nothing in the month.
    """
    revision = require_current(home)
    plan_id = plan_id or str(revision.manifest["plan_id"])
    with open_revision(revision) as connection:
        rows = rows_of(connection, _LED, {"plan_id": plan_id, "period": period})
    if indicator is not None:
        return [row["indicator_code"] for row in rows if indicator in _names(row, "indicator")] or [indicator]
    found = [row for row in rows if unit is None or unit in _names(row, "lead_unit")]
    if rows and not found:
        known = sorted({row["lead_unit_name"] for row in rows})
        raise UserError("unit_leads_nothing", "--unit", unit=unit, period=period, known=known)
    return [row["indicator_code"] for row in found]


def _names(row: Row, what: str) -> tuple[str, str]:
    return row[f"{what}_code"], row[f"{what}_name"]
