"""The ``minsheng`` command as people meet it: what it prints, where, and the code it ends with."""

import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minsheng.commands.main import main
from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.flows.pipeline import STAGES
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.source.folder import FolderSource
from minsheng.stages.pull import pull
from minsheng.warehouse import connection
from minsheng.words.chinese import chinese
from tests.holding import holding
from tests.workbooks import lushan

PLAN = str(ROOT / "plans" / "lushan-2022")
DELIVERY = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
GOOD = DELIVERY / "GAJ" / "公安局民生实事1月.xlsx"
BAD = DELIVERY / "CGJ" / "附件-1月.xlsx"
AS_OF = "2022-02-07T17:30"
KILOBYTE = 1024


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr a person gets to read; nothing else may stand there, and the exit code is 2."""
        assert (self.code, self.err.count("\n")) == (2, 1), self
        assert self.err.startswith("minsheng: ")
        return self.err.removeprefix("minsheng: ").rstrip("\n")


Command = Callable[..., Ended]


@pytest.fixture
def minsheng(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, in a terminal wide enough for its tables."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["minsheng", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return call


def elsewhere(*arguments: str | Path, largest_file: int = resource.RLIM_INFINITY) -> Ended:
    """The command in a process of its own, whose disk is full beyond ``largest_file`` bytes a file."""
    limited = ["import resource, sys", "_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)"]
    limited += [
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, hard))",
        "from minsheng.commands.main import main",
        "main()",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(limited), *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def run_arguments(inbox: Path, home: Path, as_of: str = AS_OF) -> tuple[str | Path, ...]:
    return ("run", "--plan", PLAN, "--period", "2022-01", "--inbox", inbox, "--home", home, "--as-of", as_of)


# plan check


def test_a_sound_plan_is_summed_up(minsheng: Command) -> None:
    ended = minsheng("plan", "check", PLAN)
    assert (ended.code, ended.err) == (0, "")
    assert "10 个项目，32 项指标，39 个单位" in ended.out.splitlines()


def test_a_faulty_plan_is_refused_with_file_line_and_what_is_allowed(minsheng: Command, tmp_path: Path) -> None:
    folder = tmp_path / "lushan-2022"
    shutil.copytree(PLAN, folder)
    item = folder / "items" / "M03.yaml"
    item.write_text(item.read_text(encoding="utf-8").replace("kind: flow", "kind: flood", 1), encoding="utf-8")
    line = next(n for n, text in enumerate(item.read_text(encoding="utf-8").splitlines(), 1) if "flood" in text)
    ended = minsheng("plan", "check", folder)
    assert (ended.code, ended.out) == (2, "")
    summary, fault = ended.err.splitlines()
    assert summary.startswith(f"minsheng: {folder}：有 1 处需要改正")
    assert fault.strip().startswith(f"items/M03.yaml 第 {line} 行（indicators[0].kind）")
    options = "flow 累计量、stock 存量、ratio 比率、coverage 覆盖、milestone 里程碑、trend 同比"
    assert fault.endswith(f"→ 是不是“flow”？可写：{options}（指标类型） [value_unfit]")


def test_a_plan_that_is_not_there(minsheng: Command, tmp_path: Path) -> None:
    complaint = minsheng("plan", "check", tmp_path / "none").complaint
    assert complaint == (f"{tmp_path / 'none'}：没有这个文件夹 → 请指明含有 plan.yaml 的文件夹 [plan_folder_missing]")


# template


def test_the_workbook_of_one_unit(minsheng: Command, tmp_path: Path) -> None:
    arguments = ("template", "--plan", PLAN, "--period", "2022-05", "--unit", "RSJ", "--out", tmp_path / "out")
    assert minsheng(*arguments) == Ended(0, f"已在 {tmp_path / 'out'} 制作 1 份报表\n", "")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["RSJ_人社局_2022-05.xlsx"]
    assert minsheng(*arguments).out == f"已在 {tmp_path / 'out'} 制作 0 份报表\n"


def test_the_workbooks_of_all_units(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng("template", "--plan", PLAN, "--period", "2022-05", "--out", tmp_path)
    assert ended == Ended(0, f"已在 {tmp_path} 制作 39 份报表\n", "")
    assert len(list(tmp_path.glob("*_2022-05.xlsx"))) == 39


def test_a_unit_the_plan_does_not_know(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng("template", "--plan", PLAN, "--period", "2022-05", "--unit", "XYZ", "--out", tmp_path)
    assert ended.complaint.startswith("--unit：方案中没有单位“XYZ” → 单位有 RSJ、JYTYJ、")
    assert list(tmp_path.iterdir()) == []


def test_a_month_that_is_none(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng("template", "--plan", PLAN, "--period", "2022-13", "--out", tmp_path)
    assert ended.complaint == "报送期：“2022-13”不是月份 → 请写成 YYYY-MM，如 2022-05 [month_malformed]"


def test_a_folder_that_cannot_be_made(minsheng: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ended = minsheng("template", "--plan", PLAN, "--period", "2022-05", "--out", tmp_path / "file" / "out")
    assert ended.complaint.endswith("Not a directory → 请处理后重新运行；什么也没有丢 [system_refuses]")
    assert str(tmp_path / "file") in ended.complaint


# arguments that are wrong, and places where nothing is


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run",), "--plan：没有写 → 必须写明，写法见 minsheng run --help [option_missing]"),
        (("check", "--plan", PLAN), "FILE...：没有写 → 必须写明，写法见 minsheng check --help [option_missing]"),
        (("nonsense",), "nonsense：没有这个命令 → 可用的命令见 minsheng --help [command_unknown]"),
        (
            ("bulletin", "draff"),
            "draff：没有这个命令 → 是不是“draft”？可用的命令见 minsheng bulletin --help [command_unknown]",
        ),
        (
            ("run", "--plna", "x"),
            "--plna：没有这个选项 → 是不是“--plan”？可用的选项见 minsheng run --help [option_unknown]",
        ),
        (
            ("source", "list", "--home", "x", "x"),
            "x：多写了 → 请去掉；写法见 minsheng source list --help [argument_needless]",
        ),
        (("run", "--period"), "--period：后面没有写值 → 请在它后面写明 [option_without_value]"),
        (("check", "--json=3", "x"), "--json：后面不写值 → 请只写选项本身 [option_takes_no_value]"),
        (
            ("bulletin", "approve", "--home", "x", "--period", "2022-01", "--by", "x", "--draft", "abc"),
            "--draft：不是数 → 请写一个数，如 3 [value_no_number]",
        ),
    ],
)
def test_a_wrong_call_is_told_in_chinese(minsheng: Command, arguments: tuple[str, ...], told: str) -> None:
    ended = minsheng(*arguments)
    assert (ended.complaint, ended.out) == (told, "")


def test_who_names_no_command_is_shown_them(minsheng: Command) -> None:
    ended = minsheng("bulletin")
    assert (ended.code, ended.err) == (2, "")
    assert "命令" in ended.out and "起草一个月的通报" in ended.out


def test_a_moment_that_is_none(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng(*run_arguments(tmp_path, tmp_path / "home", as_of="yesterday"))
    assert ended.complaint == "--as-of：“yesterday”不是时刻 → 请写成 2022-06-05T17:30 的样子 [moment_malformed]"
    assert not (tmp_path / "home").exists()


def test_an_inbox_that_is_not_there(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng(*run_arguments(tmp_path / "inbox", tmp_path / "home"))
    words = "没有收件目录 → 请新建，其中每个单位一个以单位编码命名的子文件夹 [inbox_missing]"
    assert ended.complaint == f"{tmp_path / 'inbox'}：{words}"


def test_contacts_that_are_not_there(minsheng: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINSHENG_CONTACTS", str(tmp_path / "none.yaml"))
    ended = minsheng(*run_arguments(tmp_path, tmp_path / "home"))
    words = "没有这个文件 → 请补上；写法见 examples/contacts.yaml（文件位置由 MINSHENG_CONTACTS 指定） [file_missing]"
    assert ended.complaint == f"{tmp_path / 'none.yaml'}：{words}"


def test_a_home_nothing_was_published_in(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng("status", "--plan", PLAN, "--home", tmp_path, "--period", "2022-01")
    words = "没有 lushan 的数据（现有：无） → 请改写县或方案，或先运行 `minsheng run` [home_lacks_county]"
    assert ended.complaint == f"{tmp_path}：{words}"


def test_a_warehouse_another_process_holds(minsheng: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inbox").mkdir()
    monkeypatch.setattr(connection, "PATIENCE", 0.0)
    warehouse = tmp_path / "lushan" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    with holding(warehouse) as holder:
        complaint = minsheng(*run_arguments(tmp_path / "inbox", tmp_path)).complaint
    assert complaint.startswith(f"{warehouse}：等了 0 秒仍被占用：process")
    assert f"process {holder.pid}," in complaint
    assert complaint.endswith(
        "→ 请结束那个进程后重新运行，什么也没有丢；要查询的请用 published/，见 docs/bi.md [warehouse_busy]"
    )


# a month of three units: one rejected, two accepted


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    for unit in ("CGJ", "GAJ", "RSJ"):
        shutil.copytree(DELIVERY / unit, folder / unit)
    return folder


@pytest.fixture(scope="module")
def home(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the month was run; what the run printed lies beside it."""
    folder = tmp_path_factory.mktemp("run")
    ended = elsewhere(*run_arguments(inbox, folder / "home"))
    assert (ended.code, ended.err) == (0, "")
    (folder / "printed").write_text(ended.out, encoding="utf-8")
    return folder / "home"


