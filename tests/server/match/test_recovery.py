"""Wherever a match is cut off, another process resumes it from the last tick that anybody saw."""

import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import structlog
from attrs import astuple, define, evolve
from hypothesis import given
from hypothesis import strategies as st

import game
import game.brain
from game.journal import Replay, read_journal
from game.modes import MODES
from game.wire.match_messages import Inputs, Leave, Ping, Step
from game.world import World
from server.match import recorder, recovery
from server.match.journal_files import SegmentName
from server.match.match import Match, MatchContext
from server.match.recovery import Recovered, RecoveryError, _spec, needed, recover
from server.match.rounds import SECRET_BYTES, MatchSpec, round_seed
from server.match.seating import AdmissionError
from server.match.status import BotPolicy
from tests.examples import examples
from tests.server.match.fakes import (
    HALLS,
    FakeHandle,
    FakeJournalFolder,
    FakeReadiness,
    FakeStream,
    come_back,
    enter,
    entrant,
    match_context,
    run,
)

SPEC = MatchSpec("m1", "deathmatch", "hall", seed=5, bots=BotPolicy(population=4, level=2))


def place() -> MatchContext:
    return evolve(match_context(rules=game), bot_factory=game.brain)


def begin(folder: FakeJournalFolder, segment_bytes_max: int = 1 << 20) -> Match:
    return Match(SPEC, place(), FakeReadiness(), folder.recorder(SPEC, segment_bytes_max))


def resume(recovered: Recovered, folder: FakeJournalFolder) -> Match:
    own = folder.recorder(recovered.spec, chain=recovered.chain, segment=recovered.next_segment)
    return Match(recovered.spec, place(), FakeReadiness(), own, recovered)


def play(match: Match, handles: list, ticks: int, seed: int = 1) -> None:
    """Press keys at random for `ticks`, and on until the match commits a tick."""
    chance = random.Random(seed)
    for _ in range(ticks):
        for handle in handles:
            if chance.random() < 0.5:
                steps = (Step(chance.randrange(64), chance.randrange(65_536)),)
                handle.says(Inputs(match.world.tick + 1, chance.randrange(16), steps))
        run(match, 1)
    while match.world.tick % 2:
        run(match, 1)


@examples(25)
@given(st.integers(1, 260), st.integers(0, 99))
def test_recovery_yields_the_last_shown_world(ticks: int, seed: int) -> None:
    folder = FakeJournalFolder()
    match = begin(folder, 20_000)
    handles = [enter(match, name)[1] for name in ("ann", "bob")]
    play(match, handles, ticks, seed)
    recovered = recover(folder.contents(), HALLS)
    assert recovered.world.tick == match.world.tick
    assert game.digest(recovered.world) == game.digest(match.world)
    assert {one.name for one in recovered.people if one.player_id} == {"Ann", "Bob"}
    assert recovered.torn_bytes == 0


@examples(40)
@given(st.data())
def test_a_journal_that_is_cut_anywhere_gives_a_tick_of_before(data: st.DataObject) -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    handles = [enter(match, name)[1] for name in ("ann", "bob")]
    play(match, handles, 70)
    (whole,) = folder.contents()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    try:
        recovered = recover([cut], HALLS)
    except RecoveryError:
        assert len(cut) < 4_000, "only a file without its start is no match"
    else:
        assert recovered.world.tick <= match.world.tick


def test_a_build_that_plays_otherwise_goes_on_says_so_and_begins_a_file_that_it_verifies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    play(match, [enter(match, "ann")[1]], 150)

    def otherwise(world: World, *entered: Any) -> list[Any]:
        events = game.step(world, *entered)
        world.harm += world.tick == 100
        return events

    monkeypatch.setattr(recovery, "Replay", partial(Replay, step=otherwise))
    recovered = recover(folder.contents(), HALLS)
    assert recovered.divergence is not None
    assert (recovered.divergence.tick, recovered.written_by) == (100, "test")
    assert recovered.world.tick == match.world.tick
    heir = resume(recovered, folder)
    play(heir, [], 60)
    monkeypatch.undo()
    newest = read_journal(folder.contents()[-1])
    assert newest.first_tick == match.world.tick
    assert Replay(newest, HALLS["hall"]).verify() is None


