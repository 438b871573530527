"""Every number to its cell: the way back from what was published, by way of the judgement, to what a unit wrote."""

from minsheng.trace.asked import indicators_asked
from minsheng.trace.page import trace_page
from minsheng.trace.reading import read_trace
from minsheng.trace.text import print_trace

__all__ = ["indicators_asked", "print_trace", "read_trace", "trace_page"]
