"""The real plan and the real form; nothing here is a stand-in."""

from __future__ import annotations

import pytest

from etl.form import Form, form_for
from etl.plan.loader import load_plan
from etl.plan.models import Plan
from etl.repository import FORMS, ROOT


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(ROOT / "plans" / "lushan-2022")


@pytest.fixture(scope="session")
def form() -> Form:
    return form_for(FORMS, "2022-05")
