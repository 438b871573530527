"""Ten readers of four kinds, while thirty revisions are published and some are taken back."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from minsheng.publication.postgres import copy_current
from minsheng.publication.rollback import release, roll_back
from tests.bi.conftest import AT, Publisher, shrink
from tests.bi.readers import keep_reading

pytestmark = pytest.mark.slow

READERS = ["duckdb"] * 3 + ["sqlalchemy"] * 2 + ["files"] * 2 + ["postgres"] * 3
PUBLICATIONS = 30

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.bi.readers"])

Reading = tuple[str, int, set[int], list[str]]


@contextmanager
def reading(publisher: Publisher) -> Iterator[list[Reading]]:
    """Ten readers at work; what they have to say is in the list when they have stopped."""
    stop = processes.Event()
    results: list[Reading] = []
    pipes = [processes.Pipe(duplex=False) for _ in READERS]
    started = []
    for kind, (_, sender) in zip(READERS, pipes, strict=True):
        arguments = (kind, str(publisher.current), publisher.postgres_url, stop, sender)
        started.append(processes.Process(target=keep_reading, args=arguments, daemon=True))
        started[-1].start()
    try:
        yield results
    finally:
        stop.set()
    results.extend(receiver.recv() for receiver, _ in pipes)
    for process in started:
        process.join()


def test_no_reader_ever_meets_an_error_or_a_mixed_state(publisher: Publisher, bi_url: str) -> None:
    shrink(publisher.run.home)
    publisher = publisher.to(bi_url)
    publisher.publish(1)
    with reading(publisher) as results:
        for number in range(2, PUBLICATIONS + 1):
            publisher.publish(number)
            if number % 15 == 0:
                roll_back(publisher.run.home, None, AT, "test")
                copy_current(publisher.run.home, bi_url)
                if number < PUBLICATIONS:
                    release(publisher.run.home, AT)
    assert [fault for *_, faults in results for fault in faults] == []
    assert min(count for _, count, *_ in results) > 10
    for kind in set(READERS):
        seen = set().union(*(numbers for reader, _, numbers, _ in results if reader == kind))
        assert len(seen) > 10, f"{kind} saw only {sorted(seen)}"
    assert publisher.current.resolve().name.startswith("000029-")