def revision(home: Path) -> str:
    """Number and content hash of what is published."""
    return (home / "published" / "current").resolve().name


@pytest.mark.slow
def test_a_run_tells_every_stage_and_where_everything_lies(home: Path) -> None:
    lines = (home.parent / "printed").read_text(encoding="utf-8").splitlines()
    told = [line.split()[0] for line in lines[: 3 + len(STAGES)]]
    assert told == [chinese().stage[stage] for stage in ("receive_plan", "freeze", "open", *STAGES)]
    assert lines[5].endswith(" 秒  已接收 2，已退回 1，无地址 3")
    assert f"发布的数据库  {home / 'published' / 'current' / 'marts.duckdb'}" in lines


@pytest.mark.slow
def test_status_shows_every_indicator_and_who_owes(home: Path, minsheng: Command) -> None:
    ended = minsheng("status", "--plan", PLAN, "--home", home, "--period", "2022-01")
    assert (ended.code, ended.err) == (0, "")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert len({line.split()[0] for line in lines if re.match(r"M\d\d-\d\d ", line)}) == 32
    told = re.findall(r"^ +\S+ +(县公安局|县城管局|县民政局) +(按时|已退回|未到期) ", ended.out, re.MULTILINE)
    assert dict(told) == {"县公安局": "按时", "县城管局": "已退回", "县民政局": "未到期"}


