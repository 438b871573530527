"""Great Expectations is there without what no rule uses, which comes when somebody asks for it."""

import subprocess
import sys

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


def test_what_no_rule_uses_is_imported_when_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
