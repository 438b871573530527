"""What receive_submissions does with declared sources: which there are, their accounts, and what each one delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk import Asset, AssetAlias, get_current_context

from minsheng.core.counties import plan_folders
from minsheng.core.errors import UserError
from minsheng_counties import name_task
from minsheng_faults import MayPass, plain_errors
from minsheng_stages import perform
from minsheng_wiring import as_of, contacts, settings

if TYPE_CHECKING:
    from minsheng.core.access import Access
    from minsheng.core.outcome import StageResult
    from minsheng.plan.run import Run
    from minsheng.source.declared import DeclaredSource

# Of every source an asset of its own, made when it first delivers: when that was last, Airflow shows.
DELIVERED = AssetAlias("sources")
# Where the declaration of a county is faulty there is one task, which says so.
_FAULTY = ""


def pairs_by_kind() -> dict[str, list[dict[str, str]]]:
    """The sources of all counties as county and name, by kind; none where the inbox is the only source.

    Read with every DAG file, and so without anything heavy. A declaration that is faulty stops no other county.
    """
    if settings().sources is None:
        return {}
    found: dict[str, list[dict[str, str]]] = {}
    for county in plan_folders(settings().plans):
        try:
            kinds = [(one.kind, one.name) for one in _declared(county)]
        except UserError:
            kinds = [("folder", _FAULTY)]
        for kind, name in kinds:
            found.setdefault(kind, []).append({"county": county, "source": name})
    return found


def pull_declared(county: str, name: str) -> dict[str, Any]:
    """Land what one source has; one that is down fails its task, after what it had given, and is tried again."""
    from minsheng.mail.correspondents import correspondents
    from minsheng.source.kinds import make_source
    from minsheng.stages.pull import pull

    name_task(f"{county} {name}")
    with plain_errors():
        declared = next((one for one in _declared(county) if one.name == name), None)
        if declared is None:
            known = [one.name for one in _declared(county)]
            raise UserError("source_name_unknown", settings().sources, name=name, known=known)
    source = make_source(declared, airflow_access, correspondents(contacts(county)))
    results: list[StageResult] = []

    def stage(run: Run) -> StageResult:
        results.append(pull(run, source))
        return results[0]

    told = perform([county], stage)
    _announce(county, name, results[0])
    if down := [outcome.detail for outcome in results[0].outcomes if outcome.result == "down"]:
        raise MayPass(f"{name}：{'；'.join(down)}")
    return told


def airflow_access(connection: str) -> Access:
    """The account of an Airflow connection; raises UserError when there is none."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from minsheng.core.access import Access

    try:
        found = Connection.get(connection)
    except AirflowNotFoundException:
        raise UserError("connection_missing", connection) from None
    extra = {key: str(value) for key, value in found.extra_dejson.items()}
    schema = found.schema or ""
    scheme = schema if schema in ("http", "https") else ""
    return Access(found.host or "", found.port, found.login or "", found.password or "", scheme, schema, extra)


def _declared(county: str) -> tuple[DeclaredSource, ...]:
    from minsheng.source.declared import declared_sources

    path = settings().sources
    if path and not path.is_dir() and len(plan_folders(settings().plans)) > 1:
        raise UserError("sources_of_several", path, plans=settings().plans)
    return declared_sources(path, county) or ()


def _announce(county: str, name: str, result: StageResult) -> None:
    count = result.count("landed") + result.count("withheld")
    if not count:
        return
    context = get_current_context()
    asset = Asset(f"source/{county}/{quote(name)}", f"minsheng://source/{county}/{quote(name)}", group="minsheng")
    extra: dict[str, Any] = {"来源": name, "文件数": count, "as_of": as_of(context).isoformat()}
    context["outlet_events"][DELIVERED].add(asset, extra=extra)
