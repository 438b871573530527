"""A dossier as one page to print: self-contained, A4, nothing fetched from anywhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from minsheng.trace.layout import Dossier


def dossier_page(dossier: Dossier) -> bytes:
    """The whole dossier as an HTML document."""
    loader = PackageLoader("minsheng.trace", "pages")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["css_text"] = _css_text
    return environment.get_template("dossier.html.j2").render(dossier=dossier).encode()


def _css_text(text: str) -> str:
    """A text as a CSS string, where HTML's own escapes would be printed as they stand."""
    plain = "".join(char if char.isalnum() or char in " ·" else f"\\{ord(char):x} " for char in text)
    return f'"{plain}"'
