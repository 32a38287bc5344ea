"""Names: whatever is typed, a screen can show it in one line."""

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.lobby import names


@given(st.text(max_size=200))
@example("e\u0301" * 40)
@example("\u202eevil\u202c")
def test_a_cleaned_name_is_short_printable_and_has_no_double_spaces(text: str):
    name = names.clean(text)
    assert len(name) <= names.NAME_MAX
    assert name.isprintable()
    assert name == " ".join(name.split())


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str):
    assert names.clean(names.clean(text)) == names.clean(text)


@given(st.text(max_size=200))
def test_no_letter_carries_more_marks_than_one_line_holds(text: str):
    marks = 0
    for character in names.clean(text):
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        assert marks <= names.MARKS_MAX


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ａｎｎ", "Ann"),
        ("a\nb\tc\x00", "abc"),
        ("\u202eAnn", "Ann"),
        ("a" * 40, "a" * 16),
        ("\u200b\u200d", ""),
        ("Zoë", "Zoë"),
        ("李小龍", "李小龍"),
    ],
)
def test_examples(typed: str, kept: str):
    assert names.clean(typed) == kept


@pytest.mark.parametrize("name", ["Admin", "A D M I N", "server", "[System]", "S.k.i.r.m.i.s.h"])
def test_the_names_of_the_house_are_recognised_in_disguise(name: str):
    assert names.is_reserved(name)


def test_a_name_that_only_contains_one_is_free():
    assert not names.is_reserved("Botanist")


@given(st.lists(st.sampled_from(["Ann", "ann", "ANN", "A" * 16, "b"]), max_size=40))
def test_no_two_people_share_a_name(wanted: list[str]):
    taken: set[str] = set()
    for name in wanted:
        unique = names.make_unique(name, taken)
        assert len(unique) <= names.NAME_MAX
        assert names.key_of(unique) not in taken
        taken.add(names.key_of(unique))


def test_invented_names_are_names_already():
    for first in names.FIRST:
        for second in names.SECOND:
            invented = f"{first} {second}"
            assert names.clean(invented) == invented
    assert names.invent(random.Random(1)) == names.invent(random.Random(1))
