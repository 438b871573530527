"""Every generated page of ``docs/generated/``, made anew: ``make docs``. A test holds them current."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from minsheng.drafting import key_page
from minsheng.publication import metric_page
from minsheng.validation import fact_page, rule_page
from minsheng.warehouse import table_page
from minsheng.words import error_page

# Each page's file, and what makes its text.
PAGES: Mapping[Path, Callable[[], str]] = {
    one.PAGE: one.page for one in (error_page, fact_page, key_page, metric_page, rule_page, table_page)
}


def main() -> None:
    """Write all pages."""
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
