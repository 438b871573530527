"""send_mail against a real SMTP server that refuses one unit's mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.mail_server import Keeper, mail_server
from tests.dags.conftest import DAGS, Airflow

_TEST_RUN = f"""
import json
from airflow.dag_processing.dagbag import DagBag
dag = DagBag({str(DAGS / "send_mail.py")!r}).dags["send_mail"]
dag.task_dict["send"].retries = 0  # dag.test would sit out the waits between tries
run = dag.test()
print(json.dumps(sorted([ti.task_id, ti.rendered_map_index or "", ti.state] for ti in run.get_task_instances())))
"""
_EML = "From: data@x.example\nTo: {to}\nSubject: =?utf-8?b?6YCA5Zue?=\nMessage-ID: <{id}@minsheng>\n\nhello\n"


class RefusesMzj(Keeper):
    """A server on which one mailbox is full."""

    async def handle_RCPT(  # noqa: N802 aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("mzj"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def smtp_port(tmp_path: Path) -> Iterator[int]:
    with mail_server(RefusesMzj(tmp_path / "mail"), "127.0.0.1") as port:
        yield port


@pytest.mark.slow
def test_a_mail_that_fails_is_red_and_keeps_no_other_unit_waiting(
    airflow: Airflow, smtp_port: int, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    for unit, mails in {"GAJ": ["a"], "MZJ": ["b"], "RSJ": ["c", "d"]}.items():
        for mail in mails:
            eml = home / "outbox" / "pending" / unit / f"{mail}.eml"
            eml.parent.mkdir(parents=True, exist_ok=True)
            eml.write_text(_EML.format(to=f"{unit.lower()}@x.example", id=mail), encoding="utf-8")

    states = airflow.python(_TEST_RUN, MINSHENG_HOME=str(home), **_connection(smtp_port))

    assert states == [
        ["collect", "", "success"],
        ["send", "GAJ 县公安局", "success"],
        ["send", "MZJ 县民政局", "failed"],
        ["send", "RSJ 县人力资源和社会保障局", "success"],
    ]
    assert _names(home / "outbox" / "pending") == ["MZJ/b.eml"]
    assert _names(home / "outbox" / "sent") == ["GAJ/a.eml", "RSJ/c.eml", "RSJ/d.eml"]
    assert _names(tmp_path / "mail") == [
        "gaj@x.example/a@minsheng.eml",
        "rsj@x.example/c@minsheng.eml",
        "rsj@x.example/d@minsheng.eml",
    ]


@pytest.mark.slow
def test_an_unreachable_server_loses_nothing_and_the_next_run_sends(airflow: Airflow, tmp_path: Path) -> None:
    home = tmp_path / "home"
    eml = home / "outbox" / "pending" / "GAJ" / "a.eml"
    eml.parent.mkdir(parents=True)
    eml.write_text(_EML.format(to="gaj@x.example", id="a"), encoding="utf-8")
    with mail_server(Keeper(tmp_path / "mail"), "127.0.0.1") as port:
        pass  # was there, is gone: nobody listens on this port now

    states = airflow.python(_TEST_RUN, MINSHENG_HOME=str(home), **_connection(port))

    assert states == [["collect", "", "success"], ["send", "GAJ 县公安局", "failed"]]
    assert _names(home / "outbox") == ["pending/GAJ/a.eml"]

    with mail_server(Keeper(tmp_path / "mail"), "127.0.0.1") as port:
        states = airflow.python(_TEST_RUN, MINSHENG_HOME=str(home), **_connection(port))

    assert states == [["collect", "", "success"], ["send", "GAJ 县公安局", "success"]]
    assert _names(home / "outbox") == ["sent/GAJ/a.eml"]


@pytest.mark.slow
def test_without_mail_nothing_is_sent_and_nothing_is_red(airflow: Airflow, tmp_path: Path) -> None:
    states = airflow.python(_TEST_RUN, MINSHENG_HOME=str(tmp_path))

    assert states == [["collect", "", "success"], ["send", "", "skipped"]]


def _connection(port: int) -> dict[str, str]:
    extra = {"disable_tls": True, "disable_ssl": True}
    smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    return {"AIRFLOW_CONN_MINSHENG_SMTP": json.dumps(smtp)}


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.eml"))
