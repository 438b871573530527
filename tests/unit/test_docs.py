"""What exists is documented where people look for it, and what the documents say exists."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from minsheng.commands.main import app
from minsheng.core.access import Access
from minsheng.core.declarations import ROOT
from minsheng.core.settings import Settings
from minsheng.flows.pipeline import STAGES
from minsheng.validation import rule_page as ruledoc
from minsheng.words.errors import sentences
from scripts.make_docs import PAGES

READMES = ("README.md", "README.zh-CN.md")
COMMANDS = "docs/commands.md"
RUNBOOK = "docs/runbook.md"

# Not words of ours: pictures, workbooks, and what units send, in whatever encoding.
_NO_TEXT, _FROM_UNITS = (".xlsx", ".docx", ".png"), "tests/corpus/files/"

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXTRA = re.compile(r"\.(?:extra\.get|flag)\(\"(\w+)\"")
_QUOTED = re.compile(r"`(\w+)")
_MACHINE = re.compile(r"(?<![\w.)}>-])/(?:work|root|tmp|Users|home/(?!airflow\b)\w+)\b")
_REGISTRY = re.compile(r"py(?:pi|thonhosted)\.org|\bmirrors?\.[\w.-]+\.(?:com|cn|org)\b")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def files() -> tuple[str, ...]:
    """What is in the repository, and what is about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(name for name in listed if name and (ROOT / name).is_file())


@cache
def commands() -> dict[str, Any]:
    """Every command by its name, as the library under typer knows it (its types are private to typer)."""
    return dict(_commands(typer.main.get_command(app), "minsheng"))


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inside = getattr(command, "commands", None)
    if inside is None or command.invoke_without_command:
        yield name, command
    for word, one in (inside or {}).items():
        yield from _commands(one, f"{name} {word}")


def shell_lines(name: str) -> list[list[str]]:
    """The lines of a document's code blocks that are commands, without their comments."""
    lines = (line for _, block in _BLOCK.findall(text(name)) for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines if line.startswith(("make ", ".venv/bin/"))]


def told(line: list[str]) -> str:
    """The command a line calls, as the longest name that fits."""
    words = " ".join([Path(line[0]).name, *line[1:]])
    return max((name for name in commands() if f"{words} ".startswith(f"{name} ")), key=len, default="")


# the command


def test_every_command_is_shown() -> None:
    assert {told(line) for line in shell_lines(COMMANDS)} - {""} == set(commands())


@pytest.mark.parametrize("document", [*READMES, COMMANDS])
def test_no_option_and_no_target_is_shown_that_does_not_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    for line in shell_lines(document):
        if line[0] == "make":
            assert set(line[1:]) <= targets, line
        else:
            options = {name for parameter in commands()[told(line)].params for name in parameter.opts}
            assert {word for word in line if word.startswith("--")} <= options, line


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = map(shell_lines, READMES)
    assert english == chinese
    assert len(english) > 2


def test_help_explains_every_command_and_option() -> None:
    unexplained = [
        f"{name} {parameter.opts[0]}"
        for name, command in commands().items()
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.help
    ]
    assert unexplained == []
    assert [name for name, command in commands().items() if not command.help] == []


# settings, DAGs, stages, rules


@pytest.mark.parametrize("document", [RUNBOOK, ".env.example"])
def test_every_setting_is_documented_and_no_other(document: str) -> None:
    known = {f"MINSHENG_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"MINSHENG_[A-Z_]+", text(document))) == known


def test_every_extra_of_a_connection_is_documented() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "etl" / "minsheng" / "source").glob("*.py"))
    extras = set(_EXTRA.findall(sources))
    assert "ca_file" in extras
    for page in (text("docs/sources.md"), Access.__doc__ or ""):
        assert extras <= set(_QUOTED.findall(page))


def test_the_runbook_states_the_defaults_of_the_settings() -> None:
    for name, field in Settings.model_fields.items():
        row = next(line for line in text(RUNBOOK).splitlines() if line.startswith(f"| `MINSHENG_{name.upper()}`"))
        assert row.endswith("| none |" if field.default is None else f"| `{field.default}` |")


def test_the_runbook_has_a_section_for_every_dag() -> None:
    declared = [
        re.findall(r'dag_id="(\w+)"', path.read_text(encoding="utf-8")) for path in (ROOT / "dags").glob("*.py")
    ]
    sections = re.findall(r"^## `(\w+)`", text(RUNBOOK), re.MULTILINE)
    assert sorted(sections) == sorted(dag_id for found in declared for dag_id in found)


@pytest.mark.parametrize("readme", READMES)
def test_every_stage_stands_in_the_picture_of_the_flow(readme: str) -> None:
    picture = dict(_BLOCK.findall(text(readme)))["mermaid"]
    words = re.findall(r"[a-z_]+", picture)
    assert [stage for stage in STAGES if stage not in words] == []


@pytest.mark.parametrize("made", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_current(made: Path) -> None:
    """What no header or dictionary explains, a column or a fact, raises here."""
    assert made.read_text(encoding="utf-8") == PAGES[made](), "run: make docs"


def test_every_generated_page_is_made() -> None:
    assert {ROOT / name for name in files() if name.startswith("docs/generated/")} == set(PAGES)


def test_the_runbook_names_errors_by_codes_there_are() -> None:
    named = re.findall(r"`\[([a-z0-9_]+)\]`", text(RUNBOOK))
    assert len(named) > 20 and set(named) <= sentences().keys()


def test_every_rule_stands_on_the_rule_page_once() -> None:
    rule_files = [text(name) for name in files() if name.startswith("expectations/rules/")]
    codes = re.findall(r"^- code: (\w+)", "\n".join(rule_files), re.MULTILINE)
    listed = re.findall(r"^\| `(\w+)` \|", ruledoc.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(codes)


# links, and what must not be in any file


@pytest.mark.parametrize("document", [name for name in files() if name.endswith(".md")])
def test_links_between_documents_resolve(document: str) -> None:
    targets = [link.split("#")[0] for link in _LINK.findall(text(document)) if "://" not in link]
    missing = [target for target in targets if not ((ROOT / document).parent / target).exists()]
    assert missing == []


def test_every_document_is_linked_from_another() -> None:
    documents = {name for name in files() if name.startswith("docs/") and name.endswith(".md")}
    linked = {
        ((ROOT / name).parent / link.split("#")[0]).resolve().relative_to(ROOT).as_posix()
        for name in files()
        if name.endswith(".md")
        for link in _LINK.findall(text(name))
        if "://" not in link
    }
    assert [name for name in sorted(documents) if not {name, str(Path(name).parent)} & linked] == []


@pytest.mark.parametrize(
    "parts", [("cd /", "tmp/x"), ("'/", "root'"), ("https://pypi", ".org/x"), ("http://mirrors", ".example.cn")]
)
def test_the_patterns_find_what_must_not_be_there(parts: tuple[str, str]) -> None:
    assert _MACHINE.search("".join(parts)) or _REGISTRY.search("".join(parts))


def test_no_file_names_a_path_of_a_machine_or_the_host_of_a_registry() -> None:
    assert [
        f"{name}: {match[0]}"
        for name in files()
        if not name.endswith(_NO_TEXT) and not name.startswith(_FROM_UNITS)
        for match in [*_MACHINE.finditer(text(name)), *_REGISTRY.finditer(text(name))]
    ] == []
