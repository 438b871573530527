"""``make bench SCALE=province``: the counties of a province taken through one month, one after the other.

What is done of a county stays done: killed and started again, it goes on with the counties that are not. The bar stands
at what is on disk, and at nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from bench.counties import County
from bench.delivery import CONTACTS, PERIOD, RECEIVED_AT
from bench.timing import milliseconds
from minsheng.core.files import atomic_write
from minsheng.core.home import Installation
from minsheng.core.layout import enter, enter_home
from minsheng.core.outcome import StageResult
from minsheng.flows.pipeline import stages
from minsheng.landing.editions import as_received
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.roll_up import roll_up
from minsheng.validation.expectations import prepare
from minsheng.views.terminal import console
from minsheng.warehouse.connection import kept_open

# The first so many of the counties beside all of them.
_SCALES = (1, 10)


@dataclass(frozen=True)
class Done:
    """A county whose month is published: what came of its files, and the processor time its stages took."""

    county: str
    accepted: int
    rejected: int
    milliseconds: float

    @property
    def files(self) -> int:
        """How many were judged."""
        return self.accepted + self.rejected


@dataclass(frozen=True)
class Province:
    """Its counties in a folder: plans, inboxes, homes, and a note for each county that is done."""

    folder: Path
    size: int

    @property
    def counties(self) -> tuple[County, ...]:
        """All of them, in the order in which they are done."""
        return tuple(map(County, range(1, self.size + 1)))

    def done(self) -> list[Done]:
        """The counties that are done, as noted on disk."""
        paths = (self._note(county) for county in self.counties)
        return [Done(**json.loads(path.read_text(encoding="utf-8"))) for path in paths if path.exists()]

    def go_on(self) -> Iterator[Done]:
        """Do one county after the other that is not done; each is noted before it is told."""
        for county in (each for each in self.counties if not self._note(each).exists()):
            done = self._do(county)
            atomic_write(self._note(county), json.dumps(asdict(done)).encode())
            yield done

    @property
    def installation(self) -> Installation:
        """The homes of the counties."""
        return Installation(self.folder / "home")

    def _do(self, county: County) -> Done:
        plan = load_plan(county.write_plan(self.folder / "plans"))
        inbox = county.write_files(self.folder / "inbox")
        home = enter_home(enter(self.installation.root), county.name)
        run = Run(home, as_county([plan]), RECEIVED_AT, f"province {county.name}")
        results: list[StageResult] = []
        spent = milliseconds(lambda: results.extend(_take_month(run, inbox)))
        (judged,) = (result for result in results if result.stage == "validate")
        return Done(county.name, judged.count("accepted"), judged.count("rejected"), spent)

    def _note(self, county: County) -> Path:
        return self.folder / "done" / f"{county.name}.json"


def take_province(size: int, folder: Path) -> None:
    """Do what is not done, with a bar; then roll up, and print what it took."""
    province = Province(folder, size)
    prepare()
    before = province.done()
    with _bar() as progress:
        task = progress.add_task("counties", total=size, completed=len(before), files=sum(one.files for one in before))
        for done in province.go_on():
            files = sum(one.files for one in province.done())
            progress.update(task, advance=1, description=done.county, files=files)
    rolled_up = milliseconds(lambda: roll_up(province.installation))
    console.print(_table(province, rolled_up))


def _take_month(run: Run, inbox: Path) -> Iterator[StageResult]:
    """The stages of a county's month as the DAGs call them: rolled up is once, when all are done."""
    with kept_open(run.home.warehouse):
        yield receive_plan(run)
        run = as_received(run)
        yield open_period(run, PERIOD)
        for name, stage in stages(run, inbox, CONTACTS).items():
            if name != "roll_up":
                yield stage()


def _bar() -> Progress:
    files = TextColumn("{task.fields[files]} files")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), files)
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)


def _table(province: Province, rolled_up: float) -> Table:
    table = Table(title=f"A month of {province.size} counties")
    for heading in ("counties", "files", "accepted", "rejected", "processor time", "a file"):
        table.add_column(heading, justify="right")
    done = province.done()
    for scale in (*(scale for scale in _SCALES if scale < len(done)), len(done)):
        table.add_row(*_row(done[:scale]))
    table.caption = f"rolled up in {rolled_up / 1000:.1f} s; largest memory {_memory()}; homes {_disk(province)}"
    return table


def _memory() -> str:
    """Of this process, the largest by far: that which reads workbooks is held to 400 MB and takes a tenth of it."""
    return f"{getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def _disk(province: Province) -> str:
    files = (path for path in province.installation.root.rglob("*") if path.is_file())
    return f"{sum(path.lstat().st_size for path in files) / 1e6:,.0f} MB"


def _row(done: Sequence[Done]) -> tuple[str, ...]:
    files, spent = sum(one.files for one in done), sum(one.milliseconds for one in done)
    accepted, rejected = sum(one.accepted for one in done), sum(one.rejected for one in done)
    return (
        f"{len(done)}",
        f"{files:,}",
        f"{accepted:,}",
        f"{rejected:,}",
        f"{spent / 1000:,.0f} s",
        f"{spent / files:.0f} ms",
    )
