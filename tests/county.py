"""A county to send files to: what parse and validate make of them."""

import atexit
import shutil
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from minsheng.core.home import Home
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.mail.contacts import Contacts
from minsheng.plan.county import as_county
from minsheng.plan.models import Waiver
from minsheng.plan.run import Run
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import kept_open, open_warehouse
from minsheng.warehouse.plan_rows import open_rows, write_plan
from tests.workbooks import lushan

ZONE = ZoneInfo("Asia/Shanghai")
IN_TIME = datetime(2022, 6, 3, 10, 0, tzinfo=ZONE)
IN_MAY = datetime(2022, 5, 3, 10, 0, tzinfo=ZONE)
LATE = datetime(2022, 6, 7, 10, 0, tzinfo=ZONE)
CONTACTS = Contacts(data_team="data@lushan.example", units={"CGJ": ("cgj@lushan.example",)})


def open_months(run: Run, *periods: Period) -> None:
    """What stage open does, less the workbooks."""
    with open_warehouse(run.home.warehouse) as connection:
        for plan in run.county.plans:
            write_plan(connection, plan)
        for period in periods:
            open_rows(connection, run.county.require_plan_of(period), period, run.as_of)


@cache
def _opened_home() -> Path:
    """A home in which 2022-03 to 2022-05 are open: made once a process, for every county to be copied from."""
    folder = tempfile.mkdtemp(prefix="county-")
    atexit.register(shutil.rmtree, folder)
    home = Path(folder) / "lushan"
    open_months(Run(Home(home), as_county([lushan()]), IN_TIME, "run-0"), *(Period(2022, month) for month in (3, 4, 5)))
    return home


class County:
    """A home in which 2022-03 to 2022-05 are open, and a way to send it files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "lushan")
        # A receipt for every good report would be in the way: they have tests of their own.
        self.plan = lushan().model_copy(update={"sends_receipts": False})
        self.deliveries = 0
        shutil.copytree(_opened_home(), folder / "lushan", dirs_exist_ok=True)

    def waive(self, *waivers: Waiver) -> None:
        """Excuse units from rules from now on."""
        self.plan = self.plan.model_copy(update={"waivers": waivers, "sha256": f"with {len(waivers)} waivers"})

    def run(self, at: datetime = IN_TIME) -> Run:
        return Run(self.home, as_county([self.plan]), at, f"run-{self.deliveries}")

    def send(self, *files: tuple[str, str, bytes], at: datetime = IN_TIME, judge: bool = True) -> StageResult:
        """Deliver (unit, name, content) and take the stages up to validate."""
        self.deliveries += 1
        inbox = self.folder / f"inbox-{self.deliveries}"
        for unit_code, name, content in files:
            path = inbox / unit_code / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        run = self.run(at)
        with kept_open(self.home.warehouse):
            pull(run, inbox)
            parsed = parse(run)
            return validate(run, CONTACTS) if judge else parsed

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with open_warehouse(self.home.warehouse) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> list[tuple[object, ...]]:
        return self.query("select rule_code, sheet_name, cell_ref, found from raw.finding order by all")
