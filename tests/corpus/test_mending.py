"""Every file that went back is mended by what its answer says, and by nothing else: the second one is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from minsheng.core.declarations import RULES
from minsheng.mail.marking import Job
from minsheng.mail.markup import answer
from minsheng.mail.message import Attachment
from minsheng.spreadsheet.encoding import encode
from minsheng.validation.rules import load_rules
from tests.books import book_of
from tests.corpus.case import ZONE, Rewritten, Sent, Values, sent_files
from tests.corpus.judging import OPENED, Fate, fates
from tests.corpus.mending.deeds import DEEDS, mended

WRITTEN_ON = datetime(2022, 6, 2, 11, tzinfo=ZONE)
JUNE_IS_OVER = datetime(2022, 7, 2, 10, tzinfo=ZONE)
REFUSED = tuple(sent for sent in sent_files() if sent.case.verdict == "rejected")


@pytest.fixture(scope="module")
def second(
    found: Mapping[str, Fate], true: Mapping[tuple[str, str], Values], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Fate]:
    """What becomes of every mended file; the data team has opened the months that were asked for."""
    folder = tmp_path_factory.mktemp("second")
    again = [
        _handed_in_again(sent, found[sent.name], true[sent.case.unit, sent.case.period], folder) for sent in REFUSED
    ]
    by_content = {_identity(one): one for one in again}  # the form filled in afresh is often the same file
    judged = fates([*by_content.values()], folder, opened=("2022-02", *OPENED, "2022-06"))
    return {one.name: judged[by_content[_identity(one)].name] for one in again}


def _identity(sent: Rewritten) -> tuple[str, datetime, bytes]:
    return sent.case.sender, sent.case.received_at, sent.kept.read_bytes()


def _handed_in_again(sent: Sent, fate: Fate, true: Values, folder: Path) -> Rewritten:
    """What the clerk makes of the answer, sent through the unit's own folder."""
    case, kept = sent.case, folder / f"{sent.name}.xlsx"
    kept.write_bytes(mended(_returned(sent, fate), fate.findings, case.unit, case.period, true))
    is_early = any(finding.rule == "F21" for finding in fate.findings)
    later = {"sent_by": None, "at": JUNE_IS_OVER if is_early else case.at}
    return Rewritten(case=case.model_copy(update=later), saved=sent.saved, kept=kept, called="改正后的报表.xlsx")


def _returned(sent: Sent, fate: Fate) -> bytes | None:
    """The unit's workbook with its faults marked; its own where we kept nothing of it; none: it cannot be opened."""
    content = sent.path.read_bytes()
    if any(finding.rule.startswith("P") for finding in fate.findings):
        return content if sent.path.suffix == ".xlsx" else None
    book = book_of(content)
    if book.reading != "ok":
        return None
    job = Job(content, encode(book), sent.file_name, fate.findings, WRITTEN_ON)
    attached = msgspec.msgpack.decode(answer(msgspec.msgpack.encode(job)), type=Attachment | None)
    return attached.content if attached else None


@pytest.mark.slow
@pytest.mark.parametrize("sent", REFUSED, ids=lambda sent: sent.name)
def test_the_second_file_is_accepted(sent: Sent, found: Mapping[str, Fate], second: Mapping[str, Fate]) -> None:
    fate = second[sent.name]
    assert fate.verdict in ("accepted", "duplicate"), (sent.case.what, _refusals(found[sent.name]), _refusals(fate))


def test_the_clerk_knows_what_every_refusal_asks_for() -> None:
    refusing = {rule.code for rule in load_rules(RULES).rules if rule.severity == "reject"}
    assert {*DEEDS} == refusing


def _refusals(fate: Fate) -> list[str]:
    refused = (one for one in fate.findings if one.severity == "reject")
    return [f"{one.rule} {one.sheet}!{one.cell} {one.message} {one.remedy}" for one in refused]
