"""Every number to its cell: the way from a published figure back to what a unit wrote, recomputed on the way."""

from minsheng.trace.page import trace_page
from minsheng.trace.reading import read_trace
from minsheng.trace.text import print_trace

__all__ = ["print_trace", "read_trace", "trace_page"]
