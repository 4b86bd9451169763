"""Errors say which thing, which field, what was found, what was wanted, and what to do: all of them at once."""

import pytest

from gm_map.errors import DataError, Fault, GmMapError, InputError, UnknownNameError

FIRST = Fault("a.csv row 2", "name", "nothing", "a value", "fill it in")
SECOND = Fault("b.csv row 3", "level", "zones", "one of zone, unit", "write “zone”")


def test_a_fault_is_one_sentence():
    assert str(SECOND) == "b.csv row 3 · level: found “zones”, wanted one of zone, unit; write “zone”"


def test_a_data_error_holds_all_faults_in_order():
    error = DataError([SECOND, FIRST])
    assert error.faults == (FIRST, SECOND)
    assert str(error).splitlines() == ["2 faults in the data:", str(FIRST), str(SECOND)]


def test_one_fault_is_not_called_faults():
    assert str(DataError([FIRST])).startswith("1 fault in the data:")


def test_an_unknown_name_comes_with_those_near_to_it():
    error = UnknownNameError("显视", ("显示", "新型显示"))
    assert error.near == ("显示", "新型显示")
    assert str(error) == "“显视” is no name in the plan; near to it: 显示, 新型显示"


def test_an_unknown_name_with_none_near_says_so():
    assert "no name of the plan is near" in str(UnknownNameError("xyz"))


@pytest.mark.parametrize("kind", [DataError, InputError, UnknownNameError])
def test_every_refusal_can_be_caught_as_one(kind):
    assert issubclass(kind, GmMapError)
