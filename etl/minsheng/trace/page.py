"""The audit sheet as one page to print: self-contained, A4, nothing fetched from anywhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from minsheng.trace.model import Trace
from minsheng.trace.sheet import make_sheet


def trace_page(trace: Trace) -> bytes:
    """The whole way of one figure as an HTML document."""
    loader = PackageLoader("minsheng.trace", "pages")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["css_text"] = _css_text
    return environment.get_template("trace.html.j2").render(sheet=make_sheet(trace)).encode()


def _css_text(text: str) -> str:
    """A text as a CSS string, where HTML's own escapes would be printed as they stand."""
    plain = "".join(char if char.isalnum() or char in " ·" else f"\\{ord(char):x} " for char in text)
    return f'"{plain}"'
