"""Where the declarations that ship with the code lie: forms, rules and SQL."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]  # from here the package is imported
ROOT = SOURCE.parent
FORMS = ROOT / "expectations" / "form"
RULES = ROOT / "expectations" / "rules"
SQL = ROOT / "sql"
