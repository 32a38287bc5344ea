"""Values cross a process boundary unchanged."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from game.world import Phase
from server.config.settings import ListenSettings, MatchSettings, Settings
from server.match.counters import MatchCounters
from server.match.rounds import MatchSpec
from server.match.status import BotPolicy, MatchStatus
from server.process.messages import TO_CHILD, TO_GATEWAY, TO_WORKER
from server.process.serialization import (
    Report,
    add_counts,
    count_rows,
    result_of,
    result_row,
    settings_of,
    settings_rows,
    spec_fields,
    spec_of,
)
from server.store.base import MatchResult, PlayerResult

import pytest  # isort: skip

IDS = st.text("0123456789abcdef", min_size=1, max_size=24)
NAMES = st.text(max_size=16)
SMALL = st.integers(0, 200)
STATUSES = st.builds(
    MatchStatus,
    match_id=IDS,
    mode=st.just("duel"),
    map_name=NAMES,
    people=SMALL,
    bots=SMALL,
    reserved=SMALL,
    players_max=SMALL,
    watchers=SMALL,
    phase=st.sampled_from(Phase),
    seconds_left=SMALL,
    private=st.booleans(),
)
PLAYERS = st.builds(
    PlayerResult,
    slot=st.integers(-1, 127),
    player_id=IDS,
    name=NAMES,
    bot=st.booleans(),
    score=st.integers(-99, 99),
    kills=SMALL,
    deaths=SMALL,
    left=st.booleans(),
    team=st.integers(0, 2),
)
RESULTS = st.builds(
    MatchResult,
    match_id=IDS,
    round_number=SMALL,
    mode=st.just("duel"),
    map_name=NAMES,
    seed=st.integers(0, 2**62),
    digest=st.binary(min_size=16, max_size=16),
    started_s=st.floats(0, 1e10),
    ended_s=st.floats(0, 1e10),
    winner=st.integers(-1, 127),
    red=st.integers(-128, 128),
    blue=st.integers(-128, 128),
    players=st.lists(PLAYERS, max_size=5).map(tuple),
)


@given(STATUSES, st.frozensets(IDS, max_size=9), st.frozensets(IDS, max_size=9))
def test_reports(status: MatchStatus, seated: frozenset[str], promised: frozenset[str]):
    report = Report(status, seated, promised)
    packet = TO_GATEWAY.encode("report", ([report.row()], []))
    _, (rows, *_) = TO_GATEWAY.decode(packet, 0)
    assert [Report.of_row(row) for row in rows] == [report]


@given(RESULTS)
def test_results(result: MatchResult):
    _, (row,) = TO_GATEWAY.decode(TO_GATEWAY.encode("result", (result_row(result),)), 0)
    assert result_of(row) == result


@given(IDS, st.integers(0, 2**62), st.booleans(), st.binary(max_size=64))
def test_specs(match_id: str, seed: int, private: bool, secret: bytes):
    spec = MatchSpec(match_id, "duel", "hall", seed, BotPolicy(1, 2, 3), private, secret)
    _, (_, *fields) = TO_WORKER.decode(TO_WORKER.encode("open", (1, *spec_fields(spec))), 0)
    assert spec_of(fields) == spec


def test_settings():
    settings = Settings(
        secret="s" * 40,
        grace_s=1.5,
        net=ListenSettings(port=81, allowed_origins=("https://a", "https://b")),
        match=MatchSettings(bot_level=1),
    )
    _, (rows,) = TO_CHILD.decode(TO_CHILD.encode("settings", (settings_rows(settings),)), 0)
    assert settings_of(rows) == settings


@pytest.mark.parametrize("row", [["net.colour", 1], ["net.port", "many"], ["net.port", -1]])
def test_settings_of_another_version_are_refused(row: list[object]):
    with pytest.raises(ValueError, match=str(row[0])):
        settings_of([row])


def test_counts_of_two_workers_add_up():
    ours, theirs = MatchCounters(), MatchCounters()
    for counters, number in ((ours, 1), (theirs, 10)):
        counters.ticks = number
        counters.refused["flood"] = number
        counters.lateness_s.observe(0.001 * number)
    total = MatchCounters()
    for counters in (ours, theirs):
        _, (rows, *_) = TO_GATEWAY.decode(
            TO_GATEWAY.encode("counts", (count_rows(counters), 0.0, 0.5)), 0
        )
        add_counts(total, rows)
    assert (total.ticks, total.refused["flood"]) == (11, 11)
    assert sum(total.lateness_s.counts) == 2
    assert abs(total.lateness_s.total - 0.011) < 1e-6


def test_every_count_crosses_the_border():
    names = {row[0].partition(".")[0] for row in count_rows(_counted())}
    assert names == {field.name for field in attrs.fields(MatchCounters)} - {"last_tick_s"}


def test_counts_that_are_not_known_here_are_left_out():
    total = MatchCounters()
    add_counts(total, [["colours", 3], ["lateness_s.99", 3], ["ticks.x", 3], ["ticks", 2]])
    assert total == attrs.evolve(MatchCounters(), ticks=2)


def _counted() -> MatchCounters:
    counters = MatchCounters()
    counters.refused["flood"] = counters.ended["over"] = counters.over_budget["frame"] = 1
    return counters
