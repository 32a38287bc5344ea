"""Any match, damage or forgery: what a journal keeps, and what it reports when it cannot."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game
from game.events import Event, EventKind
from game.journal import Journal, JournalError, RecordKind, Replay, read_journal
from game.journal.records import BYTE_STRING, HEAD_BYTES
from game.journal.replay import Step
from game.step import step
from game.world import World
from tests.examples import examples
from tests.game.journal.forging import forged, pieces_of, values_of
from tests.game.journal.matches import CHECKPOINT_EVERY, SHORT, Written, matches, play
from tests.strategies import ARENA

SHORT_MATCH = play(seed=3, ticks=24)
WHOLE_AFTER = 2  # records: a readable journal has at least a header and a checkpoint


def read(journal: bytes) -> Journal | None:
    """Read a journal; None if it is refused with a reason."""
    try:
        return read_journal(journal)
    except JournalError as error:
        refusal = str(error)
    assert len(refusal) > 20
    return None


def records_before(written: Written, offset: int) -> int:
    """How many records end at or before a byte."""
    return sum(end <= offset for end in written.ends)


@examples(40)
@given(matches)
def test_written_bytes_are_read_unchanged(written: Written) -> None:
    journal = read_journal(bytes(written.journal))
    replay = Replay(journal, ARENA)
    assert [(record.kind, record.tick) for record in journal.records] == written.told
    assert [0, *written.ends[:-1]] == [0, *[record.offset for record in journal.records]]
    assert {tick: replay.inputs_at(tick) for tick in written.entered} == written.entered
    assert (journal.damage, journal.torn_bytes) == ("", 0)
    assert journal.whole_bytes == len(written.journal)
    assert journal.chain == written.writer.chain
    assert journal.result is not None
    assert journal.people()[0][0].name == "Ada"
    assert journal.people()[1] == (1, "note")


def check_cut(written: Written, offset: int) -> None:
    whole = records_before(written, offset)
    journal = read(bytes(written.journal[:offset]))
    if journal is None:
        assert whole < WHOLE_AFTER
        return
    assert journal.records == read_journal(bytes(written.journal)).records[: whole - 1]
    assert journal.damage == ""
    assert journal.torn_bytes == offset - written.ends[whole - 1]
    assert journal.whole_bytes == written.ends[whole - 1]


@pytest.mark.slow
@pytest.mark.everywhere
def test_a_journal_may_be_cut_at_every_single_byte() -> None:
    for offset in range(len(SHORT_MATCH.journal) + 1):
        check_cut(SHORT_MATCH, offset)


@given(matches, st.data())
def test_any_journal_may_be_cut_anywhere(written: Written, data: st.DataObject) -> None:
    check_cut(written, data.draw(st.integers(0, len(written.journal))))


def check_flip(written: Written, offset: int, bit: int, length: int) -> None:
    """Flip a bit of the first `length` bytes."""
    flipped = bytearray(written.journal[:length])
    flipped[offset] ^= 1 << bit
    whole = records_before(written, offset)
    journal = read(bytes(flipped))
    if journal is None:
        assert whole < WHOLE_AFTER
        return
    assert whole >= WHOLE_AFTER
    assert len(journal.records) == whole - 1
    assert journal.whole_bytes == written.ends[whole - 1]
    if records_before(written, length) > whole:
        assert journal.damage.startswith(f"at byte {written.ends[whole - 1]}: ")
    else:
        assert journal.damage or journal.torn_bytes


@pytest.mark.parametrize("bits", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_every_bit_that_flips_is_noticed(bits: int) -> None:
    length = len(SHORT_MATCH.journal)
    for offset in range(length):
        for bit in range(bits):
            check_flip(SHORT_MATCH, offset, (offset + bit) % 8, length)


def test_every_bit_of_a_records_head_that_flips_is_noticed() -> None:
    for start in SHORT_MATCH.ends[:-1:5]:
        for offset in range(start, start + HEAD_BYTES):
            for bit in range(8):
                check_flip(SHORT_MATCH, offset, bit, len(SHORT_MATCH.journal))


@given(matches, st.data())
def test_a_flip_is_taken_for_a_torn_tail_only_in_one(written: Written, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, len(written.journal)))
    check_flip(written, data.draw(st.integers(0, length - 1)), data.draw(st.integers(0, 7)), length)


def same_at_the_start(ours: list[bytes], theirs: list[bytes]) -> int:
    """How many of the first records are the same in both."""
    pairs = zip(ours, theirs, strict=False)
    return next(
        (i for i, (one, other) in enumerate(pairs) if one != other), min(len(ours), len(theirs))
    )


@given(matches, st.sampled_from(["swap", "delete", "repeat", "borrow"]), st.data())
def test_records_that_changed_places_are_noticed(
    written: Written, deed: str, data: st.DataObject
) -> None:
    before = pieces_of(written.journal, written.ends)
    place = data.draw(st.integers(0, len(before) - 2))
    pieces = list(before)
    if deed == "swap":
        other = data.draw(st.integers(place + 1, len(before) - 1))
        pieces[place], pieces[other] = pieces[other], pieces[place]
    elif deed == "delete":  # without its last record the journal just ends earlier
        del pieces[place]
    elif deed == "repeat":
        pieces.insert(data.draw(st.integers(place, len(before) - 1)) + 1, pieces[place])
    else:
        foreign = play(seed=9, ticks=12, match_id="another")
        pieces.insert(
            place + 1, data.draw(st.sampled_from(pieces_of(foreign.journal, foreign.ends)))
        )
    kept = same_at_the_start(pieces, before)
    journal = read(b"".join(pieces))
    if journal is None:
        assert kept < WHOLE_AFTER
    else:
        assert journal.damage.startswith(f"at byte {written.ends[kept - 1]}: ")
        assert len(journal.records) == kept - 1


@given(matches, st.binary(min_size=1, max_size=40))
def test_rubbish_at_the_end_is_noticed(written: Written, rubbish: bytes) -> None:
    journal = read_journal(bytes(written.journal) + rubbish)
    assert len(journal.records) == len(written.told)
    assert journal.torn_bytes == len(rubbish)
    assert journal.damage or rubbish[0] == BYTE_STRING


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda rest: b"Z" + rest)))
def test_random_bytes_are_no_journal(rubbish: bytes) -> None:
    assert read(rubbish) is None


@examples(40)
@given(matches, st.data())
def test_a_replay_gives_every_tick_as_it_was(written: Written, data: st.DataObject) -> None:
    replay = Replay(read_journal(bytes(written.journal)), ARENA)
    assert replay.verify() is None
    tick = data.draw(st.sampled_from(sorted(written.digests)))
    assert game.digest(replay.world_at(tick)) == written.digests[tick]
    for checkpoint in written.checkpoints:
        for ticked in replay.run(checkpoint):
            assert game.digest(ticked.world) == written.digests[ticked.tick]
            assert (ticked.commands, ticked.inputs) == written.entered[ticked.tick]


CHECKPOINT = int(RecordKind.CHECKPOINT)
TRACED = ("x", "y")  # what `stand_of` covers of a player
PLAYED = play(seed=11, ticks=70)


def quiet_ticks() -> list[int]:
    """Ticks in which a player was alive and no rule set a place or a health to a fixed value."""
    loud = {EventKind.SPAWN, EventKind.PHASE, EventKind.KILL, EventKind.PICKUP}
    replay = Replay(read_journal(bytes(PLAYED.journal)), ARENA)
    return [
        ticked.tick
        for ticked in replay.run()
        if not {event[0] for event in ticked.events} & loud
        and ticked.tick % SHORT.health_decay_ticks
        and any(player.alive for player in ticked.world.players.values())
    ]


def changed_rules(tick: int, name: str) -> Step:
    """The rules, except that from one tick on they add to a field of every living player."""

    def step_otherwise(world: World, *entered: Any) -> list[Event]:
        for player in world.players.values():
            if world.tick + 1 >= tick and player.alive:
                setattr(player, name, getattr(player, name) + 1)
        return step(world, *entered)

    return step_otherwise


@given(
    st.sampled_from(quiet_ticks()),
    st.sampled_from([*TRACED, "health", "score", "armour", "damage_taken", "medals", "streak"]),
)
def test_a_changed_rule_is_named_with_the_first_tick_it_shows_in(tick: int, name: str) -> None:
    journal = read_journal(bytes(PLAYED.journal))
    divergence = Replay(journal, ARENA, step=changed_rules(tick, name)).verify()
    assert divergence is not None
    checkpoint = -(-tick // CHECKPOINT_EVERY) * CHECKPOINT_EVERY
    last = tick if name in TRACED else min(checkpoint, journal.last_tick)
    assert tick <= divergence.tick <= last
    if divergence.tick in PLAYED.checkpoints:
        assert f"].{name} is " in divergence.what or name in TRACED


def lied(dice: Random, record: Any) -> Any:
    """A forged record, mostly of the same kind."""
    fields = mutated(dice, record[1:]) if isinstance(record, list) else None
    return [record[0], *fields] if isinstance(fields, list) and record else fields


def mutated(dice: Random, value: Any) -> Any:
    """A copy with one value changed somewhere, more often in larger parts."""
    if isinstance(value, list) and value and dice.random() < 0.97:
        weights = [1 + len(one) if isinstance(one, list | bytes) else 1 for one in value]
        [place] = dice.choices(range(len(value)), weights)
        return [mutated(dice, one) if i == place else one for i, one in enumerate(value)]
    if isinstance(value, bytes) and len(value) >= 4 and dice.random() < 0.95:
        at = dice.randrange(len(value) // 4) * 4
        return value[:at] + number(dice, 32).to_bytes(4, "little", signed=True) + value[at + 4 :]
    if type(value) is int and dice.random() < 0.9:
        return number(dice, 64)
    return dice.choice([0, -1, "", "x", b"", b"\0" * 12, [], [[]], None, True, 1.5, {"a": 1}])


def number(dice: Random, bits: int) -> int:
    """A small number, or one at a limit."""
    edge = 1 << dice.randrange(bits - 1)
    return dice.choice([dice.randint(-3, 130), edge, edge - 1, -edge, dice.randrange(edge)])


@pytest.mark.parametrize("examples", [150, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_forged_journal_ends_in_a_sentence_and_in_nothing_else(examples: int) -> None:
    header, *values = values_of(PLAYED.journal, PLAYED.ends)
    fight = next(i for i, one in enumerate(values) if one[0] == CHECKPOINT and one[1] == 32)
    values = [header, *values[fight:]]

    @settings(max_examples=examples)
    @given(st.integers(0, 1 << 64), st.integers(1, 3))
    def check(seed: int, count: int) -> None:
        dice = Random(seed)
        lies = list(values)
        for _ in range(count):
            place = dice.choice([0, 1, 1, 1, dice.randrange(len(lies))])
            lies[place] = lied(dice, lies[place])
        refusal = "nothing was refused"
        try:
            journal = read_journal(forged(lies))
            replay = Replay(journal, ARENA)
            replay.verify()
            for ticked in replay.run():
                game.dump(ticked.world)
            replay.world_at(journal.last_tick)
        except JournalError as error:
            refusal = str(error)
        assert 10 < len(refusal) < 600

    check()
