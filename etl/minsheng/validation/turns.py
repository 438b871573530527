"""Judging all that waits, batch after batch of rounds, and writing the verdicts each batch is followed by."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from minsheng.core.codes import Verdict
from minsheng.core.declarations import FORMS, RULES
from minsheng.core.errors import UserError
from minsheng.landing import Receipt
from minsheng.validation.judge import Judged, judge
from minsheng.validation.rounds import Round, already_in_force, next_rounds, standing, touched
from minsheng.validation.rule_rows import write_rules
from minsheng.validation.rules import load_rules
from minsheng.validation.sheets import public_sheet_name
from minsheng.warehouse.connection import LACKING, UNUSABLE, Connection, append

log = logging.getLogger(__name__)

_FIRST_WIDTH = 16  # rounds
_MOST_FILES = 128  # in one batch, if the first round alone has not more
# What one run judges at most: a batch takes about a second, and an unbounded one would hold up everybody else.
MOST_BATCHES_OF_A_UNIT = 30
MOST_BATCHES = 150


@dataclass(frozen=True)
class Settled:
    """One submission and the month it names; ``judged`` null: a duplicate, held against nothing."""

    receipt: Receipt
    period: str | None
    judged: Judged | None

    @property
    def verdict(self) -> Verdict:
        """``accepted``, ``rejected`` or ``duplicate``."""
        return self.judged.verdict if self.judged else "duplicate"


@dataclass
class Trouble:
    """What could not be judged for a fault of ours: by unit, the file at which its files are held up in this run.

    While that file is looked for all is judged again from the start: ``suspects`` are the submissions it is one of,
    ``judged`` is what each batch, by its number, came to before.
    """

    held: dict[str, Receipt] = field(default_factory=dict)
    suspects: frozenset[str] = frozenset()
    judged: dict[tuple[int, str], Judged] = field(default_factory=dict)

    def narrow(self, files: Sequence[Receipt]) -> None:
        """Judging these together has failed: it is one of them, or the only one; nothing was written."""
        self.suspects = frozenset(one.submission_id for one in files)
        if len(files) == 1:
            self.held[files[0].unit_code] = files[0]
            self.suspects = frozenset()
            self.judged.clear()  # without its unit the others are held against something else


class JudgingError(Exception):
    """Judging these files has raised what it never should."""

    def __init__(self, files: Sequence[Receipt]) -> None:
        super().__init__("、".join(f"{one.unit_code}/{one.file_name}" for one in files))
        self.files = files


@dataclass
class _Pace:
    """How many rounds are judged at once: more while all of them stand, and few where each changes the next."""

    width: int = _FIRST_WIDTH
    batches: Counter[str] = field(default_factory=Counter)
    count: int = 0

    @property
    def is_over(self) -> bool:
        return self.count >= MOST_BATCHES

    @property
    def postponed(self) -> list[str]:
        """The units that have had their share of this run."""
        return [code for code, count in self.batches.items() if count >= MOST_BATCHES_OF_A_UNIT]

    def went(self, rounds: Sequence[Round], standing_count: int) -> None:
        self.count += 1
        self.batches.update({receipt.unit_code for files in rounds[:standing_count] for receipt, _ in files})
        self.width = 2 * standing_count if standing_count < len(rounds) else 2 * self.width


def judge_waiting(
    connection: Connection, plan_id: str, trouble: Trouble, before: datetime | None = None
) -> Iterator[list[Settled]]:
    """Judge batch after batch and write its verdicts, which the next one is held against.

    ``before``: only what had its turn before that moment.
    Ends when nothing is left or the run has done its share. Raises JudgingError for what we cannot judge.
    """
    pace = _Pace()
    while not pace.is_over:
        rounds = _batch(next_rounds(connection, plan_id, pace.width, (*trouble.held, *pace.postponed), before))
        if not rounds:
            return
        settled = _judge_rounds(connection, rounds, trouble, pace.count)
        verdicts = {one.receipt.submission_id: one.verdict for each in settled for one in each}
        count = standing(rounds, verdicts, touched(connection, rounds))
        decided = [one for each in settled[:count] for one in each]
        _write(connection, decided)
        pace.went(rounds, count)
        yield decided


def _batch(rounds: Sequence[Round]) -> list[Round]:
    """The first rounds, up to so many files."""
    batch: list[Round] = []
    file_count = 0
    for files in rounds:
        file_count += len(files)
        if batch and file_count > _MOST_FILES:
            break
        batch.append(files)
    return batch


def _judge_rounds(
    connection: Connection, rounds: Sequence[Round], trouble: Trouble, batch_no: int
) -> list[list[Settled]]:
    known, judged = already_in_force(connection, rounds), trouble.judged
    files = [receipt for each in rounds for receipt, _ in each if receipt.submission_id not in known]
    for piece in _pieces([one for one in files if (batch_no, one.submission_id) not in judged], trouble):
        judged |= {(batch_no, one.submission_id): one for one in _judge(connection, piece)}
    return [
        [Settled(receipt, period, judged.get((batch_no, receipt.submission_id))) for receipt, period in each]
        for each in rounds
    ]


def _pieces(files: Sequence[Receipt], trouble: Trouble) -> Iterator[Sequence[Receipt]]:
    """Each half of the suspects by itself, then all others at once.

    Others may be as bad: tried first, they would be suspected in place of these, and then these in place of them.
    """
    suspects = [one for one in files if one.submission_id in trouble.suspects]
    others = [one for one in files if one.submission_id not in trouble.suspects]
    half = (len(suspects) + 1) // 2
    yield from filter(None, (suspects[:half], suspects[half:], others))


def _judge(connection: Connection, files: Sequence[Receipt]) -> list[Judged]:
    """Raises UserError for a faulty rule, and what says that our files or queries are amiss: that concerns everybody.

    Raises JudgingError for anything else.
    """
    try:
        return judge(connection, [one.submission_id for one in files])
    except (UserError, OSError, MemoryError, *UNUSABLE, *LACKING):
        raise
    except Exception as error:
        raise JudgingError(files) from error


def _write(connection: Connection, settled: Sequence[Settled]) -> None:
    judged = [one.judged for one in settled if one.judged]
    append(connection, "raw.verdict", map(_verdict_row, settled))
    append(connection, "raw.finding", (row for one in judged for row in _finding_rows(one)))
    append(connection, "raw.rule_result", (row for one in judged for row in _rule_result_rows(one)))
    write_rules(connection)


def _verdict_row(one: Settled) -> dict[str, object]:
    return {
        "submission_id": one.receipt.submission_id,
        "verdict": one.verdict,
        # When it arrived, not when we came to judge it: building again from landing gives the same.
        "accepted_at": one.receipt.received_at if one.verdict == "accepted" else None,
        "reject_count": one.judged.count("reject") if one.judged else 0,
        "warn_count": one.judged.count("warn") if one.judged else 0,
        "note_count": one.judged.count("note") if one.judged else 0,
        "rules_version": load_rules(RULES).version,
    }


def _finding_rows(one: Judged) -> Iterator[dict[str, object]]:
    for number, finding in enumerate(one.findings, start=1):
        words = asdict(finding)
        places = {"sheet_name": words.pop("sheet"), "cell_ref": words.pop("cell")}
        rule = {"rule_code": words.pop("rule"), "rule_title": words.pop("title")}
        public = {"public_sheet_name": public_sheet_name(FORMS, finding.sheet)}
        yield {"submission_id": one.submission_id, "finding_no": number} | rule | places | public | words


def _rule_result_rows(one: Judged) -> Iterator[dict[str, object]]:
    return ({"submission_id": one.submission_id} | asdict(result) for result in one.rule_results)
