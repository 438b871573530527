"""The worst inputs of a regular expression, made from its own parts, and how long it takes over them.

Run as a program it does so for every expression that any module of ``etl`` compiles, and prints each with its time.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from re import _constants, _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

# In so many characters anything that is not linear takes seconds, and what is takes hundredths.
LENGTH = 1 << 16
MOST_SECONDS = 0.5
EVERY_METHOD = frozenset({"search", "fullmatch", "finditer"})
# So long is the text by which the worst of many shapes is chosen.
_SHORT = 1 << 11
_SHAPES = 4
# What is linear takes a tenth of this over a short text; what takes longer is given the long one at once.
_SUSPECT_SECONDS = 0.01
_VARIANTS = 4
_MOST_PUMPS = 40
_LONGEST_WINDOW = 4
# One of each kind that patterns tell apart; the first is in hardly any set.
_POOL = "\0 xA0-_.,:;|<>\"'()[]{}/\\\n\t一年月万２é"

Node = tuple[Any, Any]


@dataclass(frozen=True)
class Expression:
    """A regular expression, the module that compiles it, and the methods by which anybody applies it."""

    module: str
    compiled: re.Pattern[Any]
    methods: frozenset[str]

    @property
    def pattern(self) -> str:
        pattern: str | bytes = self.compiled.pattern
        return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


@dataclass(frozen=True)
class Worst:
    """The input an expression takes longest over, and how long, in seconds of processor time."""

    shape: str
    seconds: float


def worst(expression: Expression) -> Worst:
    """The slowest of the worst inputs, ``LENGTH`` characters long."""
    timed: list[tuple[float, _Shape]] = []
    for shape in _shapes(expression):
        timed.append((_seconds(expression, shape.text(_SHORT)), shape))
        is_suspect = timed[-1][0] > _SUSPECT_SECONDS
        if is_suspect and _seconds(expression, shape.text(LENGTH)) > MOST_SECONDS:
            return Worst(str(shape), inf)
    slowest = [shape for _, shape in sorted(timed, key=lambda one: one[0], reverse=True)[:_SHAPES]]
    found = Worst("", 0)
    for shape in slowest:
        found = max(found, Worst(str(shape), _seconds(expression, shape.text(LENGTH))), key=lambda one: one.seconds)
        if found.seconds > MOST_SECONDS:
            break  # no other makes it better
    return found


def expressions(package: str) -> list[Expression]:
    """What all modules of a package compile when imported, or in cached functions; for a process that has none yet."""
    found: dict[tuple[str, re.Pattern[Any]], None] = {}
    real: Callable[..., re.Pattern[Any]] = re.compile

    def noted(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        module, compiled = sys._getframe(1).f_globals["__name__"], real(pattern, flags)
        if module.partition(".")[0] == package:
            found[module, compiled] = None
        return compiled

    re.compile = noted
    for one in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not one.name.endswith("__main__"):
            importlib.import_module(one.name)
    modules = [module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] == package]
    for module in modules:
        for lazy in filter(is_lazy, list(vars(module).values())):
            lazy()
    re.compile = real
    return [Expression(name, compiled, _methods(compiled, modules)) for name, compiled in found]


def is_lazy(thing: object) -> bool:
    """Whether it is a cached function without parameters."""
    return hasattr(thing, "cache_info") and not inspect.signature(thing).parameters  # type: ignore[arg-type]


def _methods(compiled: re.Pattern[Any], modules: Sequence[ModuleType]) -> frozenset[str]:
    """How an expression is applied; any way where it has no name of its own, or is handed on under it."""
    used: set[str] = set()
    for module in modules:
        for name in (name for name, value in vars(module).items() if value is compiled):
            used |= _uses(module, name)
    return frozenset(used) if used and None not in used else EVERY_METHOD


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _uses(module: ModuleType, name: str) -> set[Any]:
    """The attributes taken of a name in a module, and None where it is used without."""
    used: set[Any] = set()
    for node in ast.walk(_tree(module)):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Name) and child.id == name and isinstance(child.ctx, ast.Load):
                used.add(node.attr if isinstance(node, ast.Attribute) else None)
    return used


@dataclass(frozen=True)
class _Shape:
    """A text of any length: something, something else again and again, and an end."""

    head: str
    pump: str
    tail: str

    def text(self, length: int) -> str:
        return self.head + self.pump * (length // len(self.pump)) + self.tail

    def __str__(self) -> str:
        return f"{self.head!r} + {self.pump!r} * n + {self.tail!r}"


def _shapes(expression: Expression) -> Iterator[_Shape]:
    """What makes a matcher try again: any part of the pattern over and over, and then nothing that fits."""
    tree = _parser.parse(expression.pattern, expression.compiled.flags & ~re.UNICODE)
    whole = _example(tree, 0)
    pumps = dict.fromkeys(pump for variant in range(_VARIANTS) for pump in _pumps(tree, variant) if pump)
    step = max(1, len(pumps) // _MOST_PUMPS)
    for pump in list(pumps)[::step]:
        for head in dict.fromkeys(("", whole)):
            yield from (_Shape(head, pump, tail) for tail in dict.fromkeys(("", "\0", whole)))


def _pumps(nodes: Sequence[Node], variant: int) -> Iterator[str]:
    """Examples of all runs of neighbouring parts, outer ones first."""
    for size in range(1, min(len(nodes), _LONGEST_WINDOW) + 1):
        for first in range(len(nodes) - size + 1):
            yield _example(nodes[first : first + size], variant)
    for node in nodes:
        for inner in _inside(node):
            yield from _pumps(inner, variant)


def _inside(node: Node) -> list[Sequence[Node]]:
    kind, value = node
    if kind in _REPEATS:
        return [value[2]]
    if kind is _constants.SUBPATTERN:
        return [value[3]]
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [value[1]]
    if kind is _constants.ATOMIC_GROUP:
        return [value]
    return list(value[1]) if kind is _constants.BRANCH else []


_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def _example(nodes: Sequence[Node], variant: int) -> str:
    """A text that fits these parts, taking other ways through them by the variant."""
    return "".join(_fits(node, variant) for node in nodes)


def _fits(node: Node, variant: int) -> str:
    kind, value = node
    if kind is _constants.LITERAL:
        return chr(value)
    if kind in (_constants.NOT_LITERAL, _constants.IN, _constants.ANY):
        return _character(node, variant)
    if kind in _REPEATS:
        return _example(value[2], variant) * max(int(value[0]), 1)
    if kind is _constants.BRANCH:
        return _example(value[1][variant % len(value[1])], variant)
    if kind in (_constants.SUBPATTERN, _constants.ATOMIC_GROUP):
        return _example(_inside(node)[0], variant)
    return ""


def _character(node: Node, variant: int) -> str:
    """One of the characters that fit, asked of the matcher itself."""
    one = _parser.SubPattern(_parser.State(), [node])
    matches = re._compiler.compile(one)  # type: ignore[attr-defined]
    listed = node[1] if node[0] is _constants.IN else ()
    named = [chr(value) for kind, value in listed if kind is _constants.LITERAL]
    ranges = [chr(value[0]) for kind, value in listed if kind is _constants.RANGE]
    fitting: list[str] = [char for char in (*_POOL, *named, *ranges) if matches.fullmatch(char)]
    return fitting[variant * 7 % len(fitting)] if fitting else ""


def _seconds(expression: Expression, text: str) -> float:
    """Processor time for all the ways an expression is applied; given up at twice what is allowed."""
    compiled = expression.compiled
    subject = text.encode("latin-1", "replace") if isinstance(compiled.pattern, bytes) else text
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 2 * MOST_SECONDS)
    try:
        for method in expression.methods:
            _apply(compiled, method, subject)
    except TimeoutError:
        return inf
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - begun


def _apply(compiled: re.Pattern[Any], method: str, subject: Any) -> None:
    if method == "sub":
        compiled.sub(subject[:0], subject)
    elif method in ("finditer", "findall", "split"):
        compiled.findall(subject)
    else:
        getattr(compiled, method)(subject)


def give_up(*_: object) -> None:
    """What SIGPROF must do while expressions are measured."""
    raise TimeoutError


def main() -> None:
    """Print every expression, one a line in JSON: module, pattern, methods, its worst input, and the seconds."""
    signal.signal(signal.SIGPROF, give_up)
    for one in expressions("minsheng"):
        found = worst(one)
        print(json.dumps([one.module, one.pattern, sorted(one.methods), found.shape, found.seconds]), flush=True)


if __name__ == "__main__":
    main()
