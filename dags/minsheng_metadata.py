"""Airflow's own memory and logs, rid of what is old: by Airflow's command, in a process that may reach the database."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSkipException

from minsheng.core.settings import Settings
from minsheng_faults import NeedsPerson
from minsheng_wiring import now

log = logging.getLogger("minsheng")

# Airflow gives a task neither the address of its database nor the right to it; a process of our own asks for itself.
_OF_A_TASK = ("_AIRFLOW_", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN")


def clean(settings: Settings, before: datetime) -> None:
    """Remove from the database what ran before a moment; the last run of every DAG stays. Fails the task otherwise."""
    from minsheng.backup.settings import metadata_address

    address = metadata_address(settings.metadata)
    if address is None:
        raise AirflowSkipException("没有设置 MINSHENG_METADATA，运行记录没有清理")
    command = [sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive", "--error-on-cleanup-failure"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OF_A_TASK)}
    done = subprocess.run(
        [*command, "--clean-before-timestamp", before.isoformat()],
        env=environment | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address},
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        log.debug("%s", line)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise NeedsPerson(f"airflow db clean 没有成功：{''.join(last)}")
    log.info("已清理 %s 以前的运行记录", f"{before:%Y-%m-%d}")


def history_limit(settings: Settings) -> datetime:
    """Before when what ran may be forgotten."""
    return now() - timedelta(days=settings.history_days)


def log_folder() -> Path:
    """Where Airflow writes its logs."""
    return Path(str(conf.get("logging", "base_log_folder")))
