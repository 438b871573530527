"""SQL and reference agree on promises nobody thought of: hundreds of random ones, built together."""

from __future__ import annotations

from fractions import Fraction

import pytest

from minsheng.warehouse.connection import Connection, rows_of
from tests.spec.drawn import drawn
from tests.spec.examples import Example, examples, world
from tests.spec.judged import LABELS, judged_by_reference
from tests.spec.world import YEAR, make

COUNT = 400


@pytest.mark.slow
def test_sql_and_reference_agree_in_every_month(connection: Connection) -> None:
    found = _every_status_among()
    make(connection, [world(number, example) for number, example in enumerate(found)])
    query = "select * from published.pub_indicator_completion_v1"
    published = {(row["plan_id"], row["period"]): row for row in rows_of(connection, query)}
    assert len(published) == 12 * len(found)
    for number, example in enumerate(found):
        for month in range(1, 13):
            row = published[f"p{number}", f"{YEAR}-{month:02}"]
            expected = judged_by_reference(example.promise, example.thresholds, month, example.reports)
            assert row["status_code"] == expected.status, (example, month)
            assert _close(row["completion_ratio"], expected.completion), (example, month)
            assert _close(row["gap_pp"], expected.gap), (example, month)


def _every_status_among() -> list[Example]:
    """As many as it takes for every status to come about; what is drawn first depends on which tests ran before."""
    for count in range(COUNT, 5 * COUNT, COUNT // 2):
        found = drawn(examples(), count)
        judged = (
            judged_by_reference(one.promise, one.thresholds, month, one.reports).status
            for one in found
            for month in range(1, 13)
        )
        if {*judged} == LABELS.keys():
            return found
    raise AssertionError("a status that nobody draws")


def _close(found: object, expected: Fraction | None) -> bool:
    """Shown figures are doubles; the exact ones decided the status."""
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
