"""The chain of evidence: whatever is touched after it was sealed is named, and nothing else is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

import minsheng.publication.chain as chain
from minsheng.core.codes import DecisionKind
from minsheng.core.files import append_line, atomic_write, digest
from minsheng.core.home import Home
from minsheng.core.notes import Note
from minsheng.landing.decisions import Decision, land_decision
from minsheng.publication.chain import ChainLine, Head, chain_head, chain_lines, chain_path, extend_chain, last_sealed
from minsheng.publication.log import log
from minsheng.publication.revisions import require_current
from minsheng.verify.chain import audit
from minsheng.warehouse.connection import open_warehouse
from tests.county import ZONE
from tests.store.test_freezes import HOUR, MARCH, Office

pytestmark = pytest.mark.slow

OPENED, LATER = datetime(2022, 4, 1, 8, tzinfo=ZONE), datetime(2022, 4, 1, 9, tzinfo=ZONE)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A month with one report, published."""
    office = Office(tmp_path_factory.mktemp("chain"))
    office.send(MARCH, 30, 30)
    office.run(OPENED, MARCH)
    return office


@pytest.fixture
def home(sealed: Office, tmp_path: Path) -> Home:
    shutil.copytree(sealed.home.root.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Home(tmp_path / "lushan")


def seal_again(home: Home) -> None:
    with open_warehouse(home.warehouse) as connection:
        extend_chain(home, connection, LATER)


def overturn(home: Home) -> None:
    with open_warehouse(home.warehouse) as connection:
        connection.execute("update raw.verdict set verdict = 'rejected'")


def write_over(pattern: str) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        path = sorted(home.root.glob(pattern))[0]
        path.chmod(0o640)
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])

    return act


def take_out(pattern: str) -> Callable[[Home], None]:
    return lambda home: sorted(home.root.glob(pattern))[-1].unlink()


def cut(home: Home) -> None:
    lines = chain_path(home).read_bytes().splitlines(keepends=True)
    chain_path(home).write_bytes(b"".join(lines[:-1]))


def rewrite(home: Home) -> None:
    """A line is changed, and nothing of what it seals."""
    line = json.loads(chain_path(home).read_text(encoding="utf-8"))
    line["entries"].popitem()
    chain_path(home).write_text(json.dumps(line) + "\n", encoding="utf-8")


def test_what_nobody_has_touched_is_as_it_was_sealed(home: Home, sealed: Office) -> None:
    assert audit(home) == []
    (line,) = chain_lines(home)
    assert line and chain_head(home).hash == line.hash
    kinds = {name.split("/")[0] + "/" + name.split("/")[-2] for name in line.entries}
    assert {"landing/receipts", "landing/objects", "landing/editions", "landing/files", "landing/openings"} <= kinds
    assert {"verdict/verdict", "published/published"} <= kinds
    assert f"published/revisions/{require_current(home).name}/manifest.json" in line.entries


def test_a_publish_of_nothing_new_seals_nothing(home: Home, sealed: Office) -> None:
    seal_again(home)
    assert len(chain_lines(home)) == 1


@pytest.mark.parametrize(
    ("act", "where", "problem"),
    [
        (write_over("landing/*/objects/*"), "landing/lushan-2022/objects/", "封存以后被改动"),
        (write_over("landing/*/receipts/*"), "landing/lushan-2022/receipts/", "封存以后被改动"),
        (take_out("landing/*/receipts/*"), "landing/lushan-2022/receipts/", "封存以后被删去"),
        (overturn, "verdict/", "封存以后被改动"),
        (write_over("landing/*/editions/0001.json"), "landing/lushan-2022/editions/0001.json", "封存以后被改动"),
        (write_over("landing/*/editions/files/*"), "landing/lushan-2022/editions/files/", "封存以后被改动"),
        (write_over("published/revisions/*/manifest.json"), "published/revisions/", "封存以后被改动"),
        (write_over("published/log.jsonl"), "published/log.jsonl#", "封存以后被改动"),
        (cut, "chain.jsonl", "最后一行不是 chain.head 所记的"),
        (rewrite, "chain.jsonl", "最后一行不是 chain.head 所记的"),
    ],
)
def test_what_was_touched_is_named(home: Home, act: Callable[[Home], None], where: str, problem: str) -> None:
    act(home)
    (found,) = audit(home)
    assert found.where.startswith(where) and found.problem.startswith(problem)


def test_a_line_that_was_cut_off_leaves_a_gap_also_when_all_is_sealed_again(home: Home) -> None:
    cut(home)
    seal_again(home)
    assert [one.problem for one in audit(home)] == ["与前一行不相接：前一行被改动、增删过"]