def test_everything_sent_is_already_in_the_journal() -> None:
    folder = FakeJournalFolder()
    match = begin(folder, 5_000)

    @define(eq=False)
    class Witness(FakeStream):
        """Checks, as a frame is sent, that the journal already has what it shows."""

        count: int = 0

        def send_nowait(self, payload: bytes) -> bool:
            recovered = recover(folder.contents(), HALLS)
            assert game.digest(recovered.world) == game.digest(match.world)
            nonces = {one.name: one.resume_nonce for one in recovered.people if one.player_id}
            members = match.seating.players.values()
            assert nonces == {member.name: member.resume_nonce for member in members}
            self.count += 1
            return super().send_nowait(payload)

    witness = Witness()
    ann = FakeHandle(witness)
    match.admit(entrant("ann"), ann)
    for nonce in range(8):  # answered at once, even between two snapshots
        ann.says(Ping(nonce, 20))
        run(match, 1)
    _, handle = enter(match, "bob")
    play(match, [handle], 60)
    handle.says(Leave())
    play(match, [], 8)
    assert witness.count > 30


def test_people_come_back_into_their_seats_with_the_tokens_they_have() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    ann, handle = enter(match, "ann")
    play(match, [handle], 100)
    match = resume(recover(folder.contents(), HALLS), folder)
    seated = match.seating.players[ann.slot]
    assert not seated.is_connected
    with pytest.raises(AdmissionError):
        come_back(match, seated, b"a guess.")
    again = come_back(match, seated, ann.resume_nonce)
    run(match, 2)
    assert again.stream.names()[0] == "welcome"
    assert match.world.players[ann.slot].connected == 1
    run(match, 120)
    once_more = recover(folder.contents(), HALLS)
    assert game.digest(once_more.world) == game.digest(match.world)


@pytest.mark.slow
@pytest.mark.everywhere
def test_a_process_that_dies_while_beginning_a_file_forgets_nobody() -> None:
    """The new file is cut at every byte of its start."""
    folder = FakeJournalFolder()
    match = begin(folder)
    ann, handle = enter(match, "ann")
    play(match, [handle], 40)
    before = folder.contents()
    resume(recover(before, HALLS), folder)
    *_, begun = folder.contents()
    assert recover([*before, begun], HALLS).next_segment == 2, "it is whole"
    for length in range(len(begun)):
        recovered = recover([*before, begun[:length]], HALLS)
        assert recovered.is_last_file_void, length
        nonces = {person.player_id: person.resume_nonce for person in recovered.people}
        assert nonces["ann"] == ann.resume_nonce
        assert recovered.world.tick == match.world.tick


def test_nobody_who_left_is_there_again_and_bots_have_their_names() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    _, handle = enter(match, "ann")
    enter(match, "bob")
    play(match, [], 40)
    handle.says(Leave())
    play(match, [], 6)
    recovered = recover(folder.contents(), HALLS)
    names = match.seating.bots.names
    again = resume(recovered, folder)
    assert {member.name for member in again.seating.players.values()} == {"Bob"}
    assert again.seating.bots.names == names
    run(again, 2)
    assert sorted(again.world.players) == sorted(match.world.players)


def test_an_absent_player_loses_the_seat_when_the_window_ends() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    enter(match, "ann")
    play(match, [], 20)
    again = resume(recover(folder.contents(), HALLS), folder)
    window_s = again.context.settings.resume_s
    run(again, window_s * 60 - 30)
    assert len(again.seating.players) == 1
    run(again, 60)
    assert not again.seating.players


def test_a_won_round_is_sent_again_and_scored_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hasty = evolve(MODES["deathmatch"], time_limit_ticks=200)
    monkeypatch.setitem(MODES, "deathmatch", hasty)
    folder = FakeJournalFolder()
    match = begin(folder)
    ann, handle = enter(match, "ann")
    while not match.results:
        play(match, [handle], 20)
    told = recover(folder.contents(), HALLS)
    assert told.results == match.results
    assert told.is_scored
    again = resume(told, folder)
    handle = come_back(again, again.seating.players[ann.slot], ann.resume_nonce)
    play(again, [handle], 20)
    assert not again.results, "scored before the crash, and not again"
    while again.plan.number == 0:
        play(again, [handle], 20)
    play(again, [handle], 20)
    next_round = recover(folder.contents(), HALLS)
    assert next_round.plan.number == 1
    assert next_round.results == match.results, "until its file is put away"
    assert not next_round.is_scored
    assert game.digest(next_round.world) == game.digest(again.world)


