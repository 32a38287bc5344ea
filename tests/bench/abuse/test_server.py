"""Settings that an older server does not have are not passed to it."""

from bench.abuse.__main__ import SETTINGS
from bench.abuse.costs import WIDE
from bench.abuse.server import known


def test_unknown_settings_are_left_out():
    assert known({"SKIRMISH_NET__OF_TOMORROW": "1", "SKIRMISH_LOBBY__BOTS": "2"}) == {
        "SKIRMISH_LOBBY__BOTS": "2"
    }


def test_this_server_knows_all_that_the_bench_sets():
    assert known({**SETTINGS, **WIDE}) == {**SETTINGS, **WIDE}
