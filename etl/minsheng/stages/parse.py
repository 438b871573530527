"""parse: read every landed file into cells, text and typed value side by side. Judges nothing."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from minsheng.core.clock import county_time
from minsheng.core.codes import Result
from minsheng.core.errors import DamagedError
from minsheng.core.outcome import Outcome, StageResult
from minsheng.guard import withheld_reading
from minsheng.landing import Receipt, all_receipts
from minsheng.landing.books import landed_book
from minsheng.landing.editions import spans
from minsheng.parsing.deliveries import delivery_order
from minsheng.parsing.form import read_form
from minsheng.parsing.lexicon import Lexicon, plan_lexicon
from minsheng.parsing.reading import ReadForm
from minsheng.plan.models import Plan
from minsheng.plan.obligations import speaks_for
from minsheng.plan.run import Run
from minsheng.spreadsheet.opening import ReadBook, book_reader
from minsheng.warehouse.connection import Connection, append, open_warehouse, transaction
from minsheng.warehouse.ledger import record
from minsheng.warehouse.plan_rows import replace_plans

log = logging.getLogger(__name__)
_OUR_FAULT = "解析时程序出错，本单位的文件留待下次解析；详见运行日志"
_OUR_DAMAGE = "本系统留存的原件丢失或已损坏，不是报送单位的问题；本单位的文件留待修复后解析，见 minsheng verify"


@dataclass(frozen=True)
class Parsed:
    """One delivery, what was read from it, and the unit it speaks for."""

    receipt: Receipt
    reading: ReadForm
    for_unit_code: str


def parse(run: Run) -> StageResult:
    """Read whatever has landed by ``run.as_of`` and is not yet parsed.

    A file that cannot be read is an outcome, not an error. One at which we stumble ourselves, or whose bytes we have
    not kept as they came, is ``failed`` and holds up its own unit's files, which are read in the order of their
    arrival; the next run tries again.
    """
    with open_warehouse(run.home.warehouse) as connection:
        with transaction(connection):
            replace_plans(connection, run.county.plans)
        fresh = unparsed(run, connection)
        with book_reader() as read_book:
            parsed, failed = _read_all(run, fresh, read_book)
        result = StageResult("parse", (*map(_outcome, parsed), *failed))
        if fresh:
            with transaction(connection):
                store(connection, parsed)
                record(connection, run, result)
    return result


def parsed_as(receipt: Receipt, reading: ReadForm, plan: Plan) -> Parsed:
    """A delivery with what was read from it, by the plan that was in force when it came."""
    day = county_time(receipt.received_at).date()
    return Parsed(receipt, reading, speaks_for(plan, receipt.unit_code, reading.stated_unit, day))


def store(connection: Connection, parsed: Sequence[Parsed]) -> None:
    """Write submissions and their cells; the caller holds the transaction."""
    append(connection, "raw.submission", (_submission(one) for one in parsed))
    append(connection, "raw.cell", (cell for one in parsed for cell in _cells(one)))


def unparsed(run: Run, connection: Connection) -> list[Receipt]:
    """What has landed by ``run.as_of`` and is not read yet."""
    rows = connection.execute("select submission_id from raw.submission").fetchall()
    known = {submission_id for (submission_id,) in rows}
    ours = {*run.county.plan_ids}
    landed = (receipt for receipt in all_receipts(run.home) if receipt.plan_id in ours)
    return [one for one in landed if one.received_at <= run.as_of and one.submission_id not in known]


def _read_all(run: Run, fresh: Sequence[Receipt], read_book: ReadBook) -> tuple[list[Parsed], list[Outcome]]:
    """What could be read, and the file at which a unit's files are held up."""
    parsed: list[Parsed] = []
    failed: dict[str, Outcome] = {}
    for receipt, plan, words in _with_plan(run, fresh):
        if receipt.unit_code in failed:
            continue
        try:
            parsed.append(parsed_as(receipt, _read(run, receipt, words, read_book), plan))
        except DamagedError as error:
            log.error("%s", error)
            failed[receipt.unit_code] = _failed(receipt, _OUR_DAMAGE)
        except OSError:
            raise
        except Exception:
            log.exception("cannot parse %s", _label(receipt))
            failed[receipt.unit_code] = _failed(receipt, _OUR_FAULT)
    return parsed, list(failed.values())


def _with_plan(run: Run, fresh: Sequence[Receipt]) -> Iterator[tuple[Receipt, Plan, Lexicon]]:
    """Each delivery with its plan as that was when it came, and its words; ``fresh`` is in the order of arrival."""
    waiting = deque(fresh)
    for span in spans(run, fresh[0].received_at) if fresh else ():
        words = {plan.plan_id: plan_lexicon(plan) for plan in span.county.plans}
        while waiting and (span.until is None or waiting[0].received_at < span.until):
            receipt = waiting.popleft()
            yield receipt, span.county.plan(receipt.plan_id), words[receipt.plan_id]


def _read(run: Run, receipt: Receipt, words: Lexicon, read_book: ReadBook) -> ReadForm:
    if receipt.withheld:
        return withheld_reading(receipt.withheld)
    book = landed_book(run.home, receipt.plan_id, receipt.sha256, read_book)
    return read_form(book, receipt.file_name, words)


def _failed(receipt: Receipt, words: str) -> Outcome:
    return Outcome(receipt.submission_id, "failed", f"{_label(receipt)}：{words}")


def _label(receipt: Receipt) -> str:
    return f"{receipt.unit_code}/{receipt.file_name}"


def _submission(one: Parsed) -> dict[str, object]:
    reading, receipt = one.reading, one.receipt
    received = asdict(receipt)
    del received["withheld"], received["sent_at"], received["answers"]
    return received | {
        "reading": reading.reading,
        "form_unit": reading.form_unit,
        "form_period": reading.form_period,
        "period": reading.period,
        "template_version": reading.template_version,
        "for_unit_code": one.for_unit_code,
        "delivery_order": delivery_order(reading, receipt.file_name, receipt.sha256, receipt.sent_at),
    }


def _cells(one: Parsed) -> Iterator[dict[str, object]]:
    for cell in one.reading.cells:
        yield {"submission_id": one.receipt.submission_id} | vars(cell)


def _outcome(one: Parsed) -> Outcome:
    result: Result = "parsed" if one.reading.reading == "ok" else "unreadable"
    detail = f"{_label(one.receipt)} {one.reading.reading}"
    return Outcome(one.receipt.submission_id, result, detail, len(one.reading.cells))
