"""send_mail against a real SMTP server on which one mailbox is full and another is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from minsheng.core.home import Home
from minsheng.core.layout import begin
from scripts.mail_server import Keeper, mail_server
from tests.dags.conftest import DAGS, Airflow

_TEST_RUN = f"""
import json
from airflow.dag_processing.dagbag import DagBag
import minsheng_mail
dag = DagBag({str(DAGS / "send_mail.py")!r}).dags["send_mail"]
dag.task_dict["send"].retries = 0  # dag.test would sit out the waits between tries
{{prelude}}
run = dag.test()
found = sorted([ti.task_id, ti.rendered_map_index or "", ti.state] for ti in run.get_task_instances())
ending = {{{{task_id: state for task_id, _, state in found if task_id in ("alarm", "end", "mail_troubles")}}}}
told = {{{{"success": ["skipped", "success", "success"], "failed": ["failed", "upstream_failed", "success"]}}}}
assert [*map(ending.get, ("alarm", "end", "mail_troubles"))] == told[run.state], ending
print(json.dumps([["run", "", run.state], *(each for each in found if each[0] not in ending)]))
"""
_BY_HAND = _TEST_RUN.format(prelude="")
_BY_SCHEDULE = _TEST_RUN.format(prelude="minsheng_mail._is_by_hand = lambda: False")
_ATTEMPT = """
import json
import minsheng_mail
from minsheng_faults import NeedsPerson
minsheng_mail._is_by_hand = lambda: False
try:
    print(json.dumps(minsheng_mail.send_batch("lushan", ["GAJ"])))
except NeedsPerson as error:
    print(json.dumps([str(error), error.__suppress_context__]))
"""
_EML = "From: data@x.example\nTo: {to}\nSubject: =?utf-8?b?6YCA5Zue?=\nMessage-ID: <{id}@minsheng>\n\nhello\n"


_MAILS = {"GAJ": ["a"], "MZJ": ["b"], "RSJ": ["c", "d"]}


class Choosy(Keeper):
    """A server on which one mailbox is full, and from which another is gone."""

    async def handle_RCPT(  # noqa: N802 aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("mzj"):
            return "452 mailbox full"
        if address.startswith("gone"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def smtp_port(tmp_path: Path) -> Iterator[int]:
    with mail_server(Choosy(tmp_path / "mail"), "127.0.0.1") as port:
        yield port


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with mails for three units."""
    for unit, mails in _MAILS.items():
        for mail in mails:
            _wait(tmp_path / "home", unit, mail)
    return tmp_path / "home"


def _wait(home: Path, unit: str, mail: str) -> None:
    eml = home / "lushan" / "outbox" / "pending" / unit / f"{mail}.eml"
    eml.parent.mkdir(parents=True, exist_ok=True)
    eml.write_text(_EML.format(to=f"{unit.lower()}@x.example", id=mail), encoding="utf-8")


@pytest.mark.slow
def test_a_mail_put_off_holds_up_neither_its_own_run_nor_the_next(
    airflow: Airflow, smtp_port: int, home: Path, tmp_path: Path
) -> None:
    """The run in which the server asks to wait ends green at once; the next sends what is new and leaves that mail."""
    states = airflow.forked(_BY_SCHEDULE, MINSHENG_HOME=str(home), **_connection(smtp_port))

    assert states == [
        ["run", "", "success"],
        ["collect", "", "success"],
        ["record", "lushan", "success"],
        ["send", "GAJ 县公安局 等 3 个单位", "success"],
    ]
    assert _names(home / "lushan" / "outbox") == [
        "pending/MZJ/b.eml",
        "sent/GAJ/a.eml",
        "sent/RSJ/c.eml",
        "sent/RSJ/d.eml",
    ]
    assert _names(tmp_path / "mail") == [
        "gaj@x.example/a@minsheng.eml",
        "rsj@x.example/c@minsheng.eml",
        "rsj@x.example/d@minsheng.eml",
    ]

    _wait(home, "SWJ", "e")
    note = (home / "lushan" / "outbox" / "pending" / "MZJ" / "b.wait.json").read_bytes()
    states = airflow.forked(_BY_SCHEDULE, MINSHENG_HOME=str(home), **_connection(smtp_port))

    assert isinstance(states, list)
    assert states[0:1] + states[3:] == [["run", "", "success"], ["send", "SWJ 县商务局", "success"]]
    assert (home / "lushan" / "outbox" / "sent" / "SWJ" / "e.eml").exists()
    assert (home / "lushan" / "outbox" / "pending" / "MZJ" / "b.wait.json").read_bytes() == note

    states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(home), **_connection(smtp_port))

    assert isinstance(states, list)
    assert states[3:] == [["send", "MZJ 县民政局", "success"]]
    assert json.loads((home / "lushan" / "outbox" / "pending" / "MZJ" / "b.wait.json").read_bytes())["tries"] == 2


