"""Looking at everything once: the checks, and what is not known where one of them could not be made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from minsheng.core.codes import Cause
from minsheng.core.errors import BusyError, DamagedError, UserError
from minsheng.warehouse.connection import Connection, open_to_read
from minsheng.watch import installation_checks, mail_checks, warehouse_checks
from minsheng.watch.conditions import Condition, Observed
from minsheng.watch.grounds import Grounds
from minsheng.watch.installation_checks import Premises

log = logging.getLogger(__name__)

PREMISES_CHECKS: Mapping[Cause, Callable[[Premises], Iterator[Condition]]] = {
    "task_red": installation_checks.red_tasks,
    "dag_silent": installation_checks.silent_dags,
    "airflow_down": installation_checks.airflow_health,
    "disk_low": installation_checks.low_disk,
    "certificate_expiring": installation_checks.expiring_certificate,
    "backup_missing": installation_checks.missing_backup,
    "home_damaged": installation_checks.damaged_silences,
}
MAIL_CHECKS: Mapping[Cause, Callable[[Grounds], Iterator[Condition]]] = {
    "mail_refused": mail_checks.all_refused,
    "mail_stuck": mail_checks.stuck_mails,
    "mail_unaddressed": mail_checks.unaddressed_mails,
}
WAREHOUSE_CHECKS: Mapping[Cause, Callable[[Connection, Grounds], Iterator[Condition]]] = {
    "unjudged": warehouse_checks.unjudged_files,
    "unpublished": warehouse_checks.unpublished_files,
    "month_unopened": warehouse_checks.unopened_month,
    "freeze_missed": warehouse_checks.missed_freezes,
    "source_down": warehouse_checks.sources_down,
    "source_silent": warehouse_checks.silent_sources,
    "inbox_trouble": warehouse_checks.inbox_troubles,
    "address_bounced": warehouse_checks.bounced_addresses,
}
_OF_A_COUNTY: tuple[Cause, ...] = (*MAIL_CHECKS, *WAREHOUSE_CHECKS)
# Seconds for which a stage that writes is waited for; what is not seen now is seen by the next look.
_PATIENCE = 10.0
_LOST = ("warehouse_missing", "county_not_begun")


@dataclass(frozen=True)
class WatchedCounty:
    """A county that can be looked at, or why it cannot."""

    county: str
    grounds: Grounds | UserError


def look(here: Premises, counties: Iterable[WatchedCounty]) -> Observed:
    """Make every check; one that fails by a fault of ours is told itself and keeps none of the others.

    While a stage writes a warehouse, nothing is known of that county: what was true of it before is taken to be so
    still.
    """
    asked = {cause: partial(check, here) for cause, check in PREMISES_CHECKS.items()}
    parts = [_found(asked, None), *(_of_county(each) for each in counties)]
    return Observed(
        tuple(condition for part in parts for condition in part.conditions),
        frozenset(unknown for part in parts for unknown in part.unknown),
        {county: title for part in parts for county, title in part.titles.items()},
    )


def _of_county(standing: WatchedCounty) -> Observed:
    here, county = standing.grounds, standing.county
    if isinstance(here, UserError):
        return Observed((_damage(here, county),), _unknown(_OF_A_COUNTY, county))
    mail = _found({cause: partial(check, here) for cause, check in MAIL_CHECKS.items()}, county)
    warehouse = _in_warehouse(here, county)
    conditions = (*mail.conditions, *warehouse.conditions)
    return Observed(conditions, mail.unknown | warehouse.unknown, {county: here.run.county.title})


def _in_warehouse(here: Grounds, county: str) -> Observed:
    try:
        with open_to_read(here.home.warehouse, _PATIENCE) as connection:
            asked = {cause: partial(check, connection, here) for cause, check in WAREHOUSE_CHECKS.items()}
            return _found(asked, county)
    except BusyError as error:
        busy = Condition("warehouse_busy", "warehouse", error.problem, county)
        return Observed((busy,), _unknown(("home_damaged", *WAREHOUSE_CHECKS), county))
    except UserError as error:
        return Observed((_damage(error, county),), _unknown(WAREHOUSE_CHECKS, county))


def _found(checks: Mapping[Cause, Callable[[], Iterator[Condition]]], county: str | None) -> Observed:
    conditions: list[Condition] = []
    unknown: set[tuple[Cause, str | None]] = set()
    for cause, check in checks.items():
        try:
            conditions += check()
        except BusyError:
            raise
        except Exception as error:
            log.exception("%s", cause)
            conditions.append(Condition("unwatched", cause, f"{type(error).__name__}: {error}", county))
            unknown.add((cause, county))
    return Observed(tuple(conditions), frozenset(unknown))


def _damage(error: UserError, county: str) -> Condition:
    """What is lost or damaged is one thing; settings and contacts that cannot be read are another."""
    cause: Cause = "home_damaged" if isinstance(error, DamagedError) or error.code in _LOST else "unwatched"
    return Condition(cause, error.code, f"{error.where}：{error.problem}", county)


def _unknown(causes: Iterable[Cause], county: str) -> frozenset[tuple[Cause, str | None]]:
    return frozenset((cause, county) for cause in causes)
