"""One match over fake sockets, most of it with the toy game: the server knows no rules."""

import pytest
from attrs import evolve

import game
from game.wire.match_messages import (
    DeltaSnapshot,
    Inputs,
    Leave,
    Notice,
    Ping,
    Pong,
    Step,
    Vote,
    Welcome,
)
from game.wire.messages import CloseCode
from game.world import Phase
from server.match.seating import AdmissionError
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from tests.server.match.fakes import (
    FakeHandle,
    enter,
    entrant,
    make_match,
    match_context,
    room,
    run,
)


def test_a_new_player_gets_a_welcome_a_roster_and_a_full_snapshot_then_deltas():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 6)
    assert handle.stream.names() == [
        "welcome",
        "roster",
        "full_snapshot",
        "delta_snapshot",
        "delta_snapshot",
    ]


def test_an_input_counts_at_its_tick():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 1)
    handle.says(Inputs(match.world.tick + 2, 0, (Step(5, 0), Step(7, 0))))
    run(match, 1)
    assert match.world.players[0].score == 0
    run(match, 1)
    assert match.world.players[0].score == 5
    run(match, 1)
    assert match.world.players[0].score == 12


def test_the_rules_of_skirmish_fit_behind_the_same_seam():
    match = make_match(context=match_context(rules=game))
    _, handle = enter(match, "ann")
    enter(match, "bob")
    run(match, 60)
    assert set(match.world.players) == {0, 1}
    assert handle.stream.names()[-1] == "delta_snapshot"


def test_a_person_takes_the_seat_of_the_weakest_bot():
    match = make_match(bots=BotPolicy(count=4), context=match_context())
    run(match, 1)
    for slot, score in enumerate((3, 1, 2, 4)):
        match.world.players[slot].score = score
    ann, _ = enter(match, "ann")
    run(match, 1)
    assert ann.slot == 1
    assert match.world.players[1].bot == 0
    assert [player.bot for player in match.world.players.values()] == [1, 0, 1, 1]


def test_a_full_match_refuses_and_a_promised_seat_is_kept():
    match = make_match()
    for name in ("ann", "bob", "cid"):
        enter(match, name)
    assert match.reserve("dot", 10)
    assert not match.reserve("eve", 10)
    with pytest.raises(AdmissionError, match="no seat is free"):
        enter(match, "eve")
    enter(match, "dot")


def test_a_promise_ends():
    match = make_match()
    for name in ("ann", "bob", "cid"):
        enter(match, name)
    assert match.reserve("dot", 1)
    run(match, 90)
    enter(match, "eve")


def test_invalid_messages_close_the_connection_after_a_small_budget():
    match = make_match()
    _, handle = enter(match, "ann")
    for _ in range(match.context.settings.errors_max):
        handle.stream.inbound.append(b"nonsense")
    run(match, 1)
    assert handle.code is None
    handle.stream.inbound.append(b"\x83\x02\x00")
    run(match, 1)
    assert handle.code == CloseCode.MALFORMED
    assert match.context.counters.refused["malformed"] == 6
    assert match.world.players[0].score == 0


def test_a_flood_is_closed_and_nobody_else_notices():
    match = make_match()
    _, flooder = enter(match, "ann")
    _, other = enter(match, "bob")
    run(match, 2)
    for _ in range(5_000):
        flooder.says(Ping(1, 1))
    run(match, 2)
    assert flooder.code in (CloseCode.FLOOD, CloseCode.SLOW)
    assert other.code is None
    assert other.stream.names()[-1] == "delta_snapshot"


def test_a_steady_client_is_never_taken_for_a_flood():
    match = make_match()
    _, handle = enter(match, "ann")
    for tick in range(60 * 30):
        if tick % 2:
            handle.says(Inputs(match.world.tick + 1, 0, (Step(0, 0), Step(0, 0))))
        run(match, 1)
    assert handle.code is None


def test_a_silent_client_is_closed():
    match = make_match(
        context=match_context(settings=MatchSettings(silent_s=3, wait_for_people=False))
    )
    _, handle = enter(match, "ann")
    run(match, 60 * 4)
    assert handle.code == CloseCode.IDLE


def test_a_client_that_does_not_read_misses_snapshots_then_catches_up_from_its_own_base():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 4)
    handle.stream.is_busy = True
    run(match, 10)
    handle.stream.is_busy = False
    handle.stream.outbound.clear()
    run(match, 2)
    snapshot, *_ = handle.stream.said()
    assert isinstance(snapshot, DeltaSnapshot)
    assert snapshot.ticks == 12, "since the last snapshot it got"


def test_a_client_that_was_busy_for_too_long_starts_again_from_a_full_snapshot():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 4)
    handle.stream.is_busy = True
    run(match, 120)
    handle.stream.is_busy = False
    handle.stream.outbound.clear()
    run(match, 2)
    assert "full_snapshot" in handle.stream.names()


def test_a_client_that_never_reads_is_closed():
    match = make_match(
        context=match_context(settings=MatchSettings(slow_s=1, silent_s=300, wait_for_people=False))
    )
    _, handle = enter(match, "ann")
    handle.stream.is_busy = True
    run(match, 120)
    assert handle.code == CloseCode.SLOW


