"""Counties shared by two Celery workers, of one slot each; the same work again for one of them alone.

``make services``; no part of ``make test``: it takes minutes. How long each took is printed.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bench.counties import County
from bench.delivery import CONTACTS, PERIOD
from minsheng.core.declarations import ROOT
from minsheng.core.home import Home, Installation
from minsheng.flows.pipeline import run_stages
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.publication.revisions import require_current
from minsheng.verify import verify
from tests.deploy.services import ARRIVED, OPENED, Server, content, served

WORKERS = ("worker-1", "worker-2")
SHARED, ALONE = (County(1), County(2)), (County(3), County(4))
_DONE = re.compile(r"Task execute_workload\[[-0-9a-f]++\] succeeded")
_MONTH_SECONDS = 900.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("province")
    for county in (*SHARED, *ALONE):
        county.write_plan(folder / "plans")
        (folder / "inbox" / county.name).mkdir(parents=True)
        (folder / "contacts").mkdir(exist_ok=True)
        shutil.copy(ROOT / "examples" / "contacts.yaml", folder / "contacts" / f"{county.name}.yaml")
    more = {
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
        **{f"MINSHENG_{name.upper()}": str(folder / name) for name in ("contacts", "inbox", "plans")},
    }
    with served(tmp_path_factory, len(WORKERS), more) as server:
        yield server


def take_month(server: Server, counties: Sequence[County]) -> float:
    """Have what the units of these counties send taken through all stages; gives the seconds."""
    for county in counties:
        county.write_files(Path(server.airflow.env["MINSHENG_INBOX"]))
    began = time.monotonic()
    server.take("receive_submissions", {"as_of": ARRIVED})
    server.airflow.wait("the month", lambda: are_published(server, counties), _MONTH_SECONDS)
    return time.monotonic() - began


def are_published(server: Server, counties: Sequence[County]) -> bool:
    """Whether nothing is left to do, and each of them shows readers what its units sent."""
    homes = [server.home.installation.home(county.name) for county in counties]
    return not server.api.open_runs() and all(home.current.exists() and _inputs(home) for home in homes)


def _inputs(home: Home) -> int:
    return len(require_current(home).inputs)


def tasks_done(server: Server) -> dict[str, int]:
    """How many tasks each worker has done, as it says itself."""
    logs = {name: server.airflow.folder / f"{name}.log" for name in WORKERS}
    return {name: len(_DONE.findall(path.read_text(encoding="utf-8"))) for name, path in logs.items()}


def undisturbed(server: Server, county: County) -> str:
    """What readers see of the same month taken through all stages at once, in another home."""
    plans, inbox = (Path(server.airflow.env[f"MINSHENG_{name}"]) for name in ("PLANS", "INBOX"))
    home = Installation(server.folder / "other").home(county.name)
    plan = as_county([load_plan(plans / county.plan_id)])
    (empty := server.folder / "empty").mkdir(exist_ok=True)
    for moment, folder in ((OPENED, empty), (ARRIVED, inbox / county.name)):
        run = Run(home, plan, datetime.fromisoformat(moment), moment)
        assert sum(result.count("failed") for result in run_stages(run, PERIOD, folder, CONTACTS)) == 0
    return content(home)


def test_two_workers_share_counties_and_one_alone_does_the_same(server: Server) -> None:
    server.take("open_period", {"as_of": OPENED}, str(PERIOD))
    server.airflow.wait("the opening", lambda: not server.api.open_runs(), _MONTH_SECONDS)
    before = tasks_done(server)
    together = take_month(server, SHARED)
    shared = {name: count - before[name] for name, count in tasks_done(server).items()}

    server.airflow.kill(WORKERS[1])
    alone = take_month(server, ALONE)
    said = {"two workers": round(together), "one": round(alone), "tasks": shared}
    print(json.dumps(said))

    assert min(shared.values()) * 3 > sum(shared.values())  # each has done more than a third
    for county in (*SHARED, *ALONE):
        assert verify(server.home.installation, [county.name]) == []
        assert content(server.home.installation.home(county.name)) == undisturbed(server, county)
