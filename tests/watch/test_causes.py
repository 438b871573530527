"""Each cause of an alarm brought about for real, seen in the data team's mailbox once, and ended by mending it."""

from __future__ import annotations

import http.server
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from minsheng.backup.record import LastBackup, remember_backup
from minsheng.core.access import access_in
from minsheng.core.codes import Cause
from minsheng.core.declarations import ROOT
from minsheng.core.files import atomic_write
from minsheng.core.outcome import Outcome, StageResult
from minsheng.core.period import Period
from minsheng.mail.contacts import load_contacts
from minsheng.mail.correspondents import correspondents
from minsheng.mail.folders import mail_path, mails, take_back
from minsheng.mail.server import Server
from minsheng.publication.freezes import Freeze, log_frozen
from minsheng.source.bounced import mark_bounced
from minsheng.source.declared import declared_sources
from minsheng.source.kinds import make_source
from minsheng.source.messages import Bounce
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.stages.send import send
from minsheng.stages.validate import validate
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.ledger import keep
from minsheng.watch import looking
from minsheng.watch.conditions import runbook_entry
from minsheng.words.chinese import chinese
from tests.county import open_months
from tests.holding import holding
from tests.unit.mail.servers import Inbox, nobody, serving
from tests.watch.conftest import Watching, text_of
from tests.watch.test_news import fail
from tests.workbooks import as_bytes, manholes