def test_watchers_see_and_do_not_play():
    match = make_match()
    watcher, handle = enter(match, "eve", "watch")
    handle.says(Inputs(3, 0, (Step(9, 0),)))
    run(match, 4)
    assert match.world.players == {}
    assert handle.stream.names()[:3] == ["welcome", "roster", "full_snapshot"]
    match.drop(watcher, handle)
    assert match.seating.watchers == []


def test_there_is_a_bound_on_watchers():
    match = make_match(
        context=match_context(settings=MatchSettings(watchers_max=1, wait_for_people=False))
    )
    enter(match, "eve", "watch")
    with pytest.raises(AdmissionError, match="watching"):
        enter(match, "fay", "watch")


def test_leaving_frees_the_seat_at_once():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 2)
    handle.says(Leave())
    run(match, 1)
    assert handle.code == CloseCode.LEFT
    assert match.world.players == {}


def test_an_empty_match_ends_and_says_so():
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=1, wait_for_people=False))
    )
    run(match, 120)
    assert match.ended_reason == "everybody left"
    with pytest.raises(AdmissionError, match="over"):
        enter(match, "ann")


def win(match, handle):
    handle.says(Inputs(match.world.tick + 1, 0, (Step(match.plan.config.score_limit, 0),)))


def test_after_a_round_the_voted_map_follows_with_everybody_in_it():
    match = make_match()
    _, handle = enter(match, "ann")
    enter(match, "bob")
    run(match, 2)
    win(match, handle)
    run(match, 1)
    handle.says(Vote(match.plan.config.vote_maps.index("annex")))
    run(match, 1)
    assert match.plan.config.map_name == "annex"
    assert match.plan.number == 1
    handle.stream.outbound.clear()
    run(match, 2)
    assert set(match.world.players) == {0, 1}
    welcome = handle.stream.said()[0]
    assert isinstance(welcome, Welcome)
    assert (welcome.map, welcome.round) == ("annex", 1)


def test_a_vote_for_a_map_without_seats_for_the_promised_counts_for_nothing():
    maps = {"hall": room("hall", 4), "nook": room("nook", 2)}
    match = make_match(context=evolve(match_context(), maps=maps))
    _, handle = enter(match, "ann")
    run(match, 2)
    assert match.reserve("bob", 10)
    assert match.reserve("cid", 10)
    win(match, handle)
    run(match, 1)
    handle.says(Vote(match.plan.config.vote_maps.index("nook")))
    run(match, 1)
    assert (match.plan.number, match.plan.config.map_name) == (1, "hall")


def test_a_finished_round_leaves_one_result_with_the_people_in_it():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 2)
    win(match, handle)
    run(match, 1)
    (result,) = match.results
    assert (result.match_id, result.round_number, result.map_name) == ("m1", 0, "hall")
    assert [(row.player_id, row.score) for row in result.players] == [("ann", 25)]


def test_the_result_also_names_who_left_while_points_counted():
    match = make_match()
    _, handle = enter(match, "ann")
    _, leaver = enter(match, "bob")
    run(match, 2)
    leaver.says(Leave())
    win(match, handle)
    run(match, 1)
    (result,) = match.results
    assert [(row.player_id, row.left) for row in result.players] == [("ann", False), ("bob", True)]


def test_players_who_left_before_a_restarted_round_are_in_no_result():
    match = make_match()
    _, handle = enter(match, "ann")
    _, leaver = enter(match, "bob")
    run(match, 2)
    leaver.says(Leave())
    run(match, 1)
    match.world.phase = Phase.WARMUP  # as the rules do once nobody is left
    run(match, 15)
    match.world.phase = Phase.PLAY
    win(match, handle)
    run(match, 1)
    (result,) = match.results
    assert [row.player_id for row in result.players] == ["ann"]


def test_a_last_round_ends_the_match():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 2)
    match.is_last_round = True
    assert not match.reserve("bob", 5)
    win(match, handle)
    run(match, 2)
    assert match.ended_reason == "the match is over"
    assert handle.code == CloseCode.MATCH_OVER


def test_a_notice_reaches_everybody():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 2)
    match.notify("The server is about to restart", 30)
    run(match, 2)
    assert Notice("The server is about to restart", 30) in handle.stream.said()


def test_somebody_without_a_seat_cannot_resume():
    match = make_match()
    with pytest.raises(AdmissionError):
        match.admit(entrant("ghost", "resume"), FakeHandle())


def test_a_pong_says_how_long_its_ping_lay_in_the_kernel():
    match = make_match()
    _, handle = enter(match, "ann")
    run(match, 2)
    for idle_ms, held_ms in ((12, 12), (10**6, 1_000)):
        handle.stream.idle = idle_ms
        handle.says(Ping(7, 20))
        run(match, 2)
        assert handle.stream.said()[-2] == Pong(7, match.world.tick - 2, held_ms)


def test_the_margin_has_the_resolution_of_a_tick_though_sockets_are_read_every_other():
    match = make_match()
    member, handle = enter(match, "ann")
    handle.stream.idle = 20
    for _ in range(20):
        handle.says(Inputs(match.world.tick + 1, 0, (Step(1, 0), Step(1, 0))))
        run(match, 2)
    assert member.inbox.margin == 1
    handle.stream.idle = 3
    for _ in range(20):
        handle.says(Inputs(match.world.tick + 1, 0, (Step(1, 0), Step(1, 0))))
        run(match, 2)
    assert member.inbox.margin == 0
