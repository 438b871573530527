"""How well the corpus is judged: ``python -m tests.corpus.report [NAME…]``. Exit 1 if a number was wrongly loaded.

With names, only the files whose name begins so.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from minsheng.core.declarations import RULES
from minsheng.validation.rules import load_rules
from tests.corpus.case import Sent, Values, must_load, sent_files, truth
from tests.corpus.judging import Fate, fates


@dataclass(frozen=True)
class Score:
    """How often something was said rightly, wrongly, and not although it had to be."""

    right: int
    wrong: int
    missed: int

    def text(self) -> str:
        """Precision and recall in percent, with the counts."""
        said, due = self.right + self.wrong, self.right + self.missed
        precision = f"precision {self.right / said:.1%} ({self.right}/{said})" if said else "never said"
        recall = f"recall {self.right / due:.1%} ({self.right}/{due})" if due else "never due"
        return f"{precision}, {recall}"


def disagreements(sent: Sent, fate: Fate, due: Values) -> Iterator[str]:
    """Every way in which a file was not judged as it must be."""
    case = sent.case
    if fate.verdict != case.verdict:
        yield f"{fate.verdict}, must be {case.verdict}"
    if extra := fate.refused_by - case.refused_by:
        yield f"refused by {_listed(extra)}"
    if missing := case.refused_by - fate.refused_by:
        yield f"not refused by {_listed(missing)}"
    if silent := case.tells - fate.told:
        yield f"does not tell {_listed(silent)}"
    yield from wrong_numbers(fate, due) if fate.verdict == case.verdict == "accepted" else ()


def wrong_numbers(fate: Fate, due: Values) -> Iterator[str]:
    """Every number of an accepted file that was loaded wrongly, lost, or made up."""
    for address in sorted({*fate.loaded, *due}):
        loaded, must = fate.loaded.get(address), due.get(address)
        if loaded != must:
            yield f"{address}: loaded {loaded}, must be {must}"


def main() -> int:
    """Print scores and disagreements; 1 if any number was wrongly loaded."""
    names, true = tuple(sys.argv[1:]), truth()
    files = tuple(sent for sent in sent_files() if sent.name.startswith(names or ""))
    if not files:
        sys.exit(f"no file's name begins with {' or '.join(names)}")
    with tempfile.TemporaryDirectory() as folder:
        found = fates(files, Path(folder))
    for sent in files:
        for line in disagreements(sent, found[sent.name], must_load(sent, true)):
            _say(f"{sent.path.name}: {line}    {sent.case.what}")
    _say(f"\n{len(files)} files, {len({sent.case.case for sent in files})} cases")
    for name, score in scores(files, found).items():
        _say(f"{name:<22} {score.text()}")
    loaded_wrongly = [sent.name for sent in files if is_wrongly_loaded(found[sent.name], must_load(sent, true))]
    if not names:
        _say(f"rules no file meets    {_listed(_all_rules() - _met(found.values())) or 'none'}")
    _say(f"wrongly loaded numbers: {' '.join(loaded_wrongly) or 'none'}")
    return 1 if loaded_wrongly else 0


def is_wrongly_loaded(fate: Fate, due: Values) -> bool:
    """Whether any number reached the warehouse that had not to, or not as this number."""
    return any(due.get(address) != number for address, number in fate.loaded.items())


def scores(files: Iterable[Sent], found: Mapping[str, Fate]) -> dict[str, Score]:
    """Refusals, the rules that refuse, and the rules that only tell (of which only what must be said is known)."""
    sent = list(files)
    return {
        "verdict rejected": _score(
            ({"rejected"} & {found[one.name].verdict}, {"rejected"} & {one.case.verdict}) for one in sent
        ),
        "verdict accepted": _score(
            ({"accepted"} & {found[one.name].verdict}, {"accepted"} & {one.case.verdict}) for one in sent
        ),
        "rules that refuse": _score((found[one.name].refused_by, one.case.refused_by) for one in sent),
        "rules that tell": _score((found[one.name].told & one.case.tells, one.case.tells) for one in sent),
    }


def _score(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> Score:
    both = [(set(said), set(due)) for said, due in pairs]
    return Score(
        sum(len(said & due) for said, due in both),
        sum(len(said - due) for said, due in both),
        sum(len(due - said) for said, due in both),
    )


def _all_rules() -> set[str]:
    return {rule.code for rule in load_rules(RULES).rules}


def _met(found: Iterable[Fate]) -> set[str]:
    return {code for fate in found for code in fate.refused_by | fate.told}


def _listed(codes: Iterable[str]) -> str:
    return " ".join(sorted(codes))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
