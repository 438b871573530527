"""What a person can put right says where, what and how."""

import pickle

import pytest

from minsheng.core.errors import BusyError, DamagedError, UserError


@pytest.mark.parametrize("kind", [UserError, BusyError, DamagedError])
def test_an_error_is_the_same_in_another_process(kind: type[UserError]) -> None:
    error = pickle.loads(pickle.dumps(kind("here", "is lost", "find it")))
    assert (type(error), str(error), error.remedy) == (kind, "here: is lost → find it", "find it")
