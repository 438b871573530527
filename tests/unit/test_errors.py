"""What a person can put right says where, what and how, in Chinese, and under a code that stays."""

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from minsheng.commands.usage import call_codes
from minsheng.core.declarations import ROOT
from minsheng.core.errors import BusyError, CheckFailed, DamagedError, UserError
from minsheng.core.settings import read_settings
from minsheng.source.troubles import error_codes
from minsheng.words.errors import filled, sentences

_ERRORS = frozenset(kind.__name__ for kind in (UserError, BusyError, DamagedError, CheckFailed))


def raised() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Place, code and fields of every error that is made anywhere."""
    for path in sorted(path for folder in ("etl", "dags", "scripts") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (code := _code(node, path)):
                fields = frozenset(str(keyword.arg) for keyword in node.keywords)
                yield f"{path.relative_to(ROOT)}:{node.lineno}", code, fields


def _code(call: ast.Call, path: Path) -> str | None:
    """The code an error is made with: first argument of the error, second of ``document.fault`` and the like."""
    name = ast.unparse(call.func)
    is_error = name in _ERRORS or (name == "super().__init__" and path.name == "smtp.py")
    place = 0 if is_error else 1 if name.endswith((".fault", "._refuse")) else None
    if place is None or len(call.args) <= place:
        return None
    argument = call.args[place]
    return str(argument.value) if isinstance(argument, ast.Constant) else None


def test_every_code_has_a_sentence_and_every_sentence_is_used() -> None:
    # What is wrong with a server of others, or with a call, has its code from a table.
    assert {code for _, code, _ in raised()} | {*error_codes()} | call_codes() == sentences().keys()
    assert all(sentences()[code].fields <= {"place", "reason"} for code in error_codes())


def test_what_a_sentence_names_is_filled_in_where_it_is_used() -> None:
    for place, code, fields in raised():
        assert fields == sentences()[code].fields, f"{place}: {code}"


def test_no_error_is_made_without_a_code() -> None:
    for path in sorted(path for folder in ("etl", "dags", "scripts") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _ERRORS:
                is_passed_on = ast.unparse(node.args[0]) == "code"
                assert is_passed_on or _code(node, path), f"{path}:{node.lineno}"


@pytest.mark.parametrize("code", sorted(sentences()))
def test_a_sentence_is_chinese_and_its_code_plain(code: str) -> None:
    sentence = sentences()[code]
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code)
    assert re.search("[一-鿿]", sentence.problem) or sentence.problem.startswith("{")
    assert not sentence.problem.endswith("。") and not sentence.remedy.endswith("。")


def test_it_is_printed_with_where_what_how_and_its_code() -> None:
    error = UserError("code_taken", "units.yaml 第 8 行", code="JTJ", file="units.yaml")
    assert str(error) == "units.yaml 第 8 行：编码“JTJ”已用在 units.yaml → 编码只用一次 [code_taken]"
    assert (error.code, error.where, error.remedy) == ("code_taken", "units.yaml 第 8 行", "编码只用一次")
    assert str(error.at("elsewhere")).startswith("elsewhere：编码“JTJ”已用在")


def test_what_it_sums_up_is_listed_below_it() -> None:
    found = [UserError("month_twice", f"第 {line} 行") for line in (3, 4)]
    error = UserError("faults_found", "plan", count=2).listing(found)
    assert str(error).splitlines() == ["plan：有 2 处需要改正 [faults_found]", f"  {found[0]}", f"  {found[1]}"]


def test_several_values_are_told_one_after_the_other() -> None:
    assert filled("{all}；{none}；{missing}", {"all": ["a", "b"], "none": (), "missing": None}) == "a、b；无；无"


@pytest.mark.parametrize("kind", [UserError, BusyError, DamagedError, CheckFailed])
def test_an_error_is_the_same_in_another_process(kind: type[UserError]) -> None:
    known = kind("faults_found", "here", count=1).listing([UserError("yaml_tab", "there")])
    error = pickle.loads(pickle.dumps(known))
    assert (type(error), str(error), error.code) == (kind, str(known), "faults_found")


def test_every_setting_that_is_wrong_is_told_and_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("MINSHENG_HOEM=geheim\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINSHENG_MAIL_DRY_RUN", "geheim")
    with pytest.raises(UserError) as error:
        read_settings()
    assert {str(fault).partition("可写")[0] for fault in error.value.faults} == {
        "MINSHENG_HOEM：没有这个设置 → 是不是“MINSHENG_HOME”？",
        "MINSHENG_MAIL_DRY_RUN：设置有误 → 只能写 true 或 false [setting_unfit]",
    }
    assert "geheim" not in str(error.value)
