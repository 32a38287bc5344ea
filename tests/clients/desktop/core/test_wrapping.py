"""Sentences of others fit, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from clients.desktop.core.wrapping import in_lines


@given(st.text(), st.integers(1, 80), st.integers(1, 5))
def test_no_line_is_too_long_and_there_are_never_too_many(
    words: str, width: int, count: int
) -> None:
    lines = in_lines(words, width, count)
    assert 1 <= len(lines) <= count
    assert all(len(line) <= width for line in lines)


@given(st.lists(st.text("abc", min_size=1, max_size=8)), st.integers(8, 40))
def test_with_enough_room_every_word_is_there_in_order(words: list[str], width: int) -> None:
    assert " ".join(in_lines(" ".join(words), width, 1_000)).split() == words
