"""The real plan and the real form; nothing here is a stand-in."""

from __future__ import annotations

import pytest

from minsheng.core.declarations import FORMS, ROOT
from minsheng.plan.form import Form, form_for
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(ROOT / "plans" / "lushan-2022")


@pytest.fixture(scope="session")
def form() -> Form:
    return form_for(FORMS, "2022-05")