GOOD, BAD = as_bytes(manholes()), as_bytes(manholes("约120"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Provoke = Callable[[Watching], AbstractContextManager[None]]


@contextmanager
def task_red(watching: Watching) -> Iterator[None]:
    fail(watching, "build", county="lushan")
    yield
    fail(watching)


@contextmanager
def dag_silent(watching: Watching) -> Iterator[None]:
    fail(watching, dag_id="receive_submissions")
    watching.now += 16 * HOUR
    yield
    fail(watching, dag_id="receive_submissions")


@contextmanager
def airflow_down(watching: Watching) -> Iterator[None]:
    states = {"scheduler": {"status": "unhealthy"}, "triggerer": {"status": None}}

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(states).encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watching.settings["airflow_url"] = f"http://127.0.0.1:{server.server_port}"
        yield
        states["scheduler"] = {"status": "healthy"}
        watching.look()
        server.shutdown()
    watching.settings["airflow_url"] = None


def declare(watching: Watching, folder: Path) -> None:
    path = watching.county.folder / "sources.yaml"
    path.write_text(f"sources:\n  - {{name: 共享, kind: folder, where: {folder}}}\n", encoding="utf-8")
    watching.settings["sources"] = path


def pull_declared(watching: Watching) -> None:
    (declared,) = declared_sources(Path(str(watching.settings["sources"])), "lushan") or ()
    pull(watching.county.run(watching.now), make_source(declared, access_in(None), correspondents(None)))


@contextmanager
def source_down(watching: Watching) -> Iterator[None]:
    folder = watching.county.folder / "share"
    declare(watching, folder)
    pull_declared(watching)
    watching.now += 3 * HOUR
    yield
    (folder / "CGJ").mkdir(parents=True)
    pull_declared(watching)


@contextmanager
def source_silent(watching: Watching) -> Iterator[None]:
    folder = watching.county.folder / "share" / "CGJ"
    folder.mkdir(parents=True)
    (folder / "5月.xlsx").write_bytes(BAD)
    declare(watching, folder.parent)
    pull_declared(watching)
    watching.now += 41 * DAY
    yield
    (folder / "6月.xlsx").write_bytes(GOOD)
    pull_declared(watching)


@contextmanager
def inbox_trouble(watching: Watching) -> Iterator[None]:
    inbox = watching.county.folder / "inbox"
    (inbox / "CGJ").mkdir(parents=True)
    pull(watching.county.run(watching.now), inbox)
    (inbox / "CGJ").rename(watching.county.folder / "unmounted")
    watching.county.deliveries += 1
    watching.now += HOUR
    pull(watching.county.run(watching.now), inbox)
    yield
    (watching.county.folder / "unmounted").rename(inbox / "CGJ")
    watching.county.deliveries += 1
    pull(watching.county.run(watching.now), inbox)


def drain(watching: Watching, server: Server) -> None:
    contacts = load_contacts(watching.contacts)
    send(watching.county.home, server, contacts, watching.now, even_put_off=True)


@contextmanager
def mail_refused(watching: Watching) -> Iterator[None]:
    watching.county.send(("CGJ", "5月.xlsx", BAD))
    with serving(Inbox(replies={"cgj@lushan.example": "550 no such mailbox cgj@lushan.example"})) as refusing:
        drain(watching, refusing)
    yield
    (eml,) = mails(watching.county.home, "refused")
    take_back(watching.county.home, eml.stem)
    drain(watching, watching.server)


@contextmanager
def mail_stuck(watching: Watching) -> Iterator[None]:
    watching.county.send(("CGJ", "5月.xlsx", BAD))
    with serving(Inbox(replies={"cgj@lushan.example": "451 greylisted"})) as putting_off:
        drain(watching, putting_off)
    watching.now += 7 * HOUR
    yield
    drain(watching, watching.server)


@contextmanager
def mail_unaddressed(watching: Watching) -> Iterator[None]:
    eml = mail_path(watching.county.home, "unaddressed", "CGJ", "0123456789abcdef")
    atomic_write(eml, b"Subject: x\r\n\r\n")
    os.utime(eml, (watching.now.timestamp() - 25_000,) * 2)
    yield
    eml.unlink()


@contextmanager
def address_bounced(watching: Watching) -> Iterator[None]:
    with open_warehouse(watching.county.home.warehouse) as connection:
        mark_bounced(connection, [Bounce("cgj@lushan.example", "550 5.1.1 gone")], watching.now)
    yield
    watching.contacts.write_text("data_team: data@lushan.example\nunits: {CGJ: [new@lushan.example]}", encoding="utf-8")


@contextmanager
def disk_low(watching: Watching) -> Iterator[None]:
    watching.settings["watch_disk_percent"] = 90
    yield
    watching.settings["watch_disk_percent"] = 0


@contextmanager
def unjudged(watching: Watching) -> Iterator[None]:
    watching.county.send(("CGJ", "5月.xlsx", GOOD), judge=False)
    watching.now += 5 * DAY
    yield
    validate(watching.county.run(watching.now))
    publish_all(watching)


def publish_all(watching: Watching) -> None:
    for stage in (load, build, publish):
        stage(watching.county.run(watching.now))


@contextmanager
def unpublished(watching: Watching) -> Iterator[None]:
    watching.county.send(("CGJ", "5月.xlsx", GOOD))
    watching.now += 5 * DAY
    yield
    publish_all(watching)


@contextmanager
def month_unopened(watching: Watching) -> Iterator[None]:
    watching.now = datetime(2022, 7, 5, 10, tzinfo=watching.now.tzinfo)
    yield
    open_months(watching.county.run(watching.now), Period(2022, 6))


@contextmanager
def freeze_missed(watching: Watching) -> Iterator[None]:
    watching.now = datetime(2022, 6, 24, 10, tzinfo=watching.now.tzinfo)
    yield
    watching.county.home.published.mkdir()
    log_frozen(
        watching.county.home, watching.now, Freeze("lushan-2022", "2022-05", watching.now, "000001-0123456789ab")
    )


@contextmanager
def backup_missing(watching: Watching) -> Iterator[None]:
    remember_backup(watching.installation, LastBackup(watching.now, "/backups/1", 1, 1))
    watching.now += 9 * DAY
    yield
    remember_backup(watching.installation, LastBackup(watching.now, "/backups/2", 1, 1))


def certificate(path: Path, ends: datetime) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lushan.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(ends - 90 * DAY).not_valid_after(ends)
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def certificate_expiring(watching: Watching) -> Iterator[None]:
    path = watching.county.folder / "web.crt"
    ends = watching.now.astimezone(UTC) + 20 * DAY
    watching.settings["web_certificate"] = certificate(path, ends)
    yield
    certificate(path, ends + 80 * DAY)


@contextmanager
def home_damaged(watching: Watching) -> Iterator[None]:
    warehouse = watching.county.home.warehouse
    whole = warehouse.read_bytes()
    warehouse.write_bytes(b"\0" * len(whole))
    yield
    warehouse.write_bytes(whole)


@contextmanager
def warehouse_busy(watching: Watching) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched, holding(watching.county.home.warehouse):
        patched.setattr(looking, "_PATIENCE", 0.1)
        watching.look()
        assert watching.letters() == []
        watching.now += 6 * HOUR
        yield


@contextmanager
def unwatched(watching: Watching) -> Iterator[None]:
    watching.settings["alarms_to"] = "data@lushan.example"
    whole = watching.contacts.read_text(encoding="utf-8")
    watching.contacts.write_text("units: {CGJ: nobody}", encoding="utf-8")
    yield
    watching.contacts.write_text(whole, encoding="utf-8")


PROVOKED: dict[str, Provoke] = {
    "task_red": task_red, "dag_silent": dag_silent, "airflow_down": airflow_down, "source_down": source_down,
    "source_silent": source_silent, "inbox_trouble": inbox_trouble, "mail_refused": mail_refused,
    "mail_stuck": mail_stuck, "mail_unaddressed": mail_unaddressed, "address_bounced": address_bounced,
    "disk_low": disk_low, "unjudged": unjudged, "unpublished": unpublished, "month_unopened": month_unopened,
    "freeze_missed": freeze_missed, "backup_missing": backup_missing,
    "certificate_expiring": certificate_expiring, "home_damaged": home_damaged,
    "warehouse_busy": warehouse_busy, "unwatched": unwatched,
}  # fmt: skip


def test_what_was_judged_late_is_not_late_to_be_published(watching: Watching) -> None:
    watching.county.send(("CGJ", "5月.xlsx", GOOD), judge=False)
    watching.now += 5 * DAY
    validate(watching.county.run(watching.now))
    causes = {alarm.condition.cause for alarm in watching.look(HOUR).standing}
    assert not causes & {"unjudged", "unpublished"}
    assert "unpublished" in {alarm.condition.cause for alarm in watching.look(5 * DAY).standing}


def test_every_cause_is_provoked() -> None:
    assert PROVOKED.keys() == set(get_args(Cause))


@pytest.mark.parametrize("cause", PROVOKED)
def test_it_is_told_once_and_ends_when_mended(watching: Watching, cause: Cause) -> None:
    with PROVOKED[cause](watching):
        watched = watching.look()
        assert cause in [alarm.condition.cause for alarm in watched.standing]
        (told,) = told_of(watching, cause)
        assert runbook_entry(cause) in told and chinese().still_works[cause] in told
        assert "@lushan.example" not in told or cause == "address_bounced"
        watching.look(HOUR)
        assert told_of(watching, cause) == []
    watched = watching.look(HOUR)
    assert cause not in [alarm.condition.cause for alarm in watched.standing]
    mended = told_of(watching, cause)
    assert all("的情况已恢复" in letter for letter in mended)
    assert len(mended) == 1


def told_of(watching: Watching, cause: Cause) -> list[str]:
    """The letters since the last time that speak of a cause, reduced to the lines that do."""
    word = chinese().cause[cause]
    texts = [text_of(letter) for letter in watching.letters()]
    lines = ["\n".join(line for line in text.splitlines() if re.match(rf"\d+\. {word}", line)) for text in texts]
    return [line for line in lines if line]


def test_a_freeze_that_is_held_says_why(watching: Watching) -> None:
    held = StageResult("freeze", (Outcome("2022-05", "doubted", "县卫生健康委 2 处没有说明"),))
    keep(watching.county.run(watching.now), held)
    watching.now = datetime(2022, 6, 24, 10, tzinfo=watching.now.tzinfo)
    (missed,) = (one.condition for one in watching.look().standing if one.condition.cause == "freeze_missed")
    assert missed.detail.endswith("定稿，至今没有：县卫生健康委 2 处没有说明")


def test_airflow_that_does_not_answer_is_down(watching: Watching) -> None:
    with nobody() as port:
        watching.settings["airflow_url"] = f"http://127.0.0.1:{port.port}"
        watched = watching.look()
    assert [alarm.condition.cause for alarm in watched.standing] == ["airflow_down"]


@pytest.mark.parametrize("cause", get_args(Cause))
def test_the_runbook_has_an_entry_for_every_cause(cause: Cause) -> None:
    headings = re.findall(
        r"^### `(\w+)` (\S+)$", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    anchors = {f"docs/runbook.md#{code}-{word}" for code, word in headings}
    assert runbook_entry(cause) in anchors


def test_what_was_never_backed_up_is_told_when_it_is_old_enough(watching: Watching) -> None:
    causes = [[alarm.condition.cause for alarm in watching.look(later).standing] for later in (5 * DAY, 5 * DAY)]
    assert "backup_missing" not in causes[0] and "backup_missing" in causes[1]
