"""Great Expectations is there without what no rule uses, which comes when somebody asks for it."""

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest

from minsheng.validation.lean import leanly

_ASKED = """
import sys
from minsheng.validation.expectations import prepare
prepare()
assert "great_expectations" in sys.modules
assert not {"scipy.stats._stats_py", "altair.vegalite"} & sys.modules.keys()
import altair
import scipy.stats.distributions
from scipy.stats import norm
assert norm.cdf(0) == 0.5
assert altair.Chart.__name__ == "Chart"
"""


_EXTRAS = """
import sys
from minsheng.validation.expectations import prepare
prepare()
assert "great_expectations.datasource.fluent" in sys.modules
assert not {"sqlalchemy", "boto3", "botocore", "psycopg2"} & sys.modules.keys()
import sqlalchemy
import boto3
assert sqlalchemy.create_engine("sqlite://").connect().scalar(sqlalchemy.text("select 1")) == 1
assert boto3.session.Session
"""
_HAD_BEFORE = """
import sys
import sqlalchemy
from minsheng.validation.expectations import prepare
prepare()
assert sys.modules["sqlalchemy"] is sqlalchemy
"""


def test_what_no_rule_uses_is_imported_when_it_is_asked_for() -> None:
    run(_ASKED)


def test_what_it_can_do_without_is_left_to_others() -> None:
    run(_EXTRAS)


def test_who_has_an_extra_already_keeps_it() -> None:
    run(_HAD_BEFORE)


def test_meanwhile_another_thread_imports_what_it_likes() -> None:
    sys.modules.pop("colorsys", None)
    with ThreadPoolExecutor(1) as other, leanly(frozenset({"colorsys"})):
        with pytest.raises(ModuleNotFoundError):
            import_module("colorsys")
        assert other.submit(import_module, "colorsys").result().rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)


def test_afterwards_garbage_is_looked_for_as_before() -> None:
    assert gc.isenabled()
    with leanly():
        assert not gc.isenabled()
    assert gc.isenabled()


def run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