@pytest.mark.slow
def test_status_of_a_month_that_is_not_open(home: Path, minsheng: Command) -> None:
    ended = minsheng("status", "--plan", PLAN, "--home", home, "--period", "2022-07")
    assert ended.complaint == "报送期：2022-07 没有开月 → 已发布的有 2022-01 [period_not_open]"


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [1, 100, 400])
def test_a_full_disk_is_one_clear_line_and_the_next_run_ends_as_if_nothing_had_been(
    home: Path, inbox: Path, tmp_path: Path, kilobytes: int
) -> None:
    ended = elsewhere(*run_arguments(inbox, tmp_path), largest_file=kilobytes * KILOBYTE)
    assert str(tmp_path) in ended.complaint
    assert ended.complaint.endswith("什么也没有丢 [warehouse_unusable]")
    assert not (tmp_path / "published" / "current").exists()
    again = elsewhere(*run_arguments(inbox, tmp_path))
    assert (again.code, again.err) == (0, "")
    assert revision(tmp_path) == revision(home)


# check


@pytest.mark.slow
def test_an_accepted_file_ends_with_0_and_a_rejected_one_with_1(minsheng: Command) -> None:
    accepted = minsheng("check", GOOD, "--plan", PLAN)
    assert (accepted.code, accepted.err) == (0, "")
    assert accepted.out.startswith(f"{GOOD} GAJ 2022-01\n")
    rejected = minsheng("check", GOOD, BAD, "--plan", PLAN)
    assert (rejected.code, rejected.err) == (1, "")
    assert "约150" in rejected.out


@pytest.mark.slow
def test_json_names_file_unit_period_verdict_and_every_finding(minsheng: Command) -> None:
    ended = minsheng("check", GOOD, BAD, "--plan", PLAN, "--json")
    good, bad = json.loads(ended.out)
    assert list(good) == list(bad) == ["file", "unit_code", "period", "verdict", "findings"]
    assert [good["verdict"], bad["verdict"]] == ["accepted", "rejected"]
    assert {key: bad[key] for key in ("file", "unit_code", "period")} == {
        "file": str(BAD),
        "unit_code": "CGJ",
        "period": "2022-01",
    }
    keys = ["rule", "severity", "sheet", "cell", "found", "message", "remedy", "title", "about", "explained_by"]
    keys += ["asks_why", "explanation"]
    assert all(list(finding) == keys for finding in good["findings"] + bad["findings"])
    assert [finding["found"] for finding in bad["findings"] if finding["severity"] == "reject"] == ["约150"]
    assert {finding["severity"] for finding in good["findings"]} <= {"warn", "note"}


@pytest.mark.slow
def test_check_knows_what_was_received_before(home: Path, minsheng: Command) -> None:
    ended = minsheng("check", GOOD, "--plan", PLAN, "--home", home, "--json")
    assert (ended.code, [one["verdict"] for one in json.loads(ended.out)]) == (0, ["duplicate"])


