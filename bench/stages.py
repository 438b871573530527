"""Opening, judging and building, each against the plainest thing that touches the same data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.delivery import CONTACTS, FAULTY, FILES, PERIOD, Homes, replicate, spoil
from bench.intake import compare_intake, take_in
from bench.timing import Comparison, Preparation, Side, compare
from bench.yardsticks import facts_table, fired_by_query, run_sql_once, values_of, write_plainly
from minsheng.core.declarations import RULES
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.publish import publish
from minsheng.stages.validate import validate
from minsheng.validation.expectations import evaluate, prepare
from minsheng.validation.facts import read_facts
from minsheng.validation.rules import load_rules
from minsheng.warehouse.connection import Connection, kept_open, open_warehouse

PLAN_YEARS = (1, 3, 20)
_LEAN_GX = (sys.executable, "-c", "from minsheng.validation.expectations import prepare; prepare()")
_WHOLE_GX = (sys.executable, "-c", "import great_expectations")


def compare_stages(homes: Homes) -> Iterator[Comparison]:
    """One comparison after the other; each goes on from the home the one before has filled."""
    yield _opening(homes)
    run = homes.empty()
    open_period(run, PERIOD)
    yield from compare_intake(homes, run)
    faulty = homes.copy_of(run)
    spoil(folder := homes.delivery())
    take_in(faulty, folder)
    take_in(run)
    yield _importing()
    prepare()
    yield _rules("rules, a delivery without faults", run)
    yield _rules(f"rules, {FAULTY} of {len(FILES)} files faulty", faulty)
    yield from _facts(homes, run)
    validate(run, CONTACTS)
    for plans in PLAN_YEARS:
        yield _building(homes, run, plans)


def _opening(homes: Homes) -> Comparison:
    """39 forms, drawn as units get them, against their bare values."""
    open_period(made := homes.empty(), PERIOD)
    books = values_of(sorted(made.home.templates.rglob("*.xlsx")))
    ours = Side(f"opening a month, {len(books)} forms", lambda: partial(open_period, homes.empty(), PERIOD))
    theirs = Side("XlsxWriter, the bare values", lambda: partial(write_plainly, books, homes.delivery()))
    return compare(ours, theirs)


def _importing() -> Comparison:
    ours = Side("importing Great Expectations, a new process", lambda: partial(subprocess.run, _LEAN_GX, check=True))
    theirs = Side("import great_expectations", lambda: partial(subprocess.run, _WHOLE_GX, check=True))
    return compare(ours, theirs)


def _rules(work: str, parsed: Run) -> Comparison:
    rules = load_rules(RULES).rules
    with open_warehouse(parsed.home.warehouse) as connection:
        facts = read_facts(connection, _received(connection)).copy()  # in one piece, as a query likes it
    fired = {(each.rule.code, fact) for each in evaluate(facts, rules) for fact in each.fired}
    with facts_table(facts) as table:
        if fired != fired_by_query(table, rules):
            raise RuntimeError("the yardstick does not find what the rules find")
        ours = Side(work, lambda: partial(evaluate, facts, rules))
        return compare(ours, Side("one DuckDB query of the rules", lambda: partial(fired_by_query, table, rules)), 5)


def _received(connection: Connection) -> list[str]:
    rows = connection.execute("select submission_id from raw.submission order by received_at, submission_id").fetchall()
    return [key for (key,) in rows][: len(FILES)]


def _facts(homes: Homes, parsed: Run) -> Iterator[Comparison]:
    """The facts of one delivery, where the home holds as much again of other years."""
    with open_warehouse(parsed.home.warehouse) as alone:
        keys = _received(alone)
        theirs = Side("with 1 plan-year", _reading(alone, keys))
        for plans in PLAN_YEARS:
            grown = homes.copy_of(parsed)
            replicate(grown.home.warehouse, plans)
            with open_warehouse(grown.home.warehouse) as connection:
                read_facts(connection, keys)
                ours = Side(f"facts of {len(FILES)} files, {plans} plan-years", _reading(connection, keys))
                yield compare(ours, theirs, 1)


def _reading(connection: Connection, keys: list[str]) -> Preparation:
    return lambda: partial(read_facts, connection, keys)


def _building(homes: Homes, judged: Run, plans: int) -> Comparison:
    grown = homes.copy_of(judged)
    replicate(grown.home.warehouse, plans)
    ours = Side(f"load, build, check, publish, {plans} plan-years", lambda: partial(_publish, homes.copy_of(grown)))
    theirs = Side("the same SQL, once, written out", lambda: partial(_once, homes.copy_of(grown)))
    return compare(ours, theirs, 1.5, repetitions=1 if plans > 1 else 3)


def _publish(run: Run) -> None:
    with kept_open(run.home.warehouse):
        load(run)
        build(run)
        publish(run)


def _once(run: Run) -> None:
    run_sql_once(run.home.warehouse, Path(run.home.root) / "out")
