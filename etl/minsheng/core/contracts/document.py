"""A YAML file as data of which every value knows its line.

Every plain value is text as written; the contract decides whether it is a number, a date or an hour. So ``18:00`` is
never 1080, ``NO`` never false and 0.65 never a binary fraction. Of YAML only what a table of words and numbers needs
is used: keys once, no anchors, no merge keys, no tags. One pass over the parser's events finds all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from minsheng.core.contracts import sentences
from minsheng.core.contracts.scalars import Plain, is_null
from minsheng.core.errors import UserError

Location = tuple[str | int, ...]

MOST_LEVELS = 20
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Document:
    """One file: its data, the line on which each value stands, and what in it cannot be read, by location."""

    name: str
    data: object = None
    lines: Mapping[Location, int] = field(default_factory=dict)
    unread: Mapping[Location, UserError] = field(default_factory=dict)

    def where(self, location: Location) -> str:
        """A location in words, with the line of the nearest value that exists."""
        depth = next((depth for depth in range(len(location), -1, -1) if location[:depth] in self.lines), None)
        line = sentences.LINE.format(line=self.lines[location[:depth]]) if depth is not None else ""
        key = sentences.KEY.format(key=key_path(location)) if location else ""
        return f"{self.name}{line}{key}"

    def fault(self, location: Location, code: str, /, **fields: object) -> UserError:
        """What is wrong at a location."""
        return UserError(code, self.where(location), **fields)


def key_path(location: Location) -> str:
    """``('indicators', 0, 'kind')`` as ``indicators[0].kind``."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location]
    return "".join(steps).removeprefix(".")


def read_text(folder: Path, name: str, guide: str) -> str:
    """A file as text; raises UserError when it is missing or not UTF-8. ``guide``: where its content is explained."""
    try:
        return (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError("file_missing", name, guide=guide) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UserError("file_not_utf8", _at(name, line)) from None
    except OSError as error:
        raise UserError("file_not_readable", name, reason=error.strerror) from error


def read_document(folder: Path, name: str, guide: str) -> Document:
    """A YAML file; raises UserError naming the line when it is not YAML at all."""
    text = read_text(folder, name, guide)
    try:
        document = _Walk(name, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        raise _syntax_fault(name, text, error) from None
    if document is None:
        raise UserError("file_empty", name, guide=guide)
    return document


def _at(name: str, line: int) -> str:
    return name + sentences.LINE.format(line=line)


def _syntax_fault(name: str, text: str, error: yaml.YAMLError) -> UserError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return UserError("yaml_syntax", name, problem=str(error).splitlines()[0])
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return UserError("yaml_tab", _at(name, mark.line + 1))
    problem = getattr(error, "problem", None) or str(error)
    return UserError("yaml_syntax", _at(name, mark.line + 1), problem=problem)


class _Walk:
    """One pass over a file's events that notes the line of every key and entry, and what is not to be used."""

    def __init__(self, name: str, events: Iterator[yaml.Event]) -> None:
        self._lines: dict[Location, int] = {}
        self._unread: dict[Location, UserError] = {}
        self._at = Document(name, None, self._lines, self._unread)
        self._events = events

    def document(self) -> Document | None:
        """The file's one document; None when there is none."""
        while isinstance(event := next(self._events), yaml.StreamStartEvent | yaml.DocumentStartEvent):
            pass
        if isinstance(event, yaml.StreamEndEvent):
            return None
        data = self._value(event, ())
        self._expect_end()
        is_empty = data is None and not self._unread
        return None if is_empty else Document(self._at.name, data, self._lines, self._unread)

    def _expect_end(self) -> None:
        next(self._events)  # the document's own end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise UserError("yaml_second_document", _at(self._at.name, _line(event)))

    def _value(self, event: yaml.Event, location: Location) -> object:
        self._lines.setdefault(location, _line(event))
        if len(location) > MOST_LEVELS:
            raise self._at.fault(location, "yaml_too_deep", most=MOST_LEVELS)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._refuse(location, "yaml_anchor")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            self._refuse(location, "yaml_tag", tag=event.tag)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(location)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(child, (*location, index)) for index, child in enumerate(self._until_end())]
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, location: Location) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._until_end():
            key = self._key(event, location)
            value = self._value(next(self._events), (*location, key))
            found.setdefault(key, value)
        return found

    def _key(self, event: yaml.Event, location: Location) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            inside = (*location, "?")
            self._value(event, inside)
            self._refuse(inside, "key_no_text")
            return "?"
        here = (*location, str(event.value))
        is_second = here in self._lines
        self._lines[here] = _line(event)
        if is_second:
            self._refuse(here, "key_twice", key=event.value)
        elif event.value == "<<" and not event.style:
            self._refuse(here, "yaml_merge")
        return str(event.value)

    def _until_end(self) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), yaml.CollectionEndEvent):
            yield event

    def _refuse(self, location: Location, code: str, /, **fields: object) -> None:
        self._unread[location] = self._at.fault(location, code, **fields)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | None:
    if event.style:
        return str(event.value)
    return None if is_null(event.value) else Plain(event.value)
