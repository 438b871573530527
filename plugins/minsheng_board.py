"""Ours in Airflow: the board and the runbook beside its pages, notes on runs, Chinese and Beijing time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

import minsheng_notes
from minsheng_defaults import ChineseByDefault

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PREFIX = "/minsheng"
_MENU = {"destination": "nav", "url_route": "minsheng", "nav_top_level": True}


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request; the pages are imported by the first, since every process of Airflow loads this file."""
    from minsheng_pages import application

    await application()(scope, receive, send)


def _beside(name: str, href: str, route: str, *places: str) -> list[dict[str, Any]]:
    """A link in the pages of these places: DAGs, runs, tasks."""
    return [{"name": name, "href": href, "url_route": f"{route}-{place}", "destination": place} for place in places]


class MinshengPlugin(AirflowPlugin):
    """Read by Airflow."""

    name = "minsheng"
    listeners = [minsheng_notes]  # noqa: RUF012 as Airflow declares it
    fastapi_apps = [{"app": serve, "url_prefix": PREFIX, "name": "民生实事看板"}]  # noqa: RUF012 as Airflow declares it
    fastapi_root_middlewares = [  # noqa: RUF012 as Airflow declares it
        {"middleware": ChineseByDefault, "name": "中文和北京时间"}
    ]
    external_views = [  # noqa: RUF012 as Airflow declares it
        {"name": "看板", "href": f"{PREFIX}/"} | _MENU,
        *_beside("本月看板", f"{PREFIX}/run/{{DAG_ID}}/{{RUN_ID}}", "board", "dag_run", "task_instance"),
        *_beside("运行手册", f"{PREFIX}/runbook#{{DAG_ID}}", "runbook", "dag", "dag_run", "task_instance"),
    ]
