"""YAML files read so that every value knows its line, and a fault can say where it stands.

Every plain value is text as written; the contract in ``models`` decides whether it is a number, a date or an
hour. So ``18:00`` is never 1080, ``no`` never false and 0.65 never a binary fraction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from minsheng.core.errors import UserError

Location = tuple[str | int, ...]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = ("", "null", "~")


@dataclass(frozen=True)
class Document:
    """One file: its data and the line on which each value stands."""

    name: str
    data: object = None
    lines: dict[Location, int] = field(default_factory=dict)

    def fault(self, location: Location, problem: str, remedy: str = "") -> UserError:
        """What is wrong at a location, with the line of the nearest value that exists."""
        depth = next((depth for depth in range(len(location), -1, -1) if location[:depth] in self.lines), None)
        line = f" line {self.lines[location[:depth]]}" if depth is not None else ""
        key = f" ({key_path(location)})" if location else ""
        return UserError(f"{self.name}{line}{key}", problem, remedy)


def key_path(location: Location) -> str:
    """``('indicators', 0, 'kind')`` as ``indicators[0].kind``."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location]
    return "".join(steps).removeprefix(".")


def read_text(folder: Path, name: str) -> str:
    """A file of the plan folder as text; raises UserError when it is missing or not UTF-8."""
    try:
        return (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(name, "the file is missing", "add it; plans/README.md lists the files of a plan") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UserError(f"{name} line {line}", "the text is not UTF-8", "save the file again as UTF-8") from None
    except OSError as error:
        raise UserError(name, f"the file cannot be read ({error.strerror})", "check its permissions") from error


def read_document(folder: Path, name: str) -> Document:
    """A YAML file with the line of every value; raises UserError naming the line when it is not valid YAML."""
    text = read_text(folder, name)
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _syntax_fault(name, text, error) from None
    if root is None:
        raise UserError(name, "the file is empty", "see plans/README.md for what it must hold")
    walk = _Walk(name)
    return Document(name, walk.value(root, ()), walk.lines)


def _syntax_fault(name: str, text: str, error: yaml.YAMLError) -> UserError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return UserError(name, f"not valid YAML ({str(error).splitlines()[0]})", "remove the character")
    where = f"{name} line {mark.line + 1}"
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return UserError(where, "a tab stands in the indentation", "indent with spaces")
    problem = getattr(error, "problem", None) or str(error)
    return UserError(where, f"not valid YAML ({problem})", "check indentation, colons and quotes near this line")


class _Walk:
    """One pass over a file's nodes that notes the line of every key and entry."""

    def __init__(self, name: str) -> None:
        self.lines: dict[Location, int] = {}
        self._name = name
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, location: Location) -> object:
        self.lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            is_plain = not node.style
            return None if is_plain and node.value in _NULLS else node.value
        if id(node) in self._seen:
            raise self._fault(location, "anchors and aliases (& and *) are not used in plans", "write the value out")
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(child, (*location, key)) for key, child in self._pairs(node, location)}
        return [self.value(child, (*location, index)) for index, child in enumerate(node.value)]

    def _pairs(self, node: yaml.MappingNode, location: Location) -> Iterator[tuple[str, yaml.Node]]:
        keys: set[str] = set()
        for key_node, child in node.value:
            key = str(key_node.value)
            self.lines[(*location, key)] = key_node.start_mark.line + 1
            if key in keys:
                raise self._fault((*location, key), f"the key {key!r} stands twice", "keep one of the two")
            keys.add(key)
            yield key, child

    def _fault(self, location: Location, problem: str, remedy: str) -> UserError:
        return Document(self._name, lines=self.lines).fault(location, problem, remedy)
