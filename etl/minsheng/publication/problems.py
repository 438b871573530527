"""What units wrote of what holds them up (存在问题), of each indicator of a published month."""

from __future__ import annotations

from minsheng.publication.revisions import Revision, open_revision
from minsheng.warehouse.connection import rows_of

_IS_THERE = "select table_name from information_schema.tables where table_name = 'pub_unit_text_v1'"
_PROBLEMS = """
    select indicator_code, unit_name, role, issue_text
    from pub_unit_text_v1
    where plan_id = $plan_id and period = $period and indicator_code is not null and issue_text is not null
    order by indicator_code, role <> 'lead', unit_code, submission_id, row_no
"""


def problems_of(revision: Revision, plan_id: str, period: str) -> dict[str, str]:
    """The text by indicator, the lead unit's first, others' with their names; revisions of before have none."""
    with open_revision(revision) as connection:
        if not rows_of(connection, _IS_THERE):
            return {}
        rows = rows_of(connection, _PROBLEMS, {"plan_id": plan_id, "period": period})
    texts: dict[str, list[str]] = {}
    for row in rows:
        said = row["issue_text"] if row["role"] == "lead" else f"{row['unit_name']}：{row['issue_text']}"
        texts.setdefault(row["indicator_code"], []).append(said)
    return {code: "；".join(dict.fromkeys(said)) for code, said in texts.items()}
