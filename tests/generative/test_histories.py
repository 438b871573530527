"""Any order of reports, corrections, refusals and resends: the marts say what the reference knows."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from minsheng.core.home import Home
from minsheng.flows.recovery import recover
from minsheng.landing import openings
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import kept_open
from tests.generative.histories import FLOW, LEVEL, MONTHS, Known, Step, broken, history, plan
from tests.received import stand_in_for_forms

pytestmark = pytest.mark.slow

LENGTH = 11


def take(home: Home, inbox: Path, step: Step) -> str:
    """One file from arrival to publication; gives back its verdict."""
    run = Run(home, as_county([plan()]), step.moment, step.file_name)
    opened = {opening.period for opening in openings(home, run.county.plans[0].plan_id)}
    for month in MONTHS:
        if str(month) not in opened and month.next.first_day <= step.moment.date():
            stand_in_for_forms(run, month)
            open_period(run, month)
    folder = inbox / step.sender
    folder.mkdir(parents=True)
    (folder / step.file_name).write_bytes(step.content)
    with kept_open(home.warehouse):
        pull(run, inbox)
        shutil.rmtree(inbox)
        parse(run)
        outcomes = [outcome for outcome in validate(run).outcomes if not outcome.input.startswith("mail/")]
        for stage in (load, build, publish):
            stage(run)
    assert len(outcomes) == 1, outcomes
    return f"{outcomes[0].result} {outcomes[0].detail}"


def published(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(home.current.resolve() / "marts.duckdb", read_only=True) as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        return connection.execute(sql).fetchall()


def versions(home: Home) -> dict[tuple[str, str], list[tuple[float, datetime, datetime | None]]]:
    rows = published(
        home,
        """
        select period, indicator_code, actual_value, known_from, known_to
        from pub_indicator_history_v1
        order by period, indicator_code, revision_no
        """,
    )
    found: dict[tuple[str, str], list[tuple[float, datetime, datetime | None]]] = {}
    for period, code, value, since, until in rows:
        found.setdefault((period, code), []).append((value, since, until))
    return found


def reference(known: Known) -> dict[tuple[str, str], list[tuple[float, datetime, datetime | None]]]:
    """The same from what the reference has learnt: each version is believed until the next."""
    answer = {}
    for key, held in known.versions.items():
        ends = [moment for _, moment in held[1:]] + [None]
        answer[key] = [(actual(key[1], value), since, until) for (value, since), until in zip(held, ends, strict=True)]
    return answer


def actual(code: str, value: tuple[object, ...]) -> float:
    numbers = [float(str(number)) for number in value]
    return numbers[-1] if code in (FLOW, LEVEL) else numbers[0] / numbers[1]


def marked(home: Home) -> dict[str, str]:
    """The months of the flow that are said to contradict another."""
    query = f"""
        select period, breaks_with_period
        from pub_indicator_completion_v1
        where indicator_code = '{FLOW}' and breaks_with_period is not null
    """
    return dict(published(home, query))


def revisions(home: Home) -> dict[str, str]:
    """Every file of every revision, with its hash."""
    files = (path for path in (home.published / "revisions").rglob("*") if path.is_file())
    return {str(path.relative_to(home.published)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def steps(seed: int) -> Iterator[tuple[Step, Known]]:
    known = Known()
    for step in history(seed, LENGTH):
        if step.verdict == "accepted":
            known.learn(step)
        yield step, known


@pytest.mark.parametrize("seed", [11, 19])  # in which months come late, contradict others and are taken over
def test_every_history_is_remembered_as_it_happened(tmp_path: Path, seed: int) -> None:
    home, past = Home(tmp_path / "home"), dict[str, str]()
    verdicts, last = set(), None
    for step, known in steps(seed):
        assert take(home, tmp_path / "inbox", step).split()[0] == step.verdict, step
        assert versions(home) == reference(known)
        assert marked(home) == broken(known)
        now = revisions(home)
        assert past.items() <= now.items(), "a past publication has changed"
        past, last = now, step
        verdicts.add(step.verdict)
    assert verdicts >= {"accepted", "rejected"}
    assert last is not None

    again = Home(tmp_path / "again")
    shutil.copytree(home.landing, again.landing)
    list(recover(Run(again, as_county([plan()]), last.moment, "recover")))
    assert content(again) == content(home)
    assert not list(again.outbox.rglob("*.eml")), "nobody is written to a second time"


def content(home: Home) -> str:
    """What is published, as the hash in the revision's name."""
    return home.current.resolve().name.split("-")[1]