@pytest.mark.parametrize("step", ["append_line", "atomic_write"])
def test_a_power_cut_while_sealing_is_no_tampering(home: Home, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Of the line half is written, or all of it and not that it is the last."""

    def torn(path: Path, content: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(content[:40])
        raise KeyboardInterrupt

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    (home.landing / "lushan-2022" / "receipts" / "new.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(chain, step, torn if step == "append_line" else killed)
    with pytest.raises(KeyboardInterrupt):
        seal_again(home)
    monkeypatch.undo()
    (home.landing / "lushan-2022" / "receipts" / "newer.json").write_text("{}", encoding="utf-8")
    seal_again(home)
    assert audit(home) == []
    assert chain_head(home).number == (2 if step == "append_line" else 3)


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_line_torn_inside_a_character_stops_no_publish(home: Home, kept: int) -> None:
    """As many bytes of the character are written as ``kept``."""
    (home.landing / "lushan-2022" / "receipts" / "王.json").write_text("{}", encoding="utf-8")
    seal_again(home)
    whole = chain_path(home).read_bytes()
    chain_path(home).write_bytes(whole[: whole.index("王".encode()) + kept])
    (home.landing / "lushan-2022" / "receipts" / "new.json").write_text("{}", encoding="utf-8")
    seal_again(home)
    assert len(chain_lines(home)) == 3


def decide_of(home: Home, kind: DecisionKind, at: datetime = LATER, plan_id: str = "lushan-2022") -> None:
    decision = Decision(kind, at, "王主任", "核实", rule_code="L07" if kind.startswith("rule") else None)
    land_decision(home, plan_id, decision)


def test_a_verdict_that_was_changed_and_sealed_again_needs_a_decision(home: Home) -> None:
    overturn(home)
    seal_again(home)
    (found,) = audit(home)
    assert "其间没有对规则作过决定" in found.problem


@pytest.mark.parametrize("kind", ["rule_off", "rule_on"])
@pytest.mark.parametrize("is_sealed_before", [True, False])
def test_a_verdict_given_anew_by_a_decision_of_a_rule_is_nothing_touched(
    home: Home, kind: DecisionKind, is_sealed_before: bool
) -> None:
    decide_of(home, kind)
    if is_sealed_before:
        seal_again(home)
    overturn(home)
    seal_again(home)
    assert audit(home) == []


@pytest.mark.parametrize("kind", ["signed", "extended", "closed", "reopened"])
def test_a_decision_of_anything_else_excuses_no_verdict(home: Home, kind: DecisionKind) -> None:
    decide_of(home, kind)
    overturn(home)
    seal_again(home)
    (found,) = audit(home)
    assert "其间没有对规则作过决定" in found.problem


def test_a_decision_of_another_plan_excuses_no_verdict(home: Home) -> None:
    decide_of(home, "rule_off", plan_id="lushan-2023")
    overturn(home)
    seal_again(home)
    (found,) = audit(home)
    assert found.where.startswith("verdict/")


def test_a_decision_excuses_the_verdicts_after_it_and_none_later(home: Home) -> None:
    decide_of(home, "rule_off")
    overturn(home)
    seal_again(home)
    with open_warehouse(home.warehouse) as connection:
        connection.execute("update raw.verdict set verdict = 'duplicate'")
    seal_again(home)
    (found,) = audit(home)
    assert found.problem.startswith("第 3 行的校验结论")


def test_a_decision_made_while_a_run_went_on_is_of_after_its_verdicts(home: Home) -> None:
    """It is sealed with them, and the run that follows judges by it."""
    decide_of(home, "rule_off", LATER + HOUR)
    chain_path(home).unlink()
    (home.root / "chain.head").unlink()
    seal_again(home)
    overturn(home)
    seal_again(home)
    assert audit(home) == []


def forge(home: Home, entries: dict[str, str]) -> None:
    """A line that follows rightly, and seals what the forger likes."""
    head = chain_head(home)
    line = ChainLine(head.number + 1, LATER, head.hash, entries)
    append_line(chain_path(home), json.dumps(json.loads(Note(ChainLine).written(line))))
    atomic_write(home.root / "chain.head", Note(Head).written(Head(line.number, line.hash)))


@pytest.mark.parametrize("pattern", ["landing/*/receipts/*", "published/revisions/*/manifest.json"])
def test_a_file_that_is_sealed_again_as_it_was_changed_is_named(home: Home, pattern: str) -> None:
    path = sorted(home.root.glob(pattern))[0]
    name = path.relative_to(home.root).as_posix()
    path.chmod(0o640)
    path.write_text("{}", encoding="utf-8")
    forge(home, {name: digest(path)})
    (found,) = audit(home)
    assert found.where == name and found.problem.startswith("第 2 行又封存了一次")


@pytest.mark.parametrize("name", ["marts.duckdb", "*.parquet", "*.csv", "*.xlsx"])
def test_what_a_manifest_names_is_sealed_with_it(home: Home, name: str) -> None:
    write_over(f"published/revisions/*/{name}")(home)
    (found,) = audit(home)
    assert found.where.startswith("published/revisions/") and found.problem == "封存以后被改动"
    take_out(f"published/revisions/*/{name}")(home)
    assert "封存以后被删去" in [one.problem for one in audit(home)]


def test_retention_takes_out_revisions_and_nothing_else(home: Home) -> None:
    """A line of the log excuses what it names, where it says that retention removed it."""
    revision = require_current(home)
    shutil.rmtree(revision.folder)
    take_out("landing/*/receipts/*")(home)
    log(home, LATER, "rolled back", {"to": revision.name, "revisions": revision.name})
    assert sorted(one.where.split("/")[0] for one in audit(home)) == ["landing", "published"]
    log(home, LATER, "pruned", {"revisions": f"{revision.name}, receipts, lushan-2022"})
    assert [one.where.split("/")[0] for one in audit(home)] == ["landing"]


def test_a_bulletin_is_sealed_once_it_is_whole_and_one_that_cannot_be_read_is_named(home: Home) -> None:
    folder = home.bulletins / "lushan-2022" / "2022-03" / "1"
    atomic_write(folder / "half.docx", b"half")
    seal_again(home)
    atomic_write(folder / "half.docx", b"whole")
    atomic_write(folder / "draft.json", b"{}")
    (found,) = audit(home)
    assert found.where == "bulletins/lushan-2022/2022-03/1" and "读不出来" in found.problem
    seal_again(home)
    sealed = last_sealed(chain_lines(home))
    assert {f"bulletins/lushan-2022/2022-03/1/{name}" for name in ("half.docx", "draft.json")} <= {*sealed}
