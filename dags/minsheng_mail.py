"""What send_mail does with Airflow around it: which batches wait, and handing one to the server of the connection."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from minsheng_counties import WHATEVER_HAPPENED
from minsheng_faults import plain_errors
from minsheng_wiring import OUTBOX, contacts, installation, now, served_counties, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minsheng.mail.server import Server

SMTP_CONNECTION = "minsheng_smtp"


@task(task_display_name="通知发信", outlets=[OUTBOX], trigger_rule=WHATEVER_HAPPENED)
def notify_outbox() -> None:
    """Call for mail, where any waits."""
    from minsheng.mail.delivery import pending

    here = installation()
    if not any(pending(here.home(county)) for county in served_counties()):
        raise AirflowSkipException("没有待发邮件")


def mail_batches() -> list[dict[str, Any]]:
    """What is due, in batches: the units of each, and the label its task bears.

    A run started by hand is for everything that waits, also for what was put off.
    """
    from minsheng.mail.batches import batches
    from minsheng.plan.county import load_county

    here, due = installation(), None if _is_by_hand() else now()
    found: list[dict[str, Any]] = []
    for county in sorted(served_counties()):
        with plain_errors():
            plans = load_county(settings().plans, county).plans
        names = {unit.code: unit.name for plan in plans for unit in plan.units}
        found += (asdict(batch) for batch in batches(here.home(county), due, names))
    return found


def send_batch(county: str, units: Sequence[str]) -> dict[str, Any]:
    """Hand in the mails of these units of a county; gives the mails that a person must see to, as ``troubles``.

    A mail put off is no fault and waits for a later run. What may pass by itself, such as a server that is not there,
    ends the task, to be tried again.
    """
    from minsheng.mail.delivery import ALARMING
    from minsheng.stages.send import send

    here, known = installation().home(county), contacts(county)
    server = None if settings().mail_dry_run else mail_server()
    with plain_errors():
        sent = send(here, server, known, now(), units=units, even_put_off=_is_by_hand())
    return {"troubles": [f"{one.input}：{one.detail}" for one in sent.outcomes if one.result in ALARMING]}


def mail_server() -> Server:
    """The server of the connection; its extras are those of Airflow's SMTP connections.

    Not Airflow's SmtpHook: that makes messages of its own, and ours carry the Message-ID that makes a resend harmless.
    """
    from airflow.sdk import Connection

    from minsheng.mail.server import Patience, Server

    found = Connection.get(SMTP_CONNECTION)
    extra = found.extra_dejson
    return Server(
        found.host or "localhost",
        found.port or 0,
        found.login or "",
        found.password or "",
        is_ssl=not extra.get("disable_ssl", False),
        is_starttls=not extra.get("disable_tls", False),
        is_verified=extra.get("ssl_context") != "none",
        patience=Patience(greeting=float(extra["timeout"])) if "timeout" in extra else Patience(),
    )


def _is_by_hand() -> bool:
    return bool(get_current_context()["dag_run"].run_type == "manual")