def test_a_disk_that_is_full_for_a_while_loses_nothing_and_says_when_it_is_over() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    handles = [enter(match, "ann")[1]]
    play(match, handles, 20)
    folder.free_bytes = 100
    with structlog.testing.capture_logs() as lines:
        play(match, handles, 60)
        assert recover(folder.contents(), HALLS).world.tick < match.world.tick
        assert [line["event"] for line in lines] == ["journal_not_written"]
        folder.free_bytes = 1 << 40
        play(match, handles, 2)
        assert [line["event"] for line in lines[1:]] == ["journal_writes_resumed"]
    assert game.digest(recover(folder.contents(), HALLS).world) == game.digest(match.world)


def test_a_disk_that_stays_full_ends_the_journal_and_not_the_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder, "BEHIND_BYTES_MAX", 10_000)
    folder = FakeJournalFolder()
    match = begin(folder)
    handles = [enter(match, "ann")[1]]
    play(match, handles, 20)
    folder.free_bytes = 0
    play(match, handles, 240)
    assert folder.aside == [("m1", "the disk takes nothing")]
    folder.free_bytes = 1 << 40
    play(match, handles, 60)
    assert not match.ended_reason
    assert match.recorder is not None
    assert match.recorder.is_given_up


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_going_on_needs_two_files_and_all_of_the_rounds_before(lengths: list[int]) -> None:
    names = [
        SegmentName("m1", number, segment)
        for number, length in enumerate(lengths)
        for segment in range(length)
    ]
    kept = needed(names)
    assert kept[-2:] == names[-2:] or lengths[-1] == 1
    assert kept[-1] == names[-1]
    is_before = [name.round_number < len(lengths) - 1 for name in names]
    assert kept[: sum(is_before)] == names[: sum(is_before)]


def test_a_match_is_resumed_from_the_needed_files_alone() -> None:
    folder = FakeJournalFolder()
    match = begin(folder, 4_000)
    handles = [enter(match, "ann")[1]]
    play(match, handles, 400)
    files = folder.contents()
    assert len(files) > 3
    assert game.digest(recover(files[-2:], HALLS).world) == game.digest(match.world)


def test_segments_are_one_chain_and_a_missing_one_is_noticed() -> None:
    folder = FakeJournalFolder()
    match = begin(folder, 4_000)
    handles = [enter(match, "ann")[1]]
    play(match, handles, 400)
    files = folder.contents()
    assert len(files) > 2
    assert recover(files, HALLS).world.tick == match.world.tick
    assert recover(files[1:], HALLS).world.tick == match.world.tick, "archived files are not needed"
    with pytest.raises(RecoveryError):
        recover([files[0], *files[2:]], HALLS)


def test_a_flipped_bit_is_named_and_nobody_goes_on_from_it() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    play(match, [enter(match, "ann")[1]], 60)
    damaged = bytearray(folder.contents()[0])
    damaged[len(damaged) // 2] ^= 4
    with pytest.raises(RecoveryError, match="at byte"):
        recover([bytes(damaged)], HALLS)


def test_without_the_map_there_is_no_match() -> None:
    folder = FakeJournalFolder()
    match = begin(folder)
    play(match, [], 10)
    with pytest.raises(RecoveryError, match="no map 'hall'"):
        recover(folder.contents(), {})
    with pytest.raises(RecoveryError, match="another 'hall'"):
        recover(folder.contents(), {"hall": replace(HALLS["hall"], digest="1" * 16)})


def test_the_dice_of_rounds_to_come_are_those_they_would_have_been() -> None:
    folder, spec = FakeJournalFolder(), evolve(SPEC, secret=b"0123456789abcdef")
    match = Match(spec, place(), FakeReadiness(), folder.recorder(spec, 1 << 20))
    play(match, [enter(match, "ann")[1]], 60)
    recovered = recover(folder.contents(), HALLS)
    assert recovered.spec == spec
    assert round_seed(recovered.spec, 1) == round_seed(spec, 1)


def test_a_match_begun_before_rounds_had_a_secret_goes_on_with_one() -> None:
    before = astuple(SPEC)[:-1]
    one, other = _spec(before), _spec(before)
    assert evolve(one, secret=b"") == SPEC
    assert len(one.secret) == SECRET_BYTES
    assert one.secret != other.secret
