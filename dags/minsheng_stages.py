"""A stage performed for the counties of a task: one that fails keeps no other waiting, and all is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import structlog
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from opentelemetry import trace
from structlog.contextvars import bound_contextvars

from minsheng_counties import HAS_SEVERAL_COUNTIES, name_task
from minsheng_faults import MayPass, NeedsPerson, plain_errors
from minsheng_wiring import current_run, receive_plans

if TYPE_CHECKING:
    from minsheng.core.outcome import StageResult
    from minsheng.plan.run import Run

log = structlog.get_logger("minsheng")
# Spans go where Airflow's own go; nowhere, and at no cost, where no collector is set.
_TRACER = trace.get_tracer("minsheng")
# The stages whose inputs are submissions; those of others are files, months, tables or mails.
_OF_SUBMISSIONS = ("parse", "validate")


def perform(
    counties: Sequence[str], stage: Callable[[Run], StageResult | None], *, receives_plan: bool = False
) -> dict[str, Any]:
    """Call a stage for each of these counties, and log what became of each input; null: nothing to do for a county.

    A county that fails keeps no other waiting: it is not among those ``done``, which later tasks go on with. If all
    fail, so does the task. Handed on as well: summary, periods touched by county, what failed by a fault of ours, and
    troubles that a person must see to. Skipped when there is nothing to do for any county. ``receives_plan``: for the
    first stage of a DAG run; a plan that is refused is told as a fault, and the stage goes by the one before.
    """
    _name_batch(counties)
    batch = _Batch()
    for county in counties:
        try:
            with plain_errors(), bound_contextvars(county=county, **_of_run()):
                batch.take(county, stage, receives_plan=receives_plan)
        except (Exception, NeedsPerson, MayPass) as error:
            if len(counties) == 1:
                raise
            log.error(f"{county}：{error}", county=county, exc_info=isinstance(error, Exception))
            batch.errors[county] = error
    return batch.told()


def _name_batch(counties: Sequence[str]) -> None:
    """Have the UI, and what is told of a red task, name these counties."""
    context: Any = get_current_context()
    context["counties"] = "、".join(counties)
    if "name" not in context:
        name_task(context["counties"])


@dataclass
class _Batch:
    """What has come of the counties of a task so far, by county; ``received``: of their plans."""

    results: dict[str, StageResult] = field(default_factory=dict)
    received: dict[str, StageResult] = field(default_factory=dict)
    errors: dict[str, BaseException] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, county: str, stage: Callable[[Run], StageResult | None], *, receives_plan: bool) -> None:
        """Call the stage for a county, which may have its plan received first."""
        if receives_plan:
            self.received[county] = _logged(county, receive_plans(county))
        run, began = current_run(county), perf_counter()
        with _TRACER.start_as_current_span("minsheng.stage", attributes={"minsheng.county": county}) as span:
            result = stage(run)
            span.set_attributes(_counted(result))
        if result is not None:
            names = {unit.code: unit.name for plan in run.county.plans for unit in plan.units}
            self.results[county] = _logged(county, result, began, names)
            self.notes += _notes(run, result, names)

    def told(self) -> dict[str, Any]:
        """What is handed on; raises the first error where every county failed, skips where there was nothing to do."""
        if self.errors and not self.results:
            raise next(iter(self.errors.values()))
        if not self.results:
            raise AirflowSkipException("没有要做的")
        return {"done": list(self.results), "note": self.notes} | _told(self.results, self.received, self.errors)


def perform_once(result: StageResult) -> None:
    """Log what became of each input of a stage that is for all counties; fails the task if one of them failed."""
    _logged("全部", result)
    if failed := [f"{outcome.input}：{outcome.detail}" for outcome in result.outcomes if outcome.result == "failed"]:
        raise NeedsPerson("；".join(failed))


def _logged(
    of: str, result: StageResult, began: float | None = None, names: Mapping[str, str] = MappingProxyType({})
) -> StageResult:
    """Log what became of each input, in words and as fields to search by.

    ``began``: when the stage did, to time it; ``names``: what units are called, by their codes.
    """
    from minsheng.words.chinese import chinese
    from minsheng.words.outcomes import line, masked, summary

    fields: dict[str, object] = {"county": of, "stage": result.stage}
    named = "submission_id" if result.stage in _OF_SUBMISSIONS else "input"
    if began is not None:
        fields["seconds"] = round(perf_counter() - began, 2)
    for outcome in result.outcomes:
        log.info(
            f"{of}：{line(outcome, names)}",
            **fields,
            **{named: masked(outcome.input)},
            result=outcome.result,
            items=outcome.item_count,
        )
    took = f"，用 {fields['seconds']} 秒" if "seconds" in fields else ""
    log.info(
        f"{of}：{chinese().stage[result.stage]} {summary(result)}{took}", **fields, periods="、".join(result.periods)
    )
    return result


def _told(
    results: Mapping[str, StageResult], received: Mapping[str, StageResult], errors: Mapping[str, BaseException]
) -> dict[str, Any]:
    """What is handed on; every line names its county where the installation has several."""
    from minsheng.words.outcomes import summary

    stages = [*received.items(), *results.items()]
    inputs = [(county, outcome) for county, result in stages for outcome in result.outcomes]
    troubles = [(county, outcome) for county, result in results.items() for outcome in result.troubles]
    return {
        "summary": "；".join(_line(county, summary(result)) for county, result in results.items()),
        "periods": {county: list(result.periods) for county, result in results.items() if result.periods},
        "failed": [
            *(_line(county, outcome.detail) for county, outcome in inputs if outcome.result == "failed"),
            *(_line(county, str(error)) for county, error in errors.items()),
        ],
        "troubles": [_line(county, f"{outcome.input}：{outcome.detail}") for county, outcome in troubles],
    }


def _line(county: str, text: str) -> str:
    from minsheng.words.outcomes import masked

    return masked(f"{county}：{text}" if HAS_SEVERAL_COUNTIES else text)


def _notes(run: Run, result: StageResult, names: Mapping[str, str]) -> list[str]:
    """What came of a stage for the note of the run, with its county where there are several."""
    from minsheng.words.outcomes import note

    told = note(result, names)
    return [_line(run.county.title, told)] if told else []


def _counted(result: StageResult | None) -> dict[str, str | int]:
    """What the span of a stage bears: which stage, and how many inputs ended with each result."""
    if result is None:
        return {}
    counts = {f"minsheng.{name}": count for name, count in result.counts.items()}
    return {"minsheng.stage": result.stage, **counts}


def _of_run() -> dict[str, str]:
    """What every line of a task's log bears beside its county, by which lines of several tasks are found together."""
    dag_run = get_current_context()["dag_run"]
    return {"run_id": dag_run.run_id} | ({"period": dag_run.partition_key} if dag_run.partition_key else {})
