"""Every player gets a free name, as close as possible to the one typed, and is told of changes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.names.clean import CLUSTERS_MAX, NAME_MAX, clean
from server.names.lookalikes import keys_of
from server.names.naming import NOTE_MAX, fault_of, make_unique, settle
from server.names.reserved import BOT_NAMES


def rng() -> random.Random:
    return random.Random(1)


def called(typed: str, *borne: str) -> tuple[str, str]:
    """The name and the note for a player who types `typed` while `borne` are taken."""
    named = settle(typed, "Brisk Wren", {key for name in borne for key in keys_of(name)}, rng())
    return named.text, named.note


class CountedKeys(set):
    """Taken keys, and how often they were looked up."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


NAMES = st.sampled_from(
    ["Ann", "ann", "ANN", "Аnn", "A" * 16, "b", "👨‍👩‍👧‍👦" * 5, "क्षि" * 9, "Ada"]
)


@given(st.lists(NAMES | st.text(max_size=40), max_size=40))
def test_no_two_people_have_names_that_look_alike(wanted: list[str]):
    taken: set[str] = set()
    for typed in wanted:
        name = settle(typed, "Brisk Wren", taken, rng()).text
        assert clean(name).text == name
        assert len(name) <= NAME_MAX
        assert taken.isdisjoint(keys_of(name))
        taken.update(keys_of(name))


@given(st.text(max_size=60))
def test_a_changed_name_comes_with_a_note(typed: str):
    name, note = called(typed, "Ann", "Bea")
    assert len(note) <= NOTE_MAX
    assert note or name == clean(typed).text or not typed.strip()


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ("Ann", "Ann", ""),
        ("  Ann\u200b ", "Ann", ""),
        ("Bea", "Bea 2", "a name like that is taken"),
        ("Вea", "Вea 2", "a name like that is taken"),
        ("Ada", "Ada 2", "a name like that is taken"),
        ("Ａｎｎ", "Ann", "plain letters"),
        ("W" * 20, "W" * 16, "too long"),
        ("Z\u0337\u0336oe", "Zoe", "some characters"),
    ],
)
def test_changes_of_a_name_are_explained(typed: str, name: str, words: str):
    told = called(typed, "Bea")
    assert told[0] == name
    assert words in told[1]
    assert bool(words) == bool(told[1])
    assert not words or name in told[1]


@pytest.mark.parametrize("typed", ["Admin", "\u3164", "...", "Bot 7"])
def test_an_impossible_name_gets_a_name_and_a_reason(typed: str):
    name, note = called(typed)
    assert note == f"You are {name} until you choose a name: {fault_of(typed)}"
    assert fault_of(name) == ""


def test_an_empty_name_gets_a_name_without_a_note():
    assert called("  ")[1] == ""


def test_people_bear_no_bots_names():
    for bot in BOT_NAMES:
        assert called(bot)[0] == f"{bot} 2"
        assert called(bot.upper())[0] == f"{bot.upper()} 2"


def test_numbers_leave_room_for_themselves():
    assert called("W" * 16, "W" * 16)[0] == "W" * 14 + " 2"
    family = "👨‍👩‍👧‍👦"
    name, _ = called(family * 5, family * 5)
    assert name == f"{family * 5} 2"[: len(name)] or name == f"{family * 4} 2"
    assert len(name) <= NAME_MAX


def test_a_name_that_many_want_is_found_in_a_few_tries():
    taken, dice = CountedKeys(), random.Random(2)
    for _ in range(3_000):
        taken.asked = 0
        name = make_unique("Ann", taken, dice)
        assert taken.asked <= 80
        taken.update(keys_of(name))
        assert len(name) <= CLUSTERS_MAX
