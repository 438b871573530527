"""SQL and reference agree on promises nobody thought of: hundreds of random ones, built together."""

from __future__ import annotations

from fractions import Fraction

import pytest

from minsheng.warehouse.connection import Connection, rows_of
from tests.spec.drawn import drawn
from tests.spec.examples import examples, world
from tests.spec.judged import LABELS, judged_by_reference
from tests.spec.world import YEAR, make

COUNT = 400


@pytest.mark.slow
def test_sql_and_reference_agree_in_every_month(connection: Connection) -> None:
    found = drawn(examples(), COUNT)
    make(connection, [world(number, example) for number, example in enumerate(found)])
    query = "select * from published.pub_indicator_completion_v1"
    published = {(row["plan_id"], row["period"]): row for row in rows_of(connection, query)}
    assert len(published) == 12 * len(found)
    statuses = set()
    for number, example in enumerate(found):
        for month in range(1, 13):
            row = published[f"p{number}", f"{YEAR}-{month:02}"]
            expected = judged_by_reference(example.promise, example.thresholds, month, example.reports)
            statuses.add(expected.status)
            assert row["status_code"] == expected.status, (example, month)
            assert _close(row["completion_ratio"], expected.completion), (example, month)
            assert _close(row["gap_pp"], expected.gap), (example, month)
    assert statuses == LABELS.keys()


def _close(found: object, expected: Fraction | None) -> bool:
    """Shown figures are doubles; the exact ones decided the status."""
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
