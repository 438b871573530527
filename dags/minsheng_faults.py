"""What ends a task red, and whether it is tried again: what a person must mend, what may pass, what is our own fault.

Of the first two Airflow's log shows a line that says what to do, and no frames: they leave the task as ``SystemExit``
does, of which Airflow writes none (docs/adr/0046). A fault of our own keeps its frames.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from airflow.sdk import Context, ExceptionRetryPolicy, RetryAction, RetryRule

from minsheng.core.errors import BusyError, UserError

log = logging.getLogger("minsheng")

# Under which name a task that failed leaves its last words to the task that tells of them.
FAULT = "fault"
_LONGEST_LINE = 1000
# A warehouse has been waited for already when it is told that it is in use.
_LATER = timedelta(minutes=2)
# Of a program that is wrong in itself a second try finds the same, only later.
_OWN_FAULTS = [AttributeError, NameError, NotImplementedError, TypeError]


class _PlainEnd(SystemExit):
    """Ends a task in red; its text is one line for a person."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.code = 1


class NeedsPerson(_PlainEnd):
    """Trying again is of no use before somebody has done what the line says."""


class MayPass(_PlainEnd):
    """Something else is busy or down: the task is tried again after a while."""


RETRY_POLICY = ExceptionRetryPolicy(
    [
        RetryRule(NeedsPerson, RetryAction.FAIL, reason="要由人处理，不再重试"),
        RetryRule(MayPass, RetryAction.RETRY, _LATER, reason="可能自行恢复，稍后重试"),
        RetryRule(list(_OWN_FAULTS), RetryAction.FAIL, reason="程序本身有误，重试也一样"),
    ]
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a person must put right, and what may pass, end the task in one line each."""
    try:
        yield
    except BusyError as error:
        raise MayPass(str(error)) from None
    except UserError as error:
        raise NeedsPerson(str(error)) from None


def leave_fault(context: Context) -> None:
    """Called when a task has failed for good: its last words end its log, and reach the run's last task."""
    counties = str(context.get("counties") or "").split("、")
    county = counties[0] if len(counties) == 1 else None
    line = _line(context)
    context["ti"].xcom_push(FAULT, {"task_id": context["ti"].task_id, "line": line, "county": county or None})
    log.error("变红的原因：%s → 处理后清除本任务（含下游）；docs/runbook.md#%s", line, context["ti"].dag_id)


def tell_retry(context: Context) -> None:
    """Called when a task has failed and is to be tried again: why, as the last line of this try."""
    log.warning("这一次没有成功：%s → 稍后自动重试，不必处理", _line(context))


def _line(context: Context) -> str:
    return str(context.get("exception") or "").strip()[:_LONGEST_LINE]
