"""One Chinese word for one code, wherever people read it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from minsheng.core.declarations import FORMS, ROOT
from minsheng.plan.form import load_form, versions
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from minsheng.words import chinese as reader
from minsheng.words.chinese import chinese, listed, vocabularies, with_words
from minsheng.words.filling import fill
from minsheng.words.letters import shipped

# What people read, or what makes it. Aliases in the form are what units have written, and received files hold them.
_READ = ("etl", "dags", "sql", "expectations", "plans", "docs", "examples", "scripts", "README.md", "README.zh-CN.md")
_SUFFIXES = frozenset({".py", ".j2", ".sql", ".yaml", ".md"})
_ALIASES = re.compile(r"aliases: \[[^]]*]")
_MAPPED = re.compile(r"[\"']?\b(\w+)[\"']?: [\"']([一-鿿（）]{1,12})[\"']")
_HAN = "一-鿿"


def sources() -> Iterator[tuple[str, str]]:
    for root in (ROOT / name for name in _READ):
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.suffix in _SUFFIXES and path != reader.FILE:
                yield str(path.relative_to(ROOT)), _ALIASES.sub("", path.read_text(encoding="utf-8"))


def second_words(text: str) -> list[str]:
    """Where a text says another word for a code than its own."""
    return [*_banned(text), *_beside_the_code(text), *_mapped_anew(text)]


def _banned(text: str) -> Iterator[str]:
    yield from (word for words in chinese().never.values() for word in words if word in text)


def _beside_the_code(text: str) -> Iterator[str]:
    for key, words in chinese().not_.items():
        code = re.escape(key.rpartition(".")[2])
        said = rf"(?:{'|'.join(words)})(?![{_HAN}])"
        pattern = rf"\b{code}\b[`\"' ]*(?:[:：=] ?)?[\"'*]*{said}|(?<![{_HAN}]){said}[`\"' （(]+{code}\b"
        yield from (found[0] for found in re.finditer(pattern, text))


def _mapped_anew(text: str) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for name, codes in vocabularies():
        for code in codes:
            known.setdefault(code, set()).add(getattr(chinese(), name)[code])
    for code, word in _MAPPED.findall(text):
        if word not in known.get(code, {word}):
            yield f"{code}: {word}"


def test_no_code_has_a_second_word() -> None:
    found = {name: words for name, text in sources() if (words := second_words(text))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        '_SEVERITIES = {"reject": "退回", "warn": "提示"}',
        "{% set verdicts = {'accepted': '接收'} %}",
        "severity `warn` 提示, `note` 告知.",
        "kind: milestone 节点，trend 同比",
        "description: flow 流量，stock 存量",
        "提示 `warn`",
        "分区键为报告期",
    ],
)
def test_a_second_word_is_found(text: str) -> None:
    assert second_words(text)


@pytest.mark.parametrize(
    "text", ["按上面的提示改正", '"note": "备注一栏，没有的不填"', "milestone 里程碑", "warn 提醒", "到期节点"]
)
def test_a_word_that_means_something_else_may_be_said(text: str) -> None:
    assert second_words(text) == []


def test_words_never_said_are_about_codes_there_are() -> None:
    for key in (*chinese().never, *chinese().not_):
        vocabulary, _, code = key.rpartition(".")
        word = getattr(chinese(), vocabulary or "thing")[code]
        assert word not in (*chinese().never.get(key, ()), *chinese().not_.get(key, ())), key


def test_a_code_without_a_word_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = yaml.safe_load(reader.FILE.read_text(encoding="utf-8"))
    del said["severity"]["note"]
    (tmp_path / "zh.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(reader, "FILE", tmp_path / "zh.yaml")
    with pytest.raises(ValueError, match="severity: no word for note"):
        chinese.__wrapped__()


def test_what_is_written_out_in_sql_is_the_same() -> None:
    models = {model.name: model for model in sqlfiles.models("star")}
    with open_warehouse(None) as connection:
        for vocabulary, columns in (("status_code", "status_label"), ("reason_code", "reason_label")):
            sql = models[f"dim_{vocabulary.partition('_')[0]}"].sql
            query = f"with model as ({sql}) select {vocabulary}, {columns} from model"
            assert dict(connection.execute(query).fetchall()) == getattr(chinese(), vocabulary)


def test_a_light_explains_itself_by_a_status_or_as_truly_behind() -> None:
    heads = {word.partition("：")[0] for word in chinese().reason_code.values()}
    assert heads <= {*chinese().status_code.values(), *chinese().submission_status.values(), "确实滞后"}


def test_the_newest_form_heads_its_columns_so() -> None:
    form = load_form(FORMS, versions(FORMS)[-1])
    headings = {column.code: column.heading for sheet in reversed(form.sheets) for column in sheet.columns}
    report = {column.code: column.heading for column in form.sheet("report").columns}
    assert headings | report == dict(chinese().field)
    assert {field.code: field.label for field in form.header}["period"] == chinese().thing["period"]


def test_the_glossary_says_what_things_are_called() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms, _, kinds = text.partition("## Kinds")
    row = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
    assert dict(row.findall(terms)[1:]) == {term: word for term, word in chinese().thing.items() if term != "kind"}
    assert dict(row.findall(kinds)[1:]) == chinese().kind


def test_a_closed_vocabulary_is_a_type_in_one_place() -> None:
    known = {frozenset(codes): name for name, codes in vocabularies()}
    for path in sorted((ROOT / "etl").rglob("*.py")):
        if path.name != "codes.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert frozenset(_literal(node)) not in known, f"{path}: {ast.unparse(node)}"


def _literal(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
        yield from (str(one.value) for one in ast.walk(node.slice) if isinstance(one, ast.Constant))


def test_a_vocabulary_is_listed_in_a_sentence() -> None:
    assert listed(chinese().polarity) == "higher_better 越高越好，lower_better 越低越好"
    assert with_words("{polarity}；{kind[flow]}") == "higher_better 越高越好，lower_better 越低越好；累计量"


def test_whom_letters_go_to_for_a_unit_is_published_as_the_letters_say_it() -> None:
    (model,) = (one for one in sqlfiles.declared("published") if one.name == "pub_mail_v1")
    for said in (shipped().common.superior, shipped().common.signer):
        assert f"'{fill(said, {'unit_name': ''})}'" in model.sql
