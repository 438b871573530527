"""Every kind of damage is found by verify, and mended by its remedy to the letter: then the same is published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from minsheng.commands.verify import hurts
from minsheng.core.declarations import ROOT
from minsheng.core.layout import enter_home
from minsheng.core.period import Period
from minsheng.flows.deciding import Said, switch_rule
from minsheng.flows.recovery import recover
from minsheng.landing import openings, receipts
from minsheng.landing.reviews import Doubt, Review, record_review
from minsheng.mail.folders import mails
from minsheng.publication.fewer import accept_fewer
from minsheng.publication.rollback import release, roll_back
from minsheng.stages.open import open_period
from minsheng.stages.pull import pull
from minsheng.stages.receive_plan import receive_plan
from minsheng.stages.report import report
from minsheng.stages.validate import validate
from minsheng.verify import REMEDIES, HurtKind, verify
from minsheng.warehouse.connection import open_warehouse
from tests.store.conftest import SECOND, Town

pytestmark = pytest.mark.slow

EDITION = "landing/*/editions/0001.json"


@dataclass(frozen=True)
class Fault:
    """A kind of damage: how it comes about, and the remedy without a backup."""

    kind: HurtKind
    provoke: Callable[[Town], object]
    mend: Callable[[Town], object]


def one(town: Town, pattern: str) -> Path:
    """The first file below the home that fits."""
    return sorted(town.home.root.glob(pattern))[0]


def truncate(town: Town, pattern: str) -> None:
    path = one(town, pattern)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(town: Town, pattern: str) -> None:
    path = one(town, pattern)
    path.chmod(0o640)
    path.write_bytes(b"")


def remove(town: Town, pattern: str) -> None:
    one(town, pattern).unlink()


def move_away(town: Town, pattern: str) -> None:
    """As the runbook says: out of the home."""
    path = one(town, pattern)
    shutil.move(path, town.inbox.parent / f"away-{path.name}")


def take_again(town: Town) -> None:
    pull(town.run, town.inbox)


def open_again(town: Town) -> None:
    for month in (1, 2):
        open_period(town.run, Period(2022, month))


def decide_and_truncate(town: Town) -> None:
    """What was decided of a rule that has refused nothing here: without it the same is published."""
    switch_rule(town.home, town.run.county.plans[0], "R06", Said(SECOND, "张三", "试"), off=True)
    truncate(town, "landing/*/decisions/*")


def review_and_truncate(town: Town) -> None:
    doubt = Doubt("lushan-2022", "2022-01", "CGJ", "H04", None, "本月数大幅增加", "集中完工")
    record_review(town.home, Review(doubt, "agreed", "李科长", "已看现场", SECOND))
    truncate(town, "landing/*/reviews/*")


def back_up_and_truncate(town: Town) -> None:
    """Damage the note of the first edition, of which there is a backup."""
    note = one(town, EDITION)
    shutil.copy(note, town.inbox.parent / f"away-{note.name}")
    truncate(town, EDITION)


def restore_edition(town: Town) -> None:
    """As it was, from the backup."""
    (folder,) = town.home.root.glob("landing/*/editions")
    shutil.copy(town.inbox.parent / "away-0001.json", folder / "0001.json")


def judge_again(town: Town) -> None:
    validate(town.run, town.contacts)


def judge_without(town: Town) -> None:
    move_away(town, "outbox/pending/*/*.eml")
    judge_again(town)


def open_without(town: Town) -> None:
    move_away(town, "templates/*/*/*.xlsx")
    open_again(town)


def make_anew(town: Town) -> None:
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal"):
        (town.home.root / name).unlink(missing_ok=True)
    list(recover(town.run))


def lose_a_month(town: Town) -> None:
    """The warehouse of before the second month, as an old backup would hold it."""
    with open_warehouse(town.home.warehouse) as connection:
        connection.execute("delete from raw.period where period = '2022-02'")
        connection.execute("delete from raw.obligation where period = '2022-02'")


def tell_otherwise(town: Town) -> None:
    with open_warehouse(town.home.warehouse) as connection:
        connection.execute("update raw.submission set received_at = received_at + interval 1 hour")


def hurt_blocks(town: Town) -> None:
    half = town.home.warehouse.stat().st_size // 2
    with town.home.warehouse.open("r+b") as file:
        file.seek(half)
        file.write(b"\xff" * half)


def take_back(town: Town) -> None:
    roll_back(town.home, None, SECOND, "试")
    truncate(town, "published/hold.json")


def let_go(town: Town) -> None:
    move_away(town, "published/hold.json")
    town.conclude()


def tear_the_log(town: Town) -> None:
    roll_back(town.home, None, SECOND, "试")
    release(town.home, SECOND)
    truncate(town, "published/log.jsonl")


def mend_the_log(town: Town) -> None:
    log = town.home.published / "log.jsonl"
    whole = [line for line in log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    log.write_text("".join(f"{line}\n" for line in whole), encoding="utf-8")


def agree(town: Town) -> None:
    accept_fewer(town.home, SECOND, "试")
    truncate(town, "published/consent.json")


def double(town: Town) -> None:
    sent = mails(town.home, "sent")[0]
    again = town.home.outbox / "pending" / sent.parent.name / sent.name
    again.parent.mkdir(exist_ok=True)
    shutil.copy(sent, again)


def publish_again(town: Town, *moved: str) -> None:
    for pattern in moved:
        move_away(town, pattern)
    town.conclude()


def lose_home(town: Town) -> None:
    enter_home(town.home.installation, town.home.county)
    town.home.root.rename(town.home.root.with_name(".unmounted"))


def mount_home(town: Town) -> None:
    town.home.root.with_name(".unmounted").rename(town.home.root)


FAULTS = (
    Fault("layout_damaged", lambda town: truncate(town, "../layout.json"), lambda town: remove(town, "../layout.json")),
    Fault("home_lost", lose_home, mount_home),
    Fault("receipt_damaged", lambda town: truncate(town, "landing/*/receipts/*"), take_again),
    Fault("receipt_lost", lambda town: remove(town, "landing/*/receipts/*"), take_again),
    Fault("content_damaged", lambda town: empty(town, "landing/*/objects/*"), take_again),
    Fault("content_lost", lambda town: remove(town, "landing/*/objects/*"), take_again),
    Fault("opening_damaged", lambda town: empty(town, "landing/*/openings/*"), open_again),
    Fault("opening_lost", lambda town: remove(town, "landing/*/openings/*"), open_again),
    Fault("decision_damaged", decide_and_truncate, lambda town: move_away(town, "landing/*/decisions/*")),
    Fault("review_damaged", review_and_truncate, lambda town: move_away(town, "landing/*/reviews/*")),
    Fault("edition_damaged", back_up_and_truncate, restore_edition),
    Fault("edition_lost", lambda town: move_away(town, EDITION), restore_edition),
    Fault(
        "edition_file_damaged",
        lambda town: empty(town, "landing/*/editions/files/*"),
        lambda town: receive_plan(town.run),
    ),
    Fault("warehouse_lost", lambda town: remove(town, "warehouse.duckdb"), make_anew),
    Fault("warehouse_damaged", hurt_blocks, make_anew),
    Fault("warehouse_damaged", lambda town: empty(town, "warehouse.duckdb"), make_anew),
    Fault("warehouse_behind", lose_a_month, make_anew),
    Fault("warehouse_differs", tell_otherwise, make_anew),
    Fault(
        "revision_damaged",
        lambda town: truncate(town, "published/revisions/000003-*/marts.duckdb"),
        lambda town: publish_again(town, "published/revisions/000003-*"),
    ),
    Fault(
        "revision_damaged",
        lambda town: truncate(town, "published/current/manifest.json"),
        lambda town: publish_again(town, "published/revisions/000003-*"),
    ),
    Fault("published_lost", lambda town: shutil.rmtree(town.home.published), publish_again),
    Fault("current_lost", lambda town: town.home.current.unlink(), publish_again),
    Fault("hold_damaged", take_back, let_go),
    Fault("consent_damaged", agree, lambda town: move_away(town, "published/consent.json")),
    Fault("log_damaged", tear_the_log, mend_the_log),
    Fault("mail_lost", lambda town: remove(town, "outbox/pending/*/*.eml"), judge_again),
    Fault(
        "mail_damaged",
        lambda town: empty(town, "outbox/pending/*/*.eml"),
        judge_without,
    ),
    Fault("mail_misplaced", double, lambda town: move_away(town, f"outbox/pending/*/{sent_name(town)}")),
    Fault(
        "journal_damaged",
        lambda town: truncate(town, "outbox/sent/*/*.json"),
        lambda town: move_away(town, "outbox/sent/*/*.json"),
    ),
    Fault("template_lost", lambda town: shutil.rmtree(town.home.templates), open_again),
    Fault(
        "template_damaged",
        lambda town: truncate(town, "templates/*/*/*.xlsx"),
        open_without,
    ),
    Fault("page_lost", lambda town: truncate(town, "reports/*/*.html"), lambda town: report(town.run)),
)


def sent_name(town: Town) -> str:
    return mails(town.home, "sent")[0].name


def test_a_home_that_is_whole_is_told_to_be(lived_in: Town) -> None:
    assert verify(lived_in.home.installation, [lived_in.home.county]) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_each_fault_is_found_and_mended_by_its_remedy(fault: Fault, town: Town) -> None:
    published, landed = town.content, _landed(town)
    fault.provoke(town)
    assert fault.kind in {hurt.kind for hurt in hurts(town.home.installation.root)}
    fault.mend(town)
    assert hurts(town.home.installation.root) == []
    assert (town.content, _landed(town)) == (published, landed)


def _landed(town: Town) -> tuple[object, object]:
    plan_id = town.run.county.plans[0].plan_id
    return receipts(town.home, plan_id), openings(town.home, plan_id)


def test_every_kind_is_provoked_and_stands_in_the_runbook_with_its_remedy() -> None:
    assert {fault.kind for fault in FAULTS} == set(REMEDIES) == set(get_args(HurtKind))
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", runbook.split("## Damage")[1].split("\n## ")[0], re.MULTILINE)
    assert dict(rows) == REMEDIES
