"""A missed target marks its row as short; a target that is just met does not."""

import pytest

from bench.report import table
from bench.targets import COST, judge

MACHINE = {"name": "here", "cores": 2, "processor": "any", "python": "CPython", "kernel": "6"}
LOAD = {"clients": 320, "players_per_match": 16, "rounds": 3, "seconds": 6.0}


def server(name, cost_us, size=100.0):
    return {"name": name, "void": [], "rounds": 3, COST: cost_us, "bytes_per_snapshot": size}


def rule(load, players, us_per_player):
    us = us_per_player * players
    name = f"{load}, {players} players"
    return {
        "name": name,
        "load": load,
        "players": players,
        "us": us,
        "us_per_player": us_per_player,
    }


def report_of(**parts):
    return {"machine": MACHINE, "load": LOAD, "servers": [], **parts}


def short(report):
    """The rows that are short; the table says so for each."""
    targets = judge(report)
    rows = [row for part in report.values() if isinstance(part, list) for row in part]
    names = {row["name"] for row in rows if row["verdict"] == "short"}
    report["targets"] = [target.row() for target in targets]
    text = table(report)
    assert all(f"{name}: " in text for name in names)
    assert text.count("short") == len(names) + sum(not target.is_held for target in targets)
    return names


NODE, BUN = server("Colyseus 0.18", 20.0, 400.0), server("Colyseus 0.18 on Bun", 16.0, 400.0)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (server("Skirmish", 12.0), set()),
        (server("Skirmish", 12.1), {"Skirmish"}),
        (server("Skirmish, fighting", 16.0), set()),
        (server("Skirmish, fighting", 16.1), {"Skirmish, fighting"}),
    ],
)
def test_cpu_beside_node(row, names):
    assert short(report_of(servers=[row, dict(NODE)])) == names


@pytest.mark.parametrize(("cost_us", "names"), [(13.6, set()), (13.7, {"Skirmish"})])
def test_cpu_beside_bun_and_the_ratio_is_in_the_row(cost_us, names):
    row = server("Skirmish", cost_us)
    assert short(report_of(servers=[row, dict(BUN)])) == names
    assert row["times_bun"] == round(cost_us / 16.0, 3)


def test_a_server_without_a_round_that_counts_is_void_and_nothing_is_compared_with_it():
    void = {"name": "Colyseus 0.18", "void": ["one lost"], "rounds": 0}
    report = report_of(servers=[server("Skirmish", 1_000.0), void])
    assert short(report) == set()
    assert void["verdict"] == "void"
    assert "void: Colyseus 0.18: one lost" in table(report)


def test_capacity_beside_the_peers():
    def row(name, clients):
        return {"name": name, "clients": clients, "joining_ms": 1.0, "ended_by": "a gap"}

    rows = [
        row("Skirmish", 2_000),
        row("Skirmish, fighting", 999),
        row("Colyseus 0.18", 1_000),
        row("Colyseus 0.18 on Bun", 1_177),
    ]
    assert short(report_of(capacity=rows)) == {"Skirmish", "Skirmish, fighting"}  # 1.699 × Bun
    rows[0]["clients"], rows[1]["clients"] = 2_001, 1_000
    assert short(report_of(capacity=rows)) == set()


@pytest.mark.parametrize(("us", "is_short"), [(1.2, False), (1.21, True)])
def test_rules_per_player_from_16_on(us, is_short):
    rules = [rule("walking", 8, 5.0), rule("walking", 16, 1.0), rule("walking", 64, us)]
    assert short(report_of(rules=rules)) == ({"walking, 64 players"} if is_short else set())


def test_one_match_of_128_is_judged_as_it_comes_out_of_the_box():
    def match(cores, late_ms, lost, **change):
        return {
            "name": "128",
            "players": 128,
            "is_compiled": True,
            "cores": cores,
            "late_p99_ms": late_ms,
            "kbit_per_s": 100.0,
            "lost": lost,
            **change,
        }

    assert short(report_of(match=[match(0.10, 4.0, 0)])) == set()
    for missed in (match(0.11, 4.0, 0), match(0.10, 8.0, 0), match(0.10, 4.0, 1)):
        assert short(report_of(match=[missed])) == {"128"}
    assert short(report_of(match=[match(0.9, 9.0, 0, is_compiled=False)])) == set()


@pytest.mark.parametrize(("share", "names"), [(0.05, set()), (0.051, {"compiled"})])
def test_the_journal_takes_a_twentieth_of_a_beat_at_most(share, names):
    def row(way):
        return {"name": way, "way": way, "share": share, "tick_us": 50.0, "journal_us": 2.0}

    assert short(report_of(journal=[row("compiled"), row("interpreted")])) == names
