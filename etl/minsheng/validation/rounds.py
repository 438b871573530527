"""In which order files are judged, and how many at once: as if each came after everything it is held against.

A round is one file of every unit. A batch of rounds costs hardly more than one, so several are judged at once, and of
them those stand that nothing decided in the rounds before can have changed. A file is held against what was accepted
of its own unit and of the indicators it leads, whoever sent that, and against what others contribute to these; a
contribution counts while its file is not judged and when it is accepted, so only its refusal makes a difference.
``tests/unit/rules/test_rounds.py`` names the views this rests on, docs/adr/0022 what else was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from minsheng.landing import Receipt
from minsheng.warehouse.connection import Connection

Submission = tuple[Receipt, str | None]
Round = Sequence[Submission]

_ROUNDS = """
    with turn as (
        select unjudged.*, greatest(received_at, opened_at) as turn_at
        from staging.stg_unjudged as unjudged
        -- A file that names a month to come was told so at once: the opening of that month is nothing to it.
        left join raw.period as opened
            on
                unjudged.plan_id = opened.plan_id
                and unjudged.period = opened.period
                and opened.period <= strftime(received_at, '%Y-%m')
        where unjudged.plan_id = $plan_id and not is_waiting and not list_contains($but, unit_code)
    ),

    numbered as (
        select
            turn.*,
            rank() over (order by turn_at, received_at) as delivery_no,
            row_number() over (
                partition by unit_code
                order by turn_at, received_at, period nulls last, delivery_order, file_name, submission_id
            ) as round_no,
        from turn
        where turn_at < coalesce($before, timestamptz 'infinity')
    )

    select round_no, submission_id, plan_id, unit_code, file_name, sha256, byte_count, received_at, period
    from numbered
    where delivery_no = 1 and round_no <= $most
    order by round_no, delivery_order, unit_code
"""


@dataclass(frozen=True)
class Touched:
    """The indicators a file reports and may report, and those it contributes to."""

    led: frozenset[str] = frozenset()
    contributed: frozenset[str] = frozenset()


def next_rounds(
    connection: Connection, plan_id: str, most: int = 1, but: Sequence[str] = (), before: datetime | None = None
) -> list[Round]:
    """Of the earliest delivery not yet judged the first rounds, at most so many, each file with the month it names.

    A delivery is judged before the next, and a unit's files in it one after the other: each is held
    against what had been accepted when its turn came, from its own unit and from others. Two units that
    report one indicator, as after a merger, are not in one round. The turn of
    a file is its arrival or, if it had to wait for its month, the moment that was opened. ``but``: units passed over;
    ``before``: what has its turn at that moment or later is left for another time.
    """
    asked = {"plan_id": plan_id, "but": list(but), "most": most, "before": before}
    rows = connection.execute(_ROUNDS, asked).fetchall()
    by_number = groupby(rows, key=lambda row: row[0])
    rounds = [[(Receipt(*row[1:-1]), row[-1]) for row in found] for _, found in by_number]
    about = touched(connection, rounds)
    return [part for each in rounds for part in _apart(each, about)]


def _apart(files: Round, about: Mapping[str, Touched]) -> Iterator[Round]:
    """The files of a round, in as many rounds as it takes for no two in one to report the same indicator."""
    left = list(files)
    while left:
        taken: list[Submission] = []
        led: set[str] = set()
        for one in left:
            own = about.get(one[0].submission_id, Touched()).led
            if led.isdisjoint(own):
                taken.append(one)
                led |= own
        yield taken
        left = [one for one in left if one not in taken]


def waiting_since(connection: Connection, plan_ids: Sequence[str]) -> datetime | None:
    """When the oldest of the files that could be judged came; null: there are none."""
    query = "select min(received_at) from staging.stg_unjudged where list_contains(?, plan_id) and not is_waiting"
    found: tuple[datetime | None] | None = connection.execute(query, [plan_ids]).fetchone()
    return found[0] if found else None


def count_waiting(connection: Connection, plan_id: str) -> dict[str, int]:
    """How many files of each unit could be judged and are not."""
    query = """
        select unit_code, count(*)
        from staging.stg_unjudged
        where plan_id = ? and not is_waiting
        group by unit_code
        order by unit_code
    """
    return dict(connection.execute(query, [plan_id]).fetchall())


def already_in_force(connection: Connection, rounds: Sequence[Round]) -> frozenset[str]:
    """The submissions whose bytes are what was last accepted from the unit for the month, under whatever name.

    A rejected file sent again is judged again: what it was held against may have changed.
    """
    query = """
        select submission.submission_id
        from staging.stg_submission as submission
        inner join staging.stg_version as version
            using (plan_id, unit_code, period, sha256)
        where version.is_current and list_contains(?, submission.submission_id)
    """
    return frozenset(key for (key,) in connection.execute(query, [_ids(rounds)]).fetchall())


def touched(connection: Connection, rounds: Sequence[Round]) -> dict[str, Touched]:
    """What each submission says something about."""
    query = """
        select
            cell.submission_id,
            list(distinct cell.indicator_code) filter (where cell.section = 'report' and may.unit_code is not null),
            list(distinct cell.indicator_code) filter (where cell.section = 'contribution')
        from raw.cell as cell
        inner join staging.stg_submission as submission using (submission_id)
        left join staging.stg_entitlement as may
            on
                submission.plan_id = may.plan_id
                and submission.period = may.period
                and submission.unit_code = may.unit_code
                and cell.indicator_code = may.indicator_code
        where list_contains(?, cell.submission_id) and cell.indicator_code is not null
        group by cell.submission_id
    """
    rows = connection.execute(query, [_ids(rounds)]).fetchall()
    return {key: Touched(frozenset(led or ()), frozenset(given or ())) for key, led, given in rows}


def standing(rounds: Sequence[Round], verdicts: Mapping[str, str], about: Mapping[str, Touched]) -> int:
    """How many of the rounds judged at once are decided as if judged one after the other: the first always is."""
    changed_units: set[str] = set()
    changed_indicators: set[str] = set()
    for number, files in enumerate(rounds):
        for receipt, _ in files:
            led = about.get(receipt.submission_id, Touched()).led
            if receipt.unit_code in changed_units or not changed_indicators.isdisjoint(led):
                return number
        for receipt, _ in files:
            touching = about.get(receipt.submission_id, Touched())
            if verdicts[receipt.submission_id] == "accepted":
                changed_units.add(receipt.unit_code)
                changed_indicators |= touching.led
            else:
                changed_indicators |= touching.contributed
    return len(rounds)


def _ids(rounds: Sequence[Round]) -> list[str]:
    return [receipt.submission_id for files in rounds for receipt, _ in files]
