"""Which counties a task takes, and when it is red for one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context, task

from minsheng.core.counties import plan_folders
from minsheng.core.settings import read_settings
from minsheng_faults import MayPass, NeedsPerson, plain_errors
from minsheng_wiring import current_run, settings, triggering_events

# However many counties there are, a stage is so many tasks at most: each takes its counties one after the other.
_MOST_TASKS = 10


def _batches() -> list[list[str]]:
    """The counties of the folder of plans, dealt out to tasks; known when a DAG file is read, from names alone."""
    counties = list(plan_folders(read_settings().plans))
    size = -(-len(counties) // _MOST_TASKS)
    return [counties[start : start + size] for start in range(0, len(counties), size)]


BATCHES = _batches()
HAS_SEVERAL_COUNTIES = len([county for batch in BATCHES for county in batch]) > 1
# For what comes after tasks of which some may have failed or had nothing to do. Not ``all_done_min_one_success``, which
# leaves a task out as soon as one before it was skipped.
WHATEVER_HAPPENED = "all_done"
# What a mapped task is called in the UI: its counties, or what ``name_task`` was told.
BATCH_NAME = "{{ name | default('') }}"


def name_task(name: str) -> None:
    """Have the UI call a mapped task so. Airflow asks the template of a task that ends well, and not of a red one."""
    context: Any = get_current_context()
    context["name"] = context["ti"].rendered_map_index = name


def fail_for(lines: str, *told: Any) -> None:
    """Fail the task if any before it has told of ``failed`` or ``troubles``, with every line of them.

    Airflow gives of several mapped tasks a list of what they handed on, of a single one what it handed on, and null
    where nothing was.
    """
    if found := [line for result in _results(told) for line in result[lines]]:
        raise NeedsPerson("；".join(found))


def _results(told: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(told, Mapping):
        yield told
    else:
        for each in told or ():
            yield from _results(each)


@task(task_display_name="查各县出错", trigger_rule=WHATEVER_HAPPENED)
def county_faults(*told: Any) -> None:
    """Red when a county has failed in a task that went on with others."""
    fail_for("failed", *told)


def faults_of(*told: Any) -> list[Any]:
    """The task that asks whether a county has failed; none where a task has but one county, and is red with it."""
    return [county_faults(*told)] if HAS_SEVERAL_COUNTIES else []


def counties_to_do(counties: Sequence[str]) -> list[str]:
    """Those of these counties for which this run has anything to do after pull; all of them in a run by hand."""
    found = [county for county in counties if _has_to_pass(county)]
    return list(counties) if get_current_context()["dag_run"].run_type != "scheduled" else found


def _has_to_pass(county: str) -> bool:
    """Whether there is anything to do for a county; of one that cannot be asked the next stage tells why."""
    from minsheng.flows.passes import begin_pass

    try:
        with plain_errors():
            return begin_pass(current_run(county), _beside(county))
    except (Exception, NeedsPerson, MayPass):
        return True


def _beside(county: str) -> list[Path]:
    """What is not received, and decides what is made of what was: plans, contacts and letters as they lie."""
    told = settings()
    folders = (told.plans / name for name in plan_folders(told.plans)[county])
    return [*folders, *filter(None, (told.contacts, told.letters))]


def touched_counties(counties: Sequence[str]) -> list[str]:
    """Those of these counties that the events of this run speak of; all of them in a run that no event set off."""
    events = list(triggering_events(get_current_context()))
    named = {county for event in events for county in event.extra.get("counties", ())}
    return [county for county in counties if county in named] if events else list(counties)
