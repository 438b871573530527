"""Files exported as their units sent them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from minsheng.commands.trace import trace
from minsheng.core.errors import UserError
from minsheng.landing.originals import link_original, original_name, original_path
from minsheng.plan.run import Run
from minsheng.stages.pull import pull
from minsheng.trace import Question, ask, export_originals
from tests.trace.conftest import EXAMPLES, judge_all, read_trace

pytestmark = pytest.mark.slow


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def checked(folder: Path) -> str:
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_months_files_are_exported_under_their_own_names_and_their_hashes_hold(county: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    exported = export_originals(county.home, ask(county.home, Question(period="2022-06")), folder)
    assert names(folder) == sorted(["SHA256SUMS", "清单.txt", *exported.saved])
    assert "2022-06/县民政局/民政局2022年6月民生实事报表.xlsx" in exported.saved
    assert any(path.startswith("2022-06/县交通运输局/") for path in exported.saved)  # refused, and shown as well
    assert checked(folder).count(": OK") == len(exported.saved) == 7
    assert (folder.stat().st_mode & 0o777, (folder / "SHA256SUMS").stat().st_mode & 0o777) == (0o700, 0o600)
    sent = next((EXAMPLES / "2022-07-05T1730" / "MZJ").iterdir())
    assert (folder / "2022-06/县民政局" / sent.name).read_bytes() == sent.read_bytes()
    with pytest.raises(UserError, match="不是空的文件夹"):
        export_originals(county.home, ask(county.home, Question(period="2022-06")), folder)


def test_an_indicators_files_are_those_of_who_leads_it(county: Run, tmp_path: Path) -> None:
    exported = export_originals(county.home, ask(county.home, Question(indicator="窨井")), tmp_path / "out")
    assert sorted(exported.saved) == ["2022-04/县城管局/附件-4月.xlsx", "2022-04/县城管局/附件-4月（更正）.xlsx"]


def test_two_files_of_one_name_lie_side_by_side_and_that_is_said(own_county: Run, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "CGJ"
    inbox.mkdir(parents=True)
    correction = next(path for path in (EXAMPLES / "2022-05-16T0900" / "CGJ").iterdir())
    (inbox / "附件-4月.xlsx").write_bytes(correction.read_bytes())
    later = replace(own_county, as_of=own_county.as_of + timedelta(days=1))
    pull(later, tmp_path / "inbox")
    judge_all(later)
    exported = export_originals(own_county.home, ask(own_county.home, Question(indicator="M03-01")), tmp_path / "out")
    renamed = "2022-04/县城管局/附件-4月（2022-07-08 1000 收到）.xlsx"
    assert exported.renamed == {renamed: "附件-4月.xlsx"}
    assert f"{renamed}\t附件-4月.xlsx\t县城管局\t2022-07-08 10:00" in (tmp_path / "out" / "清单.txt").read_text("utf-8")
    assert checked(tmp_path / "out").count(": OK") == 3


def test_a_lost_original_is_named_and_the_others_are_exported(own_county: Run, tmp_path: Path) -> None:
    original = read_trace(own_county.home, None, "2022-04", "M03-01").original
    assert original
    (own_county.home.root / original.path).unlink()
    app = typer.Typer()
    app.command()(trace)
    installation, out = tmp_path / "installation", str(tmp_path / "out")
    installation.mkdir()
    own_county.home.root.rename(installation / "lushan")  # a home is called after its county
    done = CliRunner().invoke(app, ["--home", str(installation), "M03-01", "--originals", out])
    assert done.exit_code == 1
    assert "县城管局 附件-4月（更正）.xlsx：" in done.output and "已导出 1 份原件" in done.output


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("4月.xlsx", "4月.xlsx"),
        ("附件/4月.xlsx", "4月.xlsx"),
        ("..\\..\\etc\\passwd", "passwd"),
        ('a:b?"c".xlsx', "a_b__c_.xlsx"),
        (".profile", "_.profile"),
        ("-rf.xlsx", "_-rf.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("一\n二.xlsx", "一_二.xlsx"),
        ("..", "未命名"),
        ("4月.xlsx. ", "4月.xlsx"),
    ],
)
def test_a_name_is_kept_but_for_what_no_folder_can_hold(name: str, kept: str) -> None:
    assert original_name(name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert original_name("很" * 200 + ".xlsx") == "很" * 58 + ".xlsx"


def test_a_link_leads_to_the_bytes_and_lets_nobody_write_them(own_county: Run) -> None:
    source = read_trace(own_county.home, None, "2022-04", "M03-01").source
    assert source
    told = (source.submission_id, source.file_name)
    link = link_original(own_county.home, "lushan-2022", *told, source.sha256)
    assert link == link_original(own_county.home, "lushan-2022", *told, source.sha256)
    assert link == original_path(own_county.home, *told)
    assert link.name == "附件-4月（更正）.xlsx"
    assert link.resolve().name == source.sha256 and not link.readlink().is_absolute()
    assert link.stat().st_mode & 0o777 == 0o440
