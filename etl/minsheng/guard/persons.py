"""What looks like the name of a person, and what is not one for all that: towns, institutions, other words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from minsheng.core.contracts import Strict, load
from minsheng.parsing.lexicon import Lexicon
from minsheng.plan.form import label_key

_HAN = "一-鿿"
# How a place of the plan is called for short: 马楼 for 马楼乡.
_KINDS_OF_PLACE = re.compile(r"(?:街道办事处|街道|办事处|库区乡|[镇乡村]|社区|居委会|村委会)$")
_WORD = re.compile(rf"[{_HAN}]+")
_WORDS = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Words:
    """The word list ``words.yaml``; headings are ready for comparison."""

    common_surnames: frozenset[str]
    surname: str
    place_endings: frozenset[str]
    words: frozenset[str]
    headings: frozenset[str]
    headings_of_names: frozenset[str]
    headings_of_places: re.Pattern[str]


class WordList(Strict):
    """What ``words.yaml`` holds: characters in one string, words divided by spaces."""

    common_surnames: str
    other_surnames: str
    compound_surnames: tuple[str, ...]
    place_endings: str
    words: str
    headings: str
    headings_of_names: str
    headings_of_places: str


@cache
def words() -> Words:
    """The word list, read once."""
    read = load(_WORDS, WordList, _WORDS.name)
    return Words(
        frozenset(read.common_surnames).union(read.compound_surnames),
        rf"(?:{'|'.join(read.compound_surnames)}|[{read.common_surnames}{read.other_surnames}])",
        frozenset(read.place_endings),
        frozenset(read.words.split()),
        frozenset(map(label_key, read.headings.split())),
        frozenset(map(label_key, read.headings_of_names.split())),
        re.compile(read.headings_of_places),
    )


def name_pattern() -> str:
    """The regular expression of a name that nothing goes on from: a surname and one or two characters."""
    return rf"(?<![{_HAN}])(?P<name>{words().surname}[{_HAN}]{{1,2}})"


@dataclass(frozen=True)
class Places:
    """The places a plan knows, with and without what kind of place they are."""

    names: frozenset[str]

    def is_person(self, text: str) -> bool:
        """Whether a text may be the name of a person: a surname and one or two more, and neither place nor word."""
        if not _full_name().fullmatch(text):
            return False
        known = words()
        is_word = text in known.words or text in self.names or text[:2] in self.names or text[:2] in known.words
        return not is_word and text[-1] not in known.place_endings

    def are_persons(self, texts: Iterable[str], fewest: int) -> bool:
        """Whether so many different texts are names, half of them at least with a surname that is little else."""
        found = {text for text in texts if self.is_person(text)}
        common = sum(text.startswith(tuple(words().common_surnames)) for text in found)
        return len(found) >= fewest and 2 * common >= len(found)


def places(lexicon: Lexicon) -> Places:
    """The places of the plan's registers."""
    return _places(frozenset(lexicon.members), lexicon.county)


@lru_cache
def _places(names: frozenset[str], county: str) -> Places:
    """One for all files of a plan: what is remembered of a text is remembered for these places."""
    return Places(names | {_KINDS_OF_PLACE.sub("", name) for name in names} | {county.rstrip("县市区")})


def together(text: str) -> str:
    """The text with names of two characters in one piece: 王　芳 is 王芳."""
    return _spread_name().sub(r"\1\2", text)


def runs_of_names(text: str, known: Places) -> Iterator[list[str]]:
    """Names that stand one behind another, parted by marks, spaces, lines or numbers; and all, if they are half."""
    run: list[str] = []
    all_names, token_count = [], 0
    end = 0
    for token in _WORD.finditer(together(text)):
        is_near = _between().fullmatch(token.string, end, token.start()) is not None
        end = token.end()
        if not is_near or not known.is_person(token[0]):
            yield run
            run = []
        token_count += 1
        if known.is_person(token[0]):
            run.append(token[0])
            all_names.append(token[0])
    yield run
    yield all_names if 2 * len(all_names) >= token_count else []


@cache
def _full_name() -> re.Pattern[str]:
    return re.compile(rf"{words().surname}[{_HAN}]{{1,2}}")


@cache
def _spread_name() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_HAN}])({words().surname})[ \t\u3000]{{1,4}}([{_HAN}])(?![{_HAN}])")


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"[^A-Za-z{_HAN}]{{0,8}}")