@pytest.mark.slow
def test_a_file_of_another_month_than_asked_for_is_rejected(minsheng: Command) -> None:
    ended = minsheng("check", GOOD, "--plan", PLAN, "--period", "2022-02", "--json")
    rules = {finding["rule"] for one in json.loads(ended.out) for finding in one["findings"]}
    assert (ended.code, "F22" in rules) == (1, True)


@pytest.mark.slow
def test_check_judges_as_of_a_moment_and_of_none_to_come(minsheng: Command) -> None:
    def rules(moment: str) -> set[str]:
        ended = minsheng("check", GOOD, "--plan", PLAN, "--as-of", moment, "--json")
        return {finding["rule"] for one in json.loads(ended.out) for finding in one["findings"]}

    assert rules("2021-12-20T09:00") - rules(AS_OF)  # of a month that had not begun
    assert "还没有到" in minsheng("check", GOOD, "--plan", PLAN, "--as-of", "2999-01-01").complaint


def test_a_file_that_is_not_there_ends_with_2(minsheng: Command, tmp_path: Path) -> None:
    ended = minsheng("check", tmp_path / "none.xlsx", "--plan", PLAN)
    words = "读不出来（No such file or directory） → 请确认文件存在、可以读取 [file_unreadable]"
    assert ended.complaint == f"{tmp_path / 'none.xlsx'}：{words}"


def test_recover_needs_all_a_warehouse_is_made_from_and_never_overwrites_one(minsheng: Command, tmp_path: Path) -> None:
    complaint = minsheng("recover", "--plan", PLAN, "--home", tmp_path).complaint
    assert complaint.endswith("openings：没有任何月份的开月记录 → 请从备份恢复整个原件区 [landing_without_openings]")
    assert not (tmp_path / "lushan" / "warehouse.duckdb").exists()
    (tmp_path / "lushan").mkdir()
    (tmp_path / "lushan" / "warehouse.duckdb").touch()
    complaint = minsheng("recover", "--plan", PLAN, "--home", tmp_path).complaint
    assert complaint.endswith("已经有了 → 请先移走；它由原件区重建 [warehouse_there]")


SOURCES = """sources:
  - {name: 共享盘, kind: folder, where: WHERE}
"""


@pytest.mark.parametrize(
    ("folder", "code", "told"),
    [("there", 0, "共享盘：连通，有 1 个文件"), ("empty", 1, "没有任何单位的文件夹"), ("nowhere", 1, "共享盘：")],
)
def test_trying_the_sources_ends_with_what_was_found(
    minsheng: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, code: int, told: str
) -> None:
    (tmp_path / "there" / "CGJ").mkdir(parents=True)
    (tmp_path / "there" / "CGJ" / "5月.xlsx").write_bytes(b"PK")
    (tmp_path / "empty").mkdir()
    declared = tmp_path / "sources.yaml"
    declared.write_text(SOURCES.replace("WHERE", str(tmp_path / folder)), encoding="utf-8")
    monkeypatch.setenv("MINSHENG_SOURCES", str(declared))
    ended = minsheng("source", "check", "--plan", PLAN)
    assert (ended.code, told in ended.out) == (code, True), ended


def test_a_list_with_a_source_that_is_down_ends_as_trying_it_does(
    minsheng: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = tmp_path / "sources.yaml"
    declared.write_text(SOURCES.replace("WHERE", str(tmp_path / "shared")), encoding="utf-8")
    monkeypatch.setenv("MINSHENG_SOURCES", str(declared))
    run = Run(Home(tmp_path / "home" / "lushan"), as_county([lushan()]), datetime(2022, 6, 2, 9, tzinfo=UTC), "1")
    for hours, code in ((0, 1), (1, 0)):
        later = replace(run, run_id=f"{hours}", as_of=run.as_of + timedelta(hours=hours))
        pull(later, FolderSource(tmp_path / "shared", "共享盘"))
        listed = minsheng("source", "list", "--home", str(tmp_path / "home"))
        assert (listed.code, "共享盘" in listed.out) == (code, True), listed
        (tmp_path / "shared" / "CGJ").mkdir(parents=True, exist_ok=True)


def test_a_declaration_that_is_none_is_our_callers_fault(
    minsheng: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = tmp_path / "sources.yaml"
    declared.write_text(SOURCES.replace("folder", "foldre"), encoding="utf-8")
    monkeypatch.setenv("MINSHENG_SOURCES", str(declared))
    assert minsheng("source", "check", "--plan", PLAN).code == 2
