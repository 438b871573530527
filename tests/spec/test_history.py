"""``docs/spec/history.md`` is true of what is published, and so is a replay of random histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from minsheng.warehouse.connection import Connection, rows_of
from minsheng.words.chinese import chinese
from tests.spec.drawn import drawn
from tests.spec.pages import NOTHING, Row, exact, number, promise, tables, values
from tests.spec.world import YEAR, Promise, Sent, World, make

_VERDICTS = {word: code for code, word in chinese().verdict.items()}
_KNOWN = """
    select plan_id, period, actual_value
    from published.pub_indicator_history_v1
    where known_from <= timestamptz '{at}' and (known_to > timestamptz '{at}' or known_to is null)
"""


@dataclass
class Story:
    """One promise of the page, what was received for it, and what is drawn of it."""

    name: str
    given: Row
    received: list[Row]
    known: list[Row]
    versions: list[Row]
    built: list[Row]

    @property
    def world(self) -> World:
        """A plan of its own."""
        return World(self.name, (promise("X", self.given),), tuple(map(_sent, self.received)))


def _stories() -> Iterator[Story]:
    story: Story | None = None
    for table in tables("history"):
        drawn_rows = list(table.rows)
        if table.head == "类型":
            if story:
                yield story
            story = Story(f"p{table.line}", drawn_rows[0], [], [], [], [])
        assert story is not None
        part = {"收到": story.received, "时点": story.known, "版本": story.versions, "推算": story.built}
        part.get(table.head, []).extend(drawn_rows)
    if story:
        yield story


def _sent(row: Row) -> Sent:
    is_correction = row["更正原因"] != NOTHING
    reason = row["更正原因"] if is_correction else None
    verdict, at = _VERDICTS[row["结论"]], _moment(row["收到"])
    faults = ["V01"] if verdict == "rejected" else []
    return Sent("X", int(row["月"]), values(row["报送"]), at, verdict, is_correction, reason, faults)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


STORIES = list(_stories())


@pytest.fixture(scope="module")
def built(connection: Connection) -> Connection:
    """All stories in one warehouse."""
    make(connection, [story.world for story in STORIES])
    return connection


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.given["类型"])
def test_each_version_says_when_it_was_believed_and_what_it_replaced(built: Connection, story: Story) -> None:
    query = f"select * from marts.indicator_history where plan_id = '{story.name}'"
    found = {(row["revision_no"], row["period"]): row for row in rows_of(built, query)}
    for row in story.versions:
        version = found[int(row["版本"]), f"{YEAR}-{int(row['月']):02}"]
        assert (version["actual_value"], version["previous_value"]) == (_float(row["数值"]), _float(row["原值"]))
        assert version["known_from"] == _moment(row["生效"])
        assert version["known_to"] == (None if row["失效"] == NOTHING else _moment(row["失效"]))
        assert (version["change_note"] or NOTHING, version["reason"] or NOTHING) == (row["说明"], row["原因"])
    changes = rows_of(built, f"select * from published.pub_indicator_correction_v1 where plan_id = '{story.name}'")
    assert sorted(str(row["change_note"]) for row in changes) == sorted(
        row["说明"] for row in story.versions if row["说明"] != NOTHING
    )


def test_what_was_known_at_a_moment_is_a_query(built: Connection) -> None:
    story = STORIES[0]
    for row in story.known:
        query = _KNOWN.format(at=_moment(row["时点"]))
        found = {row["period"]: row["actual_value"] for row in rows_of(built, query) if row["plan_id"] == story.name}
        for month in (head for head in row if head.endswith(" 月")):
            assert found.get(f"{YEAR}-{int(month.removesuffix(' 月')):02}") == _float(row[month])


def test_months_that_build_on_a_corrected_one_are_computed_anew(built: Connection) -> None:
    story = STORIES[0]
    query = f"""
        select outlook.*, completion.actual_value, completion.status_label
        from published.pub_indicator_outlook_v1 as outlook
        inner join published.pub_indicator_completion_v1 as completion using (plan_id, period, indicator_code)
        where plan_id = '{story.name}'
    """
    found = {row["period"]: row for row in rows_of(built, query)}
    for row in story.built:
        month = found[f"{YEAR}-{int(row['推算']):02}"]
        assert month["actual_value"] == _float(row["数值"])
        assert (month["status_label"], month["behind_since"]) == (row["状态"], row["滞后起"])
        assert month["months_behind"] == int(row["滞后月数"])
        pace = None if row["近三月月均"] == NOTHING else float(exact(row["近三月月均"].split(" = ")[0]))
        assert month["pace_recent"] == (pace if pace is None else pytest.approx(pace))


def _float(text: str) -> float | None:
    value = number(text)
    return None if value is None else float(value)


_FILES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from([Decimal(0), Decimal(5), Decimal(7)]),
        st.sampled_from(["accepted", "accepted", "rejected"]),
        st.integers(0, 3),
    ),
    max_size=9,
)


def test_random_histories_are_known_as_they_happened(connection: Connection) -> None:
    """Replayed file by file, latest accepted value wins; at every moment the query says the same."""
    histories = drawn(_FILES, 150)
    start = _moment(f"{YEAR}-04-02 08:00")
    stories = [tuple(_arrivals(files, start)) for files in histories]
    make(connection, [World(f"h{n}", (Promise("X"),), sent, months=(1, 2, 3)) for n, sent in enumerate(stories)])
    for hour in range(-1, max(map(_hours, histories)) + 1):
        at = start + timedelta(hours=hour)
        found = {
            (row["plan_id"], row["period"]): row["actual_value"] for row in rows_of(connection, _KNOWN.format(at=at))
        }
        assert found == {
            (f"h{n}", period): value for n, sent in enumerate(stories) for period, value in _replayed(sent, at).items()
        }


def _arrivals(files: list[tuple[int, Decimal, str, int]], start: datetime) -> list[Sent]:
    """Last come, first named: only the time may tell which is later, and the name where the time is the same."""
    at, sent = start, []
    for month, value, verdict, pause in files:
        at += timedelta(hours=pause)
        faults = ["V01"] if verdict == "rejected" else []
        sent.append(Sent("X", month, {"cumulative": value}, at, verdict, faults=faults))
    return sent[::-1]


def _hours(files: list[tuple[int, Decimal, str, int]]) -> int:
    return sum(pause for *_, pause in files)


def _replayed(sent: tuple[Sent, ...], at: datetime) -> dict[str, float]:
    return {
        file.period: float(str(file.values["cumulative"]))
        for file in sorted(sent, key=lambda file: file.received_at)
        if file.verdict == "accepted" and file.received_at <= at
    }
