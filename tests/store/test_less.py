"""A home that has lost something says so: it begins no other in silence, and publishes no less than before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.outcome import StageResult
from minsheng.flows.precheck import judge_files
from minsheng.flows.recovery import recover
from minsheng.landing import receipts
from minsheng.mail.folders import mails
from minsheng.publication.fewer import accept_fewer
from minsheng.publication.log import entries
from minsheng.publication.retention import Keep, prune
from minsheng.stages.parse import parse
from minsheng.stages.publish import publish
from minsheng.stages.pull import pull
from minsheng.verify import verify
from minsheng.warehouse.connection import create_warehouse, open_warehouse
from tests.store.conftest import SECOND, UNITS, Town

pytestmark = pytest.mark.slow

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def lose_a_month(town: Town) -> None:
    """As in a warehouse of before the month was opened."""
    with open_warehouse(town.home.warehouse) as connection:
        connection.execute("delete from raw.period where period = '2022-02'")


def lose_reports(town: Town) -> None:
    """As in a warehouse of before the accepted reports came."""
    with open_warehouse(town.home.warehouse) as connection:
        connection.execute("create temp table lost as select submission_id from raw.verdict where verdict = 'accepted'")
        for table in ("submission", "cell", "finding", "rule_result", "verdict"):
            connection.execute(f"delete from raw.{table} where submission_id in (from lost)")


def manifest(town: Town) -> dict[str, object]:
    found: dict[str, object] = json.loads((town.home.current / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_a_warehouse_that_is_gone_is_not_begun_anew(town: Town) -> None:
    town.home.warehouse.unlink()
    for stage in (lambda: pull(town.run, town.inbox), lambda: parse(town.run), town.conclude):
        with pytest.raises(DamagedError, match=r"这里有过数据仓库：.*用 `minsheng recover` 重建"):
            stage()
    with pytest.raises(DamagedError, match="这里有过数据仓库"):
        judge_files([], town.run.county.plans[0], town.home, None, SECOND)
    assert not town.home.warehouse.exists()


def test_fewer_months_are_published_only_with_consent_and_the_reason_is_kept(town: Town) -> None:
    before = town.home.current.resolve()
    lose_a_month(town)
    with pytest.raises(UserError, match=r"000003-\w+ 中的 1 个已开的月份（lushan-2022 2022-02）将不再发布"):
        town.conclude()
    assert town.home.current.resolve() == before
    accept_fewer(town.home, NOW, "二月停报")
    town.conclude()
    fewer = manifest(town)["fewer"]
    assert isinstance(fewer, dict)
    assert (fewer["revision"], fewer["reason"], fewer["months"]) == (before.name, "二月停报", ["lushan-2022 2022-02"])
    (consent,) = (entry for entry in entries(town.home) if entry.event == "fewer accepted")
    assert consent.facts["reason"] == "二月停报"


def test_consent_is_used_up_by_the_publication_it_was_given_for(town: Town) -> None:
    accept_fewer(town.home, NOW, "试")
    lose_a_month(town)
    town.conclude()
    lose_reports(town)
    with pytest.raises(UserError, match="2 份已接收的报表"):
        town.conclude()


def test_fewer_accepted_reports_are_named(town: Town) -> None:
    lose_reports(town)
    with pytest.raises(UserError, match=r"000003-\w+ 中的 2 份已接收的报表（GAJ 2022-01、RSJ 2022-01）将"):
        town.conclude()


def test_an_empty_warehouse_in_its_place_does_not_publish_emptiness(town: Town) -> None:
    town.home.warehouse.unlink()
    create_warehouse(town.home.warehouse)
    with pytest.raises(UserError, match=r"2 个已开的月份（lushan-2022 2022-01、lushan-2022 2022-02）"):
        town.conclude()


def test_a_damaged_revision_is_followed_by_a_whole_one_of_the_same_content(town: Town) -> None:
    content, damaged = town.content, town.home.current.resolve()
    (damaged / "schema.sql").unlink()
    (outcome,) = publish(replace(town.run, run_id="again")).outcomes
    assert (outcome.result, outcome.input) == ("published", f"000004-{content}")
    assert outcome.detail.startswith(f"{damaged.name} 已损坏，不再展示")
    assert publish(town.run).count("unchanged") == 1


def test_a_lost_publication_is_told_and_its_numbers_are_not_used_again(town: Town) -> None:
    content = town.content
    shutil.rmtree(town.home.published)
    (outcome,) = publish(replace(town.run, run_id="again")).outcomes
    assert (outcome.result, outcome.input) == ("published", f"000004-{content}")
    assert outcome.detail == f"published/ 中没有以前的版本（上次发布的是 000003-{content}），可从备份恢复"


def test_damaged_bytes_hold_up_their_unit_and_nobody_is_written_to(town: Town) -> None:
    mails_before = sorted(eml.stem for eml in mails(town.home, "pending"))
    for unit in UNITS[:2]:
        for file in (town.inbox / unit).iterdir():
            shutil.copy(file, file.with_name(f"又{file.name}"))
    assert pull(replace(town.run, run_id="third"), town.inbox).count("landed") == 2
    with open_warehouse(town.home.warehouse) as connection:
        connection.execute("delete from raw.submission where unit_code = 'GAJ'")
    shutil.rmtree(town.home.landing / "lushan-2022" / "books")
    emptied = [path for path in town.home.landing.glob("*/objects/*") if _of(town, path.name) == "GAJ"]
    for path in emptied:
        path.chmod(0o640)
        path.write_bytes(b"")
    result = parse(town.run)
    assert summary(result) == {"parsed": {"CGJ"}, "failed": {"GAJ"}}
    (told,) = (one.detail for one in result.outcomes if one.result == "failed")
    assert "本系统留存的原件丢失或已损坏，不是报送单位的问题" in told
    assert sorted(eml.stem for eml in mails(town.home, "pending")) == mails_before
    assert pull(town.run, town.inbox).count("landed") == 1, "both are the same bytes"
    assert parse(town.run).count("failed") == 0


def test_a_damaged_receipt_is_a_fault_of_ours_and_stops_nobody_else(town: Town) -> None:
    path = sorted(town.home.landing.glob("*/receipts/*"))[0]
    path.write_bytes(path.read_bytes()[:40])
    shutil.rmtree(town.inbox)
    (town.inbox / "GAJ").mkdir(parents=True)
    (town.inbox / "GAJ" / "新.xlsx").write_bytes(b"PK\x03\x04")
    pulled = pull(replace(town.run, run_id="third"), town.inbox)
    assert [(one.input, one.result) for one in pulled.outcomes] == [("GAJ/新.xlsx", "landed"), (path.stem, "failed")]
    assert (
        pulled.outcomes[1].detail
        == f"原件区的收据 {path.stem} 已损坏，不是报送单位的问题；从备份恢复，见 minsheng verify"
    )
    assert len(parse(replace(town.run, run_id="third")).outcomes) == 1


def test_recover_judges_nothing_while_a_file_is_damaged(town: Town) -> None:
    town.home.warehouse.unlink()
    path = sorted(town.home.landing.glob("*/objects/*"))[0]
    path.chmod(0o640)
    path.write_bytes(b"")
    with pytest.raises(DamagedError, match=f"{path.name}：收到的原件已损坏.* → 请先恢复；`minsheng verify` 列出全部"):
        list(recover(town.run))
    assert not town.home.warehouse.exists()


def test_a_recovery_cut_short_leaves_no_warehouse_and_is_called_again(town: Town) -> None:
    content = town.content
    town.home.warehouse.unlink()
    next(recover(town.run))
    assert not town.home.warehouse.exists()
    list(recover(town.run))
    assert town.content == content


def test_what_is_pruned_and_what_is_kept_for_speed_only_is_not_missed(town: Town) -> None:
    assert [one.number for one in prune(town.home, Keep(newest=1, days=0), NOW)] == []  # the last of their months
    (town.home.root / "published" / "revisions").joinpath(".removed-000000-0").mkdir()
    shutil.rmtree(town.home.landing / "lushan-2022" / "books")
    assert verify(town.home.installation, [town.home.county]) == []


def summary(result: StageResult) -> dict[str, set[str]]:
    """The units by what became of their files."""
    told: dict[str, set[str]] = {}
    for one in result.outcomes:
        told.setdefault(one.result, set()).add(one.detail.split("/")[0])
    return told


def _of(town: Town, sha256: str) -> str:
    return next(one.unit_code for one in receipts(town.home, "lushan-2022") if one.sha256 == sha256)