@pytest.mark.slow
def test_a_mail_refused_for_good_is_not_tried_again_and_one_line_says_why(
    airflow: Airflow, smtp_port: int, tmp_path: Path
) -> None:
    home, contacts = tmp_path / "home", tmp_path / "contacts.yaml"
    _wait(home, "GAJ", "a")
    contacts.write_text("data_team: data@x.example\nunits: {GAJ: [gone@x.example]}\n", encoding="utf-8")

    told = airflow.forked(_ATTEMPT, MINSHENG_HOME=str(home), MINSHENG_CONTACTS=str(contacts), **_connection(smtp_port))

    assert told == {
        "troubles": [
            "mail/GAJ/a：服务器对所有地址都已最终拒收：gone@x.example: 550 no such mailbox；"
            "更正通讯录后执行 minsheng mail resend a",
        ]
    }
    assert _names(home / "lushan" / "outbox") == ["refused/GAJ/a.eml"]


@pytest.mark.slow
def test_a_faulty_contacts_file_is_not_tried_again_and_one_line_says_why(airflow: Airflow, tmp_path: Path) -> None:
    home, contacts = tmp_path / "home", tmp_path / "contacts.yaml"
    _wait(home, "GAJ", "a")
    contacts.write_text("data_team: data@x.example\nunit: {}\n", encoding="utf-8")

    told = airflow.forked(_ATTEMPT, MINSHENG_HOME=str(home), MINSHENG_CONTACTS=str(contacts))

    assert told == [
        f"{contacts} 第 2 行（unit）：没有“unit”这个键 → "
        "是不是“units”？可写：data_team、sender_name、reply_to、telephone、supervision_office、leaders、units、superiors、"
        "signers、away [key_unknown]",
        True,
    ]
    assert _names(home / "lushan" / "outbox") == ["pending/GAJ/a.eml"]


@pytest.mark.slow
def test_an_unreachable_server_loses_nothing_and_the_next_run_sends(airflow: Airflow, tmp_path: Path) -> None:
    home = tmp_path / "home"
    _wait(home, "GAJ", "a")
    with mail_server(Keeper(tmp_path / "mail"), "127.0.0.1") as port:
        pass  # was there, is gone: nobody listens on this port now

    states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(home), **_connection(port))

    assert states == [
        ["run", "", "failed"],
        ["collect", "", "success"],
        ["record", "lushan", "success"],
        ["send", "GAJ 县公安局", "failed"],
    ]
    assert _names(home / "lushan" / "outbox") == ["pending/GAJ/a.eml"]

    with mail_server(Keeper(tmp_path / "mail"), "127.0.0.1") as port:
        states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(home), **_connection(port))

    assert states == [
        ["run", "", "success"],
        ["collect", "", "success"],
        ["record", "lushan", "success"],
        ["send", "GAJ 县公安局", "success"],
    ]
    assert _names(home / "lushan" / "outbox") == ["sent/GAJ/a.eml"]


@pytest.mark.slow
def test_in_a_dry_run_nothing_leaves_and_the_mails_wait(airflow: Airflow, smtp_port: int, home: Path) -> None:
    states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(home), MINSHENG_MAIL_DRY_RUN="true", **_connection(smtp_port))

    assert isinstance(states, list) and {state for *_, state in states} == {"success"}
    assert _names(home.parent) == [
        f"home/lushan/outbox/pending/{unit}/{id}.eml" for unit, ids in _MAILS.items() for id in ids
    ]


@pytest.mark.slow
def test_without_mail_nothing_is_sent_and_nothing_is_red(airflow: Airflow, tmp_path: Path) -> None:
    begin(Home(tmp_path / "lushan"))
    states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(tmp_path))

    assert states == [
        ["run", "", "success"],
        ["collect", "", "success"],
        ["record", "lushan", "success"],
        ["send", "", "skipped"],
    ]


@pytest.mark.slow
def test_a_home_that_has_become_empty_is_no_new_one(
    airflow: Airflow, tmp_path: Path, home: Path, smtp_port: int
) -> None:
    airflow.forked(_BY_HAND, MINSHENG_HOME=str(home), **_connection(smtp_port))
    (tmp_path / "unmounted").mkdir()
    states = airflow.forked(_BY_HAND, MINSHENG_HOME=str(tmp_path / "unmounted"))
    assert isinstance(states, list) and ["record", "lushan", "failed"] in states


def _connection(port: int) -> dict[str, str]:
    extra = {"disable_tls": True, "disable_ssl": True}
    smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    return {"AIRFLOW_CONN_MINSHENG_SMTP": json.dumps(smtp)}


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.eml"))
