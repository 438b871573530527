"""Where the declarations that ship with the code lie: forms, rules and SQL."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "expectations" / "form"
RULES = ROOT / "expectations" / "rules"
SQL = ROOT / "sql"
