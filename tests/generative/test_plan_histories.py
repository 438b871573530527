"""Any order of reports, silence, changes of the plan, errata, roll-backs and freezes: nothing said before ever changes.

What is published of the one indicator reported is held against the plain reference, with what held in each month.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from minsheng.publication.hold import hold_in_force
from minsheng.publication.rollback import release, roll_back
from minsheng.words.chinese import chinese
from tests.received import Received, at
from tests.spec import reference
from tests.spec.world import THRESHOLDS

pytestmark = pytest.mark.slow

CODE = "M03-01"
_ERRATUM = """\
- code: E{number:02}
  reason: 印发稿排错
  document_no: 鲁办文〔2022〕{number}号
  decided_on: 2022-12-01
  valid_from: 2022-01
  valid_to: 2022-12
"""


@dataclass
class Known:
    """What the reference has learnt: the numbers by month, and what the plan says of each from which month on."""

    opened: int = 0
    totals: dict[int, int] = field(default_factory=dict)
    targets: dict[int, int] = field(default_factory=lambda: {1: 2032})
    floors: dict[int, int] = field(default_factory=lambda: {1: -30})
    errata: int = 0

    def expected(self, month: int) -> tuple[int, str]:
        """Target and status of a month."""
        target = _in_force(self.targets, month)
        if month not in self.totals:
            return target, chinese().status_code["NOT_REPORTED"]
        floors = {name: Fraction(value) for name, value in THRESHOLDS.items()}
        floors["red_floor_pp"] = Fraction(_in_force(self.floors, month))
        promise = reference.Promise(
            kind="flow",
            comparator="ge",
            progress_basis="linear_month",
            polarity="higher_better",
            target=Fraction(target),
            base=None,
            nodes=(),
            is_register_missing=False,
            may_fall=False,
            deadline_month=12,
            thresholds=floors,
        )
        status = reference.judge(promise, month, Fraction(self.totals[month]), Fraction(1)).status
        return target, chinese().status_code[status]  # type: ignore[index]


def _in_force(dated: dict[int, int], month: int) -> int:
    return dated[max(begins for begins in dated if begins <= month)]


class Story:
    """A county to which one thing after the other happens, each month reported on the third of the next."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.county = Received(folder)
        self.known = Known()
        self.chance = random.Random(seed)
        self.day = 3

    def month_passes(self, *, silent: bool) -> None:
        """The next month is opened; its report comes, or nothing does until the freeze has passed."""
        self.known.opened, self.day = self.known.opened + 1, 3
        month, before = self.known.opened, max(self.known.totals.values(), default=0)
        if silent:
            self.day = 20
            self.take()
            return
        grown = self.chance.randrange(0, 400)
        self.known.totals[month] = before + grown
        self.take(self.county.manholes(month, grown, before + grown))

    def take(self, *files: tuple[str, bytes]) -> list[str]:
        """A run for the month opened last, later than all before; gives why a plan was not taken."""
        self.day += 1
        month = self.known.opened
        results = self.county.take(month, at(month + 1, self.day), *files)
        return [one.detail for result in results for one in result.outcomes if one.result == "failed"]

    def target_rises(self) -> None:
        """From the month to come, by a document."""
        begins = self.known.opened + 1
        target = _in_force(self.known.targets, begins) + 100
        if begins not in self.known.targets:
            self.known.targets[begins] = target
            version = f"      - {{value: {target}, as_written: '{target}', comparator_word: 增, "
            version += f"valid_from: 2022-{begins:02}, document_no: 鲁办文〔2022〕30号}}\n"
            self._insert(version)
        self.take()

    def _insert(self, version: str) -> None:
        """Behind the last target of the indicator, which is the first of its item."""
        path = self.county.plan / "items" / "M03.yaml"
        head, deadline, rest = path.read_text(encoding="utf-8").partition("    deadline:\n")
        path.write_text(head + version + deadline + rest, encoding="utf-8")

    def threshold_changes(self) -> None:
        """From the month to come, by a document."""
        begins = self.known.opened + 1
        if begins in self.known.floors:
            return
        floor = _in_force(self.known.floors, begins) + self.chance.choice((-3, 3))
        said = THRESHOLDS | {"red_floor_pp": floor}
        head = "" if self.known.floors.keys() - {1} else "\nchanges:\n"
        self.known.floors[begins] = floor
        keys = ", ".join(f"{name}: {value}" for name, value in said.items())
        entry = f"  - {{valid_from: 2022-{begins:02}, document_no: 鲁办文〔2022〕40号, thresholds: {{{keys}}}}}\n"
        self.county.add("plan.yaml", head + entry)
        self.take()

    def somebody_edits_the_past(self) -> None:
        """Without a date: refused where it would change what was published, and taken back."""
        floor = self.known.floors[1]
        self.county.edit("plan.yaml", f"  red_floor_pp: {floor}", "  red_floor_pp: -1")
        told = self.take()
        altered = Known(self.known.opened, self.known.totals, self.known.targets, self.known.floors | {1: -1})
        months = range(1, self.known.opened + 1)
        assert bool(told) == any(altered.expected(month) != self.known.expected(month) for month in months)
        self.county.edit("plan.yaml", "  red_floor_pp: -1", f"  red_floor_pp: {floor}")
        self.take()

    def erratum(self) -> None:
        """The plan as printed had the first threshold wrong: every month it held in is judged anew."""
        self.known.errata += 1
        floor = self.known.floors[1]
        self.known.floors[1] = floor + 4
        self.county.edit("plan.yaml", f"  red_floor_pp: {floor}", f"  red_floor_pp: {floor + 4}")
        self.county.add("errata.yaml", _ERRATUM.format(number=self.known.errata))
        assert self.take() == []

    def go_back_and_forth(self) -> None:
        """A roll-back holds over a run, and a release shows what has come since."""
        before = self.county.home.current.resolve().name
        if int(before.split("-")[0]) < 2:
            return
        roll_back(self.county.home, None, self.county.last, "有误")
        back = self.county.home.current.resolve().name
        self.take()
        assert self.county.home.current.resolve().name == back != before
        release(self.county.home, self.county.last)
        assert hold_in_force(self.county.home) is None

    def published(self) -> list[tuple[int, str]]:
        sql = """
            select cast(target_value as integer), status_label
            from pub_indicator_completion_v1
            where indicator_code = ?
            order by period
        """
        return [(int(target), status) for target, status in self.county.published(sql, [CODE])]


def kept(county: Received) -> dict[str, str]:
    """All that must never change: revisions, and the pages of frozen months."""
    home = county.home
    files = [path for path in (home.published / "revisions").rglob("*") if path.is_file()]
    files += home.reports.rglob("*.定稿.html")
    return {str(path.relative_to(home.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("seed", [8])
def test_nothing_said_before_ever_changes(tmp_path: Path, seed: int) -> None:
    """Each act in any order, with two more months between."""
    story, past = Story(tmp_path, seed), dict[str, str]()
    month: Callable[[], None] = partial(story.month_passes, silent=False)
    acts: list[Callable[[], None]] = [
        *(month, month, month, partial(story.month_passes, silent=True)),
        *(story.target_rises, story.threshold_changes),
        *(story.somebody_edits_the_past, story.erratum, story.go_back_and_forth),
    ]
    story.chance.shuffle(acts)
    for act in (month, *acts):
        act()
        assert story.published() == [story.known.expected(each) for each in range(1, story.known.opened + 1)]
        now = kept(story.county)
        assert past.items() <= now.items(), "what was published or issued has changed"
        past = now
    assert story.county.recovered() == story.county.content
