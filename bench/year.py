"""``make bench SCALE=year``: a home that has lived through all deliveries of the example, half a year of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bench.delivery import FOLDER, ZONE, Homes
from bench.home import compare_disk, take_month
from bench.timing import Amounts, Comparison, milliseconds
from minsheng.plan.run import Run
from scripts.replay import Step, steps

_LATER = timedelta(minutes=10)


def compare_year(homes: Homes) -> Iterator[Comparison]:
    """What the last deliveries cost beside the first, what a run costs that finds nothing, and the disk."""
    run = homes.empty()
    all_steps = steps(FOLDER.parent, ZONE)
    deliveries = [step for step in all_steps if step.inbox]
    times = [_time(run, all_steps, step) for step in deliveries]
    last = Amounts(tuple(times[-2:]))
    yield Comparison("the deliveries of the sixth month", last, "of the first", Amounts(tuple(times[:2])), 1)
    # The first run after a delivery notes that all stands; from the second on there is nothing to do.
    later = [replace(deliveries[-1], as_of=deliveries[-1].as_of + _LATER * number) for number in range(1, 4)]
    nothing = Amounts(tuple([_time(run, all_steps, step) for step in later][1:]))
    yield Comparison("nothing new, after half a year", nothing, "its last deliveries", last)
    yield compare_disk("the publications of half a year", run.home)


def _time(run: Run, all_steps: Sequence[Step], step: Step) -> float:
    """The milliseconds of a run that takes in a delivery, in the month opened last by then."""
    period = [each.period for each in all_steps if each.period and each.as_of <= step.as_of][-1]
    now = replace(run, as_of=step.as_of, run_id=f"bench {step.as_of}")
    assert step.inbox
    return milliseconds(partial(take_month, now, step.inbox, period))
